"""Whether movers were already drifting away before they moved, and which drift would be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel_did import DiDFit, effect_table
from opdanalysis.evidence.panel_event_study import reached_events
from opdanalysis.evidence.panel_notes import unevenly_noisy
from opdanalysis.evidence.panel_power import errors_before
from opdanalysis.methods.cluster_jackknife import Jackknife, WeightsOf
from opdanalysis.methods.detectable_effect import detectable_by_t
from opdanalysis.methods.did_pretrend import pretrend_slope
from opdanalysis.methods.did_timing import Timing
from opdanalysis.methods.did_weights import imputation_leads
from opdanalysis.methods.error_process import ErrorProcess, ar1_correlation
from opdanalysis.methods.move_assignments import Assignments
from opdanalysis.methods.randomisation import Statistic, permuted_values

LEVEL, POWER = 0.05, 0.8
"""The test and the probability of detection for which the detectable slope is told."""


@dataclass(frozen=True)
class PretrendTest:
    """Did movers already drift away before they moved?

    `slope` per period with its jackknife `std_error`, `df` and `p_value`. `p_slope` and `p_joint`
    are randomisation p values of the slope and of the largest |t| among `n_leads` leads.
    `statistic` says what was randomised for the slope: the coefficient, which finds most, or t
    where movers are noisier or quieter than the others. `detectable` is the slope found with 80%
    probability at 5% by that test: a test that can find only a large one does not clear a small
    one. `rho` is the likeness of neighbouring months that the weights of the slope allow for. Where
    every unit moves the slope cannot be told from the months (NaN), and only the leads are left.
    """

    slope: float
    std_error: float
    df: float
    p_value: float
    p_slope: float
    p_joint: float
    detectable: float
    statistic: Statistic
    rho: float
    n_leads: int
    n_assignments: int


def pretrend_test(fit: DiDFit, leads: int, draws: int, seed: Any) -> PretrendTest:
    """Tests of the periods before the move (and before anticipation), by slope and by leads.

    The leads are those of the imputation estimator whatever the estimator of the fit, so that the
    test does not touch the effects (Borusyak, Jaravel and Spiess 2024). The slope is weighted by
    an AR(1) seen in all units before the first move, which does not depend on who moved.
    """
    timing, outcome = fit.timing, fit.panel.outcome
    errors = _errors(fit)
    rho = errors.rho if errors else 0.0
    correlation = ar1_correlation(rho, timing.n_periods)

    def slope_weights(now: Timing) -> np.ndarray:
        return pretrend_slope(now, correlation)

    slopes = fit.jackknife_of(slope_weights)
    last = -1 - fit.design.anticipation
    reached = reached_events(timing)
    events = [
        event for event in range(last - leads + 1, last + 1)
        if event in reached and _has_earlier(timing, event)
    ]  # fmt: skip
    if np.isnan(slopes.weights).any() and not events:
        raise UsageError(
            "no unit is seen in two periods before its move beside units that had not moved; a "
            "drift before the move cannot be told."
        )
    found = effect_table(slopes, outcome, LEVEL).iloc[0]
    assignments = fit.assignments(draws, seed)
    statistic: Statistic = "t" if unevenly_noisy(fit.noise_ratio) else "coefficient"
    p_slope = _p_of(slope_weights, slopes, fit, assignments, statistic)
    reach = detectable_by_t(float(found["std_error"]), float(found["df"]), LEVEL, POWER)
    if statistic == "coefficient" and errors:
        # Assignments of many units know the error; t would have to learn it from the movers.
        weights = slopes.weights.reshape(timing.usable.shape)
        variance = np.einsum("nt,ts,ns->", weights, correlation, weights)
        distance = stats.norm.ppf(1 - LEVEL / 2) + stats.norm.ppf(POWER)
        reach = float(distance * errors.sd * np.sqrt(variance))
    p_joint = np.nan
    if events:

        def lead_weights(now: Timing) -> np.ndarray:
            return imputation_leads(now, events)

        p_joint = _p_of(lead_weights, fit.jackknife_of(lead_weights), fit, assignments, "t")
    return PretrendTest(
        slope=float(found["estimate"]),
        std_error=float(found["std_error"]),
        df=float(found["df"]),
        p_value=float(found["p_value"]),
        p_slope=p_slope,
        p_joint=p_joint,
        detectable=reach,
        statistic=statistic,
        rho=rho,
        n_leads=len(events),
        n_assignments=len(assignments.roles),
    )


def _errors(fit: DiDFit) -> ErrorProcess | None:
    """The errors before the first move; None, and so least squares, where they cannot be seen."""
    try:
        return errors_before(fit.panel, fit.design)
    except UsageError:
        return None


def _p_of(
    weights_of: WeightsOf,
    jackknife: Jackknife,
    fit: DiDFit,
    assignments: Assignments,
    statistic: Statistic,
) -> float:
    """Randomisation p of the largest of the estimates."""
    outcome = fit.panel.outcome
    own = np.abs(jackknife.estimates(outcome))
    if statistic == "t":
        with np.errstate(divide="ignore", invalid="ignore"):
            own = own / jackknife.errors(outcome)
    if np.isnan(own).all() or assignments.possible < 2:
        return np.nan
    values = permuted_values(
        weights_of, fit.timing, fit.clusters, outcome, assignments, jackknife, statistic
    )
    kept = ~np.isnan(own)
    null = np.abs(values[:, kept])
    largest = np.where(np.isnan(null), np.inf, null).max(axis=1)
    larger = int((largest >= own[kept].max() * (1 - 1e-9)).sum())
    if assignments.complete:
        return larger / len(null)
    return (1 + larger) / (1 + len(null))


def _has_earlier(timing: Timing, event: int) -> bool:
    """Whether a mover seen at this event time is also seen before it."""
    at = (timing.untreated & (timing.event == event)).any(axis=1)
    return bool((timing.untreated & (timing.event < event))[at].any())
