"""Least squares with one effect per unit and one per period, written as weights on the outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-8
"""How far a solution may miss its equations before the quantity counts as not identified."""


@dataclass(frozen=True, eq=False)
class TwoWayEffects:
    """Effects of units and periods, fitted on the cells of a mask.

    With the unit part taken out, the period effects b solve S b = r; `inverse` finds such a b,
    `(T, T)`. `basis` holds what is estimated per unit, `(T, q)`: a constant, or a
    constant and a trend. `crossed` is the inverse of its cross product in each unit, `(N, q, q)`.
    """

    mask: np.ndarray
    basis: np.ndarray
    crossed: np.ndarray
    inverse: np.ndarray

    def unit_part(self, values: np.ndarray) -> np.ndarray:
        """What the unit effects explain of values that are zero off the mask, `(..., N, T)`."""
        if self.basis.shape[1] == 1:
            sums = values.sum(axis=-1, keepdims=True) * self.crossed[:, 0, :1]
            return np.where(self.mask, sums, 0.0)
        sums = np.einsum("...nt,tq->...nq", values, self.basis)
        slopes = np.einsum("nqr,...nr->...nq", self.crossed, sums)
        return np.where(self.mask, np.einsum("...nq,tq->...nt", slopes, self.basis), 0.0)

    def residuals(self, values: np.ndarray) -> np.ndarray:
        """Values on the mask less their unit and period effects, `(..., N, T)`, zero off it."""
        inside = np.where(self.mask, values, 0.0)
        rest = inside - self.unit_part(inside)
        periods = rest.sum(axis=-2) @ self.inverse
        spread = np.where(self.mask, periods[..., None, :], 0.0)
        return rest - (spread - self.unit_part(spread))

    def forecast_weights(self, targets: np.ndarray) -> np.ndarray:
        """Weights on the masked outcomes that forecast sums over targets, `(K, N, T)`.

        Sum of result * Y = sum of target * (unit effect + period effect). NaN for a target that
        the effects do not reach.
        """
        loads = np.einsum("knt,tq->knq", targets, self.basis)  # on the unit effects
        from_units = np.einsum("nqr,knr->knq", self.crossed, loads)
        own = np.where(self.mask, np.einsum("knq,tq->knt", from_units, self.basis), 0.0)
        missing = targets.sum(axis=1) - own.sum(axis=1)
        periods = missing @ self.inverse
        spread = np.where(self.mask, periods[:, None, :], 0.0)
        weights = own + spread - self.unit_part(spread)
        # A target is reached if the weights have its sums over periods and over unit effects.
        off = np.abs(weights.sum(axis=1) - targets.sum(axis=1)).max(axis=1)
        gap = np.abs(np.einsum("knt,tq->knq", weights, self.basis) - loads).max(axis=(1, 2))
        weights[(off > TOLERANCE) | (gap > TOLERANCE)] = np.nan
        return weights


def two_way_effects(mask: np.ndarray, trends: bool = False) -> TwoWayEffects:
    """The effects of units and periods on the cells of a mask `(N, T)`, ready to be applied.

    With `trends` each unit has a straight line of its own instead of a constant.
    """
    n_periods = mask.shape[1]
    time = np.linspace(-1, 1, n_periods)
    basis = np.stack([np.ones(n_periods), time], axis=1) if trends else np.ones((n_periods, 1))
    cells = mask.astype(float)
    if trends:
        crossed = np.linalg.pinv(
            np.einsum("nt,tq,tr->nqr", cells, basis, basis), hermitian=True, rcond=1e-9
        )
        hat = np.einsum("tq,nqr,sr->nts", basis, crossed, basis)
        explained = np.einsum("nt,nts,ns->ts", cells, hat, cells)
    else:
        counts = cells.sum(axis=1)
        share = np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > 0)
        crossed = share[:, None, None]
        explained = (cells * share[:, None]).T @ cells
    normal = np.diag(cells.sum(axis=0)) - explained
    if trends:
        inverse = np.linalg.pinv(normal, hermitian=True, rcond=1e-10)
    else:
        # One constant per group of tied periods is free; fixing it makes the equations regular.
        labels = tied_periods(mask)
        inverse = np.linalg.inv(normal + (labels[:, None] == labels))
    return TwoWayEffects(mask, basis, crossed, inverse)


def tied_periods(mask: np.ndarray) -> np.ndarray:
    """Labels of the periods, equal where units seen in both tie them to each other, `(T,)`."""
    from scipy.sparse.csgraph import connected_components

    covered = mask.any(axis=0)
    if (mask == covered).all(axis=1).any():  # a unit seen in every period that anyone is
        return np.where(covered, -1, np.arange(len(covered)))
    cells = mask.astype(float)
    return np.asarray(connected_components(cells.T @ cells > 0, directed=False)[1])


def regression_weights(
    regressors: np.ndarray, contrasts: np.ndarray, effects: TwoWayEffects
) -> np.ndarray:
    """Weights of contrasts of coefficients in a regression with unit and period effects.

    `regressors` is `(P, N, T)`, `contrasts` `(K, P)`; the result is `(K, N, T)`, with NaN for a
    contrast that the data do not determine.
    """
    own = effects.residuals(regressors)
    flat = own.reshape(len(own), -1)
    # Scaled by their size before the effects were taken out, so that nothing left is seen as such.
    raw = np.where(effects.mask, regressors, 0.0).reshape(flat.shape)
    scale = np.linalg.norm(raw, axis=1)
    scale[scale == 0] = 1.0
    flat = flat / scale[:, None]
    contrasts = contrasts / scale
    gram = flat @ flat.T
    values, vectors = np.linalg.eigh(gram)
    kept = values > 1e-10
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    solved = contrasts @ inverse
    weights = (solved @ flat).reshape(len(contrasts), *effects.mask.shape)
    off = np.abs((solved @ gram - contrasts) * scale).max(axis=1, initial=0.0)
    weights[(off > TOLERANCE) | ~contrasts.any(axis=1)] = np.nan
    return weights
