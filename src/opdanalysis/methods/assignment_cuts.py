"""A lower bound from cuts: whichever way the sites are split, enough contacts must cross.

For a split of the sites into two sides, the agencies of each side must fit there; the least flow
between two such groups is a small integer programme. A linear programme weighs the splits so that
the weighted splits between two sites never exceed their distance; the weighted sum of least flows
is then a lower bound on the contacts' cost, to which the least linear cost is added. Strong where
contacts are sparse and room is tight, nothing where one site could hold half of everything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

from opdanalysis.methods.assignment_outer import outer_bound, work_limit
from opdanalysis.methods.assignment_problem import AssignmentProblem

MOST_SITES_FOR_ALL = 12  # up to here every split is used
SECONDS_PER_CUT = 1.5
CUTS_PER_ROUND = 8
STEPS_PER_CUT = 10  # of the dual's steps, in measuring work
TOLERANCE = 1e-7


def cut_bound(problem: AssignmentProblem, seconds: float, steps: int | None = None) -> float | None:
    """The bound by cuts within `seconds`; nothing for problems without contacts.

    `steps` limits the work, counted in the dual's steps; then `seconds` may be infinite.
    """
    flow = np.triu(problem.flow + problem.flow.T, 1)
    if not flow.any() or problem.m < 2 or seconds < 0.3:
        return None
    begun = time.perf_counter()
    linear = outer_bound(problem, problem.cost, 0.3 * seconds, steps)
    distance = np.minimum(problem.distance, problem.distance.T)
    cuts = Cuts(problem, flow, site_splits(distance))
    first, second = np.triu_indices(problem.m, 1)
    parted = (cuts.splits[:, first] != cuts.splits[:, second]).T.astype(float)
    length = distance[first, second]
    most = np.inf if steps is None else max(1, steps // STEPS_PER_CUT)
    each = np.inf if np.isinf(seconds) else SECONDS_PER_CUT
    done = 0

    def left() -> float:
        return seconds - (time.perf_counter() - begun)

    while True:
        weight = _split_weights(cuts.hoped, parted, length)
        unsure = np.flatnonzero((weight > TOLERANCE) & ~cuts.sure)
        if not len(unsure) or left() <= 0 or done >= most:
            break
        order = unsure[np.argsort(-(weight * np.minimum(cuts.hoped, flow.sum()))[unsure])]
        for split in order[:CUTS_PER_ROUND]:
            cuts.prove(split, min(each, max(left(), 0.1)), steps)
            done += 1
            if left() <= 0:
                break
    weight = _split_weights(cuts.known, parted, length)
    return linear + float(weight @ cuts.known)


@dataclass
class Cuts:
    """The splits and what is known of the least flow across each."""

    problem: AssignmentProblem
    flow: np.ndarray  # (n, n), each pair once
    splits: np.ndarray  # (n_splits, m) bool

    def __post_init__(self) -> None:
        count = len(self.splits)
        self.known = np.zeros(count)  # proved
        self.sure = np.zeros(count, dtype=bool)
        self.hoped = np.full(count, self.flow.sum())  # flow across some fitting group
        self.room_inside = self.splits @ self.problem.room
        self.room_outside = ~self.splits @ self.problem.room
        for group in _sweeps(self.flow + self.flow.T):
            self._meet(group)

    def prove(self, split: int, seconds: float, nodes: int | None) -> None:
        """Find the least flow across one split."""
        problem = self.problem
        sender, receiver = np.nonzero(self.flow)
        n, edges = problem.n, len(sender)
        inside = (problem.allowed & self.splits[split]).any(axis=1)
        outside = (problem.allowed & ~self.splits[split]).any(axis=1)
        at = np.arange(edges)
        one = np.ones(edges)
        first = coo_array((one, (at, sender)), (edges, n + edges))
        second = coo_array((one, (at, receiver)), (edges, n + edges))
        crossing = coo_array((one, (at, n + at)), (edges, n + edges))
        room = coo_array(np.hstack([problem.demand.T, np.zeros((problem.demand.shape[1], edges))]))
        total = problem.demand.sum(axis=0)
        answer = milp(
            np.concatenate([np.zeros(n), self.flow[sender, receiver]]),
            constraints=LinearConstraint(
                csr_array(vstack([first - second - crossing, second - first - crossing, room])),
                np.concatenate([np.full(2 * edges, -np.inf), total - self.room_outside[split]]),
                np.concatenate([np.zeros(2 * edges), self.room_inside[split]]),
            ),
            integrality=np.concatenate([np.ones(n), np.zeros(edges)]),
            bounds=Bounds(
                np.concatenate([~outside * 1.0, np.zeros(edges)]),
                np.concatenate([inside * 1.0, np.ones(edges)]),
            ),
            options={"mip_rel_gap": 1e-4} | work_limit(seconds, nodes),
        )
        self.sure[split] = True
        bound = answer.mip_dual_bound
        if answer.status == 2:
            bound = self.flow.sum()  # no plan at all: anything is a bound
        elif bound is None or not np.isfinite(bound):
            bound = 0.0
        self.known[split] = max(0.0, bound - TOLERANCE * self.flow.sum())
        if answer.x is not None:
            self._meet(answer.x[:n] > 0.5)
        self.hoped[split] = self.known[split]

    def _meet(self, group: np.ndarray) -> None:
        """Lower the hopes of every split that this group, or the rest, would fit."""
        across = self.flow[np.ix_(group, ~group)].sum() + self.flow[np.ix_(~group, group)].sum()
        allowed = self.problem.allowed.astype(float)
        for one in (group, ~group):
            use, rest = self.problem.demand[one].sum(axis=0), self.problem.demand[~one].sum(axis=0)
            fits = (use <= self.room_inside).all(axis=1) & (rest <= self.room_outside).all(axis=1)
            may_in = self.splits @ allowed[one].T > 0
            may_out = ~self.splits @ allowed[~one].T > 0
            fits &= may_in.all(axis=1) & may_out.all(axis=1) & ~self.sure
            self.hoped[fits] = np.minimum(self.hoped[fits], across)


def site_splits(distance: np.ndarray) -> np.ndarray:
    """Ways to part the sites in two, `(n_splits, m)`; all of them for up to 12 sites.

    For more sites: each site with its nearest ones, and the two sides of any two sites.
    """
    m = len(distance)
    if m <= MOST_SITES_FOR_ALL:
        number = np.arange(1, 2 ** (m - 1))
        return (number[:, None] >> np.arange(m)) % 2 == 1
    splits = set()
    for site in range(m):
        order = np.argsort(distance[site], kind="stable")
        for size in range(1, m):
            splits.add(tuple(np.isin(np.arange(m), order[:size])))
    for one in range(m):
        for other in range(one):
            lead = distance[one] - distance[other]
            order = np.argsort(lead, kind="stable")
            for size in range(1, m):
                splits.add(tuple(np.isin(np.arange(m), order[:size])))
    whole = np.array(sorted(splits))
    # a split and its complement are one
    return np.unique(np.where(whole[:, :1], ~whole, whole), axis=0)


def _sweeps(flow):
    """Groups of agencies with few contacts outside: prefixes of the orders of spectral vectors."""
    spread = np.diag(flow.sum(axis=1)) - flow
    vectors = np.linalg.eigh(spread)[1][:, 1:8]
    for vector in vectors.T:
        order = np.argsort(vector, kind="stable")
        for size in range(1, len(order)):
            group = np.zeros(len(order), dtype=bool)
            group[order[:size]] = True
            yield group


def _split_weights(least_flow, parted, length):
    """Weights of the splits that keep to the distances and give the most, `(n_splits,)`."""
    useful = np.flatnonzero(least_flow > 0)
    weight = np.zeros(len(least_flow))
    if not len(useful):
        return weight
    answer = linprog(-least_flow[useful], A_ub=parted[:, useful], b_ub=length, method="highs")
    if answer.x is None:
        return weight
    weight[useful] = np.maximum(answer.x, 0.0)
    used = parted @ weight
    over = used > length
    # distances kept exactly, whatever the solver's tolerance
    if over.any():
        zero = over & (length <= 0)
        if zero.any():
            weight[(parted[zero] > 0).any(axis=0)] = 0.0
            used = parted @ weight
            over = used > length
        if over.any():
            weight *= (length[over] / used[over]).min() * (1 - 1e-12)
    return weight
