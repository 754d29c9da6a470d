"""What a building costs by how many employees it holds, read off the models themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.models.building_use import Array, BuildingUse, use_today
from opdanalysis.models.running_cost import running_cost
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]

SHARES_OF_ROOM = np.linspace(0.1, 1.0, 10)
"""How full a building is taken to be where its cost is read off."""

UNMOVED_LINES = ("routine_needs",)
"""Lines that follow the agencies wherever they sit, so that no plan changes their sum."""


@dataclass(frozen=True, eq=False)
class LoadedUse(BuildingUse):
    """All buildings in use, each with a given number of employees and without visitors."""

    load: Array = field(kw_only=True)

    @cached_property
    def staff(self) -> Array:
        """Employees with a desk in each building [person]."""
        return self.load

    @cached_property
    def in_use(self) -> NDArray[np.bool_]:
        """Every building has a tenant."""
        return np.ones(len(self.city.buildings), dtype=bool)

    @cached_property
    def visits(self) -> Array:
        """Nobody comes: what visitors cost is the same in every building."""
        return 0.0 * self.load


@dataclass(frozen=True, eq=False)
class CostLines:
    """A straight line of cost for each building in use, means over the draws, `(n_buildings,)`."""

    fixed: Floats  # Rp/year
    per_employee: Floats  # Rp/year/person


def cost_lines(city: City, values: Values, people: Floats) -> CostLines:
    """Yearly running cost of each building by its employees, as a line up to `people`.

    The line of least squares through the model's cost at several loads; for a building in use
    today it goes through today's cost. Whole guards, cleaners and attendants, least internet lines
    and minimum bills make steps and bends that the line evens out.
    """
    loads = SHARES_OF_ROOM[:, None] * people
    costs = np.array([_cost(city, values, load) for load in loads])
    today = use_today(city, values)
    used = today.in_use_today
    here = np.where(used, mean(today.staff), loads.mean(axis=0))
    cost_here = np.where(used, _cost(city, values, today.staff), costs.mean(axis=0))
    away = loads - here
    slope = (away * (costs - cost_here)).sum(axis=0) / (away**2).sum(axis=0)
    return CostLines(cost_here - slope * here, slope)


def _cost(city: City, values: Values, load: Array) -> Floats:
    """Mean cost of all buildings under a load, without what follows the agencies [Rp/year]."""
    lines = running_cost(LoadedUse(city, city.today, values, load=load))
    return sum(mean(cost) for line, cost in lines.items() if line not in UNMOVED_LINES)


def mean(numbers: Any) -> Any:
    """Mean over the draws, for numbers by entity: `(n_draws, n)` or `(n,)` to `(n,)`."""
    return np.atleast_2d(numbers).mean(axis=0)
