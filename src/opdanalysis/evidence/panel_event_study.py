"""The effect by months since the move, with a band for the whole path."""

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

    def plot(self, ax: Any = None) -> Any:
        """A plain picture of the table; the matplotlib axes."""
        from opdanalysis.evidence.panel_plots import plot_path

        return plot_path(self.table, self.fit.panel.label, ax)


def event_study(
    fit: DiDFit, leads: int, lags: int, draws: int, seed: Any, level: float = 0.95
) -> EventStudy:
    """Effects from `leads` periods before to `lags` after the move, with a band at `level`.

    Event times that no unit reaches are left out. `draws` and `seed` make the band.
    """
    timing = fit.timing
    reached = reached_events(timing)
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


def reached_events(timing: Timing) -> set[int]:
    """Event times at which a mover is seen."""
    moves = (timing.moved < NEVER)[:, None]
    return {int(event) for event in np.unique(timing.event[timing.usable & moves])}
