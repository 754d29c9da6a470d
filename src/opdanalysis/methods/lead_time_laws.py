"""Laws of how long one part of a case takes, in working hours.

Every law knows its moments, for which its numbers may be arrays of draws, and its mean beyond a
limit, from which it is laid on a grid without changing its mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc, ndtr

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time_moments import Moments, Number, one_of

Floats = NDArray[np.float64]

EVEN = 1e-5
"""A standard deviation below this share of the mean is no spread on a grid."""


class Law(ABC):
    """How long one part takes [working hour], never negative."""

    @property
    @abstractmethod
    def moments(self) -> Moments:
        """Mean and further cumulants, floats or `(n_draws,)`."""

    @abstractmethod
    def mean_beyond(self, hours: Floats) -> Floats:
        """E[(X - x)+] for each x of `hours`, all at least zero [hour]."""

    @property
    def mean(self) -> Number:
        """Mean [hour]."""
        return self.moments.mean

    def masses(self, cell_hours: float, cells: int) -> Floats:
        """Shares on the points 0, h, 2h, ... of a grid [1], `(cells,)`, with the mean unchanged.

        Each instant is split between its two neighbouring points so that their average is that
        instant; the share of a point is the second difference of the mean beyond it, divided by h
        (local moment matching, Gerber 1982). What is missing from 1 lies beyond the last point.
        """
        points = cell_hours * np.arange(cells + 1, dtype=np.float64)
        beyond = np.concatenate([[self.mean + cell_hours], self.mean_beyond(points)])
        return np.maximum(np.diff(beyond, 2) / cell_hours, 0.0)


@dataclass(frozen=True)
class Fixed(Law):
    """Always the same time."""

    hours: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "hours")

    @property
    def moments(self) -> Moments:
        return Moments(self.hours, 0.0, 0.0, 0.0)

    def mean_beyond(self, hours: Floats) -> Floats:
        return np.maximum(self.hours - hours, 0.0)


@dataclass(frozen=True)
class Exponential(Law):
    """Random without memory: however long it took, the rest is as long as at first."""

    mean_hours: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "mean_hours")

    @property
    def moments(self) -> Moments:
        mean = self.mean_hours
        return Moments(mean, mean**2, 2 * mean**3, 6 * mean**4)

    def mean_beyond(self, hours: Floats) -> Floats:
        mean = self.mean_hours
        return mean * np.exp(-hours / mean) if mean > 0 else np.zeros_like(hours)


@dataclass(frozen=True)
class Gamma(Law):
    """A gamma law by its mean and its standard deviation as a share of the mean."""

    mean_hours: Number
    cv: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "mean_hours", "cv")

    @property
    def moments(self) -> Moments:
        spread = self.cv * self.mean_hours
        return Moments(
            self.mean_hours, spread**2, 2 * self.cv * spread**3, 6 * self.cv**2 * spread**4
        )

    def mean_beyond(self, hours: Floats) -> Floats:
        if self.mean_hours == 0 or self.cv < EVEN:
            return Fixed(self.mean_hours).mean_beyond(hours)
        shape, scale = self.cv**-2, self.mean_hours * self.cv**2
        above, counted = _gamma_above(shape, hours / scale), _gamma_above(shape + 1, hours / scale)
        return self.mean_hours * counted - hours * above


@dataclass(frozen=True)
class Lognormal(Law):
    """A lognormal law by its mean and its standard deviation as a share of the mean."""

    mean_hours: Number
    cv: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "mean_hours", "cv")

    @property
    def moments(self) -> Moments:
        spread = self.cv * self.mean_hours
        w = 1 + self.cv**2
        return Moments(
            self.mean_hours,
            spread**2,
            (w + 2) * self.cv * spread**3,
            (w**4 + 2 * w**3 + 3 * w**2 - 6) * spread**4,
        )

    def mean_beyond(self, hours: Floats) -> Floats:
        if self.mean_hours == 0 or self.cv < EVEN:
            return Fixed(self.mean_hours).mean_beyond(hours)
        of_log = np.sqrt(np.log1p(self.cv**2))
        with np.errstate(divide="ignore"):
            place = np.log(self.mean_hours / hours) / of_log  # infinite at zero hours
        return self.mean_hours * ndtr(place + of_log / 2) - hours * ndtr(place - of_log / 2)


@dataclass(frozen=True)
class Uniform(Law):
    """Any time between two limits, all alike."""

    low_hours: Number
    high_hours: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "low_hours")
        if np.any(np.less(self.high_hours, self.low_hours)):
            raise UsageError(
                f"a Uniform has high_hours {_least(self.high_hours):g} below its low_hours; "
                "exchange the two"
            )

    @property
    def moments(self) -> Moments:
        width = self.high_hours - self.low_hours
        middle = (self.low_hours + self.high_hours) / 2
        return Moments(middle, width**2 / 12, 0.0, -(width**4) / 120)

    def mean_beyond(self, hours: Floats) -> Floats:
        width = self.high_hours - self.low_hours
        if width == 0:
            return Fixed(self.low_hours).mean_beyond(hours)
        inside = np.clip(self.high_hours - hours, 0, width)
        return inside**2 / (2 * width) + np.maximum(self.low_hours - hours, 0)


@dataclass(frozen=True)
class Geometric(Law):
    """Steps of equal length until one succeeds, the successful one included."""

    step_hours: Number
    chance: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "step_hours")
        _share(self, "chance")
        if np.any(np.equal(self.chance, 0)):
            raise UsageError("a Geometric has chance 0 and would never end; expected above 0")

    @property
    def moments(self) -> Moments:
        step, chance = self.step_hours, self.chance
        failing = 1 - chance
        return Moments(
            step / chance,
            step**2 * failing / chance**2,
            step**3 * failing * (1 + failing) / chance**3,
            step**4 * failing * (1 + 4 * failing + failing**2) / chance**4,
        )

    def mean_beyond(self, hours: Floats) -> Floats:
        if self.step_hours == 0:
            return np.zeros_like(hours)
        failed = np.floor(hours / self.step_hours)
        rest = self.step_hours * (failed + 1 / self.chance) - hours
        return (1 - self.chance) ** failed * rest


@dataclass(frozen=True)
class WaitForNext(Law):
    """From any instant to the next event, where gaps between events have this mean and spread.

    The mean is (gap / 2)(1 + cv^2) (inspection paradox): with equal gaps half a gap, with random
    ones a whole gap. Gaps follow a gamma law.
    """

    gap_hours: Number
    gap_cv: Number

    def __post_init__(self) -> None:
        _at_least(self, 0, "gap_hours", "gap_cv")

    @property
    def moments(self) -> Moments:
        gap, uneven = self.gap_hours, self.gap_cv**2
        raw, product = [], 1.0
        for n in range(1, 5):  # E[W^n] = E[gap^(n+1)] / ((n + 1) E[gap])
            product = product * gap * (1 + n * uneven)
            raw.append(product / (n + 1))
        return Moments.from_raw(*raw)

    def mean_beyond(self, hours: Floats) -> Floats:
        gap, uneven = self.gap_hours, self.gap_cv**2
        if gap == 0 or self.gap_cv < EVEN:
            return Uniform(0, gap).mean_beyond(hours)
        shape, scale = 1 / uneven, gap * uneven
        x = hours / scale
        above, counted, squared = (_gamma_above(shape + power, x) for power in range(3))
        return (gap * (1 + uneven) * squared - 2 * hours * counted + hours**2 / gap * above) / 2


@dataclass(frozen=True)
class Sometimes(Law):
    """This share of cases takes the time of a law, the others none."""

    share: Number
    law: Law

    def __post_init__(self) -> None:
        _share(self, "share")

    @property
    def moments(self) -> Moments:
        return one_of([self.share], [self.law.moments])

    def mean_beyond(self, hours: Floats) -> Floats:
        return self.share * self.law.mean_beyond(hours)


@dataclass(frozen=True, eq=False)
class Observed(Law):
    """Times as a log holds them, each with a weight; or the middles and counts of a histogram."""

    hours: ArrayLike
    weights: ArrayLike

    def __post_init__(self) -> None:
        hours, weights = np.asarray(self.hours, float), np.asarray(self.weights, float)
        if hours.ndim != 1 or hours.shape != weights.shape or not hours.size:
            raise UsageError(
                f"an Observed has {hours.size} hours and {weights.size} weights; "
                "expected one weight for each time, and at least one"
            )
        if not (np.isfinite(hours).all() and hours.min() >= 0):
            raise UsageError(
                f"an Observed has a time of {_least(hours):g} hours; expected 0 or more. "
                "Was a letter received before it was sent, or is a stamp missing?"
            )
        if not (np.isfinite(weights).all() and weights.min() >= 0 and weights.sum() > 0):
            raise UsageError("the weights of an Observed must be 0 or more, and not all 0")

    @cached_property
    def _sorted(self) -> tuple[Floats, Floats]:
        """Times in rising order and their shares."""
        hours, weights = np.asarray(self.hours, float), np.asarray(self.weights, float)
        order = np.argsort(hours, kind="stable")
        return hours[order], weights[order] / weights.sum()

    @cached_property
    def moments(self) -> Moments:
        hours, shares = self._sorted
        mean = float(shares @ hours)
        apart = hours - mean
        variance, third, fourth = (float(shares @ apart**n) for n in (2, 3, 4))
        return Moments(mean, variance, third, fourth - 3 * variance**2)

    def mean_beyond(self, hours: Floats) -> Floats:
        times, shares = self._sorted
        first = np.searchsorted(times, hours, side="right")
        share = np.append(np.cumsum(shares[::-1])[::-1], 0.0)[first]
        total = np.append(np.cumsum((shares * times)[::-1])[::-1], 0.0)[first]
        return total - hours * share


def _gamma_above(shape: float, x: Floats) -> Floats:
    """P(X > x) of a gamma law of scale 1."""
    return np.asarray(gammaincc(shape, x))


def _least(number: Number) -> float:
    return float(np.min(number))


def _at_least(law: Law, limit: float, *names: str) -> None:
    for name in names:
        number = getattr(law, name)
        if not (np.all(np.isfinite(number)) and np.all(np.greater_equal(number, limit))):
            raise UsageError(
                f"{type(law).__name__} has {name} {_least(number):g}; "
                f"expected a finite number of at least {limit:g}"
            )


def _share(law: Law, name: str) -> None:
    number = getattr(law, name)
    if not np.all(np.greater_equal(number, 0) & np.less_equal(number, 1)):
        raise UsageError(
            f"{type(law).__name__} has {name} {_least(number):g}; expected a share from 0 to 1"
        )


NOTHING = Fixed(0.0)
"""No time at all."""
