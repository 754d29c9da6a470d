"""The smallest effect that a design would find, before any outcome is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from opdanalysis.methods.cluster_jackknife import Jackknife
from opdanalysis.methods.error_process import ErrorProcess


@dataclass(frozen=True)
class Detectable:
    """Smallest effect found with a given power, by two tests, in units of the outcome.

    `sd` is the standard deviation of the estimate, `error_ratio` the root of the expected jackknife
    variance over it, `df` the degrees of freedom that the t test uses and `df_true` those of the
    error under the errors supposed. `by_t` is for t with `df`; `by_randomisation` for a test of
    exact size on t.
    """

    sd: float
    error_ratio: float
    df: float
    df_true: float
    by_t: float
    by_randomisation: float


def detectable_effect(
    jackknife: Jackknife,
    errors: ErrorProcess,
    clusters: np.ndarray,
    shared: float,
    level: float,
    power: float,
) -> Detectable:
    """Smallest effect that tests at `level` find with probability `power`.

    Errors are AR(1) in each unit; the part `shared` of their variance is common to the units of a
    cluster. Under them the estimate is normal and its jackknife variance a sum of squares, which is
    matched by a chi-square, so that t is noncentral t. A constant effect is supposed. NaN where the
    design has no error.
    """
    n_units = len(clusters)
    cells = jackknife.weights.shape[1]
    correlation = errors.correlation(cells // n_units)
    together = clusters[:, None] == clusters
    between = (1 - shared) * np.eye(n_units) + shared * together

    def products(rows: np.ndarray) -> np.ndarray:
        cube = rows.reshape(len(rows), n_units, -1)
        spread = np.einsum("nm,gmt->gnt", between, cube @ correlation)
        return np.asarray(rows @ spread.reshape(len(rows), -1).T)

    sd = float(np.sqrt(products(jackknife.weights[:1])[0, 0])) * errors.sd
    change, df = jackknife.changes[0], float(jackknife.df[0])
    if np.isnan(df):
        return Detectable(sd, np.nan, np.nan, np.nan, np.nan, np.nan)
    gram = products(change)
    expected = jackknife.factor * np.trace(gram) * errors.sd**2
    df_true = float(np.trace(gram) ** 2 / (gram**2).sum())
    ratio = float(np.sqrt(expected) / sd)
    return Detectable(
        sd=sd,
        error_ratio=ratio,
        df=df,
        df_true=df_true,
        by_t=sd * _distance(ratio * stats.t.ppf(1 - level / 2, df), df_true, power),
        by_randomisation=sd * _distance(stats.t.ppf(1 - level / 2, df_true), df_true, power),
    )


def detectable_by_t(error: float, df: float, level: float, power: float) -> float:
    """Smallest effect that t at `level` finds with probability `power`, for a known error."""
    if np.isnan(error) or np.isnan(df):
        return np.nan
    return error * _distance(stats.t.ppf(1 - level / 2, df), df, power)


def _distance(limit: float, df: float, power: float) -> float:
    """How far from zero, in standard deviations, a t must be centred to pass the limit."""

    # The error at the middles of 2,000 equally likely parts of its distribution.
    middles = (np.arange(2000) + 0.5) / 2000
    bars = limit * np.sqrt(stats.chi2.ppf(middles, df) / df)

    def short(distance: float) -> float:
        passed = stats.norm.sf(bars - distance) + stats.norm.cdf(-bars - distance)
        return float(passed.mean() - power)

    return float(brentq(short, 0.0, 10.0 + bars.max()))
