"""Least squares over cells of pairs and periods, with effects of agencies or pairs taken out.

The errors allow anything within a pair of agencies, in both directions and all periods: clusters
are unordered pairs. They are those of Bell and McCaffrey (2002): residuals of a cluster are blown
up by (1 - H)^(-1/2), and the t distribution has Satterthwaite degrees of freedom, since the few
pairs that came together decide, not the many that did not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from opdanalysis.errors import UsageError

Floats = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]

NOTHING_LEFT = 1e-9
"""Share of the variance of a column below which nothing of it is left beside the effects."""


@dataclass(frozen=True, eq=False)
class PairDesign:
    """Cells with columns of interest, effects of agencies, and perhaps effects of pairs.

    `columns` is `(n_cells, n_terms)`. With `pairs`, each directed pair has an effect, and senders
    and receivers have one for each later period; without, senders and receivers have one each and
    periods too.
    """

    terms: tuple[str, ...]
    columns: Floats
    sender: Whole
    receiver: Whole
    period: Whole
    agencies: int
    pairs: bool

    @cached_property
    def clusters(self) -> Whole:
        """The unordered pair of each cell, counted from 0."""
        low, high = np.minimum(self.sender, self.receiver), np.maximum(self.sender, self.receiver)
        return np.unique(low * self.agencies + high, return_inverse=True)[1]

    @cached_property
    def _pair(self) -> sparse.csr_array:
        """The dummies of directed pairs, which are taken out first; no column without them."""
        rows = np.arange(len(self.sender))
        if not self.pairs:
            return sparse.csr_array((len(rows), 0))
        of_pair = np.unique(self.sender * self.agencies + self.receiver, return_inverse=True)[1]
        return sparse.csr_array((np.ones(len(rows)), (rows, of_pair)))

    @cached_property
    def _design(self) -> sparse.csr_array:
        """Columns of interest, then the dummies of senders and receivers (by period with pairs)."""
        rows = np.arange(len(self.sender))
        if self.pairs:
            later = self.period > 0
            blocks = [
                (rows[later], (self.period[later] - 1) * self.agencies + who[later])
                for who in (self.sender, self.receiver)
            ]
        else:
            blocks = [(rows, self.sender), (rows, self.receiver), (rows, self.period)]
        dummies = []
        for row, label in blocks:
            if len(row):
                place = np.unique(label, return_inverse=True)[1]
                shape = (len(rows), int(place.max()) + 1)
                dummies.append(sparse.csr_array((np.ones(len(row)), (row, place)), shape=shape))
        return sparse.csr_array(sparse.hstack([sparse.csr_array(self.columns), *dummies]))

    def weighted(self, weights: Floats) -> WeightedDesign:
        """The design for cells of such weights, ready to be solved for many outcomes."""
        return WeightedDesign(self, weights)


class WeightedDesign:
    """A design with weights; what a pair's effect explains is taken out exactly."""

    def __init__(self, design: PairDesign, weights: Floats) -> None:
        self.design, self.weights = design, weights
        x, pair = design._design, design._pair
        self._of_pair = pair.T @ weights
        self._mean_x = (pair.T @ (x * weights[:, None])) / np.maximum(self._of_pair, 1e-300)[
            :, None
        ]
        within = (x - pair @ self._mean_x).toarray()
        self.within: Floats = within
        gram = (within * weights[:, None]).T @ within
        scale = np.sqrt(np.maximum(np.diag(gram), 0))
        scale[scale == 0] = 1
        values, vectors = np.linalg.eigh(gram / scale[:, None] / scale)
        kept = values > 1e-10 * values[-1]
        self.rank = int(kept.sum()) + pair.shape[1]
        self._inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        self._inverse = self._inverse / scale[:, None] / scale
        self._check(vectors[:, kept])

    def _check(self, kept: Floats) -> None:
        """Raise where the effects leave nothing of a term."""
        for place, name in enumerate(self.design.terms):
            if 1 - (kept[place] ** 2).sum() > 1e-6:
                kind = "pairs and of agencies by period" if self.design.pairs else "agencies"
                raise UsageError(
                    f"the effects of {kind} leave nothing of '{name}': no pair tells it apart. "
                    "For a change of places somebody must come together or part, and others not."
                )

    def solve(self, outcome: Floats) -> tuple[Floats, Floats]:
        """Coefficients of the terms `(n_terms,)` and fitted values `(n_cells,)`."""
        pair = self.design._pair
        mean_y = (pair.T @ (self.weights * outcome)) / np.maximum(self._of_pair, 1e-300)
        centred = outcome - pair @ mean_y
        solved = self._inverse @ (self.within.T @ (self.weights * centred))
        fitted = pair @ mean_y + self.within @ solved
        return solved[: len(self.design.terms)], fitted

    def clustered(self, residual: Floats) -> tuple[Floats, Floats]:
        """Covariance of the terms `(n_terms, n_terms)` and their degrees of freedom `(n_terms,)`.

        `residual` times the weights is the score of each cell.
        """
        k, labels = len(self.design.terms), self.design.clusters
        root = np.sqrt(self.weights)
        scaled = self.within * root[:, None]
        loads = scaled @ self._inverse
        order = np.argsort(labels, kind="stable")
        sizes = np.bincount(labels)
        within = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        padded = np.zeros((2, len(sizes), sizes.max(), scaled.shape[1]))
        padded[0, labels[order], within] = scaled[order]
        padded[1, labels[order], within] = loads[order]
        hat = padded[1] @ padded[0].swapaxes(1, 2)
        values, vectors = np.linalg.eigh(np.eye(sizes.max()) - (hat + hat.swapaxes(1, 2)) / 2)
        inverse = np.where(values > 1e-8, 1 / np.sqrt(np.maximum(values, 1e-8)), 0)
        adjust = (vectors * inverse[:, None, :]) @ vectors.swapaxes(1, 2)
        spread = np.zeros((len(sizes), sizes.max()))
        spread[labels[order], within] = (root * residual)[order]
        weights = np.einsum("gck,gcd->gkd", padded[1][..., :k], adjust)
        scores = np.einsum("gkd,gd->gk", weights, spread)
        covariance = scores.T @ scores
        return covariance, self._degrees(weights, padded[0], padded[1])

    def _degrees(self, weights: Floats, scaled: Floats, loads: Floats) -> Floats:
        """Satterthwaite degrees of freedom, were the errors of cells alike and independent."""
        found = []
        for term in range(weights.shape[1]):
            of_term = weights[:, term]
            seen = (of_term**2).sum(axis=1) > 0
            own = (of_term[seen] ** 2).sum(axis=1)
            reach = np.einsum("gc,gcq->gq", of_term[seen], scaled[seen])
            other = np.einsum("gc,gcq->gq", of_term[seen], loads[seen])
            gram = np.diag(own) - other @ reach.T
            found.append(np.trace(gram) ** 2 / (gram**2).sum())
        return np.array(found)
