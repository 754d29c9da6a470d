"""What a report is made from: the result, the beliefs, the claims, and what the notebooks wrote."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from opdanalysis.experiment.claims import Limits, limits_of
from opdanalysis.experiment.result import Result
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.claim import Claim
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.sources import Source
from opdanalysis.text.words import Words

NOTICED = "noticed_share"
"""The parameter below which a change counts as hardly any."""


@dataclass(frozen=True, eq=False)
class Material:
    """All that a report says something about, in the words of one language.

    `main` is the plan that the study is about and `beside` the one held beside it. `scenario` is
    the name of the first scenario, in which every number stands, `day` that of the newest data.
    `files` holds what the notebooks wrote, by names such as figures/net_saving.png.
    """

    words: Words
    title: str
    scenario: str
    day: str
    result: Result
    main: Plan
    beside: Plan
    book: ParameterBook
    claims: Sequence[Claim]
    sources: Mapping[str, Source]
    files: Mapping[str, bytes]

    @property
    def city(self) -> str:
        """The name of the city."""
        return self.result.city.name_in(self.words.lang)

    @property
    def invented(self) -> bool:
        """Whether the city is invented."""
        return self.result.city.synthetic

    @property
    def plans(self) -> Sequence[Plan]:
        """Every plan but today."""
        return self.result.plans[1:]

    @property
    def judged(self) -> Sequence[Plan]:
        """The main plan, and the one beside it where that is another."""
        return [self.main, self.beside] if self.beside.id != self.main.id else [self.main]

    @cached_property
    def limits(self) -> Limits:
        """The probabilities from which an answer is yes, and up to which it is no."""
        return limits_of(self.book)

    @cached_property
    def noticed(self) -> float:
        """The change, as a share of today's, below which there is hardly any [1]."""
        return float(self.book.central()[NOTICED])

    def name(self, plan: Plan) -> str:
        """The name of a plan."""
        return self.words.of(plan.name, plan.id)

    def has_figure(self, name: str) -> bool:
        """Whether the notebooks drew a figure and kept the numbers behind it."""
        return f"figures/{name}.png" in self.files and f"figures/{name}.csv" in self.files

    def frame(self, name: str) -> pd.DataFrame | None:
        """The numbers behind a figure, by ids, or None where the notebooks did not draw it."""
        found = self.files.get(f"figures/{name}.csv")
        return None if found is None else pd.read_csv(io.BytesIO(found))

    def table(self, name: str) -> pd.DataFrame | None:
        """A table of the notebooks, in words; dates stay text. None where it was not written."""
        found = self.files.get(f"tables/{name}.csv")
        if found is None:
            return None
        dates = {self.words(f"table.{key}"): str for key in ("date", "checkable", "stated")}
        return pd.read_csv(io.BytesIO(found), dtype=dates)
