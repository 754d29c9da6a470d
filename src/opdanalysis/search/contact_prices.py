"""What contacts cost at least in any plan, shared out over agencies and the sites they may choose.

An agency in contact with one other only (a leaf) sits as is best for that one. The contacts among
the rest are priced by the level-1 dual. Such prices hold under any weight of the other costs, so
they are made once for all plans of a frontier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from opdanalysis.methods.assignment_dual import dual_bound
from opdanalysis.methods.assignment_problem import AssignmentProblem, Reduced

Floats = NDArray[np.float64]

LEAVES_COUNT = 0.5
"""How much what leaves cost sways the dual: 1 is best where contacts are all that counts, 0 where
they hardly count.
"""


@dataclass(frozen=True, eq=False)
class ContactPrices:
    """Shares of the cost of contacts among agencies that are no leaves.

    In every plan that keeps the rules, the shares of its sites add up to no more than that cost.
    """

    agencies: NDArray[np.intp]  # that may move, by their numbers in the city
    sites: NDArray[np.intp]
    shares: Floats  # (n_free, m_reachable), nothing for leaves

    def of(self, part: Reduced) -> Floats | None:
        """The shares for a problem of the same agencies and sites, otherwise nothing."""
        same = np.array_equal(part.agencies, self.agencies)
        return self.shares if same and np.array_equal(part.sites, self.sites) else None


def contact_prices(part: Reduced, seconds: float, steps: int | None) -> ContactPrices | None:
    """The prices of a problem in which nothing but contacts costs anything.

    `seconds` or `steps` limit the work. Nothing where the problem is beyond memory.
    """
    problem = part.problem
    leaf = leaves(problem)
    rest = np.flatnonzero(~leaf)
    sites = np.flatnonzero(problem.allowed[rest].any(axis=0))
    number = np.full(problem.m + 1, -1)
    number[sites] = np.arange(len(sites))
    block = np.ix_(rest, sites)
    without, within = leaf_pulls(problem), with_leaves(problem)
    cost = (without + LEAVES_COUNT * (within - without))[block]
    among = replace(
        problem,
        flow=problem.flow[np.ix_(rest, rest)],
        distance=problem.distance[np.ix_(sites, sites)],
        cost=cost,
        demand=problem.demand[rest],
        capacity=problem.capacity[sites],
        opening=np.zeros(len(sites)),
        allowed=problem.allowed[block],
        conflict=problem.conflict[np.ix_(rest, rest)],
        start=number[problem.start[rest]],
        max_moves=min(problem.max_moves, len(rest)),
    )
    dual = dual_bound(among, np.inf, seconds, steps)
    if dual is None:
        return None
    shares = np.zeros_like(problem.cost)
    shares[block] = np.where(among.allowed, dual.prices - cost, 0.0)
    return ContactPrices(part.agencies, part.sites, shares)


def leaves(problem: AssignmentProblem) -> NDArray[np.bool_]:
    """Agencies in contact with one other open agency only, which is itself no such agency."""
    both = problem.flow + problem.flow.T > 0
    single = both.sum(axis=1) == 1
    return single & ~(both & single).any(axis=1)


def leaf_pulls(problem: AssignmentProblem) -> Floats:
    """What leaves' contacts cost each partner in each site, each leaf as near as it may be."""
    both = problem.flow + problem.flow.T
    nearest = np.array([problem.distance[sites].min(axis=0) for sites in problem.allowed])
    return np.asarray(np.where(leaves(problem)[None, :], both, 0.0) @ nearest)


def with_leaves(problem: AssignmentProblem) -> Floats:
    """Costs of the agencies with those of their leaves, which sit as is best for the partner.

    Leaves themselves cost nothing then; openings and room are left out.
    """
    both = problem.flow + problem.flow.T
    cost = problem.cost.copy()
    for one in np.flatnonzero(leaves(problem)):
        partner, sites = both[one].argmax(), np.flatnonzero(problem.allowed[one])
        own = problem.cost[one, sites][:, None] + both[one, partner] * problem.distance[sites]
        cost[partner] += own.min(axis=0)
        cost[one] = 0.0
    return cost
