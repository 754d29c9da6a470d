"""Proof that a grouping is the best, by set partitioning with column generation.

Every possible group is a column; a linear programme picks columns so that each node is covered
once. Its prices, one per node, bound the value of every grouping as soon as no group is worth more
than the prices of its members. Aloise et al. (2010) did this for modularity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from opdanalysis.methods.partition_search import canonical, grouping_value
from opdanalysis.methods.promising_sets import promising_sets

SCALE = 1e3  # gains are scaled so that the largest sum of all is about this, for the solver
SLACK = 1e-7  # a group that exceeds its prices by less is not looked for
MARKUPS = (1.0, 0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01)  # on the prices
KEPT_BACK = 0.3  # share of the effort for a weaker bound, should the proof not fit
DIRECTIONS = 8  # random directions whose optimal prices are averaged
MOST_COLUMNS = 100_000  # listed to close a gap that the linear programme leaves


@dataclass(frozen=True)
class BoundedGrouping:
    """A grouping, its value, and a value that no grouping exceeds."""

    groups: np.ndarray  # (n,)
    value: float
    bound: float


def columns_bound(
    pair_gains: np.ndarray,
    good: np.ndarray,
    bound: float,
    effort: int,
    rng: np.random.Generator,
) -> BoundedGrouping:
    """The best grouping and a bound on all groupings.

    Parameters
    ----------
    good
        Some groupings to start from, best first, `(count, n)`.
    bound
        A bound that is known already.
    effort
        Branches that the exact search for groups may examine in all.
    """
    n = len(pair_gains)
    scale = SCALE / max(float(np.maximum(pair_gains, 0).sum()), np.finfo(float).tiny)
    gains = pair_gains * scale
    best = good[0]
    value = float(grouping_value(gains, best))
    columns = Columns(gains)
    columns.add(np.eye(n, dtype=bool))
    for groups in good:
        columns.add(groups == np.arange(groups.max() + 1)[:, None])
    bound = bound * scale
    reserve = int(KEPT_BACK * effort)
    while True:
        prices = columns.prices(rng)
        if columns.add(_groups_above_price(gains, prices, rng)):
            continue
        outcome = promising_sets(-prices, gains, SLACK, effort - reserve, 5_000)
        effort -= outcome.examined
        if columns.add(outcome.members) and effort > reserve:
            continue
        break
    if outcome.complete and not len(outcome.members):
        bound = min(bound, float(prices.sum()) + n * SLACK)
        if bound - value > 2 * n * SLACK:
            best, bound = _closed_gap(gains, prices, bound, best, effort)
    else:
        bound = _bound_with_markup(gains, prices, bound, max(effort, 0))
    value = float(grouping_value(pair_gains, best))
    return BoundedGrouping(best, value, max(bound / scale, value))


class Columns:
    """The groups found so far, each with its value."""

    def __init__(self, gains: np.ndarray) -> None:
        self.gains = gains
        self.members = np.zeros((0, len(gains)), dtype=bool)
        self.values = np.zeros(0)
        self._known: set[bytes] = set()

    def add(self, members: np.ndarray) -> int:
        """Add the groups that are new; how many were."""
        new = []
        for group in members:
            key = np.packbits(group).tobytes()
            if key not in self._known:
                self._known.add(key)
                new.append(group)
        if new:
            rows = np.array(new)
            self.members = np.concatenate([self.members, rows])
            values = ((rows @ self.gains) * rows).sum(axis=1) / 2
            self.values = np.concatenate([self.values, values])
        return len(new)

    def prices(self, rng: np.random.Generator) -> np.ndarray:
        """A price per node such that no known group is worth more than its members cost.

        Of the cheapest price vectors there are many, and a corner of their set leaves many unknown
        groups above their price. The mean of several corners leaves few.
        """
        members = self.members.astype(float)
        n = len(self.gains)
        answer = linprog(-self.values, A_ub=members.T, b_ub=np.ones(n), method="highs-ds")
        corners = [-answer.ineqlin.marginals]
        rows = np.vstack([-members, np.ones(n)])
        limits = np.append(-self.values, corners[0].sum() + 1e-9)
        for _ in range(DIRECTIONS):
            other = linprog(rng.normal(size=n), A_ub=rows, b_ub=limits, method="highs")
            if other.status == 0:
                corners.append(other.x)
        return self._raised(np.mean(corners, axis=0))

    def _raised(self, prices: np.ndarray) -> np.ndarray:
        """The solver is exact to 1e-7 only; raise the prices until no known group exceeds them."""
        prices = np.maximum(prices, 0)
        excess = (self.values - self.members @ prices) / self.members.sum(axis=1)
        return prices + max(0.0, float(excess.max()))


def _groups_above_price(gains, prices, rng):
    """Groups worth more than their prices, from many quick climbs; none found proves nothing."""
    n = len(prices)
    climbs = max(256, 4 * n)
    row = np.arange(climbs)
    inside = rng.random((climbs, n)) < rng.uniform(0.02, 0.3, (climbs, 1))
    inside[row, row % n] = True
    adds = inside @ gains - prices
    active = row
    while active.size:
        change = np.where(inside[active], -adds[active], adds[active])
        node = change.argmax(axis=1)
        better = change[np.arange(len(active)), node] > 1e-9
        active, node = active[better], node[better]
        sign = np.where(inside[active, node], -1.0, 1.0)
        adds[active] += sign[:, None] * gains[node]
        inside[active, node] ^= True
    worth = ((inside @ gains) * inside).sum(axis=1) / 2 - inside @ prices
    return np.unique(inside[worth > SLACK], axis=0)


def _bound_with_markup(gains, prices, bound, effort):
    """A bound from prices raised by a share, the smallest for which the effort suffices.

    Prices raised enough are above the worth of every group, and the more they are raised, the
    sooner the search for a dearer group ends.
    """
    for markup in MARKUPS:
        raised = prices * (1 + markup)
        if raised.sum() >= bound:
            continue
        outcome = promising_sets(-raised, gains, SLACK, effort, 0)
        effort -= outcome.examined
        if len(outcome.members) or not outcome.complete:
            break
        bound = min(bound, float(raised.sum()) + len(prices) * SLACK)
    return bound


def _closed_gap(gains, prices, bound, best, effort):
    """The best grouping and bound after listing every group that could still better `best`.

    A grouping's value is the sum of all prices plus what each group is worth beyond its prices,
    which is never above `SLACK`; so a better grouping holds no group that is far below.
    """
    n = len(prices)
    value = float(grouping_value(gains, best))
    threshold = value - bound - n * SLACK
    outcome = promising_sets(-prices, gains, threshold, effort, MOST_COLUMNS)
    if not outcome.complete:
        return best, bound
    own = best == np.arange(best.max() + 1)[:, None]
    members = np.unique(np.concatenate([outcome.members, own]), axis=0)
    worth = ((members @ gains) * members).sum(axis=1) / 2
    answer = milp(
        -worth,
        constraints=LinearConstraint(members.T.astype(float), 1, 1),
        integrality=np.ones(len(members)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": 10_000},
    )
    if answer.x is None:
        return best, bound
    chosen = members[answer.x > 0.5]
    groups = canonical(chosen.argmax(axis=0))
    if chosen.sum() == n and grouping_value(gains, groups) > value:
        best = groups
    return best, min(bound, max(-answer.mip_dual_bound, float(grouping_value(gains, best))))
