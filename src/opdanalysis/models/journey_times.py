"""What one journey takes a citizen: trips, travel, waiting, counters, rupiah and working days.

A journey is its services in order. Each part may be taken from another placement (`Sides`), so that
a change can be split into its causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from opdanalysis.city.city import City
from opdanalysis.models.citizen_trips import MINUTES, MODES, PUBLIC, citizen_trips
from opdanalysis.models.desk_hours import Times, desk_times
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_stops import services_of_journeys
from opdanalysis.models.journey_visits import Visits
from opdanalysis.parameters.values import Values

LEAST_SPREAD = 0.02
"""Days by which the time of a journey spreads at least, so that its law has a width."""


@dataclass(frozen=True, eq=False)
class JourneyTimes:
    """Means over the citizens of each journey, `(..., n_journeys)` each.

    trips
        From home and back [1].
    travel_minutes, waiting_minutes, counter_minutes
        In all trips together [minute].
    mall_minutes
        The part of the waiting that is in a mall [minute].
    cost
        Time at the value of travel time, vehicle and fares [Rp].
    one_visit
        Share of citizens who come once [1].
    days
        Working days until the result is there [day].
    within_standard
        Share of cases that are done in the promised time [1]; not a number without a promise.
    """

    trips: Any
    travel_minutes: Any
    waiting_minutes: Any
    counter_minutes: Any
    mall_minutes: Any
    cost: Any
    one_visit: Any
    days: Any
    within_standard: Any

    @property
    def hours(self) -> Any:
        """Hours of a citizen on the way, in line and at counters."""
        minutes = self.travel_minutes + self.waiting_minutes + self.counter_minutes
        return minutes / MINUTES


def journey_times(city: City, sides: Sides, values: Values, values_today: Values) -> JourneyTimes:
    """What each journey takes, by the placements of `sides`.

    `values` are those under the plan's levers, `values_today` the same draws without them.
    """
    return times_of_visits(Visits(city, sides, values, values_today))


def times_of_visits(visits: Visits) -> JourneyTimes:
    """What each journey takes, of visits that are known already."""
    values = visits.values
    days, within = _days(visits)
    trip = citizen_trips(values)
    km, rides = visits.km, visits.rides
    travel = km * _beside(trip.minutes_per_km) + rides * _beside(trip.minutes_on_top)
    rupiah = km * _beside(trip.rupiah_per_km) + rides * _beside(trip.rupiah_on_top)
    there = visits.waiting + visits.minutes
    return JourneyTimes(
        trips=visits.trips,
        travel_minutes=travel,
        waiting_minutes=visits.waiting,
        counter_minutes=visits.minutes,
        mall_minutes=visits.mall,
        cost=rupiah + there * _beside(minute_value(values)),
        one_visit=visits.one_visit,
        days=days,
        within_standard=within,
    )


def minute_value(values: Values) -> Any:
    """What a minute is worth to a citizen, as a mean over the modes of travel [Rp/minute]."""
    shares = citizen_trips(values).shares
    hour = sum(
        shares[mode] * values[f"{'public' if mode in PUBLIC else mode}_time_value"]
        for mode in MODES
    )
    return hour / MINUTES


def _days(visits: Visits) -> tuple[Any, Any]:
    """Working days of each journey, and the share within its standard.

    Who lacks no paper and who does are told apart; each has a lognormal law.
    """
    city, values = visits.city, visits.values
    v = values.beside_entities()
    day, return_days = v["working_hours_per_day"], v["return_days"]
    desk = desk_times(city, visits.sides.desks, values)
    needed, further = services_of_journeys(city), visits.further_trips * return_days
    plain = Times(
        (desk.mean @ needed + visits.first_minutes / MINUTES) / day + further,
        (desk.variance @ needed + visits.first_variance / MINUTES**2) / day**2
        + further**2
        + LEAST_SPREAD**2,
    )
    promised = [at for at, journey in enumerate(city.journeys) if journey.standard_days]
    limits = np.array([city.journeys[at].standard_days for at in promised], dtype=float)
    within = np.full_like(plain.mean, np.nan)
    counted, at_once = plain.at(promised), visits.at_once[..., promised]
    returned = Times(counted.mean + return_days, counted.variance + return_days**2)
    within[..., promised] = at_once * _share_within(limits, counted) + (
        1 - at_once
    ) * _share_within(limits, returned)
    return plain.mean + visits.missing_trips * return_days, within


def _share_within(limit: Any, times: Times) -> Any:
    """Share of lognormal times that stay within the limit [1]."""
    square = np.log1p(times.variance / times.mean**2)
    return ndtr((np.log(limit / times.mean) + square / 2) / np.sqrt(square))


def _beside(number: Any) -> Any:
    return np.asarray(number)[..., None]
