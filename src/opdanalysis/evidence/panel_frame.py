"""A panel out of a table, or one message that lists everything that is wrong with the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import DataProblems, Problem, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.methods.did_timing import NEVER

REQUIRED = ("unit", "month", "outcome", "moved", "moved_to")
OPTIONAL = ("announced", "announced_to", "share_moved", "crowded", "stratum")
DATES = ("moved", "announced", "crowded")
PLACES = {"moved": "moved_to", "announced": "announced_to", "crowded": "moved_to"}

MONTH = re.compile(r"(\d{4})-(\d{1,2})(-\d{1,2})?([ T].*)?")
YEAR = re.compile(r"\d{4}(\.0)?")

SHOWN = 3
"""Faulty rows that a message names."""


@dataclass
class _Notes:
    """Faults as they are met; those of one kind and column become one problem with a count.

    `lines` are the numbers of the rows as a spreadsheet shows them.
    """

    lines: Sequence[int]
    found: list[tuple[str, int | None, str | None, str]] = field(default_factory=list)

    def __call__(self, row: int | None, column: str | None, message: str, kind: str = "") -> None:
        self.found.append((kind, row, column, message))

    def problems(self, file: str) -> list[Problem]:
        """One problem for each kind of fault in a column, by its first row."""
        kinds: dict[tuple[str, str | None, str], list[tuple[int | None, str]]] = {}
        for kind, row, column, message in self.found:
            kinds.setdefault((kind, column, "" if kind else message), []).append((row, message))
        made = []
        for (_, column, _), faults in kinds.items():
            rows = [self.lines[row] for row, _ in faults if row is not None]
            message = faults[0][1]
            if len(rows) > 1:
                named = ", ".join(map(str, rows[:SHOWN])) + (", ..." if len(rows) > SHOWN else "")
                message = f"{len(rows):,} rows: {message} (rows {named})"
            made.append(Problem(file, rows[0] if rows else None, column, message))
        return made


def panel_from_frame(
    frame: pd.DataFrame, name: str = "outcome", file: str = "panel.csv", synthetic: bool = False
) -> Panel:
    """The panel of a table with one row per unit and month; `name` says what the outcome is.

    Columns `unit`, `month` (2026-02, or a year throughout), `outcome` (a number, empty if unknown),
    `moved` (month of the move, empty for none) and `moved_to` (the building); where known also
    `announced`, `announced_to`, `share_moved` (0 to 1), `crowded` (month from which others sit in
    the unit's building, which is then `moved_to`) and `stratum`. All but month and outcome must be
    the same in all rows of a unit. Raises DataProblems with every kind of fault, its count and its
    first rows; `file` is its name there. A row is called by its number in the index of the frame,
    counted as a spreadsheet does.
    """
    whole = pd.api.types.is_integer_dtype(frame.index)
    # The first line of a spreadsheet holds the names of the columns.
    note = _Notes([int(row) + 2 for row in (frame.index if whole else range(len(frame)))])
    _check_columns(frame, note)
    if frame.empty or frame.columns.duplicated().any():
        raise DataProblems(note.problems(file))
    table = frame.reset_index(drop=True)
    kind = _kind_of(table["month"]) if "month" in table else "M"
    months = [
        _period(value, kind, row, "month", note) for row, value in enumerate(table.get("month", ()))
    ]
    outcome = _numbers(table["outcome"], "outcome", note) if "outcome" in table else np.array([])
    units = [_text(value) for value in table["unit"]] if "unit" in table else []
    for row, unit in enumerate(units):
        if not unit:
            note(row, "unit", "is empty; expected the id of the unit", "empty")
    known = [month for month in months if month is not None]
    if "month" in table and not known:
        note(None, "month", "holds no month; expected months such as 2026-02")
    if "outcome" in table and np.isnan(outcome).all():
        note(None, "outcome", "holds no number")
    if known and units:
        _check_repeats(units, months, note)
    if known:
        periods = pd.period_range(min(known), max(known), freq=kind)
        if None not in months:
            _check_gaps(periods, known, note)
        of_units = _per_unit(table, units, kind, periods, note) if units else {}
    if note.found:
        raise DataProblems(note.problems(file))
    ids = tuple(dict.fromkeys(units))
    cells = np.full((len(ids), len(periods)), np.nan)
    place = {unit: row for row, unit in enumerate(ids)}
    for unit, month, value in zip(units, known, outcome, strict=True):
        cells[place[unit], (month - periods[0]).n] = value
    return Panel(ids, periods, cells, **of_units, name=name, synthetic=synthetic)


def _check_columns(frame: pd.DataFrame, note: _Notes) -> None:
    known = (*REQUIRED, *OPTIONAL)
    for column in REQUIRED:
        if column not in frame:
            note(None, column, f"is missing; a panel has the columns {', '.join(REQUIRED)}")
    for column in frame.columns:
        if column not in known:
            note(
                None, str(column), f"is not a column of a panel. {did_you_mean(str(column), known)}"
            )
    for column in frame.columns[frame.columns.duplicated()]:
        note(None, str(column), "stands twice")
    if "unit" in frame and frame.empty:
        note(None, None, "the table has no rows")


def _kind_of(months: pd.Series) -> str:
    """ "Y" if all are whole years, else "M"."""
    return "Y" if all(YEAR.fullmatch(_text(value)) for value in months) else "M"


def _period(value: Any, kind: str, row: int, column: str, note: _Notes) -> pd.Period | None:
    text = _text(value)
    found = MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12:
        year, month = int(found[1]), int(found[2])
        return (
            pd.Period(year=year, month=month, freq="M")
            if kind == "M"
            else pd.Period(year=year, freq="Y")
        )
    if kind == "Y" and YEAR.fullmatch(text):
        return pd.Period(year=int(float(text)), freq="Y")
    expected = "a month such as 2026-02" if kind == "M" else "a year such as 2026"
    note(row, column, f"is '{text}'; expected {expected}", f"written {_shape(text)}")
    return None


def _shape(text: str) -> str:
    """How a text is written, its digits as 9 and its words as a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text))


def _numbers(values: pd.Series, column: str, note: _Notes) -> np.ndarray:
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    for row, (value, number) in enumerate(zip(values, found, strict=True)):
        if (np.isnan(number) and _text(value)) or np.isinf(number):
            words = f"is '{_text(value)}'; expected a number, with a point for decimals"
            note(row, column, words, f"written {_shape(_text(value))}")
    return found


def _check_repeats(units: list[str], months: list[pd.Period | None], note: _Notes) -> None:
    first: dict[tuple[str, pd.Period], int] = {}
    for row, (unit, month) in enumerate(zip(units, months, strict=True)):
        if month is None:
            continue
        before = first.setdefault((unit, month), row)
        if before != row:
            note(
                row,
                "month",
                f"unit '{unit}' has {month} already in row {note.lines[before]}; keep one of them",
                "twice",
            )


def _check_gaps(periods: pd.PeriodIndex, known: list[pd.Period], note: _Notes) -> None:
    present = set(known)
    absent = [str(period) for period in periods if period not in present]
    if absent:
        shown = ", ".join(absent[:6]) + (" and more" if len(absent) > 6 else "")
        note(
            None,
            "month",
            f"no unit has a row for {shown}; add rows with an empty outcome, or use years",
        )


def _per_unit(
    table: pd.DataFrame, units: list[str], kind: str, periods: pd.PeriodIndex, note: _Notes
) -> dict[str, Any]:
    """The columns that are one value per unit, checked."""
    ids = list(dict.fromkeys(units))
    place = {unit: row for row, unit in enumerate(ids)}
    first = [units.index(unit) for unit in ids]
    values: dict[str, list[str]] = {}
    for column in (*REQUIRED[3:], *OPTIONAL):
        if column not in table:
            values[column] = [""] * len(ids)
            continue
        texts = [_text(value) for value in table[column]]
        values[column] = [texts[row] for row in first]
        for row, (unit, text) in enumerate(zip(units, texts, strict=True)):
            start = first[place[unit]]
            if text != texts[start]:
                note(
                    row,
                    column,
                    f"unit '{unit}' has '{text}' here and '{texts[start]}' in row "
                    f"{note.lines[start]}; a unit has one value, and a move is not taken back",
                    "differs",
                )
    dates = {column: _dates(values[column], kind, periods, first, column, note) for column in DATES}
    for column, to in PLACES.items():
        for number, (unit, date) in enumerate(zip(ids, dates[column], strict=True)):
            if to in table and date < NEVER and not values[to][number]:
                note(
                    first[number],
                    to,
                    f"unit '{unit}' has a date in '{column}' and no building; units that share one "
                    "share its troubles, so it must be known",
                    "homeless",
                )
    shares = np.ones(len(ids))
    for number, text in enumerate(values["share_moved"]):
        try:
            shares[number] = float(text) if text else 1.0
        except ValueError:
            shares[number] = np.nan
        if not 0 < shares[number] <= 1:
            note(
                first[number],
                "share_moved",
                f"is '{text}'; expected a number above 0 and at most 1",
                "share",
            )
    return {
        **dates,
        "moved_to": tuple(values["moved_to"]),
        "announced_to": tuple(values["announced_to"]),
        "share_moved": shares,
        "stratum": tuple(values["stratum"]),
    }


def _dates(
    texts: list[str],
    kind: str,
    periods: pd.PeriodIndex,
    first: list[int],
    column: str,
    note: _Notes,
) -> np.ndarray:
    found = np.full(len(texts), NEVER)
    for number, text in enumerate(texts):
        if text:
            period = _period(text, kind, first[number], column, note)
            if period is not None:
                found[number] = (period - periods[0]).n
    return found


def _text(value: Any) -> str:
    """A cell as text, "" for an empty one."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if value is pd.NA:
        return ""
    return str(value).strip()
