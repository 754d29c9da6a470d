"""Detectable effects against textbook power, and errors seen before a move against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower

from opdanalysis.errors import UsageError
from opdanalysis.methods.cluster_jackknife import cluster_jackknife
from opdanalysis.methods.detectable_effect import detectable_by_t, detectable_effect
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.error_process import ErrorProcess, ar1_correlation, error_process


def two_periods(movers, others):
    moved = np.r_[np.full(movers, 1), np.full(others, NEVER)]
    return Timing(moved, np.ones((movers + others, 2), dtype=bool))


def test_many_units_and_two_periods_are_a_t_test_of_changes():
    """statsmodels' power of a two-sample t test; a change has twice the variance of an outcome."""
    timing = two_periods(40, 40)
    clusters = np.arange(80)
    jackknife = cluster_jackknife(Estimator("two_way").overall, timing, clusters)
    found = detectable_effect(jackknife, ErrorProcess(1.0, 0.0, 80, 2), clusters, 0.0, 0.05, 0.8)
    textbook = np.sqrt(2) * TTestIndPower().solve_power(nobs1=40, alpha=0.05, power=0.8)
    assert found.by_t == pytest.approx(textbook, rel=0.02)
    assert found.sd == pytest.approx(np.sqrt(2 * 2 / 40))


def test_a_shared_building_makes_only_large_effects_visible():
    timing = two_periods(9, 30)
    clusters = np.r_[np.repeat([100, 101, 102], 3), np.arange(30)]
    jackknife = cluster_jackknife(Estimator("imputation").overall, timing, clusters)
    errors = ErrorProcess(2.0, 0.3, 39, 2)
    alone, shared = (
        detectable_effect(jackknife, errors, clusters, part, 0.05, 0.8) for part in (0.0, 0.5)
    )
    assert shared.by_t > 1.2 * alone.by_t
    # By hand: changes have variance 2 s2 (1 - rho); movers in threes share half of it.
    change = 2 * 4 * 0.7
    assert shared.sd == pytest.approx(np.sqrt(change * (1 + 2 * 0.5) / 9 + change / 30))


def test_the_rule_of_thumb_of_many_clusters():
    """With many degrees of freedom 80% power at 5% needs 1.960 + 0.842 errors."""
    assert detectable_by_t(1.0, 1e7, 0.05, 0.8) == pytest.approx(2.8016, abs=2e-3)


def test_a_design_without_an_error_has_no_detectable_effect():
    timing = two_periods(1, 5)
    jackknife = cluster_jackknife(Estimator("imputation").overall, timing, np.arange(6))
    found = detectable_effect(jackknife, ErrorProcess(1, 0, 6, 2), np.arange(6), 0, 0.05, 0.8)
    assert np.isnan(found.by_t)
    assert found.sd > 0


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_the_errors_are_seen_without_the_bias_of_a_short_past(rho):
    """Mean over 300 panels of 20 units and 12 months, within four of its standard errors."""
    rng = np.random.default_rng(1)
    root = np.linalg.cholesky(ar1_correlation(rho, 12))
    found = [
        error_process(2 * rng.normal(size=(20, 12)) @ root.T + rng.normal(size=(20, 1)))
        for _ in range(300)
    ]
    rhos, sds = np.array([e.rho for e in found]), np.array([e.sd for e in found])
    allowance = 0.02 if rho == 0 else 0.0  # rho is never negative
    assert abs(rhos.mean() - rho) < 4 * rhos.std() / np.sqrt(300) + allowance
    assert sds.mean() == pytest.approx(2, abs=0.06)


def test_a_short_past_is_refused():
    with pytest.raises(UsageError, match="5 units without gaps over 4 periods are too few"):
        error_process(np.ones((5, 4)))
