"""The assumptions that a reader may change: those that move the answers most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.sampling import quantiles_of
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

POSITIONS = 21
"""Places on a slider, from the 5% to the 95% point of a belief."""

CHANCE = 0.05
"""The chance that an input which does not matter is offered."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Assumption:
    """A belief or lever on a slider.

    `points` are the values that may be chosen, in rising order, `start` the place of the one
    nearest to the middle. A column, such as the staff of every agency, is changed as a whole: its
    points are probabilities, at which all its entries stand together, and `wholes` their sums as
    shares of the middle sum [1].
    """

    name: str
    unit: str
    points: tuple[float, ...]
    start: int
    wholes: tuple[float, ...] = ()


def held_at(book: ParameterBook, name: str, point: float, values: Values) -> float | Floats:
    """What stands for a belief that is held at a point of its slider."""
    parameter = book[name]
    if isinstance(parameter, Parameter):
        return point
    entries = quantiles_of(parameter, np.array([point]))
    return np.broadcast_to(entries, (values.draws or 1, entries.shape[1]))


def assumptions_that_matter(
    book: ParameterBook, values: Values, gains: Mapping[str, Floats], each: int, most: int
) -> list[Assumption]:
    """The beliefs that the gains follow most closely: for each gain the closest, then the next.

    `gains` are `(n_draws,)` in the draws of `values`; `each` is how many are taken for a gain, and
    `most` how many in all. Closeness is Spearman's rank correlation. What is no closer than the
    closest of as many unconnected inputs would be with a chance of 5% is left out.
    """
    wholes = {name: _whole(values[name]) for name in book if _is_belief(book, name)}
    ranks = {name: rankdata(whole) for name, whole in wholes.items() if np.ptp(whole) > 0}
    draws = values.draws or 1
    least = float(ndtri(1 - CHANCE / 2 / max(len(ranks), 1))) / np.sqrt(draws)
    closest = [_closest(ranks, gain, least)[:each] for gain in gains.values()]
    in_turn = [names[turn] for turn in range(each) for names in closest if turn < len(names)]
    return [_assumption(book, name) for name in list(dict.fromkeys(in_turn))[:most]]


def _closest(ranks: Mapping[str, Floats], gain: Floats, least: float) -> list[str]:
    """The inputs that a gain follows, the closest first."""
    if np.ptp(gain) == 0:
        return []
    followed = rankdata(gain)
    close = {name: abs(np.corrcoef(rank, followed)[0, 1]) for name, rank in ranks.items()}
    found = [name for name, share in close.items() if share > least]
    return sorted(found, key=lambda name: (-close[name], name))


def levers_of(book: ParameterBook, plans: Sequence[Plan]) -> list[Assumption]:
    """The levers that some plan sets, from 0 to 1; the start is as today."""
    used = {name for plan in plans for name in plan.levers}
    shares = np.linspace(0, 1, POSITIONS)
    return [
        Assumption(p.name, p.unit, _numbers(shares), _nearest(shares, p.value))
        for p in book.scalars
        if p.role == "lever" and p.name in used
    ]


def _is_belief(book: ParameterBook, name: str) -> bool:
    parameter = book[name]
    if isinstance(parameter, Parameter):
        return parameter.role == "belief" and parameter.distribution.kind != "fixed"
    return bool(parameter.entities)


def _whole(draws: Floats) -> Floats:
    return draws if draws.ndim == 1 else draws.sum(axis=-1)


def _assumption(book: ParameterBook, name: str) -> Assumption:
    parameter = book[name]
    if isinstance(parameter, Parameter):
        points = np.linspace(*parameter.interval, POSITIONS)
        start = _nearest(points, parameter.value)
        return Assumption(name, parameter.unit, _numbers(points), start)
    points = np.linspace(0.05, 0.95, POSITIONS)
    sums = quantiles_of(parameter, points).sum(axis=1)
    wholes = sums / parameter.values.sum()
    return Assumption(
        name, parameter.unit, _numbers(points), _nearest(points, 0.5), _numbers(wholes)
    )


def _nearest(points: Floats, value: float) -> int:
    return int(np.abs(points - value).argmin())


def _numbers(points: Floats) -> tuple[float, ...]:
    return tuple(float(round(point, 12)) for point in points)
