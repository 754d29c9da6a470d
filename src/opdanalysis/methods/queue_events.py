"""The event loop: who is served when, from arrays, the same with numba and without.

The loop draws nothing. It handles two kinds of events in the order of time: a customer comes to a
point, and a counter of a hall becomes free while somebody waits there. In a plain hall the start of
service is known on arrival (the earliest of the counters' free times, Kiefer and Wolfowitz 1955),
so nothing has to be kept in mind but when the customer comes to the next point.
"""

from __future__ import annotations

import importlib.util
from array import array
from functools import cache
from heapq import heappop, heappush
from typing import Any, Literal, NamedTuple

import numpy as np

from opdanalysis.errors import UsageError

Kernel = Literal["auto", "numba", "python"]


class VisitArrays(NamedTuple):
    """Visits in the order of customers; comers in the order of time, the last one never.

    `gap` is the way to the customer's next visit [min], or -1 where there is none. `back` is empty
    or, for a visit on another day than the one before, its minute of the day; -1 otherwise.
    """

    entry: Any
    entry_visit: Any
    queue: Any
    service: Any
    gap: Any
    back: Any
    inside: Any
    patience: Any


class HallArrays(NamedTuple):
    """Halls, their crews and counters, hours, and what the loop keeps of them.

    Crews stand hall after hall and counters crew after crew; `hall_crew` and `crew_counter` say
    where each begins. A crew calls from `ranks` queues, the first first, each with its `pace`;
    queue -1 is none. `plain_crew` is the only crew of a queue in a plain hall, or -1. `gate` is 0
    where doors do not matter, 1 where late customers come again, 2 where those inside stay.

    Windows are pairs of `opens` and `shuts` between which a service may begin or a door is open;
    each run of windows ends with one that never comes. The other columns are the loop's own: when
    counters are `free` and `ready` again, the present windows, the `head` and `tail` of each queue
    and the next moment at which a hall has to be looked at.
    """

    queue_hall: Any
    plain_crew: Any
    gate: Any
    hall_crew: Any
    crew_counter: Any
    ranks: int
    serves: Any
    pace: Any
    opens: Any
    shuts: Any
    free: Any
    ready: Any
    counter_window: Any
    crew_window: Any
    crew_opens: Any
    crew_shuts: Any
    door_window: Any
    door_opens: Any
    door_shuts: Any
    head: Any
    tail: Any
    pending: Any


class Times(NamedTuple):
    """What the loop writes, per visit: NaN or -1 where it did not happen.

    `joined` is when the customer stood in the queue; one who found the door `locked` at some minute
    stands there at the next opening. `crew` and `behind` are kept only outside plain halls, and
    `deadline` only where customers may leave.
    """

    joined: Any
    locked: Any
    start: Any
    end: Any
    crew: Any
    behind: Any
    deadline: Any


def run_events(
    visits: VisitArrays, halls: HallArrays, times: Times, kernel: Kernel = "auto"
) -> Times:
    """The times of all visits; the arrays that are given may be written over.

    The kernels "numba" and "python" give the same bits; "auto" takes numba where it is installed.
    """
    if kernel not in ("auto", "numba", "python"):
        raise UsageError(f"kernel '{kernel}' is unknown. Allowed: auto, numba, python.")
    installed = importlib.util.find_spec("numba") is not None
    if kernel == "numba" and not installed:
        raise UsageError("numba is not installed; leave kernel='auto' to run without it")
    if installed and kernel != "python":
        _compiled()(*(_columns(part, _plain_array) for part in (visits, halls, times)))
        return times
    packed = _columns(times, _packed)
    _run(_columns(visits, _packed), _columns(halls, np.ndarray.tolist), packed)
    return Times(*map(np.asarray, packed))


def _columns(part: Any, change: Any) -> Any:
    return type(part)(*(c if isinstance(c, int) else change(c) for c in part))


def _packed(column: np.ndarray) -> array[Any]:
    """The same numbers as an array that plain Python reads and writes quickly."""
    return array(column.dtype.char, column.tobytes())


def _plain_array(column: np.ndarray) -> np.ndarray:
    """The same array, or a copy where it is of a kind for which numba would compile once more."""
    return np.require(column, requirements=["C", "W"])


@cache
def _compiled() -> Any:
    """The loop as machine code, kept on disk where the computer allows it."""
    import numba

    try:
        return numba.njit(cache=True, nogil=True)(_run)
    except RuntimeError:  # no folder in which numba may write
        return numba.njit(nogil=True)(_run)


def _run(visits, halls, times):
    """All of it in one function, for plain Python would pay for each call."""
    entry, entry_visit, queue_of = visits.entry, visits.entry_visit, visits.queue
    service, gap, back = visits.service, visits.gap, visits.back
    inside, patience = visits.inside, visits.patience
    queue_hall, plain_crew, gate = halls.queue_hall, halls.plain_crew, halls.gate
    hall_crew, crew_counter, ranks = halls.hall_crew, halls.crew_counter, halls.ranks
    serves, pace, opens, shuts = halls.serves, halls.pace, halls.opens, halls.shuts
    free, ready, counter_window = halls.free, halls.ready, halls.counter_window
    crew_window, crew_opens, crew_shuts = halls.crew_window, halls.crew_opens, halls.crew_shuts
    door_window, door_opens, door_shuts = halls.door_window, halls.door_opens, halls.door_shuts
    head, tail, pending = halls.head, halls.tail, halls.pending
    joined, locked, start, end = times.joined, times.locked, times.start, times.end
    served_by, behind, deadline = times.crew, times.behind, times.deadline
    returns, impatient = len(back) > 0, len(patience) > 0
    never = np.inf
    # a visit's number for an arrival, -1 - the hall's for a free counter; who waits at a locked
    # door has a higher number in the order of coming, so that they go in first come first served
    events = [(never, 0)]
    n_visits, at_doors = len(queue_of), 0
    coming = 0
    next_entry = entry[0]

    while True:
        now, visit = events[0]
        if next_entry < now:
            now = next_entry
            visit = entry_visit[coming]
            coming += 1
            next_entry = entry[coming]
        elif now == never:
            break
        else:
            heappop(events)
            if visit >= n_visits:
                visit %= n_visits

        if visit >= 0:
            queue = queue_of[visit]
            hall = queue_hall[queue]
            if returns and back[visit] >= 0.0:  # goes home and comes again on an open day
                w = door_window[hall]
                while opens[w] <= now:
                    door_window[hall] = w
                    w += 1
                joined[visit] = np.nan
                if opens[w] < never:
                    joined[visit] = opens[w] // 1440.0 * 1440.0 + back[visit]
                    heappush(events, (joined[visit], visit))
                back[visit] = -1.0
                continue
            if gate[hall] > 0:
                if now >= door_shuts[hall]:
                    w = door_window[hall]
                    while now >= shuts[w]:
                        w += 1
                    door_window[hall] = w
                    door_opens[hall] = opens[w]
                    door_shuts[hall] = shuts[w]
                if now < door_opens[hall] and not (gate[hall] == 2 and inside[visit]):
                    if now // 1440.0 != door_opens[hall] // 1440.0:  # not one who waits at the door
                        locked[visit] = now
                        joined[visit] = door_opens[hall]
                    if door_opens[hall] < never:
                        at_doors += 1
                        heappush(events, (door_opens[hall], visit + n_visits * at_doors))
                    continue

            crew = plain_crew[queue]
            if crew >= 0:
                chosen = crew_counter[crew]
                begin = free[chosen]
                if begin > now:
                    for k in range(chosen + 1, crew_counter[crew + 1]):
                        if free[k] < begin:
                            begin = free[k]
                            chosen = k
                            if begin <= now:
                                break
                if begin < now:
                    begin = now
                if begin >= crew_shuts[crew]:
                    w = crew_window[crew]
                    while begin >= shuts[w] and opens[w] < never:
                        w += 1
                    crew_window[crew] = w
                    crew_opens[crew] = opens[w]
                    crew_shuts[crew] = shuts[w]
                if begin < crew_opens[crew]:
                    begin = crew_opens[crew]
                if begin < never:
                    done = begin + service[visit]
                    free[chosen] = done
                    start[visit] = begin
                    end[visit] = done
                    way = gap[visit]
                    if way >= 0.0:
                        joined[visit + 1] = done + way
                        heappush(events, (done + way, visit + 1))
                continue

            if impatient:
                left = patience[visit]
                w = door_window[hall]
                while now >= shuts[w]:
                    w += 1
                door_window[hall] = w
                since = joined[visit]
                if gate[hall] == 0 and left < never:  # nights do not count
                    if now < opens[w] and now // 1440.0 != opens[w] // 1440.0:
                        since = opens[w]
                    while since + left > shuts[w]:
                        left -= shuts[w] - since
                        w += 1
                        since = opens[w]
                deadline[visit] = since + left
            if tail[queue] >= 0:
                behind[tail[queue]] = visit
                tail[queue] = visit
                continue  # others wait already: nobody can call now
            head[queue] = visit
            tail[queue] = visit
        else:
            hall = -1 - visit
            if now != pending[hall]:
                continue  # a counter was free earlier, and the hall has been looked at since
            pending[hall] = never

        first_crew, last_crew = hall_crew[hall], hall_crew[hall + 1]
        for k in range(crew_counter[first_crew], crew_counter[last_crew]):
            w = counter_window[k]
            while now >= shuts[w]:
                w += 1
            counter_window[k] = w
            soonest = now if free[k] < now else free[k]
            while soonest >= shuts[w] and opens[w] < never:
                w += 1
            ready[k] = opens[w] if soonest < opens[w] else soonest
        for rank in range(ranks):
            for crew in range(first_crew, last_crew):
                place = crew * ranks + rank
                queue = serves[place]
                if queue < 0:
                    continue
                k = crew_counter[crew]
                while k < crew_counter[crew + 1] and head[queue] >= 0:
                    if ready[k] > now:
                        k += 1
                        continue
                    visit = head[queue]
                    head[queue] = behind[visit]
                    if head[queue] < 0:
                        tail[queue] = -1
                    if impatient and deadline[visit] < now:
                        continue
                    done = now + service[visit] * pace[place]
                    free[k] = done
                    ready[k] = done
                    start[visit] = now
                    end[visit] = done
                    served_by[visit] = crew
                    way = gap[visit]
                    if way >= 0.0:
                        joined[visit + 1] = done + way
                        heappush(events, (done + way, visit + 1))
        soonest = never
        for crew in range(first_crew, last_crew):
            waited_for = False
            for rank in range(ranks):
                queue = serves[crew * ranks + rank]
                if queue >= 0 and head[queue] >= 0:
                    waited_for = True
            if waited_for:
                for k in range(crew_counter[crew], crew_counter[crew + 1]):
                    if ready[k] < soonest:
                        soonest = ready[k]
        if soonest < pending[hall]:
            pending[hall] = soonest
            heappush(events, (soonest, -1 - hall))
