"""Regression on the pairs of a network, with p values from permuting the agencies (MRQAP)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.methods.dyadic_errors import least_squares
from opdanalysis.methods.dyadic_formula import matrices_from_formula
from opdanalysis.methods.dyadic_null import (
    Parts,
    parts_of,
    permuted_tvalues,
    spread_ratios,
    two_sided,
)
from opdanalysis.methods.dyadic_pairs import CONSTANT, Dyads, dyads_of
from opdanalysis.methods.dyadic_permutations import Kernel, draw_permutations
from opdanalysis.methods.dyadic_result import MrqapResult

SKEWNESS_LIMIT = 2.0
"""Skewness of the residuals beyond which a confounded predictor is warned about."""

CONFOUNDING_LIMIT = 0.1
"""R-squared of a predictor on the others from which it counts as confounded."""

SPREAD_LIMIT = 1.5
"""Spread ratio beyond which a predictor is warned about, if chance does not explain it."""

_SPREAD_PERMUTATIONS = 999


class SkewnessWarning(UserWarning):
    """Skewed or uneven residuals make the p values of some predictors doubtful."""


def mrqap(
    y: Any,
    predictors: Mapping[str, Any],
    permutations: int | np.ndarray = 10_000,
    seed: Any = 0,
    directed: bool = True,
    *,
    kernel: Kernel = "auto",
) -> MrqapResult:
    """A dyadic regression of `y` on predictors, with p values by double semi-partialling on t.

    Coefficients are in units of `y` per unit of the predictor; p values are (1 + b) / (1 + R) with
    b of the R permutations giving a |t| at least as large, two-sided. A permutation under which a
    predictor follows from the others, so that it has no t, counts among the b.

    Parameters
    ----------
    y : (n, n) array or DataFrame, row to column. NaN is missing; the diagonal is not read.
    predictors : name -> (n, n) array or DataFrame. A pair with any number missing is not used;
        under permutation the gaps of the predictors move and those of `y` stay.
    permutations : how many, or ready-made ones `(n_permutations, n)`.
    seed : seed or generator of the permutations. The same seed and n relabel two networks alike,
        which a comparison of before and after needs.
    directed : whether i to j is another pair than j to i; if not, matrices must be symmetric.
    kernel : "numba" and "numpy" agree to 1e-12; "auto" takes numba where it is installed.

    Raises UsageError for matrices that do not fit, and for constant or collinear predictors. Warns
    (SkewnessWarning) when the residuals are skewed and a predictor is confounded as well, or when
    they spread wider where a predictor has most to say: then p values by t may be far too small,
    and `pvalues_robust` should be read. Source: Dekker, Krackhardt and Snijders (2007), see
    `dyadic_null`; the limits of the warning are our own, docs/methods/dyadic_regression.md.
    """
    dyads = dyads_of(y, predictors, directed)
    parts = parts_of(dyads)
    relabellings = draw_permutations(dyads.n_agencies, permutations, seed)
    null = permuted_tvalues(dyads, parts, relabellings, kernel)
    result = _result(dyads, parts, null, relabellings, kernel)
    _warn(result)
    return result


def mrqap_formula(
    formula: str,
    dyads: pd.DataFrame,
    nodes: pd.DataFrame | None = None,
    permutations: int | np.ndarray = 10_000,
    seed: Any = 0,
    directed: bool = True,
    *,
    kernel: Kernel = "auto",
) -> MrqapResult:
    """`mrqap` for a formula such as "contacts ~ distance * same_field + C(sender_kind)".

    `dyads` is a table of pairs with the columns `sender` and `receiver`, `nodes` a table of
    agencies; `matrices_from_formula` says which names a formula may use. The matrices that it makes
    also suit `poisson_dyads`.
    """
    y, predictors = matrices_from_formula(formula, dyads, nodes, directed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkewnessWarning)
        result = mrqap(y, predictors, permutations, seed, directed, kernel=kernel)
    _warn(result)
    return result


def _warn(result: MrqapResult) -> None:
    """Say aloud, in the line of the caller, the notes on doubtful p values."""
    for note in result.notes:
        if "pvalues_robust" in note:
            warnings.warn(note, SkewnessWarning, stacklevel=3)


def _result(
    dyads: Dyads, parts: Parts, null: np.ndarray, permutations: np.ndarray, kernel: Kernel
) -> MrqapResult:
    names = [CONSTANT, *dyads.names]
    design = dyads.design
    params = least_squares(design, dyads.outcome)
    variance = parts.rest @ parts.rest / parts.df
    ols_bse = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    tvalues = np.concatenate([[params[0] / ols_bse[0]], parts.tvalues])

    p = two_sided(parts.tvalues, null)
    about = dyads.outcome - dyads.outcome.mean()
    centred = dyads.predictors - dyads.predictors.mean(axis=0)
    # The own part of a predictor has length <x, own>; the rest of x follows from the others.
    own = np.einsum("dp,dp->p", centred, parts.own)
    spread, spread_p = spread_ratios(dyads, parts, permutations[:_SPREAD_PERMUTATIONS], kernel)
    checks = pd.DataFrame(
        {
            "confounding": 1 - own**2 / (centred**2).sum(axis=0),
            "spread": spread,
            "spread_p": spread_p,
        },
        index=list(dyads.names),
    )
    skewness = float((parts.rest**3).mean() / (parts.rest**2).mean() ** 1.5)

    def series(values: np.ndarray) -> pd.Series:
        return pd.Series(values, index=names)

    return MrqapResult(
        dyads=dyads,
        params=series(params),
        tvalues=series(tvalues),
        pvalues=series(np.concatenate([[np.nan], p])),
        pvalues_se=series(np.concatenate([[np.nan], np.sqrt(p * (1 - p) / len(null))])),
        ols_bse=series(ols_bse),
        rsquared=float(1 - parts.rest @ parts.rest / (about @ about)),
        skewness=skewness,
        checks=checks,
        null=pd.DataFrame(null, columns=list(dyads.names)),
        permutations=permutations,
        kernel=kernel,
        notes=_notes(skewness, checks, np.isnan(null)),
    )


def _notes(skewness: float, checks: pd.DataFrame, undefined: np.ndarray) -> tuple[str, ...]:
    """What a reader of the p values has to know."""
    notes = []
    doubtful = checks.index[checks["confounding"] > CONFOUNDING_LIMIT]
    if abs(skewness) > SKEWNESS_LIMIT and len(doubtful):
        notes.append(
            f"Skewness of the residuals is {skewness:.1f} and R-squared on the other predictors is "
            f"above {CONFOUNDING_LIMIT} for {', '.join(map(repr, doubtful))}: p values by t may be "
            "too small. Read pvalues_robust, or try np.log1p(y) or poisson_dyads."
        )
    wide = checks[(checks["spread"] > SPREAD_LIMIT) & (checks["spread_p"] <= 0.05)]
    if len(wide):
        named = ", ".join(f"'{name}' ({row['spread']:.1f} times)" for name, row in wide.iterrows())
        notes.append(
            f"The residuals vary more where these predictors have most to say: {named}. p values "
            "by t may be too small. Read pvalues_robust."
        )
    if undefined.any():
        notes.append(
            f"{undefined.any(axis=1).sum()} of {len(undefined):,} permutations left a predictor "
            "without a t value; they count as at least as large."
        )
    return tuple(notes)
