"""Journeys of citizens worked by hand, and what must hold in any city."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.models.access import access_by_service
from opdanalysis.models.counter_lines import counter_lines, counters_of
from opdanalysis.models.counter_waits import lines_of, waiting, waiting_in_transition
from opdanalysis.models.desk_hours import desk_times
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_stops import stops_of_journey
from opdanalysis.models.journey_times import journey_times
from opdanalysis.models.service_time import NAMES, service_time

BUILDINGS = st.sampled_from(
    ["jalan-mawar-1", "jalan-melati-5", "jalan-kenanga-10", "jalan-dahlia-20", "jalan-seroja-1"]
)
MISSING, FETCHED, SAME_DAY, RETURN = 0.15, 0.6, 0.4, 2


def journey(known, id: str):
    return next(journey for journey in known.city.journeys if journey.id == id)


def times(known, placement=None, **numbers):
    """What each journey takes at middle values, by journey id."""
    values = known.book.central()
    placement = known.city.today if placement is None else placement
    chosen = values.with_numbers(numbers)
    found = journey_times(known.city, Sides.all_of(placement), chosen, values)
    return {
        journey.id: {name: numbers[at] for name, numbers in vars(found).items()}
        | {"hours": found.hours[at]}
        for at, journey in enumerate(known.city.journeys)
    }


def test_three_certificates_of_a_birth_are_asked_for_in_one_visit(palembang):
    """All three are decided at the civil registry; what is not ready at once is fetched later."""
    stops = stops_of_journey(palembang.city, journey(palembang, "birth"))
    assert [len(stop.steps) for stop in stops] == [3, 3]
    assert [stop.fetches for stop in stops] == [False, True]
    assert not stops[1].same_trip


def test_a_building_permit_needs_planning_advice_first_and_the_applicant_in_between(palembang):
    stops = stops_of_journey(palembang.city, journey(palembang, "building-permit"))
    assert [(stop.agency, stop.fetches) for stop in stops] == [
        ("dpmptsp", False),
        ("dpmptsp", False),
        ("pupr", False),
        ("dpmptsp", True),
    ]
    assert not any(stop.same_trip for stop in stops)


def test_two_counters_without_desk_work_between_them_can_be_one_trip(contoh):
    stops = stops_of_journey(contoh.city, journey(contoh, "usaha-baru"))
    assert [(stop.agency, stop.fetches, stop.same_trip) for stop in stops] == [
        ("uptd-capil-tengah", False, False),
        ("uptd-capil-tengah", True, False),
        ("kec-tengah", False, True),
        ("izin", False, True),
        ("izin", True, False),
    ]


def test_social_assistance_is_worked_by_hand(contoh):
    """One counter for 1,500 cases of 20 minutes; papers are missing in 15% of visits, and 60% of
    the results are fetched."""
    values = contoh.book.central()
    found = times(contoh)["bantuan"]
    visits = 1 / (1 - MISSING) + FETCHED
    assert found["trips"] == pytest.approx(visits)
    assert found["one_visit"] == pytest.approx((1 - MISSING) * (1 - FETCHED))
    use = 1500 * 20 / (240 * 420)
    wait = contoh.city.counter_wait.wait(1, use, 420 / 20, values["morning_peak"]) * 20
    assert found["waiting_minutes"] == pytest.approx(wait * visits)
    assert found["counter_minutes"] == pytest.approx(20 / (1 - MISSING) + 3 * FETCHED)
    way = access_by_service(contoh.city, contoh.city.today, values)["bantuan-sosial"]
    assert found["travel_minutes"] == pytest.approx(2 * way * visits)
    desk = desk_times(contoh.city, contoh.city.today, values).mean
    hours = desk[contoh.city.service_order["bantuan-sosial"]] + (wait + 20) / 60
    assert found["days"] == pytest.approx(hours / 7.5 + RETURN * MISSING / (1 - MISSING))


def test_trips_to_open_a_business_are_worked_by_hand(contoh):
    """Card, domicile and application may each lack papers; the card is fetched on the way to the
    kecamatan next door, and 40% go on to the permit office on the same day."""
    delegated = contoh.book.central()["delegated_authority_share"]
    fetches_card = FETCHED * (1 - delegated)
    trips = 3 / (1 - MISSING) + fetches_card + FETCHED
    # the card at Jalan Mawar 1 and the kecamatan at Jalan Mawar 3 are on one site
    joined = fetches_card + SAME_DAY
    assert times(contoh)["usaha-baru"]["trips"] == pytest.approx(trips - joined)


def test_a_counter_in_the_same_building_saves_a_trip(contoh):
    together = contoh.city.today.moved({"kec-tengah": "jalan-melati-5"})
    before, after = times(contoh)["usaha-baru"], times(contoh, together)["usaha-baru"]
    # apart, only the card and the kecamatan were on one site; now the kecamatan and the permit
    delegated = contoh.book.central()["delegated_authority_share"]
    fetches_card = FETCHED * (1 - delegated)
    change = (1 - SAME_DAY) - fetches_card * (1 - SAME_DAY)
    assert before["trips"] - after["trips"] == pytest.approx(change)


def test_counters_follow_from_the_load_and_the_use_of_today(palembang):
    values = palembang.book.central()
    lines = counter_lines(palembang.city, palembang.city.today)
    state = lines_of(palembang.city, lines, values, values)
    assert (state.counters == np.round(state.counters)).all()
    assert (state.counters >= 1).all()
    assert (state.use <= values["counter_use_today"] + 1e-12).all()
    steps = palembang.city.counter_steps
    cases = values["cases_per_year"][counters_of(palembang.city).services]
    mobile = values["mobile_service_share"]
    kept = [
        1 - mobile * ("registry" in palembang.city.agency(step.agency).fields) for step in steps
    ]
    worked = (state.use * state.counters).sum() * 240 * 420
    assert worked == pytest.approx((cases * values["counter_minutes"] * kept).sum())


def test_units_that_leave_a_common_building_lose_their_common_line(palembang):
    """Two units of the civil registry share a zone today; in kecamatan offices each waits alone."""
    city, values = palembang.city, palembang.book.central()
    apart = palembang.plans["rival-kecamatan-counters"].place(city)
    group = counters_of(city).groups.index("uptd-dukcapil")
    today, later = (waiting(city, place, values, values)[1][group] for place in (city.today, apart))
    assert later > today
    heads = [waiting(city, place, values, values)[0] for place in (city.today, apart)]
    np.testing.assert_array_equal(heads[0], heads[1])


def test_movers_are_slower_until_they_have_settled_in(palembang):
    city, values = palembang.city, palembang.book.sample(20, 1)
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    calm, settling = (
        np.concatenate(wait(city, placement, values, values), axis=-1)
        for wait in (waiting, waiting_in_transition)
    )
    assert (settling >= calm - 1e-9).all()
    assert (settling > calm).any()


def test_pooled_counters_shorten_the_wait_when_all_clerks_stay_as_quick(palembang):
    """For visits of equal length, in which pooling cannot hurt."""
    city = palembang.city
    minutes = {"counter_minutes": np.full(len(city.counter_steps), 12.0)}
    values = palembang.book.central().with_numbers({**minutes, "pooled_slow_down": 0.0})
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    apart = np.concatenate(waiting(city, placement, values, values))
    pooled = values.with_numbers({"pooled_counters": 1.0})
    together = np.concatenate(waiting(city, placement, pooled, values))
    assert (together <= apart + 0.05).all()
    assert together.sum() < apart.sum()


@pytest.mark.parametrize("known", ["contoh", "palembang"])
def test_when_nobody_moves_nothing_changes(known, request):
    known = request.getfixturevalue(known)
    city, values = known.city, known.book.sample(5, 2)
    today = service_time(city, city.today, values, values, 0.0)
    again = service_time(city, city.today.moved({}), values, values, 0.0)
    assert set(today) == set(NAMES)
    for name in NAMES:
        np.testing.assert_array_equal(today[name], again[name])
    assert not today["settling_hours"].any()


def test_floats_and_draws_agree(palembang):
    city, draws = palembang.city, palembang.book.sample(3, 3)
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    drawn = service_time(city, placement, draws, draws, 1000.0)
    for place in range(3):
        one = palembang.book.central().with_numbers({name: draws[name][place] for name in draws})
        for name, number in service_time(city, placement, one, one, 1000.0).items():
            assert drawn[name][place] == pytest.approx(number, rel=1e-9), name


def test_a_city_without_journeys_has_no_service_time(contoh):
    empty = replace(contoh.city, journeys=())
    values = contoh.book.central()
    assert service_time(empty, empty.today, values, values, 0.0) == dict.fromkeys(NAMES, 0.0)


def test_those_who_give_up_are_a_share_of_those_for_whom_it_got_farther(contoh):
    values = contoh.book.central()
    people = values["population"].sum()
    found = service_time(contoh.city, contoh.city.today, values, values, people / 2)
    assert found["given_up_share"] == pytest.approx(0.15 / 2)


@settings(max_examples=15, deadline=None)
@given(moves=st.dictionaries(st.sampled_from(["sosial", "izin", "pu", "capil"]), BUILDINGS))
def test_wherever_agencies_go_the_parts_of_a_journey_stay_possible(contoh, moves):
    city, values = contoh.city, contoh.book.sample(6, 1)
    placement = city.today.moved(moves)
    found = journey_times(city, Sides.all_of(placement), values, values)
    for share in (found.one_visit, found.within_standard):
        assert ((share >= 0) & (share <= 1) | np.isnan(share)).all()
    assert (found.trips >= 1 - 1e-9).all()
    assert (found.days > 0).all()
    assert (found.mall_minutes <= found.waiting_minutes + 1e-9).all()
    assert (found.travel_minutes > 0).all()


@settings(max_examples=10, deadline=None)
@given(more=st.floats(0, 1), less=st.floats(0, 1))
def test_more_delegation_and_more_electronic_letters_never_lengthen_a_journey(
    palembang, more, less
):
    less, more = sorted((less, more))
    for lever in ("electronic_letters_share", "delegated_authority_share"):
        slow, quick = times(palembang, **{lever: less}), times(palembang, **{lever: more})
        for id, found in quick.items():
            assert found["days"] <= slow[id]["days"] + 1e-9
            assert found["trips"] <= slow[id]["trips"] + 1e-9
