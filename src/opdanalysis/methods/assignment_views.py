"""The loops of the level-1 dual: soft minima over what each agency sees, and their slopes."""

from __future__ import annotations

import math

import numpy as np

COLDEST = -40.0  # exponents below give weights that are nothing, and slow to compute with


def soft_minimum(costs, temperature):
    """Soft minimum over the last axis, and the weights that it gives."""
    least = costs.min(axis=-1, keepdims=True)
    weight = least - costs
    weight /= temperature
    weight = np.where(weight > COLDEST, np.exp(np.maximum(weight, COLDEST)), 0.0)
    total = weight.sum(axis=-1, keepdims=True)
    weight /= total
    return (least - temperature * np.log(total))[..., 0], weight


def add_views(base, is_open, rows, split, inner, temperature, weights, prices):
    """Add to the prices what the others cost at least, and keep their soft weights."""
    n, m = prices.shape
    q = rows.shape[2]
    r = q // m
    limited = q > r * m
    cold = temperature <= 0.0
    seen = np.empty(m)
    for i in range(n):
        for k in range(m):
            if not is_open[i, k]:
                continue
            total = 0.0
            for j in range(n):
                if j == i:
                    continue
                if j > i:
                    pair = i * (2 * n - i - 1) // 2 + j - i - 1
                    for h in range(m):
                        seen[h] = base[i, j, k, h] + split[pair, k, h]
                else:
                    pair = j * (2 * n - j - 1) // 2 + i - j - 1
                    for h in range(m):
                        seen[h] = base[i, j, k, h] - split[pair, h, k]
                for c in range(r):
                    need = rows[j, 0, c]
                    for h in range(m):
                        seen[h] += inner[i, k, h * r + c] * need
                if limited:
                    for h in range(m):
                        seen[h] += inner[i, k, q - 1] * rows[j, h, q - 1]
                least = seen[0]
                for h in range(1, m):
                    least = min(least, seen[h])
                total += least
                if cold:
                    continue
                mass = 0.0
                for h in range(m):
                    depth = (least - seen[h]) / temperature
                    seen[h] = math.exp(depth) if depth > COLDEST else 0.0
                    mass += seen[h]
                total -= temperature * math.log(mass)
                for h in range(m):
                    weights[i, j, k, h] = seen[h] / mass
            prices[i, k] += total


def add_slopes(weights, share, rows, on_split, on_inner):
    """Add the slopes of split and inner multipliers from the soft weights."""
    n, _, m, _ = weights.shape
    q = rows.shape[2]
    r = q // m
    limited = q > r * m
    for i in range(n):
        for k in range(m):
            here = share[i, k]
            if here == 0.0:
                continue
            for j in range(n):
                if j == i:
                    continue
                if j > i:
                    pair = i * (2 * n - i - 1) // 2 + j - i - 1
                    for h in range(m):
                        on_split[pair, k, h] += here * weights[i, j, k, h]
                else:
                    pair = j * (2 * n - j - 1) // 2 + i - j - 1
                    for h in range(m):
                        on_split[pair, h, k] -= here * weights[i, j, k, h]
                for c in range(r):
                    need = rows[j, 0, c] * here
                    for h in range(m):
                        on_inner[i, k, h * r + c] += need * weights[i, j, k, h]
                if limited:
                    for h in range(m):
                        on_inner[i, k, q - 1] += here * rows[j, h, q - 1] * weights[i, j, k, h]
