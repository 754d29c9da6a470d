"""How each building is used under a placement: by whom, and how much of it has to be served."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.parameters.values import Values

Array = Any
"""Numbers by building: floats `(n_buildings,)` or draws `(n_draws, n_buildings)`."""

BUDGET_KINDS = ("sekretariat", "inspektorat", "dinas", "badan", "satuan", "kecamatan")
"""Kinds of agency that hold a budget of their own; the others live on their parent's."""


def use_today(city: City, values: Values) -> BuildingUse:
    """The buildings as they are used today; with the same values it is always the same object."""
    return values.once(("use today", city), lambda: BuildingUse(city, city.today, values))


def use_of(city: City, placement: Placement, values: Values) -> BuildingUse:
    """The buildings as they are used under a placement; those of today are shared."""
    if placement == city.today:
        return use_today(city, values)
    return BuildingUse(city, placement, values)


@dataclass(frozen=True, eq=False)
class BuildingUse:
    """The buildings of a city under one placement; `v` holds the values beside entities."""

    city: City
    placement: Placement
    values: Values

    @cached_property
    def v(self) -> Values:
        """The values, shaped for formulas over buildings and agencies."""
        return self.values.beside_entities()

    @cached_property
    def seats(self) -> NDArray[np.float64]:
        """One where an agency sits in a building, `(n_agencies, n_buildings)`."""
        return self.city.seats(self.placement)

    @cached_property
    def in_use(self) -> NDArray[np.bool_]:
        """Whether a building has a tenant."""
        return self.city.occupied(self.placement)

    @cached_property
    def in_use_today(self) -> NDArray[np.bool_]:
        """Whether a building has a tenant today."""
        return self.city.occupied(self.city.today)

    @cached_property
    def staff(self) -> Array:
        """Employees with a desk in each building [person]."""
        return self.city.by_building(self.v["staff"], self.placement)

    def of_tenants(self, per_agency: Array, places: NDArray[np.intp]) -> Array:
        """Sums over the tenants of some buildings only, `(n_draws, n_places)` or `(n_places,)`."""
        return per_agency @ self.seats[:, places]

    @cached_property
    def staff_gained(self) -> Array:
        """Employees more than today, or fewer where negative, in buildings used today [person]."""
        today = self.city.by_building(self.v["staff"], self.city.today)
        return (self.staff - today) * self.in_use_today

    @cached_property
    def visits(self) -> Array:
        """Visits of citizens to each building [visit/year], from the steps of the services."""
        to_buildings = self.city.visit_steps @ self.seats
        return (self.v["cases_per_year"] @ to_buildings) * self.v["visits_per_case"]

    @cached_property
    def holds_budget(self) -> NDArray[np.float64]:
        """One for each agency that holds a budget of its own, `(n_agencies,)`."""
        return np.array([float(a.kind in BUDGET_KINDS) for a in self.city.agencies])

    @property
    def own_services(self) -> NDArray[np.bool_]:
        """Whether the city itself guards, cleans and keeps up the building; not so in a mall."""
        return self.in_use & (self.city.tenures != "serviced")

    @cached_property
    def served_area(self) -> Array:
        """Floor area that has to be lit, cooled and cleaned [m2], for buildings in use.

        The floor area, plus what newcomers bring into use and less what leavers take along: of
        the load of an occupied area a share follows the people who used it.
        """
        following = self.v["load_following_staff"]
        area = self.v["floor_area_m2"]
        moved = following * self.v["area_per_employee"] * self.staff_gained
        return np.maximum(area + moved, (1 - following) * area) * self.in_use

    @cached_property
    def electricity_used(self) -> Array:
        """Electricity that the buildings in use take: served area x intensity [kWh/year].

        Intensity may rise or fall with floor area by a scale elasticity, zero by default.
        """
        v = self.v
        size = v["floor_area_m2"] / v["reference_floor_area"]
        scale = size ** v["electricity_scale_elasticity"]
        return self.served_area * v["electricity_intensity"] * scale

    @cached_property
    def connected_power(self) -> Array:
        """Power of the electricity connection [kVA]."""
        return self.v["floor_area_m2"] * self.v["connected_power_per_area"]

    @cached_property
    def yard(self) -> Array:
        """Land that the building does not cover [m2]."""
        footprint = self.v["floor_area_m2"] / self.city.floors
        return np.maximum(self.v["land_area_m2"] - footprint, 0 * footprint)
