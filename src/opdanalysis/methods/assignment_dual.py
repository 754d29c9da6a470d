"""A lower bound from the level-1 linearisation, by smoothing its dual.

Each product "agency i in site k and agency j in site l" is shown to both agencies, and its cost is
split freely between the two views. Given i in k, the others choose their sites one by one, with
multipliers on the room that is left; so does i. Whatever the split and the multipliers, the sum of
the minima is a lower bound (Adams and Johnson 1994 give the linearisation; Hahn and others 2008 its
dual for this problem). Minima are replaced by soft minima, whose temperature falls in steps, and
the smooth sum is raised by quasi-Newton steps; the bound itself is read off with hard minima.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.assignment_climb import Climb
from opdanalysis.methods.assignment_problem import AssignmentProblem
from opdanalysis.methods.assignment_tables import compiled, make_tables
from opdanalysis.methods.assignment_views import add_slopes, add_views, soft_minimum

MOST_PRODUCTS = 6_000_000  # cells of each of four tables; 50 megabytes
STEPS_PER_TEMPERATURE = 80
FIRST_TEMPERATURE = 0.02  # as a share of the first gap per agency
COOLING = 0.35


@dataclass(frozen=True)
class DualBound:
    """A valid bound, and what each agency costs at least in each site when the bound is shared."""

    value: float
    prices: np.ndarray  # (n, m): a plan costs at least the prices of its sites, and its openings
    open: np.ndarray  # (n, m): sites that a plan below the best known value may still use
    steps: int


class LevelOneDual:
    """The dual of one problem: its value and slope at any split and multipliers."""

    def __init__(self, problem: AssignmentProblem) -> None:
        tables = make_tables(problem)
        n, m = problem.n, problem.m
        self.n, self.m = n, m
        rows, limit = resources(problem)
        # in units in which a multiplier bends the value about as much as a split does
        typical = np.maximum(rows.max(axis=1).mean(axis=0), 1e-12) * np.sqrt(n) / 2
        self.rows, self.limit = rows / typical, limit / typical
        self.outer_unit = 3 / np.sqrt(m)
        self.cost = np.ascontiguousarray(problem.cost)
        self.opening = problem.opening
        room = np.maximum(problem.room[:, 0], 1e-300)
        self.filled = np.minimum(problem.demand[:, :1] / room, 1.0)  # share of a site's first room
        scale = np.abs(self.cost).max() + (tables.tie.sum(axis=1) * tables.gap.max()).max()
        self.never = 1e3 * max(float(scale), 1.0)
        self.open = np.array(problem.allowed, order="C")
        self.base = self._half_costs(problem, tables)
        self.weights = np.zeros((n, n, m, m))
        self.pairs = n * (n - 1) // 2
        first, second = np.triu_indices(n, 1)
        self.number = np.zeros((n, n), dtype=np.int64)
        self.number[first, second] = self.number[second, first] = np.arange(self.pairs)
        opened = n * m + m if problem.opening.any() else 0
        self.sizes = (self.pairs * m * m, n * m * len(limit), len(limit), opened)

    def _half_costs(self, problem, tables):
        """Half of each product's cost, prohibitive where it cannot be, `(n, n, m, m)`."""
        half = tables.tie[:, :, None, None] * (tables.gap / 2)
        if len(tables.lean):
            half += tables.lean[:, :, None, None] * (tables.slope / 2)
        half += np.where(problem.allowed, 0.0, self.never)[None, :, None, :]
        together = problem.demand[:, None, None, :] + problem.demand[None, :, None, :]
        apart = (together > problem.room).any(axis=3) | problem.conflict[:, :, None]
        here = np.arange(self.m)
        half[:, :, here, here] += np.where(apart, self.never, 0.0)
        half[np.arange(self.n), np.arange(self.n)] = 0.0
        return half

    def parts(self, point):
        """Split `(pairs, m, m)`, inner multipliers `(n, m, q)`, outer multipliers `(q,)`."""
        a, b, c, _ = self.sizes
        return (
            point[:a].reshape(self.pairs, self.m, self.m),
            point[a : a + b].reshape(self.n, self.m, len(self.limit)),
            point[a + b : a + b + c] * self.outer_unit,
        )

    def origin(self) -> tuple[np.ndarray, np.ndarray]:
        """The even split without multipliers, and how low each number may go."""
        size = sum(self.sizes)
        least = np.zeros(size)
        least[: self.sizes[0]] = -np.inf
        point = np.zeros(size)
        if self.sizes[3]:
            # at first each agency pays for the room that it fills
            point[-self.m :] = np.maximum(self.opening, 0.0)
        return point, least

    def openings(self, point) -> tuple[np.ndarray, np.ndarray]:
        """What agencies pay for sites to be open `(n, m)`, and what each site pays itself `(m,)`.

        An agency that sits in a site opens it, and so do all together in the share that they fill:
        multipliers on both rules pass the cost of opening on to the agencies.
        """
        if not self.sizes[3]:
            return np.zeros((self.n, self.m)), self.opening
        tail = point[sum(self.sizes[:3]) :]
        each, by_room = tail[: -self.m].reshape(self.n, self.m), tail[-self.m :]
        return each + by_room * self.filled, self.opening - each.sum(axis=0) - by_room

    def view(self, split, inner, i) -> np.ndarray:
        """What the sites of the others cost in the view of agency i, `(n, m, m)`."""
        seen = self.base[i].copy()
        seen[i + 1 :] += split[self.number[i, i + 1 :]]
        seen[:i] -= split[self.number[i, :i]].transpose(0, 2, 1)
        r = len(self.limit) // self.m
        by_site = inner[i, :, : self.m * r].reshape(self.m, self.m, r)
        for c in range(r):
            seen += self.rows[:, 0, c, None, None] * by_site[None, :, :, c]
        if len(self.limit) > self.m * r:
            seen += inner[i, :, -1, None] * self.rows[:, None, :, -1]
        seen[i] = 0.0
        return seen

    def prices(self, point, temperature: float = 0.0) -> np.ndarray:
        """Least cost of each agency in each site, with hard minima at temperature 0, `(n, m)`."""
        split, inner, _ = self.parts(point)
        # what i takes in k is not left for the others
        prices = self.cost - np.einsum("ikq,ikq->ik", inner, self.limit - self.rows)
        if compiled(add_views) is add_views:
            for i in range(self.n):
                seen = self.view(split, inner, i)
                if temperature > 0:
                    soft, self.weights[i] = soft_minimum(seen, temperature)
                    soft[i] = 0.0
                    prices[i] += soft.sum(axis=0)
                else:
                    prices[i] += seen.min(axis=2).sum(axis=0)
        else:
            compiled(add_views)(
                self.base, self.open, self.rows, split, inner, temperature, self.weights, prices
            )
        return np.where(self.open, prices, self.never)

    def outer(self, point, prices) -> tuple[np.ndarray, float]:
        """Prices with the outer multipliers, and what is to be added to the sum of their minima."""
        outer = self.parts(point)[2]
        paid, own = self.openings(point)
        return prices + self.rows @ outer + paid, float(
            np.minimum(own, 0).sum() - outer @ self.limit
        )

    def value(self, point) -> float:
        """The bound at this point."""
        prices, rest = self.outer(point, self.prices(point))
        return float(prices.min(axis=1).sum()) + rest

    def smooth(self, point, temperature) -> tuple[float, np.ndarray]:
        """The value with soft minima, and its slope."""
        prices, rest = self.outer(point, self.prices(point, temperature))
        soft, share = soft_minimum(prices, temperature)
        slope = np.zeros_like(point)
        on_split, on_inner, _ = self.parts(slope)
        if compiled(add_slopes) is add_slopes:
            self._add_slopes(share, on_split, on_inner)
        else:
            compiled(add_slopes)(self.weights, share, self.rows, on_split, on_inner)
        on_inner -= share[:, :, None] * (self.limit - self.rows)
        a, b, c, opened = self.sizes
        on_outer = np.einsum("ik,ikq->q", share, self.rows) - self.limit
        slope[a + b : a + b + c] = on_outer * self.outer_unit
        value = float(soft.sum()) + rest
        if opened:
            own = self.openings(point)[1]
            either, is_open = soft_minimum(np.column_stack([own, np.zeros(self.m)]), temperature)
            value += float((either - np.minimum(own, 0)).sum())
            slope[a + b + c : -self.m] = (share - is_open[:, 0]).ravel()
            slope[-self.m :] = (share * self.filled).sum(axis=0) - is_open[:, 0]
        return value, slope

    def _add_slopes(self, share, on_split, on_inner):
        r = len(self.limit) // self.m
        for i in range(self.n):
            joint = self.weights[i] * share[i][:, None]
            joint[i] = 0.0
            on_split[self.number[i, i + 1 :]] += joint[i + 1 :]
            on_split[self.number[i, :i]] -= joint[:i].transpose(0, 2, 1)
            for c in range(r):
                used = np.einsum("j,jkl->kl", self.rows[:, 0, c], joint)
                on_inner[i, :, c : self.m * r : r] += used
            if len(self.limit) > self.m * r:
                on_inner[i, :, -1] += np.einsum("jkl,jl->k", joint, self.rows[:, :, -1])

    def strike_out(self, point, cutoff: float) -> int:
        """Bar what no plan below `cutoff` can hold; returns how many sites and products fell.

        A plan's cost is at least the bound plus what its choices cost above the minima, in the
        outer problem and in the views of both agencies of each product.
        """
        split, inner, _ = self.parts(point)
        prices, rest = self.outer(point, self.prices(point))
        least = prices.min(axis=1, keepdims=True)
        value = float(least.sum()) + rest
        above = prices - least
        fell = self.open & (value + above >= cutoff)
        self.open &= ~fell
        count = int(fell.sum())
        extra = np.empty_like(self.weights)
        for i in range(self.n):
            seen = self.view(split, inner, i)
            extra[i] = seen - seen.min(axis=2, keepdims=True)
        extra += extra.transpose(1, 0, 3, 2)
        extra += above[:, None, :, None]
        extra += above[None, :, None, :]
        bar = (
            (extra >= cutoff - value) | ~self.open[:, None, :, None] | ~self.open[None, :, None, :]
        )
        bar[np.arange(self.n), np.arange(self.n)] = False
        bar &= self.base < self.never / 2
        self.base[bar] += self.never
        return count + int(bar.sum()) // 2


def dual_bound(
    problem: AssignmentProblem,
    upper: float,
    seconds: float,
    steps: int | None = None,
    whole: bool = False,
) -> DualBound | None:
    """The level-1 bound reached within `seconds` or `steps`; nothing for problems beyond memory.

    `upper` is the value of a plan, or infinite. Sites and products that no better plan can hold are
    barred on the way, so the bound never passes `beaten_at(upper, whole)`; to reach that means that
    no plan costs less than `upper`.
    """
    n, m = problem.n, problem.m
    if n < 2 or n * n * m * m > MOST_PRODUCTS:
        return None
    dual = LevelOneDual(problem)
    point, least = dual.origin()
    dual.smooth(point, 1.0)  # compiles, so that the clock measures the climb alone
    begun = time.perf_counter()
    value = dual.value(point)
    best = DualBound(value, dual.prices(point), dual.open.copy(), 0)
    known = np.isfinite(upper)
    target = beaten_at(upper, whole)
    spread = max(abs(upper - value) if known else abs(value), 1e-6 * abs(value), 1e-9)
    temperature = FIRST_TEMPERATURE * spread / n
    limit = np.inf if steps is None else steps
    climb = Climb(dual, point, least)
    made, idle = 0, 0
    while made < limit and idle < 3:
        for _ in range(STEPS_PER_TEMPERATURE):
            moved = climb.step(temperature)
            made += 1
            if not moved or time.perf_counter() - begun > seconds or made >= limit:
                break
        value = dual.value(climb.point)
        idle = 0 if value > best.value + 5e-5 * abs(best.value) else idle + 1
        struck = 0
        if known:
            struck = dual.strike_out(climb.point, target)
            if not dual.open.any(axis=1).all():
                return DualBound(target, best.prices, dual.open.copy(), made)
        if value > best.value:
            prices = dual.prices(climb.point)
            best = DualBound(min(value, target), prices, dual.open.copy(), made)
        if time.perf_counter() - begun > seconds or best.value >= target:
            break
        if struck > n * m:
            idle = 0
        temperature *= COOLING
        climb.forget()
    return best


def beaten_at(upper: float, whole: bool) -> float:
    """A plan that is better than `upper` costs less than this; values may be whole numbers."""
    return upper - 0.5 if whole else upper - 1e-7 * max(abs(upper), 1e-9)


def resources(problem):
    """Use `(n, m, q)` of q resources by each agency in each site, and their limits `(q,)`.

    The resources are the room in each site and, where they are limited, the moves.
    """
    n, m, r = problem.n, problem.m, problem.demand.shape[1]
    rows = np.zeros((n, m, m * r))
    for site in range(m):
        rows[:, site, site * r : (site + 1) * r] = problem.demand
    limit = problem.room.ravel()
    if problem.max_moves < n:
        moves = (np.arange(m) != problem.start[:, None]).astype(float)
        rows = np.concatenate([rows, moves[:, :, None]], axis=2)
        limit = np.append(limit, problem.max_moves)
    return rows, limit
