"""A single building as a case: synthetic control with ranks, and its series before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.methods.interrupted_series import InterruptedSeriesFit, interrupted_series
from opdanalysis.methods.synthetic_control import (
    PlaceboRanks,
    SyntheticControl,
    placebo_ranks,
    synthetic_control,
)


@dataclass(frozen=True, eq=False)
class CaseStudy:
    """One move against a synthetic control; no standard error, only a rank.

    `donors` are the units of the control, `table` has the periods in rows: `outcome`, `control`,
    `gap`.
    """

    units: tuple[str, ...]
    donors: tuple[str, ...]
    control: SyntheticControl
    ranks: PlaceboRanks
    table: pd.DataFrame

    def weights(self) -> pd.Series:
        """Weights of the donors, the largest first, without those at zero."""
        found = pd.Series(self.control.weights, index=self.donors)
        return found[found > 1e-6].sort_values(ascending=False)


def case_study(panel: Panel, design: Design, building: str) -> CaseStudy:
    """The mean outcome of those who moved to a building against a synthetic control.

    Donors are the units that stayed, without hosts, partial movers and those with gaps. Raises
    UsageError where nobody moved there, where they moved in different months, or with gaps.
    """
    timing = design.timing(panel)
    members, date = _movers(panel, timing.moved, building)
    donors = (
        (timing.moved >= NEVER)
        & timing.usable.all(axis=1)
        & np.array([to != building for to in panel.moved_to])
    )
    names = tuple(unit for unit, use in zip(panel.units, donors, strict=True) if use)
    outcome = panel.outcome[members].mean(axis=0)
    first = date - design.anticipation
    control = synthetic_control(outcome, panel.outcome[donors], first)
    ranks = placebo_ranks(outcome, panel.outcome[donors], first)
    table = pd.DataFrame(
        {"outcome": outcome, "control": outcome - control.gap, "gap": control.gap},
        index=panel.periods,
    )
    units = tuple(unit for unit, inside in zip(panel.units, members, strict=True) if inside)
    return CaseStudy(units, names, control, ranks, table)


def series_before_and_after(
    panel: Panel, design: Design, building: str, harmonics: int
) -> InterruptedSeriesFit:
    """The mean outcome of those who moved to a building, as a series that the move interrupts."""
    members, date = _movers(panel, design.timing(panel).moved, building)
    return interrupted_series(panel.outcome[members].mean(axis=0), date, harmonics)


def _movers(panel: Panel, moved: np.ndarray, building: str) -> tuple[np.ndarray, int]:
    """Who moved to a building, `(N,)`, and in which period."""
    there = np.array([to == building for to in panel.moved_to]) & (moved < NEVER)
    if not there.any():
        raise UsageError(
            f"no unit moved to '{building}'. {did_you_mean(building, set(panel.moved_to) - {''})}"
        )
    dates = np.unique(moved[there])
    if len(dates) > 1:
        shown = ", ".join(panel.period(date) for date in dates)
        raise UsageError(
            f"units moved to '{building}' in {shown}; a case study needs one month. Leave out the "
            "later movers."
        )
    return there, int(dates[0])
