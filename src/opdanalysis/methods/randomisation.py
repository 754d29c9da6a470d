"""Randomisation test: would moves that fell on other units have seemed to do as much?

Under the null that moving does nothing, every assignment of the moves to exchangeable units is as
likely as the true one, whatever the errors. The statistic is t, the estimate over its jackknife
error: the estimate alone is right only where movers and others are equally noisy, and rejects 20%
instead of 5% where movers are twice as noisy (docs/methods/panel.md). The interval is what no test
rejects: all effects, the same in every cell from the move on, with p of at least 1 - level.

Sources: Fisher (1935); MacKinnon and Webb (2020) on t; Young (2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from opdanalysis.methods.cluster_jackknife import Jackknife, WeightsOf, cluster_jackknife, flat
from opdanalysis.methods.did_timing import Timing
from opdanalysis.methods.move_assignments import Assignments

Statistic = Literal["t", "coefficient"]

TIE = 1e-9
"""Statistics that differ by less, relative to the observed one, count as equal."""


@dataclass(frozen=True, eq=False)
class RandomisationTest:
    """A randomisation test of no effect.

    `observed` and `null` `(R,)` are the statistic under the true and under the other assignments;
    `pvalue` is two-sided, (1 + b) / (1 + R) where assignments were drawn and b / R where all were
    listed. `lower` and `upper` hold the effects that are not rejected at 1 - level; infinite where
    there are too few assignments to reject anything.
    """

    statistic: Statistic
    observed: float
    pvalue: float
    lower: float
    upper: float
    level: float
    n_assignments: int
    possible: int
    complete: bool
    null: np.ndarray = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Moments:
    """Estimate and error of outcome - effect * mover, as polynomials in the effect, each `(R,)`.

    Estimate: `level` - effect * `slope`. Squared error: `flat_part` - 2 effect * `cross_part` +
    effect^2 * `square_part`.
    """

    level: np.ndarray
    slope: np.ndarray
    flat_part: np.ndarray
    cross_part: np.ndarray
    square_part: np.ndarray

    def statistic(self, effect: float, kind: Statistic) -> np.ndarray:
        estimate = self.level - effect * self.slope
        if kind == "coefficient":
            return np.abs(estimate)
        square = self.flat_part - 2 * effect * self.cross_part + effect**2 * self.square_part
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.abs(estimate) / np.sqrt(np.maximum(square, 0))


def randomisation_test(
    weights_of: WeightsOf,
    timing: Timing,
    clusters: np.ndarray,
    outcome: np.ndarray,
    assignments: Assignments,
    level: float,
    statistic: Statistic = "t",
    jackknife: Jackknife | None = None,
) -> RandomisationTest:
    """Test of the one estimate of `weights_of` on outcomes `(N, T)`, and the interval at `level`.

    Where units that change places have the same usable cells, the weights of an assignment are
    those of the true one with rows exchanged; otherwise they are made anew for each, which is some
    thousand times slower. An assignment without a statistic counts as at least as large.
    """
    if jackknife is None:
        jackknife = cluster_jackknife(weights_of, timing, clusters)
    values = np.stack([outcome, timing.treated.astype(float)])
    observed = _moments(_by_rows(jackknife, values, np.arange(timing.n_units)[None]))
    null = _moments(
        _by_rows(jackknife, values, assignments.roles)
        if _alike(timing, clusters, assignments)
        else _anew(weights_of, timing, clusters, values, assignments.roles)
    )

    def p_of(tau: float) -> float:
        own = observed.statistic(tau, statistic)[0]
        others = null.statistic(tau, statistic)
        larger = (~(others < own * (1 - TIE))).sum()  # NaN counts as larger
        if assignments.complete:
            return float(larger / len(others))
        return float((1 + larger) / (1 + len(others)))

    centre = float(observed.level[0] / observed.slope[0])
    step = float(np.sqrt(observed.flat_part[0])) or abs(centre) or 1.0
    return RandomisationTest(
        statistic=statistic,
        observed=float(observed.level[0])
        if statistic == "coefficient"
        else float(observed.level[0] / np.sqrt(observed.flat_part[0])),
        pvalue=p_of(0.0),
        lower=_limit(p_of, centre, -step, 1 - level),
        upper=_limit(p_of, centre, step, 1 - level),
        level=level,
        n_assignments=len(assignments.roles),
        possible=assignments.possible,
        complete=assignments.complete,
        null=null.statistic(0.0, statistic),
    )


def permuted_values(
    weights_of: WeightsOf,
    timing: Timing,
    clusters: np.ndarray,
    outcome: np.ndarray,
    assignments: Assignments,
    jackknife: Jackknife,
    statistic: Statistic = "t",
) -> np.ndarray:
    """The statistic of K estimates under each assignment, `(R, K)`; NaN where there is no error."""
    values = outcome[None]
    null = (
        _by_rows(jackknife, values, assignments.roles)
        if _alike(timing, clusters, assignments)
        else _anew(weights_of, timing, clusters, values, assignments.roles)
    )
    if statistic == "coefficient":
        return null.estimates[:, 0]
    square = null.factor * (null.changes[:, 0] ** 2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(null.estimates[:, 0] / np.sqrt(square))


@dataclass(frozen=True, eq=False)
class _Permuted:
    """Estimates `(R, V, K)` of V outcomes, and their changes without clusters `(R, V, K, G)`."""

    estimates: np.ndarray
    changes: np.ndarray
    factor: float


def _by_rows(jackknife: Jackknife, values: np.ndarray, roles: np.ndarray) -> _Permuted:
    """Rows of the weights exchanged, in pieces that fit into memory."""
    places = np.argsort(roles, axis=1)  # the unit that takes role j
    estimates, changes = [], []
    n_pieces = max(1, places.size * values.shape[0] * values.shape[2] // 4_000_000)
    for part in np.array_split(places, n_pieces):
        exchanged = values[:, part].swapaxes(0, 1)
        estimates.append(jackknife.estimates(exchanged))
        changes.append(jackknife.deviations(exchanged))
    return _Permuted(np.concatenate(estimates), np.concatenate(changes), jackknife.factor)


def _anew(
    weights_of: WeightsOf,
    timing: Timing,
    clusters: np.ndarray,
    values: np.ndarray,
    roles: np.ndarray,
) -> _Permuted:
    """Weights made for each assignment."""
    kept = [
        clusters == cluster
        for cluster in np.unique(clusters)
        if timing.usable[clusters == cluster].any()
    ]
    outcomes = flat(values)
    estimates, changes = [], []
    for role in roles:
        now = timing.reassigned(role)
        full = outcomes @ _flat_weights(weights_of(now)).T
        apart = [outcomes @ _flat_weights(weights_of(now.without(out))).T for out in kept]
        estimates.append(full)
        changes.append(np.moveaxis(np.array(apart) - full, 0, -1))
    return _Permuted(np.array(estimates), np.array(changes), (len(kept) - 1) / len(kept))


def _flat_weights(weights: np.ndarray) -> np.ndarray:
    return weights.reshape(len(weights), -1)


def _moments(permuted: _Permuted) -> _Moments:
    """The moments of one estimate of the outcome and of the effect."""
    change, of_effect = permuted.changes[:, 0, 0], permuted.changes[:, 1, 0]
    return _Moments(
        permuted.estimates[:, 0, 0],
        permuted.estimates[:, 1, 0],
        permuted.factor * (change**2).sum(axis=1),
        permuted.factor * (change * of_effect).sum(axis=1),
        permuted.factor * (of_effect**2).sum(axis=1),
    )


def _alike(timing: Timing, clusters: np.ndarray, assignments: Assignments) -> bool:
    """Whether units that change places have the same usable cells and size of cluster."""
    _, place, counts = np.unique(clusters, return_inverse=True, return_counts=True)
    rows = np.column_stack([timing.usable, counts[place]])
    kinds = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    return bool((kinds[assignments.roles] == kinds).all())


def _limit(p_of: Callable[[float], float], centre: float, step: float, alpha: float) -> float:
    """The effect nearest to the estimate, on one side, at which p falls to alpha or below."""
    inside, outside = centre, centre + step
    for _ in range(60):
        if p_of(outside) <= alpha:
            break
        inside, outside = outside, centre + 1.5 * (outside - centre)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(50):
        middle = (inside + outside) / 2
        if p_of(middle) <= alpha:
            outside = middle
        else:
            inside = middle
    return float(inside)
