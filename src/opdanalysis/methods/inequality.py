"""How evenly an amount is shared: Gini, the equally distributed equivalent, weighted quantiles.

All functions work along the last axis: `amounts` and `weights` are `(..., n)`, the result `(...)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def gini(amounts: Floats, weights: Floats) -> Any:
    """The Gini coefficient of amounts of zero or more, each held by `weights` people [1], `(...)`.

    Half the mean difference between two people drawn at random, as a share of the mean: 0 where
    all have the same, near 1 where one has everything (Gini 1912; weighted as in Lerman and
    Yitzhaki 1989, Journal of Econometrics 42(1)). 0 where nobody has anything.
    """
    amounts, weights = _in_order(amounts, weights)
    people, held = weights.sum(axis=-1), weights * amounts
    total = held.sum(axis=-1)
    # Each stands in the middle of its own weight: half of it counts as below.
    below = np.vecdot(held, np.cumsum(weights, axis=-1)) - np.vecdot(held, weights) / 2
    return np.where(total > 0, 2 * below / np.where(total > 0, people * total, 1) - 1, 0.0)


def kolm_pollak_ede(burdens: Floats, weights: Floats, aversion: Any) -> Any:
    """The burden that would be as bad if everyone bore the same, in its own unit, `(...)`.

    ln(mean of exp(aversion x burden)) / aversion, the Kolm-Pollak equally distributed equivalent
    of a bad thing such as minutes of travel, so that it lies above the mean. `aversion` [1 / unit
    of the burden], a number or `(...)`: one more unit counts double for who bears ln 2 / aversion
    more. An aversion of zero gives the mean. Adding a constant to every burden adds it to the
    result. (Maguire and Sheriff 2020, Risk Analysis 40(12); Logan, Anderson, Williams and Conrow
    2021, Computers, Environment and Urban Systems 86: their kappa is minus this aversion.)
    """
    burdens = np.asarray(burdens, dtype=float)
    people = np.sum(weights, axis=-1)
    mean = np.vecdot(burdens, weights) / people
    aversion = np.asarray(aversion, dtype=float)
    scaled = (burdens - mean[..., None]) * aversion[..., None]
    # The largest exponent is taken out, so that no burden is too large for exp.
    top = scaled.max(axis=-1)
    scaled -= top[..., None]
    grown = np.vecdot(np.exp(scaled, out=scaled), weights) / people
    excess = top + np.log(grown)
    return mean + np.where(aversion == 0, 0.0, excess / np.where(aversion == 0, 1, aversion))


def weighted_quantile(amounts: Floats, weights: Floats, probability: float) -> Any:
    """The smallest amount that a share of at least `probability` of the weight does not exceed.

    The inverse of the weighted distribution, without interpolation (definition 1 of Hyndman and
    Fan 1996, The American Statistician 50(4)), `(...)`.
    """
    amounts, weights = _in_order(amounts, weights)
    below = np.cumsum(weights, axis=-1)
    # A rounding error in the sums must not push a quantile to the next amount.
    short = below < probability * below[..., -1:] * (1 - 1e-12)
    place = np.minimum(short.sum(axis=-1), amounts.shape[-1] - 1)
    return np.take_along_axis(amounts, place[..., None], axis=-1)[..., 0]


def _in_order(amounts: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Amounts from the smallest to the largest, each with its weight, `(..., n)` each."""
    amounts, weights = np.broadcast_arrays(np.asarray(amounts, float), np.asarray(weights, float))
    shape, n = amounts.shape, amounts.shape[-1]
    # Places in the flat arrays are many times quicker than np.take_along_axis.
    order = np.argsort(amounts.reshape(-1, n), axis=-1)
    order += np.arange(0, amounts.size, n)[:, None]
    return amounts.take(order).reshape(shape), weights.take(order).reshape(shape)
