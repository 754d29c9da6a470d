"""What a plan does to space, parking and the running of buildings in the whole city.

Only the sites where somebody comes or goes are computed anew; all others stay as they are today.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.models.building_use import Array, BuildingUse, use_today
from opdanalysis.models.building_work import building_work, held_work
from opdanalysis.models.parking import Parking
from opdanalysis.models.space import ROOM_NUMBERS, Space
from opdanalysis.parameters.values import Values

SPACE_NUMBERS: Collection[str] = (
    *ROOM_NUMBERS,
    "circulation_share",
    "least_staff_for_meeting_room",
    "meetings_per_employee",
    "meeting_hours",
    "people_per_meeting",
    "office_hours_per_week",
    "accepted_blocking",
    "seats_per_meeting_room",
    "area_per_seat",
    "cases_per_year",
    "visits_per_case",
    "working_days",
    "busy_day_factor",
    "first_hour_share",
    "visit_hours",
    "minutes_per_visit",
    "clerk_busy_share",
    "counter_area",
    "waiting_area",
    "lobby_area",
    "lobby_area_per_employee",
    "canteen_area",
    "canteen_area_per_employee",
    "canteen_least_staff",
    "garden_area",
    "people_per_toilet",
    "toilet_area",
)
"""The numbers that the need for space is made of."""

WORK_NUMBERS: Collection[str] = (
    "floor_area_m2",
    "work_per_building",
    "work_per_area",
    "work_per_tenant",
    "rented_work_share",
)
"""The numbers that the hours on buildings are made of."""


def fit_totals(use: BuildingUse) -> dict[str, Array]:
    """What the whole city needs and lacks, floats or `(n_draws,)`.

    area_need
        Floor area that all agencies need by the norm [m2].
    shared_area_freed
        Lobby, canteen, toilets and garden that are no longer needed, against today [m2].
    overfull_staff
        Employees in buildings that receive somebody and are too small by the norm [person].
    stalls_short
        Stalls missing at the busiest hour, of the buildings that receive somebody [stall]. A
        building whose stalls are unknown counts as having enough.
    """
    city, values = use.city, use.values
    touched, receiving = city.touched(use.placement), city.receiving(use.placement)
    need, shared = values.once(
        ("space today", city), lambda: _space_today(city, values), of=SPACE_NUMBERS
    )
    if not len(touched):
        nothing = np.zeros(need.shape[:-1])
        others = dict.fromkeys(("shared_area_freed", "overfull_staff", "stalls_short"), nothing)
        return {"area_need": need.sum(axis=-1), **others}
    space = Space(use, touched[use.in_use[touched]])
    hosts = np.isin(space.places, receiving)
    still_shared = sum(area.sum(axis=-1) for area in space.shared.values())
    return {
        "area_need": _total(need, touched, space.need),
        "shared_area_freed": shared[..., touched].sum(axis=-1) - still_shared,
        "overfull_staff": space.overfull_staff[..., hosts].sum(axis=-1),
        "stalls_short": Parking(use, receiving).short.sum(axis=-1),
    }


def work_total(use: BuildingUse, fate: NDArray[np.str_]) -> Array:
    """Hours that staff spend on running all buildings, vacated ones too [hour/year].

    `fate` is that of each building, as `holding_cost.fate_of_each` has it.
    """
    city, values = use.city, use.values
    touched = city.touched(use.placement)
    hours = values.once(
        ("building work today", city),
        lambda: building_work(use_today(city, values), _all(city)),
        of=WORK_NUMBERS,
    )
    in_use = _total(hours, touched, building_work(use, touched))
    return in_use + held_work(use_today(city, values), fate).sum(axis=-1)


def _space_today(city: City, values: Values) -> tuple[Array, Array]:
    """Area needed and area shared today, by building; nothing where nobody sits."""
    use = use_today(city, values)
    space = Space(use, _all(city))
    return space.need * use.in_use, sum(space.shared.values()) * use.in_use


def _total(today: Array, touched: NDArray[np.intp], later: Array) -> Array:
    """The sum over all buildings, of which those touched are as `later` instead of as today."""
    return today.sum(axis=-1) - today[..., touched].sum(axis=-1) + later.sum(axis=-1)


def _all(city: City) -> NDArray[np.intp]:
    return np.arange(len(city.buildings))
