"""Assignments of agencies to sites, against the enumeration of every plan of small problems."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import quadratic_assignment

from opdanalysis.errors import UsageError
from opdanalysis.methods.assignment import assign
from opdanalysis.methods.assignment_instances import KINDS, make_instance
from opdanalysis.methods.assignment_problem import read_problem, reduce_problem

TWO_SITES = {
    "flow": np.array([[0, 5, 1], [0, 0, 0], [0, 0, 0]]),
    "distance": np.array([[0, 10], [10, 0]]),
    "cost": np.array([[0, 1], [0, 1], [0, 1]]),
    "demand": np.array([2, 2, 2]),
    "capacity": np.array([4, 2]),
}


def random_problem(seed):
    """Arguments of `assign`: up to six agencies and four sites, with any mix of rules."""
    rng = np.random.default_rng(seed)
    n, m, r = (int(rng.integers(low, high)) for low, high in ((2, 7), (2, 5), (1, 3)))
    demand = rng.integers(1, 10, (n, r)).astype(float)
    given = {
        "flow": rng.integers(0, 10, (n, n)) * (rng.random((n, n)) < rng.choice([0.3, 1.0])) * 1.0,
        "distance": rng.integers(0, 20, (m, m)) * 1.0,
        "cost": rng.integers(-50, 150, (n, m)) * 1.0,
        "demand": demand,
        "capacity": np.ceil(demand.sum(axis=0) / m * rng.uniform(0.9, 2, (m, r)) + 2),
        "weight": float(rng.choice([0.5, 1.0, 2.0])),
    }
    if rng.random() < 0.5:
        given["distance"] += given["distance"].T
    if rng.random() < 0.3:
        given["cost"] *= rng.random((n, m))
        given["flow"] *= rng.random((n, n))
    if rng.random() < 0.4:
        given["opening_cost"] = rng.integers(-100, 200, m) * 1.0
    if rng.random() < 0.3:
        given["fixed"] = {0: int(rng.integers(m))}
    if rng.random() < 0.3:
        given["forbidden_sites"] = rng.random((n, m)) < 0.15
        given["forbidden_sites"][0] = False
    if rng.random() < 0.3 and n > 2:
        given["forbidden_pairs"] = [[1, 2]]
    if rng.random() < 0.3:
        given["start"] = rng.integers(0, m, n)
        given["max_moves"] = int(rng.integers(0, n + 1))
    return given


def cost_of(given, sites):
    """The objective, spelled out."""
    sites = np.asarray(sites)
    distance = given["distance"][np.ix_(sites, sites)]
    opening = given.get("opening_cost", np.zeros(len(given["distance"])))
    return (
        given["cost"][np.arange(len(sites)), sites].sum()
        + given.get("weight", 1.0) * (given["flow"] * distance).sum()
        + opening[np.unique(sites)].sum()
    )


def keeps_the_rules(given, sites):
    sites = np.asarray(sites)
    demand, capacity = np.asarray(given["demand"]), np.asarray(given["capacity"])
    load = np.zeros(capacity.shape)
    np.add.at(load, sites, demand)
    barred = given.get("forbidden_sites", np.zeros((len(sites), len(capacity)), dtype=bool))
    return (
        bool((load <= capacity + 1e-9).all())
        and not barred[np.arange(len(sites)), sites].any()
        and all(sites[agency] == site for agency, site in given.get("fixed", {}).items())
        and all(sites[a] != sites[b] for a, b in given.get("forbidden_pairs", []))
        and ("start" not in given or (sites != given["start"]).sum() <= given["max_moves"])
    )


PLENTY = 120
"""Seconds that no small problem needs, so that a busy machine proves as much as an idle one."""


def every_plan(given):
    """All plans that keep the rules and what they cost."""
    n, m = given["cost"].shape
    plans = [plan for plan in product(range(m), repeat=n) if keeps_the_rules(given, plan)]
    return plans, np.array([cost_of(given, plan) for plan in plans])


@pytest.mark.parametrize("seed", range(60))
def test_the_best_of_all_plans_is_found_and_proved_or_there_is_none(seed):
    problem = random_problem(seed)
    _, values = every_plan(problem)
    if not len(values):
        with pytest.raises(UsageError, match="no plan"):
            assign(**problem, iterations=1_000, seconds=PLENTY)
        return
    answer = assign(**problem, iterations=2_000, seconds=PLENTY)
    assert answer.objective == pytest.approx(values.min(), abs=1e-6)
    assert answer.objective == pytest.approx(cost_of(problem, answer.sites), abs=1e-6)
    assert keeps_the_rules(problem, answer.sites)
    assert answer.lower_bound <= values.min() + 1e-6
    assert answer.proved


@settings(max_examples=25, deadline=None)
@given(st.integers(1_000, 100_000))
def test_alternatives_are_different_plans_within_one_percent(seed):
    problem = random_problem(seed)
    try:
        answer = assign(**problem, iterations=1_000, seconds=2)
    except UsageError:
        return
    assert len(np.unique(answer.alternatives, axis=0)) == len(answer.alternatives)
    assert (answer.alternatives[0] == answer.sites).all()
    limit = answer.objective + 0.01 * abs(answer.objective) + 1e-6
    for sites, value in zip(answer.alternatives, answer.alternative_values, strict=True):
        assert keeps_the_rules(problem, sites)
        assert value == pytest.approx(cost_of(problem, sites), abs=1e-6)
        assert value <= limit


def test_the_pair_with_most_contacts_shares_the_larger_site():
    """By hand: agencies 0 and 1 together in site 0, 2 in site 1: 1 contact x 10 + cost 1 = 11."""
    answer = assign(**TWO_SITES, seconds=PLENTY)
    assert answer.sites.tolist() == [0, 0, 1]
    assert answer.objective == 11
    assert answer.verdict == "proved optimal"
    assert answer.gap == 0


def test_two_halves_of_a_ring_are_parted_as_scipy_parts_them():
    """A permutation problem of 8 on which scipy's graph matching, from many starts, is right."""
    instance = make_instance("permutation", 8, 8, 1.0, 3)
    answer = assign(*instance.tables, seconds=2)
    scipy_best = min(
        quadratic_assignment(
            instance.flow,
            instance.distance,
            options={"P0": "randomized", "rng": np.random.default_rng(seed)},
        ).fun
        for seed in range(60)
    )
    assert answer.objective <= scipy_best
    assert sorted(answer.sites) == list(range(8))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_and_moves_give_the_same_plans(kind):
    instance = make_instance(kind, 20, 20, 0.8, 5)
    one, two = (
        assign(*instance.tables, **instance.rules, iterations=3_000, seconds=1.5, seed=4)
        for _ in range(2)
    )
    assert (one.alternatives == two.alternatives).all()
    assert (one.history[:, [0, 2]] == two.history[:, [0, 2]]).all()


def test_more_moves_never_make_the_best_plan_worse():
    instance = make_instance("offices", 10, 4, 0.8, 1)
    start = assign(*instance.tables, iterations=1, seconds=1, seed=9).sites
    limits = (0, 1, 2, 4, 10)
    plans = [
        assign(*instance.tables, start=start, max_moves=most, iterations=5_000, seconds=1)
        for most in limits
    ]
    assert plans[0].sites.tolist() == start.tolist()
    assert all(later.objective <= first.objective for first, later in pairwise(plans))
    for plan, most in zip(plans, limits, strict=True):
        assert (plan.sites != start).sum() <= most


def test_a_start_that_keeps_the_rules_is_never_made_worse():
    instance = make_instance("city", 40, 30, 0.7, 2)
    problem = read_problem(*instance.tables, **instance.rules)
    answer = assign(*instance.tables, **instance.rules, iterations=1, seconds=1)
    assert problem.fits(instance.rules["start"])
    assert answer.objective <= problem.value(instance.rules["start"])


def test_an_empty_site_that_costs_is_the_same_as_a_saving_when_it_is_used():
    problem = random_problem(7)
    holding = np.arange(1.0, len(problem["distance"]) + 1) * 40
    problem["opening_cost"] = -holding
    plans, _ = every_plan(problem)
    by_hand = [
        cost_of({**problem, "opening_cost": 0 * holding}, plan)
        + holding.sum()
        - holding[np.unique(plan)].sum()
        for plan in plans
    ]
    answer = assign(**problem, iterations=2_000, seconds=PLENTY)
    assert answer.objective + holding.sum() == pytest.approx(min(by_hand))


def test_nothing_to_choose_is_proved_at_once():
    answer = assign(**TWO_SITES, fixed=np.array([0, 0, 1]))
    assert answer.sites.tolist() == [0, 0, 1]
    assert answer.verdict == "proved optimal"


def test_folding_settled_agencies_keeps_every_value():
    instance = make_instance("city", 30, 20, 0.7, 4)
    problem = read_problem(*instance.tables, **instance.rules)
    reduced = reduce_problem(problem)
    assert reduced.problem.n < 15
    rng = np.random.default_rng(0)
    for _ in range(20):
        sites = rng.integers(0, reduced.problem.m, reduced.problem.n)
        folded = reduced.problem.value(sites) + reduced.constant
        assert folded == pytest.approx(problem.value(reduced.whole_plan(sites)))


def test_a_verdict_without_proof_states_how_much_better_a_plan_could_be():
    instance = make_instance("offices", 30, 10, 0.9, 0)
    answer = assign(*instance.tables, iterations=500, seconds=0.5)
    assert not answer.proved
    assert 0 < answer.lower_bound < answer.objective
    percent = np.ceil(1000 * answer.gap) / 10
    assert answer.verdict == f"best found, at most {percent:.1f}% above the optimum"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"flow": np.ones((3, 2))}, "flow is 3 by 2; expected a square of agencies by agencies"),
        ({"flow": -np.eye(3)}, "flow has -1 at (0, 0); expected at least 0"),
        ({"distance": np.ones((2, 3))}, "distance is 2 by 3; expected a square of sites by sites"),
        ({"cost": np.ones((2, 2))}, "cost is 2 by 2; expected 3 by 2"),
        (
            {"cost": np.array([[0, np.nan]] * 3)},
            "cost has nan at (0, 1); expected numbers",
        ),
        (
            {"demand": np.ones((3, 2))},
            "demand is 3 by 2 and capacity 2; expected the same columns in both, one for each "
            "kind of room",
        ),
        ({"weight": -1.0}, "weight is -1.0; expected a number of at least 0"),
        ({"max_moves": 1}, "max_moves needs start: the sites that the moves are counted from"),
        ({"start": [0, 0, 2]}, "start puts agency 2 into site 2; expected 0 to 1"),
        ({"fixed": {5: 0}}, "fixed names agency 5; expected 0 to 2"),
        (
            {"fixed": {0: 1}, "forbidden_sites": [[0, 1]]},
            "agency 0 is fixed in site 1, which is forbidden to it",
        ),
        ({"forbidden_pairs": [[1, 1]]}, "forbidden_pairs holds agency 1 with itself"),
        ({"seconds": 0}, "seconds is 0; expected more than 0"),
        ({"iterations": 0}, "iterations is 0; expected at least 1"),
        (
            {"demand": [2, 2, 9]},
            "no plan: agency 2 fits nowhere; in site 0 it needs 9 of room 0, where 4 of 4 is left. "
            "If it sits there today, raise the capacity to what is used.",
        ),
        (
            {"capacity": [3, 2.5]},
            "no plan: the agencies that may choose need 6 of room 0, the sites open to them have "
            "5.5 left",
        ),
        (
            {"capacity": [3, 3]},
            "no plan keeps every rule: room, forbidden sites and pairs and max_moves together "
            "leave none. Give more room or more moves, or drop a rule.",
        ),
        (
            {"start": [1, 1, 1], "max_moves": 0},
            "no plan: agency 1 fits nowhere; in site 1 it needs 2 of room 0, where 0 of 2 is left. "
            "If it sits there today, raise the capacity to what is used.",
        ),
    ],
)
def test_a_wrong_or_impossible_problem_is_refused_in_words(change, message):
    with pytest.raises(UsageError) as refusal:
        assign(**{**TWO_SITES, "seconds": 1, "iterations": 500, **change})
    assert str(refusal.value) == message
