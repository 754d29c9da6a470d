"""What a building costs a year, as a function of its area, staff and tenants, from paid bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError, did_you_mean

Kind = Literal["ols", "robust", "quantile"]
Floats = NDArray[np.float64]

DRIVERS = ("floor_area_m2", "staff", "tenants")
"""What may explain a cost."""

LEAST_MONTHS = 6
"""Months of bills in a year below which the year of a building is left out."""

OUTLIER_LEVEL = 0.05
"""Chance that any building of a sound set is named as an outlier (Bonferroni)."""


@dataclass(frozen=True, eq=False)
class Bills:
    """Bills by building, year and month: rupiah, and kWh where the line has them.

    `table` has the columns `building`, `year`, `month`, `line`, `rupiah` and `kwh`. `buildings` has
    one row per building with `building` and the drivers.
    """

    table: pd.DataFrame
    buildings: pd.DataFrame
    synthetic: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of cost in the bills."""
        return tuple(sorted(self.table["line"].unique()))

    @property
    def metered_line(self) -> str:
        """The first line that has kWh. Raises UsageError where none has."""
        for line in self.lines:
            if (self.table["kwh"][self.table["line"] == line] > 0).any():
                return line
        raise UsageError("no bill has kWh, so the use of electricity is not known.")

    def yearly(self, line: str | None, amount: Literal["rupiah", "kwh"]) -> pd.DataFrame:
        """Yearly cost [Rp/year] or use [kWh/year] of each building, averaged over its years.

        A year with some months missing is brought to twelve; one with fewer than six is left out.
        Months count as billed when any line of the building has a bill in them. `line` None adds
        all lines. Columns: `building`, `amount`, `months`, and the drivers.
        """
        if line is not None and line not in self.lines:
            raise UsageError(f"there is no line '{line}'. {did_you_mean(line, self.lines)}")
        chosen = self.table if line is None else self.table[self.table["line"] == line]
        by = ["building", "year"]
        sums = chosen.groupby(by)[amount].sum(min_count=1).rename("amount").to_frame()
        sums["months"] = chosen.groupby(by)["month"].nunique()
        sums = sums[(sums["months"] >= LEAST_MONTHS) & (sums["amount"] > 0)]
        sums["amount"] *= 12 / sums["months"]
        mean = sums.groupby("building").agg(amount=("amount", "mean"), months=("months", "sum"))
        found = mean.reset_index().merge(self.buildings, on="building", validate="one_to_one")
        return found.sort_values("building", ignore_index=True)


@dataclass(frozen=True, eq=False)
class BuildingCosts:
    """A cost function: log amount = constant + elasticities x log drivers + error.

    kind
        "ols": least squares with errors for uneven spread (HC3) and t limits. "robust": Huber's
        weights, where a few bills are wrong. "quantile": the median. All from statsmodels.
    """

    bills: Bills
    line: str | None
    amount: Literal["rupiah", "kwh"]
    drivers: Sequence[str]
    kind: Kind

    def fit(self) -> CostResult:
        """The fit. Raises UsageError with too few buildings, or for a driver that is not known."""
        import statsmodels.api as sm

        for driver in self.drivers:
            if driver not in DRIVERS:
                raise UsageError(f"'{driver}' is not a driver. {did_you_mean(driver, DRIVERS)}")
        data = self.bills.yearly(self.line, self.amount)
        wanted = len(self.drivers) + 5
        if len(data) < wanted:
            raise UsageError(
                f"{len(data)} buildings have bills for half a year or more, but {len(self.drivers)}"
                f" drivers need {wanted}. Take fewer drivers or read more bills."
            )
        design = _design(data, self.drivers)
        if np.linalg.matrix_rank(design) < design.shape[1]:
            raise UsageError("two of the drivers say the same in these buildings; leave one out.")
        y = pd.Series(np.log(data["amount"].to_numpy()), index=data["building"], name="log_amount")
        design.index = y.index
        if self.kind == "ols":
            fitted = sm.OLS(y, design).fit(cov_type="HC3", use_t=True)
        elif self.kind == "robust":
            fitted = sm.RLM(y, design, M=sm.robust.norms.HuberT()).fit()
        elif self.kind == "quantile":
            fitted = sm.QuantReg(y, design).fit(q=0.5)
        else:
            raise UsageError(f"kind '{self.kind}' is not one of ols, robust, quantile.")
        return CostResult(self, data, fitted)


def _design(data: pd.DataFrame, drivers: Sequence[str]) -> pd.DataFrame:
    columns = {"const": np.ones(len(data))}
    columns |= {name: np.log(data[name].to_numpy(dtype=float)) for name in drivers}
    return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class CostResult:
    """A fitted cost function. `fitted` is the result of statsmodels, `data` what it was fitted to.

    A coefficient is an elasticity: a driver that is 1% larger changes the cost by that many
    percent.
    """

    model: BuildingCosts
    data: pd.DataFrame
    fitted: Any

    @property
    def params(self) -> pd.Series:
        """The constant and the elasticities."""
        return self.fitted.params

    @property
    def bse(self) -> pd.Series:
        """Standard errors: HC3 for least squares, else those of statsmodels."""
        return self.fitted.bse

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p values that an elasticity is zero."""
        return self.fitted.pvalues

    @property
    def df_resid(self) -> int:
        """Buildings less coefficients."""
        return len(self.data) - len(self.params)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits at level 1 - alpha, by t on the buildings less coefficients: `lower`, `upper`."""
        from scipy import stats

        reach = stats.t.ppf(1 - alpha / 2, self.df_resid) * self.bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    def summary(self) -> Any:
        """The table of statsmodels."""
        return self.fitted.summary()

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row per term: estimate, std_error, p_value, low, high."""
        limits = self.conf_int(alpha)
        return pd.DataFrame(
            {
                "term": self.params.index,
                "estimate": self.params.to_numpy(),
                "std_error": self.bse.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "low": limits["lower"].to_numpy(),
                "high": limits["upper"].to_numpy(),
            }
        )

    @cached_property
    def _plain(self) -> Any:
        """Least squares with even spread, which outliers and forecasts are measured by."""
        import statsmodels.api as sm

        return sm.OLS(self.fitted.model.endog, self.fitted.model.exog).fit()

    def outliers(self) -> pd.DataFrame:
        """The buildings that cost far more or less than the others would lead one to expect.

        `times` is the cost by its expectation; `p_value` allows for having looked at all buildings
        (Bonferroni, externally studentised residuals). Only those below 5% are named.
        """
        from scipy import stats

        residual = self.residuals
        influence = self._plain.get_influence()
        t = influence.resid_studentized_external
        p = np.minimum(2 * stats.t.sf(np.abs(t), self.df_resid - 1) * len(t), 1)
        table = pd.DataFrame(
            {
                "building": self.data["building"],
                "amount": self.data["amount"],
                "times": np.exp(residual),
                "t": t,
                "p_value": p,
            }
        )
        return table[p < OUTLIER_LEVEL].sort_values("p_value", ignore_index=True)

    @property
    def residuals(self) -> Floats:
        """Log cost less what the function expects, by building."""
        return np.asarray(self.fitted.model.endog - self.fitted.model.exog @ self.params.to_numpy())

    def forecast(self, buildings: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
        """The yearly amount of buildings with such drivers, with limits for one new building.

        `median` with `low` and `high` at level 1 - alpha, and `mean`, which is larger. Errors are
        taken for normal and equally wide in all buildings; beyond the sizes that were seen the
        forecast is only as good as the straight line, and `beyond` says so. Least squares only.
        """
        from scipy import stats

        if self.model.kind != "ols":
            raise UsageError("a forecast with limits needs kind='ols'.")
        exog = _design(buildings, self.model.drivers).to_numpy()
        plain = self._plain
        middle = exog @ plain.params
        own = plain.mse_resid * (
            1 + np.einsum("ij,jk,ik->i", exog, plain.normalized_cov_params, exog)
        )
        reach = stats.t.ppf(1 - alpha / 2, self.df_resid) * np.sqrt(own)
        seen = self.data[list(self.model.drivers)]
        new = buildings[list(self.model.drivers)]
        beyond = ((new < seen.min()) | (new > seen.max())).any(axis=1)
        return buildings.assign(
            median=np.exp(middle),
            low=np.exp(middle - reach),
            high=np.exp(middle + reach),
            mean=np.exp(middle) * np.exp(plain.mse_resid / 2),
            beyond=beyond.to_numpy(),
        )
