"""What a building must have ready for its tenants, criterion by criterion: need against supply."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.models.building_use import Array
from opdanalysis.models.meeting_rooms import rooms_pooled
from opdanalysis.models.parking import Parking
from opdanalysis.models.shared_area import toilets
from opdanalysis.models.space import Space
from opdanalysis.models.supply import known_supply

MEASURED = (
    "space",
    "meeting_rooms",
    "parking_car",
    "parking_motorcycle",
    "toilets",
    "connected_power",
    "bandwidth",
)
"""The criteria that set a need against a supply."""

CRITERIA = (*MEASURED, "standing")
COLOURS = ("green", "amber", "red", "unknown")


def needs_and_supplies(space: Space, parking: Parking) -> dict[str, tuple[Array, Array]]:
    """Need and supply of the same buildings by criterion, each in its unit; NaN where unknown."""
    use, places = space.use, space.places
    needs = {
        "space": space.need,
        "meeting_rooms": rooms_pooled(use, places),
        "parking_car": parking.needed["car"],
        "parking_motorcycle": parking.needed["motorcycle"],
        "toilets": toilets(use, places),
        "connected_power": space.need * use.v["connected_power_per_area"],
        "bandwidth": _bandwidth(space),
    }
    supplies = {
        "space": space.available,
        "parking_car": parking.available["car"],
        "parking_motorcycle": parking.available["motorcycle"],
    }
    return {
        criterion: (need, supplies.get(criterion, known_supply(use, criterion, places)))
        for criterion, need in needs.items()
    }


def _bandwidth(space: Space) -> Array:
    """Bandwidth for the staff of each building, and never below the least line [Mbps]."""
    v = space.use.v
    wanted = space.use.staff[..., space.places] * v["bandwidth_per_employee"]
    return np.maximum(wanted / v["bandwidth_sharing"], v["least_bandwidth"])


def colour(chance_short: float, amber: float, red: float) -> str:
    """The colour of a chance [1] that supply falls short of need.

    Green up to the limit `amber`, red above the limit `red`, unknown where the supply is (NaN).
    """
    if np.isnan(chance_short):
        return "unknown"
    return "red" if chance_short > red else "amber" if chance_short > amber else "green"


def standing_colours(city: City, places: NDArray[np.intp]) -> list[str]:
    """Red for a building that is only planned, amber for space of another owner, else green."""
    buildings = [city.buildings[place] for place in places]
    return [
        "red" if b.status == "planned" else "green" if b.tenure == "owned" else "amber"
        for b in buildings
    ]
