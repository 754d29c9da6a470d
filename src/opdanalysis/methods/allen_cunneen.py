"""Waiting for several servers when times are not exponential: an approximation with its error.

The errors were measured against exact solutions (matrix-analytic, and an embedded chain for fixed
service times) with 1 to 20 servers at a utilisation from 0.7 up. They are largest at 20 servers and
0.7, where people wait less than a twentieth of a service time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from opdanalysis.methods.queue_numbers import Numbers, above_zero, from_zero, plain, whole_servers
from opdanalysis.methods.queues import Queue, erlang_c

# Where errors were measured, (least, largest), and the largest errors, rounded up [share].
SERVERS = (1, 20)
UTILISATION = (0.7, 1.0)
EXACT = 0.0
GOOD = 0.07  # Poisson arrivals, service CV up to 1, up to 10 servers, utilisation from 0.8
GOOD_SERVERS, GOOD_UTILISATION = 10, 0.8
EVEN_SERVICE = 0.19  # Poisson arrivals, service CV up to 1, elsewhere
UNEVEN_SERVICE, UNEVEN_SERVICE_CV2 = 0.52, 4.0  # Poisson arrivals, service CV above 1
EVEN_ARRIVALS, EVEN_ARRIVALS_CV2 = 0.88, 0.5  # arrivals more regular than Poisson
UNEVEN_ARRIVALS, UNEVEN_ARRIVALS_CV2 = 0.41, 2.25  # arrivals more bunched than Poisson


@dataclass(frozen=True)
class ApproximateQueue(Queue):
    """A queue whose waiting is approximate, floats or arrays."""

    largest_error: Numbers = field(kw_only=True)  # of waiting, as a share of it [1]; nan: unknown

    @property
    def use_simulation(self) -> bool | np.ndarray:
        """Whether the error may exceed 7% or is unknown; then simulate."""
        return plain(np.asarray(~(np.asarray(self.largest_error) <= GOOD)))


def allen_cunneen(
    arrival_rate: Numbers,
    service_time: Numbers,
    servers: int | np.ndarray,
    arrival_cv: Numbers,
    service_cv: Numbers,
) -> ApproximateQueue:
    """G/G/c: waiting of M/M/c times (arrival CV^2 + service CV^2) / 2 (Allen 1990).

    The CVs are of the times between arrivals (1 for a Poisson stream) and of the service times.
    `largest_error` is the largest that was measured for such a queue: 0 for M/M/c and M/G/1, which
    are exact; 7% with Poisson arrivals, service CV up to 1, up to 10 servers and a utilisation of
    0.8 or more; 19 to 88% for others with 20 servers or fewer and a utilisation from 0.7 up; nan
    where nothing was measured.
    """
    rate, time, servers, arrival_cv2, service_cv2 = np.broadcast_arrays(
        from_zero("arrival_rate", arrival_rate),
        above_zero("service_time", service_time),
        whole_servers(servers),
        from_zero("arrival_cv", arrival_cv) ** 2,
        from_zero("service_cv", service_cv) ** 2,
    )
    load = rate * time
    spare = servers - load
    keeps_up = spare > 0
    markov = np.where(
        keeps_up, erlang_c(load, servers) * time / np.where(keeps_up, spare, 1), np.inf
    )
    with np.errstate(invalid="ignore"):
        waiting = np.where(keeps_up, markov * (arrival_cv2 + service_cv2) / 2, np.inf)
    return ApproximateQueue(
        plain(rate),
        plain(time),
        plain(servers),
        plain(waiting),
        largest_error=plain(_largest_error(load / servers, servers, arrival_cv2, service_cv2)),
    )


def _largest_error(utilisation, servers, arrival_cv2, service_cv2):
    poisson = np.isclose(arrival_cv2, 1)
    measured = (servers <= SERVERS[1]) & (utilisation >= UTILISATION[0])
    measured &= (utilisation < UTILISATION[1]) & (service_cv2 <= UNEVEN_SERVICE_CV2)
    return np.select(
        [
            poisson & ((servers == 1) | np.isclose(service_cv2, 1)),
            ~measured,
            poisson & (service_cv2 > 1),
            poisson & (servers <= GOOD_SERVERS) & (utilisation >= GOOD_UTILISATION),
            poisson,
            (arrival_cv2 < 1) & (arrival_cv2 >= EVEN_ARRIVALS_CV2) & (service_cv2 <= 1),
            (arrival_cv2 > 1) & (arrival_cv2 <= UNEVEN_ARRIVALS_CV2) & np.isclose(service_cv2, 1),
        ],
        [EXACT, np.nan, UNEVEN_SERVICE, GOOD, EVEN_SERVICE, EVEN_ARRIVALS, UNEVEN_ARRIVALS],
        default=np.nan,
    )
