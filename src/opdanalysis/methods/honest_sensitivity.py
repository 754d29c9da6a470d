"""How crooked the paths without a move may be before the conclusion falls (smoothness).

Estimates relative to the last period before the effect may be off by a drift: what the difference
of the paths would have been anyway. Suppose its slope changes by at most M per period. Then the
interval of Rambachan and Roth (2023, section 4.1) and Armstrong and Kolesar (2018) holds the truth:
among all estimates that add a combination of the leads, so that a straight drift cancels, it is the
one with the shortest interval of fixed length, worst bias included. M = 0 lets the drift be a
straight line; the breakdown value is the largest M at which the interval still leaves out zero.

Periods are counted from the base period, 0: leads at -P, ..., -1 and lags at 1, ..., Q.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import optimize, special

from opdanalysis.errors import UsageError


@dataclass(frozen=True, eq=False)
class Smoothness:
    """Combinations of P leads for a mean of Q lags, by how much bias they trade for variance.

    `covariance` is that of leads and lags `(P + Q, P + Q)`, supposed or estimated; it decides which
    leads are used, and `loads` is the mean of the lags that is to be known, `(Q,)`.
    """

    covariance: np.ndarray
    loads: np.ndarray
    _path: dict[float, np.ndarray] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.n_leads < 1:
            raise UsageError(
                "the sensitivity to a drift needs at least one lead besides the base period."
            )

    @property
    def n_leads(self) -> int:
        """Number of leads, P."""
        return len(self.covariance) - len(self.loads)

    @cached_property
    def _solved(self) -> tuple[np.ndarray, np.ndarray]:
        """Loads on the leads as offset + matrix @ bends; any bends cancel a straight drift."""
        leads = np.arange(-self.n_leads, 0)
        lags = np.arange(1, len(self.loads) + 1)
        # The first row is the load on a straight drift, the others on a bend at -P + 1, ..., -1.
        rows = [leads.astype(float)]
        rows += [np.maximum(bend - leads, 0.0) for bend in range(-self.n_leads + 1, 0)]
        inverse = np.linalg.inv(np.array(rows))
        return inverse[:, 0] * -float(lags @ self.loads), inverse[:, 1:]

    @cached_property
    def _bias_of_lags(self) -> float:
        """Worst bias per M that no lead can take away."""
        lags = np.arange(1, len(self.loads) + 1)
        bends = np.arange(len(self.loads))[:, None]
        return float(np.abs(np.maximum(lags - bends, 0) @ self.loads).sum())

    @cached_property
    def _pull(self) -> np.ndarray:
        """How half the variance changes with each bend where none is used, `(P - 1,)`."""
        _, matrix = self._solved
        straight = self.combination(np.zeros(matrix.shape[1]))
        return matrix.T @ (self.covariance @ straight)[: self.n_leads]

    def combination(self, bends: np.ndarray) -> np.ndarray:
        """Loads on leads and lags, `(P + Q,)`."""
        offset, matrix = self._solved
        return np.concatenate([offset + matrix @ bends, self.loads])

    def worst_bias(self, bends: np.ndarray, bound: float) -> float:
        """Largest bias of the combination under a drift whose slope changes by at most M."""
        return bound * (self._bias_of_lags + float(np.abs(bends).sum())) if bound else 0.0

    def spread(self, bends: np.ndarray) -> float:
        """Standard deviation of the combination under the covariance."""
        loads = self.combination(bends)
        return float(np.sqrt(loads @ self.covariance @ loads))

    def shortest(self, bound: float, level: float) -> np.ndarray:
        """The bends whose interval at `level` is the shortest under a bound M, normal errors."""
        if self.n_leads == 1:
            return np.zeros(0)
        if bound == 0:
            return self._least(0.0)

        def length(log_price: float) -> float:
            bends = self._least(np.exp(log_price))
            spread = self.spread(bends)
            return spread * folded_quantile(self.worst_bias(bends, bound) / spread, level, np.inf)

        lowest, highest = self._prices
        grid = np.linspace(lowest, highest, 25)
        lengths = [length(point) for point in grid]
        best = int(np.argmin(lengths))
        around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
        found = optimize.minimize_scalar(
            length, bounds=around, method="bounded", options={"xatol": 1e-5}
        )
        price = found.x if found.fun < lengths[best] else grid[best]
        return self._least(float(np.exp(price)))

    @cached_property
    def _prices(self) -> tuple[float, float]:
        """Logarithms of a price of bias that hardly counts and of one at which no bend is used."""
        top = max(2 * float(np.abs(self._pull).max()), 1e-300)
        return float(np.log(top) - 16), float(np.log(top) + 0.1)

    def _least(self, price: float) -> np.ndarray:
        """The bends with the least variance + price * sum of |bends|."""
        if price in self._path:
            return self._path[price]
        _, matrix = self._solved
        leads = self.covariance[: self.n_leads, : self.n_leads]
        self._path[price] = _lasso(matrix.T @ leads @ matrix, self._pull, price / 2)
        return self._path[price]


@dataclass(frozen=True)
class SensitivityInterval:
    """An interval under a bound M on how much the slope of the drift changes per period."""

    bound: float
    estimate: float
    std_error: float
    worst_bias: float
    df: float
    lower: float
    upper: float


def smoothness_interval(
    estimates: np.ndarray,
    smoothness: Smoothness,
    bound: float,
    level: float,
    error_of: Callable[[np.ndarray], tuple[float, float]] | None = None,
) -> SensitivityInterval:
    """The interval for a mean of the lags under a bound M, from estimates of leads and lags.

    `error_of` gives standard error and degrees of freedom of a combination `(P + Q,)`; without it
    the covariance is taken as known and errors as normal. With few clusters a covariance of many
    leads cannot be estimated; then a supposed one picks the combination, and `error_of` judges it.
    """
    bends = smoothness.shortest(bound, level)
    loads = smoothness.combination(bends)
    error, df = error_of(loads) if error_of else (smoothness.spread(bends), np.inf)
    bias = smoothness.worst_bias(bends, bound)
    estimate = float(loads @ estimates)
    reach = error * folded_quantile(bias / error, level, df) if error > 0 else bias
    return SensitivityInterval(bound, estimate, error, bias, df, estimate - reach, estimate + reach)


def breakdown(interval_at: Callable[[float], SensitivityInterval], highest: float) -> float:
    """The largest bound M at which the interval leaves out zero; 0 if it never does.

    Infinite if it still does at `highest`.
    """

    def leaves_out(bound: float) -> bool:
        found = interval_at(bound)
        return found.lower > 0 or found.upper < 0

    if not leaves_out(0.0):
        return 0.0
    if leaves_out(highest):
        return np.inf
    low, high = 0.0, highest
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if leaves_out(middle) else (low, middle)
    return low


def folded_quantile(shift: float, level: float, df: float) -> float:
    """The `level` quantile of |t + shift| with df degrees of freedom (normal for infinite df)."""
    if np.isnan(df) or np.isnan(shift):
        return np.nan
    normal = np.isinf(df)

    def below(x: float) -> float:
        return float(special.ndtr(x) if normal else special.stdtr(df, x))

    def quantile(chance: float) -> float:
        return float(special.ndtri(chance) if normal else special.stdtrit(df, chance))

    def short(x: float) -> float:
        return below(x - shift) - below(-x - shift) - level

    shift = abs(shift)
    low, high = shift + quantile(level), shift + quantile((1 + level) / 2)
    if short(low) >= 0 or short(high) <= 0:
        return low if short(low) >= 0 else high
    return float(optimize.brentq(short, low, high))


def _lasso(quadratic: np.ndarray, pull: np.ndarray, price: float) -> np.ndarray:
    """The b with the least b'Qb/2 + pull'b + price * sum of |b|, by its dual in a box."""
    if price == 0:
        return np.asarray(-np.linalg.solve(quadratic, pull))
    # Dual: |root^-1 (z + pull)| least over |z| <= price, with b = -Q^-1 (z + pull).
    root = np.linalg.cholesky(quadratic)
    inverse = np.linalg.solve(root, np.eye(len(pull)))
    found = optimize.lsq_linear(
        inverse, -inverse @ pull, bounds=(-price, price), method="bvls", tol=1e-14
    )
    bends = -inverse.T @ (inverse @ (found.x + pull))
    inside = np.abs(found.x) < price * (1 - 1e-9)
    return np.where(inside, 0.0, bends)
