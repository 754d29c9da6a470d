"""The working hours and holidays by which the wait for an answer is counted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from opdanalysis.errors import DataProblems
from opdanalysis.evidence.letter_calendar import Span, WorkCalendar
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import data_folder
from opdanalysis.reading.yaml_files import Fields, read_fields

CALENDAR_FILE = "calendar.yaml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def read_calendar(folder: Path | None) -> WorkCalendar:
    """The calendar of a folder of records where it has one, else that of Indonesia.

    It covers the years for which holidays are listed. Raises DataProblems.
    """
    own = folder / CALENDAR_FILE if folder else None
    path = own if own and own.is_file() else data_folder() / "calendars" / "indonesia.yaml"
    faults = Faults()
    fields = read_fields(path, faults)
    hours = _week(fields.inner("hours"))
    fasting_hours = _week(fields.inner("ramadan_hours"))
    fasting = _periods(fields.inner("ramadan"))
    holidays: set[date] = set()
    years = []
    for year, entry in fields.mapping("holidays").items():
        inner = Fields(entry, path.name, f"holidays.{year}", faults)
        if not isinstance(year, int):
            inner.fault("a year is expected.")
            continue
        years.append(year)
        holidays |= _days(year, inner)
        _told(inner)
    fields.close()
    if years and sorted(years) != list(range(min(years), max(years) + 1)):
        fields.fault("the years do not follow one another.", "holidays")
    if faults.found or not years:
        raise DataProblems(faults.found)
    return WorkCalendar(
        date(min(years), 1, 1), date(max(years), 12, 31), hours, fasting_hours, fasting,
        frozenset(holidays),
    )  # fmt: skip


def _told(fields: Fields) -> None:
    """Take what a reader is told and no model needs, and close."""
    fields.text("source")
    fields.take("verify", False)
    fields.close()


def _week(fields: Fields) -> dict[int, tuple[Span, ...]]:
    found: dict[int, tuple[Span, ...]] = {}
    for number, name in enumerate(WEEKDAYS):
        spans = []
        for text in fields.entries(name, []):
            match = SPAN.fullmatch(str(text))
            hours = [int(part) for part in match.groups()] if match else []
            start, stop = (hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]) if match else (0, 0)
            if not match or not start < stop <= 24 * 60:
                fields.fault(f"'{text}' is not a span of hours such as 07:30-12:00.", name)
                continue
            spans.append((start, stop))
        if spans:
            found[number] = tuple(spans)
    _told(fields)
    return found


def _periods(fields: Fields) -> tuple[tuple[date, date], ...]:
    found = []
    for period in fields.entries("periods"):
        if not _is_period(period):
            fields.fault(f"'{period}' is not a first and a last day.", "periods")
            continue
        found.append((period[0], period[1]))
    _told(fields)
    return tuple(found)


def _is_period(period: Any) -> bool:
    days = isinstance(period, list) and all(isinstance(day, date) for day in period)
    return days and len(period) == 2 and period[0] <= period[1]


def _days(year: int, fields: Fields) -> set[date]:
    found = set()
    for text in fields.entries("days"):
        try:
            month, day = (int(part) for part in str(text).split("-"))
            found.add(date(year, month, day))
        except ValueError:
            fields.fault(f"'{text}' is not a month and a day such as 08-17.", "days")
    return found
