"""Which groups of inputs make a gain uncertain: shares of its variance and of its distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.experiment.cash_flow import plan_money
from opdanalysis.experiment.run import BLOCK, keep_memory, outcomes_in_block
from opdanalysis.methods.distribution_indices import distribution_indices
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

NET_COST = "net_cost"
"""The outcome that can be had without computing the others."""


def group_indices(
    city: City,
    plans: Sequence[Plan],
    book: ParameterBook,
    groups: Groups,
    outcomes: Sequence[str],
    base: int,
    seed: int,
) -> pd.DataFrame:
    """Indices of the gains of plans, by group of inputs: a row per plan, outcome and group.

    Columns: plan, outcome, those of `sobol_indices`, and those of `distribution_indices` with
    `free_` before them, for they are free of moments. Two independent samples of `base` draws are
    taken from the book and each group is swapped between them as a whole, so that a vector of a
    thousand entries counts as one input.
    """
    gains = gains_in_worlds(city, plans, book, groups, outcomes, base, seed)
    return indices_of_worlds(gains, plans, groups, outcomes, seed)


def indices_of_worlds(
    gains: Floats, plans: Sequence[Plan], groups: Groups, outcomes: Sequence[str], seed: int
) -> pd.DataFrame:
    """The indices of `group_indices` from the gains of `gains_in_worlds`."""
    found = []
    for row, plan in enumerate(plans):
        for column, outcome in enumerate(outcomes):
            of_one, of_other, *swapped = gains[:, column, row]
            table = sobol_indices(of_one, of_other, swapped, list(groups), seed)
            free = distribution_indices(of_one, of_other, swapped, list(groups))
            table = table.join(free.drop(columns="group").add_prefix("free_"))
            found.append(table.assign(plan=plan.id, outcome=outcome))
    joined = pd.concat(found, ignore_index=True)
    return joined[["plan", "outcome", *joined.columns.drop(["plan", "outcome"])]]


def gains_in_worlds(
    city: City,
    plans: Sequence[Plan],
    book: ParameterBook,
    groups: Groups,
    outcomes: Sequence[str],
    base: int,
    seed: int,
    part: slice = slice(None),
) -> Floats:
    """Gains of plans in two samples and their swaps, `(2 + groups, outcomes, plans, draws)`.

    `part` chooses some of the blocks of draws, so that they can be shared among processes: put
    together again in order, the parts are the same numbers, to the bit.
    """
    keep_memory()
    everyone = [TODAY, *plans]
    situations = [plan.situation(city) for plan in everyone]
    one, other = book.sample(base, seed), book.sample(base, seed + SECOND_SAMPLE)
    asked: set[str] = set()
    noted = one.noting(asked)
    starts = range(0, base, BLOCK)[part]
    found = np.empty((2 + len(groups), len(outcomes), len(plans), base))
    for start in starts:
        window = slice(start, start + BLOCK)
        block, beside = noted.block(window), other.block(window)
        asked.clear()
        found[0, ..., window] = _gains(city, everyone, situations, block, outcomes)
        found[1, ..., window] = _gains(city, everyone, situations, beside, outcomes)
        for place, own in enumerate(groups.values(), start=2):
            # What was never asked for cannot matter: the swapped world is the first one again.
            if asked.isdisjoint(own):
                found[place, ..., window] = found[0, ..., window]
                continue
            swapped = block.with_numbers({name: other[name] for name in own})
            found[place, ..., window] = _gains(city, everyone, situations, swapped, outcomes)
            swapped.forget()
        block.forget()
    kept = [np.arange(start, min(start + BLOCK, base)) for start in starts]
    return found[..., np.concatenate(kept)] if kept else found[..., :0]


def _gains(
    city: City,
    everyone: Sequence[Plan],
    situations: Sequence[Situation],
    block: Values,
    outcomes: Sequence[str],
) -> Floats:
    """The gains of the plans after today in one block, `(n_outcomes, n_plans, n_draws)`."""
    if set(outcomes) == {NET_COST}:
        return np.stack([plan_money(city, plan, block).net_saving for plan in everyone[1:]])[None]
    today, *others = outcomes_in_block(city, everyone, situations, block, outcomes)
    gains: Floats = np.stack(
        [[OUTCOMES[id].sign * (found[id] - today[id]) for found in others] for id in outcomes]
    )
    return gains
