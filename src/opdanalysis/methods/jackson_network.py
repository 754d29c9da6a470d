"""Stations that send customers to each other at random: how many are where, for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_numbers import above_zero, from_zero, whole_servers
from opdanalysis.methods.queues import Queue, mmc

ROUNDING = 1e-9


@dataclass(frozen=True)
class JacksonNetwork:
    """An open network in its long run.

    Each of `stations` is as an M/M/c of its own (Jackson 1957): `stations.waiting`, `.stay`,
    `.number_inside` and so on are `(n_stations,)`, per visit.
    """

    arrivals: np.ndarray  # (n_stations,) from outside
    routing: np.ndarray  # (n_stations, n_stations) share that goes on from row to column
    stations: Queue

    @property
    def throughput(self) -> np.ndarray:
        """Visits to each station per unit of time, `(n_stations,)`."""
        return self.stations.arrival_rate

    @property
    def visits(self) -> np.ndarray:
        """Visits to each station per customer, `(n_stations,)`."""
        return self.throughput / self.arrivals.sum()

    @property
    def number_inside(self) -> float:
        """Mean number of customers in the whole network."""
        return float(self.stations.number_inside.sum())

    @property
    def stay(self) -> float:
        """Mean time of a customer in the network, over all visits (Little 1961)."""
        return self.number_inside / float(self.arrivals.sum())


def jackson_network(
    arrivals: np.ndarray, routing: np.ndarray, service_times: np.ndarray, servers: np.ndarray | int
) -> JacksonNetwork:
    """An open Jackson network: Poisson arrivals, exponential service, random routing.

    Parameters
    ----------
    arrivals
        Arrivals from outside at each station, `(n_stations,)`.
    routing
        Share of those served at a station (row) that go to another (column),
        `(n_stations, n_stations)`; what a row lacks to 1 leaves.
    service_times
        Mean service time per visit, `(n_stations,)`.
    servers
        Servers of each station, `(n_stations,)` or one number for all.

    The visits solve throughput = arrivals + throughput x routing. A network that customers never
    leave, and one with a station that cannot keep up, are refused.
    """
    arrivals = from_zero("arrivals", np.atleast_1d(arrivals))
    routing = from_zero("routing", routing)
    n = len(arrivals)
    if arrivals.shape != (n,) or routing.shape != (n, n):
        raise UsageError(
            f"arrivals have the shape {arrivals.shape} and routing {routing.shape}; expected one "
            "number per station, and a row and a column per station"
        )
    if not arrivals.any():
        raise UsageError("arrivals are 0 at every station; an open network needs some")
    sent = routing.sum(axis=1)
    if (sent > 1 + ROUNDING).any():
        station = int(np.argmax(sent))
        raise UsageError(
            f"routing sends {sent[station]:g} of the customers of station {station} onwards; "
            "expected 1 at most"
        )
    throughput = _throughput(arrivals, routing)
    times = np.broadcast_to(above_zero("service_times", service_times), n)
    stations = mmc(throughput, times, np.broadcast_to(whole_servers(servers), n))
    too_busy = np.flatnonzero(stations.utilisation >= 1)
    if len(too_busy):
        busy = ", ".join(f"station {i} at {stations.utilisation[i]:.3g}" for i in too_busy)
        raise UsageError(
            f"the network cannot keep up: utilisation of {busy}; expected below 1. Add servers, "
            "shorten the service or check the units of arrivals and service times."
        )
    return JacksonNetwork(arrivals, routing, stations)


def _throughput(arrivals, routing):
    """Visits per unit of time; stations that nobody reaches have none."""
    n = len(arrivals)
    reached = arrivals > 0
    for _ in range(n):
        reached = reached | ((routing > 0) & reached[:, None]).any(axis=0)
    leaves = routing.sum(axis=1) < 1 - ROUNDING
    for _ in range(n):
        leaves = leaves | ((routing > 0) & leaves[None, :]).any(axis=1)
    stuck = np.flatnonzero(reached & ~leaves)
    if len(stuck):
        named = ", ".join(str(i) for i in stuck)
        raise UsageError(
            f"customers never leave from station {named}: routing sends all of them on, for ever"
        )
    throughput = np.zeros(n)
    inner = np.ix_(reached, reached)
    throughput[reached] = np.linalg.solve(
        np.eye(int(reached.sum())) - routing[inner].T, arrivals[reached]
    )
    return throughput
