"""Times by their first four moments, in closed form, for many draws at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np

Number = Any
"""A float, or an array of draws `(n_draws,)`."""


@dataclass(frozen=True)
class Moments:
    """Cumulants of a time: mean [hour], variance [hour^2], then the third and the fourth."""

    mean: Number
    variance: Number
    third: Number
    fourth: Number

    @classmethod
    def from_raw(cls, m1: Number, m2: Number, m3: Number, m4: Number) -> Moments:
        """The cumulants from E[X], E[X^2], E[X^3] and E[X^4]."""
        variance = np.maximum(m2 - m1**2, 0.0)
        third = m3 - 3 * m1 * m2 + 2 * m1**3
        fourth = m4 - 4 * m1 * m3 - 3 * m2**2 + 12 * m1**2 * m2 - 6 * m1**4
        return cls(m1, variance, third, fourth)

    @property
    def raw(self) -> tuple[Number, Number, Number, Number]:
        """E[X], E[X^2], E[X^3] and E[X^4]."""
        m1, var, third, fourth = self.mean, self.variance, self.third, self.fourth
        m2 = var + m1**2
        m3 = third + 3 * m1 * var + m1**3
        m4 = fourth + 4 * m1 * third + 3 * var**2 + 6 * m1**2 * var + m1**4
        return m1, m2, m3, m4


def sum_of(parts: Sequence[Moments]) -> Moments:
    """One after the other, independent: cumulants add up."""
    return Moments(
        sum(part.mean for part in parts),
        sum(part.variance for part in parts),
        sum(part.third for part in parts),
        sum(part.fourth for part in parts),
    )


def one_of(shares: Sequence[Number], parts: Sequence[Moments]) -> Moments:
    """Each part in its share of cases [1]; where they leave something over, no time at all."""
    raws = [part.raw for part in parts]
    mixed = [sum(s * raw[n] for s, raw in zip(shares, raws, strict=True)) for n in range(4)]
    return Moments.from_raw(*mixed)


def repeated(again: Moments, share: Number) -> Moments:
    """What `again` costs when it comes back with this chance each time: none, once, twice, ...

    The mean is again * share / (1 - share).
    """
    odds = share / (1 - share)
    m1, m2, m3, m4 = again.raw
    times = [factorial(n) * odds**n for n in range(1, 5)]  # factorial moments of the number
    return Moments.from_raw(
        times[0] * m1,
        times[0] * m2 + times[1] * m1**2,
        times[0] * m3 + times[1] * 3 * m2 * m1 + times[2] * m1**3,
        times[0] * m4
        + times[1] * (4 * m3 * m1 + 3 * m2**2)
        + times[2] * 6 * m2 * m1**2
        + times[3] * m1**4,
    )
