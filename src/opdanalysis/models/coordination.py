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
from opdanalysis.models.ties import CONTACT_NUMBERS, Ties, ties_of, yearly_contacts
from opdanalysis.models.travel import KM, way_metres
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
    sums = values.once(
        ("coordination today", city), lambda: _sums_today(city, values), of=CONTACT_NUMBERS
    )
    moved = moved_ties(city, placement)
    if len(moved):
        contacts = yearly_contacts(ties, values)[..., moved]
        before, after = (tiers(city, sits, ties)[moved] for sits in (city.today, placement))
        change = contact_change(ties.informal[moved], before, after, values)
        leaving = contacts @ _counted(city, city.today, moved)
        sums = sums - leaving + (contacts * change) @ _counted(city, placement, moved)
    all_contacts, together, one_way_km = (
        sums[..., of_duty] + sums[..., of_duty + 1] * meeting_rise(values) for of_duty in (0, 2, 4)
    )
    hours_helped = together * values["minutes_per_contact"] / MINUTES
    trips = one_way_km * values["road_detour_factor"] * values["meeting_share"]
    km = 2 * trips * values["people_per_trip"]
    hours = km / values["travel_speed"]
    return {
        "contacts": all_contacts,
        "helper_hours": hours_helped * values["helper_time_share"],
        "staff_km": km,
        "staff_hours": hours,
        "staff_travel_cost": hours * values["staff_hour_cost"] + km * values["vehicle_cost"],
    }


def moved_ties(city: City, placement: Placement) -> NDArray[np.intp]:
    """The ties of which an agency sits elsewhere than today, as places in the ties."""
    ties = ties_of(city)
    elsewhere = city.places(placement) != city.places(city.today)
    return np.flatnonzero(elsewhere[ties.sender] | elsewhere[ties.receiver])


def _sums_today(city: City, values: Values) -> Any:
    """Today's contacts, those under one roof, and contacts x km, `(n_draws, 6)` or `(6,)`."""
    ties = ties_of(city)
    everyone = np.arange(len(ties))
    return yearly_contacts(ties, values) @ _counted(city, city.today, everyone)


def _counted(city: City, placement: Placement, which: NDArray[np.intp]) -> NDArray[np.float64]:
    """What a contact of each tie adds to the sums, `(n_which, 6)`.

    In pairs for ties by duty and for informal ones: a contact, one under one roof, and the
    straight line between the two [km].
    """
    ties = ties_of(city)
    places = city.places(placement)
    one, other = places[ties.sender[which]], places[ties.receiver[which]]
    nature = np.stack([~ties.informal[which], ties.informal[which]], axis=1)
    parts = np.ones(len(which)), one == other, way_metres(city)[one, other] / KM
    return np.hstack([nature * part[:, None] for part in parts])


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
    informal: NDArray[np.bool_],
    before: NDArray[np.intp],
    after: NDArray[np.intp],
    values: Values,
) -> Any:
    """Contacts of ties after a move against before [1], given their tiers and natures.

    Who comes closer gains step by step over the years; who is parted loses less than was gained,
    since earlier ties survive.
    """
    v = values.beside_entities()
    moved = np.flatnonzero(before != after)
    before, after, informal_moved = before[moved], after[moved], informal[moved]
    of_duty, of_informal = _ratios("duty", v), _ratios("informal", v)
    ratio = np.where(informal_moved, of_informal[..., after], of_duty[..., after])
    base = np.where(informal_moved, of_informal[..., before], of_duty[..., before])
    grown = np.minimum(v["years_after_move"] / v["years_to_full_effect"], 1.0)
    closer = 1 + (ratio / base - 1) * grown
    change = np.ones((*closer.shape[:-1], len(informal)))
    change[..., moved] = np.where(after > before, closer, v["parting_ratio"])
    return change


def meeting_rise(values: Values) -> Any:
    """Informal contacts under the lever of a meeting programme against without it [1]."""
    return 1 + (values["meeting_programme_ratio"] - 1) * values["meeting_programme"]


def _ratios(nature: str, v: Values) -> Any:
    """The ratio of each tier, in rising order, `(n_draws, 4)` or `(4,)`: one draw per tier."""
    building = np.asarray(v[f"{nature}_ratio_same_building"], dtype=float)
    site = 1 + (building - 1) * v[f"{nature}_site_share"]
    floor = building * v[f"{nature}_floor_factor"]
    steps = [np.ones_like(building), site, building, floor]
    return np.stack(steps, axis=-1) if building.ndim == 0 else np.concatenate(steps, axis=-1)
