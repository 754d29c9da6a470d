"""Every plan in every scenario and every draw, all compared in the same draw."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.errors import UsageError
from opdanalysis.experiment.result import Result
from opdanalysis.outcomes import OUTCOMES, outcomes
from opdanalysis.parameters.book import SHARED_ERROR, ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan

BLOCK = 500
"""Draws that are computed at a time: it decides speed and memory, and no more than last bits."""


LARGE_ARRAY = 3_900_000
"""Numbers in an array just below 32 MiB."""


def run_experiment(
    city: City,
    plans: Sequence[Plan],
    book: ParameterBook,
    scenarios: Mapping[str, Mapping[str, Parameter]],
    draws: int,
    seed: int,
) -> Result:
    """Every outcome of every plan, scenario and draw.

    `scenarios` maps a scenario's id to the beliefs that it replaces. Today is always among the
    plans, for it is what the gains are measured against. A number of a plan does not depend on
    which other plans or scenarios take part (common random numbers, one stream per name).

    Raises UsageError when `draws` is below 1 or `seed` below 0, a plan is impossible, or a plan or
    scenario sets what it may not.
    """
    if draws < 1:
        raise UsageError(f"draws is {draws}; at least 1 is needed.")
    if seed < 0:
        raise UsageError(f"seed is {seed}; 0 or a larger whole number is needed.")
    everyone = [TODAY, *(plan for plan in plans if plan.id != TODAY.id)]
    check_plans(everyone, city, book)
    numbers = {id: np.empty((len(scenarios), len(everyone), draws)) for id in OUTCOMES}
    keep_memory()
    base = book.sample(draws, seed)
    for row, (scenario, beliefs) in enumerate(scenarios.items()):
        other = book.with_beliefs(beliefs, f"scenario '{scenario}'").sample(draws, seed)
        # A belief changes no other's draws, so only those that it replaces are drawn again.
        same = SHARED_ERROR not in beliefs
        values = base.with_numbers({name: other[name] for name in beliefs}) if same else other
        for id, found in every_draw(city, everyone, values).items():
            numbers[id][row] = found
    return Result(
        city=city,
        plans=tuple(everyone),
        scenarios=tuple(scenarios),
        draws=draws,
        seed=seed,
        numbers=numbers,
    )


def check_plans(plans: Sequence[Plan], city: City, book: ParameterBook) -> None:
    """Raise UsageError when a plan is impossible or sets what is no lever."""
    for plan in plans:
        plan.place(city)
        book.with_levers(plan.levers, plan.where)


def every_draw(
    city: City, plans: Sequence[Plan], values: Values, wanted: Collection[str] = tuple(OUTCOMES)
) -> dict[str, NDArray[np.float64]]:
    """The wanted outcomes of every plan in every draw of the values, `(n_plans, n_draws)` each."""
    situations = [plan.situation(city) for plan in plans]
    numbers = {id: np.empty((len(plans), values.draws or 1)) for id in wanted}
    for block, start in zip(values.blocks(BLOCK), itertools.count(0, BLOCK), strict=False):
        for row, found in enumerate(outcomes_in_block(city, plans, situations, block)):
            for id, kept in numbers.items():
                kept[row, start : start + BLOCK] = found[id]
    return numbers


def outcomes_in_block(
    city: City, plans: Sequence[Plan], situations: Sequence[Situation], block: Values
) -> Iterator[dict[str, NDArray[np.float64]]]:
    """Every outcome of one plan after the other, in draws that are computed together."""
    for plan, situation in zip(plans, situations, strict=True):
        chosen = block.with_numbers(plan.levers)
        yield outcomes(city, situation, chosen, block)
        if chosen is not block:
            chosen.forget()


def keep_memory() -> None:
    """Let the C library keep freed memory instead of asking the system for each array anew.

    On Linux the size from which it asks anew rises to that of the largest array that was freed, up
    to 32 MiB (mallopt(3), M_MMAP_THRESHOLD); elsewhere this does nothing. It saves about a third
    of the time and changes no number.
    """
    np.empty(LARGE_ARRAY)
