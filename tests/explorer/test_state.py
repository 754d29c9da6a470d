"""The numbers of the explorer are those of the study, in fewer draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import run_experiment
from opdanalysis.explorer.own_plan import OwnPlan
from opdanalysis.explorer.state import SHOWN, Chosen, Explorer
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.everything import Known

DRAWS, SEED = 40, 3
WAGES = "compliant-wages"


@pytest.fixture(scope="module")
def explorer(contoh: Known) -> Explorer:
    scenarios = {"as-budgeted": {}, WAGES: contoh.scenarios[WAGES].beliefs}
    return Explorer(contoh.city, list(contoh.plans.values()), contoh.book, scenarios, DRAWS, SEED)


@pytest.fixture(scope="module")
def result(contoh: Known) -> Result:
    scenarios = {"as-budgeted": {}, WAGES: contoh.scenarios[WAGES].beliefs}
    plans = list(contoh.plans.values())
    return run_experiment(contoh.city, plans, contoh.book, scenarios, DRAWS, SEED)


@pytest.mark.parametrize("scenario", ["as-budgeted", WAGES])
def test_the_gains_of_the_city_s_plans_are_those_of_the_experiment(
    explorer: Explorer, result: Result, scenario: str
) -> None:
    chosen = replace(explorer.start(), scenario=scenario)
    for plan, gains in explorer.gains_of_all(chosen).items():
        for outcome in SHOWN:
            expected = result.gain(outcome, plan, scenario)
            assert gains[outcome] == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_an_own_plan_that_is_as_the_base_gains_as_the_base(explorer: Explorer) -> None:
    for plan in explorer.plans[1:]:
        chosen = explorer.start(plan)
        own, official = explorer.gains(chosen), explorer.gains_of_all(chosen)[plan.id]
        for outcome in SHOWN:
            assert (own[outcome] == official[outcome]).all()


def test_today_gains_nothing_whatever_is_assumed(explorer: Explorer) -> None:
    chosen = explorer.start().holding("electricity_intensity", 60.0)
    assert all(not gain.any() for gain in explorer.gains(chosen).values())


def test_a_move_and_the_way_back_give_the_same_numbers(explorer: Explorer) -> None:
    city, start = explorer.city, explorer.start()
    there = start.own.moved(city, ("sosial",), "jalan-mawar-1")
    moved = explorer.gains(replace(start, own=there))
    back = there.moved(city, ("sosial",), city.today["sosial"])
    assert any(gain.any() for gain in moved.values())
    assert all(not gain.any() for gain in explorer.gains(replace(start, own=back)).values())


def test_a_belief_that_is_held_gives_the_numbers_of_a_book_that_has_no_doubt_of_it(
    explorer: Explorer, contoh: Known
) -> None:
    name, value = "electricity_intensity", 90.0
    plan = contoh.plans["merge-in-mawar"]
    sure = contoh.book.with_beliefs({name: contoh.book[name].at(value)}, "test")
    result = run_experiment(contoh.city, [plan], sure, {"as-budgeted": {}}, DRAWS, SEED)
    gains = explorer.gains(explorer.start(plan).holding(name, value))
    expected = result.gain("net_cost", plan.id)
    assert gains["net_cost"] == pytest.approx(expected, rel=1e-9)
    assert gains["net_cost"] != pytest.approx(explorer.gains(explorer.start(plan))["net_cost"])


def test_a_column_that_is_held_high_has_more_of_everything(explorer: Explorer) -> None:
    chosen = explorer.start()
    low = explorer.today(chosen.holding("staff", 0.05))["net_cost"]
    high = explorer.today(chosen.holding("staff", 0.95))["net_cost"]
    assert (high > low).all()


def test_letting_a_belief_go_brings_back_its_range(explorer: Explorer) -> None:
    start = explorer.start(explorer.plans[1])
    held = start.holding("electricity_intensity", 60.0)
    assert held.holding("electricity_intensity", None) == start


def test_the_offered_assumptions_move_something(explorer: Explorer) -> None:
    plan = explorer.plans[2]
    offered = explorer.assumptions(plan)
    assert 3 <= len(offered) <= 8
    assert len({assumption.name for assumption in offered}) == len(offered)
    start = explorer.start(plan)
    before = explorer.gains(start)
    for assumption in offered:
        assert list(assumption.points) == sorted(assumption.points)
        after = explorer.gains(start.holding(assumption.name, assumption.points[-1]))
        assert any(not np.allclose(after[outcome], before[outcome]) for outcome in SHOWN)


def test_what_is_chosen_can_be_compared_and_its_order_does_not_matter() -> None:
    one = Chosen(OwnPlan(TODAY), "as-budgeted").holding("a", 1.0).holding("b", 2.0)
    other = Chosen(OwnPlan(TODAY), "as-budgeted").holding("b", 2.0).holding("a", 1.0)
    assert one.world == other.world
    assert one == other
