"""How much of an outcome's uncertainty rests on judgement alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.claims import measured
from opdanalysis.experiment.run import every_draw
from opdanalysis.methods.sobol_indices import sobol_indices
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.claim import ClaimTest
from opdanalysis.plans.plan import TODAY, Plan

Floats = NDArray[np.float64]

SECOND_SAMPLE = 2**31
"""What is added to the seed for the second sample: far from any seed that people choose."""

JUDGEMENT = "judgement"


def judged_entries(book: ParameterBook) -> dict[str, NDArray[np.bool_]]:
    """Which numbers of the book are judged, by name, `()` or of a column `(n_entities,)`.

    Derived entries of a column go with its judged ones, for they share a part of their error.
    """
    judged = {p.name: np.array(p.evidence == JUDGEMENT) for p in book.scalars}
    for column in book.vectors:
        own = np.array([word == JUDGEMENT for word in column.evidence], dtype=bool)
        judged[column.name] = own | column.shares_its_error if own.any() else own
    return judged


@dataclass(frozen=True)
class _Mixed(Mapping[str, Floats]):
    """Draws of one sample, with the judged entries, or all others, from another."""

    one: Values
    other: Values
    taken: Mapping[str, NDArray[np.bool_]]

    def __getitem__(self, name: str) -> Floats:
        return np.where(self.taken[name], self.other[name], self.one[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.one)

    def __len__(self) -> int:
        return len(self.one)


def evidence_shares(
    city: City,
    plans: Mapping[str, Plan],
    book: ParameterBook,
    tests: Mapping[str, ClaimTest],
    base: int,
    seed: int,
) -> pd.DataFrame:
    """The share of the variance of what each test measures that rests on judgement.

    One row per test: `finding`, `judged`, the total Sobol index of all judged numbers together [1]
    (what would be left of the variance on average if all others were known), its half 90% interval
    `error`, and `others`, the total index of all other numbers. The two add up to more than one
    where they act together; each is kept between 0 and 1, where its true value lies. Two samples of
    `base` draws and their two mixtures are computed for each plan.
    """
    one, other = book.sample(base, seed), book.sample(base, seed + SECOND_SAMPLE)
    judged = judged_entries(book)
    rest = {name: ~taken for name, taken in judged.items()}
    worlds = [one, other, *(Values(_Mixed(one, other, taken), base) for taken in (judged, rest))]
    chosen = list(dict.fromkeys(test.plan for test in tests.values()))
    wanted = sorted({outcome for test in tests.values() for outcome in test.outcomes})
    everyone = [TODAY, *(plans[id] for id in chosen)]
    levels = [every_draw(city, everyone, world, wanted) for world in worlds]
    rows = []
    for id, test in tests.items():
        own = 1 + chosen.index(test.plan)
        numbers = [
            measured(test, *({o: found[o][row] for o in wanted} for row in (0, own)))
            for found in levels
        ]
        table = sobol_indices(numbers[0], numbers[1], numbers[2:], ["judged", "others"], seed)
        total, error = table["total"].clip(0, 1), table["total_error"]
        rows.append((id, total[0], error[0], total[1]))
    return pd.DataFrame(rows, columns=["finding", "judged", "error", "others"])
