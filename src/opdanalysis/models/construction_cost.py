"""What the buildings cost that must first be built [Rp], and when they open."""

from __future__ import annotations

from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.models.building_use import Array
from opdanalysis.models.relocation import relocation
from opdanalysis.parameters.values import Values

TABLED_FLOORS = 6
"""Floors up to which the rules have a multiplier; beyond it the last step is carried on."""


def construction_cost(city: City, situation: Situation, values: Values) -> dict[str, Any]:
    """Cost of the new buildings by part [Rp], floats or `(n_draws,)`.

    building
        Floor area x standard price (HSBGN) x multiplier of its floors, with the uplift for
        optimism.
    land
        The share of the land that must be bought, at the value of its kecamatan.

    Left out: external works, furniture and supervision beyond the standard price.
    """
    v, built = values.beside_entities(), relocation(city, situation).built
    if not len(built):
        return {"building": 0.0, "land": 0.0}
    price = price_per_area(city, values)[..., built] * (1 + v["optimism_uplift"])
    land_value = v["land_value"][..., city.building_kecamatan[built]]
    bought = v["land_area_m2"][..., built] * v["land_to_buy_share"]
    return {
        "building": (v["floor_area_m2"][..., built] * price).sum(axis=-1),
        "land": (bought * land_value).sum(axis=-1),
    }


def price_per_area(city: City, values: Values) -> Array:
    """Price of building anew, by the floors of each building [Rp/m2]; computed once."""
    price = values.beside_entities()["building_price"]
    return values.once(
        ("price per area", city), lambda: price * floor_multiplier(values, city.floors)
    )


def floor_multiplier(values: Values, floors: Any) -> Array:
    """Price of buildings by floors against one floor [1], a column per building (PMK 96/2007)."""
    v = values.beside_entities()
    above = np.maximum(floors - TABLED_FLOORS, 0) * v["floor_multiplier_rise"]
    found = (floors == 1) + above
    for tabled in range(2, TABLED_FLOORS + 1):
        last = floors >= tabled if tabled == TABLED_FLOORS else floors == tabled
        found = found + last * v[f"floor_multiplier_{tabled}"]
    return found


def years_to_build(values: Values) -> Any:
    """Years from the decision until a new building opens [year], with the usual delay."""
    return values["build_years"] * (1 + values["duration_uplift"])
