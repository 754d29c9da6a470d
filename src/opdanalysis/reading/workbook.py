"""A workbook that somebody edited: its sheets of inputs to rows of texts, with their places."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import InputSheet, SheetColumn
from opdanalysis.reading.tables import INDONESIAN_THOUSANDS

FINGERPRINT = "opdanalysis inputs"
"""The property of the document that holds the hash of the inputs that it was written from."""

DECIMAL_COMMA = re.compile(r"-?\d+,\d+|-?\d{1,3}(\.\d{3})+,\d+")
DOTTED = re.compile(r"-?\d{1,3}(\.\d{3}){2,}")
DOUBTFUL = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
"""Numbers typed as text: 10,5 and 1.234,5; 1.234.567; and 1.234, which may be two things."""

LARGEST_WHOLE = 1e15
"""Below this a whole number is written without a point; above, programs differ."""


@dataclass(frozen=True)
class FilledRow:
    """One row of a sheet: its number there, and its texts by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class FilledBook:
    """The sheets of a workbook by their names, and the mark of what it was written from."""

    file: str
    sheets: Mapping[str, Sequence[Sequence[Any]]]
    mark: str | None

    def where(self, title: str) -> str:
        """How a problem names a sheet."""
        return f"{self.file}, sheet '{title}'"


def read_workbook(path: Path, titles: Callable[[str], bool] = lambda title: True) -> FilledBook:
    """The cells of every sheet whose title is wanted. Raises UsageError for no workbook."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.is_file():
        raise UsageError(f"the workbook {path} was not found.")
    try:
        book = load_workbook(path, read_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"{path.name} cannot be read as a workbook. Save it as Excel workbook (.xlsx), without "
            "a password."
        ) from error
    try:
        sheets = {
            sheet.title: [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
            for sheet in book.worksheets
            if titles(sheet.title)
        }
        marks = {found.name: found.value for found in book.custom_doc_props.props}
    finally:
        book.close()
    return FilledBook(path.name, sheets, marks.get(FINGERPRINT))


@dataclass(frozen=True)
class NoValue:
    """A cell whose content is no value, and why."""

    why: str


def _cell(cell: Any) -> Any:
    if cell.data_type == "f":
        return NoValue("the cell holds a formula. Copy it and paste it as a value.")
    if cell.data_type == "e":
        return NoValue(f"the cell shows the error {cell.value}. Write a value.")
    return cell.value


def filled_rows(
    book: FilledBook, title: str, layout: InputSheet, faults: Faults
) -> list[FilledRow]:
    """The rows of one sheet as texts in the columns of a layout; empty rows are left out.

    A cell that cannot be read is noted with sheet, row and column, and stays empty.
    """
    where = book.where(title)
    grid = book.sheets[title]
    header = [_header(cell) for cell in grid[0]] if grid else []
    _check_header(header, layout, where, faults)
    columns = {column.name: column for column in layout.columns}
    places = {name: place for place, name in enumerate(header) if name in columns}
    rows = []
    for number, line in enumerate(grid[1:], start=2):
        if all(cell is None or cell == "" for cell in line):
            continue
        cells = dict.fromkeys(columns, "")
        for name, place in places.items():
            cell = line[place] if place < len(line) else None
            text = cell_text(cell, columns[name])
            if isinstance(text, NoValue):
                faults.add(where, number, name, text.why)
                text = "" if columns[name].shown_only else "?"
            cells[name] = text
        rows.append(FilledRow(number, cells))
    return rows


def _header(cell: Any) -> str:
    """The name in a header; what stands in brackets after it is the unit."""
    return re.sub(r"\s*\[.*\]$", "", str(cell or "").strip())


def _check_header(header: Sequence[str], layout: InputSheet, where: str, faults: Faults) -> None:
    missing = [c.name for c in layout.columns if c.name not in header and not c.shown_only]
    for name in header:
        if name and name not in layout.names:
            faults.add(
                where, 1, name, f"the column is not known. {did_you_mean(name, layout.names)}"
            )
        elif name and header.count(name) > 1:
            faults.add(where, 1, name, "the column stands twice.")
    for name in missing:
        faults.add(where, 1, name, "the column is missing. Put its header back.")


def cell_text(cell: Any, column: SheetColumn) -> str | NoValue:
    """The text that a cell stands for, as a table of the data would have it.

    A number typed as text may have a decimal comma, and points between thousands where no doubt
    is left.
    """
    if cell is None or isinstance(cell, NoValue):
        return cell or ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        if column.number:
            return NoValue(
                f"{cell:%Y-%m-%d} is a date; the program may have turned a number into it. "
                "Format the cell as a number and type it again."
            )
        return f"{cell:%Y-%m-%d}"
    text = str(cell).strip()
    return number_typed(text) if column.number else text


def number_text(number: float) -> str:
    """A short text that reads back as the same number; 1.234 is written 1.2340, not to be 1234."""
    if number == int(number) and abs(number) < LARGEST_WHOLE:
        return str(int(number))
    text = repr(float(number))
    return f"{text}0" if INDONESIAN_THOUSANDS.fullmatch(text) else text


def number_typed(text: str) -> str | NoValue:
    """A number typed as text, with a decimal point; what is none is left as it is."""
    text = text.replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-")
    if DOUBTFUL.fullmatch(text):
        whole = re.sub("[.,]", "", text)
        part = text.replace(",", ".").rstrip("0").rstrip(".")
        return NoValue(f"the text '{text}' may mean {part} or {whole}. Type it as a number.")
    if DECIMAL_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(".", "") if DOTTED.fullmatch(text) else text
