"""What vacated buildings bring, worked by hand from the asset rules and the public figures.

G02, G03 and so on are rows of `data/raw/unit_costs.csv`. Jalan Mawar 1 has 4,000 m2 on four floors
and 3,000 m2 of land, Jalan Melati 5 1,200 m2 on two floors and 1,000 m2; land is worth Rp 4 million
a m2 there (invented).
"""

from __future__ import annotations

from functools import partial

import pytest

from opdanalysis.city.situation import Situation
from opdanalysis.models.asset_income import asset_income, building_income
from opdanalysis.models.relocation import relocation

MILLION = 1_000_000
approx = partial(pytest.approx, rel=1e-9)

LAND = 4 * MILLION
HSBGN, OLD = 7.5 * MILLION, 0.5  # D25; half of an old building's value is left (judgement)
OFFICE_RENT = 12 * 75_000  # G10, assumed
MAWAR_VALUE = 4_000 * HSBGN * 1.135 * OLD  # D22: four floors
MELATI_VALUE = 1_200 * HSBGN * 1.09 * OLD  # D20: two floors
MAWAR_RENT = 0.0333 * 3_000 * LAND + 0.0664 * MAWAR_VALUE  # G02, G03
MELATI_RENT = 0.0333 * 1_000 * LAND + 0.0664 * MELATI_VALUE

# G06: Rp 0.55 billion a year and asset in 2018; prices since then by H09 to H15.
PARTNER = 550 * MILLION * 1.0272 * 1.0168 * 1.0187 * 1.0551 * 1.0261 * 1.0157 * 1.0292


def income(known, building: str, fate: str) -> dict[str, float]:
    """What one building brings when the new building in Jalan Seroja lets all others go."""
    later = known.plans["new-building-in-seroja"].situation(known.city)
    situation = Situation(later.placement, {**later.fates, building: fate})
    parts = building_income(known.city, situation, known.book.central())
    left = relocation(known.city, situation).vacated
    column = [known.city.buildings[place].id for place in left].index(building)
    return {part: float(amount[column]) for part, amount in parts.items()}


def test_the_formula_of_the_rules_is_below_the_appraised_rent_here():
    assert MAWAR_RENT < 4_000 * OFFICE_RENT
    assert MELATI_RENT < 1_200 * OFFICE_RENT


def test_a_leased_building_brings_its_rent_in_the_years_with_a_tenant(contoh):
    """Half of the years have one (judgement)."""
    found = income(contoh, "jalan-mawar-1", "leased")
    assert found["rent"] == approx(MAWAR_RENT * 0.5)
    assert found["contribution"] == found["sale"] == found["given_up"] == 0


def test_a_kept_building_finds_a_tenant_in_one_year_of_ten(contoh):
    assert income(contoh, "jalan-melati-5", "kept")["rent"] == approx(MELATI_RENT * 0.1)


def test_where_the_appraised_rent_is_lower_it_is_the_rent(contoh):
    """At Rp 10,000 a m2 and month Jalan Mawar 1 would bring Rp 480 million."""
    cheap = contoh.book.central().with_numbers({"office_rent": 120_000.0})
    later = contoh.plans["new-building-in-seroja"].situation(contoh.city)
    assert asset_income(contoh.city, later, cheap)["rent"] == approx(4_000 * 120_000 * 0.5)


def test_a_sold_building_brings_the_price_of_land_and_what_is_left_of_it(contoh):
    """85% of the value, as an auction brings (judgement)."""
    found = income(contoh, "jalan-melati-5", "sold")
    assert found["sale"] == approx((1_000 * LAND + MELATI_VALUE) * 0.85)
    assert found["rent"] == 0


def test_a_partner_pays_a_contribution_and_keeps_the_rest_of_the_rent(contoh):
    """Over 30 years (G05) at 1.10 / 1.025 - 1 = 7.317%: an annuity factor of 12.0243."""
    found = income(contoh, "jalan-mawar-1", "partnered")
    assert found["contribution"] == approx(PARTNER)
    rate = 1.10 / 1.025 - 1
    factor = (1 - (1 + rate) ** -30) / rate
    assert found["given_up"] == approx((MAWAR_RENT - PARTNER) * factor)


def test_a_partner_never_pays_more_than_the_rent_of_a_small_building(contoh):
    assert PARTNER > MELATI_RENT
    found = income(contoh, "jalan-melati-5", "partnered")
    assert found["contribution"] == approx(MELATI_RENT)
    assert found["given_up"] == 0


@pytest.mark.parametrize("fate", ["lent", "host", "demolished", "returned"])
def test_other_fates_bring_nothing(contoh, fate):
    assert not any(income(contoh, "jalan-mawar-1", fate).values())


@pytest.mark.parametrize("fate", ["kept", "leased", "partnered", "sold"])
def test_space_that_the_city_rents_brings_it_nothing(contoh, fate):
    assert not any(income(contoh, "plaza-baru", fate).values())
