"""Trips of citizens in the example city worked by hand, and what must hold in any city."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.models.access import (
    ALL,
    LIMITS,
    NAMES,
    access,
    access_by_kelurahan,
    access_by_service,
)
from opdanalysis.models.citizen_trips import MODES, NUMBERS, CitizenTrips
from opdanalysis.models.service_points import (
    kecamatan_shares,
    residents,
    service_points,
    yearly_visits,
)
from opdanalysis.models.travel import home_metres, own_kelurahan_metres
from opdanalysis.parameters.values import Values

PER_KM = 1.35 * 60 * (0.745 / 25 + 0.15 / 21.4 + 0.1 / 15 + 0.005 / 22)
ON_TOP = 0.1 * 15 + 0.005 * 25
"""Minutes for a kilometre of way and on top, by the middle values of the modes."""

BUILDINGS = st.sampled_from(
    ["jalan-mawar-1", "jalan-melati-5", "jalan-kenanga-10", "jalan-dahlia-20", "jalan-seroja-1"]
)


@pytest.fixture(scope="module")
def dots(contoh):
    """The example city with all homes at the centre of their kelurahan, so that ways are exact."""
    tiny = tuple(replace(kelurahan, area_km2=1e-12) for kelurahan in contoh.city.kelurahan)
    return replace(contoh.city, kelurahan=tiny)


def minutes_of(km: float) -> float:
    return km * PER_KM + ON_TOP


def middle(contoh, **numbers: float) -> Values:
    return contoh.book.central().with_numbers(numbers)


def test_the_minutes_of_a_kilometre_are_worked_by_hand(contoh):
    trips = CitizenTrips(contoh.book.central())
    assert sum(trips.shares.values()) == pytest.approx(1)
    assert trips.minutes_per_km == pytest.approx(PER_KM)
    assert trips.minutes_on_top == pytest.approx(ON_TOP)


def test_the_cost_of_a_kilometre_is_worked_by_hand(contoh):
    """Rupiah of a minute by mode, and Rp 500 and 2,500 for a kilometre of road."""
    trips = CitizenTrips(contoh.book.central())
    minute = {"motorcycle": 21758 / 60, "car": 36380 / 60, "feeder": 13835 / 60}
    motorcycle = 0.745 * (minute["motorcycle"] * 1.35 / 25 * 60 + 1.35 * 500)
    car = 0.15 * (minute["car"] * 1.35 / 21.4 * 60 + 1.35 * 2500)
    public = minute["feeder"] * 1.35 * 60 * (0.1 / 15 + 0.005 / 22)
    assert trips.rupiah_per_km == pytest.approx(motorcycle + car + public)
    on_top = 0.1 * (minute["feeder"] * 15 + 4000) + 0.005 * (minute["feeder"] * 25 + 5000)
    assert trips.rupiah_on_top == pytest.approx(on_top)


def test_trips_for_social_assistance_are_worked_by_hand(contoh, dots):
    """At Jalan Melati 5, 1 km east: 0 and 2 km from the two kelurahan of the middle, 2.83 and 2 km
    from the north; from the south by the bridge 3.35 + 1.80 and 1.80 + 1.80 km. Of 60,000
    residents 30,000 live in the middle, 20,000 in the north, 10,000 in the south.
    """
    by_bridge = np.hypot(3, 1.5) + np.hypot(1, 1.5), 2 * np.hypot(1, 1.5)
    km = (15 * (0 + 2) + 10 * (np.hypot(2, 2) + 2) + 5 * sum(by_bridge)) / 60
    found = access_by_service(dots, dots.today, contoh.book.central())
    assert found["bantuan-sosial"] == pytest.approx(minutes_of(km), rel=0.002)


def test_birth_certificates_go_in_part_to_the_own_kecamatan(contoh, dots):
    """Merged, 40% of the cases are at the kecamatan offices, and all else at Plaza Baru, 200 m
    south of the centre: from Bukit Cemara, 2 km north and 1 km west, 1 km to its own office.
    """
    values = middle(contoh, mobile_service_share=0.0)
    placement = contoh.plans["merge-in-mawar"].place(dots)
    found = access_by_kelurahan(dots, placement, values, "akta-lahir")
    km = 0.4 * 1 + 0.6 * np.hypot(1, 2.2)
    assert found[0] == pytest.approx(minutes_of(km), rel=0.002)


def test_an_agency_of_one_kecamatan_is_visited_from_there_only(contoh):
    found = access_by_kelurahan(contoh.city, contoh.city.today, contoh.book.central(), "ktp-utara")
    north = [kelurahan.kecamatan == "utara" for kelurahan in contoh.city.kelurahan]
    assert np.isfinite(found).tolist() == north


def test_residents_are_those_of_the_kecamatan(palembang):
    city, values = palembang.city, palembang.book.sample(4, 1)
    people = residents(city, values)
    assert people.sum(axis=1) == pytest.approx(values["population"].sum(axis=1))
    assert kecamatan_shares(city).sum(axis=0) == pytest.approx(1)


def test_every_case_with_a_counter_step_is_a_visit_somewhere(palembang):
    city, values = palembang.city, palembang.book.sample(4, 1)
    steps = [sum(step.citizen_present for step in service.steps) for service in city.services]
    expected = (values["cases_per_year"] * steps).sum(axis=1) * values["visits_per_case"]
    visits = yearly_visits(service_points(city, city.today), values)
    assert visits.sum(axis=1) == pytest.approx(expected)
    assert (visits >= 0).all()


@pytest.mark.parametrize("known", ["contoh", "palembang"])
def test_when_nobody_moves_nothing_changes(known, request):
    known = request.getfixturevalue(known)
    city, values = known.city, known.book.sample(6, 2)
    today = access(city, city.today, values, values)
    again = access(city, city.today.moved({}), values, values)
    assert set(today) == set(NAMES)
    for name in NAMES:
        np.testing.assert_array_equal(today[name], again[name])
    assert not today["residents_nearer"].any()
    assert not today["residents_farther"].any()


def test_floats_and_draws_agree(palembang):
    city, draws = palembang.city, palembang.book.sample(4, 3)
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    drawn = access(city, placement, draws, draws)
    for place in range(4):
        one = palembang.book.central().with_numbers({name: draws[name][place] for name in draws})
        for name, number in access(city, placement, one, one).items():
            assert drawn[name][place] == pytest.approx(number, rel=1e-10), name


def test_hours_and_cost_follow_from_minutes_and_visits(palembang):
    city, values = palembang.city, palembang.book.central()
    found = access(city, city.today, values, values)
    visits = yearly_visits(service_points(city, city.today), values).sum()
    assert found["access_hours"] == pytest.approx(2 * visits * found["access_minutes"] / 60)
    assert found["access_minutes"] == pytest.approx(
        access_by_service(city, city.today, values)[ALL]
    )
    cost_of_hour = found["access_cost"] / found["access_hours"]
    assert 20_000 < cost_of_hour < 80_000


def test_shares_within_limits_are_counted_one_by_one(palembang):
    """Every kelurahan, counter and mode in a loop, for one draw."""
    city = palembang.city
    values = palembang.book.central()
    points, trips = service_points(city, city.today), CitizenTrips(values)
    visits, people = yearly_visits(points, values), residents(city, values)
    within = np.zeros(len(LIMITS))
    for point, coming in zip(points.points, visits, strict=True):
        served = (people * point.serves).sum()
        for km, serves, living in zip(point.km, point.serves, people, strict=True):
            for mode in MODES:
                minutes = km * trips.riding(mode) + trips.waiting(mode)
                share = coming * living * serves / served * trips.shares[mode]
                within += share * (minutes <= np.array(LIMITS))
    found = access(city, city.today, values, values)
    expected = within / visits.sum()
    assert [found[f"access_within_{t}"] for t in LIMITS] == pytest.approx(expected, rel=1e-12)
    assert (np.diff(expected) >= 0).all()


def test_winners_and_losers_are_counted_one_by_one(palembang):
    city, values = palembang.city, palembang.book.sample(5, 4)
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    saved = access_by_kelurahan(city, city.today, values) - access_by_kelurahan(
        city, placement, values
    )
    people, limit = residents(city, values), palembang.book["noticed_minutes"].value
    found = access(city, placement, values, values)
    assert found["residents_nearer"] == pytest.approx((people * (saved > limit)).sum(axis=1))
    assert found["residents_farther"] == pytest.approx((people * (saved < -limit)).sum(axis=1))
    assert (found["residents_farther"] > 0).any()


def test_the_mobile_service_brings_registry_visits_to_the_own_kelurahan(contoh):
    city, values = contoh.city, middle(contoh, mobile_service_share=1.0)
    home = own_kelurahan_metres(city) / 1000
    found = access_by_kelurahan(city, city.today, values, "akta-lahir")
    assert found == pytest.approx(minutes_of(home))


def test_the_mobile_service_changes_no_trip_but_those_of_the_registry(palembang):
    city, today = palembang.city, palembang.book.central()
    more = today.with_numbers({"mobile_service_share": 0.25})
    before, after = (access_by_service(city, city.today, values) for values in (today, more))
    nearer = {id for id in before if after[id] < before[id] - 1e-9}
    same = {id for id in before if after[id] == pytest.approx(before[id], rel=1e-12)}
    registry = {
        step.service
        for step in city.steps
        if step.citizen_present and "registry" in city.agency(step.agency).fields
    }
    assert nearer == {*registry, ALL}
    assert same == set(before) - nearer


def test_a_plan_is_held_against_today_without_its_own_lever(palembang):
    """The lever of a rival must not be given to today as well."""
    city, today = palembang.city, palembang.book.central()
    rival = today.with_numbers({"mobile_service_share": 0.6})
    found = access(city, city.today, rival, today)
    assert found["residents_nearer"] > 0
    assert found["residents_farther"] == 0


@settings(max_examples=30, deadline=None)
@given(st.tuples(BUILDINGS, BUILDINGS, BUILDINGS))
def test_another_place_of_a_group_never_makes_the_nearest_farther(contoh, buildings):
    """Units without a kecamatan of their own: everyone goes to the nearest."""
    city = _without_own_units(contoh.city)
    units = [unit.id for unit in city.members("uptd-capil")]
    first, second, third = buildings
    fewer = city.today.moved(dict(zip(units, (first, first, second), strict=True)))
    more = city.today.moved(dict(zip(units, (first, third, second), strict=True)))
    values = middle(contoh, mobile_service_share=0.0, share_at_group=np.array([1.0]))
    before, after = (
        access_by_kelurahan(city, placement, values, "akta-lahir") for placement in (fewer, more)
    )
    assert (after <= before + 1e-9).all()


def test_without_a_unit_of_its_own_a_kelurahan_goes_to_the_nearest(contoh):
    city = _without_own_units(contoh.city)
    units = [unit.id for unit in city.members("uptd-capil")]
    places = ("jalan-kenanga-10", "jalan-mawar-1", "jalan-dahlia-20")
    placement = city.today.moved(dict(zip(units, places, strict=True)))
    values = middle(contoh, mobile_service_share=0.0, share_at_group=np.array([1.0]))
    found = access_by_kelurahan(city, placement, values, "akta-lahir")
    columns = [city.building_order[place] for place in places]
    nearest = home_metres(city)[:, columns].min(axis=1) / 1000
    assert found == pytest.approx(minutes_of(nearest))


def test_a_trip_is_made_of_the_numbers_that_it_says(contoh):
    """What is shared between plans must not depend on a number that one of them replaces."""
    asked = set()

    class Recorder(dict):
        def __missing__(self, name):
            asked.add(name)
            return contoh.book.central()[name]

    trips = CitizenTrips(Values(Recorder()))
    _ = trips.minutes_per_km, trips.minutes_on_top, trips.rupiah_per_km, trips.rupiah_on_top
    trips.reach_km(LIMITS)
    assert asked == NUMBERS


def test_a_city_without_counters_has_nothing_to_report(contoh):
    services = tuple(
        replace(
            service, steps=tuple(replace(step, citizen_present=False) for step in service.steps)
        )
        for service in contoh.city.services
    )
    city, values = replace(contoh.city, services=services), contoh.book.central()
    assert access(city, city.today, values, values) == dict.fromkeys(NAMES, 0.0)


def test_counters_in_kecamatan_offices_help_kertapati_and_gandus_most(palembang):
    """Report of early 2024: both without a UPTD Dukcapil of their own (Sumatera Ekspres 34434)."""
    city, values = palembang.city, palembang.book.central()
    placement = palembang.plans["rival-kecamatan-counters"].place(city)
    saved = access_by_kelurahan(city, city.today, values) - access_by_kelurahan(
        city, placement, values
    )
    gains = saved @ kecamatan_shares(city)
    best = np.argsort(gains)[::-1][:2]
    assert {city.kecamatan[place].id for place in best} == {"kertapati", "gandus"}


def _without_own_units(city):
    """The city with units of the civil registry that serve everyone instead of one kecamatan."""
    agencies = tuple(
        replace(agency, kecamatan=None) if agency.group == "uptd-capil" else agency
        for agency in city.agencies
    )
    return replace(city, agencies=agencies)
