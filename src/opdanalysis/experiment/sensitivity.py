"""Which groups of inputs make a gain uncertain: variance shares with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.run import every_draw
from opdanalysis.methods.sobol_indices import sobol_indices
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan

Floats = NDArray[np.float64]
Groups = Mapping[str, Sequence[str]]
"""Names of parameters by the group in which they are varied together."""

SECOND_SAMPLE = 2**31
"""What is added to the seed for the second sample: far from any seed that people choose."""


def group_indices(
    city: City,
    plans: Sequence[Plan],
    book: ParameterBook,
    groups: Groups,
    outcomes: Sequence[str],
    base: int,
    seed: int,
) -> pd.DataFrame:
    """Sobol indices of the gains of plans, by group of inputs: a row per plan, outcome and group.

    Columns: plan, outcome, then those of `sobol_indices`. Two independent samples of `base` draws
    are taken from the book and each group is swapped between them as a whole, so that a vector of
    a thousand entries counts as one input.
    """
    everyone = [TODAY, *plans]
    one, other = book.sample(base, seed), book.sample(base, seed + SECOND_SAMPLE)
    worlds = [
        one,
        other,
        *(one.with_numbers({name: other[name] for name in own}) for own in groups.values()),
    ]
    gains = [_gains(city, everyone, world, outcomes) for world in worlds]
    found = []
    for place, plan in enumerate(plans):
        for outcome in outcomes:
            of_one, of_other, *swapped = (gain[outcome][place] for gain in gains)
            table = sobol_indices(of_one, of_other, swapped, list(groups), seed)
            found.append(table.assign(plan=plan.id, outcome=outcome))
    table = pd.concat(found, ignore_index=True)
    return table[["plan", "outcome", *table.columns.drop(["plan", "outcome"])]]


def _gains(
    city: City, everyone: Sequence[Plan], world: Values, outcomes: Sequence[str]
) -> dict[str, Floats]:
    """The gains of the plans after today, `(n_plans, n_draws)`, by outcome."""
    levels = every_draw(city, everyone, world, outcomes)
    return {id: OUTCOMES[id].sign * (level[1:] - level[0]) for id, level in levels.items()}
