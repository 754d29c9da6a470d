"""Money of different years made comparable: present value, annuity, pay-back, break-even.

Amounts are in the prices of one year, so they are discounted with the rate above the rise of
prices. Every function takes floats or draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

HORIZON = 10
"""Years over which costs and savings are added up: what "net present value" means here."""

YEARS = np.arange(HORIZON + 1.0)
"""The years of a cash flow; year 0 is the start."""


def real_rate(values: Mapping[str, Any]) -> Any:
    """The discount rate above the rise of prices [1], by Fisher's equation."""
    return (1 + values["discount_rate"]) / (1 + values["expected_inflation"]) - 1


def discount(rate: Any, years: Any = YEARS) -> Any:
    """What a rupiah of each year is worth at the start [1]; a draw is a row, a year a column."""
    return (1 + np.asarray(rate)[..., None]) ** -years


def net_present_value(flow: Any, rate: Any) -> Any:
    """A flow by year, worth at the start [Rp]; `flow` is `(n_draws, n_years)`, year 0 first."""
    return (flow * discount(rate, np.arange(float(np.shape(flow)[-1])))).sum(axis=-1)


def annuity_factor(rate: Any, years: Any) -> Any:
    """Present value of one rupiah at the end of each of some years [1]; the years at rate 0."""
    rate, years = np.asarray(rate), np.asarray(years)
    some = np.where(rate == 0, 1.0, rate)
    return np.where(rate == 0, years, -np.expm1(-years * np.log1p(some)) / some)


def annuity(amount: Any, rate: Any, years: Any) -> Any:
    """The equal yearly payments that are worth an amount paid at the start [Rp/year]."""
    return amount / annuity_factor(rate, years)


def cumulative(flow: Any, rate: Any) -> Any:
    """The discounted flow up to and with each year [Rp], shaped like `flow`."""
    years = np.arange(float(np.shape(flow)[-1]))
    return np.cumsum(flow * discount(rate, years), axis=-1)


def pay_back_year(flow: Any, rate: Any) -> Any:
    """The first year from which the discounted flow, added up, is never below zero again.

    Infinite where that does not happen within the flow.
    """
    reached = cumulative(flow, rate) >= 0
    stays = np.flip(np.logical_and.accumulate(np.flip(reached, axis=-1), axis=-1), axis=-1)
    return np.where(stays.any(axis=-1), stays.argmax(axis=-1), np.inf)
