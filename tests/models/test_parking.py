"""Stalls by hand, against the decree, and hour by hour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.models.building_use import BuildingUse, use_today
from opdanalysis.models.parking import KINDS, LUNCH_HOUR, Parking
from opdanalysis.models.visitors import OPENING_HOURS
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
AGENCIES = [agency.id for agency in CITY.agencies]
BUILDINGS = [building.id for building in CITY.buildings]
EVERYWHERE = np.arange(len(BUILDINGS))
DRAWS = 4

seeds = st.integers(0, 2**32 - 1)
moves = st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BUILDINGS))
look_for_trouble = settings(max_examples=30, deadline=None)

CAR_BAY, MOTORCYCLE_BAY = 11.5, 1.5
"""Bays of SK Dirjen Hubdat 272/HK.105/DRJD/96 in m2 (E01, E04 of data/raw/unit_costs.csv)."""


def at(building: str) -> np.ndarray:
    return np.array([CITY.building_order[building]])


def test_the_stalls_of_jalan_dahlia_20_by_hand(contoh):
    """20 employees, no visitors; two floors of 400 m2 on 300 m2 of land.

    85% are present and take 0.85 of a stall each, 27% of them for cars; the city's own cars are 5
    for 100 employees. Of 100 m2 of yard half is for vehicles: 10.5 motorcycles take 26.4 m2, and
    what is left holds 0.9 of a car.
    """
    parking = Parking(use_today(CITY, contoh.book.central()), at("jalan-dahlia-20"))
    stalls = 20 * 0.85 * 0.85
    motorcycles = stalls * 0.73
    assert parking.needed["car"] == pytest.approx(stalls * 0.27 + 20 * 0.05)
    assert parking.needed["motorcycle"] == pytest.approx(motorcycles)
    assert parking.available["motorcycle"] == pytest.approx(50 / 2.5)
    assert parking.available["car"] == pytest.approx((50 - motorcycles * 2.5) / 25)
    missing = stalls * 0.27 + 1 - (50 - motorcycles * 2.5) / 25
    assert parking.short == pytest.approx(missing)


def test_a_thousand_employees_need_about_the_cars_of_the_decree(contoh):
    """235 bays for 1,000 employees of an administrative office (E06)."""
    parking = Parking(use_today(CITY, contoh.book.central()), EVERYWHERE)
    cars = 1_000 * (parking.per_employee["car"] + parking.city_cars["car"])
    assert cars == pytest.approx(235, rel=0.1)


def test_offices_need_the_bays_per_area_of_the_decree(palembang):
    """1.5 to 3.5 car bays for 100 m2 of floor area (E24, recalled).

    Motorcycles count by the size of their bay against that of a car.
    """
    use = use_today(palembang.city, palembang.book.central())
    offices = np.flatnonzero((use.staff >= 50) & (use.visits == 0) & use.in_use)
    parking = Parking(use, offices)
    bays = parking.needed["car"] + parking.needed["motorcycle"] * MOTORCYCLE_BAY / CAR_BAY
    per_100_m2 = bays / use.v["floor_area_m2"][offices] * 100
    print(f"{len(offices)} offices: {per_100_m2.min():.1f} to {per_100_m2.max():.1f} bays")
    assert 1.5 < np.median(per_100_m2) < 3.5


@look_for_trouble
@given(seed=seeds, moved=moves)
def test_the_busiest_hour_is_the_worst_of_all_hours(contoh, seed, moved):
    use = BuildingUse(CITY, CITY.today.moved(moved), contoh.book.sample(DRAWS, seed))
    parking = Parking(use, EVERYWHERE)
    for kind in KINDS:
        by_hour = parking.needed_by_hour[kind]
        assert by_hour.shape == (DRAWS, len(BUILDINGS), len(OPENING_HOURS))
        np.testing.assert_allclose(by_hour.max(axis=-1), parking.needed[kind], rtol=1e-12)
        least = parking.available_by_hour[kind].min(axis=-1)
        np.testing.assert_allclose(least, parking.available[kind], rtol=1e-9)


def test_in_the_lunch_hour_a_share_of_the_staffs_vehicles_is_away(contoh):
    parking = Parking(use_today(CITY, contoh.book.central()), at("jalan-dahlia-20"))
    at_lunch = OPENING_HOURS.index(LUNCH_HOUR)
    motorcycles = parking.needed_by_hour["motorcycle"][0]
    assert motorcycles[at_lunch] == pytest.approx(0.75 * motorcycles[0])
    assert np.delete(motorcycles, at_lunch) == pytest.approx(motorcycles[0])


def test_known_stalls_stand_instead_of_the_yard(contoh):
    """Jalan Mawar 1 has 30 stalls for cars, 120 for motorcycles; Jalan Seroja 1 has 60 for cars."""
    parking = Parking(use_today(CITY, contoh.book.central()), EVERYWHERE)
    place, new = CITY.building_order["jalan-mawar-1"], CITY.building_order["jalan-seroja-1"]
    assert parking.available["car"][[place, new]].tolist() == [30, 60]
    assert parking.available["motorcycle"][place] == 120
    assert parking.available["motorcycle"][new] == pytest.approx((5_000 - 6_000 / 5) * 0.5 / 2.5)


def test_stalls_in_a_mall_are_unknown_and_none_is_missing(contoh):
    parking = Parking(use_today(CITY, contoh.book.central()), at("plaza-baru"))
    assert np.isnan(parking.available["car"]).all()
    assert np.isnan(parking.available_by_hour["motorcycle"]).all()
    assert parking.needed["car"] > 0
    assert parking.short == 0


def test_nobody_drives_to_an_office_without_a_desk(contoh):
    half = contoh.book.central().with_numbers({"desks_per_employee": 0.425})
    parking = Parking(use_today(CITY, half), at("jalan-dahlia-20"))
    assert parking.needed["motorcycle"] == pytest.approx(20 * 0.425 * 0.85 * 0.73)


@look_for_trouble
@given(seed=seeds, moved=moves, more=st.floats(1, 4))
def test_a_larger_yard_never_lacks_more_stalls(contoh, seed, moved, more):
    draws = contoh.book.sample(DRAWS, seed)
    larger = draws.with_numbers({"land_area_m2": draws["land_area_m2"] * more})
    placement = CITY.today.moved(moved)
    before, after = (
        Parking(BuildingUse(CITY, placement, values), EVERYWHERE).short
        for values in (draws, larger)
    )
    assert (after <= before + 1e-9).all()
