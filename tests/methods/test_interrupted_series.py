"""An interrupted series against statsmodels, and that its errors remember."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from opdanalysis.errors import UsageError
from opdanalysis.methods.interrupted_series import interrupted_series


def series(seed=1, periods=40, rho=0.6):
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=periods)
    for period in range(1, periods):
        drawn[period] += rho * drawn[period - 1]
    return drawn


def test_a_jump_and_a_bend_without_noise_are_found():
    time = np.arange(24.0)
    outcome = 2 + 0.5 * time + (time >= 10) * (3 - 0.2 * (time - 10))
    outcome = outcome + 1e-6 * series(periods=24)
    found = interrupted_series(outcome, 10)
    assert found.params["level"] == pytest.approx(3, abs=1e-4)
    assert found.params["slope"] == pytest.approx(-0.2, abs=1e-4)
    np.testing.assert_allclose(found.without, 2 + 0.5 * time, atol=1e-3)


def test_estimates_are_generalised_least_squares_of_statsmodels():
    outcome = series()
    found = interrupted_series(outcome, 20, harmonics=1)
    distance = np.abs(np.subtract.outer(np.arange(40), np.arange(40)))
    peer = sm.GLS(outcome, found.design.to_numpy(), sigma=found.rho ** distance.astype(float)).fit()
    np.testing.assert_allclose(found.params, peer.params, rtol=1e-8)
    np.testing.assert_allclose(found.bse, peer.bse, rtol=1e-8)


def test_rho_is_the_one_of_restricted_likelihood():
    """At the optimum the restricted likelihood, written with full matrices, is flat in rho."""
    outcome = series(seed=2)
    found = interrupted_series(outcome, 15)
    design = found.design.to_numpy()
    distance = np.abs(np.subtract.outer(np.arange(40), np.arange(40))).astype(float)

    def likelihood(rho):
        sigma = rho**distance / (1 - rho**2)
        inverse = np.linalg.inv(sigma)
        cross = design.T @ inverse @ design
        rest = outcome - design @ np.linalg.solve(cross, design.T @ inverse @ outcome)
        left = len(outcome) - design.shape[1]
        return -0.5 * (
            np.linalg.slogdet(sigma)[1]
            + np.linalg.slogdet(cross)[1]
            + left * np.log(rest @ inverse @ rest)
        )

    # Scaling of sigma does not matter: it cancels against the profiled variance.
    best = max(np.linspace(0.02, 0.97, 2000), key=likelihood)
    assert found.rho == pytest.approx(best, abs=2e-3)


def test_errors_that_remember_leave_fewer_degrees_of_freedom():
    still, lasting = series(seed=3, rho=0.0), series(seed=3, rho=0.9)
    assert interrupted_series(still, 20).df > 1.5 * interrupted_series(lasting, 20).df


def test_missing_months_are_bridged():
    outcome = series(seed=4)
    outcome[[7, 25]] = np.nan
    found = interrupted_series(outcome, 20)
    assert found.nobs == 38
    kept = ~np.isnan(outcome)
    place = np.arange(40)[kept]
    distance = np.abs(np.subtract.outer(place, place)).astype(float)
    sigma = np.sign(found.rho) ** distance * np.abs(found.rho) ** distance
    peer = sm.GLS(outcome[kept], found.design.to_numpy()[kept], sigma=sigma).fit()
    np.testing.assert_allclose(found.bse, peer.bse, rtol=1e-8)


def test_short_series_are_refused():
    with pytest.raises(UsageError, match="3 periods before and 37 after"):
        interrupted_series(series(), 3)
    with pytest.raises(UsageError, match="cannot bear 14 terms"):
        interrupted_series(series(periods=16), 8, harmonics=5)
