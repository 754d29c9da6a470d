"""Errors of linear estimates by leaving out one cluster at a time, with Satterthwaite degrees.

An estimate is the sum of W * Y. Without cluster g the weights are W(g), and the variance is

    V = (G - 1) / G * sum over g of (sum of (W(g) - W) * Y)^2

(CV3 of MacKinnon, Nielsen and Webb 2023, for any linear estimator). Were the errors of all cells
alike and independent, V would be a sum of squared normal numbers whose covariance is the Gram
matrix C of the differences W(g) - W; a t distribution with trace(C)^2 / trace(C C) degrees of
freedom has the same first two moments (Satterthwaite 1946; Bell and McCaffrey 2002). With three
movers among 35 that is about two, not 34.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opdanalysis.methods.did_timing import Timing

WeightsOf = Callable[[Timing], np.ndarray]
"""Weights `(K, N, T)` of K estimates for the moves and cells of a timing."""


@dataclass(frozen=True, eq=False)
class Jackknife:
    """Weights of K estimates and how they change without each of G clusters.

    `weights` is `(K, N T)`, `changes` `(K, G, N T)`. An estimate that leaving out one cluster makes
    impossible has NaN there, and no error.
    """

    weights: np.ndarray
    changes: np.ndarray

    @property
    def factor(self) -> float:
        """(G - 1) / G."""
        n_clusters = self.changes.shape[1]
        return (n_clusters - 1) / n_clusters

    @cached_property
    def df(self) -> np.ndarray:
        """Satterthwaite degrees of freedom of each estimate's error, `(K,)`."""
        return np.array([_degrees(change) for change in self.changes])

    def estimates(self, outcome: np.ndarray) -> np.ndarray:
        """The estimates for outcomes `(..., N, T)`, as `(..., K)`."""
        return flat(outcome) @ self.weights.T

    def deviations(self, outcome: np.ndarray) -> np.ndarray:
        """Change of each estimate without each cluster, `(..., K, G)`."""
        kept, n_clusters, cells = self.changes.shape
        moved = flat(outcome) @ self.changes.reshape(-1, cells).T
        return moved.reshape(*moved.shape[:-1], kept, n_clusters)

    def errors(self, outcome: np.ndarray) -> np.ndarray:
        """Jackknife standard errors, `(..., K)`."""
        return np.sqrt(self.factor * (self.deviations(outcome) ** 2).sum(axis=-1))

    def covariance(self, outcome: np.ndarray) -> np.ndarray:
        """Jackknife covariance of the estimates, `(K, K)`, of rank below G."""
        deviations = self.deviations(outcome)
        return self.factor * deviations @ deviations.T

    def combined(self, loads: np.ndarray) -> Jackknife:
        """Weights of combinations of the estimates; `loads` is `(J, K)`."""
        return Jackknife(loads @ self.weights, np.einsum("jk,kgc->jgc", loads, self.changes))


def flat(outcome: np.ndarray) -> np.ndarray:
    """Outcomes `(..., N, T)` as `(..., N T)`, with zero for a missing one (its weight is zero)."""
    return np.nan_to_num(outcome.reshape(*outcome.shape[:-2], -1), nan=0.0)


def cluster_jackknife(weights_of: WeightsOf, timing: Timing, clusters: np.ndarray) -> Jackknife:
    """Weights of the estimates of `weights_of`, and without each cluster (labels, `(N,)`)."""
    weights = weights_of(timing)
    present = np.unique(clusters[timing.usable.any(axis=1)])
    changes = np.empty((len(weights), len(present), timing.usable.size))
    for place, cluster in enumerate(present):
        changes[:, place] = (weights_of(timing.without(clusters == cluster)) - weights).reshape(
            len(weights), -1
        )
    return Jackknife(weights.reshape(len(weights), -1), changes)


def _degrees(change: np.ndarray) -> float:
    if np.isnan(change).any():
        return np.nan
    gram = change @ change.T if change.shape[0] <= change.shape[1] else change.T @ change
    squares = float((gram**2).sum())
    return float(np.trace(gram)) ** 2 / squares if squares else np.nan
