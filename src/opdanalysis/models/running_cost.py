"""What it costs to run the buildings in use for a year, line by line [Rp/year].

Each line is a function that a reviewer can redo on paper. All work for floats and for draws.
"""

from __future__ import annotations

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.models.building_use import Array, BuildingUse, use_today
from opdanalysis.parameters.values import Values


def running_cost(use: BuildingUse) -> dict[str, Array]:
    """Yearly cost of the buildings in use by line [Rp/year], without vacated ones."""
    return {
        "electricity": electricity(use),
        "water": water(use),
        "internet": internet(use),
        "cleaning": cleaning(use),
        "security": security(use),
        "attendants": attendants(use),
        "upkeep": upkeep(use),
        "routine_needs": routine_needs(use),
        "equipment": equipment(use),
        "rent": rent(use),
    }


def running_today(city: City, values: Values) -> Array:
    """Yearly cost of each building as it is used today, all lines [Rp/year]; computed once."""
    lines = lines_today(city, values)
    return values.once(("running today", city), lambda: sum(lines.values()))


def lines_today(city: City, values: Values) -> dict[str, Array]:
    """Yearly cost of the buildings as they are used today by line [Rp/year]; computed once."""
    return values.once(("lines today", city), lambda: running_cost(use_today(city, values)))


def hired(duty: Array, least_duty: Array) -> Array:
    """Whole people for a duty [person]: rounded up, none where less than `least_duty` is needed."""
    return np.where(duty < least_duty, 0, np.ceil(duty))


def electricity_tariff(use: BuildingUse) -> Array:
    """Tariff of each building [Rp/kWh]: P-1, P-2 above the limit of power, business in a mall."""
    v = use.v
    above = use.connected_power > v["power_limit_low_voltage"]
    government = np.where(above, v["electricity_tariff_p2"], v["electricity_tariff_p1"])
    return np.where(use.city.tenures == "serviced", v["electricity_tariff_business"], government)


def minimum_bill(use: BuildingUse) -> Array:
    """Electricity that is billed even if nothing is used [kWh/year]."""
    return use.connected_power * use.v["minimum_bill_hours"]


def electricity(use: BuildingUse) -> Array:
    """Electricity used x tariff, and never below the minimum bill [Rp/year]."""
    billed = np.maximum(use.electricity_used, minimum_bill(use) * use.in_use)
    return billed * electricity_tariff(use)


def water(use: BuildingUse) -> Array:
    """Water of staff on working days and of visitors, and the sewerage charge [Rp/year]."""
    v = use.v
    of_staff = use.staff * v["water_per_employee"] * v["working_days"]
    of_visitors = use.visits * v["water_per_visit"]
    return (of_staff + of_visitors) * v["water_tariff"] + use.in_use * v["sewerage_charge"]


def internet(use: BuildingUse) -> Array:
    """One line per building, wide enough for its staff and never below the least [Rp/year]."""
    v = use.v
    wanted = use.staff * v["bandwidth_per_employee"] / v["bandwidth_sharing"]
    bandwidth = np.maximum(wanted, v["least_bandwidth"] * use.in_use)
    return bandwidth * v["internet_price"]


def cleaning(use: BuildingUse) -> Array:
    """Whole cleaners for the served area [Rp/year]."""
    v = use.v
    cleaners = hired(use.served_area / v["area_per_cleaner"], v["least_duty"])
    return cleaners * v["cleaner_cost"] * use.own_services


def security(use: BuildingUse) -> Array:
    """Whole guards for the posts of the building [Rp/year]."""
    v = use.v
    guards = hired(v["guard_posts"] * v["guards_per_post"], v["least_duty"])
    return guards * v["guard_cost"] * use.own_services


def attendants(use: BuildingUse) -> Array:
    """Whole office attendants for the staff of the building [Rp/year]."""
    v = use.v
    people = hired(use.staff / v["staff_per_attendant"], v["least_duty"])
    return people * v["attendant_cost"]


def upkeep(use: BuildingUse) -> Array:
    """Routine repair of building and yard at the norm, as far as it is funded [Rp/year]."""
    v = use.v
    norm = np.where(use.city.floors > 1, v["upkeep_multi_storey"], v["upkeep_single_storey"])
    at_norm = v["floor_area_m2"] * norm + use.yard * v["upkeep_yard"]
    return at_norm * v["upkeep_funded_share"] * use.own_services


def routine_needs(use: BuildingUse) -> Array:
    """Daily office needs by organisational unit [Rp/year].

    A unit with its own budget gets a lump sum up to the limit of staff and an amount per head
    above it, so that merging changes nothing while units keep their budgets. The lever
    `pooled_daily_needs` is the share that is budgeted per building instead.
    """
    v, staff = use.v, use.v["staff"]
    own, share = use.holds_budget, v["pooled_daily_needs"]
    attached = (1 - own) * staff * v["daily_needs_per_head"]
    separate = use.city.by_building(own * _entitlement(use, staff) + attached, use.placement)
    if not np.any(share):
        return separate
    units = (own @ use.seats) > 0
    pooled = _entitlement(use, use.city.by_building(staff * own, use.placement)) * units
    pooled = pooled + use.city.by_building(attached, use.placement)
    return (1 - share) * separate + share * pooled


def _entitlement(use: BuildingUse, staff: Array) -> Array:
    v = use.v
    small = staff <= v["daily_needs_staff_limit"]
    return np.where(small, v["daily_needs_lump_sum"], staff * v["daily_needs_per_head"])


def equipment(use: BuildingUse) -> Array:
    """Upkeep of air conditioners, and of a generator and lifts where the building has them."""
    v = use.v
    coolers = v["floor_area_m2"] / v["area_per_air_conditioner"] * v["air_conditioner_upkeep"]
    generator = (v["floor_area_m2"] >= v["generator_floor_area"]) * v["generator_upkeep"]
    lifts = (use.city.floors >= v["lift_floors"]) * v["lift_upkeep"]
    return (coolers + generator + lifts) * use.own_services


def rent(use: BuildingUse) -> Array:
    """Rent of rented offices; rent and service charge of space in a mall [Rp/year]."""
    v = use.v
    mall = v["mall_rent"] + v["mall_service_charge"]
    rate = (use.city.tenures == "rented") * v["office_rent"] + (
        use.city.tenures == "serviced"
    ) * mall
    return v["floor_area_m2"] * rate * use.in_use
