"""A city's own records: which file, which columns, and one message for all that is wrong with it.

Records come as the office's own programs export them, so a small YAML file beside them,
`columns.yaml`, says which of their columns is which of ours. polars reads them, because a log of
letters may have ten million rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import Fields, read_yaml

RECORDS_FOLDER = "records"
COLUMNS_FILE = "columns.yaml"
SEPARATORS = (",", ";", "\t", "|")
BLOCK = 32 * 2**20
"""Bytes that are read at a time."""

SHOWN = 3
"""Faulty rows that a message names."""


@dataclass(frozen=True)
class RecordColumn:
    """One of our columns: whether a record must have it."""

    name: str
    needed: bool = True


@dataclass(frozen=True)
class Mapped:
    """What `columns.yaml` says about one kind of record; empty where there is no such file.

    `columns` maps our names to those of the file, `ids` the names of agencies or buildings in the
    file to our ids (None leaves them out), `settings` what else is said.
    """

    columns: Mapping[str, str]
    ids: Mapping[str, str | None]
    settings: Mapping[str, Any]


def polars() -> Any:
    """The library that reads records. Raises UsageError where it is not installed."""
    try:
        import polars as library
    except ImportError as missing:
        raise UsageError(
            "Reading a city's own records needs polars, which is not installed. "
            "Run: pip install 'opdanalysis[records]'"
        ) from missing
    return library


def read_mapping(
    path: Path | None, kind: str, ours: Sequence[RecordColumn], keys: Sequence[str], faults: Faults
) -> Mapped:
    """The part of `columns.yaml` on one kind of record, such as "letters"."""
    if path is None:
        return Mapped({}, {}, {})
    content = read_yaml(path, faults)
    kinds = ("letters", "bills", "survey", "panel")
    if not isinstance(content, Mapping):
        if content is not None:
            faults.add(path.name, None, None, f"a mapping with {', '.join(kinds)} is expected.")
        return Mapped({}, {}, {})
    for key in content:
        if key not in kinds:
            faults.add(path.name, None, str(key), f"not known. {did_you_mean(str(key), kinds)}")
    if kind not in content:
        return Mapped({}, {}, {})
    fields = Fields(content[kind], path.name, kind, faults)
    columns = {str(ours): str(theirs) for ours, theirs in fields.mapping("columns", {}).items()}
    names = [column.name for column in ours]
    for name in columns:
        if name not in names:
            fields.fault(
                f"'{name}' is not one of our columns. {did_you_mean(name, names)}", "columns"
            )
    ids = fields.mapping("ids", {})
    settings = {key: fields.take(key, None) for key in keys}
    fields.close()
    return Mapped(
        {name: theirs for name, theirs in columns.items() if name in names},
        {str(name): None if id is None else str(id) for name, id in ids.items()},
        {key: value for key, value in settings.items() if value is not None},
    )


def mapping_beside(record: Path) -> Path | None:
    """The file `columns.yaml` in the folder of a record, if there is one."""
    path = record.parent / COLUMNS_FILE
    return path if path.is_file() else None


@dataclass(frozen=True)
class RecordFile:
    """A file of records: how its cells are parted, and which of its columns is which of ours."""

    path: Path
    separator: str
    theirs: Mapping[str, str]

    def __contains__(self, column: str) -> bool:
        return column in self.theirs

    def _ours(self, frame: Any) -> Any:
        """Our columns as text without spaces around, null where empty, and `row`."""
        pl = polars()
        columns = (
            pl.col(theirs).str.strip_chars().replace("", None).alias(ours)
            for ours, theirs in self.theirs.items()
        )
        return frame.select("row", *columns)

    def whole(self) -> Any:
        """All rows as a lazy frame; `row` counts as a spreadsheet does."""
        scanned = polars().scan_csv(
            self.path, separator=self.separator, infer_schema=False, row_index_name="row",
            row_index_offset=2, encoding="utf8-lossy",
        )  # fmt: skip
        return self._ours(scanned)

    def blocks(self, faults: Faults) -> Iterator[Any]:
        """The rows block by block, so that memory holds little; a block with a fault ends them."""
        pl = polars()
        row = 2
        with self.path.open("rb") as stream:
            head = stream.readline()
            while block := _block(stream):
                try:
                    read = pl.read_csv(
                        io.BytesIO(head + block), separator=self.separator, infer_schema=False,
                        row_index_name="row", row_index_offset=row, encoding="utf8-lossy",
                    )  # fmt: skip
                except pl.exceptions.PolarsError as error:
                    words = (
                        f"from row {row} on the rows cannot be parted into cells: {_first(error)}."
                    )
                    faults.add(self.path.name, None, None, words)
                    return
                row += read.height
                yield self._ours(read)


def _block(stream: Any) -> bytes:
    """About 32 MB, up to the end of a row; a quoted text may hold line breaks."""
    block = stream.read(BLOCK)
    while block:
        rest = stream.readline()
        block += rest
        if not rest or block.count(b'"') % 2 == 0:
            break
    return block


def open_record(
    path: Path, mapped: Mapped, ours: Sequence[RecordColumn], faults: Faults
) -> RecordFile | None:
    """The file with its columns found, or None; all columns that are missing are faults."""
    if not path.is_file():
        faults.add(path.name, None, None, f"the file is missing in {path.parent.name}.")
        return None
    with path.open("rb") as stream:
        start = stream.readline()
    if not start.strip():
        faults.add(path.name, None, None, "the file is empty, or its first line is.")
        return None
    if start.startswith(b"PK"):
        faults.add(path.name, None, None, "it is a spreadsheet. Export the sheet as CSV.")
        return None
    first = start.decode("utf-8-sig", "replace")
    separator = max(SEPARATORS, key=first.count)
    theirs = next(csv.reader([first], delimiter=separator))
    known = {name.strip().lower(): name for name in theirs}
    found: dict[str, str] = {}
    lost = False
    for column in ours:
        wanted = mapped.columns.get(column.name, column.name)
        if wanted.strip().lower() in known:
            found[column.name] = known[wanted.strip().lower()]
        elif column.needed or column.name in mapped.columns:
            lost = True
            hint = did_you_mean(wanted, theirs)
            if column.name not in mapped.columns:
                hint = (
                    f"The file has: {', '.join(theirs[:12])}. Say which it is in {COLUMNS_FILE}, "
                    f"or rename it."
                )
            faults.add(path.name, 1, wanted, f"the column is missing. {hint}")
    return None if lost else RecordFile(path, separator, found)


def gathered(blocks: Iterable[Any], faults: Faults) -> Any | None:
    """The blocks put together; None where a fault was met or there is no row."""
    before = len(faults.found)
    parts = list(blocks)
    if len(faults.found) > before or not parts:
        return None
    return polars().concat(parts)


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0][:160]


def note_rows(
    faults: Faults,
    file: str,
    column: str,
    rows: Any,
    many: str,
    hint: str,
    total: int | None = None,
) -> None:
    """Note one kind of fault once: how many rows have it, and the first of them."""
    rows = np.asarray(rows)
    count = len(rows) if total is None else total
    if not count:
        return
    named = ", ".join(f"{row}" for row in rows[:SHOWN])
    which = ("row " if count == 1 else "rows ") + named + (", ..." if count > SHOWN else "")
    noun = "row" if count == 1 else "rows"
    faults.add(file, int(rows[0]), column, f"{count:,} {noun}: {many} ({which}). {hint}".rstrip())


def agency_codes(city: City, mapped: Mapped) -> dict[str, int]:
    """Place of an agency by each name, in small letters, that a record may give; -2 leaves out."""
    order = city.agency_order
    codes: dict[str, int] = {}
    for agency in city.agencies:
        for name in (agency.id, agency.name, agency.name_en):
            if name:
                codes.setdefault(name.strip().lower(), order[agency.id])
    for name, id in mapped.ids.items():
        codes[name.strip().lower()] = -2 if id is None else order.get(id, -1)
    return codes


def check_ids(mapped: Mapped, known: Sequence[str], file: str, kind: str, faults: Faults) -> None:
    """Note ids in `columns.yaml` that the city does not have."""
    for name, id in mapped.ids.items():
        if id is not None and id not in known:
            words = f"'{id}', given for '{name}', is not in the city. {did_you_mean(id, known)}"
            faults.add(file, None, f"{kind}.ids", words)
