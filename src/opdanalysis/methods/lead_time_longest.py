"""The longest of several times, and what leads up to it, without a grid and for many draws at once.

A case that came back, or took another route, is kept apart from one that did not; of each kind the
first four moments are known exactly. For the longest of several, each kind is given the law with
its four moments, a mixture of a gamma and a lognormal law, and the product of CDFs is integrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
from scipy.special import gammainc, ndtr

from opdanalysis.methods.lead_time_moments import Moments, Number, one_of, repeated, sum_of

KINDS = 4
"""So many kinds of cases are kept apart at most; beyond that they are merged."""

NODES = 24
"""Points of the quadrature."""

LEAST_SKEW = 0.05
"""Below this a law is as good as normal, and the gamma law takes long to say so."""

FAR_BELOW = 5.0
"""So many standard deviations below its mean a time has not ended."""

LEAST = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Kinds:
    """A time, by kinds of cases: the share of each [1], and its moments."""

    shares: tuple[Number, ...]
    parts: tuple[Moments, ...]

    @classmethod
    def one(cls, moments: Moments) -> Kinds:
        """All cases are of one kind."""
        return cls((1.0,), (moments,))

    @cached_property
    def moments(self) -> Moments:
        """The moments over all kinds."""
        return self.parts[0] if len(self.parts) == 1 else one_of(self.shares, self.parts)

    @property
    def mean(self) -> Number:
        """Mean over all kinds [hour]."""
        return self.moments.mean


def in_series(parts: Sequence[Kinds]) -> Kinds:
    """One after the other."""
    alike = [part.moments for part in parts if len(part.parts) == 1]
    several = [part for part in parts if len(part.parts) > 1]
    return reduce(_followed_by, several, Kinds.one(sum_of(alike)))


def branched(shares: Sequence[Number], parts: Sequence[Kinds]) -> Kinds:
    """One of several, each in its share of cases [1]; what they leave over takes no time."""
    shares, each = list(shares), [part.moments for part in parts]
    left = np.maximum(1 - sum(shares), 0.0)
    if np.any(left > 0):
        shares, each = [*shares, left], [*each, Moments(0.0, 0.0, 0.0, 0.0)]
    found = Kinds(tuple(shares), tuple(each))
    return found if len(found.parts) <= KINDS else Kinds.one(found.moments)


def reworked(first: Kinds, again: Kinds, share: Number) -> Kinds:
    """A first pass, and another one each time that the case comes back, with this chance [1]."""
    once, more = first.moments, again.moments
    returned = sum_of([once, more, repeated(more, share)])
    return Kinds((1 - share, share), (once, returned))


def longest_of(times: Sequence[Kinds]) -> Kinds:
    """All at once, independent, until the last has ended.

    E[max - a] is the integral of 1 - F1 F2 ... from a, before which one of them has never ended.
    """
    if len(times) == 1:
        return times[0]
    fits = [(_Fit.of(time), count) for time, count in _counted(times)]
    start = _largest([0.0, *(fit.start for fit, _ in fits)])
    overall = [time.moments for time in times]
    reach = _largest([each.mean + np.sqrt(each.variance) for each in overall]) - start
    reach = np.maximum(reach, LEAST)[..., None]
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    u = (nodes + 1) / 2  # hours = reach u / (1 - u) leads from nothing to infinity
    hours, width = reach * (u / (1 - u)), reach * (weights / 2 / (1 - u) ** 2)
    ended = np.prod([fit.ended_by(start[..., None] + hours) ** n for fit, n in fits], axis=0)
    still_open = (1 - ended) * width
    raw = [(n * hours ** (n - 1) * still_open).sum(axis=-1) for n in range(1, 5)]
    beyond = Moments.from_raw(*raw)
    return Kinds.one(Moments(start + beyond.mean, beyond.variance, beyond.third, beyond.fourth))


@dataclass(frozen=True)
class _Fit:
    """Laws with the moments of each kind; `start` is before all of them."""

    start: Number
    shares: tuple[Number, ...]
    laws: tuple[_GammaLognormal, ...]

    @classmethod
    def of(cls, time: Kinds) -> _Fit:
        laws = tuple(_GammaLognormal.of(part) for part in time.parts)
        starts = np.broadcast_arrays(*(law.start for law in laws))
        return cls(np.min(starts, axis=0), time.shares, laws)

    def ended_by(self, hours: Number) -> Number:
        """P(X <= hours), `(..., n_nodes)`."""
        return sum(
            np.asarray(share)[..., None] * law.ended_by(hours)
            for share, law in zip(self.shares, self.laws, strict=True)
        )


@dataclass(frozen=True)
class _GammaLognormal:
    """A mixture of a shifted gamma and a shifted lognormal law with the same three moments."""

    start: Number
    gamma_weight: Number
    gamma_low: Number
    gamma_shape: Number
    gamma_scale: Number
    log_low: Number
    log_median: Number
    log_sd: Number

    @classmethod
    def of(cls, part: Moments) -> _GammaLognormal:
        """The law with the moments of a time; without spread, all of it at the mean.

        The weights give its fourth cumulant, or come as near as weights from 0 to 1 can.
        """
        sd = np.maximum(np.sqrt(part.variance), LEAST**0.25)
        skew = np.maximum(part.third / sd**3, LEAST_SKEW)
        y = 1 + skew**2 / 2
        root = np.cbrt(y + np.sqrt(y**2 - 1))
        w = root + 1 / root - 1  # exp of the variance of the logarithm, from the skewness
        median = sd / np.sqrt(w * (w - 1))
        gamma_low, log_low = part.mean - 2 * sd / skew, part.mean - median * np.sqrt(w)
        of_gamma, of_log = 1.5 * skew**2, w**4 + 2 * w**3 + 3 * w**2 - 6
        return cls(
            start=np.maximum(np.minimum(gamma_low, log_low), part.mean - FAR_BELOW * sd),
            gamma_weight=np.clip((of_log - part.fourth / sd**4) / (of_log - of_gamma), 0, 1),
            gamma_low=gamma_low,
            gamma_shape=4 / skew**2,
            gamma_scale=sd * skew / 2,
            log_low=log_low,
            log_median=median,
            log_sd=np.sqrt(np.log(w)),
        )

    def ended_by(self, hours: Number) -> Number:
        """P(X <= hours), `(..., n_nodes)`."""
        each = {name: np.asarray(number)[..., None] for name, number in vars(self).items()}
        after = np.maximum(hours - each["gamma_low"], 0)
        gamma = gammainc(each["gamma_shape"], after / each["gamma_scale"])
        after = np.maximum(hours - each["log_low"], LEAST)
        lognormal = ndtr(np.log(after / each["log_median"]) / each["log_sd"])
        return lognormal + each["gamma_weight"] * (gamma - lognormal)


def _followed_by(one: Kinds, other: Kinds) -> Kinds:
    """Every kind of the one before every kind of the other, unless these are too many."""
    if len(one.parts) * len(other.parts) > KINDS:
        other = Kinds.one(other.moments)
    return Kinds(
        tuple(a * b for a in one.shares for b in other.shares),
        tuple(sum_of([a, b]) for a in one.parts for b in other.parts),
    )


def _counted(times: Sequence[Kinds]) -> list[tuple[Kinds, int]]:
    """The times that differ, and how often each occurs."""
    found: list[tuple[Kinds, int]] = []
    for time in times:
        for place, (known, count) in enumerate(found):
            if _same(time, known):
                found[place] = known, count + 1
                break
        else:
            found.append((time, 1))
    return found


def _same(one: Kinds, other: Kinds) -> bool:
    """Whether two times have the same kinds, with the same moments in every draw."""
    if len(one.parts) != len(other.parts):
        return False
    numbers = [
        [*time.shares, *(number for part in time.parts for number in vars(part).values())]
        for time in (one, other)
    ]
    return all(np.array_equal(a, b) for a, b in zip(*numbers, strict=True))


def _largest(numbers: Sequence[Number]) -> Number:
    return np.max(np.broadcast_arrays(*numbers), axis=0)
