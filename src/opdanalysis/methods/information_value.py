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

FEW_INPUTS = 24
"""Up to so many inputs each gets a curve, and each pair a product; more enter as straight lines."""

DRAWS_PER_FEATURE = 8
"""Draws that are needed for each feature of a fit."""

PENALTIES = np.logspace(-6, 4, 31)
"""Ridge penalties that are tried, per draw and in units of a standardised feature."""

SMALLEST = 1e-14
"""Least eigenvalue against the largest: below it there is only rounding."""


@dataclass(frozen=True)
class InformationValue:
    """Expected gain of choosing after learning, and its Monte Carlo standard error.

    `reached` is what choosing by the fitted expectations really brought in the draws, with its
    standard error. It is no more than perfect information in the same draws, and by expectation no
    more than the true value, so that a `value` well above it shows a fit that is not to be trusted.
    """

    value: float
    error: float
    reached: float
    reached_error: float


def perfect_information_value(net_benefit: Floats) -> InformationValue:
    """Value of knowing everything before choosing (EVPI).

    `net_benefit` is `(n_draws, n_options)`. The mean of the best option in each draw, less the
    best of the means (Raiffa and Schlaifer 1961).
    """
    return _gain_of_choosing(net_benefit, net_benefit)


def partial_information_value(
    net_benefit: Floats, inputs: Floats, entries: Floats | None = None
) -> InformationValue:
    """Value of knowing the `inputs` and `entries` exactly before choosing (EVPPI).

    `net_benefit` is `(n_draws, n_options)`, `inputs` `(n_draws, n_inputs)`. The net benefit that
    is expected given the inputs comes from a regression on the draws (Strong, Oakley and Brennan
    2014, Medical Decision Making 34(3)): cubic splines of few inputs with the products of their
    pairs, straight lines of many, with a ridge penalty by generalised cross-validation; with few
    draws less of it. `entries`, `(n_draws, n_entries)`, are inputs of little weight each; they
    enter as straight lines, and only where there are draws enough. Every
    draw is predicted from a fit to the other folds, so that chance patterns are not paid for. The
    error leaves out that of the fit itself.

    Raises ValueError when the lengths differ or there are fewer than two draws for each fold.
    """
    draws = len(net_benefit)
    if inputs.shape[:1] != (draws,):
        raise ValueError(f"net_benefit has {draws} draws, inputs {len(inputs)}")
    if draws < 2 * FOLDS:
        raise ValueError(f"{draws} draws are too few; at least {2 * FOLDS} are needed")
    return _gain_of_choosing(expected_given(inputs, net_benefit, entries), net_benefit)


def expected_given(inputs: Floats, outcomes: Floats, entries: Floats | None = None) -> Floats:
    """The outcomes `(n_draws, n_outcomes)` that are expected given the inputs, out of fold."""
    features = _features(inputs, inputs[:, :0] if entries is None else entries)
    fold = np.arange(len(inputs)) % FOLDS
    expected = np.empty_like(outcomes, dtype=float)
    for own in range(FOLDS):
        others = fold != own
        expected[~others] = _ridge(features[others], outcomes[others], features[~others])
    return expected


def _gain_of_choosing(expected: Floats, net_benefit: Floats) -> InformationValue:
    """The gain of choosing in each draw by what is expected there, instead of by the means."""
    best = int(net_benefit.mean(axis=0).argmax())
    gains = expected.max(axis=1) - expected[:, best]
    chosen = np.take_along_axis(net_benefit, expected.argmax(axis=1)[:, None], axis=1)[:, 0]
    reached = chosen - net_benefit[:, best]
    root = np.sqrt(len(gains))
    return InformationValue(
        float(gains.mean()),
        float(gains.std(ddof=1) / root),
        float(reached.mean()),
        float(reached.std(ddof=1) / root),
    )


def _features(inputs: Floats, entries: Floats) -> Floats:
    """Standardised columns: the richest of four sets for which there are draws enough.

    All inputs and entries as they are, of few inputs with the bends and the products, or with the
    bends alone; and where the entries are too many, the inputs alone.
    """
    lines, straight = _standard(inputs), _standard(entries)
    sets = [np.hstack([lines, straight]), lines if lines.shape[1] else straight]
    if lines.shape[1] <= FEW_INPUTS:
        bends = np.hstack([lines, *(_bends(column) for column in lines.T)])
        pairs = [lines[:, [at]] * lines[:, at + 1 :] for at in range(lines.shape[1])]
        sets = [
            np.hstack([bends, *pairs, straight]),
            np.hstack([bends, straight]),
            *sets,
        ]
    most = len(inputs) / DRAWS_PER_FEATURE
    return _standard(next((found for found in sets if found.shape[1] <= most), sets[-1]))


def _standard(columns: Floats) -> Floats:
    """The columns that vary, each with mean 0 and standard deviation 1."""
    varying = columns[:, np.ptp(columns, axis=0) > 0]
    found: Floats = (varying - varying.mean(axis=0)) / varying.std(axis=0)
    return found


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
    centred, spread = features - middle, outcomes - means
    # The eigenvectors of the products of features are their right singular vectors, sooner found.
    squares, turn = np.linalg.eigh(centred.T @ centred)
    squares = np.maximum(squares, squares[-1] * SMALLEST)
    sizes = np.sqrt(squares)
    turned = (turn.T @ (centred.T @ spread)) / sizes[:, None]
    rest = (spread**2).sum(axis=0) - (turned**2).sum(axis=0)
    shrink = squares / (squares + PENALTIES[:, None] * len(features))
    missed = np.maximum(rest, 0) + ((1 - shrink[:, :, None]) ** 2 * turned**2).sum(axis=1)
    free = len(features) - 1 - shrink.sum(axis=1)
    chosen = (missed / np.maximum(free, 1)[:, None] ** 2).argmin(axis=0)
    weights = shrink[chosen].T * turned / sizes[:, None]
    predicted: Floats = means + (wanted - middle) @ (turn @ weights)
    return predicted
