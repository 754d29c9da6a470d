"""Those who moved in one month against a weighted mean of those who stayed, with placebo ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.methods.synthetic_did import (
    Placebos,
    SyntheticDiDEstimate,
    placebo_effects,
    synthetic_did,
)

EFFECT = "effect"


@dataclass(frozen=True, eq=False)
class SyntheticDiD:
    """Synthetic difference-in-differences of a panel and a design; `fit()` gives the estimate.

    All who moved must have moved in one month. Where they did not, `moved` (2026-02) names the
    month that is taken; those who moved in other months are then left out altogether.
    """

    panel: Panel
    design: Design
    moved: str | None = None

    def fit(self, draws: int, seed: Any) -> SyntheticDiDFit:
        """The mean effect from the move on, with `draws` placebos (all, where there are no more).

        Units that stayed serve as comparison, without hosts, partial movers and those with gaps.
        Raises UsageError where moves are staggered and no month was named, and where too few units
        or periods are left.
        """
        timing = self.design.timing(self.panel)
        month = self._month()
        first = month - self.design.anticipation
        known = timing.usable.any(axis=1)
        movers = known & (timing.moved == month)
        # The months of packing belong to neither side, here as in every other estimate.
        kept = (np.arange(self.panel.n_periods) < first) | (
            np.arange(self.panel.n_periods) >= month
        )
        stayed = (timing.moved >= NEVER) & timing.usable[:, kept].all(axis=1)
        outcome, n_before = self.panel.outcome[:, kept], max(first, 0)
        estimate = synthetic_did(outcome[movers], outcome[stayed], n_before)
        placebos = placebo_effects(outcome[stayed], int(movers.sum()), n_before, draws, seed)
        clusters = self.design.clusters(self.panel)[movers]
        return SyntheticDiDFit(
            panel=self.panel,
            movers=_names(self.panel, movers),
            donors=_names(self.panel, stayed),
            n_treated_clusters=len(np.unique(clusters)),
            periods=self.panel.periods[kept],
            n_before=n_before,
            estimate=estimate,
            placebos=placebos,
            outcome=np.stack(
                [outcome[movers].mean(axis=0), estimate.unit_weights @ outcome[stayed]]
            ),
        )

    def _month(self) -> int:
        timing = self.design.timing(self.panel)
        months = {
            self.panel.period(month): int(month)
            for month in timing.cohorts
            if month < timing.n_periods
        }
        if not months:
            raise UsageError(f"panel '{self.panel.label}': no unit moves within it.")
        if self.moved is not None:
            if self.moved not in months:
                raise UsageError(
                    f"no unit moved in '{self.moved}'. {did_you_mean(self.moved, months)}"
                )
            return months[self.moved]
        if len(months) > 1:
            raise UsageError(
                f"units moved in {', '.join(months)}; synthetic difference-in-differences needs "
                "one month. Name one, and those who moved in other months are left out; or take "
                "the imputation, which is made for moves one after the other."
            )
        return next(iter(months.values()))


@dataclass(frozen=True, eq=False)
class SyntheticDiDFit:
    """A fitted synthetic difference-in-differences, in the manner of statsmodels.

    `params`, `bse` and `pvalues` are Series with the one entry `effect`. The p value is the rank
    among the placebos. The error is theirs too, and is NaN where movers share a building, for the
    placebos do not, and where one unit moved. `outcome` holds the mean of the movers and of the
    weighted others over `periods`, `(2, T)`.
    """

    panel: Panel
    movers: tuple[str, ...]
    donors: tuple[str, ...]
    n_treated_clusters: int
    periods: pd.PeriodIndex
    n_before: int
    estimate: SyntheticDiDEstimate
    placebos: Placebos
    outcome: np.ndarray = field(repr=False)

    @property
    def n_treated(self) -> int:
        """Units that moved."""
        return len(self.movers)

    @property
    def alone(self) -> bool:
        """Whether each mover has errors of its own, and there are at least two."""
        return self.n_treated_clusters == self.n_treated > 1

    @property
    def params(self) -> pd.Series:
        """The estimate."""
        return pd.Series([self.estimate.effect], index=[EFFECT])

    @property
    def bse(self) -> pd.Series:
        """The spread of the placebos."""
        return pd.Series([self.placebos.sd if self.alone else np.nan], index=[EFFECT])

    @property
    def pvalues(self) -> pd.Series:
        """Share of placebos at least as large, this estimate among them."""
        return pd.Series([self.placebos.pvalue(self.estimate.effect)], index=[EFFECT])

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits at level 1 - alpha by the normal law, as in the paper: `lower`, `upper`."""
        reach = stats.norm.ppf(1 - alpha / 2) * self.bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers has to know, the gravest first."""
        found = []
        if not self.alone:
            why = "one unit moved."
            if self.n_treated > 1:
                why = (
                    f"{self.n_treated} units share {self.n_treated_clusters} building(s) and their "
                    "troubles; placebos do not, so the p value is too small."
                )
            found.append(f"No standard error: {why}")
        smallest = 1 / (1 + len(self.placebos.effects))
        if 0.05 < smallest < 1:
            found.append(
                f"With {len(self.placebos.effects)} placebos no p is below {smallest:.2f}."
            )
        found.append(
            "Placebos suppose that movers and others are equally noisy. Where paths run parallel "
            "anyway the weights gain nothing on two-way fixed effects."
        )
        return tuple(found)

    def unit_weights(self) -> pd.Series:
        """Weights of those who stayed, the largest first, without those at zero."""
        found = pd.Series(self.estimate.unit_weights, index=self.donors)
        return found[found > 1e-6].sort_values(ascending=False)

    def time_weights(self) -> pd.Series:
        """Weights of the periods before the move, without those at zero."""
        found = pd.Series(self.estimate.time_weights, index=self.periods[: self.n_before])
        return found[found > 1e-6]

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row: estimate, placebo error, p, limits, and what they rest on."""
        limits = self.conf_int(alpha)
        return pd.DataFrame(
            {
                "term": [EFFECT],
                "estimate": self.params.to_numpy(),
                "std_error": self.bse.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "lower": limits["lower"].to_numpy(),
                "upper": limits["upper"].to_numpy(),
                "n_treated": [self.n_treated],
                "n_treated_clusters": [self.n_treated_clusters],
                "n_placebos": [len(self.placebos.effects)],
            }
        )

    def table(self) -> pd.DataFrame:
        """Periods in rows: `outcome` of the movers, `control`, and `gap` less its level before.

        The mean of the gap from the move on is the estimate.
        """
        gap = self.outcome[0] - self.outcome[1]
        gap = gap - self.estimate.time_weights @ gap[: self.n_before]
        return pd.DataFrame(
            {"outcome": self.outcome[0], "control": self.outcome[0] - gap, "gap": gap},
            index=self.periods,
        )

    def plot(self, ax: Any = None) -> Any:
        """A plain picture of the movers and their control; the matplotlib axes."""
        from opdanalysis.evidence.panel_plots import plot_against_control

        return plot_against_control(self.table(), self.n_before, self.panel.label, ax)

    def summary(self, alpha: float = 0.05) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from opdanalysis.evidence.panel_summary import synthetic_did_summary

        return synthetic_did_summary(self, alpha)


def _names(panel: Panel, chosen: np.ndarray) -> tuple[str, ...]:
    return tuple(unit for unit, inside in zip(panel.units, chosen, strict=True) if inside)
