"""What plans do to journeys, which causes it has, and the bound that location sets."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.experiment.counter_queues import (
    break_even_slow_downs,
    counter_findings,
    lines_table,
    pooling,
    waiting_by_hour,
)
from opdanalysis.experiment.journey_parts import journey_parts
from opdanalysis.experiment.lead_times import four_corners, handed_on, location_shares
from opdanalysis.experiment.service_times import (
    causes_of,
    changed_most,
    gain_split,
    journey_changes,
)
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_times import journey_times

CITIES = ["contoh", "palembang"]


@pytest.fixture(params=CITIES)
def known(request):
    return request.getfixturevalue(request.param)


def mover(known):
    return max(
        known.plans.values(),
        key=lambda plan: len(known.city.today.movers(plan.place(known.city))),
    )


def test_the_parts_of_a_journey_end_after_its_mean_days(known):
    values = known.book.central()
    plan = mover(known)
    sides = {"today": known.city.today, "plan": plan.place(known.city)}
    levels = {
        state: journey_times(known.city, Sides.all_of(place), values, values).days
        for state, place in sides.items()
    }
    for at, journey in enumerate(known.city.journeys):
        ends = journey_parts(known.city, plan, journey, values).groupby("state")["end"].max()
        for state, days in levels.items():
            assert ends[state] == pytest.approx(days[at]), (journey.id, state)


def test_the_causes_add_up_to_the_gain_without_settling_in(known):
    values, plan = known.book.sample(30, 1), mover(known)
    later = values.with_numbers(plan.levers)
    cases = values["journey_cases"]
    today, moved = (
        journey_times(known.city, Sides.all_of(place), each, values)
        for place, each in ((known.city.today, values), (plan.place(known.city), later))
    )
    split = gain_split(known.city, plan, values, "days").set_index("cause")
    gain = np.vecdot(cases, today.days - moved.days) / cases.sum(axis=-1)
    assert split.loc["all", "mean"] == pytest.approx(gain.mean())
    hours = gain_split(known.city, plan, values, "hours").set_index("cause")
    gain = np.vecdot(cases, today.hours - moved.hours)
    settling = hours.loc["settling", "mean"]
    assert settling < 0
    assert hours.loc["all", "mean"] - settling == pytest.approx(gain.mean(), rel=1e-6)


def test_a_plan_that_moves_nobody_has_only_its_levers_as_causes(palembang):
    letters = palembang.plans["rival-electronic-letters"]
    assert causes_of(palembang.city, letters) == ["delegation", "letters"]
    split = gain_split(palembang.city, letters, palembang.book.sample(20, 1), "days")
    assert (split["p05"] > 0).all()


def test_gains_by_journey_are_those_of_the_draws(known):
    values, plan = known.book.sample(25, 2), mover(known)
    table = journey_changes(known.city, [plan], values, ["days", "within_standard"])
    days = table[table["measure"] == "days"]
    assert list(days["journey"]) == [journey.id for journey in known.city.journeys]
    assert (days["p05"] <= days["p50"]).all()
    promised = table[table["measure"] == "within_standard"]["journey"]
    assert set(promised) == {j.id for j in known.city.journeys if j.standard_days}
    assert changed_most(table, known.city, plan.id) in known.city.journeys


def test_no_move_can_do_more_than_the_location_share(known):
    values = known.book.sample(40, 3)
    shares = location_shares(known.city, values)
    assert shares[["p05", "p50", "p95"]].to_numpy().min() >= 0
    assert shares[["p05", "p50", "p95"]].to_numpy().max() < 1
    points = shares.pivot_table(index=["service", "letters"], columns="mechanisms", values="p50")
    assert (points["possible"] > points["sure"]).all()
    electronic = shares[(shares["letters"] == "electronic") & (shares["mechanisms"] == "sure")]
    assert (electronic["p95"] < 1e-9).all()


def test_together_is_never_longer_than_apart_for_the_sure_mechanisms(known):
    values = known.book.sample(40, 3)
    still = {"together_return_change": 0.0, "together_answer_change": 0.0}
    table = four_corners(known.city, values.with_numbers(still))
    wide = table.pivot_table(
        index=["service", "letters", "authority"], columns="offices", values="p50"
    )
    assert (wide["together"] <= wide["apart"] + 1e-9).all()
    assert len(set(table["service"])) == len(handed_on(known.city))


def test_waits_by_the_hour_are_longest_after_the_peak_of_arrivals(palembang):
    values = palembang.book.central()
    table = waiting_by_hour(palembang.city, mover(palembang), values, 0.8)
    for _, line in table.groupby(["owner", "state"]):
        line = line.set_index("hour")
        assert line["waiting"].idxmax() >= line["arrivals"].idxmax()
    busier = table[table["state"] == "busier"].groupby("owner")["waiting"].mean()
    today = table[table["state"] == "today"].groupby("owner")["waiting"].mean()
    assert (busier > today[busier.index]).all()


def test_slower_clerks_make_pooling_worse(known):
    table = pooling(known.city, mover(known), known.book.sample(20, 4))
    for _, building in table.groupby("building"):
        assert (np.diff(building["p50"]) > 0).all()
    found = break_even_slow_downs(table)
    assert ((found["break_even"] > 0) | found["break_even"].isna()).all()


def test_a_line_that_cannot_keep_up_is_told_in_a_sentence(contoh):
    """A user's city with a hundred times the cases, and the counters of today."""
    values = contoh.book.central()
    assert counter_findings(contoh.city, contoh.city.today, values, values) == []
    flooded = values.with_numbers({"cases_per_year": 100 * values["cases_per_year"]})
    found = counter_findings(contoh.city, contoh.city.today, flooded, values)
    assert found
    assert {finding.kind for finding in found} == {"no_steady_state"}
    assert "the line grows" in str(found[0])


def test_the_busiest_line_comes_first(palembang):
    values = palembang.book.central()
    table = lines_table(palembang.city, palembang.city.today, values, values)
    assert table["visits_per_day"].is_monotonic_decreasing
    assert table["owner"][0] == "disdukcapil"
