"""Textbook queues in their long run: how many servers are busy, and how long people wait.

All functions take floats or arrays, which are broadcast. Rates and times share one unit of time,
whichever it is. A queue that cannot keep up has an infinite wait; nothing is raised, so that one
draw among many may be overloaded. `queue_check` refuses such a queue in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammainc, gammaln

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_numbers import (
    Numbers,
    above_zero,
    from_zero,
    plain,
    whole_servers,
)

SERIES_ENDS = 1e-17


def erlang_b(offered_load: Numbers, servers: int | np.ndarray) -> Numbers:
    """Share of arrivals that find all servers busy where nobody waits [1] (Erlang 1917).

    By the recursion B(k) = a B(k-1) / (k + a B(k-1)), which can neither overflow nor cancel.
    """
    load, servers = np.broadcast_arrays(
        from_zero("offered_load", offered_load), whole_servers(servers, least=0)
    )
    blocking = np.ones(load.shape)
    for k in range(1, int(servers.max(initial=0)) + 1):
        offered = load * blocking
        blocking = np.where(servers >= k, offered / (k + offered), blocking)
    return plain(blocking)


def servers_needed(offered_load: Numbers, blocking: Numbers) -> int | np.ndarray:
    """The smallest number of servers that keeps Erlang B at or under `blocking`."""
    load, limit = np.broadcast_arrays(
        from_zero("offered_load", offered_load), np.asarray(blocking, dtype=float)
    )
    if not ((limit > 0) & (limit <= 1)).all():
        raise UsageError("blocking must lie above 0 and not above 1; no number of servers gives 0")
    needed = np.zeros(load.shape, dtype=np.int64)
    now = np.ones(load.shape)
    short = now > limit
    while short.any():
        needed += short
        offered = load * now
        now = np.where(short, offered / (needed + offered), now)
        short = now > limit
    return plain(needed)


def erlang_c(offered_load: Numbers, servers: int | np.ndarray) -> Numbers:
    """Share of arrivals that must wait where nobody leaves [1]; 1 for a queue that cannot keep up.

    B / (1 - rho (1 - B)), with B from `erlang_b` and rho = offered load / servers (Erlang 1917).
    """
    load, servers = np.broadcast_arrays(
        from_zero("offered_load", offered_load), whole_servers(servers)
    )
    blocking = erlang_b(load, servers)
    idle = 1 - load / servers * (1 - blocking)
    keeps_up = load < servers
    return plain(np.where(keeps_up, blocking / np.where(keeps_up, idle, 1.0), 1.0))


@dataclass(frozen=True)
class Queue:
    """A queue in its long run, floats or arrays; times in the unit of the service time."""

    arrival_rate: Numbers
    service_time: Numbers
    servers: int | np.ndarray
    waiting: Numbers  # mean time in line, of all who come

    @property
    def offered_load(self) -> Numbers:
        """Work that arrives, in servers."""
        return self.arrival_rate * self.service_time

    @property
    def utilisation(self) -> Numbers:
        """Offered load per server [1]; from 1 up the queue cannot keep up."""
        return self.offered_load / self.servers

    @property
    def stay(self) -> Numbers:
        """Mean time from arriving to leaving."""
        return self.waiting + self.service_time

    @property
    def number_waiting(self) -> Numbers:
        """Mean number in line (Little 1961)."""
        return self.arrival_rate * self.waiting

    @property
    def number_inside(self) -> Numbers:
        """Mean number in line and at the servers."""
        return self.number_waiting + self.offered_load


@dataclass(frozen=True)
class MarkovQueue(Queue):
    """M/M/c: Poisson arrivals, exponential service times, first come first served."""

    probability_of_waiting: Numbers = field(kw_only=True)

    def service_level(self, within: Numbers) -> Numbers:
        """Share of arrivals served after waiting no longer than `within` [1]."""
        spare = np.maximum(self.servers - self.offered_load, 0) / self.service_time
        return 1 - self.probability_of_waiting * np.exp(-spare * within)


def mmc(arrival_rate: Numbers, service_time: Numbers, servers: int | np.ndarray) -> MarkovQueue:
    """M/M/c: waiting = C(servers, load) x service time / (servers - load)."""
    rate, time = from_zero("arrival_rate", arrival_rate), above_zero("service_time", service_time)
    servers = whole_servers(servers)
    load = rate * time
    must_wait = erlang_c(load, servers)
    spare = np.asarray(servers - load)
    waiting = np.where(spare > 0, must_wait * time / np.where(spare > 0, spare, 1.0), np.inf)
    return MarkovQueue(
        plain(rate), plain(time), plain(servers), plain(waiting), probability_of_waiting=must_wait
    )


def mg1(arrival_rate: Numbers, service_time: Numbers, service_cv: Numbers) -> Queue:
    """M/G/1, exact: waiting = rho / (1 - rho) x (1 + CV^2) / 2 x service time.

    CV is the standard deviation of the service times over their mean (Pollaczek 1930, Khinchine
    1932). The share that must wait is the utilisation.
    """
    rate, time = from_zero("arrival_rate", arrival_rate), above_zero("service_time", service_time)
    spread = (1 + from_zero("service_cv", service_cv) ** 2) / 2
    spare = np.asarray(1 - rate * time)
    in_line = np.where(spare > 0, rate * time / np.where(spare > 0, spare, 1.0), np.inf)
    return Queue(plain(rate), plain(time), 1, plain(in_line * spread * time))


@dataclass(frozen=True)
class ImpatientQueue:
    """M/M/c with people who give up, in its long run (Erlang A); it always keeps up."""

    arrival_rate: Numbers
    service_time: Numbers
    servers: int | np.ndarray
    patience: Numbers  # mean time after which one who still waits leaves
    probability_of_waiting: Numbers
    waiting: Numbers  # mean time in line, of all who come, also of those who give up

    @property
    def share_leaving(self) -> Numbers:
        """Share of arrivals that give up [1]."""
        return self.waiting / self.patience

    @property
    def number_waiting(self) -> Numbers:
        """Mean number in line."""
        return self.arrival_rate * self.waiting

    @property
    def utilisation(self) -> Numbers:
        """Share of the servers' time that is worked [1]."""
        load = self.arrival_rate * self.service_time
        return load * (1 - self.share_leaving) / self.servers


def erlang_a(
    arrival_rate: Numbers, service_time: Numbers, servers: int | np.ndarray, patience: Numbers
) -> ImpatientQueue:
    """M/M/c where each who waits gives up after an exponential time of mean `patience`.

    With x = servers x patience / service time, y = arrival rate x patience and the series
    A = 1 + y/(x+1) + y^2/((x+1)(x+2)) + ... the share that waits is A B / (1 + (A - 1) B), B from
    `erlang_b` (Palm 1957; Mandelbaum and Zeltyn 2007).
    """
    rate, time, servers, patience = np.broadcast_arrays(
        from_zero("arrival_rate", arrival_rate),
        above_zero("service_time", service_time),
        whole_servers(servers),
        above_zero("patience", patience),
    )
    load = rate * time
    blocking = np.asarray(erlang_b(load, servers))
    x, y = servers * patience / time, rate * patience
    keeps_up = y <= x

    # Up to full load the series converges quickly, and all its terms are positive.
    below = np.where(keeps_up, y, 0.0)
    whole, in_line = _line_series(x, below)
    all_busy = blocking / (1 + (whole - 1) * blocking)
    must_wait_below, waiting_below = whole * all_busy, in_line * patience * all_busy

    # Above it A is an incomplete gamma function: A = x e^y y^-x gamma(x, y).
    above = np.where(keeps_up, 2 * x, y)
    log_whole = above - x * np.log(above) + gammaln(x + 1) + np.log(gammainc(x, above))
    part = np.exp(-log_whole)
    must_wait_above = blocking / (blocking + (1 - blocking) * part)
    leaving = 1 - (1 - part) * x / above
    waiting_above = must_wait_above * leaving * patience
    return ImpatientQueue(
        plain(rate),
        plain(time),
        plain(servers),
        plain(patience),
        plain(np.where(keeps_up, must_wait_below, must_wait_above)),
        plain(np.where(keeps_up, waiting_below, waiting_above)),
    )


def _line_series(x, y):
    """The sums over j of t_j and of j t_j / y, where t_j = y^j / ((x+1) ... (x+j))."""
    whole, in_line = np.ones_like(x), np.zeros_like(x)
    over_y = 1 / (x + 1)  # t_j / y, which holds for y = 0 too
    j = 1
    while True:
        whole = whole + y * over_y
        in_line = in_line + j * over_y
        if (j * over_y <= SERIES_ENDS * in_line).all():
            return whole, in_line
        j += 1
        over_y = over_y * y / (x + j)
