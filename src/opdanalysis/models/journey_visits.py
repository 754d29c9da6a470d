"""The visits of each journey: how often, how far, how long in line and at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.models.citizen_places import places_of, ways_home
from opdanalysis.models.counter_lines import counters_of
from opdanalysis.models.counter_waits import SERVICE_CV, waiting, waiting_in_transition
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_stops import NONE, Stops, journey_stops
from opdanalysis.parameters.values import Values

NEEDED_NUMBERS = frozenset(
    {
        "fetched_share",
        "delegated_authority_share",
        "missing_papers_share",
        "share_at_group",
        "counter_minutes",
        "fetch_minutes",
    }
)
"""The numbers that say how often each stop is needed, and how long it takes there."""


@lru_cache(maxsize=4)
def stops_of(city: City) -> Stops:
    """The stops of all journeys of a city."""
    counters = counters_of(city)
    return journey_stops(city, counters.heads, counters.groups)


@dataclass(frozen=True, eq=False)
class Needed:
    """What no placement changes of each stop, `(..., n_stops)`.

    needed
        Share of cases that have it [1].
    again
        Chance that papers are missing [1].
    times
        Visits in a case [1].
    at_units
        Share of visits at the units of the group [1].
    minutes
        At the counter, in a visit [minute].
    """

    needed: Any
    again: Any
    times: Any
    at_units: Any
    minutes: Any


def needed_of(stops: Stops, values: Values) -> Needed:
    """How often each stop is needed; asked for twice with the same values it is the same."""
    return values.once(("needed stops", stops), lambda: _needed_of(stops, values), NEEDED_NUMBERS)


def _needed_of(stops: Stops, values: Values) -> Needed:
    v = values.beside_entities()
    delegated = stops.delegable * v["delegated_authority_share"]
    needed = np.where(stops.fetches, v["fetched_share"] * (1 - delegated), 1.0)
    again = v["missing_papers_share"] * ~stops.fetches
    asked = values["counter_minutes"] @ stops.minutes
    minutes = np.where(stops.fetches, v["fetch_minutes"], asked)
    return Needed(needed, again, needed / (1 - again), _least_share(stops, values), minutes)


def _least_share(stops: Stops, values: Values) -> Any:
    """Share of citizens who come to the units at each stop [1]: the least of its steps."""
    shares = values["share_at_group"]
    found = np.zeros((*shares.shape[:-1], len(stops.head)))
    for place, columns in enumerate(stops.shares):
        if len(columns):
            found[..., place] = shares[..., columns].min(axis=-1)
    return found


@dataclass(frozen=True, eq=False)
class Visits:
    """The visits of all journeys under the placements of `sides`.

    `(..., n_journeys)` where nothing else is said.
    """

    city: City
    sides: Sides
    values: Values
    values_today: Values

    @cached_property
    def stops(self) -> Stops:
        """The stops, which no placement changes."""
        return stops_of(self.city)

    @cached_property
    def stop(self) -> Needed:
        """How often each stop is needed."""
        return needed_of(self.stops, self.values)

    @cached_property
    def trips(self) -> Any:
        """From home and back [1]."""
        return (self.stop.times - self._joined) @ self.stops.of_journey

    @cached_property
    def one_visit(self) -> Any:
        """Share of citizens who come once [1]."""
        stops, needed = self.stops, self.stop.needed
        once = 1 - needed + self._joined
        once[..., stops.first] = 1.0
        return self.at_once * np.multiply.reduceat(once, stops.starts, axis=-1)

    @cached_property
    def at_once(self) -> Any:
        """Share of citizens who never lack a paper [1]."""
        return np.multiply.reduceat(1 - self.stop.again, self.stops.starts, axis=-1)

    @cached_property
    def further_trips(self) -> Any:
        """Trips before the result is there, besides the first and those for missing papers [1]."""
        later = ~self.stops.first & ~self.stops.fetches
        return (later * (1 - self._joined)) @ self.stops.of_journey

    @cached_property
    def missing_trips(self) -> Any:
        """Trips because papers are missing [1]."""
        return (self.stop.times - self.stop.needed) @ self.stops.of_journey

    @cached_property
    def km(self) -> Any:
        """Ways of all trips, without the detour of the road [km]."""
        stops = self.stops
        home = self._at_stops(ways_home(self.city, self.sides.homes, self.values))
        km = 2 * home * self.stop.times
        joints = stops.joints
        saved = home[..., joints] + home[..., joints - 1] - self._between
        km[..., joints] -= self._joined[..., joints] * saved
        return km @ stops.of_journey

    @cached_property
    def rides(self) -> Any:
        """Ways begun, each with the walks and waits of public transport [1]."""
        saved = self._joined.copy()
        saved[..., self.stops.joints] *= 1 + (self._between == 0)
        return (2 * self.stop.times - saved) @ self.stops.of_journey

    @cached_property
    def waiting(self) -> Any:
        """In line in all visits together [minute]."""
        return self._waits(waiting) @ self.stops.of_journey

    @cached_property
    def settling_waiting(self) -> Any:
        """The same while movers settle in [minute]."""
        return self._waits(waiting_in_transition) @ self.stops.of_journey

    @cached_property
    def mall(self) -> Any:
        """The part of the waiting that is in a mall [minute]."""
        places = places_of(self.city, self.sides.homes)
        if not places.mall.any():
            return 0.0 * self.waiting
        people = self.values["population"]
        in_mall = self._at_stops((people @ places.mall) / (people @ places.serves))
        return (self._waits(waiting) * in_mall) @ self.stops.of_journey

    @cached_property
    def minutes(self) -> Any:
        """At counters in all visits together [minute]."""
        return (self.stop.minutes * self.stop.times) @ self.stops.of_journey

    @cached_property
    def first_minutes(self) -> Any:
        """In line and at counters until everything was asked for once [minute]."""
        asked = self._wait_at_stops(waiting) + self.stop.minutes
        return (asked * ~self.stops.fetches) @ self.stops.of_journey

    @cached_property
    def first_variance(self) -> Any:
        """How these spread over cases [minute^2]; a wait spreads as much as it is long."""
        wait, minutes = self._wait_at_stops(waiting), self.stop.minutes
        spread = wait**2 + (SERVICE_CV * minutes) ** 2
        return (spread * ~self.stops.fetches) @ self.stops.of_journey

    @property
    def coming_again(self) -> Any:
        """Trips before each stop, for it or for papers missing there, `(..., n_stops)` [1]."""
        later = ~self.stops.first & ~self.stops.fetches
        return later * (1 - self._joined) + self.stop.times - self.stop.needed

    @property
    def wait_of_stop(self) -> Any:
        """Mean wait of a visit at each stop, `(..., n_stops)` [minute]."""
        return self._wait_at_stops(waiting)

    @cached_property
    def _joined(self) -> Any:
        """Share of cases in which a stop is on one trip with the stop before [1]."""
        stops, needed = self.stops, self.stop.needed
        joints, found = stops.joints, np.zeros_like(needed)
        if len(joints):
            close = places_of(self.city, self.sides.trips).near[
                stops.head[joints], stops.head[joints - 1]
            ]
            together = close + (1 - close) * self.values.beside_entities()["same_day_share"]
            found[..., joints] = together * np.minimum(needed[..., joints], needed[..., joints - 1])
        return found

    @cached_property
    def _between(self) -> Any:
        """Way from the stop before, for the stops that may be on one trip with it [km]."""
        stops = self.stops
        ways = places_of(self.city, self.sides.homes).between_km
        return ways[stops.head[stops.joints], stops.head[stops.joints - 1]]

    def _waits(self, waits: Any) -> Any:
        return self._wait_at_stops(waits) * self.stop.times

    def _wait_at_stops(self, waits: Any) -> Any:
        """Mean wait of a visit at each stop [minute]."""
        key = ("wait at stops", waits)
        if key not in self._known:
            found = waits(self.city, self.sides.counters, self.values, self.values_today)
            self._known[key] = self._at_stops(np.concatenate(found, axis=-1))
        return self._known[key]

    @cached_property
    def _known(self) -> dict[Any, Any]:
        return {}

    def _at_stops(self, at_place: Any) -> Any:
        """A number per place as the mean at each stop, at the agency or at its units."""
        stops = self.stops
        found = at_place[..., stops.head]
        shared = np.flatnonzero(stops.group != NONE)
        if len(shared):
            units = at_place[..., counters_of(self.city).n_heads + stops.group[shared]]
            here = found[..., shared]
            found[..., shared] = here + self.stop.at_units[..., shared] * (units - here)
        return found
