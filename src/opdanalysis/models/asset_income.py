"""What the vacated buildings bring the city, each by its fate."""

from __future__ import annotations

from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.models.building_use import Array, use_today
from opdanalysis.models.construction_cost import price_per_area
from opdanalysis.models.holding_cost import empty_building_cost
from opdanalysis.models.present_value import annuity_factor, real_rate
from opdanalysis.models.relocation import relocation
from opdanalysis.parameters.values import Values

PARTS = ("rent", "contribution", "sale", "relief", "given_up")


def asset_income(city: City, situation: Situation, values: Values) -> dict[str, Any]:
    """What all vacated buildings bring, by part, floats or `(n_draws,)`; see `building_income`."""
    parts = building_income(city, situation, values)
    return {part: amount.sum(axis=-1) for part, amount in parts.items()}


def building_income(city: City, situation: Situation, values: Values) -> dict[str, Array]:
    """What each vacated building brings, by part, `(n_draws, n_vacated)`, in the order of
    `relocation(...).vacated`.

    rent [Rp/year]
        Of a building that is leased, or kept until somebody leases it: the rent in the share of
        years that have a tenant.
    contribution [Rp/year]
        What a partner pays who builds, operates and later hands over; never more than the rent.
    sale [Rp]
        The price of a sold building, once.
    relief [Rp/year]
        What a tenant saves the city of the cost of an empty building; holding cost has it already.
    given_up [Rp]
        Present value of rent less contribution over the partner's term: what the partner gets.

    Only what the city owns brings anything. What a building is worth that is kept is not counted.
    """
    v, found = values.beside_entities(), relocation(city, situation)
    left = found.vacated
    let = (found.fates == "kept") * v["kept_until_leased_share"]
    let = (let + (found.fates == "leased") * v["leased_share"]) * found.owned
    partnered = (found.fates == "partnered") * found.owned
    sold = (found.fates == "sold") * found.owned
    rent = yearly_rent(city, values)[..., left]
    contribution = np.minimum(v["partner_contribution"], rent) * partnered
    return {
        "rent": let * rent,
        "contribution": contribution,
        "sale": asset_price(city, values)[..., left] * sold,
        "relief": let * empty_today(city, values)[..., left],
        "given_up": (rent * partnered - contribution) * partner_years(values),
    }


def empty_today(city: City, values: Values) -> Array:
    """What each building would cost if it stood empty [Rp/year]; computed once."""
    parts = empty_building_cost(use_today(city, values))
    return values.once(("empty today", city), lambda: sum(parts.values()))


def partner_years(values: Values) -> Array:
    """Present value of a yearly rupiah over the term of a partner [year]; computed once."""
    v = values.beside_entities()
    return values.once("partner years", lambda: annuity_factor(real_rate(v), v["partner_term"]))


def yearly_rent(city: City, values: Values) -> Array:
    """What a tenant pays for each whole building [Rp/year]; computed once.

    The appraised rent of its floor area, and at most what the older formula of the asset rules
    allows: 3.33% of the value of the land and 6.64% of the remaining value of the building
    (PMK 96/2007). The rules in force ask for an appraisal; the formula is the check that can be
    made without one.
    """
    v, worth = values.beside_entities(), asset_value(city, values)

    def smaller() -> Array:
        land = worth["land"] * v["land_rent_factor"]
        formula = land + worth["building"] * v["building_rent_factor"]
        return np.minimum(v["floor_area_m2"] * v["office_rent"], formula)

    return values.once(("yearly rent", city), smaller)


def asset_price(city: City, values: Values) -> Array:
    """What an auction of each building brings [Rp]; computed once."""
    v, worth = values.beside_entities(), asset_value(city, values)
    return values.once(
        ("asset price", city), lambda: (worth["land"] + worth["building"]) * v["sale_price_share"]
    )


def asset_value(city: City, values: Values) -> dict[str, Array]:
    """Value of land and of what is left of each building [Rp]; computed once."""
    return values.once(("asset value", city), lambda: _asset_value(city, values))


def _asset_value(city: City, values: Values) -> dict[str, Array]:
    v = values.beside_entities()
    new = v["floor_area_m2"] * price_per_area(city, values)
    land_value = v["land_value"][..., city.building_kecamatan]
    return {"land": v["land_area_m2"] * land_value, "building": new * v["remaining_value_share"]}
