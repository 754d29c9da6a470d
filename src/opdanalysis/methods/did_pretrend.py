"""Were movers drifting away before they moved: the slope of their difference, as weights.

Generalised least squares with one effect per unit and per period, on untreated cells. Neighbouring
months of a unit are alike, so that its last month says less than a month far from the others; the
weights that know it leave a tenth less variance (Aitken 1936). An estimate of the likeness that
does not depend on who moved leaves a randomisation test exact.
"""

from __future__ import annotations

import numpy as np

from opdanalysis.methods.did_timing import NEVER, Timing

TOLERANCE = 1e-9
"""Part of a slope's information that must be left beside the periods for it to be identified."""


def pretrend_slope(timing: Timing, correlation: np.ndarray) -> np.ndarray:
    """Weights of the slope per period of movers against the others before the move, `(1, N, T)`.

    `correlation` is that of a unit's errors, `(T, T)`; the identity gives least squares. NaN where
    the slope cannot be told from the period effects, as where every unit moves.
    """
    untreated = timing.untreated
    drift = np.arange(timing.n_periods) - (timing.n_periods - 1) / 2
    slopes = np.where(timing.moved < NEVER, 1.0, 0.0)
    patterns, kind = np.unique(untreated, axis=0, return_inverse=True)
    kind = kind.ravel()
    within = np.array([_within(pattern, correlation) for pattern in patterns])  # (P, T, T)
    counts = np.bincount(kind, minlength=len(patterns))
    moving = np.bincount(kind, slopes, minlength=len(patterns))
    pulled = within @ drift  # what a slope of one puts on each period, by pattern
    information = np.einsum("p,pst->st", counts, within)
    periods = np.linalg.pinv(information, rcond=1e-10, hermitian=True) @ (moving @ pulled)
    inner = within @ periods
    weights = slopes[:, None] * pulled[kind] - inner[kind]
    total = float((moving * (pulled @ drift)).sum())
    scale = float((slopes[:, None] * weights * drift).sum())
    if total <= 0 or scale <= TOLERANCE * total:
        return np.full((1, *untreated.shape), np.nan)
    return np.asarray(weights / scale)[None]


def _within(seen: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """The information of a unit's seen periods with its own mean taken out, `(T, T)`."""
    found = np.zeros(correlation.shape)
    places = np.flatnonzero(seen)
    if len(places) < 2:
        return found
    inverse = np.linalg.inv(correlation[np.ix_(places, places)])
    sums = inverse.sum(axis=1)
    found[np.ix_(places, places)] = inverse - np.outer(sums, sums) / sums.sum()
    return found
