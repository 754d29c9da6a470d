"""The hours in which an office works: weekdays, breaks, holidays and shorter days in Ramadan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from opdanalysis.errors import UsageError

DAY = 24 * 60
"""Minutes in a day."""

EPOCH = date(1970, 1, 1)
"""The day at whose start stamps begin to count."""

Stamps = NDArray[np.int32]
"""Minutes since the start of 1970 in local time."""

Span = tuple[int, int]
"""Working time without a break, from and to [minute of the day]."""

WeekHours = Mapping[int, tuple[Span, ...]]
"""The working spans of each weekday, Monday 0; a weekday that is missing is free."""


def stamp(day: date, minute: int = 0) -> int:
    """The stamp of a minute of a day."""
    return (day - EPOCH).days * DAY + minute


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """When an office works, from the start of `first` to the end of `last`.

    `ramadan` holds the first and last days of each month of fasting, in which `ramadan_hours` hold
    instead of `hours`.
    """

    first: date
    last: date
    hours: WeekHours
    ramadan_hours: WeekHours
    ramadan: tuple[tuple[date, date], ...]
    holidays: frozenset[date]

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(f"the calendar ends on {self.last}, before it begins on {self.first}")

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working spans of one day; none on a free day."""
        if day in self.holidays:
            return ()
        fasting = any(first <= day <= last for first, last in self.ramadan)
        return (self.ramadan_hours if fasting else self.hours).get(day.weekday(), ())

    @cached_property
    def origin(self) -> int:
        """The stamp at which the calendar begins."""
        return stamp(self.first)

    @cached_property
    def end(self) -> int:
        """The stamp at which the calendar ends."""
        return stamp(self.last + timedelta(days=1))

    @cached_property
    def clock(self) -> NDArray[np.int32]:
        """Working minutes passed since the start, at each minute `(n_days * 1440 + 1,)`."""
        days = (self.last - self.first).days + 1
        working = np.zeros((days, DAY), dtype=np.int32)
        for place in range(days):
            for start, stop in self.spans(self.first + timedelta(days=place)):
                working[place, start:stop] = 1
        return np.concatenate([[0], working.ravel().cumsum()]).astype(np.int32)

    @cached_property
    def day_starts(self) -> NDArray[np.int32]:
        """The stamp at which work begins on each day, midnight on a free day, `(n_days,)`."""
        days = (self.last - self.first).days + 1
        firsts = [self.spans(self.first + timedelta(days=place)) for place in range(days)]
        return np.array(
            [self.origin + d * DAY + (s[0][0] if s else 0) for d, s in enumerate(firsts)],
            dtype=np.int32,
        )

    def passed(self, stamps: Stamps) -> NDArray[np.int32]:
        """Working minutes between the start of the calendar and each stamp.

        Raises UsageError for a stamp that the calendar does not cover.
        """
        if stamps.size and (stamps.min() < self.origin or stamps.max() > self.end):
            wrong = stamps.min() if stamps.min() < self.origin else stamps.max()
            day = EPOCH + timedelta(days=int(wrong) // DAY)
            raise UsageError(
                f"a letter is dated {day}, but the calendar reaches from {self.first} to "
                f"{self.last}. Add the holidays of that year to the calendar, or mend the date."
            )
        return self.clock[stamps - np.int32(self.origin)]

    def working_minutes(self, start: Stamps, stop: Stamps) -> NDArray[np.int32]:
        """Working minutes from one stamp to another [minute]; below zero where `stop` is first."""
        return self.passed(stop) - self.passed(start)

    def day_start(self, stamps: Stamps) -> NDArray[np.int32]:
        """The stamp at which work began on the day of each stamp."""
        return self.day_starts[(stamps - np.int32(self.origin)) // DAY]

    def after(self, start: Stamps, minutes: NDArray[np.float64]) -> Stamps:
        """The stamp at which so many working minutes have passed, within the calendar."""
        wait = np.maximum(np.rint(minutes), 0)
        wanted = np.minimum(self.passed(start) + wait, len(self.working)).astype(np.int64)
        found = np.int32(self.origin + 1) + self.working[wanted - 1]
        return np.where(wait == 0, start, found)

    @cached_property
    def working(self) -> NDArray[np.int32]:
        """The working minutes, each counted from the start of the calendar."""
        return np.flatnonzero(np.diff(self.clock)).astype(np.int32)
