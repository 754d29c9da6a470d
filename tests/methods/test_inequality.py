"""Gini, the Kolm-Pollak equivalent and weighted quantiles: hand-worked, and against others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from opdanalysis.methods.inequality import gini, kolm_pollak_ede, weighted_quantile

AMOUNTS = np.array([5.0, 12.0, 20.0, 33.0, 61.0])
WEIGHTS = np.array([3.0, 1.0, 4.0, 2.0, 5.0])

sizes = st.shared(st.integers(1, 12), key="size")
minutes = st.just(0.0) | st.floats(0.001, 200)
amounts = sizes.flatmap(lambda n: arrays(float, n, elements=minutes))
weights = sizes.flatmap(lambda n: arrays(float, n, elements=st.floats(0.01, 50)))
aversions = st.floats(0.001, 0.5)


@pytest.mark.parametrize(
    ("shared", "coefficient"),
    [
        ([1, 2, 3, 4], 0.25),
        ([7, 7, 7], 0.0),
        ([0, 0, 0, 1], 0.75),
        ([0, 0], 0.0),
        (list(range(1, 101)), 99 / 300),
    ],
)
def test_the_gini_of_small_vectors_is_worked_by_hand(shared, coefficient):
    """For 1 to n it is (n - 1) / 3n, for one owner among n it is (n - 1) / n."""
    assert gini(np.array(shared), np.ones(len(shared))) == pytest.approx(coefficient)


def test_gini_and_equivalent_agree_with_another_package():
    """Stored from inequalipy 1.0.5 (Logan and others 2021), where kappa = -0.04 means a bad."""
    even = np.ones(5)
    assert gini(AMOUNTS, even) == pytest.approx(0.40610687022900765, rel=1e-12)
    assert gini(AMOUNTS, WEIGHTS) == pytest.approx(0.3810320781032078, rel=1e-12)
    assert kolm_pollak_ede(AMOUNTS, even, 0.04) == pytest.approx(35.00429088089045, rel=1e-12)
    assert kolm_pollak_ede(AMOUNTS, WEIGHTS, 0.04) == pytest.approx(41.54585436362048, rel=1e-12)


def test_the_equivalent_of_ten_and_thirty_minutes_is_worked_by_hand():
    """20 + ln(cosh(0.05 x 10)) / 0.05, since the mean of exp(-0.5) and exp(0.5) is cosh(0.5)."""
    expected = 20 + np.log(np.cosh(0.5)) / 0.05
    assert kolm_pollak_ede(np.array([10.0, 30.0]), np.ones(2), 0.05) == pytest.approx(expected)
    assert expected == pytest.approx(22.4023, abs=1e-4)


def test_a_minute_counts_double_for_who_bears_more_by_the_half_life():
    """The weight of a person is exp(aversion x burden): twice as much after ln 2 / aversion."""
    aversion, more = 0.04, np.log(2) / 0.04
    burdens, step = np.array([10.0, 10.0 + more]), 1e-5
    rises = [
        kolm_pollak_ede(burdens + step * np.eye(2)[who], np.ones(2), aversion)
        - kolm_pollak_ede(burdens, np.ones(2), aversion)
        for who in (0, 1)
    ]
    assert rises[1] / rises[0] == pytest.approx(2, rel=1e-3)


def test_no_burden_is_too_large():
    burdens = np.array([0.0, 1e5])
    found = kolm_pollak_ede(burdens, np.ones(2), 0.1)
    assert found == pytest.approx(1e5 - np.log(2) / 0.1)


def test_a_little_aversion_adds_half_the_variance():
    """Series of ln(mean of exp): mean + aversion x variance / 2 (Kolm 1976)."""
    found = kolm_pollak_ede(AMOUNTS, WEIGHTS, 1e-5)
    mean = np.average(AMOUNTS, weights=WEIGHTS)
    variance = np.average((AMOUNTS - mean) ** 2, weights=WEIGHTS)
    assert found - mean == pytest.approx(1e-5 * variance / 2, rel=1e-3)


@given(amounts, weights)
def test_the_gini_lies_between_zero_and_one(shared, people):
    assert -1e-12 <= gini(shared, people) <= 1


@given(amounts, weights, st.floats(0.01, 100))
def test_the_gini_does_not_depend_on_the_unit(shared, people, factor):
    assert gini(shared * factor, people * factor) == pytest.approx(gini(shared, people), abs=1e-9)


@given(amounts, weights)
def test_the_gini_is_half_the_mean_difference_over_the_mean(shared, people):
    mean = np.average(shared, weights=people)
    pairs = np.abs(shared[:, None] - shared[None, :])
    difference = people @ pairs @ people / people.sum() ** 2
    expected = difference / (2 * mean) if mean > 0 else 0.0
    assert gini(shared, people) == pytest.approx(expected, abs=1e-9)


@given(amounts, weights, aversions)
def test_the_equivalent_of_a_bad_lies_between_the_mean_and_the_worst(burdens, people, aversion):
    found = kolm_pollak_ede(burdens, people, aversion)
    assert np.average(burdens, weights=people) - 1e-9 <= found <= burdens.max() + 1e-9


@given(amounts, weights, aversions, st.floats(-50, 50))
def test_a_minute_more_for_all_is_a_minute_more(burdens, people, aversion, more):
    found = kolm_pollak_ede(burdens + more, people, aversion)
    assert found == pytest.approx(kolm_pollak_ede(burdens, people, aversion) + more, abs=1e-8)


@given(amounts, weights, aversions)
def test_more_aversion_never_lowers_the_equivalent(burdens, people, aversion):
    little = kolm_pollak_ede(burdens, people, aversion)
    assert kolm_pollak_ede(burdens, people, 2 * aversion) >= little - 1e-9
    assert kolm_pollak_ede(burdens, people, 0.0) == pytest.approx(
        np.average(burdens, weights=people)
    )


@given(amounts, weights, st.sampled_from([0.05, 0.1, 0.5, 0.9, 1.0]))
def test_weighted_quantiles_agree_with_numpy(shared, people, probability):
    expected = np.quantile(shared, probability, weights=people, method="inverted_cdf")
    assert weighted_quantile(shared, people, probability) == expected


def test_the_weighted_median_is_worked_by_hand():
    """Of 15 people 3 have 5, 1 has 12 and 4 have 20: the eighth, past the half, has 20."""
    assert weighted_quantile(AMOUNTS, WEIGHTS, 0.5) == 20


def test_rows_are_worked_one_by_one():
    rng = np.random.default_rng(3)
    shared, people, aversion = rng.random((4, 9)), rng.random((4, 9)), rng.random(4)
    for row in range(4):
        one = shared[row], people[row]
        assert gini(shared, people)[row] == pytest.approx(gini(*one), rel=1e-12)
        together = kolm_pollak_ede(shared, people, aversion)[row]
        assert together == pytest.approx(kolm_pollak_ede(*one, aversion[row]), rel=1e-12)
        assert weighted_quantile(shared, people, 0.3)[row] == weighted_quantile(*one, 0.3)
