"""What knowing more would be worth to whoever must choose, in the unit of the net benefit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FOLDS = 5
"""Parts of the draws; each part is predicted from the others."""

KNOTS = (0.05, 0.23, 0.41, 0.59, 0.77, 0.95)
"""Where the curve of an input may bend, as quantiles (Harrell 2015, table 2.3, six knots)."""

FEW_INPUTS = 12
"""Up to so many inputs each gets a curve; more enter as straight lines."""

PENALTIES = np.logspace(-6, 4, 31)
"""Ridge penalties that are tried, per draw and in units of a standardised feature."""


@dataclass(frozen=True)
class InformationValue:
    """Expected gain of choosing after learning, and its Monte Carlo standard error."""

    value: float
    error: float


def perfect_information_value(net_benefit: Floats) -> InformationValue:
    """Value of knowing everything before choosing (EVPI).

    `net_benefit` is `(n_draws, n_options)`. The mean of the best option in each draw, less the
    best of the means (Raiffa and Schlaifer 1961).
    """
    return _gain_of_choosing(net_benefit)


def partial_information_value(net_benefit: Floats, inputs: Floats) -> InformationValue:
    """Value of knowing the `inputs` exactly before choosing (EVPPI).

    `net_benefit` is `(n_draws, n_options)`, `inputs` `(n_draws, n_inputs)`. The net benefit that
    is expected given the inputs comes from a regression on the draws (Strong, Oakley and Brennan
    2014, Medical Decision Making 34(3)): cubic splines of few inputs, straight lines of
    many, with a ridge penalty by generalised cross-validation. Every draw is predicted from a fit
    to the other folds, so that chance patterns are not paid for. The error leaves out that of the
    fit itself.

    Raises ValueError when the lengths differ or there are fewer than two draws for each fold.
    """
    draws = len(net_benefit)
    if inputs.shape[:1] != (draws,):
        raise ValueError(f"net_benefit has {draws} draws, inputs {len(inputs)}")
    if draws < 2 * FOLDS:
        raise ValueError(f"{draws} draws are too few; at least {2 * FOLDS} are needed")
    return _gain_of_choosing(expected_given(inputs, net_benefit))


def expected_given(inputs: Floats, outcomes: Floats) -> Floats:
    """The outcomes `(n_draws, n_outcomes)` that are expected given the inputs, out of fold."""
    features = _features(inputs)
    fold = np.arange(len(inputs)) % FOLDS
    expected = np.empty_like(outcomes, dtype=float)
    for own in range(FOLDS):
        others = fold != own
        expected[~others] = _ridge(features[others], outcomes[others], features[~others])
    return expected


def _gain_of_choosing(expected: Floats) -> InformationValue:
    best = int(expected.mean(axis=0).argmax())
    gains = expected.max(axis=1) - expected[:, best]
    return InformationValue(float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))


def _features(inputs: Floats) -> Floats:
    """Standardised columns: the inputs, and of few inputs also the bends of a spline."""
    varying = inputs[:, np.ptp(inputs, axis=0) > 0]
    columns = [varying]
    if varying.shape[1] <= FEW_INPUTS:
        columns += [_bends(column) for column in varying.T]
    found = np.hstack(columns) if varying.size else np.zeros((len(inputs), 0))
    spread = found.std(axis=0)
    kept = spread > 0
    standard: Floats = (found[:, kept] - found[:, kept].mean(axis=0)) / spread[kept]
    return standard


def _bends(column: Floats) -> Floats:
    """The square and the bent parts of a restricted cubic spline (Harrell 2015, 2.4.5)."""
    knots = np.unique(np.quantile(column, KNOTS))
    if len(knots) < 3:
        return column[:, None] ** 2
    cubes = np.maximum(column[:, None] - knots, 0) ** 3
    last, before = knots[-1], knots[-2]
    tail = cubes[:, -2:-1] * (last - knots[:-2]) - cubes[:, -1:] * (before - knots[:-2])
    bent = (cubes[:, :-2] - tail / (last - before)) / (last - knots[0]) ** 2
    return np.column_stack([column**2, bent])


def _ridge(features: Floats, outcomes: Floats, wanted: Floats) -> Floats:
    """Predictions at `wanted`, with the penalty of each outcome by cross-validation."""
    means, middle = outcomes.mean(axis=0), features.mean(axis=0)
    if not features.shape[1]:
        return np.broadcast_to(means, (len(wanted), len(means)))
    left, sizes, right = np.linalg.svd(features - middle, full_matrices=False)
    turned = left.T @ (outcomes - means)
    rest = ((outcomes - means) ** 2).sum(axis=0) - (turned**2).sum(axis=0)
    shrink = sizes**2 / (sizes**2 + PENALTIES[:, None] * len(features))
    missed = rest + ((1 - shrink[:, :, None]) ** 2 * turned**2).sum(axis=1)
    free = len(features) - 1 - shrink.sum(axis=1)
    chosen = (missed / np.maximum(free, 1)[:, None] ** 2).argmin(axis=0)
    weights = shrink[chosen].T * turned / np.maximum(sizes, np.finfo(float).tiny)[:, None]
    predicted: Floats = means + (wanted - middle) @ right.T @ weights
    return predicted
