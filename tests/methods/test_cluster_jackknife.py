"""The jackknife of a linear estimate against statsmodels, and its degrees of freedom."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from opdanalysis.methods.cluster_jackknife import cluster_jackknife
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.did_weights import equal_parts
from opdanalysis.methods.simultaneous_band import band_factor


def mean_of_all(timing: Timing) -> np.ndarray:
    return equal_parts(timing.usable[None])


def staggered(seed=1, units=12, periods=8):
    moved = np.full(units, NEVER)
    moved[:5] = [3, 3, 4, 5, 6]
    return (
        Timing(moved, np.ones((units, periods), dtype=bool)),
        np.random.default_rng(seed).normal(size=(units, periods)).cumsum(axis=1),
    )


def test_the_error_of_a_mean_is_the_textbook_one():
    """For a mean of n numbers the jackknife is s / sqrt(n), with n - 1 degrees of freedom."""
    rng = np.random.default_rng(2)
    outcome = rng.normal(size=(9, 1))
    timing = Timing(np.full(9, NEVER), np.ones((9, 1), dtype=bool))
    found = cluster_jackknife(mean_of_all, timing, np.arange(9))
    assert found.errors(outcome)[0] == pytest.approx(outcome.std(ddof=1) / 3)
    assert found.df[0] == pytest.approx(8)


def test_two_means_have_the_degrees_of_freedom_of_satterthwaite():
    """Difference of means of 2 and 20 units: under equal variances the df of Welch's formula.

    Satterthwaite (1946): (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1)) with v = 1 / n. The
    jackknife divides by (n - 1)^2 instead of n (n - 1) in each group, which v has to follow.
    """
    few, many = 2, 20
    moved = np.r_[np.full(few, 1), np.full(many, NEVER)]
    timing = Timing(moved, np.ones((few + many, 2), dtype=bool))
    found = cluster_jackknife(Estimator("two_way").overall, timing, np.arange(few + many))
    v1, v2 = 1 / (few - 1), 1 / (many - 1)
    welch = (v1 + v2) ** 2 / (v1**2 / (few - 1) + v2**2 / (many - 1))
    assert found.df[0] == pytest.approx(welch)


def test_two_way_error_is_the_cluster_jackknife_of_statsmodels():
    """statsmodels 0.15, cov_type "cluster-jk", on outcomes less unit means with month dummies.

    It measures the estimates without a cluster from their mean, ours from the estimate with all.
    """
    timing, outcome = staggered()
    units, periods = outcome.shape
    clusters = np.repeat(np.arange(6), 2)
    found = cluster_jackknife(Estimator("two_way").overall, timing, clusters)
    less = [block - block.mean(axis=1, keepdims=True) for block in (outcome, timing.treated * 1.0)]
    months = np.tile(np.eye(periods) - 1 / periods, (units, 1))[:, 1:]
    design = np.column_stack([less[1].ravel(), months])
    try:
        peer = sm.OLS(less[0].ravel(), design).fit(
            cov_type="cluster-jk", cov_kwds={"groups": np.repeat(clusters, periods)}
        )
    except ValueError:
        pytest.skip("this statsmodels has no cluster jackknife")
    assert found.estimates(outcome)[0] == pytest.approx(peer.params[0], rel=1e-9)
    about_mean = np.sqrt(found.factor * 6 * found.deviations(outcome)[0].var())
    assert about_mean == pytest.approx(peer.bse[0], rel=1e-9)
    assert found.errors(outcome)[0] >= about_mean


def test_scaling_the_outcome_scales_the_error_and_relabelling_changes_nothing():
    timing, outcome = staggered()
    estimator = Estimator("callaway_santanna", "not_yet")
    found = cluster_jackknife(estimator.overall, timing, np.arange(12))
    order = np.random.default_rng(3).permutation(12)
    mixed = Timing(timing.moved[order], timing.usable)
    again = cluster_jackknife(estimator.overall, mixed, np.arange(12))
    assert again.errors(-3 * outcome[order])[0] == pytest.approx(3 * found.errors(outcome)[0])
    assert again.df[0] == pytest.approx(found.df[0])


def test_an_estimate_that_hangs_on_one_cluster_has_no_error():
    timing, outcome = staggered()
    clusters = np.where(timing.moved < NEVER, 99, np.arange(12))
    found = cluster_jackknife(Estimator("imputation").overall, timing, clusters)
    assert np.isfinite(found.estimates(outcome)).all()
    assert np.isnan(found.errors(outcome)).all()
    assert np.isnan(found.df).all()


def test_combined_estimates_have_the_error_of_the_combination():
    timing, outcome = staggered()
    estimator = Estimator("imputation")
    found = cluster_jackknife(lambda t: estimator.by_event(t, [0, 1]), timing, np.arange(12))
    loads = np.array([[0.5, 0.5]])
    expected = np.sqrt(loads[0] @ found.covariance(outcome) @ loads[0])
    assert found.combined(loads).errors(outcome)[0] == pytest.approx(expected)


def test_a_band_over_independent_estimates_is_that_of_sidak():
    """With k independent normal estimates the factor is z((1 + 0.95^(1/k)) / 2) / z(0.975)."""
    found = band_factor(np.eye(4), 1.0, np.full(4, 1e9), 0.95, 200_000, 1)
    sidak = stats.norm.ppf((1 + 0.95**0.25) / 2) / stats.norm.ppf(0.975)
    assert found == pytest.approx(sidak, abs=0.01)


def test_a_band_over_one_and_the_same_estimate_is_its_interval():
    found = band_factor(np.ones((3, 5)), 0.8, np.full(3, 4.0), 0.95, 200_000, 2)
    assert found == pytest.approx(1.0, abs=0.02)
