"""How long each letter waited for its answer, in working minutes, as far as the log can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.evidence.bulk_stamps import bulk_stamps
from opdanalysis.evidence.letter_calendar import Stamps, WorkCalendar
from opdanalysis.evidence.letters import MISSING, STAGES, LetterLog, Places, Whole

NEVER = np.int32(np.iinfo(np.int32).max)
"""The upper limit of a time that had not ended."""


@dataclass(frozen=True, eq=False)
class ResponseTimes:
    """Working minutes until the answer, known between `low` and `high`, `(n_letters,)` each.

    Both are the same where the time is known to the minute. `high` is `NEVER` for a letter that
    was open when the log was exported, or when one of the two agencies moved. Where the answer was
    stamped in bulk, `low` reaches back to the start of that day. `period` and `together` hold at
    the time of sending.
    """

    log: LetterLog
    places: Places
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    bulk: NDArray[np.bool_]
    period: Whole
    together: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.low)

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether the end was not seen."""
        return self.high == NEVER

    @property
    def hours(self) -> NDArray[np.float64]:
        """One time for each letter [working hour]: the middle where only limits are known."""
        ended = np.where(self.is_open, self.low, self.high)
        return (self.low.astype(float) + ended) / 2 / 60

    def cells(self) -> tuple[NDArray[np.int64], tuple[int, ...]]:
        """The cell of each letter in (sender, receiver, period, layer), and the shape of cells."""
        n, kinds = len(self.log.agencies), len(self.log.layers)
        shape = (n, n, self.places.periods, kinds)
        place = self.log.sender.astype(np.int64)
        for size, column in zip(
            shape[1:], (self.log.receiver, self.period, self.log.layer), strict=True
        ):
            place *= size
            place += column
        return place, shape

    def summary_by_tie(self) -> pd.DataFrame:
        """Answered letters and their mean log time by sender, receiver, period and layer."""
        cell, shape = self.cells()
        ended = ~self.is_open
        size = int(np.prod(shape))
        answered = np.bincount(cell[ended], minlength=size)
        logs = np.bincount(cell[ended], log_hours(self.hours[ended]), minlength=size)
        letters = np.bincount(cell, minlength=size)
        found = np.flatnonzero(letters)
        sender, receiver, period, layer = np.unravel_index(found, shape)
        names = np.array(self.log.agencies)
        with np.errstate(invalid="ignore"):
            mean = logs[found] / answered[found]
        return pd.DataFrame(
            {
                "sender": names[sender],
                "receiver": names[receiver],
                "period": period,
                "layer": np.array(self.log.layers)[layer],
                "together": self.places.together(period, sender, receiver),
                "letters": letters[found],
                "answered": answered[found],
                "mean_log_hours": mean,
            }
        )

    def matrices(self, period: int) -> dict[str, pd.DataFrame]:
        """Square tables, sender to receiver, for a regression on pairs (`methods.mrqap`).

        `letters` in the period; `log_hours`, the mean log time of the answered ones, NaN where
        there is none; `together`, 1 where both sit in one building.
        """
        if not 0 <= period < self.places.periods:
            raise UsageError(f"period {period} does not exist; there are {self.places.periods}")
        n = len(self.log.agencies)
        place = self.log.sender.astype(np.int64) * n + self.log.receiver
        now = self.period == period
        ended = now & ~self.is_open
        letters = np.bincount(place[now], minlength=n * n)
        answered = np.bincount(place[ended], minlength=n * n)
        logs = np.bincount(place[ended], log_hours(self.hours[ended]), minlength=n * n)
        with np.errstate(invalid="ignore"):
            mean = logs / answered
        seat = self.places.building[period]
        tables = {"letters": letters, "log_hours": mean, "together": seat[:, None] == seat}
        names = list(self.log.agencies)
        return {
            name: pd.DataFrame(
                np.asarray(table, dtype=float).reshape(n, n), index=names, columns=names
            )
            for name, table in tables.items()
        }


def log_hours(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of hours; nothing is shorter than half a minute."""
    return np.log(np.maximum(hours, 0.5 / 60))


def response_times(log: LetterLog, calendar: WorkCalendar, places: Places) -> ResponseTimes:
    """The response time of each letter in working minutes, with all that limits what is known.

    Raises UsageError where the calendar does not reach. Letters to an agency itself are left to the
    caller; `reading` leaves them out.
    """
    period = places.period(log.sent)
    moved = places.next_move(period, log.sender, log.receiver)
    answered = np.where(log.is_open, NEVER, log.answered)
    seen_until = np.minimum(moved, np.int32(log.exported))
    is_open = answered > seen_until
    stop = np.minimum(answered, seen_until)
    minutes = calendar.working_minutes(log.sent, stop)
    bulk = bulk_stamps(log, calendar) & ~is_open
    low, high = minutes, np.where(is_open, NEVER, minutes)
    if bulk.any():
        day_start = np.maximum(calendar.day_start(stop[bulk]), log.sent[bulk])
        low = minutes.copy()
        low[bulk] = calendar.working_minutes(log.sent[bulk], np.minimum(day_start, stop[bulk]))
    together = places.together(period, log.sender, log.receiver)
    return ResponseTimes(log, places, low, high, bulk, period, together)


def stage_times(log: LetterLog, calendar: WorkCalendar, places: Places) -> pd.DataFrame:
    """Mean, spread and quantiles of each part of the wait [working hour], together and apart.

    Rows: `dispatch` (sent to received), `attention` (received to opened), `registration` (received
    to dispositioned) and `answer` (the last of these to answered), as far as the log has the
    stamps; times between stamps that are not in order are left out and counted in `disordered`.
    `return_share` stands in rows of its own, with the share of letters in `mean`.
    """
    period = places.period(log.sent)
    together = places.together(period, log.sender, log.receiver)
    known = {name: stamps for name, stamps in log.stages.items() if name in STAGES}
    last = log.sent.copy()
    for stamps in known.values():
        last = np.maximum(last, stamps)
    parts: dict[str, tuple[Stamps, Stamps]] = {"answer": (last, log.answered)}
    if "received" in known:
        parts["dispatch"] = (log.sent, known["received"])
        for name, stage in (("attention", "opened"), ("registration", "dispositioned")):
            if stage in known:
                parts[name] = (known["received"], known[stage])
    rows: list[dict[str, Any]] = []
    for name in ("dispatch", "attention", "registration", "answer"):
        if name not in parts:
            continue
        start, stop = parts[name]
        both = (start != MISSING) & (stop != MISSING)
        for where, chosen in (("together", both & together), ("apart", both & ~together)):
            hours = calendar.working_minutes(start[chosen], stop[chosen]) / 60
            rows.append(_stage_row(name, where, hours))
    if log.returned is not None:
        for where, chosen in (("together", together), ("apart", ~together)):
            share = log.returned[chosen].mean() if chosen.any() else np.nan
            row = {"part": "return_share", "where": where, "letters": int(chosen.sum())}
            rows.append(row | {"mean": share})
    return pd.DataFrame(rows)


def _stage_row(name: str, where: str, hours: NDArray[np.float64]) -> dict[str, Any]:
    good = hours[hours >= 0]
    row: dict[str, Any] = {"part": name, "where": where, "letters": len(good)}
    row["disordered"] = len(hours) - len(good)
    if len(good):
        row |= {"mean": good.mean(), "cv": good.std() / good.mean() if good.mean() else np.nan}
        row |= dict(zip(("p10", "p50", "p90"), np.quantile(good, [0.1, 0.5, 0.9]), strict=True))
    return row
