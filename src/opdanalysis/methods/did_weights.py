"""Staggered difference-in-differences as weights: every estimate is the sum of weights * outcome.

A target `(K, N, T)` says how much each cell counts in what is to be known: for the effect on those
who moved, equal parts of all cells from the move on. Every function returns weights of the shape of
its targets, NaN where a target cannot be known from the cells at hand.

Sources: Borusyak, Jaravel and Spiess (2024) for the imputation; Callaway and Sant'Anna (2021),
outcome regression without covariates; Sun and Abraham (2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.two_way_effects import (
    regression_weights,
    tied_periods,
    two_way_effects,
)

Controls = Literal["not_yet", "never"]
Base = Literal["universal", "varying"]


def equal_parts(cells: np.ndarray) -> np.ndarray:
    """Equal parts of the cells of each mask, summing to one; `(K, N, T)`, NaN for an empty one."""
    counts = cells.sum(axis=(-2, -1), keepdims=True).astype(float)
    counts[counts == 0] = np.nan
    return cells / counts


# Imputation: unit and period effects from untreated cells, forecast to the others.


def imputation_identified(timing: Timing, trends: bool = False) -> np.ndarray:
    """Cells whose untreated outcome can be forecast from untreated cells, `(N, T)` bool."""
    untreated = timing.untreated
    known = untreated.sum(axis=1) >= (2 if trends else 1)
    return timing.usable & known[:, None] & _tied(untreated)


def imputation_weights(timing: Timing, targets: np.ndarray, trends: bool = False) -> np.ndarray:
    """Weights of the imputation estimator for targets on affected cells, `(K, N, T)`."""
    blank = np.isnan(targets).any(axis=(1, 2))
    targets = np.where(blank[:, None, None], 0.0, targets)
    weights = targets - two_way_effects(timing.untreated, trends).forecast_weights(targets)
    weights[blank] = np.nan
    return weights


def imputation_leads(timing: Timing, leads: Sequence[int], trends: bool = False) -> np.ndarray:
    """Weights of the deviations before the move, `(K, N, T)`; leads are negative event times.

    Least squares on untreated cells with one dummy per lead; the months before the earliest lead
    are the base. Apart from the effects after the move, so that testing the one does not bend the
    other (Borusyak, Jaravel and Spiess 2024, section 4.4).
    """
    untreated = timing.untreated
    dummies = np.stack([untreated & (timing.event == lead) for lead in leads]).astype(float)
    return _coefficients(dummies, untreated, trends)


def _coefficients(regressors: np.ndarray, mask: np.ndarray, trends: bool) -> np.ndarray:
    effects = two_way_effects(mask, trends)
    present = regressors.any(axis=(1, 2))
    contrasts = np.diag(present.astype(float))
    return regression_weights(regressors, contrasts, effects)


# Callaway and Sant'Anna: each cohort and period against those not yet affected.


def callaway_santanna_identified(
    timing: Timing, controls: Controls, base: Base = "universal"
) -> np.ndarray:
    """Cells of movers with a base period and with controls in both periods, `(N, T)` bool."""
    found = np.zeros_like(timing.usable)
    for members, period, start, others in _comparisons(timing, controls, base):
        if others.any() or period == start:
            found[members, period] = True
    return found


def callaway_santanna_weights(
    timing: Timing, targets: np.ndarray, controls: Controls, base: Base = "universal"
) -> np.ndarray:
    """Weights that give each cohort and period the part that the target gives it, `(K, N, T)`."""
    weights = np.zeros(targets.shape)
    for members, period, start, others in _comparisons(timing, controls, base):
        part = targets[:, members, period].sum(axis=1)
        if period == start or not part.any():
            continue
        own = (part / len(members))[:, None]
        against = (part / others.sum())[:, None] if others.any() else np.nan
        weights[:, members, period] += own
        weights[:, members, start] -= own
        weights[:, others, period] -= against
        weights[:, others, start] += against
    weights[np.isnan(targets).any(axis=(1, 2))] = np.nan
    return weights


def _comparisons(
    timing: Timing, controls: Controls, base: Base
) -> Iterable[tuple[np.ndarray, int, int, np.ndarray]]:
    """Cohort members (indices), period, base period and controls (mask) of each comparison."""
    usable = timing.usable
    for cohort in timing.cohorts:
        first = cohort - timing.anticipation
        inside = timing.moved == cohort
        for period in range(timing.n_periods):
            start = period - 1 if base == "varying" and period < first else first - 1
            if not 0 <= start < timing.n_periods:
                continue
            both = usable[:, period] & usable[:, start]
            members = np.flatnonzero(inside & both)
            if not len(members):
                continue
            if controls == "never":
                others = both & (timing.moved >= NEVER)
            else:
                others = both & ~inside & (timing.affected > max(period, start))
            yield members, period, start, others


# Sun and Abraham: one coefficient per cohort and period, against those who never move.


def sun_abraham_identified(timing: Timing) -> np.ndarray:
    """Cells of cohorts that can be held against the reference, `(N, T)` bool.

    The reference never moves; where everyone moves it is the last cohort, in the periods before
    that is affected.
    """
    reference, within = _reference(timing)
    inside = within & ~reference[:, None] & (timing.moved < NEVER)[:, None]
    based = np.zeros(timing.n_units, dtype=bool)
    for cohort in timing.cohorts:
        base = cohort - timing.anticipation - 1
        if 0 <= base < timing.n_periods and (within[:, base] & (timing.moved == cohort)).any():
            based |= timing.moved == cohort
    return inside & based[:, None] & within[reference].any(axis=0)


def sun_abraham_weights(timing: Timing, targets: np.ndarray) -> np.ndarray:
    """Weights that give each cohort's coefficient the part that the target gives it."""
    reference, within = _reference(timing)
    cells = within & ~reference[:, None] & (timing.moved < NEVER)[:, None]
    base = timing.event == -1 - timing.anticipation
    pairs = [
        (cohort, period)
        for cohort in timing.cohorts
        for period in range(timing.n_periods)
        if (cells & ~base)[timing.moved == cohort, period].any()
    ]
    if not pairs:
        return np.full(targets.shape, np.nan)
    regressors = np.zeros((len(pairs), *timing.usable.shape))
    contrasts = np.zeros((len(targets), len(pairs)))
    for row, (cohort, period) in enumerate(pairs):
        members = timing.moved == cohort
        regressors[row, :, period] = cells[:, period] & members
        contrasts[:, row] = targets[:, members, period].sum(axis=1)
    blank = np.isnan(contrasts).any(axis=1)
    contrasts[blank] = 0.0
    weights = regression_weights(regressors, contrasts, two_way_effects(within))
    weights[~contrasts.any(axis=1)] = 0.0  # the base period itself
    weights[blank] = np.nan
    return weights


def _reference(timing: Timing) -> tuple[np.ndarray, np.ndarray]:
    """Units of the reference, `(N,)`, and the cells in which all can be held against it."""
    never = (timing.moved >= NEVER) & timing.usable.any(axis=1)
    if never.any() or not len(timing.cohorts):
        return never, timing.usable
    last = timing.moved == timing.cohorts[-1]
    before = np.arange(timing.n_periods) < timing.cohorts[-1] - timing.anticipation
    return last, timing.usable & before


# Two-way fixed effects: the line that is printed because readers ask for it.


def two_way_weights(timing: Timing) -> np.ndarray:
    """Weights of the coefficient of "has moved" beside unit and period effects, `(1, N, T)`."""
    mask = timing.untreated | timing.treated
    return _coefficients(timing.treated[None].astype(float), mask, False)


def two_way_events(timing: Timing, events: Sequence[int]) -> np.ndarray:
    """Weights of the coefficients of event times in one regression, `(K, N, T)`.

    The base is the last period before the effect; where nobody stays, the earliest event time is
    a second base, because a common slope could not be told from the period effects.
    """
    base = -1 - timing.anticipation
    moves = (timing.moved < NEVER)[:, None]
    present = np.unique(timing.event[timing.usable & moves])
    left_out = {base}
    if not ((timing.moved >= NEVER) & timing.usable.any(axis=1)).any() and len(present):
        left_out.add(int(present[0]))
    kept = [int(event) for event in present if event not in left_out]
    if not kept:
        return np.full((len(events), *timing.usable.shape), np.nan)
    regressors = np.stack([timing.usable & moves & (timing.event == e) for e in kept])
    contrasts = np.array([[float(e == event) for e in kept] for event in events])
    weights = regression_weights(
        regressors.astype(float), contrasts, two_way_effects(timing.usable)
    )
    weights[[event in left_out for event in events]] = 0.0
    return weights


def _tied(mask: np.ndarray) -> np.ndarray:
    """Cells whose unit and period are tied to each other by cells of a mask, `(N, T)` bool."""
    labels = tied_periods(mask)
    of_units = np.where(mask.any(axis=1), labels[mask.argmax(axis=1)], -2)
    return mask.any(axis=0) & (of_units[:, None] == labels)
