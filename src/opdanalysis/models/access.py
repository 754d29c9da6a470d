"""How far citizens live from where services are given, how evenly, and who gets nearer or farther.

A trip is one way, without parking and without the wait at the counter; each visit to a counter is
a trip there and a trip back. Buildings stand at their points: the error of a place is not drawn.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.methods.inequality import gini, kolm_pollak_ede
from opdanalysis.models.citizen_trips import MINUTES, NUMBERS, citizen_trips
from opdanalysis.models.service_points import (
    ServicePoint,
    ServicePoints,
    residents,
    service_points,
    yearly_visits,
)
from opdanalysis.parameters.values import Values

LIMITS = (15, 30, 45)
"""Minutes of a trip within which its share is reported."""

THERE_AND_BACK = 2
"""Trips of a visit."""

ALL = "all"
"""Stands for all services together."""

NAMES = (
    "access_minutes",
    "access_hours",
    "access_cost",
    *(f"access_within_{limit}" for limit in LIMITS),
    "access_ede",
    "access_gini",
    "residents_nearer",
    "residents_farther",
)
"""What is reported of access."""


def access(
    city: City, placement: Placement, values: Values, values_today: Values
) -> dict[str, Any]:
    """Travel of citizens to counters, floats or `(n_draws,)`; 0 in a city without counter steps.

    `values` are those under the plan's levers, `values_today` the same draws without them.

    access_minutes
        Mean minutes of a trip, over residents and visits [minute].
    access_hours, access_cost
        Travel to all counters in a year, there and back [hour/year, Rp/year].
    access_within_15, access_within_30, access_within_45
        Share of trips that take no longer, by the modes in which they are made [1].
    access_ede
        Minutes that would be as bad if every resident had the same trip, averse to inequality
        (Kolm-Pollak) [minute].
    access_gini
        Gini coefficient of the mean minutes of residents, by kelurahan [1].
    residents_nearer, residents_farther
        Residents whose mean trip is shorter or longer than today by more than what is noticed
        [person].
    """
    points = service_points(city, placement)
    if not points.points:
        return dict.fromkeys(NAMES, 0.0)
    people, trip = residents(city, values), citizen_trips(values)
    visits = yearly_visits(points, values)
    trips_per_head, km_per_head = _per_head(points, visits, people)
    # Nothing is known of residents who have no counter to go to: they weigh nothing.
    weights = people * points.served
    way = km_per_head / (trips_per_head + ~points.served)
    minutes = way * _beside(trip.minutes_per_km) + _beside(trip.minutes_on_top)
    trips, km = visits.sum(axis=-1), np.vecdot(people, km_per_head)
    hours = (km * trip.minutes_per_km + trips * trip.minutes_on_top) / MINUTES
    within = np.einsum("...p,...pl->...l", visits, _within(points, values))
    today = values_today.once(
        ("access today", city), lambda: access_by_kelurahan(city, city.today, values_today)
    )
    saved = today - minutes
    noticed = values.beside_entities()["noticed_minutes"]
    return {
        "access_minutes": hours / trips * MINUTES,
        "access_hours": hours * THERE_AND_BACK,
        "access_cost": (km * trip.rupiah_per_km + trips * trip.rupiah_on_top) * THERE_AND_BACK,
        **{f"access_within_{limit}": within[..., i] / trips for i, limit in enumerate(LIMITS)},
        "access_ede": kolm_pollak_ede(minutes, weights, values["inequality_aversion"]),
        "access_gini": gini(minutes, weights),
        "residents_nearer": np.vecdot(weights, saved > noticed),
        "residents_farther": np.vecdot(weights, saved < -noticed),
    }


def access_by_kelurahan(
    city: City, placement: Placement, values: Values, service: str | None = None
) -> Any:
    """Mean minutes of a trip from each kelurahan, to all counters or for one service [minute].

    `(..., n_kelurahan)`; not a number where residents make no such trip.
    """
    points, trip = service_points(city, placement), citizen_trips(values)
    visits = yearly_visits(points, values, service)
    trips_per_head, km_per_head = _per_head(points, visits, residents(city, values))
    with np.errstate(invalid="ignore"):
        way = km_per_head / trips_per_head
    return way * _beside(trip.minutes_per_km) + _beside(trip.minutes_on_top)


def access_by_service(city: City, placement: Placement, values: Values) -> dict[str, Any]:
    """Mean minutes of a trip for each service with a counter step, by id, and for all [minute].

    Floats or `(n_draws,)`; the key of all is `all`.
    """
    points, trip = service_points(city, placement), citizen_trips(values)
    people = residents(city, values)
    found = {}
    for service in (*points.services, None):
        visits = yearly_visits(points, values, service)
        km = np.vecdot(people, _per_head(points, visits, people)[1])
        way = km / visits.sum(axis=-1)
        found[service or ALL] = way * trip.minutes_per_km + trip.minutes_on_top
    return found


def _per_head(points: ServicePoints, visits: Any, people: Any) -> tuple[Any, Any]:
    """Trips and kilometres of way of a resident in a year, `(..., n_kelurahan)` each.

    The visits to a point are shared out evenly over the residents who come there.
    """
    per_head = visits / (people @ points.serves)
    return per_head @ points.serves.T, per_head @ points.served_km.T


def _beside(number: Any) -> Any:
    """A number for all, shaped for formulas over kelurahan: `(n_draws,)` becomes `(n_draws, 1)`."""
    return np.asarray(number)[..., None]


def _within(points: ServicePoints, values: Values) -> Any:
    """Share of the trips to each point that take no longer than each limit [1].

    `(..., n_points, n_limits)`.
    """
    found = [
        values.once(
            ("within", point),
            partial(_point_within, point, values),
            NUMBERS | {"population"},
        )
        for point in points.points
    ]
    return np.stack(found, axis=-2)


def _point_within(point: ServicePoint, values: Values) -> Any:
    """Share of the trips to a point that take no longer than each limit [1], `(..., n_limits)`.

    Within reach of a mode are the residents of the nearest kelurahan up to its way.
    """
    trip = citizen_trips(values)
    people = values.beside_entities()["population"] @ point.nearer.T
    place = np.searchsorted(point.distances, trip.reach_km(LIMITS), side="right")
    flat = place.reshape(*place.shape[:-2], -1)
    near = np.take_along_axis(people, flat, axis=-1).reshape(place.shape)
    return np.einsum("...lm,...m->...l", near, trip.mode_shares) / people[..., -1:]
