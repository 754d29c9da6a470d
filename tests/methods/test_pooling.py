"""When one line helps and when it hurts: closed forms of the literature."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.pooling import (
    break_even_service_ratio,
    break_even_slow_down,
    pooled_stay_ratio,
    pooled_tandem_ratio,
    pooled_waiting_ratio,
)
from opdanalysis.methods.queues import erlang_c, mg1, mmc

RATIOS = np.array([1, 2, 5, 10, 20, 50])


@pytest.mark.parametrize(
    ("utilisation", "expected"),
    [
        (0.9, [0.5, 0.5563, 0.86, 1.4113, 2.5306, 5.9023]),
        (0.5, [0.5, 0.53125, 0.7, 1.0063, 1.6281, 3.5012]),
    ],
)
def test_pooling_unlike_customers_can_hurt_without_limit(utilisation, expected):
    """The setting of Mandelbaum and Reiman (1998), two stations made one of double speed."""
    assert pooled_stay_ratio(utilisation, RATIOS) == pytest.approx(expected, abs=5.1e-5)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.1, 50))
def test_the_ratio_of_stays_is_that_of_the_queues_themselves(utilisation, ratio):
    """Two M/M/1 against M/G/1 with the mixture of both services, each halved."""
    rates = utilisation / np.array([1.0, ratio])
    separate = np.average(mmc(rates, np.array([1.0, ratio]), 1).stay, weights=rates)
    halves = np.array([0.5, ratio / 2])
    mean = np.average(halves, weights=rates)
    cv2 = np.average(2 * halves**2, weights=rates) / mean**2 - 1
    pooled = mg1(rates.sum(), mean, cv2**0.5).stay
    assert pooled_stay_ratio(utilisation, ratio) == pytest.approx(pooled / separate)


def test_pooling_two_steps_in_a_row_always_helps():
    found = pooled_tandem_ratio(np.array([0.1, 0.5, 0.9]))
    assert found == pytest.approx([0.4875, 0.4375, 0.3875])
    both_steps = mg1(0.9, 1.0, 0.5**0.5).stay
    assert found[2] == pytest.approx(both_steps / (2 * mmc(0.9, 1.0, 1).stay))


@pytest.mark.parametrize(
    ("groups", "servers", "percent"),
    [
        (7, 2, (36.2, 29.9, 19.5, 9.2)),
        (5, 3, (23.3, 23.9, 17.1, 8.4)),
        (2, 5, (7.4, 9.4, 8.4, 4.8)),
    ],
)
def test_generalists_may_be_slower_by_so_much(groups, servers, percent):
    found = [break_even_slow_down(busy, groups, servers) for busy in (0.6, 0.7, 0.8, 0.9)]
    assert [100 * slow_down for slow_down in found] == pytest.approx(percent, abs=0.05)


def test_at_the_break_even_both_stays_are_equal():
    slow_down = break_even_slow_down(0.8, 7, 2)
    assert mmc(11.2, 1 + slow_down, 14).stay == pytest.approx(mmc(1.6, 1.0, 2).stay, rel=1e-10)
    assert break_even_slow_down(0.8, 1, 4) == 0


def test_fourteen_pooled_counters_wait_as_published_against_seven_pairs():
    assert mmc(1.6, 1.0, 2).waiting == pytest.approx(1.7778, abs=5e-5)
    assert mmc(11.2, 1.0, 14).waiting == pytest.approx(0.1195, abs=5e-5)
    assert pooled_waiting_ratio(0.8, 7, 2) == pytest.approx(0.119475 / 1.777778, rel=1e-5)


def test_two_desks_in_one_line_wait_rho_over_one_plus_rho():
    found = pooled_waiting_ratio(np.array([0.5, 0.9]), 2, 1)
    assert found == pytest.approx([0.333333, 0.473684], abs=1e-6)


def test_desks_in_one_line_wait_erlang_c_over_the_load():
    """C(n rho, n) / (n rho), for four and five desks."""
    busy = np.array([0.5, 0.8, 0.95])
    assert pooled_waiting_ratio(busy, 4, 1) == pytest.approx([0.087, 0.186, 0.235], abs=1e-3)
    assert pooled_waiting_ratio(busy, 5, 1) == pytest.approx(erlang_c(5 * busy, 5) / (5 * busy))


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.97), st.integers(2, 8), st.integers(1, 6))
def test_one_line_for_like_customers_always_shortens_waiting(utilisation, groups, servers):
    assert pooled_waiting_ratio(utilisation, groups, servers) < 1


def test_unlike_customers_break_even_where_the_literature_says():
    """Heavy-traffic formula after van Dijk and van der Sluis (2008); simulation at 6.285: 0.989."""
    found = break_even_service_ratio(0.9)
    assert found.on_average == pytest.approx(6.285, abs=1e-3)
    assert found.short_jobs == pytest.approx(3.222, abs=1e-3)
    others = break_even_service_ratio(np.array([0.95, 0.5]))
    assert others.on_average == pytest.approx([6.0, 9.9], abs=0.05)
    assert others.short_jobs == pytest.approx([3.1, 5.0], abs=0.01)


def test_full_counters_cannot_be_compared():
    with pytest.raises(UsageError) as told:
        pooled_waiting_ratio(1.0, 2, 1)
    assert str(told.value) == (
        "utilisation is 1; separate lines keep up only below 1, and there is nothing to compare"
    )
