"""Mean and variance of the contacts captured by a grouping whose labels are permuted at random."""

from __future__ import annotations

import numpy as np


def label_moments(
    weights: np.ndarray, groups: np.ndarray, movable: np.ndarray, closeness: np.ndarray
) -> tuple[float, float]:
    """Mean and variance of sum_ij weights_ij closeness_{g_i, g_j} over all orders of the labels.

    Only the labels of movable nodes change places. The sum has three parts: pairs of fixed nodes,
    which are constant; pairs with one fixed node, a linear sum whose moments are Hoeffding's
    (1951); and pairs of movable nodes, a quadratic sum whose moments are Mantel's (1967), here with
    the covariance of the two. `closeness` is symmetric, `(k, k)`; self-ties are left out.
    """
    a = (weights + weights.T) / 2
    np.fill_diagonal(a, 0.0)
    labels = groups[movable]
    m = len(labels)
    near = closeness[np.ix_(groups, groups)]
    constant = (a * near)[np.ix_(~movable, ~movable)].sum()
    if m == 0:
        return float(constant), 0.0

    # linear part: movable node i in the place of movable node p
    linear = 2 * a[np.ix_(movable, ~movable)] @ closeness[np.ix_(groups[~movable], labels)]
    centred = linear - linear.mean(axis=0) - linear.mean(axis=1, keepdims=True) + linear.mean()
    linear_mean = linear.sum() / m
    linear_variance = (centred**2).sum() / max(m - 1, 1)

    # quadratic part
    a = a[np.ix_(movable, movable)]
    b = near[np.ix_(movable, movable)].copy()
    np.fill_diagonal(b, 0.0)
    a_row, b_row = a.sum(axis=1), b.sum(axis=1)
    ways = [m * (m - 1), m * (m - 1) * (m - 2), m * (m - 1) * (m - 2) * (m - 3)]
    two, three, four = (1 / way if way > 0 else 0.0 for way in ways)
    quadratic_mean = a.sum() * b.sum() * two
    same_a, same_b = (a**2).sum(), (b**2).sum()
    one_a, one_b = (a_row**2).sum(), (b_row**2).sum()
    all_a, all_b = a.sum() ** 2, b.sum() ** 2
    quadratic_square = (
        2 * same_a * same_b * two
        + 4 * (one_a - same_a) * (one_b - same_b) * three
        + (all_a - 4 * one_a + 2 * same_a) * (all_b - 4 * one_b + 2 * same_b) * four
    )
    shared = 2 * (a_row @ linear @ b_row) * two
    apart = ((a.sum() - 2 * a_row) @ linear @ (b.sum() - 2 * b_row)) * three

    mean = constant + linear_mean + quadratic_mean
    covariance = shared + apart - linear_mean * quadratic_mean
    variance = linear_variance + quadratic_square - quadratic_mean**2 + 2 * covariance
    return float(mean), max(float(variance), 0.0)
