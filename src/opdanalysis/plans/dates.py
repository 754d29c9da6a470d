"""Dates as plans write them: a day, a month or a year."""

from __future__ import annotations

import re
from datetime import date

DAYS_PER_YEAR = 365.25
WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
MIDDLE_MONTH, MIDDLE_DAY = 7, 15
"""What stands for a month that only has its year, and for a day that only has its month."""


def day_of(written: str) -> date:
    """The day of a date such as 2026-02-12; of 2026-02 its middle, of 2026 the first of July.

    Raises ValueError when it is none of these.
    """
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written}' is not a date. Write year, month and day: 2026-02-12.")
    year, month, day = found.groups()
    if month is None:
        return date(int(year), MIDDLE_MONTH, 1)
    return date(int(year), int(month), int(day or MIDDLE_DAY))


def years_between(earlier: str, later: str) -> float:
    """The years from one date to another [year]; 0 when the other is not later."""
    return max((day_of(later) - day_of(earlier)).days / DAYS_PER_YEAR, 0.0)
