"""How far off a number may be: five kinds of distribution, each with its quantile function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

Z95 = float(ndtri(0.95))
"""The standard normal at 95%."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """A belief about one number. `kind` decides which of the other fields are used.

    fixed
        Always the parameter's value.
    uniform, triangular, pert
        Between `low` and `high`, the last two with a `mode`. The PERT distribution is a beta
        distribution with shape weight 4 (Malcolm, Roseboom, Clark and Fazar 1959, Operations
        Research 7(5)).
    quantiles
        Through `p05`, `p50` and `p95`, log-normal on each side of the median, so that it is
        above zero.
    """

    kind: str
    low: float = np.nan
    mode: float = np.nan
    high: float = np.nan
    p05: float = np.nan
    p50: float = np.nan
    p95: float = np.nan

    FIELDS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "fixed": (),
        "uniform": ("low", "high"),
        "triangular": ("low", "mode", "high"),
        "pert": ("low", "mode", "high"),
        "quantiles": ("p05", "p50", "p95"),
    }

    def __post_init__(self) -> None:
        if self.kind not in self.FIELDS:
            raise ValueError(
                f"distribution kind '{self.kind}' is not known; "
                f"allowed: {', '.join(sorted(self.FIELDS))}"
            )
        numbers = [getattr(self, name) for name in self.FIELDS[self.kind]]
        if not np.isfinite(numbers).all():
            raise ValueError(
                f"a {self.kind} distribution needs {', '.join(self.FIELDS[self.kind])}"
            )
        if sorted(numbers) != numbers:
            raise ValueError(f"{', '.join(self.FIELDS[self.kind])} are not in rising order")
        if self.kind == "quantiles" and self.p05 <= 0:
            raise ValueError("p05 must be above 0, for the distribution is log-normal")

    def quantile(self, u: Floats, value: float) -> Floats:
        """The numbers at probabilities `u`, in the parameter's unit; `value` serves kind fixed."""
        if self.kind == "fixed":
            return np.full_like(u, value)
        if self.kind == "quantiles":
            return two_sided_lognormal(ndtri(u), self.p05, self.p50, self.p95)
        width = self.high - self.low
        if width == 0:
            return np.full_like(u, self.low)
        if self.kind == "uniform":
            return self.low + width * u
        peak = (self.mode - self.low) / width
        if self.kind == "triangular":
            left = self.low + width * np.sqrt(peak * u)
            right = self.high - width * np.sqrt((1 - peak) * (1 - u))
            return np.where(u < peak, left, right)
        return self.low + width * betaincinv(1 + 4 * peak, 5 - 4 * peak, u)

    def interval(self, value: float) -> tuple[float, float]:
        """The 5% and 95% points, in the parameter's unit."""
        low, high = self.quantile(np.array([0.05, 0.95]), value)
        return float(low), float(high)

    def scaled(self, factor: float) -> Distribution:
        """The same belief about a multiple of the number."""
        numbers = {name: getattr(self, name) * factor for name in self.FIELDS[self.kind]}
        return Distribution(self.kind, **numbers)


def two_sided_lognormal(
    z: Floats, low: Floats | float, middle: Floats | float, high: Floats | float
) -> Floats:
    """Numbers at normal scores z, through 5%, 50% and 95%, log-normal on each side."""
    below = np.log(np.divide(middle, low)) / Z95
    above = np.log(np.divide(high, middle)) / Z95
    return np.asarray(middle * np.exp(z * np.where(z < 0, below, above)))


def two_sided_logit(
    z: Floats, low: Floats | float, middle: Floats | float, high: Floats | float
) -> Floats:
    """Shares at normal scores z, through 5%, 50% and 95%: log-normal odds on each side."""
    odds = [np.divide(share, np.subtract(1, share)) for share in (low, middle, high)]
    drawn = two_sided_lognormal(z, *odds)
    return np.asarray(drawn / (1 + drawn))


def two_sided_normal(
    z: Floats, low: Floats | float, middle: Floats | float, high: Floats | float
) -> Floats:
    """Numbers at normal scores z, through 5%, 50% and 95%, normal on each side."""
    below = np.subtract(middle, low) / Z95
    above = np.subtract(high, middle) / Z95
    return np.asarray(middle + z * np.where(z < 0, below, above))
