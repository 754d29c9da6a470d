"""Answers stamped in one minute, because a clerk entered the letters of the day at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.evidence.letter_calendar import DAY, WorkCalendar
from opdanalysis.evidence.letters import LetterLog

FALSE_ALARMS = 1e-6
"""Chance that a minute of independent answers is taken for a bulk stamp."""

LEAST = 3
"""Answers in one minute below which nobody speaks of bulk."""


def bulk_stamps(log: LetterLog, calendar: WorkCalendar) -> NDArray[np.bool_]:
    """Whether the answer to each letter was stamped in bulk, `(n_letters,)`.

    A minute of an agency counts as bulk when it has more answers than independent answers, spread
    over the working minutes of its day, would put there once in a million minutes.
    """
    from scipy.special import pdtrc

    found = np.zeros(len(log), dtype=bool)
    answered = np.flatnonzero(~log.is_open)
    if not answered.size:
        return found
    stamps = log.answered[answered]
    first_day = int(stamps.min()) // DAY
    days = int(stamps.max()) // DAY - first_day + 1
    of_minute = log.receiver[answered].astype(np.int64)
    of_minute *= days * DAY
    of_minute += stamps - np.int32(first_day * DAY)
    minutes, counts = np.unique(of_minute, return_counts=True)
    suspect = counts >= LEAST
    of_day = np.bincount(minutes // DAY, counts)[minutes[suspect] // DAY]
    day = (minutes[suspect] // DAY % days + first_day) * DAY
    edges = np.clip(np.stack([day, day + DAY]), calendar.origin, calendar.end).astype(np.int32)
    working = calendar.working_minutes(edges[0], edges[1])
    expected = of_day / np.maximum(working, 60)
    bulk = minutes[suspect][pdtrc(counts[suspect] - 1, expected) < FALSE_ALARMS]
    if bulk.size:
        place = np.minimum(np.searchsorted(bulk, of_minute), len(bulk) - 1)
        found[answered] = bulk[place] == of_minute
    return found


def bulk_summary(log: LetterLog, bulk: NDArray[np.bool_]) -> pd.DataFrame:
    """Answers stamped in bulk by agency: `agency`, `answers`, `bulk`, `share`, the most first."""
    n = len(log.agencies)
    answers = np.bincount(log.receiver[~log.is_open], minlength=n)
    stamped = np.bincount(log.receiver[bulk], minlength=n)
    table = pd.DataFrame({"agency": log.agencies, "answers": answers, "bulk": stamped})
    table["share"] = stamped / np.maximum(answers, 1)
    kept = table[table["answers"] > 0]
    return kept.sort_values("share", ascending=False, kind="stable", ignore_index=True)
