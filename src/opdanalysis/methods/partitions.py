"""Which nodes of a network belong together: the best grouping, its proof, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.modularity import modularity, modularity_matrix
from opdanalysis.methods.partition_bounds import compact_bound, triangle_bound
from opdanalysis.methods.partition_columns import BoundedGrouping, columns_bound
from opdanalysis.methods.partition_search import grouping_search

PROVED = 1e-7  # a bound this near to the value leaves no room for a better grouping [1]
TRIANGLE_ROWS = 12_000
STARTS = 300  # good groupings whose groups are the first columns
METHODS = ("columns", "compact")


@dataclass(frozen=True)
class Partition:
    """A grouping of nodes, its modularity [1], and what is known about better ones.

    Groups are numbered in the order of their first node. Without a proof the bound is infinite.
    """

    groups: np.ndarray  # (n,)
    value: float
    resolution: float
    bound: float = np.inf

    @property
    def gap(self) -> float:
        """How far a better grouping could lie above the value [1]."""
        return self.bound - self.value

    @property
    def proved(self) -> bool:
        """No grouping is better by more than 1e-7."""
        return self.gap <= PROVED

    @property
    def sizes(self) -> np.ndarray:
        """Nodes in each group, `(k,)`."""
        return np.bincount(self.groups)


@dataclass(frozen=True)
class GoodPartitions:
    """Different groupings that are nearly as good as the best one found, best first."""

    groups: np.ndarray  # (count, n)
    values: np.ndarray  # (count,)
    resolution: float

    @property
    def together(self) -> np.ndarray:
        """For each pair, the share [1] of these groupings that put it together, `(n, n)`."""
        return coassignment(self.groups)


def best_partition(
    weights: np.ndarray, resolution: float = 1.0, *, kicks: int = 60, seed: int = 0
) -> Partition:
    """The grouping of greatest modularity that 64 searches find, each kicked so many times."""
    good = good_partitions(weights, resolution, near=1.0, kicks=kicks, seed=seed)
    return _as_found(weights, good.groups[0], resolution)


def good_partitions(
    weights: np.ndarray,
    resolution: float = 1.0,
    *,
    near: float = 0.98,
    kicks: int = 60,
    seed: int = 0,
) -> GoodPartitions:
    """The different local optima that reach a share `near` of the best value found.

    The list is what the searches met, not all there are: more kicks find more.
    """
    gains, alone = pair_gains(weights, resolution)
    groups, values = grouping_search(gains, kicks, np.random.default_rng(seed), near, alone)
    return GoodPartitions(groups, values + alone, resolution)


def proved_partition(
    weights: np.ndarray,
    resolution: float = 1.0,
    *,
    kicks: int = 60,
    seed: int = 0,
    effort: int = 15_000_000,
    method: str = "columns",
    seconds: float = 60.0,
) -> Partition:
    """The best grouping with a bound that no grouping exceeds.

    `columns` tries the linear programme with triangle rows, then column generation, in which
    `effort` branches may be examined (a million takes three to seven seconds); it gives the same
    answer on a slower machine. `compact` hands the integer programme to the solver for `seconds`.
    """
    if method not in METHODS:
        raise UsageError(f"method is '{method}'; expected one of {', '.join(METHODS)}")
    gains, alone = pair_gains(weights, resolution)
    rng = np.random.default_rng(seed)
    good, values = grouping_search(gains, kicks, rng, 0.95, alone)
    value = float(values[0])
    bound = max(float(np.maximum(gains, 0).sum()) / 2, value)  # every pair that gains, together
    found = BoundedGrouping(good[0], value, bound)
    if bound - value > PROVED and method == "compact":
        found = compact_bound(gains, good[0], seconds)
    elif bound - value > PROVED:
        bound = max(triangle_bound(gains, value + PROVED / 10, TRIANGLE_ROWS), value)
        found = BoundedGrouping(good[0], value, bound)
        if bound - value > PROVED:
            found = columns_bound(gains, good[:STARTS], bound, effort, rng)
    best = _as_found(weights, found.groups, resolution)
    return Partition(best.groups, best.value, resolution, max(found.bound + alone, best.value))


def resolution_sweep(
    weights: np.ndarray, resolutions: Sequence[float], *, kicks: int = 60, seed: int = 0
) -> tuple[Partition, ...]:
    """The best grouping found at each resolution; a higher one gives smaller groups.

    Values of different resolutions cannot be compared; group counts and members can.
    """
    return tuple(best_partition(weights, r, kicks=kicks, seed=seed) for r in resolutions)


def coassignment(groupings: np.ndarray) -> np.ndarray:
    """For each pair, the share [1] of the groupings `(count, n)` that put it together, `(n, n)`."""
    groupings = np.atleast_2d(groupings)
    return np.mean(groupings[:, :, None] == groupings[:, None, :], axis=0)


def pair_gains(weights: np.ndarray, resolution: float = 1.0) -> tuple[np.ndarray, float]:
    """What each pair adds when it shares a group, `(n, n)`, and the modularity of single nodes."""
    each_way = modularity_matrix(weights, resolution)
    gains = each_way + each_way.T
    np.fill_diagonal(gains, 0.0)
    return gains, float(np.trace(each_way))


def _as_found(weights, groups, resolution):
    return Partition(groups, modularity(weights, groups, resolution), resolution)
