"""A line in which some are called before others, without breaking off a service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_numbers import Numbers, above_zero, from_zero, whole_servers
from opdanalysis.methods.queues import erlang_c


@dataclass(frozen=True)
class PriorityQueue:
    """Classes of customers in the long run, the first called first; `(..., n_classes)` each."""

    arrival_rates: np.ndarray
    service_times: np.ndarray
    waiting: np.ndarray  # mean time in line; infinite for a class that cannot keep up

    @property
    def stay(self) -> np.ndarray:
        """Mean time from arriving to leaving."""
        return self.waiting + self.service_times

    @property
    def number_waiting(self) -> np.ndarray:
        """Mean number in line."""
        return self.arrival_rates * self.waiting

    @property
    def number_inside(self) -> np.ndarray:
        """Mean number in line and at the servers."""
        return self.arrival_rates * self.stay

    @property
    def mean_waiting(self) -> Numbers:
        """Mean time in line over the customers of all classes, `(...)`."""
        return self.number_waiting.sum(axis=-1) / self.arrival_rates.sum(axis=-1)


def priority_mg1(
    arrival_rates: np.ndarray, service_times: np.ndarray, service_cvs: np.ndarray
) -> PriorityQueue:
    """M/G/1 with classes, exact: W_k = W_0 / ((1 - s_(k-1)) (1 - s_k)) (Cobham 1954).

    s_k is the utilisation by classes 1 to k, and W_0 the rest of the service that an arrival finds.
    The last axis of each array is the classes. Where all classes together cannot be served, the
    first ones still are, and the rest of the server's time goes to the first that cannot keep up.
    """
    rates, times = _checked_classes(arrival_rates, service_times)
    spread = (1 + from_zero("service_cvs", service_cvs) ** 2) / 2
    before, through = _utilisations(rates * times)
    found = ((through - before) * times * spread).sum(axis=-1, keepdims=True)
    return PriorityQueue(rates, times, _waiting(found, before, through))


def priority_mmc(
    arrival_rates: np.ndarray, service_time: Numbers, servers: int | np.ndarray
) -> PriorityQueue:
    """M/M/c with classes of equal exponential service times, exact (Cobham 1954).

    As `priority_mg1`, with W_0 = C(servers, load of all) x service time / servers. `service_time`
    and `servers` have the shape of the arrival rates without the classes.
    """
    servers = whole_servers(servers)[..., None]
    rates, times = _checked_classes(arrival_rates, np.asarray(service_time, dtype=float)[..., None])
    load = rates * times
    before, through = _utilisations(load / servers)
    found = erlang_c(load.sum(axis=-1, keepdims=True), servers) * times / servers
    return PriorityQueue(rates, times, _waiting(found, before, through))


def _waiting(found, before, through):
    spare = (1 - before) * (1 - through)
    return np.where(spare > 0, found / np.where(spare > 0, spare, 1.0), np.inf)


def _utilisations(load):
    """Share of the server's time that goes to the classes before each, and with each."""
    through = np.minimum(np.cumsum(load, axis=-1), 1.0)
    before = np.concatenate([np.zeros_like(through[..., :1]), through[..., :-1]], axis=-1)
    return before, through


def _checked_classes(arrival_rates, service_times):
    rates = above_zero("arrival_rates", arrival_rates)
    times = above_zero("service_times", service_times)
    if rates.ndim == 0:
        raise UsageError(
            "arrival_rates is a single number; expected one per class, first called first"
        )
    try:
        rates, times = np.broadcast_arrays(rates, times)
    except ValueError as error:
        raise UsageError(
            f"arrival_rates have the shape {rates.shape} and service_times {times.shape}; expected "
            "one number per class in both"
        ) from error
    return rates, times
