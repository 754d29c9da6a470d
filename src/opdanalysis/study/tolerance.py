"""When two numbers of two machines count as the same: the one place where that is settled.

A table is written with six significant digits. Processors of other kinds may differ in the last of
sixteen digits, which can carry the sixth up or down by one, and no further; a larger difference has
another cause. What is nothing but rounding around zero counts as zero.
"""

from __future__ import annotations

import math

DIGITS = 6
"""Significant digits of a number in a table."""

NOTHING = 1e-12
"""Numbers up to this size count as zero."""


def as_number(text: str) -> float | None:
    """The number that a cell of a table holds and nothing else, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def same_number(one: float, other: float) -> bool:
    """Whether two numbers differ by at most one unit of the sixth significant digit."""
    size = max(abs(one), abs(other))
    if size <= NOTHING:
        return True
    unit = 10.0 ** (math.floor(math.log10(size)) - DIGITS + 1)
    return abs(one - other) < 1.5 * unit  # written numbers are whole units apart
