"""What a city's buildings cost in a year under a placement, by building and by line."""

from __future__ import annotations

from collections.abc import Mapping

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.building_use import Array, BuildingUse, use_today
from opdanalysis.models.holding_cost import holding_cost
from opdanalysis.models.running_cost import lines_today, running_cost
from opdanalysis.parameters.values import Values

ANNOUNCED_LINES = (
    "electricity",
    "water",
    "internet",
    "cleaning",
    "security",
    "attendants",
    "upkeep",
    "routine_needs",
)
"""The eight lines that the announcements name."""

LINES = (*ANNOUNCED_LINES, "equipment", "rent", "holding")
"""The eight lines, equipment bound to the building, rent, and holding vacated buildings."""


def operating_cost(
    city: City, placement: Placement, values: Values, fates: Mapping[str, str]
) -> dict[str, Array]:
    """Yearly cost of every building by line [Rp/year], each `(n_draws, n_buildings)` or floats.

    `fates` says what becomes of each building that has tenants today and none under the placement.
    Left out: pay of civil servants, vehicles, fuel, travel, and whatever follows the staff
    unchanged wherever they sit (computers, replacement of furniture).
    """
    vacated = city.today.vacated(placement)
    holding = holding_cost(use_today(city, values), vacated, fates)
    if placement == city.today:
        return {**lines_today(city, values), "holding": holding}
    return {**running_cost(BuildingUse(city, placement, values)), "holding": holding}
