"""A city's own records: which file, which columns, and one message for all that is wrong with it.

Records come as the office's own programs export them, so a small YAML file beside them,
`columns.yaml`, says which of their columns is which of ours. polars reads them, because a log of
letters may have ten million rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems, UsageError, did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import Fields, read_yaml

RECORDS_FOLDER = "records"
COLUMNS_FILE = "columns.yaml"
SEPARATORS = (",", ";", "\t", "|")
BLOCK = 32 * 2**20
"""Bytes that are read at a time."""

SHOWN = 3
"""Faulty rows that a message names."""

WAYS = 4
"""Ways of writing of which a message shows an example; the others are counted."""


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

    def problems(self, faults: Faults) -> DataProblems:
        """All that is wrong, with columns as the file calls them."""
        return DataProblems(
            replace(problem, column=self.theirs.get(problem.column or "", problem.column))
            if problem.file == self.path.name
            else problem
            for problem in faults.found
        )

    def _ours(self, frame: Any, as_is: Collection[str] = ()) -> Any:
        """Our columns as text without spaces around, null where empty, and `row`."""
        pl = polars()
        columns = (
            (pl.col(theirs) if ours in as_is else bare(pl.col(theirs))).alias(ours)
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

    def blocks(self, faults: Faults, as_is: Collection[str] = ()) -> Iterator[Any]:
        """The rows block by block, so that memory holds little; a block with a fault ends them.

        Columns of `as_is` keep the spaces around their cells: taking them away costs a third of the
        time of a log of ten million letters.
        """
        row, pl = 2, polars()
        with self.path.open("rb") as stream:
            head = stream.readline()
            while block := _block(stream, head):
                try:
                    read = self._table(block, row)
                except pl.exceptions.PolarsError as error:
                    words = (
                        f"from row {row} on the rows cannot be parted into cells: {_first(error)}."
                    )
                    faults.add(self.path.name, None, None, words)
                    return
                row += read.height
                yield self._ours(read, as_is)

    def _table(self, block: bytes, row: int) -> Any:
        """The cells of a block as text; signs that are not UTF-8 are replaced, which is slower."""
        pl = polars()

        def read(encoding: str) -> Any:
            return pl.read_csv(
                io.BytesIO(block), separator=self.separator, infer_schema=False,
                row_index_name="row", row_index_offset=row, encoding=encoding,
            )  # fmt: skip

        try:
            return read("utf8")
        except pl.exceptions.ComputeError:
            return read("utf8-lossy")


def bare(text: Any) -> Any:
    """An expression: text without spaces around it, null where nothing is left."""
    return text.str.strip_chars().replace("", None)


def _block(stream: Any, head: bytes) -> bytes:
    """The head and about 32 MB, up to the end of a row; a quoted text may hold line breaks."""
    parts = [head, stream.read(BLOCK)]
    if not parts[1]:
        return b""
    quotes = parts[1].count(b'"')
    while rest := stream.readline():
        parts.append(rest)
        quotes += rest.count(b'"')
        if quotes % 2 == 0:
            break
    return b"".join(parts)


def open_record(
    path: Path, mapped: Mapped, ours: Sequence[RecordColumn], faults: Faults
) -> RecordFile | None:
    """The file with the columns that it has, or None where it cannot be read at all.

    Every column that is missing is a fault. The others can still be checked, so that one message
    says all that is wrong.
    """
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
    for column in ours:
        wanted = mapped.columns.get(column.name, column.name)
        if wanted.strip().lower() in known:
            found[column.name] = known[wanted.strip().lower()]
            if sum(name.strip().lower() == wanted.strip().lower() for name in theirs) > 1:
                words = "the column stands twice. Rename or drop one of them."
                faults.add(path.name, 1, wanted, words)
        elif column.needed or column.name in mapped.columns:
            hint = did_you_mean(wanted, theirs)
            if column.name not in mapped.columns:
                hint = (
                    f"The file has: {', '.join(theirs[:12])}. Say which it is in {COLUMNS_FILE}, "
                    f"or rename it."
                )
            faults.add(path.name, 1, wanted, f"the column is missing. {hint}")
    return RecordFile(path, separator, found)


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


def note_shapes(wrong: Any, column: str, words: str, hint: str, file: str, faults: Faults) -> None:
    """Note faulty cells of a column by how they are written, each way with its count and rows.

    `wrong` are the faulty rows; `{}` in the words stands for the first cell of a way.
    """
    pl = polars()
    ways = (
        wrong.with_columns(shape=shape_of(pl.col(column)))
        .group_by("shape")
        .agg(
            pl.len().alias("count"),
            pl.col("row").sort().head(SHOWN).alias("rows"),
            pl.col(column).sort_by("row").first().alias("example"),
        )
        .sort(["count", "shape"], descending=[True, False])
    )
    for way in ways.head(WAYS).iter_rows(named=True):
        example = "(empty)" if way["example"] is None else way["example"]
        note_rows(faults, file, column, way["rows"], words.format(example), hint, way["count"])
    rest = ways.slice(WAYS)
    if len(rest):
        rows = sorted(rest["rows"].explode().to_list())
        said = f"written in {len(rest)} further ways"
        note_rows(faults, file, column, rows, said, hint, int(rest["count"].sum()))


def shape_of(text: Any) -> Any:
    """An expression: how a cell is written, its digits as 9 and its words as a."""
    return text.str.replace_all(r"\d", "9").str.replace_all(r"\p{L}+", "a")


def unknown_names(names: Any, many: str) -> str:
    """Words for names that are not known, the most frequent first: `many` and three of them."""
    counts = names.value_counts(sort=True)
    ordered = sorted(counts.iter_rows(), key=lambda row: (-row[1], str(row[0])))
    some = ", ".join("(empty)" if name is None else f"'{name}'" for name, _ in ordered[:SHOWN])
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    return f"{many}: {some}{more}"


def check_ids(mapped: Mapped, known: Sequence[str], file: str, kind: str, faults: Faults) -> None:
    """Note ids in `columns.yaml` that the city does not have."""
    for name, id in mapped.ids.items():
        if id is not None and id not in known:
            words = f"'{id}', given for '{name}', is not in the city. {did_you_mean(id, known)}"
            faults.add(file, None, f"{kind}.ids", words)
