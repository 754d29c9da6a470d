"""An assignment problem as tables for quick loops, and loops as machine code where that works."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from opdanalysis.methods.assignment_problem import AssignmentProblem


@cache
def compiled(function: Any) -> Any:
    """The function as machine code where numba is installed, otherwise the function itself."""
    if importlib.util.find_spec("numba") is None:
        return function
    import numba

    try:
        return numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    except RuntimeError:  # no folder in which numba may write
        return numba.njit(error_model="numpy", nogil=True)(function)


@dataclass(frozen=True)
class Tables:
    """A problem as the loops want it.

    Contacts are `tie * gap + lean * slope` per unordered pair: the first product is the symmetric
    part; the second is empty unless both contacts and distances depend on the direction.
    """

    tie: np.ndarray  # (n, n)
    gap: np.ndarray  # (m, m)
    lean: np.ndarray  # (n, n) or (0, 0), antisymmetric
    slope: np.ndarray  # (m, m) or (0, 0), antisymmetric
    cost: np.ndarray  # (n, m)
    demand: np.ndarray  # (n, r)
    room: np.ndarray  # (m, r)
    opening: np.ndarray  # (m,)
    choices: np.ndarray  # (n, m): allowed sites first
    n_choices: np.ndarray  # (n,)
    allowed: np.ndarray  # (n, m) bool
    conflict: np.ndarray  # (n, n) or (0, 0)
    start: np.ndarray  # (n,)
    max_moves: int
    keys: np.ndarray  # (n, m): random words that tell plans apart
    only_swaps: bool

    def fresh_table(self, sites: np.ndarray) -> np.ndarray:
        """What each agency would cost in each site, `(n, m)`."""
        table = self.cost + self.tie @ self.gap[sites]
        if len(self.lean):
            table += self.lean @ self.slope[:, sites].T
        return np.ascontiguousarray(table)


def make_tables(problem: AssignmentProblem) -> Tables:
    """The tables of a problem that every search reads; what is symmetric is stored once."""
    flow, distance = problem.flow, problem.distance
    none = np.zeros((0, 0))
    lean, slope = none, none
    if (distance == distance.T).all():
        tie, gap = flow + flow.T, distance
    elif (flow == flow.T).all():
        tie, gap = flow, distance + distance.T
    else:
        tie, gap = flow + flow.T, (distance + distance.T) / 2
        lean, slope = flow - flow.T, (distance - distance.T) / 2
    n, m = problem.n, problem.m
    words = np.random.default_rng(0).integers(0, 2**62, (n, m))
    smallest = np.sort(problem.demand, axis=0)[:2].sum(axis=0)
    alone = n > 1 and bool((smallest > problem.room.max(axis=0)).any())
    # rows side by side in memory: another order would be compiled anew
    row = np.ascontiguousarray
    return Tables(
        row(tie),
        row(gap),
        row(lean),
        row(slope),
        row(problem.cost),
        row(problem.demand),
        row(problem.room),
        row(problem.opening),
        np.argsort(~problem.allowed, axis=1, kind="stable"),
        problem.allowed.sum(axis=1),
        row(problem.allowed),
        row(problem.conflict) if problem.conflict.any() else np.zeros((0, 0), dtype=bool),
        row(problem.start),
        problem.max_moves,
        words,
        alone and n == m,
    )
