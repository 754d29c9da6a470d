"""Every plan in every scenario and every draw, all compared in the same draw."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.experiment.result import Result
from opdanalysis.outcomes import OUTCOMES, PARTS, outcomes
from opdanalysis.parameters.book import SHARED_ERROR, ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan

BLOCK = 500
"""Draws that are computed at a time: it decides speed and memory, and no more than last bits."""

FEW = 8
"""Draws in which is noted what an outcome asks for."""

LARGE_ARRAY = 3_900_000
"""Numbers in an array just below 32 MiB."""


def run_experiment(
    city: City,
    plans: Sequence[Plan],
    book: ParameterBook,
    scenarios: Mapping[str, Mapping[str, Parameter]],
    draws: int,
    seed: int,
    wanted: Collection[str] = tuple(OUTCOMES),
) -> Result:
    """The wanted outcomes of every plan, scenario and draw.

    `scenarios` maps a scenario's id to the beliefs that it replaces. Today is always among the
    plans, for it is what the gains are measured against. A number of a plan does not depend on
    which other plans, scenarios or outcomes take part (common random numbers, one stream per
    name). What a scenario cannot change is taken from the first one.

    Raises UsageError when `draws` is below 1 or `seed` below 0, a plan is impossible, a plan or
    scenario sets what it may not, or an outcome is not known.
    """
    if draws < 1:
        raise UsageError(f"draws is {draws}; at least 1 is needed.")
    if seed < 0:
        raise UsageError(f"seed is {seed}; 0 or a larger whole number is needed.")
    check_outcomes(wanted)
    everyone = [TODAY, *(plan for plan in plans if plan.id != TODAY.id)]
    check_plans(everyone, city, book)
    numbers = {
        id: np.empty((len(scenarios), len(everyone), draws)) for id in OUTCOMES if id in wanted
    }
    keep_memory()
    base = book.sample(draws, seed)
    asked = numbers_asked(city, everyone, book, numbers) if len(scenarios) > 1 else {}
    first = next(iter(scenarios.values()), {})
    for row, (scenario, beliefs) in enumerate(scenarios.items()):
        same = {id for id in asked if row and asked[id].isdisjoint({*first, *beliefs})}
        other = book.with_beliefs(beliefs, f"scenario '{scenario}'").sample(draws, seed)
        # A belief changes no other's draws, so only those that it replaces are drawn again.
        alike = SHARED_ERROR not in beliefs
        values = base.with_numbers({name: other[name] for name in beliefs}) if alike else other
        found = every_draw(city, everyone, values, [id for id in numbers if id not in same])
        for id, kept in numbers.items():
            kept[row] = kept[0] if id in same else found[id]
    return Result(
        city=city,
        plans=tuple(everyone),
        scenarios=tuple(scenarios),
        draws=draws,
        seed=seed,
        numbers=numbers,
    )


def check_outcomes(wanted: Collection[str]) -> None:
    """Raise UsageError when an outcome is not known, or none is wanted."""
    for id in wanted:
        if id not in OUTCOMES:
            raise UsageError(f"outcome '{id}' is not known. {did_you_mean(id, OUTCOMES)}")
    if not wanted:
        raise UsageError("no outcome is wanted. Name at least one.")


def numbers_asked(
    city: City, plans: Sequence[Plan], book: ParameterBook, wanted: Collection[str]
) -> dict[str, frozenset[str]]:
    """The names of the numbers from which each wanted outcome is made, whichever the plan.

    Each part of the outcomes is computed by itself in a few draws, and what it asks for is noted.
    The size of a judged error that a column shares counts as asked for, as it is in every column.
    """
    few = book.sample(FEW, 0)
    found: dict[str, frozenset[str]] = {}
    for ids, _ in PARTS.values():
        if needed := [id for id in ids if id in wanted]:
            names = {SHARED_ERROR}
            for plan in plans:
                noted = few.noting(names)
                levers = noted.with_numbers(plan.levers)
                outcomes(city, plan.situation(city), levers, noted, needed)
            found |= dict.fromkeys(needed, frozenset(names))
    return found


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
        for row, found in enumerate(outcomes_in_block(city, plans, situations, block, wanted)):
            for id, kept in numbers.items():
                kept[row, start : start + BLOCK] = found[id]
    return numbers


def outcomes_in_block(
    city: City,
    plans: Sequence[Plan],
    situations: Sequence[Situation],
    block: Values,
    wanted: Collection[str],
) -> Iterator[dict[str, NDArray[np.float64]]]:
    """The wanted outcomes of one plan after the other, in draws that are computed together."""
    for plan, situation in zip(plans, situations, strict=True):
        chosen = block.with_numbers(plan.levers)
        yield outcomes(city, situation, chosen, block, wanted)
        if chosen is not block:
            chosen.forget()


def keep_memory() -> None:
    """Let the C library keep freed memory instead of asking the system for each array anew.

    On Linux the size from which it asks anew rises to that of the largest array that was freed, up
    to 32 MiB (mallopt(3), M_MMAP_THRESHOLD); elsewhere this does nothing. It saves about a third
    of the time and changes no number.
    """
    np.empty(LARGE_ARRAY)
