"""The day of one counter, solved exactly: arrivals and servers by the hour, everyone is served.

Arrivals are a Poisson stream with one rate per hour, service times are exponential, the line is
first come first served, and the day starts empty. Whoever is inside at closing is served by the
servers of the last hour. One who stops hands his customer back to the head of the line.

The probabilities of the number inside follow the Kolmogorov equations, solved by uniformisation
(Jensen 1953; Grassmann 1977): no step size, no random numbers. Arrivals before opening are hours
with no server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln, pdtr, pdtrc

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_numbers import plain, whole_servers

HOUR = 60.0
NEGLIGIBLE = 1e-18


@dataclass(frozen=True)
class CounterDay:
    """The expected day of a counter; minutes throughout, one entry per hour where it says so.

    `times` are minutes since the start of the first hour, `(n_times,)`, to closing. `seen` is how
    many the arrivals of an hour find inside, as probabilities of 0, 1, 2, ..., `(n_hours, n)`. At
    the end of an hour `number_waiting` is counted with that hour's servers.
    """

    arrivals: np.ndarray  # (n_hours,) expected number
    servers: np.ndarray  # (n_hours,)
    service_minutes: float
    hour_minutes: np.ndarray  # (n_hours,)
    times: np.ndarray  # (n_times,) [minutes]
    number_inside: np.ndarray  # (n_times,) expected number
    number_waiting: np.ndarray  # (n_times,) expected number
    waiting_by_hour: np.ndarray  # (n_hours,) of those who arrive in it; nan where nobody does
    left_at_closing: float  # expected number inside when the doors close
    minutes_after_closing: float  # expected, until the last one leaves
    seen: np.ndarray = field(repr=False)

    @property
    def waiting(self) -> float:
        """Mean waiting of the day's arrivals [minutes]."""
        return float(np.average(np.nan_to_num(self.waiting_by_hour), weights=self.arrivals))

    @property
    def stay(self) -> float:
        """Mean time from arriving to leaving [minutes]."""
        return self.waiting + self.service_minutes

    @property
    def utilisation_by_hour(self) -> np.ndarray:
        """Work that arrives in an hour over what the servers can do in it [1], `(n_hours,)`."""
        work = self.arrivals * self.service_minutes
        with np.errstate(divide="ignore", invalid="ignore"):
            return work / (self.servers * self.hour_minutes)

    @property
    def utilisation(self) -> float:
        """Work that arrives in the day over what the servers can do in it [1]."""
        work = self.arrivals.sum() * self.service_minutes
        return float(work / (self.servers * self.hour_minutes).sum())

    def share_waiting_longer(self, minutes: float | np.ndarray) -> float | np.ndarray:
        """Share of the day's arrivals that wait longer than `minutes` [1]; the shape of `minutes`.

        Only where the number of servers is the same all day: one who finds n inside waits for
        n - servers + 1 departures, which come as a Poisson stream while the line lasts.
        """
        if np.ptp(self.servers):
            raise UsageError(
                f"the number of servers changes over the day (from {self.servers.min():g} to "
                f"{self.servers.max():g}); the spread of waiting is known here only for a day with "
                "the same number. Take the simulation."
            )
        limits = np.asarray(minutes, dtype=float)
        servers = self.servers[0]
        found = np.average(self.seen, axis=0, weights=self.arrivals)[int(servers) :]
        departures = servers / self.service_minutes * limits[..., None]
        return plain((pdtr(np.arange(len(found)), departures) * found).sum(axis=-1))


def counter_day(
    arrivals: np.ndarray,
    servers: np.ndarray | int,
    service_minutes: float,
    hour_minutes: np.ndarray | float = HOUR,
    step_minutes: float = 5.0,
) -> CounterDay:
    """The expected day of one counter, exact to rounding.

    Parameters
    ----------
    arrivals
        Expected number of customers in each hour, `(n_hours,)`, spread evenly within it.
    servers
        Servers at work in each hour, `(n_hours,)`, or one number for the day; 0 is a closed hour.
    service_minutes
        Mean minutes at the counter per customer.
    hour_minutes
        Length of the hours where some are shorter, `(n_hours,)`.
    step_minutes
        Distance of the reported `times`; the results by hour do not depend on it.
    """
    hours = _checked_hours(arrivals, servers, service_minutes, hour_minutes, step_minutes)
    top = _most_inside(sum(hour.arrivals for hour in hours))
    count = np.arange(top + 1)

    times, inside, waiting, seen, at_start = [0.0], [0.0], [0.0], [], []
    now = np.zeros(top + 1)
    now[0] = 1.0
    for hour in hours:
        at_start.append(now)
        steps = max(1, int(np.ceil(hour.minutes / step_minutes - 1e-9)))
        spent = np.zeros(top + 1)
        for _ in range(steps):
            now, during = _forward(now, hour, hour.minutes / steps)
            spent += during
            times.append(times[-1] + hour.minutes / steps)
            inside.append(float(now @ count))
            waiting.append(float(now @ np.maximum(count - hour.servers, 0)))
        seen.append(spent / hour.minutes)

    by_hour = np.full(len(hours), np.nan)
    ahead = _waiting_after_closing(top, hours[-1])
    for i in range(len(hours) - 1, -1, -1):
        total, ahead = _backward(ahead, hours[i])
        if hours[i].arrivals:
            by_hour[i] = at_start[i] @ total / hours[i].arrivals

    return CounterDay(
        arrivals=np.array([hour.arrivals for hour in hours]),
        servers=np.array([hour.servers for hour in hours]),
        service_minutes=float(service_minutes),
        hour_minutes=np.array([hour.minutes for hour in hours]),
        times=np.array(times),
        number_inside=np.array(inside),
        number_waiting=np.array(waiting),
        waiting_by_hour=by_hour,
        left_at_closing=float(now @ count),
        minutes_after_closing=float(now @ _minutes_to_empty(top, hours[-1])),
        seen=np.array(seen),
    )


@dataclass(frozen=True)
class _Hour:
    arrivals: float
    servers: int
    service_minutes: float
    minutes: float

    @property
    def arrival_rate(self) -> float:
        return self.arrivals / self.minutes

    @property
    def events(self) -> float:
        """Rate at which anything can happen at all [1/minute]; never 0."""
        return self.arrival_rate + max(self.servers, 1) / self.service_minutes

    def leaving(self, count: np.ndarray) -> np.ndarray:
        """Chance that an event is a departure, by how many are inside."""
        return np.minimum(count, self.servers) / self.service_minutes / self.events


def _forward(now, hour, minutes):
    """Probabilities of the number inside after `minutes`, and the minutes spent at each number."""
    arriving = hour.arrival_rate / hour.events
    leaving = hour.leaving(np.arange(len(now)))
    staying = 1 - arriving - leaving
    staying[-1] += arriving
    later, spent = np.zeros_like(now), np.zeros_like(now)
    for weight, beyond in _event_counts(hour.events * minutes):
        later += weight * now
        spent += beyond / hour.events * now
        moved = staying * now
        moved[1:] += arriving * now[:-1]
        moved[:-1] += leaving[1:] * now[1:]
        now = moved
    return later, spent


def _backward(ahead, hour):
    """What an hour adds: the waiting of all its arrivals, and of one who stands in line.

    `ahead[n]` is the expected waiting still to come of one who has n before him, as the hour ends;
    the same comes back for its start. `total[n]` is the expected waiting of all who arrive in the
    hour when it starts with n inside. Both obey linear equations backward in time.
    """
    count = np.arange(len(ahead))
    arriving = hour.arrival_rate / hour.events
    leaving = hour.leaving(count)
    staying = 1 - arriving - leaving
    staying[-1] += arriving
    served = (count < hour.servers) / hour.service_minutes / hour.events
    cost = (count >= hour.servers) / hour.events
    total = np.zeros_like(ahead)
    total_at_start, ahead_at_start = np.zeros_like(ahead), np.zeros_like(ahead)
    for weight, _ in _event_counts(hour.events * hour.minutes):
        total_at_start += weight * total
        ahead_at_start += weight * ahead
        earlier = staying * total + arriving * ahead
        earlier[:-1] += arriving * total[1:]
        earlier[1:] += leaving[1:] * total[:-1]
        total = earlier
        earlier = (1 - leaving - served) * ahead + cost
        earlier[1:] += leaving[1:] * ahead[:-1]
        ahead = earlier
    return total_at_start, ahead_at_start


def _event_counts(mean: float) -> Iterator[tuple[float, float]]:
    """For k = 0, 1, ...: the Poisson probability of k events and of more, while that matters."""
    k = np.arange(int(mean + 10 * np.sqrt(mean) + 40))
    beyond = pdtrc(k, mean)
    k = k[: 1 + np.count_nonzero(beyond > NEGLIGIBLE)]
    yield from zip(np.exp(k * np.log(mean) - mean - gammaln(k + 1)), beyond, strict=False)


def _waiting_after_closing(top, hour):
    """Waiting still to come of one who has n before him as the doors close [minutes]."""
    return (
        np.maximum(np.arange(top + 1) - hour.servers + 1, 0) * hour.service_minutes / hour.servers
    )


def _minutes_to_empty(top, hour):
    """Expected minutes until the last of n customers leaves, without new arrivals."""
    rate = np.minimum(np.arange(1, top + 1), hour.servers) / hour.service_minutes
    return np.concatenate([[0.0], np.cumsum(1 / rate)])


def _most_inside(arrivals: float) -> int:
    """A number that the day's arrivals exceed with a probability below 1e-14."""
    return int(np.ceil(arrivals + 8 * np.sqrt(arrivals) + 30))


def _checked_hours(arrivals, servers, service_minutes, hour_minutes, step_minutes) -> list[_Hour]:
    arrivals = np.asarray(arrivals, dtype=float)
    if arrivals.ndim != 1 or not len(arrivals):
        raise UsageError(
            f"arrivals have the shape {arrivals.shape}; expected one number per hour, such as "
            "[40, 35, 20]"
        )
    if not (np.isfinite(arrivals).all() and (arrivals >= 0).all() and arrivals.any()):
        raise UsageError("arrivals hold a negative or missing number, or are all 0")
    n = len(arrivals)
    try:
        servers = np.broadcast_to(whole_servers(servers, least=0), n)
        minutes = np.broadcast_to(np.asarray(hour_minutes, dtype=float), n)
    except ValueError as error:
        raise UsageError(
            f"servers and lengths of hours must be one number or one per hour; there are {n} hours"
        ) from error
    if servers[-1] < 1:
        raise UsageError("nobody works in the last hour; whoever is inside would never be served")
    for name, value in {
        "service_minutes": service_minutes,
        "step_minutes": step_minutes,
        "hour_minutes": minutes.min(),
    }.items():
        if not (np.isfinite(value) and value > 0):
            raise UsageError(f"{name} is {value:g}; expected a number above 0")
    return [
        _Hour(float(a), int(c), float(service_minutes), float(m))
        for a, c, m in zip(arrivals, servers, minutes, strict=True)
    ]
