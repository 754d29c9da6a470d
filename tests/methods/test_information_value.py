"""The value of information against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.methods.information_value import (
    partial_information_value,
    perfect_information_value,
)

UNIT_NORMAL_LOSS = {0: 0.3989423, 0.5: 0.1977966, 1: 0.0833155, 1.5: 0.0293068, 2: 0.0084907}
"""Of Raiffa and Schlaifer 1961: the expected excess of a standard normal over a threshold."""


@pytest.mark.parametrize("ratio", UNIT_NORMAL_LOSS)
def test_perfect_information_about_a_normal_is_worth_the_unit_normal_loss(ratio):
    """Raiffa and Schlaifer 1961: sigma x L(|mu| / sigma) for N(mu, sigma) against nothing."""
    sigma = 3.0
    normal = np.random.default_rng(1).standard_normal(400_000)
    benefit = np.stack([np.zeros_like(normal), sigma * (normal - ratio)], axis=1)
    found = perfect_information_value(benefit)
    assert found.value == pytest.approx(sigma * UNIT_NORMAL_LOSS[ratio], abs=4 * found.error)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("inputs", [1, 4, 40])
def test_partial_information_is_exact_for_a_linear_normal_model(share, inputs):
    """Unit normal loss with the standard deviation that the known inputs cause (target V34)."""
    rng = np.random.default_rng(inputs)
    known = rng.standard_normal((20_000, inputs))
    weights = rng.standard_normal(inputs)
    weights *= np.sqrt(share) / np.linalg.norm(weights)
    benefit = known @ weights + np.sqrt(1 - share) * rng.standard_normal(len(known)) - 0.5 * share
    found = partial_information_value(np.stack([0 * benefit, benefit], axis=1), known)
    sigma = np.sqrt(share)
    density = np.exp(-0.5 * (0.5 * sigma) ** 2) / np.sqrt(2 * np.pi)
    from scipy.stats import norm

    exact = sigma * (density - 0.5 * sigma * norm.sf(0.5 * sigma))
    assert found.value == pytest.approx(exact, abs=4 * found.error + 0.02 * exact)


def test_a_curved_effect_is_found_too():
    """By hand: the benefit is x squared less 1 of a standard normal, so a half of E|x^2 - 1|."""
    rng = np.random.default_rng(5)
    known = rng.standard_normal((40_000, 1))
    benefit = known[:, 0] ** 2 - 1 + rng.standard_normal(len(known))
    found = partial_information_value(np.stack([0 * benefit, benefit], axis=1), known)
    exact = 0.5 * 4 * np.exp(-0.5) / np.sqrt(2 * np.pi)
    assert found.value == pytest.approx(exact, rel=0.05)


def test_what_has_nothing_to_do_with_the_choice_is_worth_next_to_nothing():
    rng = np.random.default_rng(8)
    benefit = rng.standard_normal((4_000, 3))
    found = partial_information_value(benefit, rng.standard_normal((4_000, 30)))
    assert found.value < 0.1 * perfect_information_value(benefit).value


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), options=st.integers(1, 4))
def test_knowing_a_part_is_worth_no_less_than_nothing(seed, options):
    rng = np.random.default_rng(seed)
    benefit, known = rng.standard_normal((60, options)), rng.standard_normal((60, 2))
    assert partial_information_value(benefit, known).value >= 0
    assert perfect_information_value(benefit).value >= 0


def test_a_constant_input_is_worth_nothing():
    benefit = np.random.default_rng(2).standard_normal((50, 2))
    assert partial_information_value(benefit, np.ones((50, 3))).value == pytest.approx(
        0, abs=0.6
    )  # only the chance difference between the folds' means


def test_draws_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="net_benefit has 20 draws, inputs 19"):
        partial_information_value(np.zeros((20, 2)), np.zeros((19, 1)))
    with pytest.raises(ValueError, match="9 draws are too few"):
        partial_information_value(np.zeros((9, 2)), np.zeros((9, 1)))


def test_a_product_of_two_inputs_is_found():
    """By hand: x y of independent standard normals against nothing: E max(0, x y) = 1 / pi."""
    known = np.random.default_rng(3).standard_normal((20_000, 2))
    benefit = known[:, 0] * known[:, 1]
    found = partial_information_value(np.stack([0 * benefit, benefit], axis=1), known)
    assert found.value == pytest.approx(1 / np.pi, abs=4 * found.error)


def test_entries_count_as_straight_lines():
    rng = np.random.default_rng(4)
    entries = rng.standard_normal((10_000, 60))
    benefit = entries.sum(axis=1) / np.sqrt(60)
    none = np.empty((10_000, 0))
    found = partial_information_value(np.stack([0 * benefit, benefit], axis=1), none, entries)
    assert found.value == pytest.approx(UNIT_NORMAL_LOSS[0], abs=4 * found.error)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_choosing_by_a_part_never_reaches_more_than_perfect_information(seed):
    rng = np.random.default_rng(seed)
    known = rng.standard_normal((80, 2))
    benefit = known @ rng.standard_normal((2, 3)) + rng.standard_normal((80, 3))
    found = partial_information_value(benefit, known)
    assert found.reached <= perfect_information_value(benefit).value + 1e-12


def test_what_a_choice_reaches_shows_a_fit_that_is_not_to_be_trusted():
    """A cliff that no line follows: the fit promises more than choosing by it brings."""
    rng = np.random.default_rng(5)
    known = rng.standard_normal((40_000, 30))
    benefit = np.where(known[:, 0] > 2, 20.0, 0.0) - 1
    found = partial_information_value(np.stack([0 * benefit, benefit], axis=1), known)
    assert found.reached < found.value - 3 * found.reached_error
