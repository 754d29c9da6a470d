"""Distributions agree with scipy.stats, which knows them under other names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from opdanalysis.parameters.distribution import Distribution

U = np.linspace(0.001, 0.999, 999)
three_in_order = st.lists(
    st.floats(0.1, 1e9, allow_nan=False), min_size=3, max_size=3, unique=True
).map(sorted)


@settings(deadline=None)
@given(three=three_in_order)
def test_pert_is_a_scaled_beta_with_weight_four(three):
    """Malcolm, Roseboom, Clark and Fazar 1959: shapes 1 + 4 (mode - low) / width and its mirror."""
    low, mode, high = three
    width = high - low
    beta = stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, width)
    ours = Distribution("pert", low=low, mode=mode, high=high)
    np.testing.assert_allclose(ours.quantile(U, np.nan), beta.ppf(U), rtol=1e-6)


def test_pert_has_the_mean_that_its_authors_chose():
    """(low + 4 mode + high) / 6, Malcolm and others 1959."""
    drawn = Distribution("pert", low=65, mode=110, high=150).quantile(midpoints(20_000), np.nan)
    assert drawn.mean() == pytest.approx((65 + 4 * 110 + 150) / 6, rel=1e-6)


@settings(deadline=None)
@given(three=three_in_order)
def test_triangular_is_that_of_scipy(three):
    low, mode, high = three
    width = high - low
    triangle = stats.triang((mode - low) / width, low, width)
    ours = Distribution("triangular", low=low, mode=mode, high=high)
    np.testing.assert_allclose(ours.quantile(U, np.nan), triangle.ppf(U), rtol=1e-6)


@settings(deadline=None)
@given(three=three_in_order)
def test_uniform_is_that_of_scipy(three):
    low, _, high = three
    ours = Distribution("uniform", low=low, high=high).quantile(U, np.nan)
    np.testing.assert_allclose(ours, stats.uniform(low, high - low).ppf(U), rtol=1e-9)


@settings(deadline=None)
@given(three=three_in_order)
def test_quantiles_are_log_normal_on_each_side_of_the_median(three):
    """Below the median the log-normal through p05 and p50, above it the one through p50 and p95."""
    p05, p50, p95 = three
    ours = Distribution("quantiles", p05=p05, p50=p50, p95=p95).quantile(U, np.nan)
    z95 = stats.norm.ppf(0.95)
    below = stats.lognorm(np.log(p50 / p05) / z95, scale=p50).ppf(U)
    above = stats.lognorm(np.log(p95 / p50) / z95, scale=p50).ppf(U)
    np.testing.assert_allclose(ours, np.where(U < 0.5, below, above), rtol=1e-9)


@settings(deadline=None)
@given(three=three_in_order)
def test_quantiles_pass_through_their_three_points(three):
    p05, p50, p95 = three
    belief = Distribution("quantiles", p05=p05, p50=p50, p95=p95)
    found = belief.quantile(np.array([0.05, 0.5, 0.95]), np.nan)
    np.testing.assert_allclose(found, three, rtol=1e-9)
    assert belief.interval(np.nan) == pytest.approx((p05, p95))


@pytest.mark.parametrize(
    "belief",
    [
        Distribution("pert", low=0, mode=0, high=2),
        Distribution("pert", low=1, mode=2, high=2),
        Distribution("triangular", low=0, mode=0, high=2),
        Distribution("triangular", low=1, mode=2, high=2),
    ],
)
def test_a_mode_may_lie_at_an_end(belief):
    drawn = belief.quantile(U, np.nan)
    assert np.isfinite(drawn).all()
    assert (np.diff(drawn) > 0).all()
    assert belief.low <= drawn.min()
    assert drawn.max() <= belief.high


@pytest.mark.parametrize("kind", ["uniform", "triangular", "pert"])
def test_a_range_without_width_is_one_number(kind):
    numbers = dict.fromkeys(Distribution.FIELDS[kind], 7.0)
    np.testing.assert_array_equal(Distribution(kind, **numbers).quantile(U, np.nan), 7)


def test_a_fixed_number_is_the_value():
    np.testing.assert_array_equal(Distribution("fixed").quantile(U, 4.2), 4.2)
    assert Distribution("fixed").interval(4.2) == (4.2, 4.2)


@pytest.mark.parametrize(
    "belief",
    [
        Distribution("uniform", low=1, high=2),
        Distribution("triangular", low=1, mode=1.2, high=2),
        Distribution("pert", low=1, mode=1.2, high=2),
        Distribution("quantiles", p05=1, p50=1.2, p95=2),
    ],
    ids=lambda belief: belief.kind,
)
def test_a_scaled_belief_is_the_same_belief_about_a_multiple(belief):
    scaled = belief.scaled(1.25).quantile(U, np.nan)
    np.testing.assert_allclose(scaled, 1.25 * belief.quantile(U, np.nan), rtol=1e-12)


@pytest.mark.parametrize(
    ("kind", "numbers", "message"),
    [
        (
            "normal",
            {},
            "distribution kind 'normal' is not known; "
            "allowed: fixed, pert, quantiles, triangular, uniform",
        ),
        ("pert", {"low": 1, "high": 2}, "a pert distribution needs low, mode, high"),
        ("uniform", {"low": 1, "high": np.inf}, "a uniform distribution needs low, high"),
        ("uniform", {"low": 2, "high": 1}, "low, high are not in rising order"),
        ("pert", {"low": 1, "mode": 3, "high": 2}, "low, mode, high are not in rising order"),
        (
            "quantiles",
            {"p05": 0, "p50": 1, "p95": 2},
            "p05 must be above 0, for the distribution is log-normal",
        ),
    ],
)
def test_an_impossible_distribution_is_refused_in_words(kind, numbers, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Distribution(kind, **numbers)


def midpoints(draws: int) -> np.ndarray:
    """The middle of each of many equal strata."""
    return (np.arange(draws) + 0.5) / draws
