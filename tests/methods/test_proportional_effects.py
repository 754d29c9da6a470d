"""Counts and rates where units and periods multiply."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from opdanalysis.errors import UsageError
from opdanalysis.methods.proportional_effects import proportional_forecast


def test_the_forecast_is_that_of_a_poisson_regression_with_dummies():
    """statsmodels GLM, Poisson, on the cells of the mask; forecasts for all cells."""
    rng = np.random.default_rng(2)
    mask = np.ones((5, 8), dtype=bool)
    mask[0, 5:] = mask[1, 3:] = mask[3, 2] = False
    outcome = rng.poisson(np.outer([3, 8, 5, 20, 9], np.linspace(1, 3, 8))).astype(float)
    unit, time = np.indices(mask.shape)
    design = np.column_stack([np.eye(5)[unit.ravel()], np.eye(8)[time.ravel()][:, 1:]])
    fit = sm.GLM(
        outcome[mask], design[mask.ravel()], family=sm.families.Poisson()
    ).fit(tol=1e-12, maxiter=200)  # fmt: skip
    ours = proportional_forecast(outcome, mask)
    np.testing.assert_allclose(ours.ravel(), fit.predict(design), rtol=1e-6)


def test_products_are_found_again_and_unknown_units_are_not_guessed():
    truth = np.outer([1.0, 4.0, 2.5], [2.0, 3.0, 5.0, 7.0])
    mask = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=bool)
    found = proportional_forecast(truth, mask)
    np.testing.assert_allclose(found[:2], truth[:2])
    assert np.isnan(found[2]).all()


def test_outcomes_below_zero_are_refused():
    with pytest.raises(UsageError, match="the outcome is below zero in places"):
        proportional_forecast(np.array([[1.0, -1.0], [1.0, 2.0]]), np.ones((2, 2), dtype=bool))
