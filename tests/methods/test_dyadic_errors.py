"""Jackknife, fixed effects and dyad-robust errors against loops that follow their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from opdanalysis.methods.dyadic_errors import (
    agency_dummies,
    agency_fixed_effects,
    dyad_robust_errors,
    jackknife_errors,
    least_squares,
    least_squares_jackknife,
)
from opdanalysis.methods.dyadic_pairs import dyads_of


def pairs(directed=True, seed=1, n=12):
    rng = np.random.default_rng(seed)
    y, near, far = rng.normal(size=(3, n, n))
    y = y + rng.normal(size=n) + rng.normal(size=(n, 1)) + 0.5 * near
    y[3, 4] = np.nan
    size = rng.normal(size=n)
    predictors = {"near": near, "far": far, "size": size[:, None] + size}
    if not directed:
        y = y + y.T
        predictors |= {"near": near + near.T, "far": far + far.T}
    return dyads_of(y, predictors, directed)


@pytest.mark.parametrize("directed", [True, False])
def test_jackknife_follows_its_definition(directed):
    dyads = pairs(directed)
    estimates = []
    for agency in range(12):
        kept = (dyads.sender != agency) & (dyads.receiver != agency)
        estimates.append(sm.OLS(dyads.outcome[kept], dyads.design[kept]).fit().params)
    spread = np.array(estimates) - np.mean(estimates, axis=0)
    by_hand = np.sqrt(10 / 12 * (spread**2).sum(axis=0))
    np.testing.assert_allclose(least_squares_jackknife(dyads), by_hand, rtol=1e-10)


def test_the_variance_of_a_mean_of_independent_pairs_is_doubled():
    """The factor (n - 2) / n doubles what is right for independent pairs; see the docstring."""
    rng = np.random.default_rng(2)
    n = 12
    cells = np.tri(n, k=-1, dtype=bool)
    variances = []
    for _ in range(3000):
        y = np.where(cells, rng.normal(size=(n, n)), 0)
        y = y + y.T
        means = [
            (y.sum() - 2 * y[g].sum()) / ((n - 1) * (n - 2))  # of the pairs without g
            for g in range(n)
        ]
        variances.append(jackknife_errors(np.array(means)[:, None])[0] ** 2)
    true = 2 / (n * (n - 1))
    error = np.std(variances) / np.sqrt(len(variances))
    assert abs(np.mean(variances) - 2 * true) < 4 * error


def test_a_coefficient_that_hangs_on_one_agency_has_no_jackknife_error():
    rng = np.random.default_rng(3)
    only = np.zeros((8, 8))
    only[5] = 1  # pairs sent by one agency
    dyads = dyads_of(rng.normal(size=(8, 8)), {"only": only, "x": rng.normal(size=(8, 8))})
    errors = least_squares_jackknife(dyads)
    assert np.isnan(errors).tolist() == [False, True, False]


@pytest.mark.parametrize("directed", [True, False])
def test_dyad_robust_errors_follow_their_definition(directed):
    """Sum over all pairs of pairs that share an agency (Aronow, Samii and Assenova 2015)."""
    dyads = pairs(directed)
    design = dyads.design
    scores = design * sm.OLS(dyads.outcome, design).fit().resid[:, None]
    meat = np.zeros((4, 4))
    members = [{i, j} for i, j in zip(dyads.sender, dyads.receiver, strict=True)]
    for d, one in enumerate(members):
        for e, other in enumerate(members):
            if one & other:
                meat += np.outer(scores[d], scores[e])
    bread = np.linalg.inv(design.T @ design)
    by_hand = np.diag(bread @ meat @ bread)
    assert (by_hand > 0).all()
    np.testing.assert_allclose(dyad_robust_errors(dyads), np.sqrt(by_hand), rtol=1e-9)


@pytest.mark.parametrize("directed", [True, False])
def test_fixed_effects_equal_dummies_in_statsmodels_and_say_what_they_take_up(directed):
    dyads = pairs(directed)
    result = agency_fixed_effects(dyads)
    dummies = agency_dummies(dyads)
    if directed:
        dummies = dummies[:, :-1]
    fit = sm.OLS(dyads.outcome, np.hstack([dyads.predictors[:, :2], dummies])).fit(cov_type="HC1")
    np.testing.assert_allclose(result["coef"].iloc[:2], fit.params[:2], rtol=1e-9)
    np.testing.assert_allclose(result["se"].iloc[:2], fit.bse[:2], rtol=1e-9)
    assert result.loc["size"].isna().all()


def test_least_squares_says_which_coefficients_are_not_determined():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(30, 2))
    y = rng.normal(size=30)
    design = np.column_stack([np.ones(30), x, x[:, 0] * 2])
    found = least_squares(design, y)
    assert np.isnan(found).tolist() == [False, True, False, True]
    expected = np.linalg.lstsq(design[:, :3], y, rcond=None)[0]
    np.testing.assert_allclose(found[[0, 2]], expected[[0, 2]], rtol=1e-10)
