"""How much wider an interval must be to hold a whole path of estimates at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats


def band_factor(
    deviations: np.ndarray, factor: float, df: np.ndarray, level: float, draws: int, seed: Any
) -> float:
    """Pointwise intervals at `level` times this number hold all K estimates with that probability.

    `deviations` `(K, G)` are the changes of the estimates without each cluster, whose products sum
    to the covariance, and `df` `(K,)` the degrees of freedom of the errors. Normal estimates of
    that covariance are drawn over one common chi-square quantile, and each |t| is held against its
    own pointwise limit; the result is the `level` quantile of the largest ratio. Estimates without
    an error are left out; 1 where one or none is left.
    """
    squares = factor * (deviations**2).sum(axis=1)
    with np.errstate(invalid="ignore"):
        kept = np.isfinite(squares) & (squares > 1e-24) & np.isfinite(df)
    if kept.sum() < 2:
        return 1.0
    rng = np.random.default_rng(seed)
    loads = np.sqrt(factor / squares[kept])[:, None] * deviations[kept]
    normal = rng.standard_normal((draws, loads.shape[1])) @ loads.T
    chance = rng.random((draws, 1))
    spread = np.sqrt(stats.chi2.ppf(chance, df[kept]) / df[kept])
    limits = stats.t.ppf((1 + level) / 2, df[kept])
    largest = (np.abs(normal) / spread / limits).max(axis=1)
    return max(1.0, float(np.quantile(largest, level)))
