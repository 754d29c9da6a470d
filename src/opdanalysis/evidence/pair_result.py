"""What a model of pairs found: coefficients, clustered errors, intervals and ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class PairResult:
    """Coefficients on a logarithm, with errors clustered by pair; exp(coefficient) is a ratio.

    `params`, `bse` and `df` are Series over the terms. `facts` are the lines of the head of the
    summary, `notes` those below it.
    """

    title: str
    params: pd.Series
    covariance: pd.DataFrame
    df: pd.Series
    nobs: int
    facts: dict[str, str]
    notes: tuple[str, ...] = ()
    log_sd: float = np.nan

    @property
    def bse(self) -> pd.Series:
        """Standard errors, clustered by pair."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.params.index)

    @property
    def tvalues(self) -> pd.Series:
        """Coefficients by their errors."""
        return self.params / self.bse

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided, by t with Satterthwaite degrees of freedom."""
        from scipy import stats

        return pd.Series(2 * stats.t.sf(np.abs(self.tvalues), self.df), index=self.params.index)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits of the coefficients at level 1 - alpha: `lower`, `upper`."""
        from scipy import stats

        reach = stats.t.ppf(1 - alpha / 2, self.df) * self.bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    def ratio(self, term: str, alpha: float = 0.1) -> tuple[float, float, float]:
        """Lower limit, estimate and upper limit of a ratio; by default from 5% to 95%."""
        limits = self.conf_int(alpha).loc[term]
        with np.errstate(over="ignore"):
            low, middle, high = np.exp([limits["lower"], self.params[term], limits["upper"]])
        return float(low), float(middle), float(high)

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row per term: estimate, std_error, statistic, p_value, limits, and the ratio."""
        limits = self.conf_int(alpha)
        with np.errstate(over="ignore"):
            ratios = np.exp(limits.assign(ratio=self.params))
        return pd.DataFrame(
            {
                "term": self.params.index,
                "estimate": self.params.to_numpy(),
                "std_error": self.bse.to_numpy(),
                "statistic": self.tvalues.to_numpy(),
                "df": self.df.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "low": limits["lower"].to_numpy(),
                "high": limits["upper"].to_numpy(),
                "ratio": ratios["ratio"].to_numpy(),
                "ratio_low": ratios["lower"].to_numpy(),
                "ratio_high": ratios["upper"].to_numpy(),
            }
        )

    def summary(self) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from statsmodels.iolib.summary import Summary
        from statsmodels.iolib.table import SimpleTable
        from statsmodels.iolib.tableformatting import fmt_2cols, fmt_params

        summary = Summary()
        summary.tables.append(
            SimpleTable(
                [[value] for value in self.facts.values()],
                stubs=[f"{name}:" for name in self.facts],
                title=self.title,
                txt_fmt=fmt_2cols,
            )
        )
        shown = self.tidy()[["estimate", "ratio", "std_error", "statistic", "df", "p_value"]]
        shown = shown.assign(low=self.tidy()["low"], high=self.tidy()["high"])
        summary.tables.append(
            SimpleTable(
                [[f"{number:.4g}" for number in row] for row in shown.to_numpy()],
                headers=["coef", "ratio", "std err", "t", "df", "P>|t|", "[0.025", "0.975]"],
                stubs=list(self.params.index),
                txt_fmt=fmt_params | {"data_fmts": ["%s"]},
            )
        )
        notes = ["Errors: clustered by pair of agencies (both directions), Bell-McCaffrey."]
        notes += list(self.notes)
        summary.add_extra_txt([f"[{i}] {note}" for i, note in enumerate(notes, 1)])
        return summary
