"""What a site needs once, however many agencies sit there: lobby, canteen, garden, toilets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse


def shared_area(use: BuildingUse, places: NDArray[np.intp]) -> dict[str, Array]:
    """Net area of what a site shares, for the buildings at `places` [m2].

    lobby, canteen, garden
        One for the whole site, a canteen only for a large one; each building's part follows its
        staff. The garden lies outdoors.
    toilets
        Whole toilets for the staff of each building.

    Nothing for space in a mall, which has its own.
    """
    v, staff = use.v, use.staff[..., places]
    own = use.own_services[places] * 1.0
    on_site = _staff_on_site(use, places)
    part = own * staff / np.where(on_site > 0, on_site, 1.0)
    canteen = v["canteen_area"] + v["canteen_area_per_employee"] * on_site
    return {
        "lobby": part * (v["lobby_area"] + v["lobby_area_per_employee"] * on_site),
        "canteen": part * canteen * (on_site >= v["canteen_least_staff"]),
        "toilets": own * toilets(use, places) * v["toilet_area"],
        "garden": part * v["garden_area"],
    }


def toilets(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Whole toilets for the staff of the buildings at `places` [toilet]."""
    return np.ceil(use.staff[..., places] / use.v["people_per_toilet"])


def _staff_on_site(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Employees on the whole site of each building at `places` [person]."""
    if not use.city.has_neighbours[places].any():
        return use.staff[..., places]
    sites = use.city.sites
    around = np.flatnonzero(np.isin(sites, sites[places]))
    same = sites[around][:, None] == sites[places][None, :]
    return use.staff[..., around] @ same.astype(float)
