"""Layouts in which counters are shared otherwise: pooled, helped out, express, priority, booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_layout import Appointments, Crew, Layout, Queue


def with_counters(layout: Layout, counters: Mapping[str, int | tuple[int, ...]]) -> Layout:
    """The layout with other numbers of counters for the crews named."""
    for name in counters:
        layout.crew(name)
    crews = tuple(replace(c, counters=counters.get(c.name, c.counters)) for c in layout.crews)
    return replace(layout, crews=crews)


def pooled(
    layout: Layout,
    points: Sequence[str],
    name: str,
    counters: int | tuple[int, ...],
    slow_down: float,
) -> Layout:
    """The layout with one queue and one crew called `name` for all these points together.

    Each service takes `slow_down` times as long, because everybody there does everything. The
    queues of the points and the crews that served nothing else are gone.
    """
    gone = {queue.name for queue in layout.queues if set(queue.points) <= set(points)}
    stay = tuple(queue for queue in layout.queues if queue.name not in gone)
    for queue in stay:
        if set(queue.points) & set(points):
            raise UsageError(
                f"queue '{queue.name}' also takes points that are not pooled; pool all its points"
            )
    crews = []
    for crew in layout.crews:
        kept = [k for k, queue in enumerate(crew.queues) if queue not in gone]
        if kept:
            pace = tuple(crew.pace[k] for k in kept) if crew.pace else ()
            crews.append(replace(crew, queues=tuple(crew.queues[k] for k in kept), pace=pace))
    return replace(
        layout,
        queues=(*stay, Queue(name, tuple(points))),
        crews=(*crews, Crew(name, counters, (name,), (slow_down,))),
    )


def helped_out(layout: Layout, helper: str, queue: str, pace: float) -> Layout:
    """The layout in which crew `helper` also calls from `queue` when its own queues are empty.

    One call is one-way overflow; two-way overflow is one call in each direction. The help takes
    `pace` times as long as the queue's own crew would.
    """
    crew = layout.crew(helper)
    layout.queue(queue)
    before = crew.pace or (1.0,) * len(crew.queues)
    wider = replace(crew, queues=(*crew.queues, queue), pace=(*before, pace))
    return replace(layout, crews=tuple(wider if c is crew else c for c in layout.crews))


def with_express(
    layout: Layout, queue: str, up_to_minutes: float, counters: int | tuple[int, ...]
) -> Layout:
    """The layout with an express queue beside `queue`, for services of at most `up_to_minutes`.

    Queue and crew are called "express " and the old queue's name; the counters come on top, so the
    old crew is to be made smaller by the caller where none are added.
    """
    name = f"express {queue}"
    quick = replace(layout.queue(queue), name=name, up_to_minutes=up_to_minutes)
    return replace(
        layout, queues=(quick, *layout.queues), crews=(*layout.crews, Crew(name, counters, (name,)))
    )


def with_priority(layout: Layout, queue: str, journeys: Sequence[str]) -> Layout:
    """The layout in which every crew of `queue` calls customers of these journeys first."""
    return _called_first(layout, queue, replace(layout.queue(queue), journeys=tuple(journeys)))


def with_booking(layout: Layout, queue: str, appointments: Appointments) -> Layout:
    """The layout with appointments, in which every crew of `queue` calls who has booked first."""
    first = _called_first(layout, queue, replace(layout.queue(queue), booked=True))
    return replace(first, appointments=appointments)


def _called_first(layout: Layout, queue: str, special: Queue) -> Layout:
    special = replace(special, name=f"first {queue}")
    crews = []
    for crew in layout.crews:
        if queue not in crew.queues:
            crews.append(crew)
            continue
        place = crew.queues.index(queue)
        queues = (*crew.queues[:place], special.name, *crew.queues[place:])
        pace = crew.pace and (*crew.pace[:place], crew.pace[place], *crew.pace[place:])
        crews.append(replace(crew, queues=queues, pace=pace))
    return replace(layout, queues=(special, *layout.queues), crews=tuple(crews))
