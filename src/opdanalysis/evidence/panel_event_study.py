"""The effect by months since the move, with a band for the whole path, and what came before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel_did import DiDFit, effect_table
from opdanalysis.methods.cluster_jackknife import Jackknife
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.did_weights import pretrend_slope
from opdanalysis.methods.randomisation import permuted_tvalues
from opdanalysis.methods.simultaneous_band import band_factor


@dataclass(frozen=True, eq=False)
class EventStudy:
    """Estimates by event time: periods since the move, negative before it.

    `base` are the event times that the others are held against. `factor` is how much wider than
    the pointwise interval the band for all event times together is; `seed` made it.
    """

    fit: DiDFit
    events: tuple[int, ...]
    jackknife: Jackknife
    base: str
    level: float
    factor: float

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per event time: estimate, error, df, p, limits, band, units and clusters."""
        outcome = self.fit.panel.outcome
        table = effect_table(self.jackknife, outcome, 1 - self.level)
        table.insert(0, "event", self.events)
        at_base = table["estimate"].abs().lt(1e-12) & table["std_error"].lt(1e-12)
        table.loc[at_base, ["df", "p_value"]] = np.nan
        table.loc[at_base, ["lower", "upper"]] = 0.0
        reach = self.factor * (table["upper"] - table["estimate"])
        table["band_lower"] = table["estimate"] - reach
        table["band_upper"] = table["estimate"] + reach
        timing = self.fit.timing
        identified = self.fit.design.estimator.identified(timing)
        cells = [
            ((identified if event >= 0 else timing.usable) & (timing.event == event)).any(axis=1)
            for event in self.events
        ]
        table["n_units"] = [int(cell.sum()) for cell in cells]
        table["n_clusters"] = [len(np.unique(self.fit.clusters[cell])) for cell in cells]
        return table

    def tidy(self) -> pd.DataFrame:
        """The table."""
        return self.table


def event_study(
    fit: DiDFit, leads: int, lags: int, draws: int, seed: Any, level: float = 0.95
) -> EventStudy:
    """Effects from `leads` periods before to `lags` after the move, with a band at `level`.

    Event times that no unit reaches are left out. `draws` and `seed` make the band.
    """
    timing = fit.timing
    reached = _reached(timing)
    events = tuple(event for event in range(-leads, lags + 1) if event in reached)
    if not events:
        raise UsageError(
            f"no unit is seen within {leads} periods before and {lags} after its move; expected "
            "some. Take more leads or lags."
        )
    estimator = fit.design.estimator
    jackknife = fit.jackknife_of(lambda now: estimator.by_event(now, events))
    deviations = jackknife.deviations(fit.panel.outcome)
    factor = band_factor(deviations, jackknife.factor, jackknife.df, level, draws, seed)
    first = -fit.design.anticipation
    base = f"{first - 1}"
    if estimator.name == "imputation":
        base = f"before {min(min(events), first)} for leads, all periods before {first} for lags"
    return EventStudy(fit, events, jackknife, base, level, factor)


@dataclass(frozen=True)
class PretrendTest:
    """Did movers already drift away before they moved?

    `slope` per period with its jackknife `std_error`, `df` and `p_value`; `p_slope` and `p_joint`
    are randomisation p values of the slope and of the largest |t| among `n_leads` leads.
    `detectable` is the slope found with 80% probability by the first test at 5%: a test that can
    find only a large one does not clear a small one. Where every unit moves the slope cannot be
    told from the months (NaN), and only the leads are left.
    """

    slope: float
    std_error: float
    df: float
    p_value: float
    p_slope: float
    p_joint: float
    detectable: float
    n_leads: int
    n_assignments: int


def pretrend_test(fit: DiDFit, leads: int, draws: int, seed: Any) -> PretrendTest:
    """Tests of the periods before the move (and before anticipation), by slope and by leads.

    The leads are those of the imputation estimator whatever the estimator of the fit, so that the
    test does not touch the effects (Borusyak, Jaravel and Spiess 2024).
    """
    from opdanalysis.methods.detectable_effect import detectable_by_t
    from opdanalysis.methods.did_weights import imputation_leads

    timing, outcome = fit.timing, fit.panel.outcome
    slopes = fit.jackknife_of(pretrend_slope)
    last = -1 - fit.design.anticipation
    reached = _reached(timing)
    events = [
        event for event in range(last - leads + 1, last + 1)
        if event in reached and _has_earlier(timing, event)
    ]  # fmt: skip
    if np.isnan(slopes.weights).any() and not events:
        raise UsageError(
            "no unit is seen in two periods before its move beside units that had not moved; a "
            "drift before the move cannot be told."
        )
    found = effect_table(slopes, outcome, 0.05).iloc[0]
    assignments = fit.assignments(draws, seed)

    def p_of(jackknife: Jackknife, weights_of: Any) -> float:
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.abs(jackknife.estimates(outcome) / jackknife.errors(outcome))
        if np.isnan(own).all() or assignments.possible < 2:
            return np.nan
        null = np.abs(
            permuted_tvalues(weights_of, timing, fit.clusters, outcome, assignments, jackknife)
        )
        kept = ~np.isnan(own)
        largest = np.where(np.isnan(null[:, kept]), np.inf, null[:, kept]).max(axis=1)
        larger = int((largest >= own[kept].max() * (1 - 1e-9)).sum())
        if assignments.complete:
            return larger / len(null)
        return (1 + larger) / (1 + len(null))

    p_joint = np.nan
    if events:
        joint = fit.jackknife_of(lambda now: imputation_leads(now, events))
        p_joint = p_of(joint, lambda now: imputation_leads(now, events))
    return PretrendTest(
        slope=float(found["estimate"]),
        std_error=float(found["std_error"]),
        df=float(found["df"]),
        p_value=float(found["p_value"]),
        p_slope=p_of(slopes, pretrend_slope),
        p_joint=p_joint,
        detectable=detectable_by_t(float(found["std_error"]), float(found["df"]), 0.05, 0.8),
        n_leads=len(events),
        n_assignments=len(assignments.roles),
    )


def _reached(timing: Timing) -> set[int]:
    """Event times at which a mover is seen."""
    moves = (timing.moved < NEVER)[:, None]
    return {int(event) for event in np.unique(timing.event[timing.usable & moves])}


def _has_earlier(timing: Timing, event: int) -> bool:
    """Whether a mover seen at this event time is also seen before it."""
    at = (timing.untreated & (timing.event == event)).any(axis=1)
    return bool((timing.untreated & (timing.event < event))[at].any())
