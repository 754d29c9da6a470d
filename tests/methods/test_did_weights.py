"""Every estimator as weights: worked by hand, held against each other, and what always holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_pretrend import pretrend_slope
from opdanalysis.methods.did_timing import NEVER, Timing

ALL = {
    "imputation": Estimator("imputation"),
    "not_yet": Estimator("callaway_santanna", "not_yet"),
    "never": Estimator("callaway_santanna", "never"),
    "sun_abraham": Estimator("sun_abraham"),
    "two_way": Estimator("two_way"),
}
ROBUST = [name for name in ALL if name != "two_way"]


def timing(moved, periods, anticipation=0):
    moved = np.array([NEVER if date is None else date for date in moved])
    return Timing(moved, np.ones((len(moved), periods), dtype=bool), anticipation)


@st.composite
def panels(draw, gaps=False):
    """Staggered moves with three units that stay, and outcomes."""
    periods = draw(st.integers(5, 8))
    dates = draw(st.lists(st.integers(2, periods - 1), min_size=2, max_size=5))
    moved = np.array([*dates, NEVER, NEVER, NEVER])
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    usable = np.ones((len(moved), periods), dtype=bool)
    if gaps:
        usable = rng.random(usable.shape) > 0.1
        usable[-1] = True
    return Timing(moved, usable), rng.normal(size=usable.shape)


@pytest.mark.parametrize("name", ALL)
def test_two_units_and_two_periods_give_the_difference_of_differences(name):
    """The mover goes from 3 to 8, the other from 2 to 4: the effect is (8 - 3) - (4 - 2) = 3."""
    weights = ALL[name].overall(timing([1, None], 2))
    np.testing.assert_allclose(weights[0], [[-1, 1], [1, -1]], atol=1e-12)
    assert (weights[0] * np.array([[3, 8], [2, 4]])).sum() == pytest.approx(3)


def test_imputation_by_hand():
    """One mover in the last of three periods: its past and the change of the other forecast it.

    Outcomes of the mover 1, 3, 9 and of the other 2, 2, 5: unit effects from periods 1 and 2 only
    differ by nothing (means 2 and 2), so the forecast is 5 and the effect 4.
    """
    weights = ALL["imputation"].overall(timing([2, None], 3))[0]
    np.testing.assert_allclose(weights, [[-0.5, -0.5, 1], [0.5, 0.5, -1]], atol=1e-12)
    assert (weights * np.array([[1, 3, 9], [2, 2, 5]])).sum() == pytest.approx(4)


def test_callaway_santanna_uses_one_month_where_imputation_uses_all():
    weights = ALL["not_yet"].overall(timing([2, None], 3))[0]
    np.testing.assert_allclose(weights, [[0, -1, 1], [0, 1, -1]], atol=1e-12)


def test_controls_that_move_later_count_only_until_they_do():
    """Unit 2 moves in period 2: it is a control of unit 1 in period 1 and no longer in period 2."""
    early = timing([1, 2, None], 3)
    not_yet = ALL["not_yet"].by_event(early, [0, 1])
    np.testing.assert_allclose(not_yet[1], [[-1, 0, 1], [0, 0, 0], [1, 0, -1]], atol=1e-12)
    by_cohort = ALL["not_yet"].by_cohort(early, [1])[0]
    np.testing.assert_allclose(by_cohort[1], [0.25, -0.25, 0], atol=1e-12)


@given(panels())
@settings(max_examples=40, deadline=None)
def test_weights_sum_to_one_over_moved_cells_and_to_zero_over_units_and_periods(panel):
    moves, _ = panel
    for name in ALL:
        weights = ALL[name].overall(moves)[0]
        assert weights[moves.treated].sum() == pytest.approx(1)
        np.testing.assert_allclose(weights.sum(axis=0), 0, atol=1e-9)
        np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-9)
        if name != "two_way":
            assert weights[moves.treated].min() > -1e-12


@given(panels(gaps=True))
@settings(max_examples=40, deadline=None)
def test_effects_of_units_and_months_change_no_estimate_even_with_gaps(panel):
    moves, outcome = panel
    rng = np.random.default_rng(1)
    shifted = outcome + rng.normal(size=(len(outcome), 1)) + rng.normal(size=outcome.shape[1])
    for name in ("imputation", "not_yet", "two_way"):
        weights = ALL[name].overall(moves)[0]
        if np.isnan(weights).any():
            continue
        assert (weights[~moves.usable] == 0).all()
        assert (weights * shifted).sum() == pytest.approx((weights * outcome).sum(), abs=1e-8)


@given(panels(gaps=True))
@settings(max_examples=25, deadline=None)
def test_imputation_is_least_squares_on_untreated_cells(panel):
    """The definition: fit unit and period dummies where nobody moved, forecast, and average."""
    moves, outcome = panel
    n_units, n_periods = outcome.shape
    dummies = np.concatenate(
        [
            np.repeat(np.eye(n_units), n_periods, axis=0),
            np.tile(np.eye(n_periods), (n_units, 1)),
        ],
        axis=1,
    )
    untreated = moves.untreated.ravel()
    fitted = np.linalg.lstsq(dummies[untreated], outcome.ravel()[untreated], rcond=None)[0]
    gap = (outcome.ravel() - dummies @ fitted).reshape(outcome.shape)
    cells = ALL["imputation"].identified(moves)
    if cells.any():
        found = (ALL["imputation"].overall(moves)[0] * outcome).sum()
        assert found == pytest.approx(gap[cells].mean(), abs=1e-8)


def test_a_unit_without_a_past_has_no_forecast():
    moves = timing([0, 2, None], 4)
    identified = ALL["imputation"].identified(moves)
    assert identified.tolist() == [[False] * 4, [False, False, True, True], [False] * 4]


def test_nobody_is_left_to_compare_with_once_the_last_has_moved():
    """Three units, in periods 1, 2 and 3 of 5: only 3 of 9 cells have a comparison."""
    moves = timing([1, 2, 3], 5)
    for name in ("imputation", "not_yet", "sun_abraham"):
        assert ALL[name].share_identified(moves) == pytest.approx(3 / 9)
    assert ALL["never"].share_identified(moves) == 0
    assert np.isnan(ALL["never"].overall(moves)).all()


@given(panels())
@settings(max_examples=25, deadline=None)
def test_sun_abraham_is_callaway_santanna_against_those_who_never_move(panel):
    """Sun and Abraham (2021), section 4: the saturated regression gives differences of means."""
    moves, _ = panel
    np.testing.assert_allclose(
        ALL["sun_abraham"].overall(moves), ALL["never"].overall(moves), atol=1e-9
    )
    events = range(-3, 3)
    np.testing.assert_allclose(
        ALL["sun_abraham"].by_event(moves, events), ALL["never"].by_event(moves, events), atol=1e-9
    )


def test_with_one_cohort_imputation_is_two_way_fixed_effects():
    moves = timing([3, 3, None, None, None], 7)
    np.testing.assert_allclose(
        ALL["imputation"].overall(moves), ALL["two_way"].overall(moves), atol=1e-12
    )


def test_two_way_weights_are_negative_where_all_move():
    """The trap: early movers serve as controls after their own move."""
    moves = timing([1, 4], 6)
    weights = ALL["two_way"].overall(moves)[0]
    assert weights[moves.treated].min() < 0


def test_anticipation_leaves_the_months_of_packing_out():
    moves = timing([3, None], 5, anticipation=1)
    weights = ALL["imputation"].overall(moves)[0]
    np.testing.assert_allclose(weights[0], [-0.5, -0.5, 0, 0.5, 0.5], atol=1e-12)


def test_a_straight_drift_fools_imputation_unless_units_have_trends():
    moves = timing([4, 4, None, None], 8)
    drift = np.zeros((4, 8))
    drift[:2] = 0.5 * np.arange(8)
    assert (ALL["imputation"].overall(moves)[0] * drift).sum() == pytest.approx(0.5 * 4)
    trends = Estimator("imputation", trends=True)
    assert (trends.overall(moves)[0] * drift).sum() == pytest.approx(0, abs=1e-9)
    assert (pretrend_slope(moves, np.eye(8))[0] * drift).sum() == pytest.approx(0.5)


def test_a_slope_cannot_be_told_where_everyone_moves():
    assert np.isnan(pretrend_slope(timing([2, 3, 4], 6), np.eye(6))).all()


def test_leads_of_the_imputation_are_against_the_months_before_them():
    moves = timing([4, None], 6)
    weights = ALL["imputation"].by_event(moves, [-2, -1, 0])
    np.testing.assert_allclose(weights[0][0], [-0.5, -0.5, 1, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(weights[2][0], [-0.25] * 4 + [1, 0], atol=1e-12)


def test_unknown_estimators_and_trends_that_do_not_fit_are_refused():
    with pytest.raises(UsageError) as caught:
        Estimator("imputaton")
    assert str(caught.value) == "there is no estimator 'imputaton'. Did you mean 'imputation'?"
    with pytest.raises(UsageError, match="trends per unit go with the estimator 'imputation'"):
        Estimator("two_way", trends=True)
