"""Which inputs move an outcome most: the list of what the city should measure first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]

BLOCK = 64
"""Entries of a column that are ranked at a time, so that a long column needs little memory."""


def measure_first(book: ParameterBook, values: Values, outcome: Floats) -> pd.DataFrame:
    """The uncertain inputs by how closely the outcome follows them, the closest first.

    `outcome` is `(n_draws,)`, from the same draws as `values`. One row per parameter; a column of
    a city has one row for the sum of its entries and one for each entry. Columns: parameter,
    entity (empty for a sum), topic, evidence (of a sum the most frequent), and the Spearman rank
    correlation (of an entry the partial one, given the other entries) with its square, `share`
    [1]. The shares screen the inputs and need not add up to one (Saltelli et al. 2008, Global
    Sensitivity Analysis, chapter 1).
    """
    rows = []
    followed = _Ranks.of(outcome[:, None])
    for name in book:
        parameter, draws = book[name], values[name]
        if isinstance(parameter, Parameter):
            share = float(_follows(draws[:, None], followed)[0])
            rows.append((name, "", parameter.topic, parameter.evidence, share))
            continue
        if not parameter.entities:
            continue
        usual = Counter(parameter.evidence).most_common(1)[0][0]
        total = draws.sum(axis=1)[:, None]
        whole = float(_follows(total, followed)[0])
        rows.append((name, "", parameter.topic, usual, whole))
        blocks = (draws[:, at : at + BLOCK] for at in range(0, draws.shape[1], BLOCK))
        shares = np.concatenate([_adds(block, total, followed) for block in blocks])
        rows += [
            (name, entity, parameter.topic, word, float(share))
            for entity, word, share in zip(
                parameter.entities, parameter.evidence, shares, strict=True
            )
        ]
    frame = pd.DataFrame(rows, columns=["parameter", "entity", "topic", "evidence", "correlation"])
    frame["share"] = frame["correlation"] ** 2
    order = ["share", "parameter", "entity"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


@dataclass(frozen=True)
class _Ranks:
    """Ranks of some inputs less their mean, `(n_draws, n)`, and their spread, `(n,)`."""

    centred: Floats
    spread: Floats

    @classmethod
    def of(cls, draws: Floats) -> _Ranks:
        ranks = rankdata(draws, axis=0)
        ranks -= ranks.mean(axis=0)
        return cls(ranks, np.sqrt(_covariance(ranks, ranks)))

    def with_ranks(self, other: _Ranks) -> Floats:
        """Spearman's rank correlation, column by column; 0 where one of the two never varies."""
        spread, others = (np.where(n > 0, n, np.inf) for n in (self.spread, other.spread))
        return np.clip(_covariance(self.centred, other.centred) / spread / others, -1.0, 1.0)


def _covariance(one: Floats, other: Floats) -> Floats:
    return np.einsum("ij,ij->j", *np.broadcast_arrays(one, other)) / (len(one) - 1)


def _follows(draws: Floats, outcome: _Ranks) -> Floats:
    """Spearman's rank correlation of each input with an outcome, `(n,)`."""
    return _Ranks.of(draws).with_ranks(outcome)


def _adds(draws: Floats, total: Floats, outcome: _Ranks) -> Floats:
    """What each entry adds to the sum of the others: partial rank correlations, `(n,)`.

    `draws` are some entries of a column, `total` the sum of all, `(n_draws, 1)`. With that sum a
    judged entry shares a part of its error. Where the others never vary it is the plain
    correlation.
    """
    own = _Ranks.of(draws)
    others = _Ranks.of(total - draws)
    plain, with_own = own.with_ranks(outcome), own.with_ranks(others)
    with_outcome = others.with_ranks(outcome)
    free = (1 - with_own**2) * (1 - with_outcome**2)
    partial = (plain - with_own * with_outcome) / np.sqrt(np.where(free > 0, free, np.inf))
    return np.where(own.spread > 0, partial, 0.0)
