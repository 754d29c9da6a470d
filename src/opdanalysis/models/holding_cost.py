"""What a building still costs after its tenants have left [Rp/year]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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
    sold, demolished, returned
        Nothing more.
    """
    return sum(holding_parts(today, vacated, fates).values())


def holding_parts(
    today: BuildingUse, vacated: Sequence[str], fates: Mapping[str, str]
) -> dict[str, Array]:
    """What holding consists of [Rp/year]: people (guards, cleaners), repairs, and bills."""
    v = today.v
    fate = np.array([fates.get(b.id, "") if b.id in vacated else "" for b in today.city.buildings])
    empty = (fate == "kept") * (1 - v["kept_until_leased_share"])
    empty = empty + (fate == "leased") * (1 - v["leased_share"])
    parts = {part: empty * cost for part, cost in empty_building_cost(today).items()}
    used = np.isin(fate, STILL_USED)
    if used.any():
        parts["people"] = parts["people"] + used * (security(today) + cleaning(today))
        parts["repairs"] = parts["repairs"] + used * (upkeep(today) + equipment(today))
        parts["bills"] = parts["bills"] + used * electricity(today)
    return parts


def empty_building_cost(today: BuildingUse) -> dict[str, Array]:
    """Guards, least upkeep and the minimum electricity bill of an empty building [Rp/year]."""
    v = today.v
    duty = v["guard_posts"] * v["empty_guard_share"] * v["guards_per_post"]
    return {
        "people": hired(duty, v["least_duty"]) * v["guard_cost"],
        "repairs": upkeep(today) * v["empty_upkeep_share"],
        "bills": minimum_bill(today) * electricity_tariff(today),
    }
