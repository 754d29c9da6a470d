"""How much of a lead time depends on where agencies sit, and which mechanism a gain comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, combinations, product
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.methods.lead_time import (
    MOMENTS,
    Calculus,
    Sources,
    calculus_on,
    elapsed,
    lead_time,
)
from opdanalysis.methods.lead_time_grid import Grid
from opdanalysis.methods.lead_time_laws import NOTHING, Law
from opdanalysis.methods.lead_time_mechanisms import MECHANISMS, POSSIBLE, SURE, Mechanisms
from opdanalysis.methods.lead_time_moments import Number
from opdanalysis.methods.lead_time_process import Process

Nearness = Mapping[tuple[str, str], str]
"""The tier of each pair of agencies."""


@dataclass(frozen=True)
class LocationShare:
    """The part of a mean lead time that moving offices could end at most [1].

    sure
        Dispatch and transport, which surely depend on where agencies sit.
    possible
        Clarification, rework and meetings as well.
    """

    sure: Number
    possible: Number


def location_share(
    process: Process, mechanisms: Mechanisms, grid: Grid | None = None
) -> LocationShare:
    """The part of the mean lead time that would be gone if these mechanisms took no time [1].

    By moments, so that draws can be had; on a grid where one is given.
    """
    calculus = _calculus(grid)
    now = _mean(process, mechanisms, MECHANISMS, calculus)
    stay = [name for name in MECHANISMS if name not in SURE]
    stay_surely = [name for name in stay if name not in POSSIBLE]
    return LocationShare(
        sure=1 - _mean(process, mechanisms, stay, calculus) / now,
        possible=1 - _mean(process, mechanisms, stay_surely, calculus) / now,
    )


def gain_by_mechanism(
    process: Process, before: Mechanisms, after: Mechanisms, grid: Grid | None = None
) -> dict[str, Number]:
    """What each mechanism shortens the mean lead time by, from one state to another [hour].

    Positive is shorter. Gains interact, so each is the average over all orders in which the
    mechanisms could change (Shapley 1953); together they make the whole change.
    """
    calculus = _calculus(grid)

    def worth(changed: Iterable[str]) -> Number:
        sources = {name: after if name in changed else before for name in MECHANISMS}
        return -elapsed(process, sources, calculus).mean

    changed = [
        name
        for name in MECHANISMS
        if not _same(_numbers(process, before, name), _numbers(process, after, name))
    ]
    return dict.fromkeys(MECHANISMS, 0.0) | shapley(changed, worth)


def mean_by_mechanism(
    process: Process, mechanisms: Mechanisms, grid: Grid | None = None
) -> dict[str, Number]:
    """The mean lead time split over its mechanisms [hour], each averaged over all orders.

    Rework has the time of the passes that it causes, less what the other mechanisms have in them.
    """
    calculus = _calculus(grid)
    present = [
        name
        for name in MECHANISMS
        if any(number is not NOTHING for number in _numbers(process, mechanisms, name))
    ]

    def worth(on: Iterable[str]) -> Number:
        return _mean(process, mechanisms, on, calculus)

    return dict.fromkeys(MECHANISMS, 0.0) | shapley(present, worth)


def four_corners(
    process: Process,
    paper: Mechanisms,
    electronic: Mechanisms,
    apart: Nearness,
    together: Nearness,
    standard_days: float,
    grid: Grid | None = None,
) -> pd.DataFrame:
    """The lead time with offices apart or together, and letters on paper or electronic.

    One row each, in working days: `mean_days`, `p50_days`, `p90_days`, the share of cases
    `within_standard` [1], and the location shares `sure_share` and `possible_share` [1].
    """
    grid = Grid() if grid is None else grid
    rows = []
    for (letters, state), (offices, nearness) in product(
        [("paper", paper), ("electronic", electronic)], [("apart", apart), ("together", together)]
    ):
        mechanisms = replace(state, nearness=nearness)
        time, day = lead_time(process, mechanisms, grid), mechanisms.day_hours
        share = location_share(process, mechanisms, grid)
        rows.append(
            {
                "letters": letters,
                "offices": offices,
                "mean_days": time.mean / day,
                "p50_days": time.quantile(0.5) / day,
                "p90_days": time.quantile(0.9) / day,
                "within_standard": time.share_within(standard_days * day),
                "sure_share": share.sure,
                "possible_share": share.possible,
            }
        )
    return pd.DataFrame(rows)


def shapley(players: Sequence[str], worth: Callable[[frozenset[str]], Number]) -> dict[str, Number]:
    """What each player adds to the worth of all, averaged over the orders of joining.

    Every one of the 2^n groups is asked once.
    """
    groups = chain.from_iterable(combinations(players, size) for size in range(len(players) + 1))
    known = {frozenset(group): worth(frozenset(group)) for group in groups}
    n = len(players)
    return {
        player: sum(
            (known[group | {player}] - value) / (n * comb(n - 1, len(group)))
            for group, value in known.items()
            if player not in group
        )
        for player in players
    }


def _calculus(grid: Grid | None) -> Calculus[Any]:
    return MOMENTS if grid is None else calculus_on(grid)


def _mean(
    process: Process, mechanisms: Mechanisms, on: Iterable[str], calculus: Calculus[Any]
) -> Number:
    """Mean lead time [hour] with these mechanisms; the others take no time."""
    sources: Sources = {name: mechanisms if name in on else None for name in MECHANISMS}
    return elapsed(process, sources, calculus).mean


def _numbers(process: Process, mechanisms: Mechanisms, name: str) -> list[Any]:
    """Every law and share that a mechanism brings into a process."""
    listed: Calculus[list[Any]] = Calculus(
        of_law=lambda law: [law],
        series=lambda parts: [number for part in parts for number in part],
        parallel=lambda parts: [number for part in parts for number in part],
        branch=lambda _, parts: [number for part in parts for number in part],
        rework=lambda _, again, share: [*again, share],
    )
    sources: Sources = {each: mechanisms if each == name else None for each in MECHANISMS}
    return elapsed(process, sources, listed)


def _same(one: Any, other: Any) -> bool:
    """Whether two lists, laws or numbers are the same in every draw."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Law) and isinstance(other, Law):
        return type(one) is type(other) and all(
            _same(getattr(one, name), getattr(other, name)) for name in _names(one)
        )
    return np.array_equal(one, other)


def _names(law: Any) -> list[str]:
    """The numbers that a law is made of."""
    return [each.name for each in fields(law)]
