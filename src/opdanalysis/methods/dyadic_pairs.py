"""The pairs of a network as rows of a regression: outcome, predictors, sender and receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError

CONSTANT = "Intercept"
"""The name under which the constant is reported, as in patsy and statsmodels."""

COLLINEAR = 1e-7
"""Smallest ratio of singular values of the scaled predictors; `qr` in R draws the same line."""


@dataclass(frozen=True)
class Dyads:
    """The observed pairs of a network, and apart from them those that lack only their outcome.

    A pair that lacks a predictor is in neither; `missing` counts all that are not observed.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    directed: bool
    sender: np.ndarray
    receiver: np.ndarray
    outcome: np.ndarray
    predictors: np.ndarray
    waiting_sender: np.ndarray
    waiting_receiver: np.ndarray
    waiting_predictors: np.ndarray
    missing: int

    @property
    def n_agencies(self) -> int:
        """Number of agencies: the rows of the matrices."""
        return len(self.labels)

    @property
    def design(self) -> np.ndarray:
        """The constant and the predictors, `(n_dyads, 1 + n_predictors)`."""
        return np.column_stack([np.ones(len(self.outcome)), self.predictors])

    def matrix(self, column: np.ndarray, waiting: np.ndarray) -> np.ndarray:
        """One number per pair, observed and waiting, as an `(n, n)` matrix with zero elsewhere."""
        full = np.zeros((self.n_agencies, self.n_agencies))
        full[self.sender, self.receiver] = column
        full[self.waiting_sender, self.waiting_receiver] = waiting
        return full if self.directed else full + full.T

    def without(self, agency: int) -> np.ndarray:
        """Which pairs do not touch an agency, `(n_dyads,)` of truth."""
        return (self.sender != agency) & (self.receiver != agency)


def dyads_of(y: Any, predictors: Mapping[str, Any], directed: bool = True) -> Dyads:
    """The pairs of an outcome matrix and of predictor matrices, all `(n, n)` with NaN for missing.

    The diagonal is never read. DataFrames are matched by their labels, arrays by position.
    Raises UsageError for matrices that do not fit each other, that are not symmetric although
    `directed` is false, and for predictors that are constant or collinear.
    """
    if not predictors:
        raise UsageError("there is no predictor; give at least one, such as {'distance': matrix}")
    if CONSTANT in predictors:
        raise UsageError(f"a predictor is called '{CONSTANT}', which is the name of the constant")
    given = {"the outcome": y} | {f"predictor '{name}'": x for name, x in predictors.items()}
    labels = _labels(given)
    matrices = [_square(what, value, labels, directed) for what, value in given.items()]
    n = len(labels) or len(matrices[0])
    for what, matrix in zip(given, matrices, strict=True):
        if len(matrix) != n:
            raise UsageError(
                f"{what} is a {len(matrix)} by {len(matrix)} matrix, the others are {n} by {n}"
            )
    rows, columns = np.nonzero(~np.eye(n, dtype=bool) if directed else np.tri(n, k=-1, dtype=bool))
    table = np.column_stack([matrix[rows, columns] for matrix in matrices])
    known = ~np.isnan(table[:, 1:]).any(axis=1)
    observed = known & ~np.isnan(table[:, 0])
    waiting = known & ~observed
    dyads = Dyads(
        labels=labels or tuple(str(place) for place in range(1, n + 1)),
        names=tuple(predictors),
        directed=directed,
        sender=rows[observed],
        receiver=columns[observed],
        outcome=table[observed, 0],
        predictors=table[observed, 1:],
        waiting_sender=rows[waiting],
        waiting_receiver=columns[waiting],
        waiting_predictors=table[waiting, 1:],
        missing=int((~observed).sum()),
    )
    _check_rank(dyads)
    return dyads


def _labels(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of the first DataFrame; empty when there is none."""
    for value in given.values():
        if isinstance(value, pd.DataFrame):
            return tuple(str(label) for label in value.index)
    return ()


def _square(what: str, value: Any, labels: tuple[str, ...], directed: bool) -> np.ndarray:
    if isinstance(value, pd.DataFrame):
        value = _in_order(what, value, labels)
    try:
        matrix = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise UsageError(f"{what} holds something that is not a number") from None
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        shape = " by ".join(map(str, matrix.shape)) or "a single number"
        raise UsageError(f"{what} must be a square matrix, agencies by agencies; it is {shape}")
    np.fill_diagonal(matrix, 0.0)
    if np.isinf(matrix).any():
        row, column = np.argwhere(np.isinf(matrix))[0]
        raise UsageError(
            f"{what} is infinite in row {row + 1}, column {column + 1}; missing is NaN"
        )
    if not directed and not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0, equal_nan=True):
        differ = ~np.isclose(matrix, matrix.T, rtol=1e-9, atol=0, equal_nan=True)
        row, column = np.argwhere(differ)[0]
        raise UsageError(
            f"{what} differs between the two directions: {matrix[row, column]:g} in row {row + 1}, "
            f"column {column + 1}, but {matrix[column, row]:g} the other way. "
            "Make it symmetric or leave directed=True."
        )
    return matrix


def _in_order(what: str, frame: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    frame = frame.set_axis(frame.index.map(str), axis=0).set_axis(frame.columns.map(str), axis=1)
    for side, found in (("rows", frame.index), ("columns", frame.columns)):
        if not found.is_unique:
            twice = found[found.duplicated()][0]
            raise UsageError(f"{what} names agency '{twice}' twice in its {side}")
        if set(found) != set(labels):
            odd = sorted(set(found) ^ set(labels))[0]
            raise UsageError(f"{what}: agency '{odd}' is not in the {side} of every matrix")
    return frame.loc[list(labels), list(labels)]


def _check_rank(dyads: Dyads) -> None:
    """Raise when the coefficients are not determined; a predictor is never dropped silently."""
    n_dyads, n_predictors = dyads.predictors.shape
    if n_dyads <= n_predictors + 1:
        raise UsageError(
            f"{n_dyads} observed pairs cannot determine {n_predictors + 1} coefficients"
        )
    if np.ptp(dyads.outcome) == 0:
        raise UsageError("the outcome is the same for every pair; there is nothing to explain")
    centred = dyads.predictors - dyads.predictors.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    for name, length, whole in zip(
        dyads.names, size, np.linalg.norm(dyads.predictors, axis=0), strict=True
    ):
        if length <= COLLINEAR * whole:
            raise UsageError(
                f"predictor '{name}' is the same for every pair, so it cannot be told from the "
                "constant. Leave it out."
            )
    _, singular, right = np.linalg.svd(centred / size, full_matrices=False)
    if singular[-1] <= COLLINEAR * singular[0]:
        tied = [n for n, share in zip(dyads.names, right[-1], strict=True) if abs(share) > 1e-3]
        raise UsageError(
            f"predictors {', '.join(map(repr, tied))} are collinear: each follows exactly from the "
            "others and the constant. Leave one of them out."
        )
