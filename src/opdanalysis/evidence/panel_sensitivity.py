"""How far paths may drift apart before the conclusion falls, for a fitted panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel_did import DiDFit
from opdanalysis.evidence.panel_power import errors_before
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.error_process import ErrorProcess
from opdanalysis.methods.honest_sensitivity import (
    SensitivityInterval,
    Smoothness,
    breakdown,
    smoothness_interval,
)


@dataclass(frozen=True, eq=False)
class DriftSensitivity:
    """Intervals for the mean effect over `n_lags` periods under bounds on a drift.

    `table` has one row per bound (units of the outcome per period, per period): estimate, error,
    df, worst bias and limits. `breakdown` is the largest bound at which zero is still left out: 0
    if it never is, infinite if it is at every bound tried. `errors` are those supposed when the
    leads were chosen.
    """

    table: pd.DataFrame
    breakdown: float
    n_leads: int
    n_lags: int
    errors: ErrorProcess


def drift_sensitivity(
    fit: DiDFit, bounds: Sequence[float], leads: int, lags: int, level: float = 0.95
) -> DriftSensitivity:
    """How the interval widens when the paths without a move may drift apart (smoothness).

    The slope of the drift may change by at most each bound per period; see
    `methods.honest_sensitivity`. Event times come from Callaway and Sant'Anna against the last
    period before the effect, or from the estimator of the fit if it has such a base. `leads` are
    the periods before that base, `lags` those from the move on. The errors that choose the leads
    are an AR(1) seen before the first move; the error of the chosen combination is the jackknife's.
    """
    estimator = fit.design.estimator
    if estimator.name == "imputation":
        estimator = Estimator("callaway_santanna", "not_yet")
    base = -1 - fit.design.anticipation
    events = [*range(base - leads, base), *range(base + 1, lags)]
    found = fit.jackknife_of(lambda now: estimator.by_event(now, events))
    unknown = np.isnan(found.weights).any(axis=1)
    if unknown.any():
        missing = ", ".join(str(event) for event, gap in zip(events, unknown, strict=True) if gap)
        raise UsageError(
            f"no comparison for event times {missing}; take fewer leads or lags ({leads} and {lags}"
            " were asked for)."
        )
    errors = errors_before(fit.panel, fit.design)
    correlation = errors.correlation(fit.timing.n_periods)
    cube = found.weights.reshape(len(events), fit.timing.n_units, -1)
    covariance = np.einsum("knt,ts,jns->kj", cube, correlation, cube, optimize=True)
    # From the anticipated periods on all count as lags; only those from the move on are averaged.
    after = np.array([event >= 0 for event in events[leads:]], dtype=float)
    smoothness = Smoothness(covariance * max(errors.sd, 1e-12) ** 2, after / after.sum())
    outcome = fit.panel.outcome
    estimates = found.estimates(outcome)

    def error_of(loads: np.ndarray) -> tuple[float, float]:
        combined = found.combined(loads[None])
        return float(combined.errors(outcome)[0]), float(combined.df[0])

    def interval_at(bound: float) -> SensitivityInterval:
        return smoothness_interval(estimates, smoothness, bound, level, error_of)

    rows = [vars(interval_at(float(bound))) for bound in bounds]
    highest = 10 * max([errors.sd, *map(float, bounds)])
    return DriftSensitivity(
        pd.DataFrame(rows), breakdown(interval_at, highest), leads, lags, errors
    )
