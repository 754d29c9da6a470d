"""The index of public satisfaction (IKM) of a survey: index, grade, weak items, before and after.

The rule is regulation 14/2017 of the Ministry of Administrative Reform: nine items, each from 1 to
4, averaged over respondents; the index is 25 times the mean of the nine averages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError

Floats = NDArray[np.float64]

ITEMS = (
    "requirements",
    "procedure",
    "time",
    "fee",
    "product",
    "competence",
    "conduct",
    "complaints",
    "facilities",
)
"""The nine items in the order of the regulation (U1 to U9)."""

LEAST_ANSWER, MOST_ANSWER, POINTS = 1, 4, 25

GRADES: Mapping[str, float] = {"A": 88.31, "B": 76.61, "C": 65.00, "D": 25.00}
"""The least index of each grade; an index has two decimals."""

FEW = 30
"""Respondents below which the interval is known to be too narrow."""


def grade(index: float) -> str:
    """The grade of an index, which the regulation gives for two decimals."""
    for letter, least in GRADES.items():
        if round(index, 2) >= least:
            return letter
    raise UsageError(f"the index is {index:.2f}; expected {GRADES['D']:.0f} to 100")


@dataclass(frozen=True, eq=False)
class Survey:
    """Answers `(n_respondents, 9)` from 1 to 4, NaN where there is none, and survey weights.

    A weight is how many users of the service a respondent stands for; all alike without a plan of
    the sample. `strata` are groups that were sampled apart, such as units of service.
    """

    answers: Floats
    weights: Floats
    strata: NDArray[np.integer[Any]]
    synthetic: bool = False

    def __post_init__(self) -> None:
        n = len(self.answers)
        if self.answers.shape != (n, len(ITEMS)) or n < 2:
            raise UsageError(f"answers are {self.answers.shape}; expected (2 or more, 9)")
        if self.weights.shape != (n,) or self.strata.shape != (n,):
            raise UsageError("one weight and one stratum are needed for each respondent")
        given = self.answers[np.isfinite(self.answers)]
        if given.size and (given.min() < LEAST_ANSWER or given.max() > MOST_ANSWER):
            raise UsageError(f"an answer is {given.max():g}; expected {LEAST_ANSWER} to 4")
        if not (np.isfinite(self.weights) & (self.weights > 0)).all():
            raise UsageError("a weight is not above 0")
        if np.isnan(self.answers).all(axis=0).any():
            raise UsageError("nobody answered one of the nine items")

    def __len__(self) -> int:
        return len(self.answers)

    def item_means(self, counts: Floats) -> Floats:
        """Weighted mean of each item, `(..., 9)`, respondents counted `counts` times `(..., n)`."""
        weighted = counts * self.weights
        given = np.isfinite(self.answers)
        return (weighted @ np.nan_to_num(self.answers)) / (weighted @ given)


@dataclass(frozen=True, eq=False)
class SatisfactionIndex:
    """The index of one survey, with limits by the bootstrap: `draws` samples from `seed`."""

    survey: Survey
    draws: int
    seed: Any

    def fit(self) -> SatisfactionResult:
        """Index, items and their draws. Raises UsageError for a stratum with one respondent."""
        ones = np.ones(len(self.survey))
        means = self.survey.item_means(ones)
        counts = _resampled(self.survey.strata, self.draws, self.seed)
        return SatisfactionResult(self.survey, means, self.survey.item_means(counts))


def _resampled(strata: NDArray[np.integer[Any]], draws: int, seed: Any) -> Floats:
    """How often each respondent is drawn, `(draws, n)`, as many from each stratum as it has.

    One fewer is drawn and scaled up, so that the spread is that of n - 1 (Rao and Wu 1988).
    """
    rng = np.random.default_rng(seed)
    counts = np.empty((draws, len(strata)))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        n = len(members)
        if n < 2:
            raise UsageError(
                f"stratum {stratum} has one respondent, so its spread is not known. Merge it "
                "with a stratum like it."
            )
        drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=draws)
        counts[:, members] = drawn * (n / (n - 1))
    return counts


@dataclass(frozen=True, eq=False)
class SatisfactionResult:
    """The index with its draws: `means` `(9,)` and `item_draws` `(draws, 9)`, from 1 to 4."""

    survey: Survey
    means: Floats
    item_draws: Floats

    @property
    def index(self) -> float:
        """The IKM, from 25 to 100."""
        return float(POINTS * self.means.mean())

    @property
    def index_draws(self) -> Floats:
        """The IKM in each sample of the bootstrap, `(draws,)`."""
        return POINTS * self.item_draws.mean(axis=1)

    @property
    def grade(self) -> str:
        """The grade of the index: A, B, C or D."""
        return grade(self.index)

    @property
    def params(self) -> pd.Series:
        """The index, and each item on the scale of the index."""
        return pd.Series([self.index, *(POINTS * self.means)], index=["index", *ITEMS])

    @cached_property
    def _draws(self) -> Floats:
        return np.column_stack([self.index_draws, POINTS * self.item_draws])

    @property
    def bse(self) -> pd.Series:
        """Standard errors by the bootstrap."""
        return pd.Series(self._draws.std(axis=0, ddof=1), index=self.params.index)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits at level 1 - alpha: t times the bootstrap's error, within 25 to 100.

        Degrees of freedom are respondents less strata. Where the interval would leave the scale it
        ends there.
        """
        from scipy import stats

        df = len(self.survey) - len(np.unique(self.survey.strata))
        reach = stats.t.ppf(1 - alpha / 2, df) * self.bse
        lower, upper = self.params - reach, self.params + reach
        return pd.DataFrame({"lower": lower.clip(lower=POINTS), "upper": upper.clip(upper=100)})

    def grade_chances(self) -> dict[str, float]:
        """Share of the bootstrap's samples that earn each grade."""
        earned = [grade(index) for index in self.index_draws]
        return {letter: earned.count(letter) / len(earned) for letter in GRADES}

    def weak_items(self, alpha: float = 0.05) -> pd.DataFrame:
        """Items that are below the index for sure, the weakest first: `item`, `value`, `gap`, ...

        Their gap to the index is below zero in limits that hold for all nine at once (the largest
        standardised gap of the bootstrap's samples). `grade` is what the item alone would earn.
        """
        gaps = POINTS * (self.means - self.means.mean())
        drawn = POINTS * (self.item_draws - self.item_draws.mean(axis=1, keepdims=True))
        error = drawn.std(axis=0, ddof=1)
        error[error == 0] = np.finfo(float).tiny
        largest = np.abs((drawn - gaps) / error).max(axis=1)
        reach = np.quantile(largest, 1 - alpha) * error
        table = pd.DataFrame(
            {
                "item": ITEMS,
                "value": POINTS * self.means,
                "grade": [grade(POINTS * mean) for mean in self.means],
                "gap": gaps,
                "low": gaps - reach,
                "high": gaps + reach,
            }
        )
        return table[table["high"] < 0].sort_values("gap", kind="stable", ignore_index=True)

    def compared_with(self, before: SatisfactionResult, alpha: float = 0.05) -> pd.DataFrame:
        """Change of the index and of each item since another survey of other respondents.

        `change`, `std_error`, `low`, `high` and `p_value`. Who answered must be chosen alike both
        times, or be weighted to the same users; the change is not thereby the effect of a move.
        """
        from scipy import stats

        change = self.params - before.params
        error = np.hypot(self.bse, before.bse)
        sizes = np.array([len(r.survey) - len(np.unique(r.survey.strata)) for r in (self, before)])
        parts = np.stack([self.bse**2, before.bse**2])
        with np.errstate(invalid="ignore"):
            df = parts.sum(axis=0) ** 2 / (parts**2 / sizes[:, None]).sum(axis=0)
        reach = stats.t.ppf(1 - alpha / 2, df) * error
        return pd.DataFrame(
            {
                "what": self.params.index,
                "before": before.params.to_numpy(),
                "after": self.params.to_numpy(),
                "change": change.to_numpy(),
                "std_error": error.to_numpy(),
                "low": (change - reach).to_numpy(),
                "high": (change + reach).to_numpy(),
                "p_value": 2 * stats.t.sf(np.abs(change / error), df),
            }
        )

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row for the index and one per item: term, estimate, std_error, low, high, grade."""
        limits = self.conf_int(alpha)
        return pd.DataFrame(
            {
                "term": self.params.index,
                "estimate": self.params.to_numpy(),
                "std_error": self.bse.to_numpy(),
                "low": limits["lower"].to_numpy(),
                "high": limits["upper"].to_numpy(),
                "grade": [grade(value) for value in self.params],
            }
        )

    def summary(self) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from statsmodels.iolib.summary import Summary
        from statsmodels.iolib.table import SimpleTable

        table = self.tidy()
        shown = table[["estimate", "std_error", "low", "high"]].to_numpy()
        summary = Summary()
        summary.tables.append(
            SimpleTable(
                [
                    [*(f"{number:.2f}" for number in row), letter]
                    for row, letter in zip(shown, table["grade"], strict=True)
                ],
                headers=["index", "std err", "[0.025", "0.975]", "grade"],
                stubs=list(table["term"]),
                title=f"Index of public satisfaction, {len(self.survey):,} respondents",
            )
        )
        notes = [f"Errors: bootstrap, {len(self.item_draws):,} samples."]
        if len(self.survey) < FEW:
            notes.append(f"Fewer than {FEW} respondents: the limits are too narrow.")
        if self.survey.synthetic:
            notes.append("Invented answers.")
        summary.add_extra_txt([f"[{i}] {note}" for i, note in enumerate(notes, 1)])
        return summary
