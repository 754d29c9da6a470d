"""Working time as the rule has it: 37.5 hours a week, 32.5 in Ramadan, nothing on a holiday."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.evidence.letter_calendar import DAY, WorkCalendar, stamp
from opdanalysis.reading.records_calendar import read_calendar


def minutes(calendar: WorkCalendar, start: int, stop: int) -> int:
    return int(calendar.working_minutes(np.int32([start]), np.int32([stop]))[0])


@pytest.mark.parametrize(("monday", "hours"), [(date(2025, 2, 3), 37.5), (date(2025, 3, 3), 32.5)])
def test_a_week_has_the_hours_of_the_rule(monday, hours):
    """Presidential Regulation 21 of 2023, article 4: 37 h 30 a week, 32 h 30 in Ramadan."""
    calendar = read_calendar(None)
    assert minutes(calendar, stamp(monday), stamp(monday) + 7 * DAY) == hours * 60


def test_a_letter_over_a_weekend_waits_only_on_working_time(calendar):
    friday, monday = stamp(date(2024, 7, 5), 16 * 60), stamp(date(2024, 7, 8), 8 * 60)
    assert minutes(calendar, friday, monday) == 30 + 30


def test_a_holiday_has_no_working_minute(calendar):
    assert minutes(calendar, stamp(date(2024, 1, 1)), stamp(date(2024, 1, 2))) == 0


def test_the_break_at_noon_is_not_worked(calendar):
    day = stamp(date(2024, 7, 8))
    assert minutes(calendar, day + 12 * 60, day + 13 * 60) == 0


def test_a_day_outside_the_calendar_is_refused_with_its_date(calendar):
    with pytest.raises(UsageError, match="a letter is dated 2026-02-01, but the calendar reaches"):
        calendar.passed(np.int32([stamp(date(2026, 2, 1))]))


@given(
    start=st.integers(0, 700 * DAY),
    first=st.integers(0, 20 * DAY),
    second=st.integers(0, 9 * DAY),
)
def test_working_time_adds_up(calendar, start, first, second):
    start += calendar.origin
    one, two = start + first, start + first + second
    whole = minutes(calendar, start, two)
    assert minutes(calendar, start, one) + minutes(calendar, one, two) == whole
    assert 0 <= whole <= first + second


@given(start=st.integers(0, 600 * DAY), wait=st.integers(1, 5000))
def test_after_so_many_minutes_so_many_have_passed(calendar, start, wait):
    start += calendar.origin
    stop = calendar.after(np.int32([start]), np.array([float(wait)]))
    assert minutes(calendar, start, int(stop[0])) == wait
    assert minutes(calendar, start, int(stop[0]) - 1) == wait - 1


def test_work_begins_later_in_ramadan(calendar):
    stamps = np.int32([stamp(date(2024, 3, 13), 700), stamp(date(2024, 7, 8), 700)])
    assert (calendar.day_start(stamps) % DAY).tolist() == [8 * 60, 7 * 60 + 30]
