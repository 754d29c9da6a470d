"""The least sum of an objective that is found, and a sum below which no placement comes.

A small problem goes to `methods/assignment` as it is. In a city the costs of buildings outweigh
those of contacts, so first an integer programme chooses sites at prices in which each contact
counts with its nearest possible end: its value is a bound, and its plan a start. Then sites are
chosen again at the prices that the found plan sets, and a search polishes what came out. Where no
building costs anything by itself, contacts are all that matters, and the level-1 dual bounds them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.methods.assignment import assign
from opdanalysis.methods.assignment_bounds import gilmore_lawler_prices
from opdanalysis.methods.assignment_dual import dual_bound
from opdanalysis.methods.assignment_near_start import near_start_prices
from opdanalysis.methods.assignment_outer import outer_answer, outer_bound
from opdanalysis.methods.assignment_pool import Found, search_plans
from opdanalysis.methods.assignment_problem import (
    AssignmentProblem,
    read_problem,
    reduce_problem,
)
from opdanalysis.search.objective import Objective
from opdanalysis.search.rules import Rules

Floats = NDArray[np.float64]
Sites = NDArray[np.intp]

SMALL = 20_000
"""Products of two choices up to which a problem is small."""

NEAR = 0.01
"""Other plans are kept up to this share of what the best plan saves."""

PROVED = 1e-6
"""A bound as near as this share of today's cost leaves no better plan worth the name."""

SHARES = {"first": 0.45, "search": 0.08, "again": 0.15, "dual": 0.4}
"""Shares of the time for the first sites, for each of three searches, for the second sites, and for
the dual.
"""

MOVES_PER_STEP = 20
"""Moves of a search to each step of the dual, where moves are limited."""


@dataclass(frozen=True, eq=False)
class Solution:
    """Where everybody sits, what that costs in a year, and how much better a plan could be.

    Amounts are those of the objective [Rp/year]. `alternatives` are other placements that the
    search met, as rows of building numbers, the best first.
    """

    sites: Sites
    value: float
    lower_bound: float
    today: float
    alternatives: NDArray[np.intp]

    @property
    def proved(self) -> bool:
        """No placement is better by more than a millionth of today's cost."""
        return self.value - self.lower_bound <= PROVED * abs(self.today)

    @property
    def gap(self) -> float:
        """How much of the greatest saving that may be possible is not reached [1]."""
        possible = self.today - self.lower_bound
        return 0.0 if self.proved else (self.value - self.lower_bound) / possible


def solved(
    objective: Objective,
    rules: Rules,
    max_moves: int | None = None,
    seconds: float = 20.0,
    iterations: int | None = None,
    seed: int = 0,
) -> Solution:
    """The best placement found within `seconds` in all, and a bound.

    With `iterations`, the moves of a search, it depends on them and the seed alone as long as
    `seconds` suffice. Raises UsageError where no placement keeps all rules.
    """
    city, rooms = objective.city, objective.rooms
    home = city.places(city.today)
    given = {
        "flow": objective.weights["coordination"] * objective.flow,
        "distance": objective.distance,
        "cost": objective.linear,
        "demand": rooms.demand,
        "capacity": rooms.capacity,
        "opening_cost": objective.weights["cost"] * objective.opening,
        "forbidden_sites": ~rules.allowed(city),
        "forbidden_pairs": rules.pairs(city),
        "start": home,
        "max_moves": max_moves,
    }
    today = objective.value(city.today)
    reduced = reduce_problem(read_problem(**given))
    if reduced.problem.allowed.sum() ** 2 <= SMALL:
        found = assign(**given, seconds=seconds, iterations=iterations, seed=seed)
        rest = objective.constant
        return Solution(
            sites=found.sites,
            value=found.objective + rest,
            lower_bound=found.lower_bound + rest,
            today=today,
            alternatives=found.alternatives,
        )
    plans, bound = _chosen(reduced.problem, seconds, iterations, seed)
    rest = objective.constant + reduced.constant
    value = reduced.problem.value(plans[0])
    limit = value + NEAR * max(today - rest - value, 0.0)
    near = [plan for plan in plans if reduced.problem.value(plan) <= limit]
    return Solution(
        sites=reduced.whole_plan(plans[0]),
        value=value + rest,
        lower_bound=min(bound, value) + rest,
        today=today,
        alternatives=np.array([reduced.whole_plan(plan) for plan in near]),
    )


def _chosen(
    problem: AssignmentProblem, seconds: float, iterations: int | None, seed: int
) -> tuple[list[Sites], float]:
    """Plans that keep the rules, best first, and a bound."""
    prices = nearest_prices(problem)
    bound, first = outer_answer(problem, prices, SHARES["first"] * seconds)
    near = near_start_prices(problem)
    if near is not None:
        few = outer_bound(problem, near.prices, SHARES["first"] * seconds)
        bound = max(bound, near.base + few)
    share = SHARES["search"] * seconds
    pool = [_searched(problem, plan, iterations, share, seed) for plan in (first, None)]
    best = _merged(problem, pool)[0]
    pull = problem.cost + (problem.flow + problem.flow.T) @ problem.distance[best]
    _, again = outer_answer(problem, pull, SHARES["again"] * seconds)
    if again is not None:
        pool.append(_searched(problem, again, iterations, share, seed))
    plans = _merged(problem, pool)
    if not problem.opening.any():
        steps = None if iterations is None else iterations // MOVES_PER_STEP
        value = problem.value(plans[0])
        bound = max(bound, _dual(problem, value, SHARES["dual"] * seconds, steps))
    return plans, bound


def _searched(
    problem: AssignmentProblem,
    first: Sites | None,
    iterations: int | None,
    seconds: float,
    seed: int,
) -> Found:
    if first is not None and not problem.fits(first):
        first = None
    return search_plans(problem, iterations, seconds, seed, first=first)


def _merged(problem: AssignmentProblem, pool: list[Found]) -> list[Sites]:
    """All plans of several searches, each once, the best first."""
    plans = {tuple(plan): plan for found in pool for plan in found.plans}
    if not plans:
        raise UsageError(
            "the search found no plan that keeps every rule. Give more seconds, or drop a rule."
        )
    return sorted(plans.values(), key=lambda plan: (problem.value(plan), tuple(plan)))


def nearest_prices(problem: AssignmentProblem) -> Floats:
    """What each agency costs in each site at least, with its contacts, `(n, m)`.

    A contact costs at least as much as to the nearest site that the other may choose. That of a
    leaf is laid upon its partner. Others are halved, and an agency's halves cost no less than where
    the partners fill the nearest sites in the best order (Gilmore and Lawler). Distances are the
    same both ways. No plan costs less than the prices of its sites and its openings.
    """
    leaf = leaves(problem)
    both = problem.flow + problem.flow.T
    nearest = np.array([problem.distance[sites].min(axis=0) for sites in problem.allowed])
    of_leaves = np.where(leaf[None, :], both, 0.0)
    halves = np.where(leaf[None, :] | leaf[:, None], 0.0, both / 2)
    packed = gilmore_lawler_prices(replace(problem, flow=halves, cost=np.zeros_like(problem.cost)))
    return problem.cost + of_leaves @ nearest + np.maximum(halves @ nearest, packed)


def leaves(problem: AssignmentProblem) -> NDArray[np.bool_]:
    """Agencies in contact with one other open agency only, which is itself no such agency."""
    both = problem.flow + problem.flow.T > 0
    single = both.sum(axis=1) == 1
    return single & ~(both & single).any(axis=1)


def _dual(problem: AssignmentProblem, value: float, seconds: float, steps: int | None) -> float:
    """A bound where sites cost nothing by themselves: contacts priced by the level-1 dual.

    Each leaf sits as is best for its partner, wherever that sits; the room of leaves is left out.
    """
    leaf = leaves(problem)
    rest = np.flatnonzero(~leaf)
    both = problem.flow + problem.flow.T
    cost = problem.cost.copy()
    for one in np.flatnonzero(leaf):
        partner, sites = both[one].argmax(), np.flatnonzero(problem.allowed[one])
        own = cost[one, sites][:, None] + both[one, partner] * problem.distance[sites]
        cost[partner] += own.min(axis=0)
    sites = np.flatnonzero(problem.allowed[rest].any(axis=0))
    number = np.full(problem.m + 1, -1)
    number[sites] = np.arange(len(sites))
    among = replace(
        problem,
        flow=problem.flow[np.ix_(rest, rest)],
        distance=problem.distance[np.ix_(sites, sites)],
        cost=cost[np.ix_(rest, sites)],
        demand=problem.demand[rest],
        capacity=problem.capacity[sites],
        opening=np.zeros(len(sites)),
        allowed=problem.allowed[np.ix_(rest, sites)],
        conflict=problem.conflict[np.ix_(rest, rest)],
        start=number[problem.start[rest]],
        max_moves=min(problem.max_moves, len(rest)),
    )
    dual = dual_bound(among, value, seconds, steps)
    if dual is None:
        return -np.inf
    closed = outer_bound(among, dual.prices, seconds / 4)
    return min(max(dual.value, closed), value)
