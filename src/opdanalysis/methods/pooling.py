"""One line instead of several: when it shortens the time, and when it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_numbers import Numbers, above_zero, plain, whole_servers
from opdanalysis.methods.queues import mmc


def pooled_waiting_ratio(
    utilisation: Numbers, groups: int | np.ndarray, servers: int | np.ndarray
) -> Numbers:
    """Waiting in one line over waiting in separate lines [1], below 1 wherever customers are alike.

    `groups` lines of `servers` each become one line of all servers; Poisson arrivals and the same
    exponential service times throughout. For two single servers it is rho / (1 + rho).
    """
    busy, groups, servers = _busy(utilisation), whole_servers(groups), whole_servers(servers)
    pooled = mmc(busy * groups * servers, 1.0, groups * servers)
    return plain(np.asarray(pooled.waiting / mmc(busy * servers, 1.0, servers).waiting))


def pooled_stay_ratio(utilisation: Numbers, service_ratio: Numbers) -> Numbers:
    """Stay at one server of double speed over the mean stay at two separate ones [1].

    Two kinds of customers with mean service times 1 : `service_ratio`, each alone with one server
    at the same utilisation, share one server that is twice as fast; M/G/1 (the setting of
    Mandelbaum and Reiman 1998). Above 1 pooling hurts, without limit as the ratio grows.
    """
    busy, ratio = _busy(utilisation), above_zero("service_ratio", service_ratio)
    separate = 2 * busy / (1 - busy)
    pooled = busy + busy * (1 + ratio) * (1 + 1 / ratio) * busy / (4 * (1 - busy))
    return plain(np.asarray(pooled / separate))


def pooled_tandem_ratio(utilisation: Numbers) -> Numbers:
    """Stay at one server of double speed over the stay at two in a row [1]; always below 1/2.

    Every customer needs two services of equal exponential length, done one after the other by two
    servers, or both by one server that is twice as fast (Mandelbaum and Reiman 1998).
    """
    return plain(np.asarray((1 - _busy(utilisation) / 4) / 2))


@dataclass(frozen=True)
class ServiceRatios:
    """Ratios of mean service times from which one line for two kinds makes somebody wait longer."""

    on_average: Numbers  # all customers together
    short_jobs: Numbers  # those with the shorter service


def break_even_service_ratio(utilisation: Numbers) -> ServiceRatios:
    """How much longer one kind's service may be before one line for both stops helping.

    Two servers, each alone with one kind and the same utilisation, against both for both kinds.
    Waiting in one line over separate lines is rho / (1 + rho) times (1 + k)^2 / (4 k) on average
    and times (1 + k) / 2 for the short jobs; set equal to 1. The pooled waiting is approximate
    (M/M/2 corrected for the spread of service times, within 6% of simulations).
    """
    busy = _busy(utilisation)
    gain = (1 + busy) / busy
    middle = 2 * gain - 1  # k^2 - 2 middle k + 1 = 0
    return ServiceRatios(
        plain(np.asarray(middle + np.sqrt(middle**2 - 1))), plain(np.asarray(2 * gain - 1))
    )


def break_even_slow_down(utilisation: float, groups: int, servers: int) -> float:
    """How much slower clerks who do everything may be before pooling lengthens the stay [1].

    `groups` kinds of customers, each with `servers` counters of its own at this utilisation,
    against one line for all counters, where every service takes (1 + slow-down) times as long.
    """
    busy = float(_busy(utilisation))
    groups, servers = int(whole_servers(groups)), int(whole_servers(servers))
    if groups == 1:
        return 0.0
    separate = mmc(busy * servers, 1.0, servers).stay

    def lost(slow_down: float) -> float:
        pooled = mmc(busy * groups * servers, 1 + slow_down, groups * servers)
        return float(min(pooled.stay, 1e9) - separate)

    return float(brentq(lost, 0.0, 1 / busy - 1, xtol=1e-13))


def _busy(utilisation):
    busy = above_zero("utilisation", utilisation)
    if not (busy < 1).all():
        raise UsageError(
            f"utilisation is {busy.max():g}; separate lines keep up only below 1, and there is "
            "nothing to compare"
        )
    return busy
