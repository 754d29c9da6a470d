"""A log of letters, as SRIKANDI or another e-office exports it, to columns of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems
from opdanalysis.evidence.letter_calendar import DAY, WorkCalendar, stamp
from opdanalysis.evidence.letters import MISSING, STAGES, LetterLog, Places
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import (
    Mapped,
    RecordColumn,
    RecordFile,
    agency_codes,
    bare,
    check_ids,
    gathered,
    mapping_beside,
    note_rows,
    open_record,
    polars,
    read_mapping,
    unknown_names,
)
from opdanalysis.reading.records_dates import Writing, check_order, note_unread, writing_of

COLUMNS = (
    RecordColumn("letter"),
    RecordColumn("sender"),
    RecordColumn("receiver"),
    RecordColumn("sent"),
    *(RecordColumn(stage, needed=False) for stage in STAGES),
    RecordColumn("answered"),
    RecordColumn("returned", needed=False),
    RecordColumn("subject", needed=False),
)
SIDES = ("sender", "receiver")
SETTINGS = ("dates", "layers", "exported", "outside", "synthetic")
YES = ("ya", "y", "yes", "1", "true", "benar", "dikembalikan")
MIXING = np.uint64(0x9E3779B97F4A7C15)
"""An odd number that spreads receivers over all 64 bits."""

ALL_LETTERS, OTHER_LETTERS = "letters", "other"


@dataclass(frozen=True)
class ReadLetters:
    """The log, and how many rows were left out because a side is not an agency of the city.

    `to_itself` counts letters within one agency, which are left out too.
    """

    log: LetterLog
    outside: int
    to_itself: int


def read_letters(
    path: str | Path, city: City, calendar: WorkCalendar, mapping: str | Path | None = None
) -> ReadLetters:
    """The letters of a file, checked against the city and the calendar.

    `mapping` is a file in the form of `columns.yaml`; None takes the one beside the record. Raises
    DataProblems with every kind of fault at once, each with its count and its first rows.
    """
    path = Path(path)
    faults = Faults()
    place = Path(mapping) if mapping else mapping_beside(path)
    mapped = read_mapping(place, "letters", COLUMNS, SETTINGS, faults)
    name = place.name if place else path.name
    check_ids(mapped, [agency.id for agency in city.agencies], name, "letters", faults)
    asked = check_order(mapped.settings.get("dates"), name, faults)
    record = open_record(path, mapped, COLUMNS, faults)
    if record is None:
        raise DataProblems(faults.found)
    dates = [column for column in ("sent", *STAGES, "answered") if column in record]
    layers, starts = _layers(mapped)
    codes = agency_codes(city, mapped)
    ways: dict[str, Writing | None] = {}
    parts = []
    for block in record.blocks(faults, as_is=(*SIDES, *dates)):
        ways = ways or writing_of(block, dates, asked)
        parts.append(_numbers(block, ways, codes, starts))
    read = gathered(parts, faults)
    del parts
    if read is None:
        if not faults.found:
            faults.add(path.name, None, None, "the file has a header and no row.")
        raise record.problems(faults)
    found = {column: read.drop_in_place(column).to_numpy() for column in list(read.columns)}
    _note_faults(found, record, ways, mapped, asked, faults)
    exported = _exported(mapped, found, dates, name, faults)
    _note_order(found, dates, exported, calendar, path.name, faults)
    if faults.found:
        raise record.problems(faults)
    return _log(found, dates, city, mapped, layers, exported)


def _numbers(
    block: Any,
    ways: dict[str, Writing | None],
    codes: dict[str, int],
    starts: dict[str, int],
) -> Any:
    """Agencies as places (-1 unknown, -2 left out), dates as minutes, subjects as layers.

    An empty date is MISSING, one that cannot be read is MISSING + 1. `starts` are the beginnings of
    subjects with their layers, the longest first; a subject that fits none is of the last layer.
    """
    pl = polars()
    chosen = []
    if "letter" in block.columns:
        chosen += [pl.col("letter").hash(1), pl.col("letter").is_null().alias("unnamed")]
    for side in SIDES:
        if side in block.columns:
            names = block[side].unique().to_list()
            places = [codes.get((name or "").strip().lower(), -1) for name in names]
            chosen.append(pl.col(side).replace_strict(names, places, return_dtype=pl.Int16))
    block = block.with_columns(_minutes(block, ways))
    chosen += [pl.col(column) for column in ways]
    if "returned" in block.columns:
        chosen.append(pl.col("returned").str.to_lowercase().is_in(YES).fill_null(False))
    if "subject" in block.columns and starts:
        layer = pl.lit(max(starts.values()) + 1)
        for beginning, place in reversed(starts.items()):
            fits = pl.col("subject").str.starts_with(beginning).fill_null(False)
            layer = pl.when(fits).then(place).otherwise(layer)
        chosen.append(layer.cast(pl.Int16).alias("layer"))
    return block.select(*chosen)


def _minutes(block: Any, ways: dict[str, Writing | None]) -> list[Any]:
    """Columns of dates as minutes; only those with cells that cannot be read lose spaces first."""
    pl = polars()
    nothing = pl.lit(None, dtype=pl.Int32)
    tried = block.select(
        (nothing if way is None else way.minutes(column)).alias(column)
        for column, way in ways.items()
    )
    found = []
    for column, way in ways.items():
        minutes, text = tried[column], block[column]
        if minutes.null_count() > text.null_count() or way is None:
            cleaned = block.select(bare(pl.col(column)))
            text = cleaned[column]
            if way is not None:
                minutes = cleaned.select(way.minutes(column))[column]
        empty = pl.when(text.is_null()).then(int(MISSING)).otherwise(int(MISSING) + 1)
        found.append(pl.lit(minutes).fill_null(empty).cast(pl.Int32).alias(column))
    return found


def _note_faults(
    found: dict[str, Any],
    record: RecordFile,
    ways: dict[str, Writing | None],
    mapped: Mapped,
    asked: str | None,
    faults: Faults,
) -> None:
    file = record.path.name
    if "letter" in record:
        _note_numbers(found, file, faults)
    if mapped.settings.get("outside") != "leave out":
        for side in SIDES:
            if side in record:
                _note_outside(found[side], side, record, faults)
    for column, way in ways.items():
        if (found[column] == MISSING + 1).any():
            note_unread(record.whole(), column, way, file, asked, faults)
    if "sent" in record:
        rows = np.flatnonzero(found["sent"] == MISSING) + 2
        note_rows(faults, file, "sent", rows, "the day of sending is missing", "")


def _note_numbers(found: dict[str, Any], file: str, faults: Faults) -> None:
    """Note letters without a number, and numbers that stand twice for one receiver."""
    letter, unnamed = found.pop("letter"), found.pop("unnamed")
    note_rows(
        faults, file, "letter", np.flatnonzero(unnamed) + 2, "the letter has no number",
        "Each letter needs its own.",
    )  # fmt: skip
    if "receiver" not in found:
        return
    letter = letter + found["receiver"].astype(np.uint64) * MIXING  # one letter, many receivers
    numbers = np.sort(letter[~unnamed])
    again = np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
    if again.size:
        rows = np.flatnonzero(np.isin(letter, again) & ~unnamed) + 2
        words = "the number of the letter stands more than once for one receiver"
        note_rows(faults, file, "letter", rows, words, "Keep one row for each.")


def _note_outside(codes: Any, side: str, record: RecordFile, faults: Faults) -> None:
    """Note the names on one side that are not agencies of the city."""
    pl = polars()
    rows = np.flatnonzero(codes == -1) + 2
    if rows.size:
        first = pl.col("row").is_in(rows[:2000].tolist())
        names = record.whole().select("row", side).filter(first).collect()[side]
        note_rows(
            faults, record.path.name, side, rows,
            unknown_names(names, "not an agency of the city"),
            "Give ids in columns.yaml (null leaves out), or write outside: leave out.",
        )  # fmt: skip


def _exported(
    mapped: Mapped, found: dict[str, Any], dates: list[str], file: str, faults: Faults
) -> int:
    """The stamp of the export: as said, or the last stamp of the log."""
    said = mapped.settings.get("exported")
    if said is None:
        stamps = [found[column][found[column] > MISSING + 1] for column in dates]
        return int(max((column.max() for column in stamps if column.size), default=0))
    if isinstance(said, date):
        minute = said.hour * 60 + said.minute if hasattr(said, "hour") else DAY - 1
        return stamp(said if not hasattr(said, "date") else said.date(), minute)
    faults.add(file, None, "letters.exported", f"'{said}' is not a date such as 2026-06-30.")
    return 0


def _note_order(
    found: dict[str, Any],
    dates: list[str],
    exported: int,
    calendar: WorkCalendar,
    file: str,
    faults: Faults,
) -> None:
    """Note answers before the letter, stamps after the export, and days beyond the calendar."""
    if "sent" in found and "answered" in found:
        sent, answered = found["sent"], found["answered"]
        known = (sent > MISSING + 1) & (answered > MISSING + 1)
        rows = np.flatnonzero(known & (answered < sent)) + 2
        note_rows(
            faults, file, "answered", rows, "the answer is older than the letter",
            "Day and month may be exchanged.",
        )  # fmt: skip
    for column in dates:
        stamps = found[column]
        good = stamps > MISSING + 1
        rows = np.flatnonzero(good & (stamps > exported)) + 2
        note_rows(faults, file, column, rows, "the stamp is later than the export of the log", "")
        beyond = good & ((stamps < calendar.origin) | (stamps >= calendar.end))
        note_rows(
            faults, file, column, np.flatnonzero(beyond) + 2,
            f"the day is outside the calendar, {calendar.first} to {calendar.last}",
            "Add that year to the calendar, or mend the date.",
        )  # fmt: skip


def _log(
    found: dict[str, Any],
    dates: list[str],
    city: City,
    mapped: Mapped,
    layers: tuple[str, ...],
    exported: int,
) -> ReadLetters:
    inside = (found["sender"] >= 0) & (found["receiver"] >= 0)
    kept = inside & (found["sender"] != found["receiver"])
    if "layer" not in found:
        found["layer"] = np.zeros(len(kept), dtype=np.int16)

    def taken(column: str) -> Any:
        values = found.pop(column)
        return values if kept.all() else values[kept]

    log = LetterLog(
        agencies=tuple(agency.id for agency in city.agencies),
        layers=layers,
        sender=taken("sender"),
        receiver=taken("receiver"),
        layer=taken("layer"),
        sent=taken("sent"),
        answered=taken("answered"),
        exported=exported,
        stages={column: taken(column) for column in dates if column in STAGES},
        returned=taken("returned") if "returned" in found else None,
        synthetic=bool(mapped.settings.get("synthetic", False)) or city.synthetic,
    )
    return ReadLetters(log, int((~inside).sum()), int((inside & ~kept).sum()))


def _layers(mapped: Mapped) -> tuple[tuple[str, ...], dict[str, int]]:
    """The layers, and the place of the layer of each beginning of a subject, the longest first."""
    said = {str(start): str(layer) for start, layer in mapped.settings.get("layers", {}).items()}
    if not said:
        return (ALL_LETTERS,), {}
    layers = (*dict.fromkeys(said.values()), OTHER_LETTERS)
    ordered = sorted(said, key=lambda start: (-len(start), start))
    return layers, {start: layers.index(said[start]) for start in ordered}


def places_today(city: City) -> Places:
    """Everybody where they sit today, all the time."""
    return Places(np.empty(0, dtype=np.int32), city.places(city.today)[None, :])
