"""What the event loop is given: every visit of every customer, with its queue, service and way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods.queue_customers import Customers
from opdanalysis.methods.queue_layout import Layout
from opdanalysis.methods.queue_needs import Needs, checked_numbers
from opdanalysis.methods.queue_world import MINUTES_PER_DAY

COMES, STAYS_AWAY, NO_SHOW = 0, 1, 2
NOTHING = np.empty(0)


@dataclass(frozen=True, eq=False)
class Visits:
    """Visits, customer after customer and each customer's in order.

    Attributes
    ----------
    entry
        `(n,)` minute at which the customer comes to the first point; NaN: never comes.
    absent
        `(n,)` 0 comes, 1 stays away, 2 has booked and does not come.
    journey
        `(n,)` number of the journey.
    first
        `(n + 1,)` where the customer's visits begin.
    point, queue
        `(n_visits,)` numbers of the point and of the queue of the layout.
    service
        `(n_visits,)` service time at normal pace [min].
    travel
        `(n_visits,)` way from the visit before [min]; 0 for a first visit.
    back
        `(n_visits,)` minute of the day, where papers were missing and the visit is on another day
        than the one before; otherwise -1. Empty: no such visit.
    inside
        `(n_visits,)` whether the visit before was in the same building on the same way.
    patience
        `(n_visits,)` minutes after which the customer gives up. Empty: nobody does.
    """

    entry: np.ndarray
    absent: np.ndarray
    journey: np.ndarray
    first: np.ndarray
    point: np.ndarray
    queue: np.ndarray
    service: np.ndarray
    travel: np.ndarray
    back: np.ndarray
    inside: np.ndarray
    patience: np.ndarray

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.entry)


def visits_of(customers: Customers, layout: Layout, needs: Needs) -> Visits:
    """The visits that these customers make under this layout."""
    world = customers.world
    if layout.points != world.points:
        raise UsageError(
            f"the layout has the points {', '.join(layout.points)}; "
            f"the world has {', '.join(world.points)}, expected in the same order"
        )
    names = [journey.name for journey in world.journeys]
    for queue in layout.queues:
        for name in queue.journeys or ():
            if name not in names:
                raise UsageError(
                    f"queue '{queue.name}' is for journey '{name}', which is not in the world. "
                    + did_you_mean(name, names)
                )
    needs = needs.checked(world)
    entry, absent, booked = _entries(customers, layout, needs)
    rows, attempt, first = _attempts(customers, needs)
    stop, unit = customers.stop, customers.service
    if rows is not None:
        stop, unit = stop[rows], unit[rows]
        for again in range(1, int(attempt.max(initial=0)) + 1):
            here = attempt == again
            unit[here] = customers.later_services[again - 1][rows[here]]
    service = unit * needs.service_minutes[stop]
    travel, inside, back = _ways(customers, layout, rows, attempt, first, stop)
    patience = NOTHING
    if needs.patience_minutes is not None:
        own = customers.patience if rows is None else customers.patience[rows]
        patience = own * needs.patience_minutes[world.journey_of_stop[stop]]
    return Visits(
        entry=entry,
        absent=absent,
        journey=customers.journey,
        first=first,
        point=world.point_of_stop[stop],
        queue=_queues(
            layout,
            stop,
            world.point_of_stop,
            [names[number] for number in world.journey_of_stop],
            service,
            None if booked is None else np.repeat(booked, np.diff(first)),
        ),
        service=service,
        travel=travel,
        back=back,
        inside=inside,
        patience=patience,
    )


def given_visits(
    layout: Layout,
    entry: np.ndarray,
    first: np.ndarray,
    point: np.ndarray,
    service: np.ndarray,
    travel: np.ndarray,
    patience: np.ndarray | None = None,
) -> Visits:
    """Visits of a recorded or otherwise made trace; the arrays are those of `Visits`.

    A way to the first visit is not read.
    """
    n, count = len(entry), len(point)
    if len(first) != n + 1 or first[0] != 0 or first[-1] != count or (np.diff(first) < 0).any():
        raise UsageError(
            f"first must go up from 0 to the {count} visits, with one number more than the "
            f"{n} customers"
        )
    for name, array in (("service", service), ("travel", travel), ("patience", patience)):
        if array is not None and (len(array) != count or not (np.asarray(array) >= 0).all()):
            raise UsageError(f"{name} must hold a number from 0 up for each of {count} visits")
    if not (np.asarray(entry) >= 0).all():
        raise UsageError("entry must hold minutes from 0 up")
    first, point = np.asarray(first, dtype=np.intp), np.asarray(point, dtype=np.intp)
    if count and not (point.min() >= 0 and point.max() < len(layout.points)):
        raise UsageError(f"point must hold numbers from 0 to {len(layout.points) - 1}")
    everywhere = np.arange(len(layout.points))
    building = np.asarray(layout.building)[point]
    inside = np.zeros(count, dtype=bool)
    inside[1:] = building[1:] == building[:-1]
    travel = np.array(travel, dtype=float)
    starts = first[:-1][np.diff(first) > 0]
    inside[starts], travel[starts] = False, 0.0
    return Visits(
        entry=np.asarray(entry, dtype=float),
        absent=np.zeros(n, dtype=np.int8),
        journey=np.zeros(n, dtype=np.intp),
        first=first,
        point=point,
        queue=_queues(
            layout, point, everywhere, [None] * len(everywhere), np.asarray(service), None
        ),
        service=np.asarray(service, dtype=float),
        travel=travel,
        back=NOTHING,
        inside=inside,
        patience=NOTHING if patience is None else np.asarray(patience, dtype=float),
    )


def _entries(customers, layout, needs):
    """When each customer comes (NaN: never), why not, and who has booked (None: nobody)."""
    world, entry = customers.world, customers.entry
    absent = np.full(customers.n, COMES, dtype=np.int8)
    booked = None
    if layout.open_days is not None:
        entry = _on_open_days(customers, layout)
    if needs.demand is not None:
        absent[customers.demand >= needs.demand[customers.journey]] = STAYS_AWAY
    if layout.appointments is not None:
        calls = layout.appointments
        share, no_show = (
            checked_numbers(name, its, len(world.journeys), "journey", 1.0)
            for name, its in (("share", calls.share), ("no_show", calls.no_show))
        )
        books, stays, punctual = customers.booking.T
        booked = (books < share[customers.journey]) & (absent == COMES)
        entry = entry.copy()
        entry[booked] = _called_for(calls, entry, customers.journey, booked, world.days)
        entry[booked] += calls.late * (2 * punctual[booked] - 1)
        np.maximum(entry, 0.0, out=entry)
        absent[booked & (stays < no_show[customers.journey])] = NO_SHOW
    if absent.any():
        entry = np.where(absent == COMES, entry, np.nan)
    return entry, absent, booked


def _on_open_days(customers, layout):
    """Customers know the calendar of their first point and come at their minute of an open day."""
    days = customers.world.days
    open_days = np.asarray(layout.open_days, dtype=bool)
    daily = open_days[:, np.arange(days) % open_days.shape[1]]
    following = np.where(daily, np.arange(days), days)
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    point = customers.world.point_of_stop[customers.stop[customers.first[:-1]]]
    day = (customers.entry // MINUTES_PER_DAY).astype(np.intp)
    return customers.entry + (following[point, day] - day) * MINUTES_PER_DAY


def _called_for(calls, entry, journey, booked, days):
    """Minutes for which the booked are called, evenly spread within journey and day."""
    day = entry[booked] // MINUTES_PER_DAY
    group = journey[booked] * (days + 1) + day
    order = np.lexsort((entry[booked], group))
    _, begin, count = np.unique(group[order], return_index=True, return_counts=True)
    rank = np.empty(len(group))
    rank[order] = (np.arange(len(group)) - np.repeat(begin, count) + 0.5) / np.repeat(count, count)
    return day * MINUTES_PER_DAY + calls.begin + rank * (calls.end - calls.begin)


def _attempts(customers, needs):
    """Stop behind each visit (None: one visit per stop), attempt from 0, and the offsets."""
    if needs.rework is None and needs.needed is None:
        return None, None, customers.first
    attempts = np.ones(len(customers.stop), dtype=np.intp)
    if needs.rework is not None:
        chance = needs.rework[customers.stop]
        most = customers.world.tries_at_most
        sent_back = (customers.papers < chance) & (most > 1)
        # at least k failures with probability chance to the k, all from one number
        with np.errstate(divide="ignore"):
            fails = abs(np.log(customers.papers[sent_back])) / abs(np.log(chance[sent_back]))
        attempts[sent_back] += np.minimum(np.floor(fails), most - 1).astype(np.intp)
    if needs.needed is not None:
        attempts[customers.need >= needs.needed[customers.stop]] = 0
    ends = np.concatenate([[0], np.cumsum(attempts)])
    rows = np.repeat(np.arange(len(attempts)), attempts)
    return rows, np.arange(len(rows)) - ends[rows], ends[customers.first]


def _ways(customers, layout, rows, attempt, first, stop):
    """Minutes from the visit before, whether it was in the same building, and returns."""
    world = customers.world
    building = np.asarray(layout.building)
    travel_minutes = np.asarray(layout.travel_minutes, dtype=float)
    if rows is None:
        place = building[world.point_of_stop]
        before = np.concatenate([[0], place[:-1]])
        mean, same = travel_minutes[before, place], before == place
        mean[world.first_stop[:-1]], same[world.first_stop[:-1]] = 0.0, False
        return customers.travel * mean[stop], same[stop], NOTHING
    place = building[world.point_of_stop[stop]]
    before = np.concatenate([[0], place[:-1]])[: len(place)]
    from_home = attempt > 0
    from_home[first[:-1][np.diff(first) > 0]] = True
    travel = customers.travel[rows] * np.where(from_home, 0.0, travel_minutes[before, place])
    back = np.full(len(rows), -1.0)
    for again in range(1, int(attempt.max(initial=0)) + 1):
        here = attempt == again
        back[here] = customers.later_minutes[again - 1][rows[here]]
    return travel, (before == place) & ~from_home, back


def _queues(layout, key, point_of_key, journey_of_key, service, booked):
    """Number of the queue that each visit joins; `key` is the stop or point of the visit."""
    takes = np.array(
        [
            [
                layout.points[point] in queue.points
                and (queue.journeys is None or journey in queue.journeys)
                for point, journey in zip(point_of_key, journey_of_key, strict=True)
            ]
            for queue in layout.queues
        ]
    )
    plain = np.array(
        [queue.up_to_minutes == np.inf and not queue.booked for queue in layout.queues]
    )
    everybody = takes & plain[:, None]
    unserved = np.flatnonzero(~everybody.any(axis=0))
    if len(unserved):
        name = layout.points[point_of_key[unserved[0]]]
        raise UsageError(
            f"no queue takes everybody at '{name}'; "
            "add one without journeys, up_to_minutes or booked"
        )
    joined = everybody.argmax(axis=0)[key]
    for number in np.flatnonzero(~plain)[::-1]:
        queue = layout.queues[number]
        fits = takes[number][key] & (number < joined) & (service <= queue.up_to_minutes)
        if queue.booked:
            fits &= False if booked is None else booked
        joined[fits] = number
    return joined
