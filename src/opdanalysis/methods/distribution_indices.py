"""How much groups of inputs explain of a whole distribution, without its variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from opdanalysis.methods.sobol_indices import LEVEL

Floats = NDArray[np.float64]


def distribution_indices(
    one: Floats, other: Floats, swapped: Sequence[Floats], groups: Sequence[str]
) -> pd.DataFrame:
    """First-order and total indices of each group that need no moments [1], with half their 90%
    intervals.

    `one`, `other` and `swapped` are as for `sobol_indices`; columns: group, first, first_error,
    total, total_error. They come from the Cramer-von Mises indices: for every number t the outcome
    is at or below t or not; the variance share of that yes or no is averaged over all t (Gamboa,
    Klein and Lagnoux 2018, SIAM/ASA Journal on Uncertainty Quantification 6(2)). So the whole
    distribution counts, steps and far values are taken as they come, and no rising transformation
    of the outcome changes anything. Each is said as the variance share that would give the same
    index if outcomes were normal (`as_variance_share`), so that it can be read beside a Sobol
    index. Of an outcome that never varies, or of a group that changes nothing, all are 0.
    """
    by_chance, chance_moved = _kept(other, one)
    rows = []
    for own in swapped:
        if np.array_equal(own, one):
            rows.append((0.0, 0.0, 0.0, 0.0))
            continue
        shared, shared_moved = _kept(other, own)
        others, others_moved = _kept(one, own)
        # What the samples share by chance is taken off, as Saltelli's estimator does.
        first = as_variance_share(shared - by_chance, _half(shared_moved - chance_moved))
        rest, total_error = as_variance_share(others, _half(others_moved))
        rows.append((*first, 1 - rest, total_error))
    table = pd.DataFrame(rows, columns=["first", "first_error", "total", "total_error"])
    table.insert(0, "group", list(groups))
    return table


def as_variance_share(index: float, error: float) -> tuple[float, float]:
    """The variance share that two normal outcomes with this Cramer-von Mises index have in common.

    By the probability that both lie below a third one, the orthant probability of Sheppard (1899):
    index = 3 / pi * arcsin((1 + share) / 2) - 1 / 2. The error goes along by its slope.
    """
    angle = np.pi / 3 * (index + 0.5)
    return float(2 * np.sin(angle) - 1), float(2 * np.pi / 3 * np.cos(angle) * error)


def kept_share(one: Floats, other: Floats) -> tuple[float, float]:
    """Cramer-von Mises index of what two outcomes have in common [1], and half its 90% interval.

    1 where they are always equal, 0 where they are independent; `(n_draws,)` each. The interval
    comes from the influence of each draw (the delta method).
    """
    share, moved = _kept(one, other)
    return share, _half(moved)


def _half(moved: Floats) -> float:
    """Half an interval of a mean from what each draw moves it."""
    return float(-ndtri((1 - LEVEL) / 2) * moved.std(ddof=1) / np.sqrt(len(moved)))


def _kept(one: Floats, other: Floats) -> tuple[float, Floats]:
    """The index, and how far each draw moves it."""
    draws = len(one)
    both = np.concatenate([one, other])
    if np.ptp(both) == 0:
        return 0.0, np.zeros(draws)
    ordered = np.sort(both)
    larger = np.maximum(one, other)
    below = _at_or_below(ordered, both)
    above = _at_or_above(ordered, both)
    upper = _at_or_above(ordered, larger)
    shared, single, squared = upper.mean(), below.mean(), (below**2).mean()
    spread = single - squared
    share = (shared - squared) / spread
    # How much each draw moves the three means, for it moves outcomes and thresholds.
    as_threshold = _at_or_below(np.sort(larger), both)
    squares = np.append(np.cumsum(below[np.argsort(both, kind="stable")][::-1])[::-1], 0.0)
    beyond = squares[np.searchsorted(ordered, both)] / len(both)
    of_shared = upper + _by_draw(as_threshold, draws)
    of_single = _by_draw(below + above, draws)
    of_squared = _by_draw(below**2 + 2 * beyond, draws)
    moved = (of_shared - of_squared - share * (of_single - of_squared)) / spread
    return float(share), moved


def _at_or_below(ordered: Floats, at: Floats) -> Floats:
    found: Floats = np.searchsorted(ordered, at, side="right") / len(ordered)
    return found


def _at_or_above(ordered: Floats, at: Floats) -> Floats:
    found: Floats = 1 - np.searchsorted(ordered, at, side="left") / len(ordered)
    return found


def _by_draw(of_both: Floats, draws: int) -> Floats:
    """The mean over the two outcomes of each draw."""
    found: Floats = (of_both[:draws] + of_both[draws:]) / 2
    return found
