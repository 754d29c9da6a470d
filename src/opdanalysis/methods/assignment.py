"""Who should sit where: the best assignment of agencies to sites that is found, with a bound."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.assignment_bounds import lower_bound
from opdanalysis.methods.assignment_outer import outer_answer
from opdanalysis.methods.assignment_pool import Found, search_plans
from opdanalysis.methods.assignment_problem import (
    AssignmentProblem,
    Reduced,
    read_problem,
    reduce_problem,
)

NEAR = 0.01  # alternatives cost at most this share more than the best plan
SEARCH_SHARE = 0.4  # of the time; the bound has the rest
PROVED = 1e-6  # a bound this near, as a share of the value, leaves no better plan worth the name
STEPS = 200  # moves of the search to each step of the bound, where moves are limited


@dataclass(frozen=True)
class Assignment:
    """The best plan found, and how much better another one could be."""

    sites: np.ndarray  # (n,): site of each agency
    objective: float
    lower_bound: float  # no plan costs less
    history: np.ndarray  # (improvements, 3): moves made, seconds, value
    alternatives: np.ndarray  # (count, n): different plans within 1% of the best, best first
    alternative_values: np.ndarray  # (count,)
    bounds: dict[str, float]  # the bounds that were tried, by name
    proved: bool  # no plan is better by more than a millionth; with whole numbers, none at all

    @property
    def gap(self) -> float:
        """How far the plan may lie above the optimum, as a share of the bound [1]."""
        if self.proved:
            return 0.0
        if self.lower_bound <= 0:
            return np.inf
        return (self.objective - self.lower_bound) / self.lower_bound

    @property
    def verdict(self) -> str:
        """What is known of the plan, in words."""
        if self.proved:
            return "proved optimal"
        if np.isfinite(self.gap):
            # rounded up, so that the sentence stays true
            return f"best found, at most {np.ceil(self.gap * 1000) / 10:.1f}% above the optimum"
        return f"best found, at most {self.objective - self.lower_bound:.6g} above the optimum"


def assign(
    flow: np.ndarray,
    distance: np.ndarray,
    cost: np.ndarray,
    demand: np.ndarray,
    capacity: np.ndarray,
    weight: float = 1.0,
    opening_cost: np.ndarray | None = None,
    fixed: Mapping[int, int] | np.ndarray | None = None,
    forbidden_sites: np.ndarray | None = None,
    forbidden_pairs: np.ndarray | None = None,
    start: np.ndarray | None = None,
    max_moves: int | None = None,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
) -> Assignment:
    """The plan of least cost that is found within `seconds`, with a lower bound.

        sum_i cost[i, s_i] + weight * sum_ij flow[i, j] * distance[s_i, s_j] + opening of used sites

    Parameters
    ----------
    flow
        `(n, n)`, at least 0, i to j; flow of an agency to itself counts the distance in its site.
    distance
        `(m, m)`, at least 0, k to l; the diagonal is the distance inside a site.
    cost
        `(n, m)` of agency i in site k; may be negative.
    demand, capacity
        `(n,)` and `(m,)`, or `(n, r)` and `(m, r)` for r kinds of room (floor area, parking).
    opening_cost
        `(m,)`: paid once a site is used. What an empty site costs to hold is the same as a saving
        when it is used: pass `-holding_cost` and add the sum of the holding costs to the objective.
    fixed
        Agency to site: a mapping, or `(n,)` with -1 for agencies that may move.
    forbidden_sites
        `(n, m)` bool, or pairs (agency, site).
    forbidden_pairs
        Pairs of agencies that may not share a site, `(count, 2)`.
    start, max_moves
        `(n,)` sites now; at most so many agencies leave them. The search begins at `start`, so that
        its plan is never worse, if `start` keeps the rules.
    iterations
        Moves of the search. The plan depends on `seed` and this number alone, as long as `seconds`
        do not cut the search short; the bound depends on the time that it is given.
    seconds
        Time in all, two fifths for the search; the very first call compiles on top of that. May be
        infinite where `iterations` are given: then no clock decides anything.

    Returns
    -------
    The plan, its value, the bound, the verdict and alternatives within 1%.

    Raises
    ------
    UsageError
        Wrong shapes or numbers, or no plan that keeps every rule; it says why.
    """
    if not seconds > 0:
        raise UsageError(f"seconds is {seconds}; expected more than 0")
    if iterations is not None and iterations < 1:
        raise UsageError(f"iterations is {iterations}; expected at least 1")
    if iterations is None and np.isinf(seconds):
        raise UsageError("seconds is infinite; expected a number, or a number of iterations too")
    begun = time.perf_counter()
    problem = read_problem(
        flow,
        distance,
        cost,
        demand,
        capacity,
        weight,
        opening_cost,
        fixed,
        forbidden_sites,
        forbidden_pairs,
        start,
        max_moves,
    )
    reduced = reduce_problem(problem)
    if not len(reduced.agencies):
        value = problem.value(reduced.settled)
        return Assignment(
            reduced.settled,
            value,
            value,
            np.array([[0.0, 0.0, value]]),
            reduced.settled[None],
            np.array([value]),
            {"nothing to choose": value},
            proved=True,
        )
    part = reduced.problem
    share = SEARCH_SHARE if iterations is None else 1.0
    found = _searched(part, iterations, share * seconds, seed)
    left = max(seconds - (time.perf_counter() - begun), (1 - SEARCH_SHARE) * seconds)
    steps = None if iterations is None else max(50, iterations // STEPS)
    bound = lower_bound(part, float(found.values[0]), left, steps)
    better = found.values[0] - PROVED * abs(found.values[0])
    if bound.plan is not None and part.fits(bound.plan) and part.value(bound.plan) < better:
        found = search_plans(part, iterations, 0.1 * seconds, seed, first=bound.plan)
    return _answer(problem, reduced, found, bound)


def _searched(problem: AssignmentProblem, iterations, seconds, seed) -> Found:
    """Plans that keep the rules; if the walks meet none, a solver says whether there is one."""
    found = search_plans(problem, iterations, seconds, seed)
    if len(found.plans):
        return found
    bound, plan = outer_answer(problem, problem.cost, max(10.0, seconds))
    if np.isposinf(bound):
        raise UsageError(
            "no plan keeps every rule: room, forbidden sites and pairs and max_moves together "
            "leave none. Give more room or more moves, or drop a rule."
        )
    if plan is None or not problem.fits(plan):
        raise UsageError(
            f"no plan was found that keeps every rule, in {found.moves} moves; whether there is "
            "one is not known. Give more seconds, more room or more moves."
        )
    return search_plans(problem, iterations, seconds, seed, first=plan)


def _answer(problem: AssignmentProblem, reduced: Reduced, found: Found, bound) -> Assignment:
    best = float(found.values[0])
    plans = reduced.whole_plan(found.plans)
    value = problem.value(plans[0])
    limit = best + NEAR * abs(value)
    near = found.values <= limit
    # a bound on whole values is whole itself
    close = 0.5 if reduced.problem.whole else PROVED * max(abs(best), abs(value))
    history = found.history.copy()
    history[:, 2] += reduced.constant
    return Assignment(
        plans[0],
        value,
        min(bound.value + reduced.constant, value),
        history,
        plans[near],
        found.values[near] + reduced.constant,
        {name: its + reduced.constant for name, its in bound.by.items()},
        proved=best - bound.value <= close,
    )
