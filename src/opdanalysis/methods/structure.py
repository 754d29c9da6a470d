"""Positions in a weighted network that networkx lacks or gets wrong.

Left to networkx, which is right there: strength, betweenness, closeness, `constraint`, `pagerank`
and `eigenvector_centrality` (the power iteration starts from the same point each time, while
`eigenvector_centrality_numpy` starts from a random one). Its `effective_size` divides by the wrong
axis on weighted or directed graphs unless `nodes` is given, hence the one below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.modularity import checked_weights

ROLES = ("coordinator", "consultant", "gatekeeper", "representative", "liaison")
CORE_STEPS = 10_000
CORE_TOLERANCE = 1e-12


def effective_size(weights: np.ndarray) -> np.ndarray:
    """Contacts of each node less their redundancy, `(n,)`; nan for a node without ties.

    For contact j of i: 1 - sum_q p_iq m_jq, with p_iq the share of i's ties that go to q and m_jq
    the tie of j and q as a share of j's strongest; ties are the sums of both directions (Burt 1992,
    chapter 2).
    """
    ties = _both_ways(weights)
    share = _divided(ties, ties.sum(axis=1, keepdims=True))
    marginal = _divided(ties, ties.max(axis=1, keepdims=True))
    size = ((ties > 0) * (1 - share @ marginal.T)).sum(axis=1)
    return np.where(ties.any(axis=1), size, np.nan)


def brokerage_roles(weights: np.ndarray, groups: np.ndarray) -> dict[str, np.ndarray]:
    """How often each node stands between two others, by role, `(n,)` each.

    Counted are paths i -> j -> k without a tie i -> k; j is the broker (Gould and Fernandez 1989):
    coordinator, all three in one group; consultant, i and k in one group and j outside; gatekeeper,
    j and k in one group and i outside; representative, i and j in one group and k outside; liaison,
    three groups.
    """
    tied = checked_weights(weights) > 0
    np.fill_diagonal(tied, False)
    groups = np.asarray(groups)
    if groups.shape != (len(tied),):
        raise UsageError(f"groups have the shape {groups.shape}; expected ({len(tied)},)")
    same = groups[:, None] == groups[None, :]
    open_ends = ~tied & ~np.eye(len(tied), dtype=bool)

    def between(first, second, ends):
        """Paths over each node whose first tie, second tie and ends are as given."""
        into = (tied & first).astype(float)
        out = (tied & second).astype(float)
        return np.rint(((into.T @ (open_ends & ends)) * out).sum(axis=1)).astype(np.int64)

    return {
        "coordinator": between(same, same, same),
        "consultant": between(~same, ~same, same),
        "gatekeeper": between(~same, same, ~same),
        "representative": between(same, ~same, ~same),
        "liaison": between(~same, ~same, ~same),
    }


@dataclass(frozen=True)
class CorePeriphery:
    """How central each node is to the one core, and how well the picture of a core fits."""

    coreness: np.ndarray  # (n,) from 0, sum of squares 1
    fit: float  # correlation of the ties with the products of coreness [1]
    core: np.ndarray  # (n,) bool
    core_fit: float  # correlation of the ties with "one of the two is in the core" [1]


def core_periphery(weights: np.ndarray) -> CorePeriphery:
    """Core and periphery after Borgatti and Everett (2000), ties as sums of both directions.

    Continuous: the coreness c that makes sum_{i != j} (tie_ij - c_i c_j)^2 small (the authors'
    minimum residual method), by one node at a time from the strengths. Discrete: of the core that
    takes the nodes in the order of their coreness, improved by single changes while the fit rises;
    the pattern has ties wherever one of the two nodes is in the core.
    """
    ties = _both_ways(weights)
    n = len(ties)
    pairs = np.triu_indices(n, 1)
    if n < 3 or np.ptp(ties[pairs]) == 0:
        raise UsageError("a core needs three nodes or more, and ties that differ")
    coreness = _coreness(ties)
    fit = np.corrcoef(ties[pairs], np.outer(coreness, coreness)[pairs])[0, 1]

    def fit_of(core: np.ndarray) -> float:
        pattern = (core[:, None] | core[None, :])[pairs].astype(float)
        return -1.0 if np.ptp(pattern) == 0 else float(np.corrcoef(ties[pairs], pattern)[0, 1])

    order = np.argsort(-coreness, kind="stable")
    starts = [np.isin(np.arange(n), order[:size]) for size in range(1, n - 1)]
    core = max(starts, key=fit_of)
    while True:
        changed = [core ^ (np.arange(n) == node) for node in range(n)]
        better = max(changed, key=fit_of)
        if fit_of(better) <= fit_of(core) + CORE_TOLERANCE:
            break
        core = better
    norm = np.sqrt((coreness**2).sum())
    return CorePeriphery(coreness / norm, float(fit), core, fit_of(core))


def weighted_reciprocity(weights: np.ndarray) -> float:
    """Share of all weight that is returned [1]: sum of min(w_ij, w_ji) over sum of w_ij.

    Squartini, Picciolo, Ruzzenenti and Garlaschelli (2013); self-ties are left out.
    """
    weights = checked_weights(weights).copy()
    np.fill_diagonal(weights, 0.0)
    if not weights.any():
        raise UsageError("all weights are 0; reciprocity needs at least one tie")
    return float(np.minimum(weights, weights.T).sum() / weights.sum())


def disparity(weights: np.ndarray) -> np.ndarray:
    """How easily chance gives a tie so large a part of its end's strength [1], `(n, n)`.

    (1 - w_ij / s_i)^(k_i - 1) with k_i ties of sum s_i that leave i, and the same for the ties that
    reach j; the smaller of the two. 1 where there is no tie, and at an end with a single tie.
    Keep the ties below a level such as 0.05 (Serrano, Boguna and Vespignani 2009).
    """
    weights = checked_weights(weights).copy()
    np.fill_diagonal(weights, 0.0)

    def seen_from_rows(ties):
        degree = (ties > 0).sum(axis=1, keepdims=True)
        share = np.minimum(_divided(ties, ties.sum(axis=1, keepdims=True)), 1.0)
        return (1 - share) ** np.maximum(degree - 1, 0)

    chance = np.minimum(seen_from_rows(weights), seen_from_rows(weights.T).T)
    return np.where(weights > 0, chance, 1.0)


def backbone(weights: np.ndarray, level: float) -> np.ndarray:
    """The weights with every tie removed that is not below the level of `disparity`, `(n, n)`."""
    return np.where(disparity(weights) < level, weights, 0.0)


def _both_ways(weights):
    ties = checked_weights(weights)
    ties = ties + ties.T
    np.fill_diagonal(ties, 0.0)
    return ties


def _divided(part, whole):
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _coreness(ties):
    core = ties.sum(axis=1) / np.sqrt(ties.sum())
    for _ in range(CORE_STEPS):
        before = core.copy()
        for node in range(len(core)):
            others = (core**2).sum() - core[node] ** 2
            core[node] = ties[node] @ core / others if others > 0 else 0.0
        if np.abs(core - before).max() <= CORE_TOLERANCE * core.max():
            break
    return core
