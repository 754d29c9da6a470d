"""Hours that staff spend on running buildings: contracts, bills, repairs, rosters [hour/year]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse
from opdanalysis.models.holding_cost import STILL_USED

LOOKED_AFTER = ("kept", "leased")
"""Fates under which the city still looks after a building that it does not use."""


def building_work(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Hours on the buildings in use at `places` [hour/year].

    For each building and each square metre, less where the owner of rented space does the work;
    and for each further tenant, with whom rooms, bills and rules must be agreed.
    """
    v, city = use.v, use.city
    not_owned = city.tenures[places] != "owned"
    own_part = 1 - (1 - v["rented_work_share"]) * not_owned
    tenants = use.seats.sum(axis=0)[places]
    further = np.maximum(tenants - 1, 0) * v["work_per_tenant"]
    return use.in_use[places] * (_of_building(use, places) * own_part + further)


def held_work(today: BuildingUse, fate: NDArray[np.str_]) -> Array:
    """Hours on the vacated buildings [hour/year], by the fate of each building.

    A kept or leased building takes a share of its hours, one that is lent or hosts something else
    takes as many as today, and any other takes none. Only vacated buildings have an entry.
    """
    left = np.flatnonzero(fate != "")
    looked_after, used = np.isin(fate[left], LOOKED_AFTER), np.isin(fate[left], STILL_USED)
    share = looked_after * today.v["empty_work_share"] + used
    return share * _of_building(today, left)


def work_by_agency(use: BuildingUse) -> Array:
    """Hours of each agency on the building in which it sits [hour/year], by its share of staff."""
    everywhere = np.arange(len(use.city.buildings))
    per_employee = building_work(use, everywhere) / np.where(use.staff > 0, use.staff, 1.0)
    return use.v["staff"] * per_employee[..., use.city.places(use.placement)]


def staff_hours(use: BuildingUse) -> Array:
    """Working hours of the staff of each agency [hour/year]."""
    v = use.v
    return v["staff"] * v["working_days"] * v["working_hours_per_day"]


def _of_building(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    v = use.v
    return v["work_per_building"] + v["work_per_area"] * v["floor_area_m2"][..., places]
