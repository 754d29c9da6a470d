"""Counts between pairs of agencies: Poisson pseudo-likelihood with effects of both agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.methods.dyadic_errors import (
    agency_dummies,
    jackknife_errors,
    leave_one_agency_out,
)
from opdanalysis.methods.dyadic_pairs import COLLINEAR, CONSTANT, Dyads, dyads_of

_STEPS = 50
_SETTLED = 1e-10  # of the largest change in the logarithm of an expected count
_FAR = 200  # logarithms of counts beyond this would overflow; a fit that settles stays well within


@dataclass(frozen=True)
class PoissonDyadsResult:
    """Coefficients of a Poisson pseudo-likelihood for pairs, with jackknife errors.

    A coefficient b multiplies the expected count by exp(b) per unit of its predictor.
    """

    dyads: Dyads
    effects: bool
    params: pd.Series
    fitted: np.ndarray
    left_out: tuple[str, ...]

    @cached_property
    def bse(self) -> pd.Series:
        """Leave-one-agency-out standard errors; NaN where one refit has no answer."""
        start = np.log(self.fitted)

        def without(kept: np.ndarray) -> np.ndarray:
            try:
                return _fit(self.dyads, kept, self.effects, start)[0]
            except UsageError:
                return np.full(len(self.params), np.nan)

        return pd.Series(
            jackknife_errors(leave_one_agency_out(self.dyads, without)), index=self.params.index
        )

    @property
    def df(self) -> int:
        """Degrees of freedom of the t distribution: agencies less one."""
        return self.dyads.n_agencies - 1

    @property
    def tvalues(self) -> pd.Series:
        """Coefficients over their jackknife errors."""
        return self.params / self.bse

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p values by t(n - 1); on the safe side, as the jackknife is."""
        from scipy import stats

        return pd.Series(2 * stats.t.sf(np.abs(self.tvalues), self.df), index=self.params.index)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits of the coefficients at level 1 - alpha, columns `lower` and `upper`."""
        from scipy import stats

        reach = stats.t.ppf(1 - alpha / 2, self.df) * self.bse
        return pd.DataFrame({"lower": self.params - reach, "upper": self.params + reach})

    @property
    def deviance(self) -> float:
        """Twice the distance of the log-likelihood from a perfect fit."""
        y, mu = self.dyads.outcome, self.fitted
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(2 * (np.where(y > 0, y * np.log(y / mu), 0) - (y - mu)).sum())

    def summary(self) -> Any:
        """The table in the manner of statsmodels; it prints as text, HTML or LaTeX."""
        from opdanalysis.methods.dyadic_summary import poisson_summary

        return poisson_summary(self)


def poisson_dyads(
    y: Any, predictors: Mapping[str, Any], directed: bool = True, effects: bool = True
) -> PoissonDyadsResult:
    """Coefficients [log of a ratio] of expected counts between agencies, with jackknife errors.

        E(y from i to j) = exp(sender effect i + receiver effect j + sum of b x)

    Without direction both agencies have the same kind of effect; with `effects` false there is only
    a constant. Needs no Poisson distribution, only a right mean: amounts may be fractions and may
    vary more than a Poisson count. `y` and each predictor are `(n, n)`, NaN for missing. An agency
    that sends (or receives) nothing at all has an effect of minus infinity and says nothing about
    the coefficients; its pairs are left out and it is named in `left_out`.

    Raises UsageError for negative counts, for predictors that the effects take up completely, and
    where no finite coefficient is best (one predictor separates the zeros from the rest).
    Source: Santos Silva, J. M. C., Tenreyro, S. (2006), The log of gravity, Review of Economics and
    Statistics 88(4), 641-658; on separation Correia, S., Guimarães, P., Zylkin, T. (2019),
    Verifying the existence of maximum likelihood estimates for generalized linear models,
    arXiv:1903.01633.
    """
    dyads = dyads_of(y, predictors, directed)
    if dyads.outcome.min() < 0:
        raise UsageError(f"the outcome has a negative count, {dyads.outcome.min():g}")
    everything = np.ones(len(dyads.outcome), dtype=bool)
    kept, silent = _informative(dyads, everything) if effects else (everything, ())
    dyads = replace(
        dyads,
        sender=dyads.sender[kept],
        receiver=dyads.receiver[kept],
        outcome=dyads.outcome[kept],
        predictors=dyads.predictors[kept],
    )
    coefficients, fitted = _fit(dyads, np.ones(kept.sum(), dtype=bool), effects)
    names = list(dyads.names) if effects else [CONSTANT, *dyads.names]
    return PoissonDyadsResult(dyads, effects, pd.Series(coefficients, index=names), fitted, silent)


def _informative(dyads: Dyads, kept: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which pairs are left when agencies that send or receive nothing are taken out, and who."""
    kept, silent = kept.copy(), set()
    roles = [dyads.sender, dyads.receiver]
    if not dyads.directed:
        roles = [np.concatenate(roles)]
    while True:
        before = kept.sum()
        for who in roles:
            times = len(who) // len(kept)
            sums = np.bincount(who, np.tile(dyads.outcome * kept, times), dyads.n_agencies)
            pairs = np.bincount(who, np.tile(kept, times), dyads.n_agencies)
            nothing = (sums == 0) & (pairs > 0)
            silent |= set(np.flatnonzero(nothing))
            kept &= ~nothing[who].reshape(times, -1).any(axis=0)
        if kept.sum() == before:
            return kept, tuple(dyads.labels[place] for place in sorted(silent))


def _fit(
    dyads: Dyads, kept: np.ndarray, effects: bool, start: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and expected counts by Newton's method; `start` is the logarithm of a guess."""
    if effects:
        kept = _informative(dyads, kept)[0]
    if not kept.any():
        raise UsageError("every count is zero; there is nothing to explain")
    y, predictors = dyads.outcome[kept], dyads.predictors[kept]
    others = agency_dummies(dyads)[kept] if effects else np.ones((len(y), 1))
    left, singular, _ = np.linalg.svd(others, full_matrices=False)
    others = left[:, singular > COLLINEAR * singular[0]]
    centre, spread = predictors.mean(axis=0), predictors.std(axis=0)
    scaled = (predictors - centre) / np.where(spread > 0, spread, 1)
    _check_not_taken_up(dyads.names, scaled, others)
    design = np.hstack([scaled, others])
    eta = np.log(y + y.mean()) if start is None else start[kept]
    for _ in range(_STEPS):
        mu = np.exp(eta)
        weighted = design * mu[:, None]
        try:
            solved = np.linalg.solve(weighted.T @ design, weighted.T @ (eta + (y - mu) / mu))
        except np.linalg.LinAlgError:
            break
        new = np.clip(design @ solved, -_FAR, _FAR)
        change = np.abs(new - eta).max()
        eta = new
        if change < _SETTLED:
            k = predictors.shape[1]
            coefficients = solved[:k] / spread
            if effects:
                return coefficients, np.exp(eta)
            constant = (eta - predictors @ coefficients).mean()
            return np.concatenate([[constant], coefficients]), np.exp(eta)
    raise UsageError(
        "the Poisson fit does not settle: a predictor separates pairs without contact from the "
        "others, so that no finite coefficient is best. Leave that predictor out or merge its "
        "categories."
    )


def _check_not_taken_up(names: tuple[str, ...], scaled: np.ndarray, others: np.ndarray) -> None:
    """Raise when the effects of the agencies, as an orthonormal basis, leave nothing of one."""
    within = scaled - others @ (others.T @ scaled)
    size = np.sqrt(len(scaled))
    for name, left in zip(names, np.linalg.norm(within, axis=0), strict=True):
        if left <= COLLINEAR * size:
            raise UsageError(
                f"the effects of the agencies leave nothing of predictor '{name}': it is the same "
                "for all pairs of an agency. Leave it out or set effects=False."
            )
    singular = np.linalg.svd(within / size, compute_uv=False)
    if singular[-1] <= COLLINEAR * singular[0]:
        raise UsageError(
            f"beside the effects of the agencies the predictors {', '.join(map(repr, names))} are "
            "collinear. Leave one of them out or set effects=False."
        )
