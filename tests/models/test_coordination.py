"""What being close changes: tiers, ratios of their own for duty and informal ties, and trips."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.models.coordination import (
    ELSEWHERE,
    ONE_BUILDING,
    ONE_FLOOR,
    ONE_SITE,
    contact_change,
    coordination,
    meeting_rise,
    tiers,
)
from opdanalysis.models.ties import HANDOFF, ties_of, yearly_contacts


def change(contoh, before: int, after: int, **numbers: float):
    """The change of the first duty tie when it goes from one tier to another."""
    ties = ties_of(contoh.city)
    values = contoh.book.central().with_numbers(numbers)
    tier = np.full(len(ties), before), np.full(len(ties), after)
    changes = contact_change(ties.informal, *tier, values)
    return float(changes[~ties.informal][0]), float(changes[ties.informal][0])


def test_nobody_moves_nothing_changes(contoh) -> None:
    today = coordination(contoh.city, contoh.city.today, contoh.book.central())
    again = coordination(contoh.city, contoh.city.today.moved({}), contoh.book.central())
    assert today == again


def test_coming_into_one_building_has_the_ratio_of_the_tie(contoh) -> None:
    """The two tables of the literature: 1.2 for ties by duty, 1.75 for informal ones."""
    assert change(contoh, ELSEWHERE, ONE_BUILDING) == pytest.approx((1.2, 1.75))


def test_half_the_years_give_half_the_rise(contoh) -> None:
    found = change(contoh, ELSEWHERE, ONE_BUILDING, years_after_move=1.5)
    assert found == pytest.approx((1.1, 1.375))


def test_the_tiers_rise_from_far_to_near(contoh) -> None:
    steps = [change(contoh, ELSEWHERE, tier) for tier in (ONE_SITE, ONE_BUILDING, ONE_FLOOR)]
    assert steps == sorted(steps)
    assert steps[0][0] >= 1


def test_parting_does_not_undo_what_joining_did(contoh) -> None:
    """Catalini (2018): earlier ties outlived separation."""
    joined, _ = change(contoh, ELSEWHERE, ONE_BUILDING)
    parted, _ = change(contoh, ONE_BUILDING, ELSEWHERE)
    assert parted == pytest.approx(1.0)
    assert parted > 1 / joined


def test_distance_without_effect_changes_no_contact(contoh) -> None:
    plan = contoh.plans["merge-in-mawar"].place(contoh.city)
    none = {"duty_ratio_same_building": 1.0, "informal_ratio_same_building": 1.0}
    none |= {"duty_floor_factor": 1.0, "informal_floor_factor": 1.0}
    values = contoh.book.central().with_numbers(none)
    today = coordination(contoh.city, contoh.city.today, values)["contacts"]
    assert coordination(contoh.city, plan, values)["contacts"] == pytest.approx(today)


def test_one_floor_is_known_only_where_the_placement_says_so(contoh) -> None:
    city = contoh.city
    found = tiers(city, city.today, ties_of(city))
    assert ONE_FLOOR not in found[: len(city.ties)] or city.today.floors
    assert set(np.unique(found)) <= {ELSEWHERE, ONE_SITE, ONE_BUILDING, ONE_FLOOR}


def test_hand_offs_travel_in_daily_rounds_and_some_are_asked_about(contoh) -> None:
    """Worked by hand: 2,000 identity cards of the north in 240 rounds, and 5% of them by phone."""
    city, values = contoh.city, contoh.book.central()
    ties = ties_of(city)
    contacts = yearly_contacts(ties, values)
    order = city.agency_order
    north = (ties.sender == order["uptd-capil-utara"]) & (ties.receiver == order["capil"])
    assert contacts[north & (ties.layer == HANDOFF)] == pytest.approx([240 + 0.05 * 2000])


def test_trips_are_worked_by_hand(contoh) -> None:
    """All ties set aside but one: 100 contacts, a tenth with a trip of 2 people, there and back."""
    city = contoh.city
    central = contoh.book.central()
    alone = np.zeros(len(city.ties))
    alone[0] = 100.0
    values = central.with_numbers(
        {"contacts_per_year": alone, "dispatches_per_year": 0.0, "clarification_share": 0.0}
    )
    tie = city.ties[0]
    one, other = city.today[tie.from_agency], city.today[tie.to_agency]
    from opdanalysis.models.travel import way_metres

    way = way_metres(city)[city.building_order[one], city.building_order[other]] / 1000
    km = 100 * 0.1 * 2 * 2 * way * 1.35
    found = coordination(city, city.today, values)
    assert found["staff_km"] == pytest.approx(km)
    assert found["staff_hours"] == pytest.approx(km / 21.4)
    assert found["staff_travel_cost"] == pytest.approx(km / 21.4 * 41_000 + km * 1_000)


def test_floats_and_draws_agree(contoh) -> None:
    plan = contoh.plans["merge-in-mawar"].place(contoh.city)
    draws = contoh.book.sample(5, 3)
    drawn = coordination(contoh.city, plan, draws)
    for place in range(5):
        one = contoh.book.central().with_numbers({name: draws[name][place] for name in draws})
        alone = coordination(contoh.city, plan, one)
        for name, number in alone.items():
            assert drawn[name][place] == pytest.approx(number, rel=1e-12), name


def test_a_meeting_programme_raises_informal_contacts_only(contoh) -> None:
    """Boudreau et al. (2017): 1.75 times for pairs who met once in a structured meeting."""
    city, values = contoh.city, contoh.book.central()
    ties, programme = ties_of(city), values.with_numbers({"meeting_programme": 1.0})
    assert meeting_rise(programme) == pytest.approx(1.75)
    assert meeting_rise(values) == 1
    contacts = yearly_contacts(ties, values)
    raised = contacts[~ties.informal].sum() + 1.75 * contacts[ties.informal].sum()
    found = coordination(city, city.today, programme)["contacts"]
    assert found == pytest.approx(raised)
