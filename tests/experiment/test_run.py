"""A number of a plan depends on the plan, the scenario and the draw, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.experiment import run
from opdanalysis.experiment.run import run_experiment
from opdanalysis.models.operating_cost import LINES
from opdanalysis.outcomes import COST, MONEY, OUTCOMES, PARTS
from opdanalysis.parameters.book import SHARED_ERROR
from opdanalysis.plans.plan import TODAY, Plan

DRAWS, SEED = 30, 11
BUDGETED = {"as-budgeted": {}}


@pytest.fixture(scope="module")
def every_plan(palembang):
    return run_experiment(
        palembang.city, list(palembang.plans.values()), palembang.book, BUDGETED, DRAWS, SEED
    )


def assert_same(one, other, plans) -> None:
    for plan in plans:
        for outcome in OUTCOMES:
            np.testing.assert_array_equal(one.level(outcome, plan), other.level(outcome, plan))


def test_the_order_of_plans_does_not_matter(palembang, every_plan):
    backwards = list(palembang.plans.values())[::-1]
    turned = run_experiment(palembang.city, backwards, palembang.book, BUDGETED, DRAWS, SEED)
    assert turned.plan_ids[0] == "today"
    assert turned.plan_ids[1:] == tuple(p.id for p in backwards if p.id != "today")
    assert_same(every_plan, turned, every_plan.plan_ids)


@pytest.mark.parametrize("alone", ["2026-02-12-as-done"])
def test_which_other_plans_take_part_does_not_matter(palembang, every_plan, alone):
    plans = [palembang.plans[alone]]
    single = run_experiment(palembang.city, plans, palembang.book, BUDGETED, DRAWS, SEED)
    assert single.plan_ids == ("today", alone)
    assert_same(every_plan, single, single.plan_ids)


def test_which_other_scenarios_take_part_does_not_matter(contoh):
    wages = {"compliant-wages": contoh.scenarios["compliant-wages"].beliefs, **BUDGETED}
    plans = list(contoh.plans.values())
    alone = run_experiment(contoh.city, plans, contoh.book, BUDGETED, DRAWS, SEED)
    both = run_experiment(contoh.city, plans, contoh.book, wages, DRAWS, SEED)
    for plan in alone.plan_ids:
        for outcome in OUTCOMES:
            np.testing.assert_array_equal(
                alone.level(outcome, plan), both.level(outcome, plan, "as-budgeted")
            )


@pytest.mark.parametrize("name", ["contoh", "palembang"])
def test_what_is_taken_from_the_first_scenario_is_what_would_be_computed(name, request):
    known = request.getfixturevalue(name)
    plans = list(known.plans.values())[:5]
    beliefs = {id: scenario.beliefs for id, scenario in known.scenarios.items()}
    shared = known.book[SHARED_ERROR].at(0.9)
    beliefs |= {"errors-in-common": {SHARED_ERROR: shared}}
    together = run_experiment(known.city, plans, known.book, beliefs, DRAWS, SEED)
    for row, scenario in enumerate(beliefs):
        of_it = {scenario: beliefs[scenario]}
        alone = run_experiment(known.city, plans, known.book, of_it, DRAWS, SEED)
        for id in OUTCOMES:
            assert together.numbers[id][row].tobytes() == alone.numbers[id][0].tobytes(), id


@pytest.mark.parametrize("name", ["contoh", "palembang"])
def test_few_draws_tell_all_that_an_outcome_asks_for(name, request, monkeypatch):
    known = request.getfixturevalue(name)
    plans = list(known.plans.values())[:5]
    few = run.numbers_asked(known.city, plans, known.book, OUTCOMES)
    monkeypatch.setattr(run, "FEW", 60)
    assert few == run.numbers_asked(known.city, plans, known.book, OUTCOMES)
    assert "guard_cost" in few["net_cost"]
    assert "guard_cost" not in few["contacts_one_roof"] | few["access_minutes"]
    assert set(few) == set(OUTCOMES)


def test_wages_leave_service_access_and_contacts_to_the_first_scenario(contoh, monkeypatch):
    computed = []
    every_draw = run.every_draw

    def watched(city, plans, values, wanted):
        computed.append(set(wanted))
        return every_draw(city, plans, values, wanted)

    monkeypatch.setattr(run, "every_draw", watched)
    wages = {**BUDGETED, "compliant-wages": contoh.scenarios["compliant-wages"].beliefs}
    run_experiment(contoh.city, [], contoh.book, wages, DRAWS, SEED)
    assert computed[0] == set(OUTCOMES)
    assert computed[1] == {id for id in OUTCOMES if id in (*COST, *MONEY)}


def test_only_the_wanted_outcomes_are_computed_with_the_same_numbers(palembang, every_plan):
    wanted = ("net_cost", "access_minutes", "settling_hours")
    plans = list(palembang.plans.values())
    some = run_experiment(
        palembang.city, plans, palembang.book, BUDGETED, DRAWS, SEED, wanted[::-1]
    )
    assert tuple(some.numbers) == wanted
    for id in wanted:
        assert some.numbers[id].tobytes() == every_plan.numbers[id].tobytes()


def test_an_unknown_outcome_is_answered_with_the_nearest_name(contoh):
    with pytest.raises(UsageError) as refused:
        run_experiment(contoh.city, [], contoh.book, BUDGETED, 2, 0, ["net_cots"])
    assert str(refused.value) == "outcome 'net_cots' is not known. Did you mean 'net_cost'?"
    with pytest.raises(UsageError) as refused:
        run_experiment(contoh.city, [], contoh.book, BUDGETED, 2, 0, [])
    assert str(refused.value) == "no outcome is wanted. Name at least one."


def test_every_outcome_belongs_to_one_part():
    assert sorted(id for ids, _ in PARTS.values() for id in ids) == sorted(OUTCOMES)


def test_legal_wages_raise_only_what_hires_people(contoh):
    wages = {"compliant-wages": contoh.scenarios["compliant-wages"].beliefs, **BUDGETED}
    result = run_experiment(contoh.city, [], contoh.book, wages, DRAWS, SEED)
    for line in LINES:
        legal, budgeted = (result.level(f"cost_{line}", "today", s) for s in wages)
        if line in ("security", "cleaning", "attendants"):
            assert (legal > budgeted).all()
        else:
            np.testing.assert_array_equal(legal, budgeted)


@pytest.mark.parametrize("block", [1, 7, 59, 1_000])
def test_the_size_of_a_block_changes_speed_and_no_result(contoh, block, monkeypatch):
    """Up to the order of additions inside a matrix product."""
    plans = list(contoh.plans.values())
    usual = run_experiment(contoh.city, plans, contoh.book, BUDGETED, DRAWS, SEED)
    monkeypatch.setattr(run, "BLOCK", block)
    other = run_experiment(contoh.city, plans, contoh.book, BUDGETED, DRAWS, SEED)
    for outcome in OUTCOMES:
        np.testing.assert_allclose(
            other.numbers[outcome], usual.numbers[outcome], rtol=1e-12, atol=1e-3
        )


def test_one_seed_gives_one_result_and_another_gives_another(contoh):
    def cost(seed: int) -> np.ndarray:
        result = run_experiment(contoh.city, [], contoh.book, BUDGETED, DRAWS, seed)
        return result.level("operating_cost", "today")

    np.testing.assert_array_equal(cost(0), cost(0))
    assert not np.array_equal(cost(0), cost(1))


def test_today_takes_part_once_whether_it_is_named_or_not(contoh):
    merger = contoh.plans["merge-in-mawar"]
    for plans in ([merger], [TODAY, merger], [merger, TODAY]):
        result = run_experiment(contoh.city, plans, contoh.book, BUDGETED, 2, 0)
        assert result.plan_ids == ("today", "merge-in-mawar")


def test_the_levers_of_a_plan_hold_for_that_plan_only(contoh):
    """Daily needs by building change for the plan that asks for it and for no other."""
    pooled = Plan("pooled", {}, "rival", levers={"pooled_daily_needs": 1})
    separate = Plan("separate", {}, "rival")
    result = run_experiment(contoh.city, [pooled, separate], contoh.book, BUDGETED, 5, 0)
    assert (result.gain("cost_routine_needs", "pooled") != 0).all()
    np.testing.assert_array_equal(result.gain("cost_routine_needs", "separate"), 0)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            Plan("p", {}, "idea", levers={"guard_cost": 1}),
            "plan p sets 'guard_cost', which is a belief. "
            "A scenario may replace it, a plan may not.",
        ),
        (
            Plan("p", {}, "idea", fates={"plaza-baru": "returned"}),
            "plan p, fates: building 'plaza-baru' is to be returned, but 'capil-plaza' would "
            "still sit in it. Move it in a cluster, or choose another fate.",
        ),
    ],
)
def test_an_impossible_plan_stops_the_experiment_in_words(contoh, plan, message):
    with pytest.raises(UsageError) as refusal:
        run_experiment(contoh.city, [plan], contoh.book, BUDGETED, 2, 0)
    assert str(refusal.value) == message


def test_a_scenario_may_not_set_a_lever(contoh):
    lever = {"pooled_daily_needs": contoh.book["pooled_daily_needs"]}
    with pytest.raises(UsageError) as refusal:
        run_experiment(contoh.city, [], contoh.book, {"odd": lever}, 2, 0)
    assert str(refusal.value) == (
        "scenario 'odd' sets 'pooled_daily_needs', which is a lever. "
        "A plan may set it, a scenario may not."
    )


@pytest.mark.parametrize("draws", [0, -5])
def test_without_draws_there_is_no_experiment(contoh, draws):
    with pytest.raises(UsageError) as refusal:
        run_experiment(contoh.city, [], contoh.book, BUDGETED, draws, 0)
    assert str(refusal.value) == f"draws is {draws}; at least 1 is needed."


def test_a_seed_is_not_negative(contoh):
    with pytest.raises(UsageError) as refusal:
        run_experiment(contoh.city, [], contoh.book, BUDGETED, 2, -1)
    assert str(refusal.value) == "seed is -1; 0 or a larger whole number is needed."


def test_one_draw_is_an_experiment(contoh):
    result = run_experiment(contoh.city, [], contoh.book, BUDGETED, 1, 0)
    assert result.level("operating_cost", "today").shape == (1,)
