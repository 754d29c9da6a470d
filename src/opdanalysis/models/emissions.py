"""Greenhouse gas of the electricity that buildings take [tCO2e/year]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse, use_today
from opdanalysis.models.holding_cost import STILL_USED, empty_share

KWH_PER_MWH = 1000.0


def greenhouse_gas(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Greenhouse gas of the buildings in use at `places` [tCO2e/year]."""
    return use.electricity_used[..., places] * (use.v["grid_emission_factor"] / KWH_PER_MWH)


def held_greenhouse_gas(today: BuildingUse, fate: NDArray[np.str_]) -> Array:
    """Greenhouse gas of the vacated buildings [tCO2e/year], by the fate of each building.

    While it stands empty a share of today's for light and guards, which is less than the minimum
    bill; as much as today where another user of the city keeps it running.
    """
    left = np.flatnonzero(fate != "")
    empty = empty_share(today, fate[left]) * today.v["empty_electricity_share"]
    return (empty + np.isin(fate[left], STILL_USED)) * greenhouse_gas(today, left)


def gas_total(use: BuildingUse, fate: NDArray[np.str_]) -> Array:
    """Greenhouse gas of all buildings, vacated ones too [tCO2e/year], floats or `(n_draws,)`.

    `fate` is that of each building, as `holding_cost.fate_of_each` has it.
    """
    factor = use.values["grid_emission_factor"] / KWH_PER_MWH
    held = held_greenhouse_gas(use_today(use.city, use.values), fate)
    return use.electricity_used.sum(axis=-1) * factor + held.sum(axis=-1)
