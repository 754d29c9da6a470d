"""How customers are received: buildings, queues, crews at the counters, hours, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods.queue_world import HOURS_PER_DAY

Closing = Literal["everyone", "tickets", "cut"]
CLOSINGS = ("everyone", "tickets", "cut")


@dataclass(frozen=True)
class Queue:
    """A waiting line, first come first served.

    A customer joins the first queue of the layout that takes the stop's point and fits: `journeys`
    (None: all), a service of at most `up_to_minutes` at normal pace, `booked` customers only.
    """

    name: str
    points: tuple[str, ...]
    journeys: tuple[str, ...] | None = None
    up_to_minutes: float = np.inf
    booked: bool = False


@dataclass(frozen=True)
class Crew:
    """Counters that do the same work.

    `counters` is one number, or 24, one for each hour of the day. A free counter calls from the
    first of `queues` in which somebody waits; two queues at one crew are two priority classes,
    without interruption of a service. At a queue's place in `pace` stands by how much a service
    takes longer [1] when this crew gives it; nothing there means 1 for all.
    """

    name: str
    counters: int | tuple[int, ...]
    queues: tuple[str, ...]
    pace: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        hours = self.by_hour
        if len(hours) != HOURS_PER_DAY or min(hours) < 0 or max(hours) < 1:
            raise UsageError(
                f"crew '{self.name}': counters is {self.counters}; expected 1 or more, or 24 "
                "numbers from 0 up, one for each hour, not all of them 0"
            )
        if not self.queues or len(set(self.queues)) < len(self.queues):
            raise UsageError(f"crew '{self.name}' must serve 1 queue or more, each named once")
        if self.pace and (len(self.pace) != len(self.queues) or min(self.pace) <= 0):
            raise UsageError(
                f"crew '{self.name}': pace is {self.pace}; expected a number above 0 for each of "
                f"its {len(self.queues)} queues, or nothing"
            )

    @property
    def by_hour(self) -> tuple[int, ...]:
        """Counters in each of the 24 hours."""
        return (self.counters,) * HOURS_PER_DAY if np.ndim(self.counters) == 0 else self.counters

    @property
    def most(self) -> int:
        """Counters in the hour with the most."""
        return max(self.by_hour)


@dataclass(frozen=True)
class Appointments:
    """Booked visits: who books, when they are called for, and who stays away.

    Per journey, `share` of the customers book and `no_show` of these stay away, `(n_journeys,)`
    each [1]. Those of one journey and day are spread evenly from minute `begin` to `end` of the
    day, in the order in which they would have come, and come up to `late` minutes before or after.
    """

    share: tuple[float, ...]
    no_show: tuple[float, ...]
    begin: float
    end: float
    late: float

    def __post_init__(self) -> None:
        if not (0 <= self.begin < self.end <= 1440 and 0 <= self.late < np.inf):
            raise UsageError(
                f"appointments go from minute {self.begin:g} to {self.end:g}, late {self.late:g}; "
                "expected a begin before the end, from 0 to 1440, and late from 0 up"
            )


@dataclass(frozen=True, eq=False)
class Layout:
    """What a plan decides about receiving customers.

    Attributes
    ----------
    points
        The points of the world, in its order; the next arrays follow it.
    building
        `(n_points,)` number of the building of each point.
    travel_minutes
        `(n_buildings, n_buildings)` mean way from one point to the next [min]; on the diagonal the
        way inside a building.
    opens, closes
        `(n_points,)` minute of the day, from 0 to 1440.
    closing
        "everyone": who comes in time is served, and so is everybody who comes later from another
        point in the same building; counters work on until nobody waits. "tickets": who comes to the
        point in time is served, later ones come again at the next opening. "cut": no service begins
        after closing; whoever still waits or comes later is first next time.
    open_days
        `(n_points, any number of days)`, repeated over the days of the world; None: open daily.
    """

    points: tuple[str, ...]
    building: Sequence[int] | np.ndarray
    travel_minutes: np.ndarray
    queues: tuple[Queue, ...]
    crews: tuple[Crew, ...]
    opens: Sequence[float] | np.ndarray
    closes: Sequence[float] | np.ndarray
    closing: Closing
    open_days: np.ndarray | None = None
    appointments: Appointments | None = None

    def __post_init__(self) -> None:
        if self.closing not in CLOSINGS:
            raise UsageError(f"closing is '{self.closing}'; expected one of {', '.join(CLOSINGS)}")
        names = [queue.name for queue in self.queues]
        for what, all_names in (("queue", names), ("crew", [crew.name for crew in self.crews])):
            twice = [name for name in all_names if all_names.count(name) > 1]
            if twice:
                raise UsageError(f"{what} '{twice[0]}' stands twice in the layout")
        self._check_references(names)
        self._check_arrays()

    def _check_references(self, names: list[str]) -> None:
        for queue in self.queues:
            for point in queue.points:
                if point not in self.points:
                    raise UsageError(
                        f"queue '{queue.name}' is for '{point}', which is not a point. "
                        + did_you_mean(point, self.points)
                    )
        for crew in self.crews:
            for name in crew.queues:
                if name not in names:
                    raise UsageError(
                        f"crew '{crew.name}' serves '{name}', which is not a queue. "
                        + did_you_mean(name, names)
                    )
        served = {name for crew in self.crews for name in crew.queues}
        for name in names:
            if name not in served:
                raise UsageError(f"queue '{name}' has no crew; name it in the queues of one")

    def _check_arrays(self) -> None:
        n = len(self.points)
        opens, closes = np.asarray(self.opens, float), np.asarray(self.closes, float)
        if opens.shape != (n,) or closes.shape != (n,) or np.shape(self.building) != (n,):
            raise UsageError(
                f"building, opens and closes must hold one number for each of {n} points"
            )
        if not ((opens >= 0) & (opens < closes) & (closes <= 1440)).all():
            raise UsageError("a point must open before it closes, from minute 0 to 1440 of the day")
        travel = np.asarray(self.travel_minutes, float)
        if travel.ndim != 2 or travel.shape[0] != travel.shape[1] or not (travel >= 0).all():
            raise UsageError(
                f"travel_minutes has the shape {travel.shape}; expected one row and one column per "
                "building, numbers from 0 up"
            )
        if min(self.building) < 0 or max(self.building) >= len(travel):
            raise UsageError(
                f"building goes from {min(self.building)} to {max(self.building)}; travel_minutes "
                f"knows buildings 0 to {len(travel) - 1}"
            )
        if self.open_days is not None and (
            np.ndim(self.open_days) != 2
            or len(self.open_days) != n
            or not np.asarray(self.open_days).any(axis=1).all()
        ):
            raise UsageError(
                f"open_days must hold one row for each of {n} points, each open on some day"
            )

    def queue(self, name: str) -> Queue:
        """The queue of that name."""
        return self._named(self.queues, "queue", name)

    def crew(self, name: str) -> Crew:
        """The crew of that name."""
        return self._named(self.crews, "crew", name)

    @staticmethod
    def _named(things, what, name):
        found = {thing.name: thing for thing in things}
        if name not in found:
            raise UsageError(f"'{name}' is not a {what}. " + did_you_mean(name, found))
        return found[name]


def dedicated(
    points: Sequence[str],
    counters: Sequence[int | tuple[int, ...]],
    building: Sequence[int] | np.ndarray,
    travel_minutes: np.ndarray,
    opens: Sequence[float] | np.ndarray,
    closes: Sequence[float] | np.ndarray,
    closing: Closing,
    open_days: np.ndarray | None = None,
) -> Layout:
    """A layout in which each point has one queue and a crew of its own, both named as the point."""
    if len(counters) != len(points):
        raise UsageError(f"{len(counters)} numbers of counters for {len(points)} points")
    return Layout(
        points=tuple(points),
        building=building,
        travel_minutes=travel_minutes,
        queues=tuple(Queue(point, (point,)) for point in points),
        crews=tuple(
            Crew(point, count, (point,)) for point, count in zip(points, counters, strict=True)
        ),
        opens=opens,
        closes=closes,
        closing=closing,
        open_days=open_days,
    )
