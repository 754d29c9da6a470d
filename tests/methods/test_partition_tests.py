"""A grouping against chance: closed forms, full enumeration, and p values that are exact."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.label_moments import label_moments
from opdanalysis.methods.partition_tests import (
    attainable_share,
    feasible_plan_test,
    feasible_swap_test,
    label_permutation_test,
)


def contacts(n, seed):
    rng = np.random.default_rng(seed)
    weights = rng.poisson(2.0, (n, n)).astype(float)
    np.fill_diagonal(weights, 0)
    return weights


def captured(weights, groups):
    return weights[np.equal.outer(groups, groups)].sum()


SIZES = np.array([4.0, 3.0, 3.0, 2.0, 2.0, 1.0])
CAPACITY = np.array([7.0, 6.0, 5.0])
START = np.array([0, 0, 1, 1, 2, 2])


def feasible(groups):
    return (np.bincount(groups, SIZES, minlength=3) <= CAPACITY).all()


def plans_with_the_same_counts():
    """All groupings that swaps can reach from START: same counts, within capacity."""
    every = {tuple(START[list(order)]) for order in permutations(range(6))}
    return [np.array(groups) for groups in sorted(every) if feasible(np.array(groups))]


def all_feasible_plans():
    every = (np.array(groups) for groups in product(range(3), repeat=6))
    return [groups for groups in every if feasible(groups)]


@pytest.mark.parametrize("seed", range(8))
def test_closed_form_moments_are_those_of_all_orders(seed):
    """Mantel (1967) with fixed tenants; every order of the movable labels, n up to 7."""
    rng = np.random.default_rng(seed)
    n = 2 + seed % 6
    weights = contacts(n, seed)
    groups = rng.integers(0, 3, n)
    movable = rng.random(n) < (1.0 if seed % 2 else 0.7)
    closeness = rng.random((3, 3))
    closeness = closeness + closeness.T
    values = []
    places = np.flatnonzero(movable)
    for order in permutations(places):
        drawn = groups.copy()
        drawn[places] = groups[list(order)]
        values.append((weights * closeness[np.ix_(drawn, drawn)]).sum())
    mean, variance = label_moments(weights, groups, movable, closeness)
    assert mean == pytest.approx(np.mean(values), rel=1e-12)
    assert variance == pytest.approx(np.var(values), rel=1e-9, abs=1e-9)


def test_few_labels_are_listed_and_p_is_the_exact_share():
    weights = contacts(6, 0)
    test = label_permutation_test(weights, START)
    orders = [START[list(order)] for order in permutations(range(6))]
    reached = np.mean([captured(weights, g) >= captured(weights, START) for g in orders])
    assert test.exact
    assert len(test.draws) == 90
    assert test.p == pytest.approx(reached)
    assert test.p_error == 0


def test_many_labels_are_drawn_and_p_counts_the_observed_one():
    groups = np.arange(20) % 4
    weights = np.equal.outer(groups, groups).astype(float)
    test = label_permutation_test(weights, groups, draws=499)
    assert not test.exact
    assert test.p == 1 / 500
    assert test.percentile == 1.0


def test_drawn_labels_agree_with_the_closed_form():
    """Within four standard errors of 9,999 draws."""
    groups = np.arange(24) % 5
    test = label_permutation_test(contacts(24, 3), groups, movable=np.arange(24) > 3)
    assert abs(test.draws.mean() - test.mean) < 4 * test.sd / np.sqrt(9_999)
    assert test.draws.std() == pytest.approx(test.sd, rel=0.05)


@pytest.mark.parametrize(
    ("run", "plans"),
    [(feasible_swap_test, plans_with_the_same_counts), (feasible_plan_test, all_feasible_plans)],
)
def test_a_chain_visits_every_feasible_plan_equally_often(run, plans):
    """Chi-squared of 20,000 draws over the listed plans; p above 0.001 for this seed."""
    from scipy.stats import chisquare

    weights = 2.0 ** np.arange(36).reshape(6, 6)  # each plan has a value of its own
    np.fill_diagonal(weights, 0)
    test = run(weights, START, SIZES, CAPACITY, draws=20_000, steps=150, seed=1)
    values = np.array([captured(weights, groups) for groups in plans()])
    kinds, listed = np.unique(values, return_counts=True)
    drawn = np.array([(np.abs(test.draws / kind - 1) < 1e-12).sum() for kind in kinds])
    assert drawn.sum() == len(test.draws)
    assert chisquare(drawn, len(test.draws) * listed / listed.sum()).pvalue > 0.001


@pytest.mark.parametrize(
    ("run", "plans"),
    [(feasible_swap_test, plans_with_the_same_counts), (feasible_plan_test, all_feasible_plans)],
)
def test_a_chains_p_is_the_exact_share_within_four_standard_errors(run, plans):
    weights = contacts(6, 7)
    test = run(weights, START, SIZES, CAPACITY, draws=10_000, steps=150, seed=2)
    exact = np.mean([captured(weights, g) >= captured(weights, START) for g in plans()])
    assert abs(test.p - exact) < 4 * np.sqrt(exact * (1 - exact) / 10_000) + 1e-4
    assert abs(test.drift) < 0.05


def test_p_is_uniform_under_the_null_even_with_few_steps():
    """Besag and Clifford (1989): exact whatever the mixing.

    400 plans drawn at random, 19 draws of five steps each: p takes 1/20 ... 20/20, and
    P(p <= a) <= a, here within four standard errors.
    """
    rng = np.random.default_rng(5)
    plans = plans_with_the_same_counts()
    weights = rng.random((6, 6))
    p = np.array(
        [
            feasible_swap_test(
                weights,
                plans[rng.integers(len(plans))],
                SIZES,
                CAPACITY,
                draws=19,
                steps=5,
                seed=trial,
            ).p
            for trial in range(400)
        ]
    )
    for level in (0.05, 0.1, 0.25, 0.5):
        assert (p <= level + 1e-9).mean() <= level + 4 * np.sqrt(level * (1 - level) / 400)


def test_fixed_tenants_stay_and_their_groups_tell():
    movable = np.array([False, True, True, True, True, True])
    groups = np.array([0, 0, 1, 1, 2, 2])
    weights = np.zeros((6, 6))
    weights[0, 1] = weights[2, 3] = 1
    for run in (feasible_swap_test, feasible_plan_test):
        test = run(weights, groups, SIZES, CAPACITY, movable=movable, draws=200, steps=100)
        assert test.group_value.tolist() == [1, 1, 0]
        assert test.group_p[2] == 1
    nobody = feasible_swap_test(
        weights, groups, SIZES, CAPACITY, movable=np.zeros(6, bool), draws=9
    )
    assert nobody.p == 1
    assert nobody.accepted == 0


def test_an_overfull_group_is_named_and_may_stay_so():
    test = feasible_swap_test(contacts(6, 1), START, SIZES, np.array([6.0, 6.0, 6.0]), draws=99)
    assert test.overfull.tolist() == [True, False, False]
    assert test.accepted > 0


def test_the_uniform_chain_also_judges_the_choice_of_groups():
    """Everything fits into one group, which captures all; only the third null allows it."""
    weights = contacts(6, 2)
    groups = np.array([0, 0, 0, 0, 0, 0])
    room = np.array([15.0, 15.0, 15.0])
    swaps = feasible_swap_test(weights, groups, SIZES, room, draws=199, steps=60)
    plans = feasible_plan_test(weights, groups, SIZES, room, draws=199, steps=60)
    assert swaps.p == 1
    assert plans.p < 0.05


def test_closeness_counts_neighbouring_groups():
    weights = contacts(6, 4)
    near = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    test = label_permutation_test(weights, START, closeness=near)
    assert test.value == pytest.approx((weights * near[np.ix_(START, START)]).sum())
    assert test.draws.mean() == pytest.approx(test.mean)


def test_share_of_the_attainable_gain_is_an_interval():
    assert attainable_share(30, 20, 60, 70) == (0.2, 0.25)
    assert attainable_share(70, 80, 40, 30) == (0.2, 0.25)  # where low is good
    assert attainable_share(15, 20, 60, 70) == (-0.125, -0.1)


def test_a_bound_on_the_wrong_side_is_refused_in_words():
    with pytest.raises(UsageError) as told:
        attainable_share(30, 20, 60, 50)
    assert str(told.value) == (
        "best found 60 and bound 50 do not enclose the best on one side of the null's mean 20; "
        "expected the bound to be the farther one"
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(6)))
def test_renaming_nodes_changes_no_listed_p(seed, order):
    weights, groups = contacts(6, seed), np.random.default_rng(seed).integers(0, 3, 6)
    order = list(order)
    first = label_permutation_test(weights, groups)
    renamed = label_permutation_test(weights[np.ix_(order, order)], groups[order])
    assert first.p == pytest.approx(renamed.p)
    assert first.mean == pytest.approx(renamed.mean)
    assert first.sd == pytest.approx(renamed.sd)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_no_draw_exceeds_capacity_or_moves_a_fixed_tenant(seed):
    from opdanalysis.methods.random_groupings import feasible_chain

    movable = np.random.default_rng(seed).random(6) < 0.7
    made = feasible_chain(START, SIZES, CAPACITY, movable, 20, 40, 0.5, np.random.default_rng(seed))
    assert all(feasible(groups) for groups in made.groups)
    assert (made.groups[:, ~movable] == START[~movable]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"groups": START[:4]}, "groups must be 6 whole numbers from 0, one per row of weights"),
        ({"capacity": CAPACITY[:2]}, "capacity is given for 2 groups; 3 are in use"),
        ({"sizes": SIZES[:3]}, "sizes must be 6 numbers from 0, one per node"),
        ({"movable": np.ones(4, bool)}, "movable has the shape (4,); expected (6,)"),
        (
            {"closeness": np.triu(np.ones((3, 3)))},
            "closeness must be symmetric with 3 rows, one per group",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_words(change, message):
    given_ = {"groups": START, "sizes": SIZES, "capacity": CAPACITY} | change
    with pytest.raises(UsageError) as told:
        feasible_swap_test(contacts(6, 0), **given_)
    assert str(told.value) == message
