"""How much of a weighted network lies inside groups, beyond what the nodes' totals would give."""

from __future__ import annotations

import numpy as np

from opdanalysis.errors import UsageError


def checked_weights(weights: np.ndarray) -> np.ndarray:
    """The weights as a float array `(n, n)`, refused if they are no network."""
    array = np.asarray(weights, dtype=float)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise UsageError(
            f"weights have the shape {array.shape}; expected one row and one column per node"
        )
    if not np.isfinite(array).all():
        raise UsageError("weights hold a missing or infinite number; expected numbers from 0 up")
    if (array < 0).any():
        raise UsageError(f"weights go down to {array.min():g}; expected numbers from 0 up")
    return array


def modularity_matrix(weights: np.ndarray, resolution: float = 1.0) -> np.ndarray:
    """What each ordered pair adds to the modularity when it shares a group [1], `(n, n)`.

    `weights[i, j]` runs from i to j; an undirected network is given as a symmetric matrix, with
    twice a self-tie's weight on the diagonal. With m the sum of all weights:

        (w_ij - resolution * out_i * in_j / m) / m

    Leicht and Newman (2008) for directed networks, Newman (2004) for undirected ones, Reichardt
    and Bornholdt (2006) for the resolution.
    """
    weights = checked_weights(weights)
    total = weights.sum()
    if total <= 0:
        raise UsageError("all weights are 0; modularity needs at least one tie")
    sent = weights.sum(axis=1)
    received = weights.sum(axis=0)
    return (weights - resolution * np.outer(sent, received) / total) / total


def modularity(weights: np.ndarray, groups: np.ndarray, resolution: float = 1.0) -> float:
    """Weight inside groups beyond what sent and received totals would give [1]; higher is better.

    `groups` is one whole number per node, `(n,)`. The range is from below 0 (ties between groups)
    to below 1 (all ties inside groups, many groups).
    """
    groups = np.asarray(groups)
    together = groups[:, None] == groups[None, :]
    return float(modularity_matrix(weights, resolution)[together].sum())
