"""What simpler formulas say of a counter's day, to be shown beside the exact answer, never for it.

Each ignores something that a public counter has: the peak, what the hour before left in line, or
chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.counter_day import CounterDay
from opdanalysis.methods.queues import mmc

NODES = 60  # of the Gauss-Legendre rule within an hour


@dataclass(frozen=True)
class DayReferences:
    """Mean waiting of the day's arrivals by four simpler formulas [minutes]; inf where one breaks.

    `stationary`: M/M/c for ever at the day's mean rate; nan where the servers change over the day.
    `hour_by_hour`: M/M/c for ever at the rate of each hour (SIPP, stationary independent period by
    period; Green, Kolesar and Soares 2001). `offered_load`: M/M/c for ever at the work that would
    be in progress if nobody had to wait (MOL, modified offered load; Massey and Whitt 1997).
    `fluid`: customers flow like water, so that only overload makes them wait.
    """

    stationary: float
    hour_by_hour: float
    offered_load: float
    fluid: float


def day_references(day: CounterDay) -> DayReferences:
    """The four references for the inputs of `day`."""
    return DayReferences(
        stationary=_stationary(day),
        hour_by_hour=_hour_by_hour(day),
        offered_load=_offered_load(day),
        fluid=_fluid(day),
    )


def unlimited_servers(
    arrivals: np.ndarray, service_minutes: float, hour_minutes: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Expected number inside at `times` with a server for everyone (M(t)/M/infinity), as `times`.

    `arrivals` and `hour_minutes` are `(n_hours,)`; the day starts empty. The number follows a
    Poisson distribution (Eick, Massey and Whitt 1993).
    """
    starts = np.concatenate([[0.0], np.cumsum(hour_minutes)[:-1]])
    limits = np.asarray(arrivals) / hour_minutes * service_minutes
    at_start = np.zeros(len(limits) + 1)
    for i, length in enumerate(hour_minutes):
        faded = np.exp(-length / service_minutes)
        at_start[i + 1] = limits[i] + (at_start[i] - limits[i]) * faded
    times = np.asarray(times, dtype=float)
    hour = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(limits) - 1)
    faded = np.exp(-(times - starts[hour]) / service_minutes)
    return limits[hour] + (at_start[hour] - limits[hour]) * faded


def _stationary(day):
    if np.ptp(day.servers):
        return float("nan")
    rate = day.arrivals.sum() / day.hour_minutes.sum()
    return float(mmc(rate, day.service_minutes, day.servers[0]).waiting)


def _hour_by_hour(day):
    rates = day.arrivals / day.hour_minutes
    some = day.arrivals > 0
    waiting = _long_run_waiting(rates[some] * day.service_minutes, day.servers[some], day)
    return float(np.average(waiting, weights=day.arrivals[some]))


def _offered_load(day):
    """The load is monotone within an hour, so the ends of the hours tell whether it is too much."""
    ends = np.cumsum(day.hour_minutes)
    starts = ends - day.hour_minutes
    inside = (day.arrivals, day.service_minutes, day.hour_minutes)
    highest = np.maximum(
        unlimited_servers(*inside, starts), unlimited_servers(*inside, np.nextafter(ends, 0))
    )
    some = day.arrivals > 0
    if (highest >= day.servers)[some].any():
        return float("inf")
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    times = starts[some, None] + day.hour_minutes[some, None] * (nodes + 1) / 2
    load = unlimited_servers(*inside, times)
    waiting = _long_run_waiting(load, day.servers[some, None], day)
    return float(np.average(waiting @ (weights / 2), weights=day.arrivals[some]))


def _long_run_waiting(load, servers, day):
    """Waiting of M/M/c [minutes]; infinite where nobody serves."""
    waiting = mmc(load / day.service_minutes, day.service_minutes, np.maximum(servers, 1)).waiting
    return np.where(servers > 0, waiting, np.inf)


def _fluid(day):
    """Minutes that the water in line waits, over the arrivals.

    Inside x: dx/dt = arrival rate - min(x, servers) / service time, solved piece by piece.
    """
    time, inside, waited = day.service_minutes, 0.0, 0.0
    for rate, servers, left in zip(
        day.arrivals / day.hour_minutes, day.servers, day.hour_minutes, strict=True
    ):
        while left > 0:
            slope = rate - servers / time
            if inside > servers or (inside == servers and slope > 0):
                line = inside - servers
                piece = left if slope >= 0 else min(left, -line / slope)
                waited += line * piece + slope * piece**2 / 2
                inside = servers if piece < left else inside + slope * piece
            else:
                limit = rate * time
                piece = left
                if limit > servers:
                    piece = min(left, time * np.log((limit - inside) / (limit - servers)))
                inside = limit + (inside - limit) * np.exp(-piece / time)
                inside = servers if piece < left else inside
            left -= piece
    line = max(inside - day.servers[-1], 0.0)
    return float((waited + line**2 * time / (2 * day.servers[-1])) / day.arrivals.sum())
