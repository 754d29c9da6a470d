"""The outer problem: agencies to sites at given prices, with every rule and without contacts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from opdanalysis.methods.assignment_problem import AssignmentProblem

SAFETY = 1e-7  # a solver's tolerance, as a share of the costs that it adds
NEAR_ENOUGH = 1e-4  # a solver stops when its plan is this near its bound, as a share of the value


def outer_bound(
    problem: AssignmentProblem, prices: np.ndarray, seconds: float, nodes: int | None = None
) -> float:
    """The least sum of prices and openings over all plans, or what is proved of it in time.

    Infinite where no plan keeps every rule.
    """
    return outer_answer(problem, prices, seconds, nodes)[0]


def outer_answer(
    problem: AssignmentProblem, prices: np.ndarray, seconds: float, nodes: int | None = None
) -> tuple[float, np.ndarray | None]:
    """The bound of `outer_bound`, and the plan that was found on the way, if any.

    The work ends after `seconds`, which may be infinite, and after so many `nodes` of the solver's
    tree, where they are limited.
    """
    if seconds < 0.05:
        return -np.inf, None
    agency, site = np.nonzero(problem.allowed)
    n, m, count = problem.n, problem.m, len(agency)
    rows, lower, upper = outer_rows(problem, agency, site)
    answer = milp(
        np.concatenate([prices[agency, site], problem.opening]),
        constraints=LinearConstraint(rows, lower, upper),
        integrality=np.ones(count + m),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": NEAR_ENOUGH} | work_limit(seconds, nodes),
    )
    plan = None
    if answer.x is not None:
        chosen = np.zeros((n, m))
        chosen[agency, site] = answer.x[:count]
        plan = chosen.argmax(axis=1)
    if answer.mip_dual_bound is None or not np.isfinite(answer.mip_dual_bound):
        return (np.inf if answer.status == 2 else -np.inf), plan
    size = np.abs(np.where(problem.allowed, prices, 0)).max(axis=1).sum()
    margin = SAFETY * (size + np.abs(problem.opening).sum())
    return float(answer.mip_dual_bound - margin), plan


def work_limit(seconds: float, nodes: int | None) -> dict[str, float]:
    """Where a solver stops: after `seconds` and at `nodes` of its tree, as far as given."""
    limits: dict[str, float] = {} if np.isinf(seconds) else {"time_limit": seconds}
    return limits if nodes is None else limits | {"node_limit": nodes}


def outer_reduced(problem: AssignmentProblem, prices: np.ndarray) -> np.ndarray:
    """A bound on all plans that put an agency into a site, the others at their least, `(n, m)`."""
    offered = np.where(problem.allowed, prices, np.inf)
    least = offered.min(axis=1)
    others = np.broadcast_to((least.sum() - least)[:, None], offered.shape)
    if problem.max_moves < problem.n:
        others = np.maximum(others, _others_near_start(problem, offered, least))
    return others + offered + np.minimum(problem.opening, 0).sum()


def _others_near_start(problem, offered, least):
    """Least prices of all agencies but one with the moves that its own site leaves, `(n, m)`."""
    agency = np.arange(problem.n)
    home = np.where(problem.start >= 0, offered[agency, problem.start], np.inf)
    gone = ~np.isfinite(home)  # these must move
    home = np.where(gone, least, home)
    saved = home - least
    answer = np.empty_like(offered)
    for one in agency:
        others = agency != one
        left = problem.max_moves - (gone & others).sum()
        # the best savings first; what 0, 1, 2, ... moves leave to pay
        best = np.concatenate([[0.0], np.cumsum(np.sort(saved[others])[::-1])])
        moves = left - (np.arange(problem.m) != problem.start[one])
        answer[one] = home[others].sum() - best[np.clip(moves, 0, len(best) - 1)]
    return answer


def outer_rows(problem, agency, site):
    """Rows of: one site each, room, openings, moves, pairs apart; over choices, then openings."""
    n, m, count = problem.n, problem.m, len(agency)
    one = np.ones(count)
    at = np.arange(count)
    blocks = [coo_array((one, (agency, at)), shape=(n, count + m))]
    lower, upper = [np.ones(n)], [np.ones(n)]
    for c in range(problem.demand.shape[1]):
        blocks.append(coo_array((problem.demand[agency, c], (site, at)), shape=(m, count + m)))
        lower.append(np.full(m, -np.inf))
        upper.append(problem.room[:, c])
    # a site with a positive opening cost is open when anyone is in; with a negative one, when not
    # all are out
    pays = np.flatnonzero(problem.opening[site] > 0)
    if len(pays):
        rows = np.arange(len(pays))
        blocks.append(
            coo_array((np.ones(len(pays)), (rows, pays)), shape=(len(pays), count + m))
            - coo_array((np.ones(len(pays)), (rows, count + site[pays])), (len(pays), count + m))
        )
        lower.append(np.full(len(pays), -np.inf))
        upper.append(np.zeros(len(pays)))
    saves = np.flatnonzero(problem.opening < 0)
    if len(saves):
        inside = np.isin(site, saves)
        blocks.append(
            coo_array((np.ones(m), (np.arange(m), count + np.arange(m))), shape=(m, count + m))
            - coo_array((one[inside], (site[inside], at[inside])), shape=(m, count + m))
        )
        lower.append(np.full(m, -np.inf))
        upper.append(np.where(problem.opening < 0, 0.0, np.inf))
    if problem.max_moves < n:
        stays = site == problem.start[agency]
        blocks.append(
            coo_array((one[stays], (np.zeros(stays.sum(), int), at[stays])), (1, count + m))
        )
        lower.append(np.array([n - problem.max_moves]))
        upper.append(np.array([np.inf]))
    first, second = np.nonzero(np.triu(problem.conflict))
    if len(first):
        number = np.full((n, m), -1)
        number[agency, site] = at
        one_side, other = number[first].ravel(), number[second].ravel()
        both = (one_side >= 0) & (other >= 0)
        rows = np.tile(np.arange(both.sum()), 2)
        columns = np.concatenate([one_side[both], other[both]])
        blocks.append(coo_array((np.ones(len(rows)), (rows, columns)), (both.sum(), count + m)))
        lower.append(np.full(both.sum(), -np.inf))
        upper.append(np.ones(both.sum()))
    return csr_array(vstack(blocks)), np.concatenate(lower), np.concatenate(upper)
