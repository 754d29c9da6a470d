"""Randomisation of moves: which assignments there are, and that a true null is not rejected."""

from __future__ import annotations

from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.methods.cluster_jackknife import cluster_jackknife
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.move_assignments import move_assignments
from opdanalysis.methods.randomisation import permuted_values, randomisation_test

IMPUTATION = Estimator("imputation")


def panel(seed=1, units=7, periods=6, dates=(3, 4)):
    moved = np.full(units, NEVER)
    moved[: len(dates)] = dates
    outcome = np.random.default_rng(seed).normal(size=(units, periods)).cumsum(axis=1)
    return Timing(moved, np.ones((units, periods), dtype=bool)), outcome


def alone(units):
    return np.zeros(units, dtype=int), np.arange(units)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_all_assignments_are_listed_once(dates):
    moved = np.array(dates)
    found = move_assignments(moved, *alone(len(moved)), draws=5, seed=0)
    listed = sorted(tuple(moved[role]) for role in found.roles)
    assert found.complete
    assert listed == sorted(set(permutations(dates)))
    assert all(sorted(role) == list(range(len(moved))) for role in found.roles.tolist())


def test_many_assignments_are_drawn_and_counted():
    moved = np.r_[np.full(6, 18), np.full(29, NEVER)]
    found = move_assignments(moved, *alone(35), draws=50, seed=0)
    again = move_assignments(moved, *alone(35), draws=50, seed=0)
    assert (found.possible, found.complete, len(found.roles)) == (comb(35, 6), False, 50)
    assert np.array_equal(found.roles, again.roles)


def test_strata_and_buildings_stay_together():
    """Two units in one building change places only with two others in one, in order of strata."""
    moved = np.array([3, 3, NEVER, NEVER, NEVER])
    clusters = np.array([0, 0, 1, 1, 2])
    found = move_assignments(moved, np.zeros(5), clusters, 9, 0)
    assert sorted(map(tuple, moved[found.roles])) == [
        (3, 3, NEVER, NEVER, NEVER),
        (NEVER, NEVER, 3, 3, NEVER),
    ]
    apart = move_assignments(moved, np.array([0, 1, 0, 0, 0]), clusters, 9, 0)
    assert apart.possible == 1


@pytest.mark.parametrize("statistic", ["t", "coefficient"])
def test_exchanged_rows_equal_weights_made_anew(statistic):
    """A gap in one unit forces the long way; without it both ways must agree."""
    timing, outcome = panel()
    assignments = move_assignments(timing.moved, *alone(7), draws=9, seed=1)
    short = randomisation_test(
        IMPUTATION.overall, timing, np.arange(7), outcome, assignments, 0.9, statistic
    )
    weights = np.array([IMPUTATION.overall(timing.reassigned(r))[0] for r in assignments.roles])
    estimates = np.abs((weights * outcome).sum(axis=(1, 2)))
    if statistic == "coefficient":
        np.testing.assert_allclose(short.null, estimates, rtol=1e-9)
    jackknife = [
        cluster_jackknife(IMPUTATION.overall, timing.reassigned(r), np.arange(7)).errors(outcome)[0]
        for r in assignments.roles
    ]
    if statistic == "t":
        np.testing.assert_allclose(short.null, estimates / jackknife, rtol=1e-9)
    assert short.pvalue == pytest.approx((short.null >= abs(short.observed) * (1 - 1e-9)).mean())


def test_a_gap_does_not_stop_the_test():
    timing, outcome = panel()
    usable = timing.usable.copy()
    usable[5, 2] = False
    gappy = Timing(timing.moved, usable)
    assignments = move_assignments(timing.moved, *alone(7), draws=9, seed=1)
    jackknife = cluster_jackknife(IMPUTATION.overall, gappy, np.arange(7))
    t = permuted_values(IMPUTATION.overall, gappy, np.arange(7), outcome, assignments, jackknife)[
        :, 0
    ]
    expected = []
    for role in assignments.roles:
        now = cluster_jackknife(IMPUTATION.overall, gappy.reassigned(role), np.arange(7))
        expected.append(now.estimates(outcome)[0] / now.errors(outcome)[0])
    np.testing.assert_allclose(t, expected, rtol=1e-8)


def test_the_limits_are_the_effects_that_are_just_not_rejected():
    timing, outcome = panel(seed=4, units=9)
    assignments = move_assignments(timing.moved, *alone(9), draws=9, seed=1)

    def test_of(values):
        return randomisation_test(
            IMPUTATION.overall, timing, np.arange(9), values, assignments, 0.8
        )

    found = test_of(outcome)
    for limit, side in ((found.lower, -1), (found.upper, 1)):
        inside = test_of(outcome - (limit - 1e-6 * side) * timing.treated).pvalue
        outside = test_of(outcome - (limit + 1e-6 * side) * timing.treated).pvalue
        assert inside > 0.2 >= outside


def test_too_few_assignments_give_an_interval_without_end():
    timing, outcome = panel(units=4, dates=(3, 3))
    assignments = move_assignments(timing.moved, *alone(4), draws=9, seed=1)
    found = randomisation_test(IMPUTATION.overall, timing, np.arange(4), outcome, assignments, 0.95)
    assert assignments.possible == 6
    assert (found.lower, found.upper) == (-np.inf, np.inf)


def test_p_values_are_even_when_nothing_happens():
    """Over all assignments as the true one, p is uniform on its steps: the test is exact."""
    timing, outcome = panel(units=6, dates=(3, 3))
    assignments = move_assignments(timing.moved, *alone(6), draws=9, seed=1)
    values = []
    for role in assignments.roles:
        now = timing.reassigned(role)
        others = move_assignments(now.moved, *alone(6), draws=9, seed=1)
        values.append(
            randomisation_test(IMPUTATION.overall, now, np.arange(6), outcome, others, 0.9).pvalue
        )
    np.testing.assert_allclose(np.sort(values), np.arange(1, 16) / 15)
