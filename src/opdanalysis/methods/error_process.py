"""How noisy the months of a unit are and how alike neighbouring ones: an AR(1) from residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError

FEWEST_PERIODS = 6
FEWEST_UNITS = 3


@dataclass(frozen=True)
class ErrorProcess:
    """Errors within units: standard deviation `sd`, correlation `rho` of neighbouring periods."""

    sd: float
    rho: float
    n_units: int
    n_periods: int

    def correlation(self, n_periods: int) -> np.ndarray:
        """Correlations of the errors of T periods, `(T, T)`."""
        return ar1_correlation(self.rho, n_periods)


def ar1_correlation(rho: float, n_periods: int) -> np.ndarray:
    """rho to the power of the distance in periods, `(T, T)`."""
    time = np.arange(n_periods)
    return np.asarray(float(rho) ** np.abs(time[:, None] - time), dtype=float)


def error_process(outcome: np.ndarray) -> ErrorProcess:
    """The AR(1) of the errors in outcomes `(N, T)` without any effect, units and periods aside.

    Taking out the mean of a unit makes its neighbouring months look less alike than they are (with
    12 months and rho 0.6 about 0.4). So rho is the one under which the lag-one products of the
    residuals are expected to be what they are (indirect inference; Gourieroux, Phillips and Yu
    2010), and never negative. Units with gaps are left out; raises UsageError where fewer than
    three units or six periods are left.
    """
    whole = outcome[~np.isnan(outcome).any(axis=1)]
    n_units, n_periods = whole.shape
    if n_units < FEWEST_UNITS or n_periods < FEWEST_PERIODS:
        raise UsageError(
            f"{n_units} units without gaps over {n_periods} periods are too few to see how noisy "
            f"they are; expected at least {FEWEST_UNITS} and {FEWEST_PERIODS}."
        )
    rest = whole - whole.mean(axis=1, keepdims=True)
    rest = rest - rest.mean(axis=0)
    square = (rest**2).sum()
    if square == 0:
        return ErrorProcess(0.0, 0.0, n_units, n_periods)
    seen = (rest[:, 1:] * rest[:, :-1]).sum() / square
    aside = np.eye(n_periods) - 1 / n_periods

    def expected(rho: float) -> float:
        left = aside @ ar1_correlation(rho, n_periods) @ aside
        return float(np.trace(left, offset=1) / np.trace(left))

    from scipy.optimize import brentq

    low, high = 0.0, 0.99
    if seen <= expected(low):
        rho = low
    elif seen >= expected(high):
        rho = high
    else:
        rho = float(brentq(lambda at: expected(at) - seen, low, high))
    left = aside @ ar1_correlation(rho, n_periods) @ aside
    variance = square / ((n_units - 1) * np.trace(left))
    return ErrorProcess(float(np.sqrt(variance)), rho, n_units, n_periods)
