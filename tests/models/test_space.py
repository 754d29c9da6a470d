"""Rooms of the invented city worked by hand, and what must hold for every placement and draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.models.building_use import BuildingUse, use_today
from opdanalysis.models.building_work import building_work
from opdanalysis.models.fit import SPACE_NUMBERS, WORK_NUMBERS, fit_totals, work_total
from opdanalysis.models.holding_cost import fate_of_each
from opdanalysis.models.meeting_rooms import rooms_apart, rooms_pooled
from opdanalysis.models.shared_area import shared_area
from opdanalysis.models.space import Space
from opdanalysis.models.visitors import OPENING_HOURS, arrivals_by_hour, counters, inside_by_hour
from opdanalysis.parameters.values import Values
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
AGENCIES = [agency.id for agency in CITY.agencies]
BUILDINGS = [building.id for building in CITY.buildings]
EVERYWHERE = np.arange(len(BUILDINGS))
DRAWS = 4

seeds = st.integers(0, 2**32 - 1)
moves = st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BUILDINGS))
look_for_trouble = settings(max_examples=30, deadline=None)

HEAD, SECRETARY, SECTION, DESK = 41, 22, 9, 4
"""Rooms of Permendagri 7/2006 in m2: rows D03 to D06 of data/raw/unit_costs.csv."""


def at(building: str) -> np.ndarray:
    return np.array([CITY.building_order[building]])


def today(values: Values) -> BuildingUse:
    return use_today(CITY, values)


def under(moved: dict[str, str], values: Values) -> BuildingUse:
    return BuildingUse(CITY, CITY.today.moved(moved), values)


def test_the_rooms_of_jalan_melati_5_by_hand(contoh):
    """Two agencies of 30: heads of section for every 8, archive 0.5 m2, meeting rooms of 14 seats.

    Meetings: 60 people x 2 a week x 1.5 h / (10 people x 37.5 h) = 0.48 erlang. Erlang B leaves
    32% without a room with one room and 7% with two, and 10% are accepted. Visits: 1,500 cases of
    social assistance and 500 permits, on 240 days.
    """
    central = contoh.book.central()
    space = Space(today(central), at("jalan-melati-5"))
    heads = 60 / 8
    agencies = 2 * (HEAD + SECRETARY) + heads * SECTION + (60 - heads) * DESK + 60 * 0.5
    visits = 2_000 * central["visits_per_case"] / 240 * 1.4
    clerks = np.ceil(visits * 0.2 * 12 / 60 / 0.85)
    waiting = visits * inside_by_hour(space.use).max() * 1.2
    lobby, canteen, toilets = 15 + 0.2 * 60, 20 + 0.3 * 60, 3 * 3
    assert space.rooms["agencies"] == pytest.approx(agencies)
    assert space.rooms["meetings"] == pytest.approx(2 * 14 * 2)
    assert space.rooms["public"] == pytest.approx(clerks * 6 + waiting)
    assert space.rooms["shared"] == pytest.approx(lobby + canteen + toilets)
    net = agencies + 56 + clerks * 6 + waiting + lobby + canteen + toilets
    assert space.need == pytest.approx(net / 0.75)
    assert space.observed_need == pytest.approx(60 * 7.5 + (clerks * 6 + waiting) / 0.75)


@pytest.mark.parametrize(("load", "blocking", "rooms"), [(4.461, 0.01, 10), (5.084, 0.0200001, 10)])
def test_rooms_are_the_lines_of_the_table_of_erlang_b(contoh, load, blocking, rooms):
    """B(4.461, 10) = 1% and B(5.084, 10) = 2%, the classic table (V01, V02)."""
    hours = load / 60 * 37.5
    values = contoh.book.central().with_numbers(
        {"meetings_per_employee": 1.0, "meeting_hours": hours, "people_per_meeting": 1.0}
        | {"accepted_blocking": blocking}
    )
    assert rooms_pooled(today(values), at("jalan-melati-5")) == rooms
    assert rooms_pooled(today(values.with_numbers({"accepted_blocking": blocking * 0.99})),
                        at("jalan-melati-5")) == rooms + 1  # fmt: skip


def test_offices_need_about_the_area_of_the_other_norm(palembang, capsys):
    """10 m2 of gross area an employee (Permen PUPR 22/2018, recalled, D01); 8.1 seen (D12).

    The rooms of Permendagri 7/2006, added up here, must come near it for an agency's office.
    """
    use = use_today(palembang.city, palembang.book.central())
    offices = np.flatnonzero((use.staff >= 50) & (use.visits == 0) & use.in_use)
    per_employee = Space(use, offices).need / use.staff[offices]
    print(f"{len(offices)} offices: {per_employee.min():.1f} to {per_employee.max():.1f} m2")
    assert len(offices) > 20
    assert 8 < per_employee.min() <= per_employee.max() < 12


def test_arrivals_of_a_day_add_up_and_fall_by_equal_steps(contoh):
    shares = arrivals_by_hour(today(contoh.book.sample(DRAWS, 0)))
    np.testing.assert_allclose(shares.sum(axis=-1), 1)
    steps = np.diff(shares, axis=-1)
    np.testing.assert_allclose(steps, steps[:, :1] * np.ones(len(OPENING_HOURS) - 1))
    assert (shares > 0).all()


def test_those_inside_are_those_who_came_within_the_length_of_a_visit(contoh):
    """By hand: 20% come in the first hour and 2.14 points less each hour; visits last 1.5 hours."""
    values = contoh.book.central().with_numbers({"visit_hours": 1.5})
    inside = inside_by_hour(today(values))
    second = 0.2 - 0.6 / 28
    assert inside[0] == pytest.approx(0.2)
    assert inside[1] == pytest.approx(second + 0.2 / 2)


def test_a_counter_more_is_opened_when_the_clerks_are_full(contoh):
    """100 visits, 20 in the first hour: 12 minutes each are 4 hours of clerks, 4.7 at 85%."""
    use = today(contoh.book.central())
    assert counters(use, np.array([100.0, 106.0, 107.0, 0.0])).tolist() == [5, 5, 6, 0]


def test_a_site_needs_its_lobby_and_garden_once(contoh):
    """Jalan Mawar 1 and 3 share a site: 170 and 20 employees, one lobby and one garden."""
    pair = np.array([*at("jalan-mawar-1"), *at("jalan-mawar-3")])
    rooms = shared_area(today(contoh.book.central()), pair)
    assert rooms["lobby"].sum() == pytest.approx(15 + 0.2 * 190)
    assert rooms["garden"].tolist() == pytest.approx([60 * 170 / 190, 60 * 20 / 190])
    assert rooms["toilets"].tolist() == [7 * 3, 1 * 3]


def test_space_in_a_mall_shares_what_the_mall_has(contoh):
    rooms = shared_area(today(contoh.book.central()), at("plaza-baru"))
    assert not any(area.any() for area in rooms.values())


def test_desks_that_fit_fill_the_building_to_the_brim(contoh):
    values = contoh.book.central()
    place = at("jalan-kenanga-10")
    crowd = {"sosial": "jalan-kenanga-10", "izin": "jalan-kenanga-10"}
    desks = float(Space(under(crowd, values), place).desks_that_fit[0])
    fitted = values.with_numbers({"desks_per_employee": desks})
    space = Space(under(crowd, fitted), place)
    assert space.need == pytest.approx(space.available)


@look_for_trouble
@given(seed=seeds, moved=moves)
def test_pooling_meeting_rooms_never_needs_more(contoh, seed, moved):
    """Smith and Whitt (1981): one group of servers blocks no more than two that are parted."""
    use = under(moved, contoh.book.sample(DRAWS, seed))
    assert (rooms_pooled(use, EVERYWHERE) <= rooms_apart(use, EVERYWHERE)).all()


@look_for_trouble
@given(seed=seeds, moved=moves, more=st.floats(1, 3), who=st.sampled_from(AGENCIES))
def test_more_staff_never_lowers_the_need(contoh, seed, moved, more, who):
    draws = contoh.book.sample(DRAWS, seed)
    staff = np.array(draws["staff"])
    staff[:, CITY.agency_order[who]] *= more
    before = Space(under(moved, draws), EVERYWHERE)
    after = Space(under(moved, draws.with_numbers({"staff": staff})), EVERYWHERE)
    total = [space.need.sum(axis=-1) for space in (before, after)]
    assert (total[1] >= total[0] * (1 - 1e-12)).all()
    assert (after.observed_need >= before.observed_need).all()


@look_for_trouble
@given(seed=seeds, moved=moves)
def test_the_totals_are_those_of_all_buildings_computed_anew(contoh, seed, moved):
    """Only the sites that a plan touches are computed; the whole city must add up to the same."""
    draws = contoh.book.sample(DRAWS, seed)
    use, before = under(moved, draws), today(draws)
    totals, fate = fit_totals(use), fate_of_each(before, (), {})
    need = (Space(use, EVERYWHERE).need * use.in_use).sum(axis=-1)
    shared = [
        (sum(shared_area(one, EVERYWHERE).values()) * one.in_use).sum(axis=-1)
        for one in (before, use)
    ]
    np.testing.assert_allclose(totals["area_need"], need, rtol=1e-12)
    np.testing.assert_allclose(totals["shared_area_freed"], shared[0] - shared[1], atol=1e-8)
    hours = building_work(use, EVERYWHERE).sum(axis=-1)
    np.testing.assert_allclose(work_total(use, fate), hours, rtol=1e-12)


@look_for_trouble
@given(seed=seeds, moved=moves, more=st.floats(1, 5))
def test_larger_floors_never_make_a_building_too_small(contoh, seed, moved, more):
    draws = contoh.book.sample(DRAWS, seed)
    larger = draws.with_numbers({"floor_area_m2": draws["floor_area_m2"] * more})
    before, after = (Space(under(moved, v), EVERYWHERE).overfull_staff for v in (draws, larger))
    assert (after <= before).all()


class Noted(dict):
    """Numbers by name, which remember who was asked for."""

    def __init__(self, numbers):
        super().__init__(numbers)
        self.asked: set[str] = set()

    def __getitem__(self, name: str):
        self.asked.add(name)
        return super().__getitem__(name)


def test_what_is_shared_between_plans_names_every_number_that_it_is_made_of(contoh):
    """A plan whose levers replace a number that is not named would get the number of today."""
    central = contoh.book.central()
    for named, compute in (
        (SPACE_NUMBERS, lambda use: (Space(use, EVERYWHERE).need, Space(use, EVERYWHERE).shared)),
        (WORK_NUMBERS, lambda use: building_work(use, EVERYWHERE)),
    ):
        noted = Noted({name: central[name] for name in contoh.book})
        compute(BuildingUse(CITY, CITY.today, Values(noted)))
        assert noted.asked == set(named)
