"""The closed list of units in which a number may stand, and the year of its prices."""

from __future__ import annotations

from collections.abc import Mapping

PRICE_YEAR = 2026
"""Rupiah are reported in the prices of this year."""

UNITS: Mapping[str, str] = {
    "1": "a pure number or a share",
    "person": "people",
    "person/post": "guards per post manned day and night",
    "post": "guard posts manned day and night",
    "building": "buildings",
    "m": "metres",
    "m2": "square metres",
    "km2": "square kilometres",
    "m2/person": "square metres per person",
    "m2/unit": "square metres per piece of equipment",
    "floor": "floors",
    "kVA": "kilovolt-amperes",
    "kVA/m2": "kilovolt-amperes per square metre",
    "kWh/m2/year": "kilowatt-hours per square metre and year",
    "h/year": "hours per year",
    "day/year": "days per year",
    "m3/person/day": "cubic metres per person and day",
    "m3/visit": "cubic metres per visit",
    "Mbps/person": "megabits per second per person",
    "Mbps/building": "megabits per second per building",
    "person/unit": "people per piece of equipment",
    "case/year": "cases per year",
    "visit/case": "visits per case",
    "contact/year": "contacts per year",
    "1/year": "per year",
    "year": "years",
    "minute/contact": "minutes per contact",
    "person/contact": "people per contact",
    "km/hour": "kilometres per hour",
    "km/year": "kilometres of all employees together in a year",
    "hour/year": "hours of all employees together in a year",
    "Rp/hour": "rupiah per hour",
    "Rp/km": "rupiah per kilometre",
    "Rp": "rupiah",
    "Rp/year": "rupiah per year",
    "Rp/kWh": "rupiah per kilowatt-hour",
    "Rp/m3": "rupiah per cubic metre",
    "Rp/m2/year": "rupiah per square metre and year",
    "Rp/person/year": "rupiah per person and year",
    "Rp/agency/year": "rupiah per agency and year",
    "Rp/building/year": "rupiah per building and year",
    "Rp/unit/year": "rupiah per piece of equipment and year",
    "Rp/Mbps/year": "rupiah per megabit per second and year",
}


def is_money(unit: str) -> bool:
    """Whether a unit is an amount of rupiah, which must carry a price year."""
    return unit.startswith("Rp")
