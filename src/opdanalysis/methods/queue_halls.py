"""Halls: queues and crews that depend on each other, and their hours, as arrays for the loop.

Two queues are in one hall when a crew serves both. A hall with one queue and one crew whose number
does not change over the day is plain: each customer's start is known on arrival.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_events import HallArrays
from opdanalysis.methods.queue_layout import Crew, Layout
from opdanalysis.methods.queue_world import MINUTES_PER_DAY

Spans = tuple[tuple[float, float], ...]
Hours = tuple[float, float, np.ndarray]
GATES = {"cut": 0, "tickets": 1, "everyone": 2}


@dataclass(frozen=True, eq=False)
class Doors:
    """When a hall is open: `(n_days_open + 1,)` each, the last one never [min]."""

    opens: np.ndarray
    shuts: np.ndarray


@dataclass(frozen=True, eq=False)
class Halls:
    """The halls of a layout over a number of days.

    Attributes
    ----------
    of_queue
        `(n_queues,)` number of the hall of each queue.
    doors
        Opening hours of each hall.
    crews
        Numbers of the layout's crews, hall after hall; the event loop counts crews in this order.
    duty_minutes
        `(n_crews,)` counter-minutes on duty before closing, in the layout's order.
    """

    of_queue: np.ndarray
    doors: tuple[Doors, ...]
    crews: np.ndarray
    duty_minutes: np.ndarray
    arrays: HallArrays = field(repr=False)
    pace: np.ndarray = field(repr=False)


def halls_of(layout: Layout, days: int, impatient: bool) -> Halls:
    """The halls of the layout; none is plain where customers may leave the queue."""
    number = {queue.name: k for k, queue in enumerate(layout.queues)}
    serves = [[number[name] for name in crew.queues] for crew in layout.crews]
    of_queue = _joined(len(layout.queues), serves)
    of_crew = np.array([of_queue[queues[0]] for queues in serves])
    crews = np.argsort(of_crew, kind="stable")
    hours = [_hours(layout, of_queue, hall) for hall in range(of_queue.max() + 1)]
    doors = [_doors(*its, days) for its in hours]

    shifts = _Shifts(doors, hours, overtime=layout.closing != "cut")
    door = [shifts.number(h, (its[:2],), overtime=False) for h, its in enumerate(hours)]
    counter_shift, duty = [], np.zeros(len(crews))
    plain_crew = np.full(len(layout.queues), -1)
    pace = np.ones(len(layout.queues))
    for place, c in enumerate(crews):
        crew, hall = layout.crews[c], of_crew[c]
        spans = _spans_of_counters(crew, *hours[hall][:2])
        if not any(spans):
            raise UsageError(f"crew '{crew.name}' has no counter while its points are open")
        counter_shift += [shifts.number(hall, its, shifts.overtime) for its in spans]
        open_days = len(doors[hall].opens) - 1
        duty[c] = open_days * sum(end - begin for its in spans for begin, end in its)
        alone = (of_crew == hall).sum() == 1 and (of_queue == hall).sum() == 1
        if alone and len(set(spans)) == 1 and not impatient:
            plain_crew[serves[c][0]] = place
            pace[serves[c][0]] = crew.pace[0] if crew.pace else 1.0

    first_counter = np.cumsum([0, *(layout.crews[c].most for c in crews)])
    opens, shuts, first_window = shifts.windows()
    counter_window = first_window[counter_shift]
    crew_window, door_window = counter_window[first_counter[:-1]], first_window[door]
    ranks = max(map(len, serves))
    arrays = HallArrays(
        queue_hall=of_queue,
        plain_crew=plain_crew,
        gate=np.full(len(doors), GATES[layout.closing]),
        hall_crew=np.searchsorted(of_crew[crews], np.arange(len(doors) + 1)),
        crew_counter=first_counter,
        ranks=ranks,
        serves=np.concatenate([_padded(serves[c], ranks, -1) for c in crews]),
        pace=np.concatenate([_padded(layout.crews[c].pace, ranks, 1.0) for c in crews]),
        opens=opens,
        shuts=shuts,
        free=np.zeros(len(counter_shift)),
        ready=np.zeros(len(counter_shift)),
        counter_window=counter_window,
        crew_window=crew_window,
        crew_opens=opens[crew_window],
        crew_shuts=shuts[crew_window],
        door_window=door_window,
        door_opens=opens[door_window],
        door_shuts=shuts[door_window],
        head=np.full(len(layout.queues), -1),
        tail=np.full(len(layout.queues), -1),
        pending=np.full(len(doors), np.inf),
    )
    return Halls(of_queue, tuple(doors), crews, duty, arrays, pace)


class _Shifts:
    """The ways of being on duty that occur, each with its windows and made when first asked for."""

    def __init__(self, doors: list[Doors], hours: list[Hours], overtime: bool) -> None:
        self.doors, self.hours, self.overtime = doors, hours, overtime
        self.numbers: dict[tuple[int, Spans, bool], int] = {}

    def number(self, hall: int, spans: Spans, overtime: bool) -> int:
        return self.numbers.setdefault((int(hall), spans, overtime), len(self.numbers))

    def windows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Opens and shuts of all windows, shift after shift, and where each shift begins."""
        both = [
            _windows(self.doors[hall], self.hours[hall], spans, overtime)
            for hall, spans, overtime in self.numbers
        ]
        opens, shuts = (np.concatenate(side) for side in zip(*both, strict=True))
        return opens, shuts, np.cumsum([0, *(len(begin) for begin, _ in both[:-1])])


def _padded(numbers, length: int, filler) -> np.ndarray:
    out = np.full(length, filler)
    out[: len(numbers)] = numbers
    return out


def _joined(n_queues: int, serves: list[list[int]]) -> np.ndarray:
    """Hall of each queue: queues of one crew are together; halls are numbered as they come."""
    hall = np.arange(n_queues)
    for queues in serves:
        for other in queues[1:]:
            one, two = sorted((hall[queues[0]], hall[other]))
            hall[hall == two] = one
    return np.unique(hall, return_inverse=True)[1]


def _hours(layout: Layout, of_queue: np.ndarray, hall: int) -> Hours:
    """Opening, closing [min of the day] and pattern of open days of one hall."""
    names = {p for k in np.flatnonzero(of_queue == hall) for p in layout.queues[k].points}
    members = [k for k, name in enumerate(layout.points) if name in names]
    pattern = (
        np.ones((len(layout.points), 1), dtype=bool)
        if layout.open_days is None
        else np.asarray(layout.open_days, dtype=bool)
    )
    one = members[0]
    for other in members[1:]:
        same = layout.opens[one] == layout.opens[other] and (
            layout.closes[one] == layout.closes[other]
        )
        if not same or (pattern[one] != pattern[other]).any():
            raise UsageError(
                f"'{layout.points[one]}' and '{layout.points[other]}' share counters but not their "
                "opening hours and days; give both the same"
            )
    return float(layout.opens[one]), float(layout.closes[one]), pattern[one]


def _doors(opens: float, closes: float, pattern: np.ndarray, days: int) -> Doors:
    day = np.flatnonzero(pattern[np.arange(days) % len(pattern)]) * MINUTES_PER_DAY
    never = [np.inf]
    return Doors(np.concatenate([day + opens, never]), np.concatenate([day + closes, never]))


def _spans_of_counters(crew: Crew, opens: float, closes: float) -> list[Spans]:
    """Parts of an open day in which each counter of the crew is on duty [min of the day]."""
    if np.ndim(crew.counters) == 0:
        return [((opens, closes),)] * crew.most
    found: list[Spans] = []
    for counter in range(crew.most):
        if counter in crew.by_hour or not found:  # this one has other hours than the one before
            spans = _spans(crew, counter, opens, closes)
        found.append(spans)
    return found


def _spans(crew: Crew, counter: int, opens: float, closes: float) -> Spans:
    spans: list[tuple[float, float]] = []
    for hour, count in enumerate(crew.by_hour):
        begin, end = max(60.0 * hour, opens), min(60.0 * (hour + 1), closes)
        if count <= counter or begin >= end:
            continue
        if spans and spans[-1][1] == begin:
            begin = spans.pop()[0]
        spans.append((begin, end))
    return tuple(spans)


def _windows(
    doors: Doors, hours: Hours, spans: Spans, overtime: bool
) -> tuple[np.ndarray, np.ndarray]:
    """From when until when a service may begin, over all days; the last window is never.

    With overtime, who is on duty at closing stays until the next opening if need be.
    """
    opens, closes, _ = hours
    midnight = doors.opens[:-1] - opens
    begin = np.array([[begin for begin, _ in spans]]) + midnight[:, None]
    end = np.array([[end for _, end in spans]]) + midnight[:, None]
    if overtime and spans and spans[-1][1] == closes:
        end[:, -1] = doors.opens[1:]
    never = [np.inf]
    return np.concatenate([begin.ravel(), never]), np.concatenate([end.ravel(), never])
