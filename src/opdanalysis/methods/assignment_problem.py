"""What is to be assigned: agencies with contacts and demands, sites with distances and room.

The whole problem is checked once, then reduced: agencies that can sit in one site only are folded
into the linear costs of the others, and sites that nobody can reach are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from opdanalysis.errors import UsageError

ROUNDING = 1e-9  # a site may be overfull by this share of all demand, which is rounding


@dataclass(frozen=True)
class AssignmentProblem:
    """n agencies, m sites, r kinds of room; every array is checked by `read_problem`."""

    flow: np.ndarray  # (n, n), weight included, empty diagonal
    distance: np.ndarray  # (m, m)
    cost: np.ndarray  # (n, m)
    demand: np.ndarray  # (n, r)
    capacity: np.ndarray  # (m, r)
    opening: np.ndarray  # (m,)
    allowed: np.ndarray  # (n, m)
    conflict: np.ndarray  # (n, n): these two may not share a site
    start: np.ndarray  # (n,), -1 where the agency has no place that it could keep
    max_moves: int  # agencies that may differ from `start`; n where there is no limit

    @property
    def n(self) -> int:
        """How many agencies."""
        return len(self.flow)

    @property
    def m(self) -> int:
        """How many sites."""
        return len(self.distance)

    @property
    def room(self) -> np.ndarray:
        """Capacity with its rounding, `(m, r)`."""
        return self.capacity + ROUNDING * self.demand.sum(axis=0)

    @property
    def whole(self) -> bool:
        """Every plan costs a whole number, because all amounts are whole."""
        tables = (self.flow, self.distance, self.cost, self.opening)
        return all(bool((table == np.rint(table)).all()) for table in tables)

    def narrowed(self, allowed: np.ndarray) -> AssignmentProblem:
        """The same problem with fewer allowed sites."""
        return replace(self, allowed=self.allowed & allowed)

    def value(self, sites: np.ndarray) -> float:
        """What the plan costs: linear, contacts times distance, opening."""
        linear = self.cost[np.arange(self.n), sites].sum()
        contacts = (self.flow * self.distance[np.ix_(sites, sites)]).sum()
        return float(linear + contacts + self.opening[np.unique(sites)].sum())

    def moves(self, sites: np.ndarray) -> int:
        """How many agencies differ from the start."""
        return int((sites != self.start).sum())

    def fits(self, sites: np.ndarray) -> bool:
        """Does the plan keep every rule?"""
        load = np.zeros_like(self.capacity)
        np.add.at(load, sites, self.demand)
        shared = sites[:, None] == sites[None, :]
        return bool(
            (load <= self.room).all()
            and self.allowed[np.arange(self.n), sites].all()
            and not (shared & self.conflict).any()
            and (self.max_moves >= self.n or self.moves(sites) <= self.max_moves)
        )


@dataclass(frozen=True)
class Reduced:
    """The part of a problem that is still open, and what the rest costs."""

    problem: AssignmentProblem
    agencies: np.ndarray  # (n_free,): their numbers in the whole problem
    sites: np.ndarray  # (m_reachable,)
    settled: np.ndarray  # (n,): site of each settled agency, -1 where it is open
    constant: float

    def whole_plan(self, sites: np.ndarray) -> np.ndarray:
        """Sites of all agencies from the sites of the open ones, `(..., n)`."""
        sites = np.asarray(sites)
        plan = np.broadcast_to(self.settled, (*sites.shape[:-1], len(self.settled))).copy()
        if len(self.agencies):
            plan[..., self.agencies] = self.sites[sites]
        return plan


def read_problem(
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
) -> AssignmentProblem:
    """The checked problem; a `UsageError` names what is wrong. Arguments as for `assign`."""
    flow = _table("flow", flow, (None, None), least=0.0)
    n = len(flow)
    if flow.shape != (n, n) or n == 0:
        raise UsageError(f"flow is {_by(flow.shape)}; expected a square of agencies by agencies")
    distance = _table("distance", distance, (None, None), least=0.0)
    m = len(distance)
    if distance.shape != (m, m) or m == 0:
        raise UsageError(f"distance is {_by(distance.shape)}; expected a square of sites by sites")
    cost = _table("cost", cost, (n, m))
    demand, capacity = _rooms(demand, capacity, n, m)
    if not np.isfinite(weight) or weight < 0:
        raise UsageError(f"weight is {weight}; expected a number of at least 0")
    opening = np.zeros(m) if opening_cost is None else _table("opening_cost", opening_cost, (m,))
    allowed = _allowed(n, m, fixed, forbidden_sites)
    conflict = _conflict(n, forbidden_pairs)
    home = np.full(n, -1) if start is None else _places("start", start, n, m, empty=False)
    most = n
    if max_moves is not None:
        if start is None:
            raise UsageError("max_moves needs start: the sites that the moves are counted from")
        if int(max_moves) < 0:
            raise UsageError(f"max_moves is {max_moves}; expected at least 0")
        most = min(n, int(max_moves))
    weighted = weight * flow
    # an agency's flow to itself is a matter of its own site: part of the linear cost
    own = np.diag(weighted)[:, None] * np.diag(distance)[None, :]
    np.fill_diagonal(weighted, 0.0)
    return AssignmentProblem(
        weighted, distance, cost + own, demand, capacity, opening, allowed, conflict, home, most
    )


def reduce_problem(problem: AssignmentProblem) -> Reduced:
    """What is still open; a `UsageError` says why a problem has no plan, where that is plain."""
    settled = np.full(problem.n, -1)
    allowed = problem.allowed.copy()
    free = problem.room.copy()
    while True:
        for agency in np.flatnonzero(settled < 0):
            fitting = (problem.demand[agency] <= free).all(axis=1)
            choice = allowed[agency] & fitting
            if not choice.any():
                raise UsageError(_homeless(problem, agency, allowed[agency], free))
            allowed[agency] = choice
        if _no_move_left(problem, allowed):
            stay = allowed[np.arange(problem.n), problem.start] & (problem.start >= 0)
            allowed[stay] = False
            allowed[stay, problem.start[stay]] = True
        new = np.flatnonzero((settled < 0) & (allowed.sum(axis=1) == 1))
        if not len(new):
            break
        for agency in new:
            site = int(allowed[agency].argmax())
            if not allowed[agency, site] or (problem.demand[agency] > free[site]).any():
                raise UsageError(_homeless(problem, agency, allowed[agency], free))
            settled[agency] = site
            free[site] -= problem.demand[agency]
            allowed[problem.conflict[agency], site] = False
    _enough_room(problem, settled, free)
    return _folded(problem, settled, allowed, free)


def _no_move_left(problem, allowed):
    if problem.max_moves >= problem.n:
        return False
    can_stay = allowed[np.arange(problem.n), problem.start] & (problem.start >= 0)
    return (~can_stay).sum() >= problem.max_moves


def _folded(problem, settled, allowed, free):
    held = np.flatnonzero(settled >= 0)
    agencies = np.flatnonzero(settled < 0)
    sites = np.flatnonzero(allowed[agencies].any(axis=0))
    flow, distance, places = problem.flow, problem.distance, settled[held]
    constant = problem.cost[held, places].sum()
    constant += (flow[np.ix_(held, held)] * distance[np.ix_(places, places)]).sum()
    in_use = np.unique(places)
    constant += problem.opening[in_use].sum()
    opening = problem.opening.copy()
    opening[in_use] = 0.0
    cost = problem.cost[agencies].copy()
    cost += flow[np.ix_(agencies, held)] @ distance[:, places].T
    cost += flow[np.ix_(held, agencies)].T @ distance[places, :]
    moved = int((settled[held] != problem.start[held]).sum())
    limited = problem.max_moves < problem.n
    left = problem.max_moves - moved
    if limited and left < 0:
        raise UsageError(
            f"no plan: {moved} agencies must leave their start site, max_moves is "
            f"{problem.max_moves}"
        )
    number = np.full(problem.m + 1, -1)
    number[sites] = np.arange(len(sites))
    start = number[problem.start[agencies]]
    start[start >= 0] = np.where(
        allowed[agencies[start >= 0], sites[start[start >= 0]]], start[start >= 0], -1
    )
    if limited and (start < 0).sum() > left:
        raise UsageError(
            f"no plan: {int((start < 0).sum()) + moved} agencies must leave their start site, "
            f"max_moves is {problem.max_moves}"
        )
    part = AssignmentProblem(
        flow[np.ix_(agencies, agencies)],
        distance[np.ix_(sites, sites)],
        cost[:, sites],
        problem.demand[agencies],
        np.maximum(free[sites], 0.0),
        opening[sites],
        allowed[np.ix_(agencies, sites)],
        problem.conflict[np.ix_(agencies, agencies)],
        start,
        min(left, len(agencies)) if limited else len(agencies),
    )
    return Reduced(part, agencies, sites, settled, float(constant))


def _enough_room(problem, settled, free):
    open_ones = settled < 0
    needed = problem.demand[open_ones].sum(axis=0)
    reachable = problem.allowed[open_ones].any(axis=0)
    there = np.maximum(free[reachable], 0.0).sum(axis=0)
    for column in np.flatnonzero(needed > there):
        raise UsageError(
            f"no plan: the agencies that may choose need {needed[column]:g} of room "
            f"{column}, the sites open to them have {there[column]:g} left"
        )


def _homeless(problem, agency, allowed, free):
    head = f"no plan: agency {agency} fits nowhere"
    if not allowed.any():
        return (
            f"{head}; every site is forbidden to it (forbidden_sites, forbidden_pairs, max_moves)"
        )
    site = int(np.where(allowed, free.min(axis=1), -np.inf).argmax())
    column = int((problem.demand[agency] - free[site]).argmax())
    left = max(round(free[site, column], 6), 0)
    return (
        f"{head}; in site {site} it needs {problem.demand[agency, column]:g} of room {column}, "
        f"where {left:g} of {problem.capacity[site, column]:g} is left. "
        "If it sits there today, raise the capacity to what is used."
    )


def _by(shape):
    return " by ".join(map(str, shape)) or "a single number"


def _table(name, table, shape, least=-np.inf):
    table = np.array(table, dtype=float)
    wanted = "square" if None in shape else _by(shape)
    if table.ndim != len(shape) or any(
        want is not None and got != want for got, want in zip(table.shape, shape, strict=True)
    ):
        raise UsageError(f"{name} is {_by(table.shape)}; expected {wanted}")
    if not np.isfinite(table).all():
        place = tuple(int(x) for x in np.argwhere(~np.isfinite(table))[0])
        raise UsageError(f"{name} has {table[place]} at {place}; expected numbers")
    if (table < least).any():
        place = tuple(int(x) for x in np.argwhere(table < least)[0])
        raise UsageError(f"{name} has {table[place]:g} at {place}; expected at least {least:g}")
    return table


def _rooms(demand, capacity, n, m):
    demand, capacity = np.array(demand, dtype=float), np.array(capacity, dtype=float)
    if demand.ndim == 1 and capacity.ndim == 1:
        demand, capacity = demand[:, None], capacity[:, None]
    if demand.ndim != 2 or capacity.ndim != 2 or demand.shape[1] != capacity.shape[1]:
        raise UsageError(
            f"demand is {_by(demand.shape)} and capacity {_by(capacity.shape)}; expected the same "
            "columns in both, one for each kind of room"
        )
    columns = demand.shape[1]
    return (
        _table("demand", demand, (n, columns), least=0.0),
        _table("capacity", capacity, (m, columns), least=0.0),
    )


def _places(name, places, n, m, *, empty):
    places = np.asarray(places)
    if places.shape != (n,) or (places.size and places.dtype.kind not in "iu"):
        raise UsageError(f"{name} is {_by(places.shape)} {places.dtype}; expected {n} site numbers")
    least = -1 if empty else 0
    wrong = (places < least) | (places >= m)
    if wrong.any():
        agency = int(wrong.argmax())
        raise UsageError(
            f"{name} puts agency {agency} into site {places[agency]}; expected {least} to {m - 1}"
        )
    return places.astype(np.int64)


def _allowed(n, m, fixed, forbidden_sites):
    allowed = np.ones((n, m), dtype=bool)
    if forbidden_sites is not None:
        given = np.asarray(forbidden_sites)
        if given.dtype == bool:
            if given.shape != (n, m):
                raise UsageError(f"forbidden_sites is {_by(given.shape)}; expected {_by((n, m))}")
            allowed &= ~given
        else:
            agency, site = _number_pairs("forbidden_sites", given, n, m)
            allowed[agency, site] = False
    if fixed is None:
        return allowed
    if isinstance(fixed, Mapping):
        for agency in fixed:
            if not 0 <= int(agency) < n:
                raise UsageError(f"fixed names agency {agency}; expected 0 to {n - 1}")
        fixed = np.array([fixed.get(agency, -1) for agency in range(n)], dtype=np.int64)
    places = _places("fixed", fixed, n, m, empty=True)
    for agency in np.flatnonzero(places >= 0):
        if not allowed[agency, places[agency]]:
            raise UsageError(
                f"agency {agency} is fixed in site {places[agency]}, which is forbidden to it"
            )
        allowed[agency] = False
        allowed[agency, places[agency]] = True
    return allowed


def _conflict(n, pairs):
    conflict = np.zeros((n, n), dtype=bool)
    if pairs is not None:
        first, second = _number_pairs("forbidden_pairs", np.asarray(pairs), n, n)
        if (first == second).any():
            raise UsageError(
                f"forbidden_pairs holds agency {first[first == second][0]} with itself"
            )
        conflict[first, second] = conflict[second, first] = True
    return conflict


def _number_pairs(name, pairs, n, m):
    if pairs.size == 0:
        pairs = np.zeros((0, 2), dtype=int)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
        raise UsageError(f"{name} is {_by(pairs.shape)} {pairs.dtype}; expected pairs of numbers")
    if (pairs < 0).any() or (pairs >= [n, m]).any():
        row = pairs[((pairs < 0) | (pairs >= [n, m])).any(axis=1)][0]
        raise UsageError(f"{name} holds {tuple(map(int, row))}; numbers start at 0, below {(n, m)}")
    return pairs.T
