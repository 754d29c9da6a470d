"""What a building still costs after its tenants have left [Rp/year]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse
from opdanalysis.models.running_cost import (
    cleaning,
    electricity,
    electricity_tariff,
    equipment,
    hired,
    minimum_bill,
    security,
    upkeep,
)

STILL_USED = ("lent", "host")
"""Fates under which another user of the city keeps the building running."""


def holding_cost(today: BuildingUse, vacated: Sequence[str], fates: Mapping[str, str]) -> Array:
    """Yearly cost of the vacated buildings, each by its fate [Rp/year], nothing for the others.

    kept
        Guarded, kept up at a minimum and connected, until somebody leases it.
    leased
        The same, in the share of years in which no tenant pays.
    lent, host
        As costly as today, on another line of the city's budget.
    partnered, sold, demolished, returned
        Nothing more.
    """
    return sum(holding_parts(today, vacated, fates).values())


def holding_parts(
    today: BuildingUse, vacated: Sequence[str], fates: Mapping[str, str]
) -> dict[str, Array]:
    """What holding consists of [Rp/year]: people (guards, cleaners), repairs, and bills."""
    fate = fate_of_each(today, vacated, fates)
    empty = empty_share(today, fate)
    parts = {part: empty * cost for part, cost in empty_building_cost(today).items()}
    used = np.isin(fate, STILL_USED)
    if used.any():
        parts["people"] = parts["people"] + used * (security(today) + cleaning(today))
        parts["repairs"] = parts["repairs"] + used * (upkeep(today) + equipment(today))
        parts["bills"] = parts["bills"] + used * electricity(today)
    return parts


def fate_of_each(
    today: BuildingUse, vacated: Sequence[str], fates: Mapping[str, str]
) -> NDArray[np.str_]:
    """The fate of each building, `(n_buildings,)`, and no word for those that are not vacated."""
    left = set(vacated)
    return np.array([fates.get(b.id, "") if b.id in left else "" for b in today.city.buildings])


def empty_share(today: BuildingUse, fate: NDArray[np.str_]) -> Array:
    """Share of the year in which each building stands empty at the city's cost [1]."""
    kept = (fate == "kept") * (1 - today.v["kept_until_leased_share"])
    return kept + (fate == "leased") * (1 - today.v["leased_share"])


def empty_building_cost(today: BuildingUse) -> dict[str, Array]:
    """Guards, least upkeep and the minimum electricity bill of an empty building [Rp/year].

    With the same values it is computed once.
    """
    return today.values.once(("empty building", today.city), lambda: _empty(today))


def _empty(today: BuildingUse) -> dict[str, Array]:
    v = today.v
    duty = v["guard_posts"] * v["empty_guard_share"] * v["guards_per_post"]
    return {
        "people": hired(duty, v["least_duty"]) * v["guard_cost"],
        "repairs": upkeep(today) * v["empty_upkeep_share"],
        "bills": minimum_bill(today) * electricity_tariff(today),
    }
