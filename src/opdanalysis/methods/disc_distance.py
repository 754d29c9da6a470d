"""How far it is on average from people who live spread over a disc to one point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ellipe, ellipkm1

Floats = NDArray[np.float64]

SMALL = 1e-4
"""Square of radius / distance below which the series is exact to ten digits."""


def disc_distance(distance: Floats, radius: Floats) -> Floats:
    """Mean distance to a point that lies `distance` from the middle of a disc, in their unit.

    Exact for points spread evenly over a disc of that radius, by complete elliptic integrals:
    2/3 of the radius at the middle, 32 / (9 pi) of it on the rim, and nearly
    `distance + radius**2 / (8 * distance)` far outside. With a radius of zero it is the distance.
    """
    distance, radius = np.broadcast_arrays(
        np.asarray(distance, dtype=float), np.asarray(radius, dtype=float)
    )
    far, near = np.maximum(distance, radius), np.minimum(distance, radius)
    ratio = np.divide(near, far, out=np.zeros_like(far), where=far > 0) ** 2
    rest = 1 - ratio
    of_e = ellipe(ratio)
    # On the rim the integral is infinite, and its part of the formula is zero.
    of_k = np.where(rest > 0, rest * ellipkm1(np.where(rest > 0, rest, 1)), 0)
    inside = radius * ((7 + ratio) * of_e - 4 * of_k)
    share = np.where(ratio > SMALL, ratio, 1)
    outside = far * ((1 + 7 * ratio) * of_e - (1 + 3 * ratio) * of_k) / share
    # Far away the two terms nearly cancel, so the first terms of the series stand in.
    outside = np.where(ratio > SMALL, 4 / (9 * np.pi) * outside, far * (1 + ratio / 8))
    return np.asarray(np.where(distance < radius, 4 / (9 * np.pi) * inside, outside))
