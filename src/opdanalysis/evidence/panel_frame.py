"""A panel out of a table, or one message that lists everything that is wrong with the table."""

from __future__ import annotations

import re
from collections.abc import Callable
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

Report = Callable[[int | None, str | None, str], None]


def panel_from_frame(
    frame: pd.DataFrame, name: str = "outcome", file: str = "panel.csv", synthetic: bool = False
) -> Panel:
    """The panel of a table with one row per unit and month; `name` says what the outcome is.

    Columns `unit`, `month` (2026-02, or a year throughout), `outcome` (a number, empty if unknown),
    `moved` (month of the move, empty for none) and `moved_to` (the building); where known also
    `announced`, `announced_to`, `share_moved` (0 to 1), `crowded` (month from which others sit in
    the unit's building, which is then `moved_to`) and `stratum`. All but month and outcome must be
    the same in all rows of a unit. Raises DataProblems with every fault; `file` is its name there.
    """
    problems: list[Problem] = []

    def report(row: int | None, column: str | None, message: str) -> None:
        # As a spreadsheet counts: the first line holds the names of the columns.
        problems.append(Problem(file, None if row is None else row + 2, column, message))

    _check_columns(frame, report)
    if problems:
        raise DataProblems(problems)
    table = frame.reset_index(drop=True)
    kind = _kind_of(table["month"])
    months = [
        _period(value, kind, row, "month", report) for row, value in enumerate(table["month"])
    ]
    outcome = _numbers(table["outcome"], "outcome", report)
    units = [_text(value) for value in table["unit"]]
    for row, unit in enumerate(units):
        if not unit:
            report(row, "unit", "is empty; expected the id of the unit")
    _check_repeats(units, months, report)
    known = [month for month in months if month is not None]
    if not known:
        report(None, "month", "holds no month; expected months such as 2026-02")
        raise DataProblems(problems)
    periods = pd.period_range(min(known), max(known), freq=kind)
    _check_gaps(periods, known, outcome, months, report)
    of_units = _per_unit(table, units, kind, periods, report)
    if problems:
        raise DataProblems(problems)
    ids = tuple(dict.fromkeys(units))
    cells = np.full((len(ids), len(periods)), np.nan)
    place = {unit: row for row, unit in enumerate(ids)}
    for unit, month, value in zip(units, known, outcome, strict=True):
        cells[place[unit], (month - periods[0]).n] = value
    return Panel(ids, periods, cells, **of_units, name=name, synthetic=synthetic)


def _check_columns(frame: pd.DataFrame, report: Report) -> None:
    known = (*REQUIRED, *OPTIONAL)
    for column in REQUIRED:
        if column not in frame:
            report(None, column, f"is missing; a panel has the columns {', '.join(REQUIRED)}")
    for column in frame.columns:
        if column not in known:
            report(
                None, str(column), f"is not a column of a panel. {did_you_mean(str(column), known)}"
            )
    for column in frame.columns[frame.columns.duplicated()]:
        report(None, str(column), "stands twice")
    if "unit" in frame and frame.empty:
        report(None, None, "the table has no rows")


def _kind_of(months: pd.Series) -> str:
    """ "Y" if all are whole years, else "M"."""
    return "Y" if all(YEAR.fullmatch(_text(value)) for value in months) else "M"


def _period(value: Any, kind: str, row: int, column: str, report: Report) -> pd.Period | None:
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
    report(row, column, f"is '{text}'; expected {expected}")
    return None


def _numbers(values: pd.Series, column: str, report: Report) -> np.ndarray:
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    for row, (value, number) in enumerate(zip(values, found, strict=True)):
        if (np.isnan(number) and _text(value)) or np.isinf(number):
            report(
                row, column, f"is '{_text(value)}'; expected a number, with a point for decimals"
            )
    return found


def _check_repeats(units: list[str], months: list[pd.Period | None], report: Report) -> None:
    first: dict[tuple[str, pd.Period], int] = {}
    for row, (unit, month) in enumerate(zip(units, months, strict=True)):
        if month is None:
            continue
        before = first.setdefault((unit, month), row)
        if before != row:
            report(
                row,
                "month",
                f"unit '{unit}' has {month} already in row {before + 2}; keep one of them",
            )


def _check_gaps(
    periods: pd.PeriodIndex,
    known: list[pd.Period],
    outcome: np.ndarray,
    months: list[pd.Period | None],
    report: Report,
) -> None:
    absent = [str(period) for period in periods if period not in set(known)]
    if absent:
        shown = ", ".join(absent[:6]) + (" and more" if len(absent) > 6 else "")
        report(
            None,
            "month",
            f"no unit has a row for {shown}; add rows with an empty outcome, or use years",
        )
    filled = {month for month, value in zip(months, outcome, strict=True) if not np.isnan(value)}
    if not filled:
        report(None, "outcome", "holds no number")


def _per_unit(
    table: pd.DataFrame, units: list[str], kind: str, periods: pd.PeriodIndex, report: Report
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
                report(
                    row,
                    column,
                    f"unit '{unit}' has '{text}' here and '{texts[start]}' in row {start + 2}; a "
                    "unit has one value, and a move is not taken back",
                )
    dates = {
        column: _dates(values[column], kind, periods, first, column, report) for column in DATES
    }
    for column, to in PLACES.items():
        for number, (unit, date) in enumerate(zip(ids, dates[column], strict=True)):
            if date < NEVER and not values[to][number]:
                report(
                    first[number],
                    to,
                    f"unit '{unit}' has a date in '{column}' and no building; units that share one "
                    "share its troubles, so it must be known",
                )
    shares = np.ones(len(ids))
    for number, text in enumerate(values["share_moved"]):
        try:
            shares[number] = float(text) if text else 1.0
        except ValueError:
            shares[number] = np.nan
        if not 0 < shares[number] <= 1:
            report(
                first[number],
                "share_moved",
                f"is '{text}'; expected a number above 0 and at most 1",
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
    report: Report,
) -> np.ndarray:
    found = np.full(len(texts), NEVER)
    for number, text in enumerate(texts):
        if text:
            period = _period(text, kind, first[number], column, report)
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
