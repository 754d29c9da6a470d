"""The best plan of a small city is that of all its plans, and its bound is never above it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.experiment.run import every_draw
from opdanalysis.plans.plan import TODAY
from opdanalysis.search import solution
from opdanalysis.search.best_plan import best_plan, checked, placed, plan_of
from opdanalysis.search.objective import CRITERIA, MEASURED_BY
from opdanalysis.search.rooms import has_room
from opdanalysis.search.rules import Rules

MOVES = 1_000

CASES = {
    "no limit": ({}, None),
    "two moves": ({}, 2),
    "two agencies apart": ({"apart": [("sosial", "izin"), ("capil", "pu")]}, None),
    "one stays, one building is closed": (
        {"stay": ["pu"], "closed": ["jalan-mawar-1"]},
        None,
    ),
}


def ruled(rules: Rules, more: dict) -> Rules:
    return rules.with_more(more.get("stay", []), more.get("closed", []), more.get("apart", []))


@pytest.mark.parametrize("way", ["a small problem", "a city"])
@pytest.mark.parametrize("case", CASES)
def test_the_best_plan_found_is_the_best_of_all_plans(roomy, case, way, monkeypatch) -> None:
    """Against enumeration of every placement, by the way for small problems and that for cities."""
    if way == "a city":
        monkeypatch.setattr(solution, "SMALL", 0)
    more, limit = CASES[case]
    rules = ruled(roomy.rules, more)
    found = best_plan(roomy.objective, rules, limit, iterations=MOVES).solution
    least = roomy.least(rules, limit, roomy.objective)
    assert found.value == pytest.approx(least, rel=1e-9)
    assert found.lower_bound <= least + 1e-9 * abs(least)
    assert 0 <= found.gap < 1


@pytest.mark.parametrize("weights", [{"coordination": 50.0}, {"cost": 0.0, "access": 0.0}])
def test_weights_are_kept_in_value_and_bound(roomy, weights, monkeypatch) -> None:
    monkeypatch.setattr(solution, "SMALL", 0)
    weighed = roomy.objective.weighted(**weights)
    found = best_plan(weighed, roomy.rules, iterations=MOVES).solution
    least = roomy.least(roomy.rules, None, weighed)
    assert found.value == pytest.approx(least, rel=1e-9)
    assert found.lower_bound <= least + 1e-9 * abs(least)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_no_bound_passes_the_best_plan_whatever_things_cost(roomy, seed: int) -> None:
    """Contacts, distances and costs at random; the way for cities, against enumeration."""
    rng = np.random.default_rng(seed)
    made = roomy.objective
    strange = replace(
        made,
        flow=made.flow.max() * rng.random(made.flow.shape) ** 3,
        cost=made.cost * rng.uniform(0.5, 1.5, made.cost.shape),
        opening=made.opening * rng.uniform(-0.5, 2.0, made.opening.shape),
    )
    before, solution.SMALL = solution.SMALL, 0
    try:
        found = best_plan(strange, roomy.rules, iterations=500).solution
    finally:
        solution.SMALL = before
    least = roomy.least(roomy.rules, None, strange)
    assert found.lower_bound <= least + 1e-9 * abs(least)
    assert found.value >= least - 1e-9 * abs(least)


def test_where_today_fills_its_buildings_no_plan_is_better_and_that_is_proved(tight) -> None:
    found = best_plan(tight.objective, tight.rules, iterations=MOVES)
    assert found.moves == 0
    assert found.saving == pytest.approx(0, abs=1)
    assert found.solution.proved


def test_a_plan_keeps_the_rules(roomy) -> None:
    rules = roomy.rules.with_more(["izin"], ["jalan-melati-5"], [("sosial", "capil")])
    best = best_plan(roomy.objective, rules, 3, iterations=MOVES)
    today = roomy.objective.city.today
    movers = today.movers(best.placement)
    assert len(movers) <= 3
    assert "izin" not in movers
    assert "jalan-melati-5" not in {best.placement[agency] for agency in movers}
    assert best.placement["sosial"] != best.placement["capil"]


def test_other_plans_near_the_best_one_differ_and_keep_within_one_percent(roomy) -> None:
    best = best_plan(roomy.objective, roomy.rules, iterations=MOVES)
    plans = best.solution.alternatives
    assert len({tuple(plan) for plan in plans}) == len(plans)
    values = [roomy.objective.sum_of(roomy.objective.parts_at(plan)) for plan in plans]
    assert values[0] == pytest.approx(best.solution.value)
    assert values == sorted(values)


@pytest.mark.parametrize("small", [0, solution.SMALL])
def test_no_clock_decides_where_the_moves_are_counted(roomy, monkeypatch, small) -> None:
    """With a clock that leaps, everything is the same, by both ways."""
    monkeypatch.setattr(solution, "SMALL", small)
    one = best_plan(roomy.objective, roomy.rules, iterations=MOVES).solution
    ticks = count(0.0, 1_000.0)
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    other = best_plan(roomy.objective, roomy.rules, seconds=1e-3, iterations=MOVES).solution
    assert one.value == other.value
    assert one.lower_bound == other.lower_bound
    assert (one.alternatives == other.alternatives).all()


def test_today_costs_what_the_models_say(tight) -> None:
    """The sum is anchored at today: mean of the draws of the full model."""
    found = every_draw(tight.known.city, [TODAY], tight.values, tuple(MEASURED_BY.values()))
    parts = tight.objective.parts(tight.known.city.today)
    for name in ("coordination", "access"):
        assert parts[name] == pytest.approx(found[MEASURED_BY[name]].mean(), rel=1e-9)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_access_is_exact_and_travel_nearly_so_for_any_placement(roomy, seed: int) -> None:
    """Against the full model; that ties on one site meet more often is a bend that is left out."""
    rng = np.random.default_rng(seed)
    allowed = roomy.rules.allowed(roomy.known.city)
    sites = np.array([rng.choice(np.flatnonzero(row)) for row in allowed])
    plan = plan_of(roomy.known.city, sites, "any", {"en": "Any"})
    found = every_draw(roomy.known.city, [plan], roomy.values, tuple(MEASURED_BY.values()))
    parts = roomy.objective.parts_at(sites)
    assert parts["access"] == pytest.approx(found["access_cost"].mean(), rel=1e-9)
    assert parts["coordination"] == pytest.approx(found["staff_travel_cost"].mean(), rel=0.02)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_a_plan_with_room_in_the_search_has_room_by_the_models(tight, seed, parking) -> None:
    """Demands add up to no less than space and parking ask for, whoever sits together."""
    from opdanalysis.search.rooms import rooms

    city, central = tight.known.city, tight.known.book.central()
    room = rooms(city, central, parking)
    rng = np.random.default_rng(seed)
    sites = np.array(city.places(city.today))
    for agency in rng.permutation(len(sites)):
        site = rng.integers(len(city.buildings))
        load = room.demand[sites == site].sum(axis=0) + room.demand[agency]
        if (load <= room.capacity[site]).all():
            sites[agency] = site
    assert has_room(city, placed(city, sites), central, parking)


def test_a_plan_is_checked_against_the_full_model_in_every_criterion(roomy) -> None:
    best = best_plan(roomy.objective, roomy.rules, iterations=MOVES)
    row = checked(roomy.objective, [best.plan], roomy.values).iloc[0]
    assert row["total"] == pytest.approx(best.saving)
    assert row["total_model"] == pytest.approx(sum(row[f"{name}_model"] for name in CRITERIA))
    assert row["total_p05"] <= row["total_p50"] <= row["total_p95"]
    assert row["error"] == pytest.approx(row["total"] - row["total_model"])


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            Rules(stay=("sosiall",)),
            "rules of the search: agency 'sosiall' is not in the city. Did you mean 'sosial'?",
        ),
        (
            Rules(closed=("jalan-mawar-2",)),
            "rules of the search: building 'jalan-mawar-2' is not in the city. "
            "Did you mean 'jalan-mawar-3'?",
        ),
    ],
)
def test_a_rule_about_nobody_is_refused_in_words(roomy, rules, message) -> None:
    with pytest.raises(UsageError) as told:
        best_plan(roomy.objective, rules, iterations=MOVES)
    assert str(told.value) == message
