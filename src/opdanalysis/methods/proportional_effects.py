"""What counts and rates would have been without a move, where units and periods multiply.

Poisson pseudo-likelihood with one factor per unit and one per period, on untreated cells, forecast
to the others: imputation for outcomes of which a share, not an amount, is gained or lost
(Wooldridge 2023). It needs no Poisson law, only that the mean is the product. Its equations say
that sums over periods and over units are met, which repeated scaling solves (Deming and Stephan
1940).
"""

from __future__ import annotations

import numpy as np

from opdanalysis.errors import UsageError

ROUNDS = 10_000
TOLERANCE = 1e-12
"""How far the sums may be off, as a part of them."""


def proportional_forecast(outcome: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Products of unit and period factors fitted on the cells of a mask, for all cells, `(N, T)`.

    A cell whose unit or period has no cell in the mask is NaN. Raises UsageError for an outcome
    below zero in the mask, and where the scaling does not settle.
    """
    inside = np.where(mask, outcome, 0.0)
    if (inside < 0).any():
        raise UsageError(
            "the outcome is below zero in places; unit and period factors are for counts and rates."
        )
    cells = mask.astype(float)
    by_unit, by_period = inside.sum(axis=1), inside.sum(axis=0)
    periods = np.ones(mask.shape[1])
    for _ in range(ROUNDS):
        units = _over(by_unit, cells @ periods)
        before, periods = periods, _over(by_period, units @ cells)
        if np.abs(periods - before).max() <= TOLERANCE * periods.max():
            break
    else:
        raise UsageError("the factors of units and periods do not settle; are there enough cells?")
    known = mask.any(axis=1)[:, None] & mask.any(axis=0)
    return np.where(known, units[:, None] * periods, np.nan)


def _over(sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0)
