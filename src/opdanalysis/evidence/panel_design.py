"""What is held against what: the estimator, and how partial moves, hosts and plans are treated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER, Timing

Moves = Literal["done", "announced"]
Partial = Literal["apart", "moved", "still"]
Hosts = Literal["apart", "controls"]
EffectOn = Literal["movers", "hosts"]


IMPUTATION = Estimator("imputation")


@dataclass(frozen=True)
class Design:
    """How a panel is turned into a comparison.

    estimator : imputation is the main one; the others are there to be held against it.
    anticipation : periods before the move in which packing already shows.
    moves : "done", or "announced" for the effect of having been announced (intention to treat).
    partial : units that moved with a part only are left "apart" from their move on, count as
        "moved", or as "still" where they were.
    hosts : units whose building others moved into are left "apart" from then on, or stay
        "controls".
    effect_on : "movers", or "hosts" for what crowding did to those who received others; the movers
        are then left out from their move on.
    leave_out : ids of units that are not used at all.
    """

    estimator: Estimator = IMPUTATION
    anticipation: int = 0
    moves: Moves = "done"
    partial: Partial = "apart"
    hosts: Hosts = "apart"
    effect_on: EffectOn = "movers"
    leave_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for field, allowed in (
            ("moves", get_args(Moves)),
            ("partial", get_args(Partial)),
            ("hosts", get_args(Hosts)),
            ("effect_on", get_args(EffectOn)),
        ):
            word = getattr(self, field)
            if word not in allowed:
                raise UsageError(f"{field} is '{word}'. {did_you_mean(word, allowed)}")
        if self.anticipation < 0:
            raise UsageError(
                f"anticipation is {self.anticipation} periods; expected 0 or more, counted back "
                "from the move."
            )

    def timing(self, panel: Panel) -> Timing:
        """Who moved when, and which cells are used."""
        for unit in sorted(self.leave_out - set(panel.units)):
            raise UsageError(f"there is no unit '{unit}'. {did_you_mean(unit, panel.units)}")
        time = np.arange(panel.n_periods)
        usable = ~np.isnan(panel.outcome)
        usable &= ~np.isin(panel.units, list(self.leave_out))[:, None]

        def from_on(dates: np.ndarray) -> np.ndarray:
            return time >= np.where(dates >= NEVER, NEVER, dates - self.anticipation)[:, None]

        if self.effect_on == "hosts":
            usable &= ~from_on(panel.moved)
            return Timing(panel.crowded, usable, self.anticipation)
        moved = panel.announced if self.moves == "announced" else panel.moved.copy()
        if self.moves == "done":
            partly = panel.share_moved < 1
            if self.partial != "moved":
                moved[partly] = NEVER
            if self.partial == "apart":
                usable &= ~(partly[:, None] & from_on(panel.moved))
        if self.hosts == "apart":
            usable &= ~((moved >= NEVER)[:, None] & from_on(panel.crowded))
        return Timing(moved, usable, self.anticipation)

    def clusters(self, panel: Panel) -> np.ndarray:
        """Labels of the units whose errors go together, `(N,)`: those bound for one building.

        A unit that neither moves nor hosts is a cluster of its own.
        """
        places = list(panel.moved_to)
        if self.moves == "announced" and self.effect_on == "movers":
            places = [
                to or done for to, done in zip(panel.announced_to, panel.moved_to, strict=True)
            ]
        names = [
            f"to {to}" if to else f"unit {unit}"
            for to, unit in zip(places, panel.units, strict=True)
        ]
        return np.unique(names, return_inverse=True)[1]

    def strata(self, panel: Panel) -> np.ndarray:
        """Labels of the units that could have changed places, `(N,)`.

        Hosts and those who moved in part keep their own place.
        """
        timing = self.timing(panel)
        apart = (panel.crowded < NEVER) | (panel.share_moved < 1)
        if self.effect_on == "hosts":
            apart = panel.moved < NEVER
        apart &= timing.moved >= NEVER
        names = [
            f"{stratum}|{unit if alone else ''}"
            for stratum, unit, alone in zip(panel.stratum, panel.units, apart, strict=True)
        ]
        return np.unique(names, return_inverse=True)[1]

    def table(self, panel: Panel) -> pd.DataFrame:
        """One row per month in which units moved, and one for those who did not.

        `units`, `clusters` (buildings), `periods_before` and `periods_after` with outcomes (mean
        per unit), and `share_identified`, the part of the unit-months from the move on that have a
        comparison.
        """
        timing = self.timing(panel)
        clusters = self.clusters(panel)
        present = timing.usable.any(axis=1)
        identified = self.estimator.identified(timing)
        rows = []
        for date in (*timing.cohorts, NEVER):
            members = present & (timing.moved == date)
            after = timing.treated[members]
            rows.append(
                {
                    "moved": panel.period(date) or "not",
                    "units": int(members.sum()),
                    "clusters": len(np.unique(clusters[members])),
                    "periods_before": timing.untreated[members].sum(axis=1).mean()
                    if members.any()
                    else 0.0,
                    "periods_after": after.sum(axis=1).mean() if members.any() else 0.0,
                    "share_identified": (identified[members] & after).sum() / after.sum()
                    if after.any()
                    else np.nan,
                }
            )
        return pd.DataFrame(rows)

    def paths(self, panel: Panel) -> pd.DataFrame:
        """Mean outcome per period of those who moved in the same month, and of those who did not.

        Rows are periods, columns the months of the moves and `not`: what to look at first.
        """
        timing = self.timing(panel)
        columns = {}
        for date in (*timing.cohorts, NEVER):
            members = (timing.moved == date) & timing.usable.any(axis=1)
            if members.any():
                counts = timing.usable[members].sum(axis=0)
                sums = np.where(timing.usable, panel.outcome, 0.0)[members].sum(axis=0)
                columns[panel.period(date) or "not"] = np.divide(
                    sums, counts, out=np.full(len(sums), np.nan), where=counts > 0
                )
        return pd.DataFrame(columns, index=panel.periods)
