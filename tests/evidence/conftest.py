"""Small worlds of invented letters that many tests start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from opdanalysis.evidence.letter_calendar import WorkCalendar, stamp
from opdanalysis.evidence.letters import LetterLog, Places
from opdanalysis.evidence.response_times import ResponseTimes, response_times
from opdanalysis.evidence.synthetic_letters import LESSON, synthetic_letters

LONG = ((450, 720), (780, 960))
WEEK = {0: LONG, 1: LONG, 2: LONG, 3: LONG, 4: ((450, 690), (780, 990))}
SHORT = ((480, 720), (750, 900))
FASTING = {0: SHORT, 1: SHORT, 2: SHORT, 3: SHORT, 4: ((480, 690), (750, 930))}
AGENCIES = 12


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """Two years with one holiday and one month of Ramadan."""
    return WorkCalendar(
        date(2024, 1, 1),
        date(2025, 12, 31),
        WEEK,
        FASTING,
        ((date(2024, 3, 12), date(2024, 4, 9)),),
        frozenset({date(2024, 1, 1)}),
    )


@pytest.fixture(scope="session")
def places() -> Places:
    """Six buildings of two agencies; four agencies come together half-way."""
    first = np.arange(AGENCIES) // 2
    second = first.copy()
    second[:4] = 0
    start = np.array([stamp(date(2024, 11, 1))], dtype=np.int32)
    return Places(start, np.stack([first, second]))


@pytest.fixture(scope="session")
def log(calendar: WorkCalendar, places: Places) -> LetterLog:
    """About 8,000 invented letters, some agencies stamping in bulk."""
    names = [f"opd-{number}" for number in range(AGENCIES)]
    truth = replace(LESSON, letters_per_year=25.0)
    return synthetic_letters(names, ("field", "oversight"), places, calendar, truth, 4)


@pytest.fixture(scope="session")
def times(log: LetterLog, calendar: WorkCalendar, places: Places) -> ResponseTimes:
    """Their response times."""
    return response_times(log, calendar, places)
