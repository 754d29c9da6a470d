"""The smoothness interval of Rambachan and Roth, by hand and against diff-diff."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.methods.honest_sensitivity import (
    Smoothness,
    breakdown,
    folded_quantile,
    smoothness_interval,
)


def problem(leads, lags, seed=0):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(leads + lags, leads + lags + 5))
    return root @ root.T / 10, rng.normal(size=leads + lags), np.full(lags, 1 / lags)


def test_one_lead_extends_the_line_through_it_and_the_base():
    """Lead -0.4, base 0, lag 1: a straight drift of 0.4 leaves 0.6; a bend of M shifts it by M."""
    smoothness = Smoothness(np.diag([0.04, 0.09]), np.ones(1))
    found = smoothness_interval(np.array([-0.4, 1.0]), smoothness, 0.1, 0.95)
    assert found.estimate == pytest.approx(0.6)
    assert found.std_error == pytest.approx(np.sqrt(0.13))
    assert found.worst_bias == pytest.approx(0.1)


def test_the_bias_bound_is_reached_by_the_worst_drift():
    """Any drift with bends of at most M stays within the bound, and one reaches it."""
    covariance, _, loads = problem(4, 3)
    smoothness = Smoothness(covariance, loads)
    bends = smoothness.shortest(0.3, 0.95)
    combination = smoothness.combination(bends)
    periods = np.r_[np.arange(-4, 0), np.arange(1, 4)]
    rng = np.random.default_rng(1)
    corners = np.array(np.meshgrid(*[[-0.3, 0.3]] * 6)).reshape(6, -1).T
    biases = []
    for bend in corners:
        drift = periods * rng.normal()
        for place, change in zip(range(-3, 3), bend, strict=True):
            kink = np.maximum(periods - place, 0) if place >= 0 else np.maximum(place - periods, 0)
            drift = drift + change * kink
        biases.append(combination @ drift)
    assert max(biases) == pytest.approx(smoothness.worst_bias(bends, 0.3))


@pytest.mark.parametrize(("leads", "lags"), [(2, 1), (3, 2), (4, 3)])
@pytest.mark.parametrize("bound", [0.0, 0.1, 1.0])
def test_intervals_agree_with_diff_diff(leads, lags, bound):
    """diff-diff 3.13 (MIT), whose smoothness interval follows the R package HonestDiD."""
    peer = pytest.importorskip("diff_diff.honest_did")
    covariance, estimates, loads = problem(leads, lags)
    found = smoothness_interval(estimates, Smoothness(covariance, loads), bound, 0.95)
    lower, upper = peer._compute_optimal_flci(
        estimates[:leads], estimates[leads:], covariance, loads, leads, lags, bound
    )
    assert found.upper - found.lower == pytest.approx(upper - lower, rel=1e-4)
    assert found.lower == pytest.approx(lower, abs=2e-3)
    assert found.upper - found.lower <= upper - lower + 1e-6


def test_more_freedom_of_drift_never_shortens_the_interval():
    covariance, estimates, loads = problem(5, 4, seed=3)
    smoothness = Smoothness(covariance, loads)
    found = [smoothness_interval(estimates, smoothness, m, 0.95) for m in (0, 0.02, 0.1, 0.5)]
    lengths = [interval.upper - interval.lower for interval in found]
    assert lengths == sorted(lengths)


def test_the_breakdown_value_is_where_zero_enters():
    smoothness = Smoothness(np.diag([0.01, 0.01]), np.ones(1))
    estimates = np.array([0.0, 1.0])

    def at(bound):
        return smoothness_interval(estimates, smoothness, bound, 0.95)

    value = breakdown(at, 10.0)
    assert at(value).lower >= 0 > at(value + 1e-5).lower
    assert breakdown(at, 0.1) == np.inf
    estimates[1] = 0.0
    assert breakdown(at, 10.0) == 0.0


@pytest.mark.parametrize("df", [np.inf, 5.0])
def test_the_folded_quantile_is_that_of_a_shifted_t(df):
    assert folded_quantile(0.0, 0.95, df) == pytest.approx(stats.t.ppf(0.975, df))
    assert folded_quantile(30.0, 0.95, df) == pytest.approx(30 + stats.t.ppf(0.95, df), rel=1e-6)
    draws = (
        stats.t.rvs(df, size=200_000, random_state=1)
        if df < 99
        else stats.norm.rvs(size=200_000, random_state=1)
    )
    assert (np.abs(draws + 1.3) <= folded_quantile(1.3, 0.9, df)).mean() == pytest.approx(
        0.9, abs=4 * np.sqrt(0.09 / 200_000)
    )


def test_a_drift_cannot_be_judged_without_a_lead():
    with pytest.raises(UsageError, match="needs at least one lead"):
        Smoothness(np.eye(2), np.full(2, 0.5))
