"""Indices of a whole distribution against brute force and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.methods.distribution_indices import (
    as_variance_share,
    distribution_indices,
    kept_share,
)


def by_the_definition(one, other):
    """Mean over all thresholds of the covariance of the two yes-or-no answers, against its most."""
    thresholds = np.concatenate([one, other])
    both = np.array([((one <= t) & (other <= t)).mean() for t in thresholds])
    below = np.array([(thresholds <= t).mean() for t in thresholds])
    return (both - below**2).mean() / (below - below**2).mean()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), digits=st.integers(0, 3))
def test_the_quick_sums_are_those_of_the_definition(seed, digits):
    rng = np.random.default_rng(seed)
    one = rng.standard_normal(40)
    other = np.round(0.5 * one + rng.standard_normal(40), digits)
    one = np.round(one, digits)
    assert kept_share(one, other)[0] == pytest.approx(by_the_definition(one, other), abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_of_normal_outcomes_it_is_the_variance_share(share):
    """Sheppard 1899: the orthant probability of two normals is 1/4 + arcsin(r) / (2 pi)."""
    rng = np.random.default_rng(round(10 * share))
    common, one, other = rng.standard_normal((3, 20_000))
    pair = [np.sqrt(share) * common + np.sqrt(1 - share) * own for own in (one, other)]
    found, half = as_variance_share(*kept_share(*pair))
    assert found == pytest.approx(share, abs=2.5 * half + 1e-3)
    if share == 0.5:
        assert kept_share(*pair)[0] == pytest.approx(3 / np.pi * np.arcsin(0.75) - 0.5, abs=0.02)


def test_the_interval_is_as_wide_as_repeated_samples_are_apart():
    rng = np.random.default_rng(6)
    found = []
    for _ in range(300):
        common, one, other = rng.standard_normal((3, 300))
        found.append(kept_share(np.round(common + one), np.round(common + other)))
    shares, halves = np.array(found).T
    assert halves.mean() == pytest.approx(1.645 * shares.std(), rel=0.15)


def swapped_worlds(outcome, inputs, draws, seed):
    """Two samples of standard normals, and the first with each input from the second."""
    one, other = np.random.default_rng(seed).standard_normal((2, draws, inputs))
    swaps = []
    for column in range(inputs):
        changed = one.copy()
        changed[:, column] = other[:, column]
        swaps.append(outcome(changed))
    return outcome(one), outcome(other), swaps


def test_a_sum_of_normals_has_the_shares_of_its_variance():
    """By hand: weights 3, 2, 1 and 0 give shares 9/14, 4/14, 1/14 and 0, alone and in total."""
    worlds = swapped_worlds(lambda x: x @ [3, 2, 1, 0], 4, 8_000, 2)
    found = distribution_indices(*worlds, list("abcd"))
    exact = np.array([9, 4, 1, 0]) / 14
    assert (abs(found["first"] - exact) <= 2.5 * found["first_error"] + 1e-12).all()
    assert (abs(found["total"] - exact) <= 2.5 * found["total_error"] + 1e-12).all()
    assert found["first_error"].max() < 0.03


def test_a_rising_transformation_changes_nothing():
    plain = swapped_worlds(lambda x: x @ [2, 1], 2, 500, 3)
    bent = swapped_worlds(lambda x: np.exp(x @ [2, 1]), 2, 500, 3)
    np.testing.assert_allclose(
        distribution_indices(*plain, "ab").drop(columns="group"),
        distribution_indices(*bent, "ab").drop(columns="group"),
        atol=1e-12,
    )


def test_an_outcome_with_steps_is_taken_as_it_is():
    """One of two values, decided by the first input alone."""
    worlds = swapped_worlds(lambda x: (x[:, 0] > 1) * 5.0, 2, 2_000, 4)
    found = distribution_indices(*worlds, "ab")
    np.testing.assert_allclose(found["total"], [1, 0], atol=0.06)
    np.testing.assert_allclose(found["first"], [1, 0], atol=0.06)


def test_a_group_that_changes_nothing_and_an_outcome_that_never_varies_have_no_shares():
    same = np.ones(50)
    assert (
        distribution_indices(same, same, [same], ["x"]).drop(columns="group").to_numpy().sum() == 0
    )
    rng = np.random.default_rng(1)
    one, other = rng.standard_normal((2, 50))
    assert (
        distribution_indices(one, other, [one], ["x"]).drop(columns="group").to_numpy().sum() == 0
    )
    assert kept_share(same, same) == (0, 0)
