"""Hours on running buildings and greenhouse gas, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.models.building_use import BuildingUse, use_today
from opdanalysis.models.building_work import (
    building_work,
    held_work,
    staff_hours,
    work_by_agency,
)
from opdanalysis.models.emissions import gas_total, greenhouse_gas, held_greenhouse_gas
from opdanalysis.models.fit import work_total
from opdanalysis.models.holding_cost import fate_of_each
from opdanalysis.models.running_cost import electricity, electricity_tariff, minimum_bill
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
AGENCIES = [agency.id for agency in CITY.agencies]
BUILDINGS = [building.id for building in CITY.buildings]
EVERYWHERE = np.arange(len(BUILDINGS))
MELATI = "jalan-melati-5"
LEFT = CITY.today.moved({"sosial": "jalan-mawar-1", "izin": "jalan-mawar-1"})


def hours_at(building: str, use: BuildingUse) -> float:
    return float(building_work(use, np.array([CITY.building_order[building]]))[0])


def test_hours_by_hand(contoh):
    """100 hours a building, 0.2 an m2, 30 for each further tenant; 40% of it in rented space."""
    use = use_today(CITY, contoh.book.central())
    assert hours_at(MELATI, use) == pytest.approx(100 + 1_200 * 0.2 + 30)
    assert hours_at("jalan-mawar-1", use) == pytest.approx(100 + 4_000 * 0.2 + 5 * 30)
    assert hours_at("jalan-dahlia-20", use) == pytest.approx((100 + 400 * 0.2) * 0.4)
    assert hours_at("jalan-seroja-1", use) == 0


@pytest.mark.parametrize(
    ("fate", "hours"),
    [("kept", 0.3 * 340), ("leased", 0.3 * 340), ("lent", 340), ("host", 340)]
    + [(gone, 0) for gone in ("sold", "demolished", "returned")],
)
def test_a_vacated_building_takes_hours_by_its_fate(contoh, fate, hours):
    central = contoh.book.central()
    today, later = use_today(CITY, central), BuildingUse(CITY, LEFT, central)
    fates = fate_of_each(today, CITY.today.vacated(LEFT), {MELATI: fate})
    assert held_work(today, fates).sum() == pytest.approx(hours)
    in_use = building_work(later, EVERYWHERE).sum()
    assert work_total(later, fates) == pytest.approx(in_use + hours)


def test_the_hours_of_agencies_add_up_to_those_of_buildings(contoh):
    use = use_today(CITY, contoh.book.sample(4, 0))
    by_agency = work_by_agency(use).sum(axis=-1)
    np.testing.assert_allclose(by_agency, building_work(use, EVERYWHERE).sum(axis=-1))


def test_an_employee_works_1800_hours_a_year(contoh):
    """37.5 hours a week (Perpres 21/2023, recalled) on 240 days."""
    use = use_today(CITY, contoh.book.central())
    assert staff_hours(use)[CITY.agency_order["sosial"]] == 30 * 240 * 7.5


def test_running_buildings_takes_a_small_part_of_all_hours(palembang):
    use = use_today(palembang.city, palembang.book.central())
    share = work_by_agency(use).sum() / staff_hours(use).sum()
    print(f"share of all working hours: {share:.2%}")
    assert 0.001 < share < 0.02


def test_greenhouse_gas_by_hand(contoh):
    """1,200 m2 x 110 kWh (B18) x 0.761 t a MWh (B27) are 100.5 t a year."""
    use = use_today(CITY, contoh.book.central())
    place = np.array([CITY.building_order[MELATI]])
    assert greenhouse_gas(use, place) == pytest.approx(1_200 * 110 / 1_000 * 0.761)


def test_an_empty_building_takes_a_tenth_of_its_electricity_while_nobody_leases_it(contoh):
    central = contoh.book.central()
    today = use_today(CITY, central)
    fates = fate_of_each(today, CITY.today.vacated(LEFT), {MELATI: "kept"})
    empty = 1 - central["kept_until_leased_share"]
    gas = held_greenhouse_gas(today, fates).sum()
    assert gas == pytest.approx(0.1 * empty * 1_200 * 110 / 1_000 * 0.761)
    later = BuildingUse(CITY, LEFT, central)
    assert gas_total(later, fates) == pytest.approx(greenhouse_gas(later, EVERYWHERE).sum() + gas)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    moved=st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BUILDINGS)),
)
def test_what_is_billed_is_what_is_used_or_the_minimum(contoh, seed, moved):
    use = BuildingUse(CITY, CITY.today.moved(moved), contoh.book.sample(4, seed))
    billed = electricity(use) / electricity_tariff(use)
    least = minimum_bill(use) * use.in_use
    np.testing.assert_allclose(billed, np.maximum(use.electricity_used, least), rtol=1e-12)
