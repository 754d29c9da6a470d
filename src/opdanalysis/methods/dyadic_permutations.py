"""Sums of products between permuted matrices and fixed columns, for many permutations at once."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Any, Literal

import numpy as np

from opdanalysis.errors import UsageError

Kernel = Literal["auto", "numba", "numpy"]

_DYADS_AT_ONCE = 512  # four columns of so many pairs stay in the first-level cache
_NUMBERS_AT_ONCE = 2**17  # one megabyte: a block of numpy's gathered numbers stays in the second


def draw_permutations(n: int, permutations: int | np.ndarray, seed: Any = 0) -> np.ndarray:
    """Relabellings of `n` agencies, `(n_permutations, n)`; ready-made ones are checked and kept.

    They depend on `n`, the number and the seed alone: two networks of the same agencies are
    relabelled alike.
    """
    if np.ndim(permutations) == 0:
        if int(permutations) < 1:
            raise UsageError(f"permutations is {permutations}; at least 1 is needed")
        start = np.tile(np.arange(n, dtype=np.uint32), (int(permutations), 1))
        return np.random.default_rng(seed).permuted(start, axis=1)
    ready = np.asarray(permutations)
    if ready.ndim != 2 or ready.shape[1] != n or (np.sort(ready, axis=1) != np.arange(n)).any():
        raise UsageError(
            f"each row of permutations must hold 0 to {n - 1} once; the array is "
            f"{' by '.join(map(str, ready.shape))}"
        )
    return np.ascontiguousarray(ready, dtype=np.uint32)


def permuted_products(
    matrices: np.ndarray,
    targets: np.ndarray,
    sender: np.ndarray,
    receiver: np.ndarray,
    permutations: np.ndarray,
    kernel: Kernel = "auto",
) -> np.ndarray:
    """Sums over pairs of permuted matrix times target, `(n_permutations, n_matrices, n_targets)`.

        out[r, c, m] = sum over pairs d of matrices[c, p(sender[d]), p(receiver[d])] * targets[m, d]

    with p the relabelling r; `matrices` is `(n_matrices, n, n)`, `targets` `(n_targets, n_dyads)`.
    The kernels "numba" (one fused loop) and "numpy" (gather a block, then multiply matrices) agree
    to rounding, about 1e-13; "auto" takes numba where it is installed.
    """
    flat = matrices.reshape(len(matrices), -1)
    if _chosen(kernel) == "numpy":
        return _products_by_blocks(flat, targets, sender, receiver, permutations)
    columns = np.zeros((-(-len(flat) // 4) * 4, flat.shape[1]))
    columns[: len(flat)] = flat
    padded = np.zeros((-(-len(targets) // 2) * 2, targets.shape[1]))
    padded[: len(targets)] = targets
    out = np.zeros((len(permutations), len(columns), len(padded)))
    _compiled()(
        columns,
        padded,
        sender.astype(np.uint32),
        receiver.astype(np.uint32),
        permutations.astype(np.uint32),
        _DYADS_AT_ONCE,
        out,
    )
    return out[:, : len(flat), : len(targets)]


def _chosen(kernel: Kernel) -> str:
    if kernel not in ("auto", "numba", "numpy"):
        raise UsageError(f"kernel '{kernel}' is unknown. Allowed: auto, numba, numpy.")
    installed = importlib.util.find_spec("numba") is not None
    if kernel == "numba" and not installed:
        raise UsageError("numba is not installed; leave kernel='auto' to run without it")
    return "numba" if installed and kernel != "numpy" else "numpy"


def _products_by_blocks(
    flat: np.ndarray,
    targets: np.ndarray,
    sender: np.ndarray,
    receiver: np.ndarray,
    permutations: np.ndarray,
) -> np.ndarray:
    n = permutations.shape[1]
    side_by_side = np.ascontiguousarray(flat.T)
    block = max(1, _NUMBERS_AT_ONCE // (len(flat) * len(sender)))
    out = np.empty((len(permutations), len(flat), len(targets)))
    for start in range(0, len(permutations), block):
        some = permutations[start : start + block].astype(np.intp)
        cells = some[:, sender] * n + some[:, receiver]
        gathered = side_by_side.take(cells, axis=0)
        out[start : start + block] = np.matmul(targets, gathered).transpose(0, 2, 1)
    return out


@cache
def _compiled() -> Any:
    """The fused loop as machine code, kept on disk where the computer allows it."""
    import numba

    options = {"fastmath": {"reassoc", "contract"}, "error_model": "numpy", "nogil": True}
    try:
        return numba.njit(cache=True, **options)(_add_products)
    except RuntimeError:  # no folder in which numba may write
        return numba.njit(**options)(_add_products)


def _add_products(
    columns, targets, sender, receiver, permutations, at_once, out
):  # pragma: no cover
    """The fused loop: gather four columns of some pairs, then add their products by two targets.

    Unsigned numbers and plain rows let the compiler use vector instructions; sums in any order
    (`reassoc`) as well.
    """
    n = permutations.shape[1]
    row_of = np.empty(n, np.uint64)
    column_of = np.empty(n, np.uint64)
    g0, g1, g2, g3 = (np.empty(at_once), np.empty(at_once), np.empty(at_once), np.empty(at_once))
    for r in range(permutations.shape[0]):
        for i in range(n):
            column_of[i] = permutations[r, i]
            row_of[i] = permutations[r, i] * np.uint32(n)
        for c in range(0, columns.shape[0], 4):
            c0, c1, c2, c3 = columns[c], columns[c + 1], columns[c + 2], columns[c + 3]
            for start in range(0, sender.size, at_once):
                who, whom = sender[start : start + at_once], receiver[start : start + at_once]
                for d in range(who.size):
                    cell = row_of[who[d]] + column_of[whom[d]]
                    g0[d] = c0[cell]
                    g1[d] = c1[cell]
                    g2[d] = c2[cell]
                    g3[d] = c3[cell]
                for m in range(0, targets.shape[0], 2):
                    one = targets[m][start : start + at_once]
                    two = targets[m + 1][start : start + at_once]
                    s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = 0.0
                    for d in range(one.size):
                        s00 += one[d] * g0[d]
                        s01 += two[d] * g0[d]
                        s10 += one[d] * g1[d]
                        s11 += two[d] * g1[d]
                        s20 += one[d] * g2[d]
                        s21 += two[d] * g2[d]
                        s30 += one[d] * g3[d]
                        s31 += two[d] * g3[d]
                    out[r, c, m] += s00
                    out[r, c, m + 1] += s01
                    out[r, c + 1, m] += s10
                    out[r, c + 1, m + 1] += s11
                    out[r, c + 2, m] += s20
                    out[r, c + 2, m + 1] += s21
                    out[r, c + 3, m] += s30
                    out[r, c + 3, m + 1] += s31
