"""Lower bounds for assignment problems: the quick one, and the best of several.

Gilmore and Lawler's bound asks, for each agency in each site, how little its own contacts could
cost there: the heaviest contacts in the nearest rooms. The same outer problem, an assignment of
agencies to sites at these prices, closes every bound that comes as prices.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.assignment_cuts import cut_bound
from opdanalysis.methods.assignment_dual import beaten_at, dual_bound
from opdanalysis.methods.assignment_near_start import near_start_prices
from opdanalysis.methods.assignment_outer import outer_bound, outer_reduced
from opdanalysis.methods.assignment_problem import AssignmentProblem
from opdanalysis.methods.assignment_proof import can_be_proved, proved_bound

NODES_PER_STEP = 20  # nodes of a solver's tree to each step of the dual
SPARSE = 0.35  # share of pairs in contact up to which cuts are tried


@dataclass(frozen=True)
class LowerBound:
    """A value that no plan beats, and the bounds that were tried for it."""

    value: float
    by: dict[str, float]  # name of each bound that was tried and its value
    open: np.ndarray  # (n, m): sites that a better plan than the best known may still use
    plan: np.ndarray | None  # a plan that the integer programme found, perhaps a better one


def lower_bound(
    problem: AssignmentProblem, upper: float, seconds: float, steps: int | None = None
) -> LowerBound:
    """The best of the bounds that `seconds` allow, given a plan that costs `upper`.

    `steps` limits the dual's steps and, in their measure, the others' work; with it the answer is
    the same on any computer, as long as `seconds` suffice. They may then be infinite.
    """
    begun = time.perf_counter()

    def left() -> float:
        return max(0.0, seconds - (time.perf_counter() - begun))

    def short(most: float, share: float) -> float:
        return seconds if np.isinf(seconds) else min(most, max(0.2, share * left()))

    nodes = None if steps is None else NODES_PER_STEP * steps
    whole = problem.whole
    target = beaten_at(upper, whole)
    by: dict[str, float] = {}
    plan = None
    prices = gilmore_lawler_prices(problem)
    quick = outer_bound(problem, prices, short(2.0, 0.2), nodes)
    by["Gilmore-Lawler"] = quick
    still = problem.allowed & (outer_reduced(problem, prices) < target)
    if not still.any(axis=1).all():
        by["Gilmore-Lawler"] = max(quick, target)
    elif quick < target:
        problem = problem.narrowed(still)
    near = near_start_prices(problem) if max(by.values()) < target else None
    if near is not None:
        few = near.base + outer_bound(problem, near.prices, short(2.0, 0.3), nodes)
        still = problem.allowed & (near.base + outer_reduced(problem, near.prices) < target)
        by["few moves"] = target if not still.any(axis=1).all() else min(few, target)
        problem = problem.narrowed(still) if by["few moves"] < target else problem
    if max(by.values()) < target:
        sparse = (problem.flow > 0).mean() < SPARSE
        small = can_be_proved(problem)
        share = 0.25 if small else 0.5 if sparse else 0.9
        dual = dual_bound(problem, upper, share * left(), steps, whole)
        if dual is not None:
            by["level-1 dual"] = dual.value
            if dual.value < target:
                problem = problem.narrowed(dual.open)
                closed = outer_bound(problem, dual.prices, short(3.0, 0.5), nodes)
                by["level-1 dual"] = max(dual.value, min(closed, target))
        if max(by.values()) < target and sparse:
            share = 0.3 if small else 0.95
            cuts = cut_bound(problem, share * left(), steps)
            if cuts is not None:
                by["cuts"] = min(cuts, target)
        if max(by.values()) < target and small and left() > 0.1:
            proved, plan = proved_bound(problem, target, left(), nodes)
            if np.isfinite(proved):
                by["integer programme"] = proved
    value = max(by.values())
    return LowerBound(_rounded(value, upper, whole), by, problem.allowed, plan)


def _rounded(value, upper, whole):
    # rounding of the sums is far below this
    value -= 1e-4 + 1e-9 * abs(value) if whole else 1e-9 * abs(value)
    return float(min(np.ceil(value) if whole else value, upper))


def gilmore_lawler_prices(problem: AssignmentProblem) -> np.ndarray:
    """What each agency costs in each site, with its own contacts, at least, `(n, m)`.

    The contacts that agency i makes are put into the rooms nearest to site k, the heaviest per unit
    of demand first, as if agencies could be divided; over several kinds of room the dearest answer
    counts. This is the exact answer of the divided problem, by the rearrangement inequality.
    """
    n, m = problem.n, problem.m
    added = np.zeros((n, m))
    room = problem.room
    for k in range(m):
        order = np.argsort(problem.distance[k], kind="stable")
        reach = problem.distance[k, order]
        for i in range(n):
            if not problem.allowed[i, k]:
                continue
            flow = np.delete(problem.flow[i], i)
            for c in range(room.shape[1]):
                need = np.delete(problem.demand[:, c], i)
                space = room[:, c].copy()
                space[k] = max(space[k] - problem.demand[i, c], 0.0)
                added[i, k] = max(added[i, k], _packed(flow, need, space[order], reach))
    return problem.cost + added


def _packed(flow, need, space, reach):
    """Least sum of flow times distance when flows fill the spaces in the order of distance."""
    use = (flow > 0) & (need > 0)
    # who needs no room sits in the nearest site
    value = flow[(flow > 0) & (need <= 0)].sum() * reach[0]
    flow, need = flow[use], need[use]
    if not len(flow):
        return value
    density = flow / need
    order = np.argsort(-density, kind="stable")
    filled = np.concatenate([[0.0], np.cumsum(need[order])])
    borders = np.concatenate([[0.0], np.cumsum(space)])
    ends = np.unique(np.concatenate([filled, borders[borders < filled[-1]]]))
    middle = (ends[1:] + ends[:-1]) / 2
    who = np.clip(np.searchsorted(filled, middle, side="right") - 1, 0, len(order) - 1)
    where = np.clip(np.searchsorted(borders, middle, side="right") - 1, 0, len(reach) - 1)
    return value + float((np.diff(ends) * density[order][who] * reach[where]).sum())
