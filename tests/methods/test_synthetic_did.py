"""Synthetic difference-in-differences: identities, the paper's penalty, placebos and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from opdanalysis.errors import UsageError
from opdanalysis.evidence.synthetic_panel import World, draw_outcomes
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.did_weights import two_way_weights
from opdanalysis.methods.synthetic_did import (
    penalised_weights,
    placebo_effects,
    synthetic_did,
    weighted_difference,
)


def outcomes(seed, moved=3, stayed=12, periods=14):
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(moved + stayed, periods)).cumsum(axis=1)
    return walk[:moved], walk[moved:]


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_with_uniform_weights_it_is_two_way_difference_in_differences(seed):
    moved, stayed = outcomes(seed)
    timing = Timing(np.repeat([8, NEVER], [3, 12]), np.ones((15, 14), dtype=bool))
    two_way = (two_way_weights(timing)[0] * np.vstack([moved, stayed])).sum()
    ours = weighted_difference(moved, stayed, np.full(12, 1 / 12), np.full(8, 1 / 8))
    assert ours == pytest.approx(two_way)


@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-100, 100))
@settings(max_examples=15, deadline=None)
def test_levels_of_units_change_nothing_and_the_unit_of_the_outcome_scales(seed, scale, level):
    moved, stayed = outcomes(seed)
    effect = synthetic_did(moved, stayed, 8).effect
    unit = level * np.cos(np.arange(12))[:, None]
    shifted = synthetic_did(scale * (moved - level), scale * (stayed + unit), 8)
    assert shifted.effect == pytest.approx(scale * effect, rel=1e-5, abs=1e-5 * scale)


def test_weights_are_not_negative_and_sum_to_one():
    found = synthetic_did(*outcomes(3), 8)
    for weights in (found.unit_weights, found.time_weights):
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1)


def test_weights_solve_the_problem_of_the_paper():
    """Arkhangelsky and others (2021), equations 4 and 6, solved anew by sequential programming."""
    _, stayed = outcomes(5)
    target, penalty = stayed[0, :8], 0.7
    columns = stayed[1:, :8].T
    ours = penalised_weights(columns, target, penalty)

    def loss(point):
        rest = point[0] + columns @ point[1:] - target
        return rest @ rest + penalty**2 * len(target) * (point[1:] @ point[1:])

    start = np.concatenate([[0.0], np.full(11, 1 / 11)])
    best = optimize.minimize(
        loss, start, method="SLSQP", bounds=[(None, None)] + [(0, 1)] * 11,
        constraints={"type": "eq", "fun": lambda point: point[1:].sum() - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    np.testing.assert_allclose(ours, best.x[1:], atol=1e-5)


def test_the_penalty_is_that_of_the_paper():
    """(movers * months after)^(1/4) times the spread of monthly changes of those who stayed."""
    moved, stayed = outcomes(4)
    changes = np.diff(stayed[:, :8], axis=1).ravel()
    noise = np.sqrt(((changes - changes.mean()) ** 2).mean())
    assert synthetic_did(moved, stayed, 8).penalty == pytest.approx((3 * 6) ** 0.25 * noise)


def test_placebos_are_all_sets_where_there_are_few_and_drawn_otherwise():
    _, stayed = outcomes(1, stayed=6)
    every = placebo_effects(stayed, 2, 8, 100, None)
    assert (every.complete, every.possible, len(every.effects)) == (True, 15, 15)
    drawn = placebo_effects(stayed, 2, 8, 10, 0)
    assert (drawn.complete, len(drawn.effects)) == (False, 10)
    assert np.array_equal(drawn.effects, placebo_effects(stayed, 2, 8, 10, 0).effects)
    assert every.pvalue(1e9) == pytest.approx(1 / 16)
    assert every.pvalue(0.0) == 1


def test_the_placebo_test_holds_its_size():
    """200 panels A1 without an effect, 19 placebos: 5% rejected, within three sampling errors."""
    untreated, _ = draw_outcomes(World("A1"), 200, np.random.default_rng(11))
    rng = np.random.default_rng(12)
    rejected = np.mean(
        [
            placebo_effects(one[6:], 6, 18, 19, rng).pvalue(
                synthetic_did(one[:6], one[6:], 18).effect
            )
            <= 0.05
            for one in untreated
        ]
    )
    assert abs(rejected - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 200)


def test_gaps_and_too_few_periods_or_units_are_refused():
    moved, stayed = outcomes(0)
    gappy = stayed.copy()
    gappy[0, 0] = np.nan
    with pytest.raises(UsageError, match="needs every period of every unit"):
        synthetic_did(moved, gappy, 8)
    with pytest.raises(UsageError, match="2 of 14 periods lie before the move"):
        synthetic_did(moved, stayed, 2)
    with pytest.raises(UsageError, match="3 units moved and 1 stayed"):
        synthetic_did(moved, stayed[:1], 8)
    with pytest.raises(UsageError, match=r"4 units stayed; a placebo for 3 .* at least 5"):
        placebo_effects(stayed[:4], 3, 8, 9, 0)
