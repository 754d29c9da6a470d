"""Once-only costs of the invented city, worked by hand from the public figures.

D25, D29 and so on are rows of `data/raw/unit_costs.csv`, D01 with "effects" of `effects.csv`; where
no figure was found the judgement of `data/parameters` is typed in and called so.
"""

from __future__ import annotations

from functools import partial

import pytest

from opdanalysis.city.situation import Situation
from opdanalysis.models.construction_cost import (
    construction_cost,
    floor_multiplier,
    years_to_build,
)
from opdanalysis.models.relocation import relocation
from opdanalysis.models.transition_cost import PARTS, service_dip_hours, transition_cost

MILLION = 1_000_000
approx = partial(pytest.approx, rel=1e-9)

MOVING = 1 * MILLION  # D30, per employee
HSBGN = 7.5 * MILLION  # D25, per m2
FIT_OUT = 0.25  # D29, share of HSBGN
UPLIFT = 1.24  # D01 of the effects: 24%
PER_EMPLOYEE = 10  # D01, m2
COUNTER = 60 * MILLION  # judgement
TEARING_DOWN = 300_000  # judgement, per m2
MELATI = 1_200  # m2 of Jalan Melati 5


@pytest.fixture(scope="module")
def merge(contoh):
    """The merger in Jalan Mawar: two agencies of 30 and three units of 10; one building is left."""
    return contoh.plans["merge-in-mawar"].situation(contoh.city)


def test_moving_is_paid_for_everyone_who_moves_and_fit_out_where_they_go(contoh, merge):
    """90 employees; all five agencies that move serve citizens."""
    parts = transition_cost(contoh.city, merge, contoh.book.central())
    assert set(parts) == set(PARTS)
    assert parts["moving"] == approx(90 * MOVING)
    assert parts["fit_out"] == approx(90 * PER_EMPLOYEE * FIT_OUT * HSBGN * UPLIFT)
    assert parts["counters"] == approx(5 * COUNTER * UPLIFT)
    assert parts["demolition"] == 0


def test_the_building_that_is_left_runs_on_for_three_months(contoh, merge):
    """Jalan Melati 5 by the lines of `test_operating_cost_by_hand.py`, a quarter of a year."""
    year = (
        MELATI * 110 * 1_699.53  # electricity
        + (60 * 0.05 * 240 + 2_000 * 0.005) * 4_573  # water
        + 12 * 10_700
        + 40 * 12 * 107_500  # internet
        + 2 * 46_032_000  # cleaners
        + 5 * 36 * MILLION  # guards
        + 2 * 13 * 3_574_000  # attendants
        + (MELATI * 213_000 + 400 * 10_000) * 0.6  # upkeep
        + 2 * 60_020_000  # daily needs
        + 48 * 610_000 * 1.0187 * 1.0551 * 1.0261 * 1.0157 * 1.0292  # air conditioners
    )
    parts = transition_cost(contoh.city, merge, contoh.book.central())
    assert parts["double_running"] == approx(year / 4)


def test_a_building_that_is_torn_down_costs_by_its_floor_area(contoh, merge):
    torn = Situation(merge.placement, {"jalan-melati-5": "demolished"})
    parts = transition_cost(contoh.city, torn, contoh.book.central())
    assert parts["demolition"] == approx(MELATI * TEARING_DOWN)


def test_a_new_building_costs_area_by_price_by_floors_and_its_tenants_need_no_fit_out(contoh):
    """Jalan Seroja 1: 6,000 m2 on five floors, multiplier 1.162 (D23), with the uplift."""
    later = contoh.plans["new-building-in-seroja"].situation(contoh.city)
    central = contoh.book.central()
    built = construction_cost(contoh.city, later, central)
    assert built["building"] == approx(6_000 * HSBGN * 1.162 * UPLIFT)
    assert built["land"] == 0
    assert transition_cost(contoh.city, later, central)["fit_out"] == 0
    bought = central.with_numbers({"land_to_buy_share": 0.5})
    assert construction_cost(contoh.city, later, bought)["land"] == approx(2_500 * 4 * MILLION)


def test_the_multipliers_of_floors_are_those_of_the_rules(contoh):
    """D20 to D24 for 2 to 6 floors; above, each floor adds 0.035 (judgement)."""
    floors = [1, 2, 3, 4, 5, 6, 8]
    expected = [1, 1.09, 1.12, 1.135, 1.162, 1.197, 1.197 + 2 * 0.035]
    found = [float(floor_multiplier(contoh.book.central(), floor)) for floor in floors]
    assert found == approx(expected)


def test_a_building_takes_its_time_and_the_usual_delay(contoh):
    """2.5 years (judgement) and 4% (D02 of the effects)."""
    assert years_to_build(contoh.book.central()) == approx(2.5 * 1.04)


def test_the_hours_lost_are_a_share_of_the_working_hours_of_movers(contoh, merge):
    """90 x 1,800 hours (37.5 hours in 48 weeks, H39) x 5% x 18 months (P06 of the effects)."""
    found = service_dip_hours(contoh.city, merge, contoh.book.central())
    assert found == approx(90 * 1_800 * 0.05 * 1.5)


def test_space_in_a_mall_is_planned_and_yet_not_built(palembang):
    """The mall of the announced plan is rented: its newcomers pay a fit-out and no building."""
    later = palembang.plans["2025-11-10-regrouping"].situation(palembang.city)
    assert not len(relocation(palembang.city, later).built)
    keramasan = palembang.plans["2020-keramasan"].situation(palembang.city)
    places = relocation(palembang.city, keramasan).built
    assert [palembang.city.buildings[place].id for place in places] == ["keramasan-complex"]
