"""One CSV file to rows of checked cells; every fault is noted with its row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.city.estimate import Estimate
from opdanalysis.errors import did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import SOURCES_FILE
from opdanalysis.reading.schema import Column, Table

ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*|[0-9][0-9.]*")
FORMULA = ("=", "+", "-", "@")
EXCEL_DATE = re.compile(r"\d{1,2}[-/. ]([A-Za-z]{3}|\d{1,2})([-/. ]\d{2,4})?|\d{4}-\d{2}-\d{2}.*")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
INDONESIAN_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
COUNTED = ("person", "m2", "case/year", "contact/year")
"""Units in which 1.200 is more likely a thousand and two hundred than one and a fifth."""
DECIMAL_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})*,\d+|-?\d+,\d+")
GROUPED = re.compile(r"-?\d{1,3}([., ]\d{3})+")
BINARY_STARTS = {
    b"\xef\xbb\xbf": "it starts with a byte-order mark (BOM). Save it as UTF-8 without BOM.",
    b"PK": "it is a spreadsheet or zip file. Export the sheet as CSV.",
    b"\xff\xfe": "it is UTF-16. Save it as UTF-8.",
    b"version https://git-lfs": "it is a Git LFS pointer, not the data. Fetch the file itself.",
    b"<": "it is a web page, not a table. Download the file itself.",
}


@dataclass
class Row:
    """One line of a table: its number as a spreadsheet counts, and its cells by column."""

    number: int
    cells: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)


def read_table(
    folder: Path, table: Table, faults: Faults, lines: list[list[str]] | None = None
) -> list[Row]:
    """The rows of one table; a cell that cannot be read is None and noted in `faults`.

    `lines` are the cells of its lines, header first, where they were read already.
    """
    before = len(faults.found)
    lines = table_lines(folder, table, faults) if lines is None else lines
    header = [name.strip() for name in lines[0]] if lines else []
    if not lines or not _header_is_right(header, table, faults):
        if len(faults.found) > before:
            faults.lost.add(table.file)
        return []
    columns = {column.name: column for column in table.all_columns}
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            faults.add(table.file, number, None, "the row is empty. Delete it.")
            continue
        if len(cells) != len(header):
            faults.add(
                table.file,
                number,
                None,
                f"{len(cells)} cells, but the header has {len(header)}. "
                "A text with a comma needs quotation marks around it.",
            )
            faults.lost.add(table.file)
            continue
        note = _noter(faults, table.file, number)
        rows.append(
            Row(
                number,
                {
                    name: read_cell(cell.strip(), columns[name], note)
                    for name, cell in zip(header, cells, strict=True)
                },
            )
        )
    if not rows and not table.may_have_no_rows:
        faults.add(table.file, None, None, "the table has a header and no row. Fill it.")
        faults.lost.add(table.file)
    _check_keys(rows, table, faults)
    _check_ranges(rows, table, faults)
    return rows


def check_references(
    rows: Collection[Row],
    table: Table,
    ids: dict[str, set[str]],
    sources: Collection[str],
    faults: Faults,
) -> None:
    """Note every cell that names an id or a source which does not exist."""
    for row in rows:
        for column in table.all_columns:
            cell = row[column.name]
            if (column.refers_to or SOURCES_FILE) in faults.lost:
                continue
            if column.kind == "ref" and cell and cell not in ids[column.refers_to or ""]:
                faults.add(
                    table.file,
                    row.number,
                    column.name,
                    f"'{cell}' is not in {column.refers_to}. "
                    f"{did_you_mean(cell, ids[column.refers_to or ''])}",
                )
            if column.kind == "sources":
                for key in cell or ():
                    if key not in sources:
                        faults.add(
                            table.file,
                            row.number,
                            column.name,
                            f"source '{key}' is not in sources.yaml. {did_you_mean(key, sources)}",
                        )


def _text(folder: Path, table: Table, faults: Faults) -> str | None:
    path = folder / table.file
    if not path.is_file():
        if table.required:
            faults.add(
                table.file, None, None, f"the file is missing. Put {table.file} into {folder.name}."
            )
        return None
    content = path.read_bytes()
    if not content.strip():
        faults.add(table.file, None, None, "the file is empty. Write its header and its rows.")
        return None
    for start, words in BINARY_STARTS.items():
        if content.lstrip().startswith(start):
            faults.add(table.file, None, None, words)
            return None
    if b"\x00" in content:
        faults.add(table.file, None, None, "it holds NUL bytes, so it is not a text file.")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        faults.add(table.file, row, None, "a letter is not UTF-8. Save the file as UTF-8.")
        return None


def table_lines(folder: Path, table: Table, faults: Faults) -> list[list[str]]:
    """The cells of every line; a file that cannot be read is a fault and has none."""
    lines: list[list[str]] = []
    text = _text(folder, table, faults)
    try:
        for cells in csv.reader(io.StringIO(text or "", newline=""), strict=True):
            lines.append(cells)
    except csv.Error:
        words = "a quotation mark is opened and not closed, or a text follows it."
        faults.add(table.file, len(lines) + 1, None, words)
        return []
    return lines


def _header_is_right(header: list[str], table: Table, faults: Faults) -> bool:
    expected = [column.name for column in table.all_columns]
    if len(header) == 1 and len(expected) > 1:
        for separator, word in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                faults.add(table.file, 1, None, f"cells are parted by {word}. Save it with commas.")
                return False
    good = True
    missing = set(expected) - set(header)
    for name in header:
        if name not in expected:
            faults.add(
                table.file,
                1,
                name or "(no name)",
                "the column is not known. "
                + (did_you_mean(name, missing) if missing else "Delete it."),
            )
            good = False
    for name in expected:
        if name not in header:
            faults.add(table.file, 1, name, "the column is missing.")
            good = False
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add(table.file, 1, name, "the column stands twice.")
        good = False
    return good


Note = Callable[[str, str], None]


def _noter(faults: Faults, file: str, number: int) -> Note:
    return lambda column, message: faults.add(file, number, column, message)


def read_cell(text: str, column: Column, note: Note) -> Any:
    """The value of one cell, or None; a fault is told to `note` with the column and the words."""
    if not text:
        if not column.may_be_empty:
            note(column.name, "the cell is empty.")
        return () if column.kind in ("refs", "sources") else None
    if column.kind in ("number", "whole"):
        return _number(text, column, note)
    if text.startswith("=") or (text[0] in FORMULA and column.kind in ("id", "ref")):
        note(column.name, f"'{text[:20]}' is a formula. Write its value.")
        return None
    if column.kind == "id":
        if not ID.fullmatch(text):
            note(
                column.name,
                f"'{text}' is not an id. Use lower-case letters, digits, hyphens and underscores.",
            )
            return None
        return text
    if column.kind == "flag":
        if text not in ("yes", "no"):
            note(column.name, f"'{text}' is neither yes nor no.")
        return text == "yes"
    if column.kind == "choice":
        return _chosen(text, column, note)
    if column.kind == "refs":
        parts = tuple(part.strip() for part in text.split(";"))
        return tuple(part for part in parts if _chosen(part, column, note) is not None)
    if column.kind == "sources":
        return tuple(part.strip() for part in text.split(";"))
    return text


def _chosen(text: str, column: Column, note: Note) -> str | None:
    if text not in column.choices:
        note(column.name, f"'{text}' is not one of its words. {did_you_mean(text, column.choices)}")
        return None
    return text


def _number(text: str, column: Column, note: Note) -> float | int | None:
    if not NUMBER.fullmatch(text):
        note(column.name, _why_no_number(text))
        return None
    number = float(text)
    if column.unit in COUNTED and INDONESIAN_THOUSANDS.fullmatch(text):
        whole = text.replace(".", "")
        note(column.name, f"'{text}' may mean {number:g} or {whole}. Write one of the two.")
        return None
    if number in (float("inf"), float("-inf")):
        note(column.name, f"'{text}' is not a finite number.")
        return None
    if column.low is not None and number < column.low:
        unit = f" {column.unit}" if column.unit else ""
        note(column.name, f"{text} is below the least possible, {column.low:g}{unit}.")
        return None
    if column.high is not None and number > column.high:
        note(column.name, f"{text} is above the largest possible, {column.high:g}.")
        return None
    if column.kind == "whole":
        if number != int(number):
            note(column.name, f"{text} is not a whole number.")
            return None
        return int(number)
    return number


def _why_no_number(text: str) -> str:
    if text.startswith("="):
        return f"'{text[:20]}' is a formula. Write its value."
    if DECIMAL_COMMA.fullmatch(text) and not GROUPED.fullmatch(text):
        return f"'{text}' has a decimal comma. Write a point, and no separator of thousands."
    if GROUPED.fullmatch(text):
        return f"'{text}' has separators of thousands. Write the digits only."
    if EXCEL_DATE.fullmatch(text):
        return f"'{text}' is a date; a spreadsheet may have turned a number into it. Type it again."
    unit = re.fullmatch(r"-?[\d.]+\s*([A-Za-z%][\w/%]*)", text)
    if unit:
        return f"'{text}' carries a unit, '{unit[1]}'. The header implies it; write the number."
    return f"'{text}' is not a number."


def estimate_in(row: Row, column: str) -> Any:
    """The estimate of an uncertain column with its four neighbours, or None where it is empty."""
    if row[column] is None:
        return None
    ends = (row[f"{column}_low"], row[f"{column}_high"])
    return Estimate(row[column], *ends, row[f"{column}_evidence"], row[f"{column}_source"])


def check_all_or_none(row: Row, columns: Sequence[str], table: Table, faults: Faults) -> None:
    """Note a cell that is empty while another that belongs to it is filled.

    Cells of which a fault was told already are left alone.
    """
    told = {p.column for p in faults.found if p.file == table.file and p.row == row.number}
    empty = [column for column in columns if row[column] in (None, ())]
    if told.isdisjoint(columns) and 0 < len(empty) < len(columns):
        filled = next(column for column in columns if column not in empty)
        faults.add(
            table.file,
            row.number,
            empty[0],
            f"the cell is empty, but {filled} is filled. Fill both or neither.",
        )


def _check_keys(rows: list[Row], table: Table, faults: Faults) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in table.key)
        if None in key:
            faults.lost.add(table.file)
            continue
        if key in seen:
            faults.add(
                table.file,
                row.number,
                table.key[0],
                f"'{' / '.join(map(str, key))}' stands already in row {seen[key]}. "
                "Each row needs its own.",
            )
            faults.lost.add(table.file)
        seen.setdefault(key, row.number)


def _check_ranges(rows: list[Row], table: Table, faults: Faults) -> None:
    for row in rows:
        for name in table.uncertain:
            ends = ("_low", "_high", "_evidence", "_source")
            check_all_or_none(row, [name, *(f"{name}{end}" for end in ends)], table, faults)
            low, value, high = row[f"{name}_low"], row[name], row[f"{name}_high"]
            if None in (low, value, high):
                continue
            if not low <= value <= high:
                faults.add(
                    table.file,
                    row.number,
                    name,
                    f"low {low:.12g}, value {value:.12g} and high {high:.12g} "
                    "are not in rising order.",
                )
            elif low <= 0 < high:
                faults.add(
                    table.file,
                    row.number,
                    f"{name}_low",
                    "the low end must be above 0. Write the smallest amount that is likely.",
                )
