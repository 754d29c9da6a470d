"""Synthetic controls that can be seen by eye, against a general solver, and their ranks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from opdanalysis.errors import UsageError
from opdanalysis.methods.synthetic_control import (
    placebo_ranks,
    simplex_weights,
    synthetic_control,
)


def test_a_unit_that_is_a_mixture_finds_it():
    donors = np.array([[1.0, 2, 3, 4, 5], [5.0, 3, 4, 1, 2], [0.0, 9, 0, 9, 0]])
    outcome = 0.25 * donors[0] + 0.75 * donors[1]
    outcome[3:] += 2
    found = synthetic_control(outcome, donors, 3)
    np.testing.assert_allclose(found.weights, [0.25, 0.75, 0], atol=1e-9)
    assert found.effect == pytest.approx(2)
    assert found.error_before == pytest.approx(0, abs=1e-9)


def test_a_unit_outside_the_range_of_its_donors_is_not_extrapolated():
    donors = np.array([[1.0, 1, 1], [2.0, 2, 2]])
    found = synthetic_control(np.array([5.0, 5, 5]), donors, 2)
    np.testing.assert_allclose(found.weights, [0, 1], atol=1e-12)
    assert found.effect == pytest.approx(3)


@given(st.integers(0, 2**32), st.integers(2, 8), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_no_other_weights_come_nearer(seed, rows, columns):
    rng = np.random.default_rng(seed)
    matrix, target = rng.normal(size=(rows, columns)), rng.normal(size=rows)
    weights = simplex_weights(matrix, target)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    peer = optimize.minimize(
        lambda w: ((matrix @ w - target) ** 2).sum(),
        np.full(columns, 1 / columns),
        bounds=[(0, 1)] * columns,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14},
    )
    assert ((matrix @ weights - target) ** 2).sum() <= peer.fun + 1e-7


def test_predictors_that_matter_are_given_importance():
    """The first predictor orders the units as their outcomes do; the second is out of reach."""
    rng = np.random.default_rng(1)
    size = np.linspace(0, 1, 8)
    outcomes = size[:, None] * np.arange(1, 11) + 0.01 * rng.normal(size=(8, 10))
    predictors = np.column_stack([size, rng.normal(size=8)])
    predictors[3, 1] = 5.0
    found = synthetic_control(outcomes[3], np.delete(outcomes, 3, 0), 6, predictors[3],
                              np.delete(predictors, 3, 0), starts=2, seed=0)  # fmt: skip
    assert found.importance[0] > 0.9
    assert found.weights @ np.delete(size, 3) == pytest.approx(size[3], abs=0.02)


def test_a_large_effect_ranks_first_of_all_units():
    rng = np.random.default_rng(2)
    panel = rng.normal(size=(10, 20)).cumsum(axis=1) * 0.2
    panel[0, 12:] += 20
    found = placebo_ranks(panel[0], panel[1:], 12)
    assert (found.rank, found.n_units) == (1, 10)
    assert found.pvalue == pytest.approx(0.1)


def test_gaps_and_short_pasts_are_refused():
    donors = np.ones((3, 5))
    with pytest.raises(UsageError, match="1 of 5 periods lie before the move"):
        synthetic_control(np.ones(5), donors, 1)
    with pytest.raises(UsageError, match="1 donors are too few"):
        synthetic_control(np.ones(5), donors[:1], 3)
    donors[1, 2] = np.nan
    with pytest.raises(UsageError, match="needs every period"):
        synthetic_control(np.ones(5), donors, 3)
