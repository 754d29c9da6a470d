"""A pool of good plans: tabu walks fill it, path relinking between two of them starts new walks.

Relinking goes from one plan to another by the cheapest step at a time (Glover, Laguna and Marti
2000) and takes the best plan on the way that is far from both ends.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from opdanalysis.methods.assignment_problem import AssignmentProblem
from opdanalysis.methods.assignment_search import (
    Archive,
    Walk,
    first_penalties,
    tabu,
)
from opdanalysis.methods.assignment_tables import Tables, make_tables

POOL = 10
LOOKS_AT_ONCE = 1e6  # moves looked at between two looks at the clock: a second without numba
FIRST_PATIENCE = 30  # moves without progress per agency and site, before a walk ends
STALE_POOLS = 3
RESTART = 60  # walks without progress before the pool is emptied


@dataclass(frozen=True)
class Found:
    """What a search met: plans that keep every rule, best first, and when the best one improved."""

    plans: np.ndarray  # (count, n)
    values: np.ndarray  # (count,)
    history: np.ndarray  # (improvements, 3): moves made, seconds, value
    moves: int


def search_plans(
    problem: AssignmentProblem,
    iterations: int | None,
    seconds: float,
    seed: int,
    stop_at: float = -np.inf,
    first: np.ndarray | None = None,
) -> Found:
    """The best different plans that walks and relinking find.

    It ends after so many `iterations` (moves), `seconds`, at a value of `stop_at`, or when three
    pools in a row found nothing better. The moves depend on the seed alone; `seconds` only cuts
    them short. `first` is a plan to begin at.
    """
    pool = PlanPool(problem, seed, first)
    pool.warm_up()
    begun = time.perf_counter()
    limit = np.inf if iterations is None else iterations
    history: list[tuple[float, float, float]] = []
    best = np.inf
    while pool.moves < limit:
        pool.walk_on(int(min(limit - pool.moves, 2**40)))
        now = time.perf_counter() - begun
        if pool.best_value < best:
            best = pool.best_value
            history.append((pool.moves, now, best))
        if now > seconds or best <= stop_at or pool.stale >= STALE_POOLS:
            break
    values, plans = pool.archive.values, pool.archive.plans
    order = np.lexsort((*plans.T[::-1], values))
    order = order[np.isfinite(values[order])]
    return Found(plans[order], values[order], np.array(history).reshape(-1, 3), pool.moves)


class PlanPool:
    """The state of a search: tables, archive, elite plans, random numbers."""

    def __init__(
        self, problem: AssignmentProblem, seed: int, first: np.ndarray | None = None
    ) -> None:
        self.problem = problem
        self.tables = make_tables(problem)
        self.rng = np.random.default_rng(seed)
        self.archive = Archive.empty(problem.n)
        self.word = np.array([self.rng.integers(1, 2**32)], dtype=np.int64)
        self.elite: list[tuple[float, np.ndarray]] = []
        self.moves = self.walks = 0
        self.best_value = np.inf
        self.idle = 0
        self.stale = 0  # pools emptied since the last progress
        self.first = first
        if first is None and (problem.start >= 0).all():
            self.first = problem.start
        n, m = problem.n, problem.m
        self.walk: Walk | None = None
        self.tenure = (0, 1)
        self.moves_at_once = max(100, int(LOOKS_AT_ONCE / (n * m + n * n / 2)))
        self.patience = 200 + FIRST_PATIENCE * n * (1 if self.tables.only_swaps else min(m, 20))

    def warm_up(self) -> None:
        """Have the loop compiled, so that the clock measures the search alone."""
        nowhere = np.zeros(self.problem.n, dtype=np.int64)
        walk = Walk.begun(self.tables, nowhere, self.word.copy())
        tabu(self.tables, walk, Archive.empty(self.problem.n), 0, 0, (1, 1))

    def walk_on(self, most: int) -> None:
        """Some more moves, at most so many; where a walk ends, the pool after it and a new one."""
        if self.walk is None:
            self.walk = Walk.begun(self.tables, self._next_start(), self.word)
            self.tenure = self._next_tenure()
        walk = self.walk
        asked = min(most, self.moves_at_once)
        made = tabu(self.tables, walk, self.archive, asked, self.patience, self.tenure)
        self.moves += max(1, made)
        value = float(walk.best_value[0])
        if value < self.best_value - 1e-9 * abs(value):
            self.best_value = value
            self.idle = self.stale = 0
        if made == asked:
            return
        self.walk = None
        self.idle += 1
        self._keep(value, walk.best)
        if self.idle > RESTART:
            self.elite, self.idle = [], 0
            self.stale += 1

    def _next_tenure(self) -> tuple[int, int]:
        """For how many moves a left site is blocked: at least, and the random part on top.

        Where every pair is in contact short blocks do best, where contacts are sparse long ones; so
        walks take turns. Permutations have their own (Taillard 1991).
        """
        n = self.problem.n
        if self.tables.only_swaps:
            return max(2, int(0.9 * n)), max(2, n // 4)
        self.walks += 1
        return (5, 10) if self.walks % 2 else (max(3, int(0.6 * n)), max(2, n))

    def _next_start(self) -> np.ndarray:
        if self.first is not None:
            start, self.first = self.first.copy(), None
            return start
        if len(self.elite) < POOL:
            return random_plan(self.tables, self.rng)
        one, other = self.rng.choice(len(self.elite), 2, replace=False)
        return relinked(self.tables, self.elite[one][1], self.elite[other][1], self.rng)

    def _keep(self, value: float, sites: np.ndarray) -> None:
        if not np.isfinite(value):
            return
        near = [(plan != sites).sum() for _, plan in self.elite]
        if near and min(near) == 0:
            return
        if len(self.elite) < POOL:
            self.elite.append((value, sites.copy()))
            return
        worse = [at for at, (its, _) in enumerate(self.elite) if its >= value]
        if worse:  # the most similar of those that are not better makes room
            out = min(worse, key=lambda at: near[at])
            self.elite[out] = (value, sites.copy())


def random_plan(tables: Tables, rng: np.random.Generator) -> np.ndarray:
    """Agencies in random order, each into an allowed site at random, with room where there is."""
    n, m = tables.cost.shape
    if tables.only_swaps:
        price = rng.random((n, m)) + 1e6 * ~tables.allowed
        return linear_sum_assignment(price)[1].astype(np.int64)
    free = tables.room.copy()
    sites = np.zeros(n, dtype=np.int64)
    for agency in rng.permutation(n):
        choice = tables.allowed[agency]
        fits = choice & (tables.demand[agency] <= free).all(axis=1)
        sites[agency] = rng.choice(np.flatnonzero(fits if fits.any() else choice))
        free[sites[agency]] -= tables.demand[agency]
    return sites


def relinked(
    tables: Tables, origin: np.ndarray, goal: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The best plan of the middle of a path from `origin` to `goal`, `(n,)`; it may break rules."""
    sites = origin.copy()
    table = tables.fresh_table(sites)
    price = first_penalties(tables)[: tables.demand.shape[1]]
    load = np.zeros_like(tables.room)
    np.add.at(load, sites, tables.demand)
    away = np.flatnonzero(sites != goal)
    length = len(away)
    best, best_value, value = None, np.inf, 0.0
    while len(away) > max(1, length // 4):
        one, other, gain = _cheapest_step(tables, table, load, price, sites, goal, away)
        value += gain
        for agency, site in ((one, goal[one]), (other, sites[one])):
            if agency < 0:
                continue
            _put(tables, table, load, sites, agency, site)
        away = np.flatnonzero(sites != goal)
        if len(away) <= 3 * length / 4 and (value < best_value or best is None):
            best, best_value = sites.copy(), value
    return sites if best is None else best


def _cheapest_step(tables, table, load, price, sites, goal, away):
    """Agency that goes to its goal, agency that takes its place (or -1), and what both change."""
    now, then = sites[away], goal[away]
    own = table[away, now]
    to_goal = table[away, then] - own
    over = np.maximum(load - tables.room, 0.0) @ price
    demand = tables.demand[away]
    out = np.maximum(load[now] - demand - tables.room[now], 0.0) @ price - over[now]
    into = np.maximum(load[then] + demand - tables.room[then], 0.0) @ price - over[then]
    best = (np.inf, -1, -1)
    if not tables.only_swaps:
        keys = to_goal + out + into
        at = int(keys.argmin())
        best = (float(keys[at]), int(away[at]), -1)
    first, second = np.nonzero(then[:, None] == now[None, :])
    fine = tables.allowed[away[second], now[first]]
    first, second = first[fine], second[fine]
    if len(first):
        k, h = now[first], now[second]
        gap = tables.gap
        keys = to_goal[first] + table[away[second], k] - own[second]
        keys = keys + tables.tie[away[first], away[second]] * (
            2 * gap[k, h] - gap[k, k] - gap[h, h]
        )
        change = demand[second] - demand[first]
        keys = keys + np.maximum(load[k] + change - tables.room[k], 0.0) @ price - over[k]
        keys = keys + np.maximum(load[h] - change - tables.room[h], 0.0) @ price - over[h]
        at = int(keys.argmin())
        if keys[at] < best[0]:
            best = (float(keys[at]), int(away[first[at]]), int(away[second[at]]))
    return best[1], best[2], best[0]


def _put(tables, table, load, sites, agency, site):
    before = sites[agency]
    table += tables.tie[:, agency, None] * (tables.gap[:, site] - tables.gap[:, before])
    if len(tables.lean):
        table += tables.lean[:, agency, None] * (tables.slope[:, site] - tables.slope[:, before])
    load[before] -= tables.demand[agency]
    load[site] += tables.demand[agency]
    sites[agency] = site
