"""Poisson pseudo-likelihood for pairs against statsmodels, and the cases that have no answer."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.methods.dyadic_counts import poisson_dyads
from opdanalysis.methods.dyadic_errors import agency_dummies, jackknife_errors


def counts(directed=True, seed=1, n=12):
    rng = np.random.default_rng(seed)
    near = rng.normal(size=(n, n))
    same = (rng.integers(0, 3, n)[:, None] == rng.integers(0, 3, n)) * 1.0
    if not directed:
        near, same = near + near.T, np.maximum(same, same.T)
    mean = np.exp(0.5 + rng.normal(size=n) / 2 + rng.normal(size=(n, 1)) / 2 + 0.4 * near)
    y = rng.poisson(mean).astype(float)
    if not directed:
        y = np.tril(y) + np.tril(y).T
    y[2, 7] = y[7, 2] = np.nan
    return y, {"near": near, "same": same}


def by_statsmodels(dyads, kept, effects):
    y, x = dyads.outcome[kept], dyads.predictors[kept]
    others = agency_dummies(dyads)[kept] if effects else np.ones((len(y), 1))
    others = others[:, others.any(axis=0)]
    if effects and dyads.directed:
        others = others[:, :-1]
    model = sm.GLM(y, np.hstack([x, others]), family=sm.families.Poisson())
    return model.fit(tol=1e-13, maxiter=200)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("effects", [True, False])
def test_coefficients_and_deviance_equal_statsmodels(directed, effects):
    y, predictors = counts(directed)
    result = poisson_dyads(y, predictors, directed, effects)
    fit = by_statsmodels(result.dyads, np.ones(len(result.dyads.outcome), bool), effects)
    np.testing.assert_allclose(result.params[["near", "same"]], fit.params[:2], rtol=1e-8)
    assert result.deviance == pytest.approx(fit.deviance, rel=1e-9)
    if not effects:
        assert result.params["Intercept"] == pytest.approx(fit.params[2], rel=1e-8)


@pytest.mark.parametrize("directed", [True, False])
def test_jackknife_errors_equal_refits_in_statsmodels(directed):
    y, predictors = counts(directed)
    result = poisson_dyads(y, predictors, directed)
    d = result.dyads
    estimates = [by_statsmodels(d, d.without(g), True).params[:2] for g in range(12)]
    by_hand = jackknife_errors(np.array(estimates))
    np.testing.assert_allclose(result.bse, by_hand, rtol=1e-6)
    np.testing.assert_allclose(result.tvalues, result.params / by_hand, rtol=1e-6)
    limits = result.conf_int()
    assert (limits["lower"] < result.params).all()
    np.testing.assert_allclose(
        result.pvalues, 2 * stats.t.sf(np.abs(result.params / by_hand), 11), rtol=1e-5
    )


def test_an_agency_without_any_contact_is_left_out_and_named():
    y, predictors = counts()
    y[4] = 0
    result = poisson_dyads(y, predictors)
    assert result.left_out == ("5",)
    assert 4 not in result.dyads.sender
    assert 4 in result.dyads.receiver
    assert "Without any count and left out: 5." in str(result.summary())
    without = poisson_dyads(np.where(np.arange(12)[:, None] == 4, np.nan, y), predictors)
    np.testing.assert_allclose(result.params, without.params, rtol=1e-9)


def test_agencies_that_fall_silent_one_after_the_other_are_all_left_out():
    y, predictors = counts(directed=False)
    y[4] = y[:, 4] = 0
    y[5] = y[:, 5] = 0
    y[4, 5] = y[5, 4] = 3  # each other's only contact
    y[6] = y[:, 6] = 0
    result = poisson_dyads(y, predictors, directed=False)
    assert result.left_out == ("7",)


def test_scaling_the_counts_changes_no_coefficient():
    y, predictors = counts()
    one, other = poisson_dyads(y, predictors), poisson_dyads(y * 0.25, predictors)
    np.testing.assert_allclose(one.params, other.params, rtol=1e-8)


def test_what_has_no_answer_is_refused_in_words():
    y, predictors = counts()

    def words(y=y, predictors=predictors, **settings):
        with pytest.raises(UsageError) as error:
            poisson_dyads(y, predictors, **settings)
        return str(error.value)

    assert words(y - 1) == "the outcome has a negative count, -1"
    sender = np.arange(12.0)[:, None] + np.zeros(12)
    assert words(predictors=predictors | {"sender": sender}) == (
        "the effects of the agencies leave nothing of predictor 'sender': it is the same for all "
        "pairs of an agency. Leave it out or set effects=False."
    )
    near = predictors["near"]
    assert words(predictors={"near": near, "shifted": near + sender}) == (
        "beside the effects of the agencies the predictors 'near', 'shifted' are collinear. "
        "Leave one of them out or set effects=False."
    )
    none = predictors["same"] * 0
    none[:6, 6:] = np.arange(6) % 2
    assert words(np.where(none == 1, 0, y + 1), {"none": none}, effects=False) == (
        "the Poisson fit does not settle: a predictor separates pairs without contact from the "
        "others, so that no finite coefficient is best. Leave that predictor out or merge its "
        "categories."
    )
