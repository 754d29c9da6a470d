"""Dates as Indonesian offices write them, to minutes; a column keeps to one way of writing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from opdanalysis.errors import did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import SHOWN, WAYS, bare, note_rows, polars, shape_of

MONTHS = (
    ("januari", "jan"), ("februari", "feb", "pebruari"), ("maret", "mar"), ("april", "apr"),
    ("mei",), ("juni", "jun"), ("juli", "jul"), ("agustus", "agu", "ags", "agt"),
    ("september", "sep", "sept"), ("oktober", "okt"), ("november", "nov", "nopember"),
    ("desember", "des"),
)  # fmt: skip
"""The words for each month, in full first."""

FILLERS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu", "pukul", "jam")
ZONES = ("wib", "wita", "wit")

ORDERS = {
    "day-month-year": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    "year-month-day": ("%Y-%m-%d", "%Y/%m/%d"),
    "month-day-year": ("%m/%d/%Y", "%m-%d-%Y"),
    "day month in words": ("%d %m %Y", "%d-%m-%Y words"),
}
"""Ways of writing a date, by the name under which `columns.yaml` may ask for one."""

GUESSED = ("day-month-year", "year-month-day", "day month in words")
"""Ways that are tried unasked: the month before the day is not written in Indonesia."""

TIMES = (" %H:%M", " %H:%M:%S", " %H.%M", "T%H:%M", "T%H:%M:%S", " %H.%M.%S", " %I:%M %p")
SAMPLE = 2000


@dataclass(frozen=True)
class Writing:
    """One way of writing a date: its order, and its pattern as strptime has it."""

    order: str
    pattern: str

    @property
    def in_words(self) -> bool:
        """Whether the month is a word."""
        return self.order == "day month in words"

    def minutes(self, column: str) -> Any:
        """An expression: the column as minutes since 1970, null where it is not so written."""
        pl = polars()
        text = plain(pl.col(column)) if self.in_words else pl.col(column)
        stamps = text.str.to_datetime(self.pattern, strict=False, time_unit="ms")
        return (stamps.dt.epoch("s") // 60).cast(pl.Int32)


def plain(text: Any) -> Any:
    """An expression: small letters, months as numbers, without weekday, "pukul" and time zone."""
    words = {word: f"{n:02d}" for n, names in enumerate(MONTHS, start=1) for word in names}
    text = text.str.to_lowercase().str.replace_all(r"[,']", "")
    text = text.str.replace_all(rf"\b(?:{'|'.join([*FILLERS, *ZONES])})\b", "")
    for length in sorted({len(word) for word in words}, reverse=True):
        some = {word: number for word, number in words.items() if len(word) == length}
        text = text.str.replace_many(list(some), list(some.values()))
    return text.str.replace_all(r"\s+", " ").str.strip_chars()


def writings(asked: str | None) -> list[Writing]:
    """The ways of writing to try."""
    orders = GUESSED if asked is None else (asked,)
    return [
        Writing(order, date.removesuffix(" words") + time)
        for order in orders
        for date, time in product(ORDERS[order], TIMES)
    ]


def check_order(asked: Any, file: str, faults: Faults) -> str | None:
    """The order of dates that `columns.yaml` asks for, if it is one."""
    if asked is None or asked in ORDERS:
        return asked
    words = f"'{asked}' is not a way of writing dates. {did_you_mean(str(asked), ORDERS)}"
    faults.add(file, None, "letters.dates", words)
    return None


def writing_of(block: Any, columns: Sequence[str], asked: str | None) -> dict[str, Writing | None]:
    """How each column is mostly written, judged by its first cells; None where no way fits."""
    found: dict[str, Writing | None] = {}
    for column in columns:
        sample = block.select(bare(polars().col(column).head(SAMPLE))).drop_nulls()
        best: tuple[int, Writing | None] = (0, None)
        for writing in writings(asked):
            read = sample.select(writing.minutes(column).is_not_null().sum()).item()
            if read > best[0]:
                best = (read, writing)
            if read == len(sample):
                break
        found[column] = best[1]
    return found


def note_unread(
    whole: Any, column: str, writing: Writing | None, file: str, asked: str | None, faults: Faults
) -> None:
    """Note the cells of a column that are not written as most are, by how they are written."""
    pl = polars()
    unread = pl.col(column).is_not_null()
    if writing is not None:
        unread &= writing.minutes(column).is_null()
    shapes = (
        whole.filter(unread)
        .with_columns(shape=shape_of(pl.col(column)))
        .group_by("shape")
        .agg(
            pl.len().alias("count"),
            pl.col("row").sort().head(SHOWN).alias("rows"),
            pl.col(column).sort_by("row").first().alias("example"),
        )
        .sort(["count", "shape"], descending=[True, False])
        .collect()
    )
    usual = f"Most are written {_named(writing)}." if writing else "No known way of writing fits."
    for shape in shapes.head(WAYS).iter_rows(named=True):
        hint = f"{usual} {_why(shape['example'], writing, asked)}".strip()
        note_rows(
            faults, file, column, shape["rows"], f"the date is written as '{shape['example']}'",
            hint, shape["count"],
        )  # fmt: skip
    if len(shapes) > WAYS:
        rest = shapes.slice(WAYS)
        rows = sorted(rest["rows"].explode().to_list())
        note_rows(
            faults, file, column, rows, f"the date is written in {len(rest)} further ways", "",
            int(rest["count"].sum()),
        )  # fmt: skip


def _named(writing: Writing) -> str:
    pattern = writing.pattern
    for code, word in (
        ("%d", "17"), ("%m", "Maret" if writing.in_words else "03"), ("%Y", "2025"), ("%H", "08"),
        ("%M", "15"), ("%S", "30"), ("%I", "08"), ("%p", "AM"),
    ):  # fmt: skip
        pattern = pattern.replace(code, word)
    return f"like '{pattern}' ({writing.order})"


def _why(example: str, writing: Writing | None, asked: str | None) -> str:
    if re.fullmatch(r"\d{4,5}(\.\d+)?", example):
        return (
            "It is a spreadsheet's number of a day. Format the column as a date and export again."
        )
    time = re.split(r"[ T]", example, maxsplit=1)[-1]
    if not re.search(r"\d[:.]\d{2}(?!\d)", time) or time == example:
        return "It has no time of day."
    parts = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}", example)
    if parts and int(parts[2]) > 12 and asked is None:
        return "The month seems to stand first; if so throughout, write dates: month-day-year."
    return "Write all alike." if writing else ""
