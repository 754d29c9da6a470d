"""What is measured and what was believed before, put together by how well each is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.parameters.distribution import Z95, Distribution
from opdanalysis.parameters.parameter import Parameter

PERT_SDS = 5.29
"""Width of a symmetric PERT in standard errors, so that its 5% and 95% are those of the normal."""


@dataclass(frozen=True)
class Measured:
    """An estimate with its standard error, on the scale of the number or of its logarithm.

    `value` and `error` are in logarithms where `logarithm` is true. `kept` is the share of the
    measurement in it: 1, or less where it was drawn towards a belief.
    """

    value: float
    error: float
    logarithm: bool
    kept: float = 1.0

    @property
    def interval(self) -> tuple[float, float, float]:
        """The 5%, 50% and 95% points of the number."""
        points = self.value + np.array([-Z95, 0, Z95]) * self.error
        low, middle, high = np.exp(points) if self.logarithm else points
        return float(low), float(middle), float(high)

    def distribution(self) -> Distribution:
        """The estimate as a belief: log-normal by its quantiles, or a PERT of the same width."""
        low, middle, high = self.interval
        if self.logarithm:
            return Distribution("quantiles", p05=low, p50=middle, p95=high)
        half = PERT_SDS / 2 * self.error
        return Distribution("pert", low=middle - half, mode=middle, high=middle + half)


def wider(error: float, df: float) -> float:
    """The error of a normal law whose 5% and 95% are those of t with so many degrees of freedom."""
    from scipy import stats

    return float(error * stats.t.ppf(0.95, df) / Z95)


def shrunk(measured: Measured, belief: Parameter) -> Measured:
    """The measurement drawn towards a belief, by the inverse of their variances.

        weight of the measurement = s_belief^2 / (s_belief^2 + s_measured^2)

    The belief is taken for a normal law with its 5 and 95% points, on the scale of the measurement.
    Raises UsageError for a belief without a range, since nothing could move it.
    """
    low, high = belief.interval
    if not low < high:
        raise UsageError(f"'{belief.name}' has no range, so there is nothing to draw towards.")
    if measured.logarithm:
        low, high = np.log(low), np.log(high)
    middle, spread = (low + high) / 2, (high - low) / (2 * Z95)
    kept = spread**2 / (spread**2 + measured.error**2)
    value = kept * measured.value + (1 - kept) * middle
    return Measured(float(value), float(np.sqrt(kept) * measured.error), measured.logarithm, kept)
