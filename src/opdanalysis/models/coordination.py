"""What being close does to contacts between agencies, to the helper's time and to trips.

Places come in tiers: one floor, one building, one site, or elsewhere in the city. Ties that the
rules require and new or informal ties have a ratio of their own; there is no single number of
proximity that would raise everything.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.ties import Ties, ties_of, yearly_contacts
from opdanalysis.models.travel import road_km
from opdanalysis.parameters.values import Values

ELSEWHERE, ONE_SITE, ONE_BUILDING, ONE_FLOOR = range(4)
"""The tiers of being together, from far to near."""

MINUTES = 60
"""Minutes in an hour."""


def coordination(city: City, placement: Placement, values: Values) -> dict[str, Any]:
    """Contacts, the helpers' extra time and the trips of staff in a year, floats or `(n_draws,)`.

    contacts
        Contacts that may be expected some years after the move [contact/year].
    helper_hours
        Time that helpers lose because the other sits near [hour/year].
    staff_km, staff_hours, staff_travel_cost
        Trips of staff to other agencies, there and back [km/year, hour/year, Rp/year].
    """
    ties = ties_of(city)
    tier_today, tier = tiers(city, city.today, ties), tiers(city, placement, ties)
    contacts = yearly_contacts(ties, values) * contact_change(ties, tier_today, tier, values)
    contacts = contacts * meeting_change(ties, values)
    together = contacts @ (tier >= ONE_BUILDING).astype(float)
    hours_helped = together * values["minutes_per_contact"] / MINUTES
    km, hours = _trips(city, placement, ties, contacts, values)
    return {
        "contacts": contacts.sum(axis=-1),
        "helper_hours": hours_helped * values["helper_time_share"],
        "staff_km": km,
        "staff_hours": hours,
        "staff_travel_cost": hours * values["staff_hour_cost"] + km * values["vehicle_cost"],
    }


def tiers(city: City, placement: Placement, ties: Ties) -> NDArray[np.intp]:
    """How close the two agencies of each tie sit, from ELSEWHERE to ONE_FLOOR, `(n_ties,)`."""
    places = city.places(placement)
    floors = np.array([placement.floors.get(agency.id, -1) for agency in city.agencies])
    one, other = places[ties.sender], places[ties.receiver]
    found = np.where(city.sites[one] == city.sites[other], ONE_SITE, ELSEWHERE)
    found = np.where(one == other, ONE_BUILDING, found)
    floor = floors[ties.sender]
    return np.where(
        (one == other) & (floor >= 0) & (floor == floors[ties.receiver]), ONE_FLOOR, found
    )


def contact_change(
    ties: Ties, before: NDArray[np.intp], after: NDArray[np.intp], values: Values
) -> Any:
    """Contacts of each tie after a move against before [1].

    Who comes closer gains step by step over the years; who is parted loses less than was gained,
    since earlier ties survive.
    """
    v = values.beside_entities()
    moved = np.flatnonzero(before != after)
    before, after, informal = before[moved], after[moved], ties.informal[moved]
    of_duty, of_informal = _ratios("duty", v), _ratios("informal", v)
    ratio = np.where(informal, of_informal[..., after], of_duty[..., after])
    base = np.where(informal, of_informal[..., before], of_duty[..., before])
    grown = np.minimum(v["years_after_move"] / v["years_to_full_effect"], 1.0)
    closer = 1 + (ratio / base - 1) * grown
    change = np.ones((*closer.shape[:-1], len(ties)))
    change[..., moved] = np.where(after > before, closer, v["parting_ratio"])
    return change


def meeting_change(ties: Ties, values: Values) -> Any:
    """Contacts of each tie under the lever of a meeting programme against without it [1]."""
    v = values.beside_entities()
    if not np.any(v["meeting_programme"]):
        return np.float64(1.0)
    rise = 1 + (v["meeting_programme_ratio"] - 1) * v["meeting_programme"]
    return np.where(ties.informal, rise, 1.0)


def _ratios(nature: str, v: Values) -> Any:
    """The ratio of each tier, in rising order, `(n_draws, 4)` or `(4,)`: one draw per tier."""
    building = np.asarray(v[f"{nature}_ratio_same_building"], dtype=float)
    site = 1 + (building - 1) * v[f"{nature}_site_share"]
    floor = building * v[f"{nature}_floor_factor"]
    steps = [np.ones_like(building), site, building, floor]
    return np.stack(steps, axis=-1) if building.ndim == 0 else np.concatenate(steps, axis=-1)


def _trips(
    city: City, placement: Placement, ties: Ties, contacts: Any, values: Values
) -> tuple[Any, Any]:
    """Kilometres and hours of all employees together on trips to other buildings."""
    places = city.places(placement)
    km = road_km(city, values, places[ties.sender], places[ties.receiver])
    trips = np.einsum("...t,...t->...", contacts, km) * values["meeting_share"]
    person_km = 2 * trips * values["people_per_trip"]
    return person_km, person_km / values["travel_speed"]
