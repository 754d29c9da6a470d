"""Contacts close by: the thousand contacts of the invented city by hand, and nested circles."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.city.entities import Position
from opdanalysis.models.contacts import contacts_close_by
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
BUILDINGS = [building.id for building in CITY.buildings]
placements = st.fixed_dictionaries(
    {agency.id: st.sampled_from(BUILDINGS) for agency in CITY.agencies}
)
EARTH_RADIUS_M = 6_371_000
TIES_ALONE = {"dispatches_per_year": 0.0, "clarification_share": 0.0}  # no hand-offs


def haversine(one: Position, other: Position) -> float:
    """Distance on a sphere [m] (Sinnott 1984, Virtues of the haversine, Sky and Telescope 68)."""
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = (
        sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def close_by(contoh, plan: str) -> dict[str, float]:
    placement = contoh.plans[plan].place(contoh.city)
    return contacts_close_by(contoh.city, placement, contoh.book.central().with_numbers(TIES_ALONE))


def test_there_are_a_thousand_contacts_a_year(contoh):
    """400 + 150 from the secretariat, 150 registry to units, 100, 50, 50, 60 and 40."""
    assert contoh.book.central()["contacts_per_year"].sum() == 1_000


def test_today_four_hundred_of_a_thousand_contacts_are_under_one_roof(contoh):
    """Jalan Mawar 1: secretariat with registry 100 and with public works 100, registry with its
    units 150. Jalan Melati 5: permits with social affairs 50.

    On one site also Jalan Mawar 3: secretariat 50 and the civil registry unit 20 with Kecamatan
    Tengah. Within 400 m lies only the mall beside, and no contact leads there.
    """
    assert close_by(contoh, "today") == pytest.approx(
        {"one_roof": 0.400, "one_site": 0.470, "walk": 0.470}
    )


def test_after_the_merger_660_are_under_one_roof_and_760_on_one_site(contoh):
    """Jalan Mawar 1: secretariat with four agencies 400, social affairs with registry 100, public
    works with permits 50, permits with social affairs 50; units with their kecamatan 60.

    On one site also: Kecamatan Tengah with the secretariat 50, its unit with the registry 50.
    """
    assert close_by(contoh, "merge-in-mawar") == pytest.approx(
        {"one_roof": 0.660, "one_site": 0.760, "walk": 0.760}
    )


def test_in_the_new_building_750_are_under_one_roof(contoh):
    """Secretariat with four agencies 400, registry with units 150, and 100, 50, 50 among them."""
    assert close_by(contoh, "new-building-in-seroja") == pytest.approx(
        {"one_roof": 0.750, "one_site": 0.750, "walk": 0.750}
    )


def test_cases_that_are_handed_on_are_contacts_too(contoh):
    """Each pair has a round a day at most, 240 a year, and asks about 5% of its cases."""
    city, values = contoh.city, contoh.book.central()
    by_hand = within = 0.0
    pairs: dict[tuple[str, str], float] = {}
    for service in city.services:
        acting = [step.agency for step in service.steps]
        for one, other in pairwise(acting):
            if one != other:
                cases = values["cases_per_year"][city.services.index(service)]
                pairs[one, other] = pairs.get((one, other), 0.0) + cases
    for (one, other), cases in pairs.items():
        contacts = min(cases, 240.0) + 0.05 * cases
        by_hand += contacts
        within += contacts * (city.today[one] == city.today[other])
    expected = (400 + within) / (1_000 + by_hand)
    near = contacts_close_by(city, city.today, values)
    assert near["one_roof"] == pytest.approx(expected)


def test_letters_and_delegation_move_nobody_closer(contoh):
    assert close_by(contoh, "letters-and-delegation") == close_by(contoh, "today")


@settings(max_examples=60, deadline=None)
@given(moves=placements, seed=st.integers(0, 2**32 - 1), limit=st.floats(1, 1_000))
def test_each_wider_circle_contains_the_narrower(contoh, moves, seed, limit):
    """Whatever the limit of a walk: two buildings of one site are 100 m apart."""
    draws = contoh.book.sample(5, seed).with_numbers({"walk_limit": limit})
    near = contacts_close_by(CITY, CITY.today.moved(moves), draws)
    assert (near["one_roof"] <= near["one_site"] + 1e-12).all()
    assert (near["one_site"] <= near["walk"] + 1e-12).all()
    assert (near["walk"] <= 1 + 1e-12).all()
    assert (near["one_roof"] >= 0).all()


@settings(max_examples=60, deadline=None)
@given(moves=placements, seed=st.integers(0, 2**32 - 1), limit=st.floats(1, 5_000))
def test_who_writes_to_whom_does_not_change_how_close_they_are(contoh, moves, seed, limit):
    turned = dataclasses.replace(
        CITY,
        ties=tuple(
            dataclasses.replace(tie, from_agency=tie.to_agency, to_agency=tie.from_agency)
            for tie in CITY.ties
        ),
    )
    placement = CITY.today.moved(moves)
    draws = contoh.book.sample(5, seed).with_numbers({"walk_limit": limit})
    there, back = (contacts_close_by(city, placement, draws) for city in (CITY, turned))
    for circle in there:
        np.testing.assert_array_equal(there[circle], back[circle])


@pytest.mark.parametrize("name", ["contoh", "palembang"])
def test_straight_lines_agree_with_the_haversine_formula(name, request):
    """A flat map of a city is good to 0.2% of the distance on the sphere."""
    city = request.getfixturevalue(name).city
    points = [building.position for building in city.buildings]
    flat = city.metres(points)
    apart = np.hypot(*(flat[:, None] - flat[None]).transpose(2, 0, 1))
    sphere = np.array([[haversine(one, other) for other in points] for one in points])
    assert apart.max() > 1_000
    np.testing.assert_allclose(apart, sphere, rtol=0.002, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(one=st.sampled_from(BUILDINGS), other=st.sampled_from(BUILDINGS), factor=st.floats(0.5, 2))
def test_a_walk_ends_where_the_straight_line_is_longer_than_its_limit(contoh, one, other, factor):
    """Two agencies alone in two places: their contacts count as soon as the limit is reached."""
    if CITY.building(one).site == CITY.building(other).site or abs(factor - 1) < 0.002:
        return
    everyone_else = {agency.id: one for agency in CITY.agencies}
    placement = CITY.today.moved({**everyone_else, "kec-utara": other})
    distance = haversine(CITY.building(one).position, CITY.building(other).position)
    numbers = {"walk_limit": distance * factor, **TIES_ALONE}
    central = contoh.book.central().with_numbers(numbers)
    walk = contacts_close_by(CITY, placement, central)["walk"]
    # Kecamatan Utara has 50 contacts with the secretariat and 20 with its civil registry unit.
    assert walk == pytest.approx(1.0 if factor > 1 else 0.930)


def test_a_city_without_ties_has_no_contacts_close_by(contoh):
    alone = dataclasses.replace(CITY, ties=(), services=())
    near = contacts_close_by(alone, CITY.today, contoh.book.central())
    assert near == {"one_roof": 0, "one_site": 0, "walk": 0}
