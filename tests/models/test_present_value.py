"""Present value and annuities against an independent library, published tables and by hand."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.models.present_value import (
    HORIZON,
    annuity,
    annuity_factor,
    cumulative,
    discount,
    net_present_value,
    pay_back_year,
    real_rate,
)

CASES = [
    (0.10, [-100, 20, 20, 20, 20, 20, 20, 20]),
    (0.06, [-1_000, 0, 0, 1_500]),
    (0.12, [-50, 10, 60, -5]),
    (0.0, [-10, 3, 3, 3]),
    (0.073, [-38e9, *[2.1e9] * 10]),
    (0.069, [0, -7e9, *[1.7e9] * 9]),
    (0.10, [5, 5, 5]),
    (0.25, [-1, 2]),
    (0.035, [-160e9, -1e9, *[2e9] * 9]),
    (0.08, [-3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]),
]


@pytest.mark.parametrize(("rate", "flow"), CASES)
def test_net_present_value_is_that_of_numpy_financial(rate, flow):
    found = net_present_value(np.array(flow, dtype=float), rate)
    assert found == pytest.approx(npf.npv(rate, flow), rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.06, 0.0732, 0.12])
@pytest.mark.parametrize("years", [1, 10, 50])
def test_an_annuity_is_the_payment_of_numpy_financial(rate, years):
    assert annuity(1_000, rate, years) == pytest.approx(-npf.pmt(rate, years, 1_000), rel=1e-12)


def test_factors_are_those_of_published_tables():
    """Four digits of the discount factor of year 10 at 3.5% (HM Treasury, The Green Book, 2003,
    table of annex 6: 0.7089), and of the annuity factor of ten years at 10%, 6.1446, as in the
    tables at the end of textbooks of finance.
    """
    assert round(float(discount(0.035)[HORIZON]), 4) == 0.7089
    assert round(float(annuity_factor(0.10, 10)), 4) == 6.1446


def test_the_rate_above_the_rise_of_prices_is_fishers():
    """1.10 / 1.025 = 1.07317: a rupiah lent at 10% buys 7.3% more where prices rise by 2.5%."""
    assert real_rate({"discount_rate": 0.10, "expected_inflation": 0.025}) == pytest.approx(
        0.0731707, abs=1e-7
    )


def test_the_year_of_pay_back_is_worked_by_hand():
    """100 paid, 60 back in years 1 and 2: without interest repaid in year 2; at 20% the 60 are
    worth 50 and 41.7 and it is never repaid.
    """
    flow = np.array([[-100.0, 60.0, 60.0, 0.0], [-100.0, 60.0, 60.0, 0.0]])
    rates = np.array([0.0, 0.2])
    assert pay_back_year(flow, rates).tolist() == [2.0, np.inf]
    assert cumulative(flow, rates)[:, -1] == pytest.approx([20.0, -100 + 50 + 60 / 1.44])


def test_money_that_is_lost_again_is_not_paid_back():
    flow = np.array([-10.0, 15.0, -20.0, 0.0, 18.0])
    assert pay_back_year(flow, 0.0) == 4
    assert pay_back_year(np.zeros(5), 0.1) == 0


@given(
    invested=st.floats(1, 1e12),
    savings=st.lists(st.floats(0, 1e12), min_size=1, max_size=20),
    rate=st.floats(0, 0.3),
    more=st.floats(0, 0.3),
)
def test_what_is_invested_first_is_worth_less_at_a_higher_rate(invested, savings, rate, more):
    flow = np.array([-invested, *savings])
    lower, higher = net_present_value(flow, rate), net_present_value(flow, rate + more)
    assert higher <= lower + 1e-9 * abs(flow).sum()


@given(amount=st.floats(1, 1e12), rate=st.floats(0, 0.5), years=st.integers(1, 60))
def test_an_annuity_is_worth_what_was_paid(amount, rate, years):
    payments = np.full(years + 1, float(annuity(amount, rate, years)))
    payments[0] = -amount
    assert net_present_value(payments, rate) == pytest.approx(0, abs=1e-6 * amount)


@given(rates=st.lists(st.floats(0, 0.3), min_size=1, max_size=5))
def test_draws_and_floats_agree(rates):
    flow = np.linspace(-50, 30, HORIZON + 1)
    drawn = np.array(rates)
    together = net_present_value(np.tile(flow, (len(rates), 1)), drawn)
    alone = [net_present_value(flow, rate) for rate in rates]
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(
        annuity_factor(drawn, 10), [annuity_factor(rate, 10) for rate in rates], rtol=1e-12
    )
