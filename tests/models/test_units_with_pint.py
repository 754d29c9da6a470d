"""Physical units run through the cost model: every line must come out in rupiah per year.

Each parameter becomes a quantity in the unit that its file or table states, so a unit that does not
fit its formula stops the model. Buildings, agencies and floors are counts here: each entry of an
array over buildings is one building, so "per building" is already in the array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pint
import pytest

from opdanalysis.city.situation import Situation
from opdanalysis.models.asset_income import building_income
from opdanalysis.models.building_use import BuildingUse, use_today
from opdanalysis.models.building_work import building_work, staff_hours
from opdanalysis.models.construction_cost import construction_cost, years_to_build
from opdanalysis.models.emissions import greenhouse_gas
from opdanalysis.models.holding_cost import empty_building_cost, holding_cost
from opdanalysis.models.operating_cost import LINES, operating_cost
from opdanalysis.models.relocation import relocation
from opdanalysis.models.running_cost import running_cost
from opdanalysis.models.space import agency_rooms
from opdanalysis.models.transition_cost import service_dip_hours, transition_cost
from opdanalysis.parameters.values import Values
from opdanalysis.units import UNITS

DEFINITIONS = """
Rp = [rupiah]
person = [people]
post = [posts]
unit = [equipment]
case = [cases]
visit = [visits]
contact = [contacts]
trip = [trips]
Mbps = [bandwidth]
stall = [stalls]
room = [rooms]
seat = [seats]
toilet = [toilets]
counter = [counters]
meeting = [meetings]
tCO2e = [greenhouse_gas]
m = [length]
kVA = [power]
year = [years]
day = [days]
h = [hours]
hour = h
minute = h / 60
week = 7 * day
MWh = 1000 * kVA * h
km = 1000 * m
building = []
agency = []
floor = []
m2 = m ** 2
m3 = m ** 3
km2 = 1e6 * m ** 2
kWh = kVA * h
"""


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    """Units that nobody can turn into each other, but kWh, which is kVA times hours as billed."""
    registry = pint.UnitRegistry(None)
    registry.load_definitions(DEFINITIONS.strip().splitlines())
    return registry


NOTHING: Mapping[str, Any] = MappingProxyType({})
# At its middle, zero, the exponent turns any number into 1, whatever its unit.
# The same holds for the lever of pooling, which at zero leaves its part of the formula out.
SOME_ELASTICITY = {"electricity_scale_elasticity": 0.1, "pooled_daily_needs": 0.5}
SOME_SHARES = {**SOME_ELASTICITY, "land_to_buy_share": 0.5}


class Quantities(Mapping[str, Any]):
    """The middle values of a book as quantities; it remembers which were asked for."""

    def __init__(self, known, registry, units=NOTHING, numbers=NOTHING) -> None:
        self._book = known.book
        self._floats = known.book.central().with_numbers(numbers)
        self.registry, self._units = registry, units
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        unit = self._units.get(name, self._book[name].unit)
        return self.registry.Quantity(self._floats[name], unit)

    def __iter__(self) -> Iterator[str]:
        return iter(self._floats)

    def __len__(self) -> int:
        return len(self._floats)


def rupiah_per_year(cost: Any) -> np.ndarray:
    """The numbers of a cost, which must be in rupiah per year."""
    return cost.to("Rp/year").magnitude


PLANS = ["today", "merge-in-mawar", "new-building-in-seroja"]


@pytest.mark.parametrize("plan", PLANS)
def test_every_line_is_in_rupiah_per_year_and_equals_the_plain_numbers(contoh, registry, plan):
    later = contoh.plans[plan].situation(contoh.city)
    placement, fates = later.placement, later.fates
    floats = operating_cost(contoh.city, placement, contoh.book.central(), fates)
    poured = operating_cost(contoh.city, placement, Values(Quantities(contoh, registry)), fates)
    assert set(poured) == set(LINES)
    for line in LINES:
        if not isinstance(poured[line], registry.Quantity):
            assert not np.any(poured[line])  # nothing is vacated
            continue
        np.testing.assert_allclose(rupiah_per_year(poured[line]), floats[line], rtol=1e-12)


def test_an_empty_building_costs_rupiah_per_year(contoh, registry):
    floats = BuildingUse(contoh.city, contoh.city.today, contoh.book.central())
    poured = BuildingUse(contoh.city, contoh.city.today, Values(Quantities(contoh, registry)))
    plain = empty_building_cost(floats)
    for part, cost in empty_building_cost(poured).items():
        np.testing.assert_allclose(rupiah_per_year(cost), plain[part], rtol=1e-12)


def all_in_rupiah_per_year(known, quantities: Quantities) -> None:
    """Every line of running the buildings, and of holding one that is kept, leased and lent."""
    placement = known.plans["new-building-in-seroja"].place(known.city)
    today = BuildingUse(known.city, known.city.today, Values(quantities))
    later = BuildingUse(known.city, placement, Values(quantities))
    left = known.city.today.vacated(placement)
    held = [holding_cost(today, left, dict.fromkeys(left, f)) for f in ("kept", "leased", "lent")]
    for cost in [*running_cost(later).values(), *held]:
        rupiah_per_year(cost)


# They divide a saving into kinds, after the cost.
ABOUT_SAVINGS = {"freed_people_leave_share", "repair_paid_share"}


def test_a_wrong_unit_of_any_number_in_the_cost_is_caught(contoh, registry):
    """The check can fail: an alien unit on any one number stops the sum of rupiah per year."""
    asked = Quantities(contoh, registry)
    all_in_rupiah_per_year(contoh, asked)
    of_cost = {p.name for p in contoh.book.scalars if p.topic == "operating_cost"}
    assert of_cost - asked.asked == ABOUT_SAVINGS
    missed = []
    for name in sorted(asked.asked):
        alien = {name: f"{contoh.book[name].unit} * contact"}
        wrong = Quantities(contoh, registry, alien, SOME_ELASTICITY)
        try:
            all_in_rupiah_per_year(contoh, wrong)
        except pint.DimensionalityError:
            continue
        missed.append(name)
    assert missed == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("guard_cost", "Rp/m2/year"),
        ("guards_per_post", "person"),
        ("electricity_intensity", "kVA/m2"),
        ("minimum_bill_hours", "day/year"),
        ("water_per_employee", "m3/visit"),
        ("upkeep_yard", "Rp/person/year"),
        ("internet_price", "Rp/building/year"),
        ("area_per_cleaner", "m2/unit"),
        ("office_rent", "Rp/year"),
    ],
)
def test_a_listed_unit_in_the_wrong_place_is_caught(contoh, registry, name, wrong):
    """These slips pass the closed list of units, but not the formula."""
    assert wrong in UNITS
    quantities = Quantities(contoh, registry, {name: wrong}, SOME_ELASTICITY)
    with pytest.raises(pint.DimensionalityError):
        all_in_rupiah_per_year(contoh, quantities)


ONCE = {"sale": "Rp", "given_up": "Rp/year"}  # a factor of years is a bare number here
MONEY_TOPICS = ("transition", "construction", "assets")


def money_in_its_units(known, quantities: Quantities) -> None:
    """Every part of moving, building and income in rupiah, and the lost hours in hours."""
    values, city = Values(quantities), known.city
    later = known.plans["new-building-in-seroja"].situation(city)
    merged = known.plans["merge-in-mawar"].situation(city)
    left = [city.buildings[place].id for place in relocation(city, later).vacated]
    years_to_build(values).to("year")
    for situation in (later, merged):
        for cost in transition_cost(city, situation, values).values():
            if isinstance(cost, quantities.registry.Quantity):
                cost.to("Rp")
        service_dip_hours(city, situation, values).to("hour")
    for cost in construction_cost(city, later, values).values():
        cost.to("Rp")
    for fate in ("kept", "leased", "partnered", "sold", "demolished"):
        chosen = Situation(later.placement, dict.fromkeys(left, fate))
        for part, amount in building_income(city, chosen, values).items():
            amount.to(ONCE.get(part, "Rp/year"))
        for cost in transition_cost(city, chosen, values).values():
            cost.to("Rp")


def test_moving_building_and_income_come_out_in_rupiah(contoh, registry):
    money_in_its_units(contoh, Quantities(contoh, registry))


# Bare numbers of the flow year by year: they are compared with the years of its columns.
ABOUT_YEARS = {"lease_lag", "sale_lag", "partner_term"}


def test_a_wrong_unit_of_any_number_in_the_money_is_caught(contoh, registry):
    asked = Quantities(contoh, registry)
    money_in_its_units(contoh, asked)
    of_money = {p.name for p in contoh.book.scalars if p.topic in MONEY_TOPICS}
    assert of_money - asked.asked == ABOUT_YEARS - {"partner_term"}
    missed = []
    for name in sorted(of_money & asked.asked - ABOUT_YEARS):
        alien = {name: f"{contoh.book[name].unit} * contact"}
        try:
            money_in_its_units(contoh, Quantities(contoh, registry, alien, SOME_SHARES))
        except pint.DimensionalityError:
            continue
        missed.append(name)
    assert missed == []


def test_pint_can_read_every_unit_of_the_closed_list(registry):
    for unit in UNITS:
        registry.parse_units(unit)


def test_gas_hours_and_rooms_come_out_in_their_units(contoh, registry):
    """The totals of the city; whole counters and meeting rooms are counts without a unit."""
    city = contoh.city
    everywhere = np.arange(len(city.buildings))
    floats = use_today(city, contoh.book.central())
    poured = use_today(city, Values(Quantities(contoh, registry)))
    for unit, plain, quantity in (
        # 1,000 kWh are one MWh here already, so the factor in the formula is taken out.
        (
            "tCO2e/year",
            greenhouse_gas(floats, everywhere),
            greenhouse_gas(poured, everywhere) * 1e3,
        ),
        ("m2", agency_rooms(floats), agency_rooms(poured)),
        ("h/year", staff_hours(floats), staff_hours(poured)),
        ("h/year", building_work(floats, everywhere), building_work(poured, everywhere)),
    ):
        np.testing.assert_allclose(quantity.to(unit).magnitude, plain, rtol=1e-12)
