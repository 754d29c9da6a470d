"""The least sum of an objective that is found, and a sum below which no placement comes.

A small problem goes to `methods/assignment` as it is. In a city the costs of buildings outweigh
those of contacts, so an integer programme chooses sites at prices in which contacts cost no more
than they can: its value is a bound, and its plan a start, which a search polishes. Where moves are
few, the prices start from today. Where much is open still, sites are chosen again, at the prices
that a found plan sets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.methods.assignment import assign
from opdanalysis.methods.assignment_bounds import gilmore_lawler_prices
from opdanalysis.methods.assignment_near_start import near_start_prices
from opdanalysis.methods.assignment_outer import outer_answer, outer_bound
from opdanalysis.methods.assignment_pool import Found, search_plans
from opdanalysis.methods.assignment_problem import (
    AssignmentProblem,
    Reduced,
    read_problem,
    reduce_problem,
)
from opdanalysis.search.contact_prices import (
    ContactPrices,
    contact_prices,
    leaf_pulls,
    leaves,
    with_leaves,
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

CLOSE = 0.05
"""Sites are chosen again where more than this share of the possible saving is open."""

AGAIN = 2
"""How often they are chosen again at most, from each of two plans."""

SHARES = {"contacts": 0.35, "sites": 0.3, "search": 0.03, "again": 0.03}
"""Shares of the time for the prices of contacts, for the first sites, for each search, and for
sites that are chosen again.
"""

MOVES_PER_STEP = 10
"""Moves of a search to each step of the dual, where moves are limited."""

MOVES_PER_NODE = 2
"""Moves of a search to each node of an integer programme, where moves are limited."""


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
    contacts: ContactPrices | None = None,
) -> Solution:
    """The best placement found within `seconds` in all, and a bound.

    With `iterations`, the moves of a search, no clock is read: it depends on them and the seed
    alone. `contacts` are those of `priced_contacts` for the same rules, if they are known. Raises
    UsageError where no placement keeps all rules.
    """
    seconds = seconds if iterations is None else np.inf
    given = _problem(objective, rules, max_moves)
    today, rest = objective.value(objective.city.today), objective.constant
    reduced = reduce_problem(read_problem(**given))
    if small(reduced):
        found = assign(**given, seconds=seconds, iterations=iterations, seed=seed)
        return Solution(
            sites=found.sites,
            value=found.objective + rest,
            lower_bound=found.lower_bound + rest,
            today=today,
            alternatives=found.alternatives,
        )
    if contacts is None and max_moves is None:
        contacts = priced_contacts(objective, rules, seconds, iterations)
    weight = objective.weights["coordination"]
    shares = None if contacts is None else contacts.of(reduced)
    shares = None if shares is None else weight * shares
    plans, bound = _chosen(reduced.problem, shares, seconds, iterations, seed)
    rest += reduced.constant
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


def priced_contacts(
    objective: Objective, rules: Rules, seconds: float, iterations: int | None = None
) -> ContactPrices | None:
    """What contacts cost at least in all plans that keep the rules; nothing for a small problem.

    It takes its share of the `seconds` of a search, or of its `iterations`.
    """
    alone = objective.weighted(cost=0.0, coordination=1.0, access=0.0)
    reduced = reduce_problem(read_problem(**_problem(alone, rules, None)))
    if small(reduced):
        return None
    steps = None if iterations is None else max(1, iterations // MOVES_PER_STEP)
    seconds = np.inf if iterations is not None else SHARES["contacts"] * seconds
    return contact_prices(reduced, seconds, steps)


def small(reduced: Reduced) -> bool:
    """Whether so little is open that a general method solves it."""
    return bool(reduced.problem.allowed.sum() ** 2 <= SMALL)


def _problem(objective: Objective, rules: Rules, max_moves: int | None) -> dict[str, Any]:
    city, rooms = objective.city, objective.rooms
    return {
        "flow": objective.weights["coordination"] * objective.flow,
        "distance": objective.distance,
        "cost": objective.linear,
        "demand": rooms.demand,
        "capacity": rooms.capacity,
        "opening_cost": objective.weights["cost"] * objective.opening,
        "forbidden_sites": ~rules.allowed(city),
        "forbidden_pairs": rules.pairs(city),
        "start": city.places(city.today),
        "max_moves": max_moves,
    }


def _chosen(
    problem: AssignmentProblem,
    shares: Floats | None,
    seconds: float,
    iterations: int | None,
    seed: int,
) -> tuple[list[Sites], float]:
    """Plans that keep the rules, best first, and a bound."""
    nodes = None if iterations is None else max(1, iterations // MOVES_PER_NODE)
    bound, first = _first_sites(problem, shares, SHARES["sites"] * seconds, nodes)

    def polished(plan: Sites | None) -> Found:
        return _searched(problem, plan, iterations, SHARES["search"] * seconds, seed)

    def sites_at(prices: Floats) -> Found:
        return polished(outer_answer(problem, prices, SHARES["again"] * seconds, nodes)[1])

    pool = [polished(first), polished(None)]
    best, start = _merged(pool, problem)[0], problem.value(problem.start)
    if problem.value(best) - bound > CLOSE * (start - bound):
        other = sites_at(nearest_prices(problem))
        pool += [other, *_again(problem, best, sites_at)]
        if len(other.plans):
            pool += _again(problem, other.plans[0], sites_at)
    return _merged(pool, problem), bound


def _again(
    problem: AssignmentProblem, plan: Sites, sites_at: Callable[[Floats], Found]
) -> list[Found]:
    """What choosing sites at the prices that a plan sets finds, until that helps no more."""
    pool: list[Found] = []
    for _ in range(AGAIN):
        pull = problem.cost + (problem.flow + problem.flow.T) @ problem.distance[plan]
        pool.append(sites_at(pull))
        if not len(pool[-1].plans) or pool[-1].values[0] >= problem.value(plan):
            break
        plan = pool[-1].plans[0]
    return pool


def _first_sites(
    problem: AssignmentProblem, shares: Floats | None, seconds: float, nodes: int | None
) -> tuple[float, Sites | None]:
    """A bound, and the plan of least price."""
    near = near_start_prices(problem)
    if near is not None:
        bound, plan = outer_answer(problem, near.prices, seconds, nodes)
        return near.base + bound, plan
    if shares is None:
        return outer_answer(problem, nearest_prices(problem), seconds, nodes)
    prices = problem.cost + shares + leaf_pulls(problem)
    bound, plan = outer_answer(problem, prices, seconds, nodes)
    if not problem.opening.any():
        # buildings cost nothing by themselves, so that leaves may follow their partners
        alone = outer_bound(problem, with_leaves(problem) + shares, seconds, nodes)
        bound = max(bound, alone)
    return bound, plan


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


def _merged(pool: list[Found], problem: AssignmentProblem) -> list[Sites]:
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
    halves = np.where(leaf[None, :] | leaf[:, None], 0.0, both / 2)
    packed = gilmore_lawler_prices(replace(problem, flow=halves, cost=np.zeros_like(problem.cost)))
    return problem.cost + leaf_pulls(problem) + np.maximum(halves @ nearest, packed)
