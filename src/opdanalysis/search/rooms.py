"""Floor area and yard that each agency takes, and what each building has of both.

Demands add up over agencies, as a search needs it, and are never below what the model of space
asks of the same tenants: a plan that keeps to them has room by that model too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.methods.queues import servers_needed
from opdanalysis.models.building_use import BuildingUse, use_today
from opdanalysis.models.meeting_rooms import load_per_employee, with_meetings
from opdanalysis.models.parking import Parking
from opdanalysis.models.shared_area import shared_area
from opdanalysis.models.space import Space, agency_rooms
from opdanalysis.models.supply import known_supply
from opdanalysis.models.visitors import MINUTES, fullest_hour
from opdanalysis.parameters.values import Values
from opdanalysis.search.loads import SHARES_OF_ROOM, LoadedUse

Floats = NDArray[np.float64]

KINDS = ("floor area", "yard")
"""The kinds of room, both in m2: the order of the last axis."""

PLENTY = 1e9
"""Room where a supply is not known, as for the parking of a mall [m2]."""


@dataclass(frozen=True, eq=False)
class Rooms:
    """Room that agencies take and buildings have [m2]: `(n_agencies, 2)` and `(n_buildings, 2)`.

    `people` is how many employees would fill each building, `(n_buildings,)`.
    """

    demand: Floats
    capacity: Floats
    people: Floats


def rooms(city: City, values: Values, parking: bool) -> Rooms:
    """Room by the norm at middle values; `values` are floats. Without `parking` no yard is counted.

    A building that holds more today than it has room for keeps today's load and gets no more.
    """
    use = use_today(city, values)
    places = np.arange(len(city.buildings))
    visits = _visits_by_agency(use)
    shared, taken = _shared_room(use)
    floor = _net_of_agencies(use, visits) + shared
    gross = 1 / (1 - use.v["circulation_share"])
    yard, yard_per_building = _yard(use, visits, places)
    demand = np.stack([floor * gross, yard], axis=1)
    yard_per_building = yard_per_building if parking else np.full(len(places), PLENTY)
    offered = np.stack([use.v["floor_area_m2"] - taken * gross, yard_per_building], axis=1)
    load = use.seats.T @ demand
    capacity = np.maximum(np.maximum(offered, 0.0), load)
    usual = demand[:, 0].sum() / use.v["staff"].sum()
    return Rooms(demand, capacity, capacity[:, 0] / usual)


def has_room(city: City, placement: Placement, values: Values, parking: bool) -> bool:
    """Whether every building that receives somebody has room by the models of space and parking.

    Floor area by the norm, and stalls of both kinds where `parking` counts; what is missing today
    may be missing still. `values` are floats.
    """
    places = city.receiving(placement)
    use, today = BuildingUse(city, placement, values), use_today(city, values)
    space, before = Space(use, places), Space(today, places)
    limit = np.maximum(space.available, before.need)
    fits = bool((space.need <= limit * (1 + ROUNDING)).all())
    if not parking:
        return fits
    short = Parking(use, places).short - Parking(today, places).short
    return fits and bool((short <= ROUNDING).all())


ROUNDING = 1e-6
"""What a sum may be above its limit because of rounding."""


def _net_of_agencies(use: BuildingUse, visits: Floats) -> Floats:
    """Rooms of each agency, its counters and the room in which its visitors wait [m2]."""
    v = use.v
    clerks = v["first_hour_share"] * v["minutes_per_visit"] / MINUTES / v["clerk_busy_share"]
    per_visit = clerks * v["counter_area"] + fullest_hour(use) * v["waiting_area"]
    return agency_rooms(use) + visits * per_visit


def _visits_by_agency(use: BuildingUse) -> Floats:
    """Visits to each agency on a busy day [visit/day]."""
    v = use.v
    per_year = (v["cases_per_year"] @ use.city.visit_steps) * v["visits_per_case"]
    return per_year * (v["busy_day_factor"] / v["working_days"])


def _shared_room(use: BuildingUse) -> tuple[Floats, Floats]:
    """A line above what tenants share: m2 of each agency, and m2 of each building.

    Lobby, canteen, toilets and meeting rooms, by the number of employees. The lines have the slope
    of the largest load and lie above the model at every load that a building can hold. A building
    too small for an agency that holds meetings needs no room for them. One more counter is for
    rounding.
    """
    v, city = use.v, use.city
    places = np.arange(len(city.buildings))
    need = Space(use, places).need
    people = v["floor_area_m2"] * (v["staff"].sum() / need[use.in_use].sum())
    loads = np.concatenate([np.arange(1.0, FEW), SHARES_OF_ROOM * max(people.max(), FEW)])
    areas = []
    for load in loads:
        loaded = LoadedUse(city, city.today, use.values, load=load + 0 * people)
        shared = shared_area(loaded, places)
        areas.append(sum(area for kind, area in shared.items() if kind != "garden"))
    meeting = servers_needed(
        loads * load_per_employee(use), np.full(len(loads), float(v["accepted_blocking"]))
    )
    meeting = meeting[:, None] * v["seats_per_meeting_room"] * v["area_per_seat"]
    holds = people >= v["least_staff_for_meeting_room"]
    each, taken = _line_above(np.array(areas), loads, people)
    of_meetings, taken_by_meetings = _line_above(meeting * holds, loads, people)
    of_agencies = v["staff"] * each + with_meetings(use) * of_meetings
    return of_agencies, taken + taken_by_meetings + v["counter_area"]


FEW = 50.0
"""Employees up to which every number is tried when a line is laid above a need."""


def _line_above(needs: Floats, loads: Floats, people: Floats) -> tuple[float, Floats]:
    """Slope and height of lines above the needs `(n_loads, n_buildings)` up to `people`."""
    slope = float(needs[-1].max() / loads[-1])
    over = np.where(loads[:, None] <= np.maximum(people, loads[0]), needs, 0.0)
    return slope, np.maximum(over - slope * loads[:, None] * (over > 0), 0.0).max(axis=0)


def _yard(use: BuildingUse, visits: Floats, places: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Yard that the vehicles of each agency take at the busiest hour, and that buildings have [m2].

    Motorcycles stand first and cars take what they leave, so that one sum of areas decides. Where
    stalls are counted, they stand for the yard that they would take.
    """
    v, parking = use.v, Parking(use, places)
    areas = {kind: v[f"area_per_{kind}_stall"] for kind in ("car", "motorcycle")}
    taken: Any = 0.0
    for kind, area in areas.items():
        per_employee = parking.per_employee[kind] + parking.city_cars[kind]
        of_visits = visits * (parking.per_visit[kind] * fullest_hour(use))
        taken = taken + (v["staff"] * per_employee + of_visits) * area
    counted = sum(known_supply(use, f"parking_{k}", places) * a for k, a in areas.items())
    yard = np.where(np.isnan(counted), parking.area, counted)
    return taken, np.where(np.isnan(yard), PLENTY, yard)
