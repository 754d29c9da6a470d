"""What a dyadic regression found: coefficients, p values, intervals, checks, and their picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods.dyadic_errors import (
    agency_fixed_effects,
    dyad_robust_errors,
    least_squares_jackknife,
)
from opdanalysis.methods.dyadic_null import parts_of, permuted_robust, two_sided
from opdanalysis.methods.dyadic_pairs import Dyads
from opdanalysis.methods.dyadic_permutations import Kernel


@dataclass(frozen=True)
class MrqapResult:
    """A dyadic regression: least squares, permutation p values and jackknife intervals.

    `params`, `tvalues`, `pvalues`, `pvalues_se` and `ols_bse` are Series over the constant and the
    predictors; the constant has no permutation p value (NaN). `null` holds the t value of each
    predictor under each permutation, `(n_permutations, n_predictors)`. `skewness` is that of the
    residuals; `checks` has per predictor the R-squared on the others (`confounding`) and how much
    wider the residuals spread where it has most to say (`spread`, with `spread_p`).
    """

    dyads: Dyads
    params: pd.Series
    tvalues: pd.Series
    pvalues: pd.Series
    pvalues_se: pd.Series
    ols_bse: pd.Series
    rsquared: float
    skewness: float
    checks: pd.DataFrame
    null: pd.DataFrame = field(repr=False)
    permutations: np.ndarray = field(repr=False)
    kernel: Kernel = "auto"
    notes: tuple[str, ...] = ()

    @property
    def nobs(self) -> int:
        """Number of pairs used."""
        return len(self.dyads.outcome)

    @property
    def df_resid(self) -> int:
        """Pairs used less coefficients."""
        return self.nobs - len(self.params)

    @cached_property
    def pvalues_robust(self) -> pd.Series:
        """Two-sided permutation p values of a statistic that allows uneven spread.

        They hold their level where skewness is shared with a confounder or where some agencies are
        noisier, and `pvalues` do not; see `permuted_robust`. NaN for the constant.
        """
        observed, null = permuted_robust(
            self.dyads, parts_of(self.dyads), self.permutations, self.kernel
        )
        return pd.Series(
            np.concatenate([[np.nan], two_sided(observed, null)]), index=self.params.index
        )

    @cached_property
    def jackknife_bse(self) -> pd.Series:
        """Leave-one-agency-out standard errors, conservative; NaN where one agency decides."""
        return pd.Series(least_squares_jackknife(self.dyads), index=self.params.index)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits of the coefficients at level 1 - alpha: `lower`, `upper`; jackknife, t(n - 1)."""
        from scipy import stats

        reach = stats.t.ppf(1 - alpha / 2, self.dyads.n_agencies - 1) * self.jackknife_bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    @cached_property
    def fixed_effects(self) -> pd.DataFrame:
        """The robustness column: `coef`, `se` (HC1) and `p` within agencies, per predictor."""
        return agency_fixed_effects(self.dyads)

    @cached_property
    def dyad_robust_bse(self) -> pd.Series:
        """Dyadic cluster-robust errors, the literature's reference value; not for tests.

        At n = 35 they reject 9 to 21% of true nulls at the 5% level.
        """
        return pd.Series(dyad_robust_errors(self.dyads), index=self.params.index)

    def summary(self) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from opdanalysis.methods.dyadic_summary import mrqap_summary

        return mrqap_summary(self)

    def plot_null(self, terms: list[str] | None = None, ax: Any = None) -> Any:
        """Each predictor's t value among the t values under permutation; returns the axes.

        One row per predictor: the grey shape is the spread under permutation, the thick line its
        middle 95%, the dot the t value of the data, filled where p is at most 0.05.
        """
        import matplotlib.pyplot as plt

        terms = list(self.null.columns) if terms is None else list(terms)
        for term in terms:
            if term not in self.null:
                raise UsageError(f"there is no predictor '{term}'. {did_you_mean(term, self.null)}")
        if ax is None:
            _, ax = plt.subplots(figsize=(7, 1 + 0.6 * len(terms)))
        for place, term in enumerate(terms):
            draws = self.null[term].dropna().to_numpy()
            height, edges = np.histogram(draws, bins=60)
            middles = (edges[1:] + edges[:-1]) / 2
            shape = place - 0.38 * height / height.max()
            ax.fill_between(middles, place, shape, step="mid", color="0.8", linewidth=0)
            ax.hlines(place, *np.quantile(draws, [0.025, 0.975]), color="0.45", linewidth=2.5)
            small = self.pvalues[term] <= 0.05
            ax.plot(
                self.tvalues[term], place, "o", markersize=7, color="black", zorder=3,
                markerfacecolor="black" if small else "white",
            )  # fmt: skip
            ax.annotate(
                f"p = {self.pvalues[term]:.3f}", (1.01, place), fontsize="small", va="center",
                xycoords=("axes fraction", "data"),
            )  # fmt: skip
        ax.set_yticks(range(len(terms)), terms)
        ax.set_ylim(len(terms) - 0.6, -0.6)
        ax.axvline(0, color="0.7", linewidth=0.8, zorder=0)
        ax.set_xlabel(f"t value; grey: {len(self.null):,} permutations of the agencies")
        return ax
