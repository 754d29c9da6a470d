"""Plans along the frontier, changes to a given plan, and the choice under uncertainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.plans.plan import TODAY
from opdanalysis.search.best_plan import BestPlan
from opdanalysis.search.frontier import frontier, frontier_table
from opdanalysis.search.improvement import improvement, single_gains
from opdanalysis.search.objective import CRITERIA
from opdanalysis.search.robust import elite, robust_choice
from opdanalysis.search.rules import Rules

MOVES = 500


@pytest.fixture(scope="module")
def found(roomy) -> list[BestPlan]:
    return frontier(roomy.objective, roomy.rules, moves=(1, 2, 4), iterations=MOVES)


@pytest.fixture(scope="module")
def table(roomy, found):
    plans = [plan for plan in roomy.known.plans.values() if plan.clusters]
    return frontier_table(
        roomy.objective, found, plans, roomy.known.book.central(), parking=True
    ).set_index("plan")


def test_more_moves_never_save_less_and_each_limit_is_kept(found) -> None:
    along = [one for one in found if all(w == 1 for w in one.objective.weights.values())]
    savings = [one.saving for one in along]
    assert savings == sorted(savings)
    assert all(one.moves <= one.max_moves for one in along if one.max_moves is not None)
    assert along[-1].max_moves is None


def test_a_limit_that_moves_no_more_than_the_one_before_is_left_out(found) -> None:
    moves = [one.moves for one in found if one.max_moves is not None]
    assert moves == sorted(set(moves))
    assert 0 not in moves


def test_the_plan_for_coordination_alone_travels_least(found, table) -> None:
    best = table["coordination"].idxmax()
    assert table.loc[best, "coordination"] == pytest.approx(
        table.loc["best-coordination", "coordination"]
    )


def test_today_saves_nothing_and_moves_nobody(table) -> None:
    today = table.loc[TODAY.id]
    assert today["moves"] == 0
    assert today[[*CRITERIA, "total"]].abs().max() == 0


def test_an_efficient_plan_is_beaten_by_none_that_fits(table) -> None:
    columns = [*CRITERIA, "moves"]
    good = table[columns].assign(moves=-table["moves"])
    for plan in table.index[table["efficient"]]:
        others = good[table["fits"]]
        beaten = (others >= good.loc[plan]).all(axis=1) & (others > good.loc[plan]).any(axis=1)
        assert not beaten.any()
    assert not table.loc[~table["fits"], "efficient"].any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_single_gain_is_the_difference_of_two_sums(roomy, seed: int) -> None:
    made = roomy.objective.weighted(coordination=3.0, access=2.0)
    rng = np.random.default_rng(seed)
    sites = rng.integers(0, len(made.city.buildings), len(made.city.agencies))
    agency = rng.integers(len(sites))
    site = rng.integers(len(made.city.buildings))
    later = sites.copy()
    later[agency] = site
    difference = made.sum_of(made.parts_at(sites)) - made.sum_of(made.parts_at(later))
    assert single_gains(made, sites)[agency, site] == pytest.approx(difference, abs=1e-3)


def test_changes_to_a_plan_gain_at_every_step_and_add_up(roomy) -> None:
    city, plan = roomy.known.city, roomy.known.plans["merge-in-mawar"]
    better = improvement(roomy.objective, roomy.rules, plan, 3, roomy.values)
    steps = better.steps
    assert 0 < len(steps) <= 3
    assert (steps["gain"] > 0).all()
    before, after = (roomy.objective.value(each.place(city)) for each in (plan, better.plan))
    assert before - after == pytest.approx(steps["gain"].sum())
    assert (steps["gain_p05"] <= steps["gain_p95"]).all()
    assert dict(better.plan.levers) == dict(plan.levers)


def test_the_first_change_is_the_best_of_all_single_changes(roomy) -> None:
    city, plan = roomy.known.city, roomy.known.plans["merge-in-mawar"]
    sites = np.array(city.places(plan.place(city)))
    allowed = roomy.rules.allowed(city)
    first = improvement(roomy.objective, roomy.rules, plan, 1, roomy.values).steps.iloc[0]
    tried = []
    for agency, site in np.argwhere(allowed):
        later = sites.copy()
        later[agency] = site
        load = np.zeros_like(roomy.objective.rooms.capacity)
        np.add.at(load, later, roomy.objective.rooms.demand)
        if (load[site] <= roomy.objective.rooms.capacity[site] + 1e-6).all():
            tried.append(roomy.objective.sum_of(roomy.objective.parts_at(later)))
    best = roomy.objective.sum_of(roomy.objective.parts_at(sites)) - min(tried)
    assert first["gain"] == pytest.approx(best)


def test_a_plan_that_nothing_improves_stays_as_it_is(roomy) -> None:
    city = roomy.known.city
    everyone = Rules(stay=tuple(agency.id for agency in city.agencies))
    same = improvement(roomy.objective, everyone, TODAY, 3, roomy.values)
    assert same.plan is TODAY
    assert same.steps.empty


def test_the_robust_table_holds_mean_worst_tenth_and_regret_together(roomy, found) -> None:
    best = next(one for one in found if one.plan.id == "best")
    plans = [TODAY, *elite(best)]
    frame = robust_choice(roomy.objective, plans, roomy.values).set_index("plan")
    assert frame["mean"].is_monotonic_decreasing
    assert (frame["cvar"] <= frame["mean"] + 1e-6).all()
    assert (frame["cvar"] <= frame["p50"] + 1e-6).all()
    assert (frame["regret"] >= -1e-6).all()
    assert frame.loc[TODAY.id, ["mean", "cvar", "chance"]].abs().max() == 0


def test_plans_near_the_best_one_are_different_placements(roomy, found) -> None:
    best = next(one for one in found if one.plan.id == "best")
    near = elite(best)
    city = roomy.known.city
    assert near[0] is best.plan
    assert len({plan.place(city) for plan in near}) == len(near)
