"""How long citizens' journeys take in a year under a placement: what is reported."""

from __future__ import annotations

from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.citizen_trips import MINUTES
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_times import JourneyTimes, times_of_visits
from opdanalysis.models.journey_visits import Visits
from opdanalysis.parameters.values import Values

NAMES = (
    "citizen_hours",
    "citizen_cost",
    "trips_per_case",
    "waiting_minutes",
    "felt_waiting_minutes",
    "elapsed_days",
    "one_visit_share",
    "within_standard_share",
    "settling_hours",
    "given_up_share",
)
"""What is reported of service time."""


def service_time(
    city: City,
    placement: Placement,
    values: Values,
    values_today: Values,
    residents_farther: Any,
) -> dict[str, Any]:
    """Journeys of citizens, floats or `(n_draws,)`; 0 in a city without journeys.

    `values` are those under the plan's levers, `values_today` the same draws without them;
    `residents_farther` are those whose mean trip is longer than today (`models/access`) [person].

    citizen_hours, citizen_cost
        All journeys of a year: on the way, in line and at counters [hour/year, Rp/year].
    trips_per_case
        Trips of a citizen from home and back [trip/case].
    waiting_minutes, felt_waiting_minutes
        Waiting in a case, and with the minutes in a mall at their own weight [minute].
    elapsed_days
        Working days until the result is there [day].
    one_visit_share, within_standard_share
        Share of cases that need one visit, and of those with a promised time that keep it [1].
    settling_hours
        Citizens' extra hours in line while movers settle in, all years together [hour].
    given_up_share
        Share of citizens who no longer come, because the office got farther [1]. Nobody is taken
        out of the other numbers.
    """
    if not city.journeys:
        return dict.fromkeys(NAMES, 0.0)
    visits = Visits(city, Sides.all_of(placement), values, values_today)
    times = times_of_visits(visits)
    cases = values["journey_cases"]
    total = cases.sum(axis=-1)
    waiting = np.vecdot(cases, times.waiting_minutes)
    lighter = np.vecdot(cases, times.mall_minutes) * (1 - values["mall_waiting_weight"])
    longer = np.vecdot(cases, visits.settling_waiting) - waiting
    return {
        "citizen_hours": np.vecdot(cases, times.hours),
        "citizen_cost": np.vecdot(cases, times.cost),
        "trips_per_case": np.vecdot(cases, times.trips) / total,
        "waiting_minutes": waiting / total,
        "felt_waiting_minutes": (waiting - lighter) / total,
        "elapsed_days": np.vecdot(cases, times.days) / total,
        "one_visit_share": np.vecdot(cases, times.one_visit) / total,
        "within_standard_share": share_within_standard(city, times, cases),
        "settling_hours": longer / MINUTES * values["dip_years"],
        "given_up_share": values["lost_share_when_farther"]
        * residents_farther
        / values["population"].sum(axis=-1),
    }


def share_within_standard(city: City, times: JourneyTimes, cases: Any) -> Any:
    """Share of the cases with a promised time that keep it [1]; 0 where nothing is promised."""
    promised = [at for at, journey in enumerate(city.journeys) if journey.standard_days]
    if not promised:
        return 0.0 * cases[..., 0]
    counted = cases[..., promised]
    return np.vecdot(counted, times.within_standard[..., promised]) / counted.sum(axis=-1)
