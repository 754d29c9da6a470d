"""Invented assignment problems, the same for the same seed, to test and measure with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError

KINDS = ("dense", "offices", "permutation", "city")


@dataclass(frozen=True)
class Instance:
    """What `assign` takes first; unpack it with `assign(*instance.tables, **instance.rules)`."""

    flow: np.ndarray
    distance: np.ndarray
    cost: np.ndarray
    demand: np.ndarray
    capacity: np.ndarray
    rules: dict

    @property
    def tables(self) -> tuple[np.ndarray, ...]:
        """Flow, distance, cost, demand and capacity, in the order that `assign` takes them."""
        return self.flow, self.distance, self.cost, self.demand, self.capacity


def make_instance(kind: str, n: int, m: int, fill: float, seed: int) -> Instance:
    """An invented problem of n agencies and m sites, whose room is filled to the share `fill` [1].

    - dense: every pair in contact (0 to 100), distances 0 to 100, linear costs that weigh about as
      much as the contacts; the kind that the literature tests with
    - offices: contacts mostly inside four groups, distances between points on a plane, demands
      lognormal, small linear costs; hard to bound
    - permutation: one agency per site, no linear costs
    - city: a fifth to a third of the agencies may move, into the 25 largest sites or fewer; the
      others are fixed in small sites of their own; linear costs dominate; floor area and parking

    All amounts are whole numbers. A hidden plan that fits makes sure that there is one.
    """
    if kind not in KINDS:
        raise UsageError(f"kind is '{kind}'; expected one of {', '.join(KINDS)}")
    rng = np.random.default_rng(seed)
    return {"dense": _dense, "offices": _offices, "permutation": _permutation, "city": _city}[kind](
        rng, n, m, fill
    )


def _dense(rng, n, m, fill):
    flow = _mirrored(rng.integers(0, 101, (n, n)))
    distance = _mirrored(rng.integers(1, 101, (m, m)))
    cost = rng.integers(0, 50 * 50 * n // 5, (n, m)).astype(float)
    demand = rng.integers(5, 100, n).astype(float)
    return Instance(flow, distance, cost, demand, _capacity(rng, demand, m, fill), {})


def _offices(rng, n, m, fill):
    group = rng.integers(0, 4, n)
    same = group[:, None] == group[None, :]
    tied = rng.random((n, n)) < np.where(same, 0.4, 0.06)
    flow = np.triu(tied * rng.geometric(0.15, (n, n)), 1).astype(float)
    place = rng.uniform(0, 100, (m, 2))
    distance = np.rint(np.hypot(*(place[:, None] - place[None, :]).transpose(2, 0, 1)))
    cost = rng.integers(0, 60, (n, m)).astype(float)
    demand = np.ceil(rng.lognormal(3.3, 0.5, n))
    return Instance(flow + flow.T, distance, cost, demand, _capacity(rng, demand, m, fill), {})


def _permutation(rng, n, m, fill):
    flow, distance = (_mirrored(rng.integers(0, 10, (size, size))) for size in (n, m))
    return Instance(flow, distance, np.zeros((n, m)), np.ones(n), np.ones(m), {})


def _city(rng, n, m, fill):
    hosts = min(25, max(2, m // 4))
    movable = max(2, int(n * rng.uniform(0.2, 0.4)))
    place = rng.normal(0, 40, (m, 2))
    distance = np.rint(np.hypot(*(place[:, None] - place[None, :]).transpose(2, 0, 1)))
    flow = (rng.random((n, n)) < 0.05) * rng.geometric(0.1, (n, n)) * 1.0
    np.fill_diagonal(flow, 0)
    flow = flow + flow.T
    demand = np.column_stack([np.ceil(rng.lognormal(5, 0.6, n)), rng.integers(2, 40, n)]) * 1.0
    capacity = np.zeros((m, 2))
    start = np.where(np.arange(n) < movable, rng.integers(0, hosts, n), -1)
    others = np.flatnonzero(start < 0)
    start[others] = hosts + rng.integers(0, m - hosts, len(others))
    np.add.at(capacity, start, demand)
    capacity[:hosts] = np.ceil(
        capacity[:hosts] + capacity[:hosts].sum(axis=0) * (1 / fill - 1) / hosts
    )
    host_cost = rng.integers(0, 4_000, hosts)
    cost = rng.integers(0, 3_000, (n, m)) + np.zeros((n, m))
    cost[:, :hosts] += host_cost
    cost[np.arange(n), start] = np.maximum(cost[np.arange(n), start] - 500, 0)
    forbidden = np.ones((n, m), dtype=bool)
    forbidden[:movable, :hosts] = rng.random((movable, hosts)) < 0.2
    forbidden[np.arange(n), start] = False
    rules = {
        "forbidden_sites": forbidden,
        "start": start,
        "opening_cost": np.where(np.arange(m) < hosts, rng.integers(500, 6_000, m), 0) * 1.0,
    }
    return Instance(flow, distance, cost, demand, capacity, rules)


def _mirrored(table):
    upper = np.triu(table, 1).astype(float)
    return upper + upper.T


def _capacity(rng, demand, m, fill):
    """Whole capacities that hold a hidden plan and add up to about demand / fill."""
    share = rng.uniform(0.6, 1.4, m)
    wanted = share / share.sum() * demand.sum()
    used = np.zeros(m)
    for agency in np.argsort(-demand):
        site = int((wanted - used).argmax())
        used[site] += demand[agency]
    return np.ceil(used / fill)
