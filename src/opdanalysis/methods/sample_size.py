"""How many observations a question needs before anyone collects them."""

from __future__ import annotations

import math

from scipy.stats import norm


def observations_per_group(difference: float, spread: float, level: float, power: float) -> int:
    """Observations in each of two groups that show a difference of their means.

    2 (z + z')^2 spread^2 / difference^2, rounded up, for a two-sided test at `level` that finds the
    difference with probability `power` (Cohen 1988, Statistical Power Analysis, chapter 2);
    `spread` is the standard deviation within a group. The normal distribution stands for Student's,
    which asks for one or two more.
    """
    if difference == 0 or spread <= 0:
        raise ValueError(f"difference is {difference}, spread {spread}; neither may be zero")
    distance = norm.ppf(1 - level / 2) + norm.ppf(power)
    return math.ceil(2 * (distance * spread / difference) ** 2)


def observations_for_share(half_width: float, level: float) -> int:
    """Observations that tell any share within `half_width` either way, with 1 - `level`.

    z^2 / 4 / half_width^2, rounded up: the share of one half, which needs most (Cochran 1977,
    Sampling Techniques, chapter 4).
    """
    if not 0 < half_width < 1:
        raise ValueError(f"half_width is {half_width}; a part of one is needed")
    return math.ceil((norm.ppf(1 - level / 2) / (2 * half_width)) ** 2)
