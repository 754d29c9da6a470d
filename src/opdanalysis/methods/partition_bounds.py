"""Proof that a grouping is the best, by the compact integer programme of clique partitioning.

One 0-1 variable per pair says whether the pair shares a group; triangle rows say that two pairs
with a common node imply the third: x_ij + x_jk - x_ik <= 1 (Groetschel and Wakabayashi 1989). A row
is needed only where one of its two joined pairs gains something (Miyauchi and Sukegawa 2015).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from opdanalysis.methods.partition_columns import BoundedGrouping
from opdanalysis.methods.partition_search import canonical, grouping_value

VIOLATION = 1e-6
ROWS_PER_ROUND = 4_000
ROUNDS = 60


def triangle_bound(pair_gains: np.ndarray, stop_below: float, most_rows: int) -> float:
    """A value that no grouping exceeds, from the linear programme with the triangle rows it needs.

    It ends early once the bound falls below `stop_below`. The bound is recomputed from the row
    prices, so that it is valid whatever the solver's tolerance.
    """
    pairs = Pairs(pair_gains)
    rows = np.zeros((0, 3), dtype=np.int64)
    bound = float(np.maximum(pairs.gains, 0).sum())
    for _ in range(ROUNDS):
        matrix = pairs.matrix(rows)
        answer = linprog(
            -pairs.gains, A_ub=matrix, b_ub=np.ones(len(rows)), bounds=(0, 1), method="highs"
        )
        if answer.status != 0:
            break
        price = np.maximum(-answer.ineqlin.marginals, 0)
        bound = min(bound, price.sum() + np.maximum(pairs.gains - matrix.T @ price, 0).sum())
        if bound <= stop_below:
            break
        # rows that do not bind are dropped, so that the programme stays small
        new = pairs.violated(answer.x)
        if not len(new):
            break
        rows = np.concatenate([rows[answer.slack < VIOLATION], new])
        if len(rows) > most_rows:
            break
    return float(bound)


def compact_bound(pair_gains: np.ndarray, groups: np.ndarray, seconds: float) -> BoundedGrouping:
    """The best grouping and a bound from the whole integer programme, within a time limit.

    The bound depends on the machine's speed when the limit is reached; `columns_bound` does not.
    """
    pairs = Pairs(pair_gains)
    rows = pairs.needed()
    answer = milp(
        -pairs.gains,
        constraints=LinearConstraint(pairs.matrix(rows), -np.inf, 1) if len(rows) else None,
        integrality=np.ones(len(pairs.gains)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    value = float(grouping_value(pair_gains, groups))
    bound = float(np.maximum(pairs.gains, 0).sum())
    if answer.mip_dual_bound is not None:
        bound = min(bound, -answer.mip_dual_bound)
    if answer.x is not None:
        found = pairs.grouping(answer.x > 0.5)
        if grouping_value(pair_gains, found) > value + 1e-12:
            groups, value = found, float(grouping_value(pair_gains, found))
    return BoundedGrouping(groups, value, max(bound, value))


class Pairs:
    """The pairs of a network, numbered, with their gains and triangle rows."""

    def __init__(self, pair_gains: np.ndarray) -> None:
        self.n = len(pair_gains)
        self.first, self.second = np.triu_indices(self.n, 1)
        self.gains = pair_gains[self.first, self.second]
        self.number = np.zeros((self.n, self.n), dtype=np.int64)
        self.number[self.first, self.second] = np.arange(len(self.gains))
        self.number[self.second, self.first] = np.arange(len(self.gains))
        self._pays = pair_gains > 0

    def needed(self) -> np.ndarray:
        """Rows `(i, j, k)`, j the common node, where ij or jk gains, `(count, 3)`."""
        i, j, k = np.nonzero(self._pays[:, :, None] | self._pays[None, :, :])
        keep = (i < k) & (i != j) & (j != k)
        return np.column_stack([i, j, k])[keep]

    def matrix(self, rows: np.ndarray) -> csr_array:
        """One line per row: +1 for the joined pairs, -1 for the third."""
        i, j, k = rows.T
        columns = np.column_stack([self.number[i, j], self.number[j, k], self.number[i, k]])
        signs = np.broadcast_to([1.0, 1.0, -1.0], columns.shape)
        starts = np.arange(0, 3 * len(rows) + 1, 3)
        return csr_array(
            (signs.ravel(), columns.ravel(), starts), shape=(len(rows), len(self.gains))
        )

    def violated(self, shares: np.ndarray) -> np.ndarray:
        """The needed rows that `shares` breaks most, `(count, 3)`."""
        x = np.zeros((self.n, self.n))
        x[self.first, self.second] = x[self.second, self.first] = shares
        excess = x[:, :, None] + x[None, :, :] - x[:, None, :] - 1
        excess[~(self._pays[:, :, None] | self._pays[None, :, :])] = 0
        i, j, k = np.nonzero(excess > VIOLATION)
        keep = (i < k) & (i != j) & (j != k)
        rows = np.column_stack([i, j, k])[keep]
        worst = np.argsort(-excess[tuple(rows.T)], kind="stable")[:ROWS_PER_ROUND]
        return rows[worst]

    def grouping(self, together: np.ndarray) -> np.ndarray:
        """Groups from the gaining pairs that are together; the rest follows from these."""
        use = together & (self.gains > 0)
        graph = csr_array(
            (np.ones(use.sum()), (self.first[use], self.second[use])), shape=(self.n, self.n)
        )
        return canonical(connected_components(graph, directed=False)[1])
