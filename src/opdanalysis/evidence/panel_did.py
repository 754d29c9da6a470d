"""What the move did, on average: estimate, jackknife error, interval and randomisation test."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_notes import FEW_CLUSTERS, notes_of, unevenly_noisy
from opdanalysis.methods.cluster_jackknife import Jackknife, WeightsOf, cluster_jackknife
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.move_assignments import Assignments, move_assignments
from opdanalysis.methods.randomisation import RandomisationTest, Statistic, randomisation_test
from opdanalysis.methods.two_way_effects import two_way_effects

EFFECT = "effect"


class FewMovesWarning(UserWarning):
    """Too few moves, or movers of another kind: an error or a test is not to be leaned on."""


@dataclass(frozen=True, eq=False)
class DiD:
    """Difference-in-differences for a panel and a design; `fit()` gives the estimate."""

    panel: Panel
    design: Design

    def fit(self) -> DiDFit:
        """The mean effect over all identified unit-months from the move on.

        Raises UsageError where no unit-month after a move has a comparison; warns
        (FewMovesWarning) where fewer than six clusters moved.
        """
        timing = self.design.timing(self.panel)
        clusters = self.design.clusters(self.panel)
        if not timing.treated.any():
            raise UsageError(
                f"panel '{self.panel.label}': no unit has an outcome after its move; expected at "
                "least one. Are the dates of the moves within the months of the panel?"
            )
        if not (self.design.estimator.identified(timing) & timing.treated).any():
            raise UsageError(
                f"panel '{self.panel.label}': no unit-month after a move has a comparison for the "
                f"estimator '{self.design.estimator.name}'. Units are needed that stay or move "
                "later, and months before the first move."
            )
        jackknife = cluster_jackknife(self.design.estimator.overall, timing, clusters)
        fit = DiDFit(self.panel, self.design, timing, clusters, jackknife)
        if fit.n_treated_clusters < FEW_CLUSTERS:
            warnings.warn(fit.notes[0], FewMovesWarning, stacklevel=2)
        return fit


@dataclass(frozen=True, eq=False)
class DiDFit:
    """A fitted difference-in-differences, in the manner of statsmodels.

    `params`, `bse`, `tvalues`, `pvalues` and `df` are Series with the one entry `effect`, in units
    of the outcome. With fewer than two treated clusters there is no standard error: `bse` is NaN,
    and only the estimate and the randomisation test are left.
    """

    panel: Panel
    design: Design
    timing: Timing
    clusters: np.ndarray
    jackknife: Jackknife

    def _series(self, values: np.ndarray) -> pd.Series:
        return pd.Series(values, index=[EFFECT])

    @cached_property
    def params(self) -> pd.Series:
        """The estimate."""
        return self._series(self.jackknife.estimates(self.panel.outcome))

    @cached_property
    def bse(self) -> pd.Series:
        """Jackknife standard error, leaving out one cluster at a time."""
        return self._series(self.jackknife.errors(self.panel.outcome))

    @cached_property
    def df(self) -> pd.Series:
        """Satterthwaite degrees of freedom of the error."""
        return self._series(self.jackknife.df)

    @property
    def tvalues(self) -> pd.Series:
        """Estimate over error."""
        return self.params / self.bse

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p values of no effect, by t with `df`."""
        return self._series(2 * stats.t.sf(np.abs(self.tvalues), self.df))

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits at level 1 - alpha: `lower`, `upper`."""
        reach = stats.t.ppf(1 - alpha / 2, self.df) * self.bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    @property
    def nobs(self) -> int:
        """Number of unit-months used."""
        return int(self.timing.usable.sum())

    @cached_property
    def _treated(self) -> np.ndarray:
        return (self.design.estimator.identified(self.timing) & self.timing.treated).any(axis=1)

    @property
    def n_treated(self) -> int:
        """Units that moved and have a comparison."""
        return int(self._treated.sum())

    @property
    def n_treated_clusters(self) -> int:
        """Buildings that these units moved to: what the degrees of freedom come from."""
        return len(np.unique(self.clusters[self._treated]))

    @property
    def n_clusters(self) -> int:
        """Clusters in all."""
        return self.jackknife.changes.shape[1]

    @property
    def share_identified(self) -> float:
        """Share of the unit-months from the move on that have a comparison [1]."""
        return self.design.estimator.share_identified(self.timing)

    @cached_property
    def negative_weight(self) -> float:
        """Sum of the negative weights on unit-months from the move on [1].

        Zero where every moved unit-month counts towards the mean. Two-way fixed effects may have
        some, and then the wrong sign (de Chaisemartin and D'Haultfoeuille 2020).
        """
        weights = self.jackknife.weights.reshape(self.timing.usable.shape)
        return float(np.minimum(weights[self.timing.treated], 0).sum())

    @cached_property
    def noise_ratio(self) -> float:
        """Spread of the errors of movers over that of the others, before any move [1]; or NaN."""
        before = self.timing.usable & (
            np.arange(self.timing.n_periods) < self.timing.affected.min()
        )
        rest = two_way_effects(before).residuals(np.nan_to_num(self.panel.outcome)) ** 2
        moves = self.timing.moved < NEVER
        parts = [
            rest[who].sum() / max(before[who].sum() - before[who].any(axis=1).sum(), 1)
            for who in (moves, ~moves)
        ]
        return float(np.sqrt(parts[0] / parts[1])) if parts[1] > 0 else np.nan

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers has to know, the gravest first."""
        return notes_of(self)

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row: estimate, error, df, p, limits, and what they rest on."""
        limits = self.conf_int(alpha)
        return pd.DataFrame(
            {
                "term": [EFFECT],
                "estimate": self.params.to_numpy(),
                "std_error": self.bse.to_numpy(),
                "df": self.df.to_numpy(),
                "statistic": self.tvalues.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "lower": limits["lower"].to_numpy(),
                "upper": limits["upper"].to_numpy(),
                "n_treated": [self.n_treated],
                "n_treated_clusters": [self.n_treated_clusters],
                "share_identified": [self.share_identified],
            }
        )

    def summary(self, alpha: float = 0.05) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from opdanalysis.evidence.panel_summary import did_summary

        return did_summary(self, alpha)

    def by_event(self, alpha: float = 0.05) -> pd.DataFrame:
        """The mean effect by periods since the move, one row each, without a band for all."""
        moves = (self.timing.moved < NEVER)[:, None]
        events = [int(e) for e in np.unique(self.timing.event[self.timing.usable & moves])]
        found = self.jackknife_of(lambda timing: self.design.estimator.by_event(timing, events))
        table = effect_table(found, self.panel.outcome, alpha)
        table.insert(0, "event", events)
        return table

    def plot(self, alpha: float = 0.05, ax: Any = None) -> Any:
        """A plain picture of `by_event`; the matplotlib axes. `event_study` adds a band."""
        from opdanalysis.evidence.panel_plots import plot_path

        return plot_path(self.by_event(alpha), self.panel.label, ax)

    def by_cohort(self, alpha: float = 0.05) -> pd.DataFrame:
        """The mean effect on those who moved in the same month, one row per month.

        A month in which units moved to one building only has an estimate and no error.
        """
        cohorts = [int(c) for c in self.timing.cohorts if 0 <= c < self.timing.n_periods]
        found = self.jackknife_of(lambda timing: self.design.estimator.by_cohort(timing, cohorts))
        table = effect_table(found, self.panel.outcome, alpha)
        table.insert(0, "moved", [self.panel.period(cohort) for cohort in cohorts])
        return table

    def jackknife_of(self, weights_of: WeightsOf) -> Jackknife:
        """Other estimates on the same cells and clusters."""
        return cluster_jackknife(weights_of, self.timing, self.clusters)

    def assignments(self, draws: int, seed: Any) -> Assignments:
        """How else the moves could have fallen, among units of one stratum."""
        # Units without any usable month keep their place.
        strata = np.where(
            self.timing.usable.any(axis=1), self.design.strata(self.panel), -1 - self.clusters
        )
        return move_assignments(self.timing.moved, strata, self.clusters, draws, seed)

    def randomisation(
        self, draws: int, seed: Any, statistic: Statistic = "t", level: float = 0.95
    ) -> RandomisationTest:
        """Randomisation test of no effect and the interval that it implies at `level`.

        `draws` assignments are drawn, or all listed where there are at most 10,000. Raises
        UsageError where the moves could have fallen in no other way; warns (FewMovesWarning) where
        they could in so few that nothing is rejected, and for `statistic="coefficient"` where
        movers are noisier or quieter than the others. With one treated cluster there is no t: take
        the coefficient. Where units have gaps, or hosts are cut off, in different months, each
        assignment takes 10 to 20 milliseconds.
        """
        assignments = self.assignments(draws, seed)
        if assignments.possible < 2:
            raise UsageError(
                "the moves could have fallen in no other way: a building that several units moved "
                "to changes places only with groups of units that share a building too. Nothing is "
                "left to randomise; read the jackknife interval."
            )
        if statistic == "t" and np.isnan(self.jackknife.df[0]):
            raise UsageError(
                "one cluster moved, so there is no t to randomise. Use statistic='coefficient', "
                "which supposes that movers and others are equally noisy."
            )
        if assignments.possible * (1 - level) < 1:
            warnings.warn(
                f"the moves could have fallen in {assignments.possible} ways only: no p value is "
                f"below {1 / assignments.possible:.2f}.",
                FewMovesWarning,
                stacklevel=2,
            )
        if statistic == "coefficient" and unevenly_noisy(self.noise_ratio):
            warnings.warn(
                f"before the move the errors of movers spread {self.noise_ratio:.1f} times as wide "
                "as those of the others: randomising the coefficient is not right. Use "
                "statistic='t'.",
                FewMovesWarning,
                stacklevel=2,
            )
        return randomisation_test(
            self.design.estimator.overall,
            self.timing,
            self.clusters,
            self.panel.outcome,
            assignments,
            level,
            statistic,
            self.jackknife,
        )

    def contributions(self) -> pd.DataFrame:
        """The estimate without each cluster that moved, the one that decides most first.

        `units` are the members of the cluster, `without` is the estimate without them.
        """
        changes = self.jackknife.deviations(self.panel.outcome)[0]
        present = np.unique(self.clusters[self.timing.usable.any(axis=1)])
        rows = []
        for cluster, change in zip(present, changes, strict=True):
            members = (self.clusters == cluster) & self._treated
            if members.any():
                names = [
                    unit for unit, inside in zip(self.panel.units, members, strict=True) if inside
                ]
                rows.append({"units": ", ".join(names), "without": self.params[EFFECT] + change})
        table = pd.DataFrame(rows, columns=["units", "without"])
        far = (table["without"] - self.params[EFFECT]).abs()
        return table.loc[far.sort_values(ascending=False).index].reset_index(drop=True)


def effect_table(jackknife: Jackknife, outcome: np.ndarray, alpha: float) -> pd.DataFrame:
    """Estimates with errors, df, p and limits, one row each; NaN where there is none."""
    estimate, error, df = jackknife.estimates(outcome), jackknife.errors(outcome), jackknife.df
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(estimate / error), df)
    reach = stats.t.ppf(1 - alpha / 2, df) * error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": error,
            "df": df,
            "p_value": p,
            "lower": estimate - reach,
            "upper": estimate + reach,
        }
    )
