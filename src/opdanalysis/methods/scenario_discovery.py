"""Under which conditions does something happen? A box of inputs that holds most of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """A limit of one input: it stays at or above `low` and at or below `high`.

    `chance` is the probability of so many cases inside by chance if this limit were left out.
    """

    name: str
    low: float
    high: float
    chance: float


@dataclass(frozen=True)
class Box:
    """The limits that hold together, and how well they tell the cases from the others.

    coverage
        Share of all cases that lie inside [1].
    density
        Share of the draws inside that are cases [1].
    mass
        Share of all draws that lie inside [1].
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class PeelingRules:
    """How a box is peeled: the share cut off in a step, the least mass, the chance allowed."""

    share: float
    least_mass: float
    chance: float


def discover_box(
    inputs: Floats, names: Sequence[str], cases: Flags, rules: PeelingRules
) -> Box | None:
    """The box of inputs in which the cases gather, or None when there is none.

    `inputs` is `(n_draws, n_inputs)`, `cases` `(n_draws,)`. The patient rule induction method
    (Friedman and Fisher 1999, Statistics and Computing 9): from the whole space, a small share of
    the draws is cut off again and again where that raises the density most; then the sides are
    moved out again while the density rises. Of all boxes on the way the one with the largest
    harmonic mean of coverage and density is kept, and limits that chance explains are dropped
    (Bryant and Lempert 2010, Technological Forecasting and Social Change 77(1)).

    Raises ValueError when the shapes do not agree.
    """
    if inputs.shape != (len(cases), len(names)):
        raise ValueError(
            f"inputs are {inputs.shape}, expected ({len(cases)}, {len(names)}): draws by names"
        )
    if not cases.any() or cases.all():
        return None
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    best = max(_peeled(inputs, cases, low, high, rules), key=lambda ends: _fit(inputs, cases, ends))
    ends = _pasted(inputs, cases, best, rules)
    limits = _limits(inputs, names, cases, ends, (low, high), rules.chance)
    if not limits:
        return None
    inside = _inside(inputs, *_only(ends, (low, high), limits, names))
    return Box(
        limits,
        coverage=float(cases[inside].sum() / cases.sum()),
        density=float(cases[inside].mean()),
        mass=float(inside.mean()),
    )


Ends = tuple[Floats, Floats]
"""The low and the high end of every input, `(n_inputs,)` each."""


def _peeled(
    inputs: Floats, cases: Flags, low: Floats, high: Floats, rules: PeelingRules
) -> list[Ends]:
    """The boxes on the way from the whole space to the smallest."""
    way = [(low.copy(), high.copy())]
    while True:
        low, high = way[-1]
        inside = _inside(inputs, low, high)
        rows, hits = inputs[inside], cases[inside]
        smaller, kept = [], []
        for column, values in enumerate(rows.T):
            for ends in _cuts(values, column, low, high, rules.share):
                # The rows lie in the box, so only the column that is cut tells which are left.
                left = (values >= ends[0][column]) & (values <= ends[1][column])
                if left.sum() >= rules.least_mass * len(inputs):
                    kept.append((hits[left].mean(), len(smaller)))
                smaller.append(ends)
        if not kept or hits.all():
            return way
        way.append(smaller[max(kept, key=lambda found: (found[0], -found[1]))[1]])


def _cuts(values: Floats, column: int, low: Floats, high: Floats, share: float) -> list[Ends]:
    """The two boxes that lose the lowest or the highest share of the draws in one input."""
    found = []
    above = values[values > np.quantile(values, share, method="lower")]
    below = values[values < np.quantile(values, 1 - share, method="higher")]
    if above.size:
        raised = low.copy()
        raised[column] = above.min()
        found.append((raised, high))
    if below.size:
        lowered = high.copy()
        lowered[column] = below.max()
        found.append((low, lowered))
    return found


def _pasted(inputs: Floats, cases: Flags, ends: Ends, rules: PeelingRules) -> Ends:
    """The box with its sides moved out again where that raises the fit."""
    best, fit = ends, _fit(inputs, cases, ends)
    while True:
        wider = [
            found
            for column in range(inputs.shape[1])
            for found in _wider(inputs, column, best, rules.share)
        ]
        fits = [_fit(inputs, cases, found) for found in wider]
        if not fits or max(fits) <= fit:
            return best
        fit, best = max(fits), wider[int(np.argmax(fits))]


def _wider(inputs: Floats, column: int, ends: Ends, share: float) -> list[Ends]:
    """The boxes that gain a small share of draws below or above in one input."""
    low, high = ends
    free_low, free_high = low.copy(), high.copy()
    free_low[column], free_high[column] = -np.inf, np.inf
    step = max(1, round(share * _inside(inputs, low, high).sum()))
    values = np.sort(inputs[_inside(inputs, free_low, free_high), column])
    found = []
    under, over = values[values < low[column]], values[values > high[column]]
    if under.size:
        lowered = low.copy()
        lowered[column] = under[max(0, len(under) - step)]
        found.append((lowered, high))
    if over.size:
        raised = high.copy()
        raised[column] = over[min(len(over), step) - 1]
        found.append((low, raised))
    return found


def _inside(inputs: Floats, low: Floats, high: Floats) -> Flags:
    inside: Flags = ((inputs >= low) & (inputs <= high)).all(axis=1)
    return inside


def _fit(inputs: Floats, cases: Flags, ends: Ends) -> float:
    """Harmonic mean of coverage and density [1]."""
    inside = _inside(inputs, *ends)
    return float(2 * cases[inside].sum() / (cases.sum() + inside.sum()))


def _limits(
    inputs: Floats, names: Sequence[str], cases: Flags, ends: Ends, whole: Ends, chance: float
) -> tuple[Limit, ...]:
    """The limits that chance does not explain, the surest first; the least sure go one by one."""
    used = [
        column
        for column in range(len(names))
        if ends[0][column] > whole[0][column] or ends[1][column] < whole[1][column]
    ]
    while used:
        chances = {column: _chance(inputs, cases, ends, whole, used, column) for column in used}
        worst = max(used, key=lambda column: chances[column])
        if chances[worst] <= chance:
            order = sorted(used, key=lambda column: (chances[column], column))
            return tuple(
                Limit(names[c], float(ends[0][c]), float(ends[1][c]), chances[c]) for c in order
            )
        used.remove(worst)
    return ()


def _chance(
    inputs: Floats, cases: Flags, ends: Ends, whole: Ends, used: Sequence[int], column: int
) -> float:
    """Probability of as many cases as in the box, at the density without the limit of `column`."""
    full = _inside(inputs, *_restricted(ends, whole, used))
    without = _inside(inputs, *_restricted(ends, whole, [c for c in used if c != column]))
    return float(binom.sf(cases[full].sum() - 1, full.sum(), cases[without].mean()))


def _restricted(ends: Ends, whole: Ends, used: Sequence[int]) -> Ends:
    low, high = whole[0].copy(), whole[1].copy()
    columns = list(used)
    low[columns], high[columns] = ends[0][columns], ends[1][columns]
    return low, high


def _only(ends: Ends, whole: Ends, limits: Sequence[Limit], names: Sequence[str]) -> Ends:
    return _restricted(ends, whole, [list(names).index(limit.name) for limit in limits])
