"""Where a citizen must go in each journey, and which errands fit into one trip.

Counter steps that follow each other at one agency are one stop. Services that one agency decides by
itself are asked for together. After desk work the citizen comes again: to fetch the result, for the
next service, or where a later step needs him.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.entities import Journey, Step

Places = NDArray[np.intp]

NONE = -1


@dataclass
class Stop:
    """One stop of a journey, while it is put together."""

    agency: str
    group: str | None
    steps: list[Step]
    same_trip: bool = False
    """Whether it can be on one trip with the stop before."""
    fetches: bool = False
    """Whether the citizen only fetches a result, which is not always needed."""
    delegable: bool = False
    """Whether delegated authority decides all that is fetched at the counter."""


@dataclass(frozen=True, eq=False)
class Stops:
    """The stops of all journeys, one after the other, `(n_stops,)` each.

    `head` and `group` are places among the owners of counters, `group` NONE where all come to the
    agency. `minutes` has one where a counter step belongs to a stop, `(n_counter_steps, n_stops)`,
    and `shares` the places among the group steps of those whose least share comes to the units.
    `same_trip` marks stops that can be on one trip with the stop before.
    """

    journey: Places
    head: Places
    group: Places
    shares: tuple[Places, ...]
    minutes: NDArray[np.float64]
    same_trip: NDArray[np.bool_]
    fetches: NDArray[np.bool_]
    delegable: NDArray[np.bool_]
    n_journeys: int

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """Whether a stop is the first of its journey."""
        return np.diff(self.journey, prepend=-1) != 0

    @cached_property
    def starts(self) -> Places:
        """The first stop of each journey."""
        return np.flatnonzero(self.first)

    @cached_property
    def joints(self) -> Places:
        """The stops that can be on one trip with the stop before."""
        return np.flatnonzero(self.same_trip)

    @cached_property
    def of_journey(self) -> NDArray[np.float64]:
        """One where a stop belongs to a journey, `(n_stops, n_journeys)`."""
        return np.eye(self.n_journeys)[self.journey]


def stops_of_journey(city: City, journey: Journey) -> list[Stop]:
    """The stops of one journey in order."""
    stops: list[Stop] = []
    waiting_for: list[Step] = []  # desk work since the last stop
    seen_at: list[Stop] = []  # where the service that is waited for was seen to
    decides = ""
    for service in (city.service(id) for id in journey.services):
        for number, stage in enumerate(service.stages):
            step = stage[0]
            if not step.citizen_present:
                waiting_for += stage
                continue
            last = stops[-1] if stops else None
            here = last is not None and last.agency == step.agency
            together = number == 0 and here and _decided_by(step.agency, waiting_for)
            if last is not None and here and (not waiting_for or together):
                last.steps.append(step)
                last.group = last.group if last.group == step.group else None
            else:
                follows = last is not None and not waiting_for
                if waiting_for and number == 0 and seen_at and not here:
                    stops.append(_fetching(seen_at, decides, waiting_for))
                    follows = True
                stops.append(Stop(step.agency, step.group, [step], same_trip=follows))
                waiting_for = []
            seen_at = [stops[-1]] if number == 0 else [*seen_at, stops[-1]]
        decides = service.steps[-1].agency
    if waiting_for and seen_at:
        stops.append(_fetching(seen_at, decides, waiting_for))
    return stops


def _decided_by(agency: str, steps: Iterable[Step]) -> bool:
    return all(step.agency == agency for step in steps)


def _fetching(seen_at: list[Stop], decides: str, waiting_for: list[Step]) -> Stop:
    """Coming for the result: at the agency that decides, or else where the citizen was last."""
    place = next((stop for stop in seen_at if stop.agency == decides), seen_at[-1])
    return Stop(
        place.agency,
        place.group,
        list(place.steps),
        fetches=True,
        delegable=all(step.may_be_delegated for step in waiting_for),
    )


@lru_cache(maxsize=4)
def journey_stops(city: City, heads: tuple[str, ...], groups: tuple[str, ...]) -> Stops:
    """The stops of all journeys; agencies and groups by their places in `heads` and `groups`."""
    found = [stops_of_journey(city, journey) for journey in city.journeys]
    stops = [stop for of_one in found for stop in of_one]
    column = {step.id: place for place, step in enumerate(city.group_steps)}
    row = {step.id: place for place, step in enumerate(city.counter_steps)}
    minutes = np.zeros((len(row), len(stops)))
    for place, stop in enumerate(stops):
        if not stop.fetches:
            minutes[[row[step.id] for step in stop.steps], place] = 1.0
    return Stops(
        journey=np.repeat(np.arange(len(found)), [len(of_one) for of_one in found]),
        head=np.array([heads.index(stop.agency) for stop in stops], np.intp),
        group=np.array([groups.index(s.group) if s.group else NONE for s in stops], np.intp),
        shares=tuple(
            np.array([column[step.id] for step in stop.steps] if stop.group else [], np.intp)
            for stop in stops
        ),
        minutes=minutes,
        same_trip=np.array([stop.same_trip for stop in stops], bool),
        fetches=np.array([stop.fetches for stop in stops], bool),
        delegable=np.array([stop.delegable for stop in stops], bool),
        n_journeys=len(found),
    )


@lru_cache(maxsize=4)
def services_of_journeys(city: City) -> NDArray[np.float64]:
    """One where a journey needs a service, `(n_services, n_journeys)`."""
    needed = np.zeros((len(city.services), len(city.journeys)))
    for column, journey in enumerate(city.journeys):
        needed[[city.service_order[id] for id in journey.services], column] = 1.0
    return needed
