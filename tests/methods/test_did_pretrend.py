"""The slope before the move: what it measures, and that its weights are the best there are."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from opdanalysis.methods.did_pretrend import pretrend_slope
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.error_process import ar1_correlation


def timing(dates, periods, gaps=()):
    moved = np.array([NEVER if date is None else date for date in dates])
    usable = np.ones((len(dates), periods), dtype=bool)
    for cell in gaps:
        usable[cell] = False
    return Timing(moved, usable)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_the_slope_is_that_of_generalised_least_squares(rho):
    """statsmodels GLS with dummies for units and periods, with gaps and moves in two months."""
    moves = timing([5, 7, None, None, None], 9, gaps=((0, 1), (3, 4)))
    correlation = ar1_correlation(rho, 9)
    weights = pretrend_slope(moves, correlation)[0]
    unit, time = np.nonzero(moves.untreated)
    outcome = np.random.default_rng(1).normal(size=(5, 9))
    design = np.column_stack(
        [np.eye(5)[unit], np.eye(9)[time][:, 1:], time * (moves.moved[unit] < NEVER)]
    )
    alike = correlation[np.ix_(time, time)] * (unit[:, None] == unit)
    fit = sm.GLS(outcome[unit, time], design, sigma=alike).fit()
    assert (weights * outcome).sum() == pytest.approx(fit.params[-1])


def test_effects_of_units_and_periods_and_what_comes_after_the_move_do_not_count():
    moves = timing([5, 7, None, None, None], 9)
    weights = pretrend_slope(moves, ar1_correlation(0.5, 9))[0]
    np.testing.assert_allclose(weights.sum(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-10)
    assert not weights[~moves.untreated].any()


def test_no_weights_are_better_where_neighbouring_months_are_alike():
    """Gauss-Markov: least squares has the larger variance under the AR(1)."""
    moves = timing([12] * 4 + [None] * 8, 20)
    correlation = ar1_correlation(0.6, 20)

    def variance(weights):
        return np.einsum("nt,ts,ns->", weights, correlation, weights)

    best = variance(pretrend_slope(moves, correlation)[0])
    plain = variance(pretrend_slope(moves, np.eye(20))[0])
    assert 0.8 * plain < best < plain
