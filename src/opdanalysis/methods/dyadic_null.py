"""The t values of a dyadic regression after permuting each predictor's own part among the agencies.

Double semi-partialling: e is the residual of one predictor on the others, its rows and columns are
relabelled together, and the outcome is fitted again on the others and the relabelled e. Source:
Dekker, D., Krackhardt, D., Snijders, T. A. B. (2007), Sensitivity of MRQAP tests to collinearity
and autocorrelation conditions, Psychometrika 72(4), 563-581.

No fit is repeated. Let e have unit length, Q be an orthonormal basis of the other predictors and
the constant, and r the residual of the outcome on them. Then, for every relabelling,

    a = <e, r>,  s = 1 - |Q'e|^2,  RSS = |r|^2 - a^2 / s,  t = a / sqrt(s RSS / df)

so that a handful of sums of products is all that a relabelling costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.dyadic_pairs import Dyads
from opdanalysis.methods.dyadic_permutations import Kernel, permuted_products

TIE = 1e-9
"""Statistics this close are equal: rounding must not decide a p value."""

UNDEFINED = 1e-12
"""Below this share of its own size a relabelled predictor follows from the others."""


@dataclass(frozen=True)
class Parts:
    """The regression taken apart, with k predictors and N pairs.

    `basis` `(N, k)` is orthonormal and spans the centred predictors; `weights` `(k, k)` holds in
    column i the unit residual of predictor i on the others, in terms of the basis; `slopes` `(k,)`
    are its products with the outcome; `rest` `(N,)` is the residual of the outcome on everything.
    `waiting` holds the same residuals of the predictors for pairs that lack only their outcome.
    """

    basis: np.ndarray
    weights: np.ndarray
    waiting: np.ndarray
    slopes: np.ndarray
    rest: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """The unit residual of each predictor on the others, `(N, k)`."""
        return self.basis @ self.weights

    @property
    def df(self) -> int:
        """Pairs less coefficients, the constant among them."""
        return self.basis.shape[0] - self.basis.shape[1] - 1

    @property
    def tvalues(self) -> np.ndarray:
        """The t values of least squares, `(k,)`."""
        return self.slopes / np.sqrt(self.rest @ self.rest / self.df)


def parts_of(dyads: Dyads) -> Parts:
    """The regression of the outcome on the predictors, taken apart for permutation."""
    centre = dyads.predictors.mean(axis=0)
    size = np.linalg.norm(dyads.predictors - centre, axis=0)
    outcome = dyads.outcome - dyads.outcome.mean()
    basis, upper = np.linalg.qr((dyads.predictors - centre) / size)
    weights = np.linalg.inv(upper).T
    weights /= np.linalg.norm(weights, axis=0)
    waiting = (dyads.waiting_predictors - centre) / size @ np.linalg.solve(upper, weights)
    along = basis.T @ outcome
    return Parts(basis, weights, waiting, weights.T @ along, outcome - basis @ along)


def own_matrices(dyads: Dyads, parts: Parts) -> np.ndarray:
    """The residual of each predictor on the others as matrices to be permuted, `(k, n, n)`."""
    return np.stack(
        [dyads.matrix(*pair) for pair in zip(parts.own.T, parts.waiting.T, strict=True)]
    )


def permuted_tvalues(
    dyads: Dyads, parts: Parts, permutations: np.ndarray, kernel: Kernel = "auto"
) -> np.ndarray:
    """The t value of each predictor under each relabelling, `(n_permutations, k)`.

    NaN where the relabelled predictor follows from the others, so that there is no t. Gaps of the
    predictors move with e, gaps of the outcome stay, and the fit is on the pairs that both have.
    """
    tvalues = _on_all_pairs if dyads.missing == 0 else _on_shared_pairs
    return tvalues(dyads, parts, permutations, kernel)


def permuted_robust(
    dyads: Dyads, parts: Parts, permutations: np.ndarray, kernel: Kernel = "auto"
) -> tuple[np.ndarray, np.ndarray]:
    """The robust statistic of each predictor: of the data `(k,)`, permuted `(n_permutations, k)`.

        T = sum of e r / sqrt(sum of e^2 r^2)

    It does not suppose that the outcome spreads alike for all e, which t does: where a skewed third
    quantity widens both, or where the agencies behind a predictor are noisier, T keeps the level of
    the test and t does not. The idea of such a denominator is that of DiCiccio, C. J., Romano, J.
    P. (2017), Robust permutation tests for correlation and regression coefficients, Journal of the
    American Statistical Association 112(519), 1211-1220; its use here was checked by simulation.
    """
    own = parts.own
    residual = parts.rest[:, None] + own * parts.slopes
    matrices = own_matrices(dyads, parts)

    def products(matrices: np.ndarray, targets: np.ndarray) -> np.ndarray:
        of_all = permuted_products(
            matrices, targets, dyads.sender, dyads.receiver, permutations, kernel
        )
        return np.diagonal(of_all, axis1=1, axis2=2)

    observed = parts.slopes / np.sqrt((own**2 * residual**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        null = products(matrices, residual.T) / np.sqrt(products(matrices**2, residual.T**2))
    return observed, null


def two_sided(observed: np.ndarray, null: np.ndarray) -> np.ndarray:
    """p values (1 + b) / (1 + R), `(k,)`; a statistic that is not defined counts as large."""
    as_large = np.abs(null) >= np.abs(observed) * (1 - TIE)
    return (1 + (as_large | np.isnan(null)).sum(axis=0)) / (1 + len(null))


def spread_ratios(
    dyads: Dyads, parts: Parts, permutations: np.ndarray, kernel: Kernel = "auto"
) -> tuple[np.ndarray, np.ndarray]:
    """How much wider the outcome spreads where a predictor has most to say, and its p, `(k,)` each.

        ratio = N sum of e^2 rest^2 / sum of rest^2

    The variance that t should have over the one that it supposes: 1 where all is well. The p value
    is one-sided, from the same ratio with e permuted.
    """
    own = own_matrices(dyads, parts)
    scaled = parts.rest**2 * len(parts.rest) / (parts.rest @ parts.rest)
    ratios = (parts.own**2).T @ scaled
    permuted = permuted_products(
        own**2, scaled[None], dyads.sender, dyads.receiver, permutations, kernel
    )[:, :, 0]
    return ratios, (1 + (permuted >= ratios * (1 - TIE)).sum(axis=0)) / (1 + len(permutations))


def _on_all_pairs(
    dyads: Dyads, parts: Parts, permutations: np.ndarray, kernel: Kernel
) -> np.ndarray:
    own = own_matrices(dyads, parts)
    targets = np.vstack([parts.basis.T, parts.rest])
    products = permuted_products(own, targets, dyads.sender, dyads.receiver, permutations, kernel)
    with_basis, with_rest = products[:, :, :-1], products[:, :, -1]
    with_own = np.einsum("rib,bi->ri", with_basis, parts.weights)
    s = 1 - (np.einsum("rib,rib->ri", with_basis, with_basis) - with_own**2)
    a = with_rest + parts.slopes * with_own
    total = parts.rest @ parts.rest + parts.slopes**2
    return _t(a, s, total, parts.df, defined=s > UNDEFINED)


def _on_shared_pairs(
    dyads: Dyads, parts: Parts, permutations: np.ndarray, kernel: Kernel
) -> np.ndarray:
    n_dyads, k = parts.basis.shape
    fixed = np.vstack([np.ones(n_dyads), parts.basis.T, parts.rest])  # constant, basis, rest
    own = own_matrices(dyads, parts)
    present = dyads.matrix(np.ones(n_dyads), np.ones(len(parts.waiting)))[None]
    upper = np.triu_indices(k + 2)

    def products(matrices: np.ndarray, targets: np.ndarray) -> np.ndarray:
        return permuted_products(
            matrices, targets, dyads.sender, dyads.receiver, permutations, kernel
        )

    pairs = products(present, fixed[upper[0]] * fixed[upper[1]])[:, 0]
    gram = np.empty((len(permutations), k + 2, k + 2))
    gram[:, upper[0], upper[1]] = gram[:, upper[1], upper[0]] = pairs
    crossed = products(own, fixed)
    squared = products(own**2, fixed[:1])[:, :, 0]
    df = np.rint(gram[:, 0, 0]) - k - 1

    tvalues = np.empty((len(permutations), k))
    for i in range(k):
        others = np.linalg.qr(parts.weights[:, [i]], mode="complete")[0][:, 1:]
        within = np.zeros((k + 2, k))  # the constant and the other predictors
        within[0, 0] = 1
        within[1:-1, 1:] = others
        outcome = np.concatenate([[0], parts.slopes[i] * parts.weights[:, i], [1]])
        normal = within.T @ gram @ within
        eigenvalues = np.linalg.eigvalsh(normal)
        sound = (eigenvalues[:, 0] > UNDEFINED * eigenvalues[:, -1]) & (df > 0)
        normal[~sound] = np.eye(k)
        to_own = crossed[:, i] @ within
        to_outcome = gram @ outcome @ within
        solved = np.linalg.solve(normal, np.stack([to_own, to_outcome], axis=-1))
        s = squared[:, i] - np.einsum("rz,rz->r", to_own, solved[:, :, 0])
        a = crossed[:, i] @ outcome - np.einsum("rz,rz->r", to_own, solved[:, :, 1])
        total = outcome @ (gram @ outcome).T - np.einsum("rz,rz->r", to_outcome, solved[:, :, 1])
        defined = sound & (s > UNDEFINED * squared[:, i])
        tvalues[:, i] = _t(a, s, total, df, defined)
    return tvalues


def _t(
    a: np.ndarray, s: np.ndarray, total: np.ndarray, df: np.ndarray | int, defined: np.ndarray
) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        unexplained = np.maximum(total - a**2 / s, 0)
        return np.where(defined, a / np.sqrt(s * unexplained / df), np.nan)
