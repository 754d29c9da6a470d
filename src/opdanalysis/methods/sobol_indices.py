"""Shares of a variance that groups of inputs explain, from two samples and their swaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

RESAMPLES = 200
"""Bootstrap samples behind each interval."""

LEVEL = 0.90
"""Probability of an interval."""

COLUMNS = ["first", "first_error", "total", "total_error"]


def sobol_indices(
    one: Floats, other: Floats, swapped: Sequence[Floats], groups: Sequence[str], seed: int
) -> pd.DataFrame:
    """First-order and total indices of each group [1], with half their 90% intervals.

    `one` and `other` are the outcomes of two independent samples, `(n_draws,)`; `swapped` has for
    each group the outcomes of the first sample with that group's inputs from the other. Columns:
    group, first, first_error, total, total_error. The first-order index is the share of the
    variance that the group explains alone, the total one the share that it takes part in
    (Saltelli et al. 2010, Computer Physics Communications 181(2)). The estimators are SALib's;
    its bootstrap is done here for all groups at once, by counting how often each draw is drawn.
    Of an outcome that never varies all are 0.
    """
    from SALib.analyze.sobol import first_order, total_order

    names, swaps = list(groups), np.stack(list(swapped), axis=1)
    everything = np.column_stack([one, other, swaps])
    middle, spread = everything.mean(), everything.std()
    if np.ptp([one, other]) == 0:
        return pd.DataFrame({"group": names, **dict.fromkeys(COLUMNS, 0.0)})
    # As SALib does, for the first-order estimator has least error around the mean.
    a, b, swaps = ((sample - middle) / spread for sample in (one, other, swaps))
    draws = len(a)
    counts = np.random.default_rng(seed).multinomial(
        draws, np.full(draws, 1 / draws), size=RESAMPLES
    )
    weights = counts / draws
    mean = weights @ (a + b) / 2
    variance = (weights @ (a**2 + b**2) / 2 - mean**2)[:, None]
    variance[variance <= 0] = np.inf  # a resample of equal outcomes explains nothing
    firsts = weights @ (b[:, None] * (swaps - a[:, None])) / variance
    totals = weights @ (a[:, None] - swaps) ** 2 / 2 / variance
    half = float(-ndtri((1 - LEVEL) / 2))
    return pd.DataFrame(
        {
            "group": names,
            "first": [float(first_order(a, own, b)) for own in swaps.T],
            "first_error": half * firsts.std(axis=0, ddof=1),
            "total": [float(total_order(a, own, b)) for own in swaps.T],
            "total_error": half * totals.std(axis=0, ddof=1),
        }
    )
