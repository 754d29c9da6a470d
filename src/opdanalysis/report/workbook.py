"""A study as one workbook: contents, a sheet per table, and the inputs as sheets to be edited."""

from __future__ import annotations

import csv
import datetime
import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.reading.input_sheets import InputSheet, SheetColumn
from opdanalysis.reading.tables import NUMBER
from opdanalysis.text.words import Words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

WRITTEN = datetime.datetime(2026, 1, 1)
"""The day that stands in every workbook as the day of its making, so that bytes repeat."""

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""Texts stay texts, whatever they look like."""

DOUBTFUL = ("=", "+", "-", "@", "\t", "\r")
"""First letters with which a text could be taken for a formula when it is typed anew."""

LONGEST_NAME = 31
"""Letters that the name of a sheet may have."""

WIDEST, NARROWEST, ROOMY = 60, 9, 16
"""Widths of columns [letters]."""

WIDEST_PAGE = 250
"""Columns that stand on one page when it is printed [letters]."""

LINE = 15
"""Height of a line [pt]."""

CONTENTS_WIDTHS = (28, 90, 46, 8)
"""Widths of the columns of the contents sheet [letters]."""

ENDINGS = {
    "_low": "column.low_of",
    "_high": "column.high_of",
    "_evidence": "column.evidence",
    "_source": "column.source",
}
"""The neighbours of an uncertain column, and the words that explain them."""

BLUE, PALE, ORANGE, GREY = "#1F4E79", "#DDEBF7", "#F4B183", "#F2F2F2"
FILL, STRONG = "#FFF9E5", "#FFE699"
"""Colours: of results and of inputs, of cells that may be filled and of those that must."""


@dataclass(frozen=True)
class ResultSheet:
    """One table of a study: its name, title, columns and rows of texts, and who wrote it."""

    name: str
    title: str
    origin: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def result_sheet(name: str, title: str, origin: str, text: str) -> ResultSheet:
    """The sheet of a table from the text of its CSV file."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return ResultSheet(name, title, origin, tuple(header), tuple(map(tuple, rows)))


def write_workbook(
    path: Path,
    title: str,
    about: Sequence[tuple[str, str]],
    results: Sequence[ResultSheet],
    inputs: Sequence[InputSheet],
    marks: Mapping[str, str],
    words: Words,
) -> None:
    """Write the workbook. Equal contents give equal bytes.

    `about` are lines of the contents sheet, such as the draws; `marks` are kept as properties of
    the document, so that it can be told later from what it was written.
    """
    from xlsxwriter import Workbook

    book = Workbook(str(path), SAFE)
    book.set_properties({"title": title, "author": "opdanalysis", "created": WRITTEN})
    for name, mark in marks.items():
        book.set_custom_property(name, mark)
    looks = Looks(book)
    contents = book.add_worksheet(words("workbook.contents"))
    taken = {words("workbook.contents").lower()}
    names = [_free(sheet.name, taken) for sheet in results]
    lists = [_free(f"{words('workbook.input')} {sheet.name}", taken) for sheet in inputs]
    lines = [
        (name, sheet.title, sheet.origin, len(sheet.rows))
        for name, sheet in zip(names, results, strict=True)
    ] + [
        (name, words(f"workbook.of.{sheet.name}"), words("workbook.editable"), len(sheet.rows))
        for name, sheet in zip(lists, inputs, strict=True)
    ]
    _write_contents(contents, title, about, lines, looks, words)
    for name, result in zip(names, results, strict=True):
        _write_result(book.add_worksheet(name), result, looks)
    for name, layout in zip(lists, inputs, strict=True):
        write_input(book.add_worksheet(name), layout, looks, words)
    book.close()


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **look})
        return self._made[key]

    @property
    def head(self) -> dict[str, Any]:
        """The look of a header."""
        return {
            "bold": True,
            "text_wrap": True,
            "bg_color": PALE,
            "bottom": 1,
            "border_color": BLUE,
        }


def _free(name: str, taken: set[str]) -> str:
    """A name for a sheet that no other has and that programs accept."""
    clean = re.sub(r"[\[\]:*?/\\']", " ", name)[:LONGEST_NAME]
    number = 1
    while clean.lower() in taken:
        number += 1
        clean = f"{clean[: LONGEST_NAME - 3]} {number}"
    taken.add(clean.lower())
    return clean


def _write_contents(
    sheet: Worksheet,
    title: str,
    about: Sequence[tuple[str, str]],
    lines: Iterable[tuple[str, str, str, int]],
    looks: Looks,
    words: Words,
) -> None:
    """The first sheet: what the study is, and a link to every other sheet."""
    sheet.set_tab_color(BLUE)
    sheet.hide_gridlines(2)
    for place, width in enumerate(CONTENTS_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 2 * LINE)
    sheet.write_string(0, 0, title, looks(bold=True, font_size=14, font_color=BLUE))
    row = 1
    for name, said in about:
        sheet.write_string(row, 0, name, looks(font_color="#595959"))
        _write_text(sheet, row, 1, said, looks, {"text_wrap": True})
        _set_height(sheet, row, (said,), CONTENTS_WIDTHS[1:2])
        row += 1
    row += 1
    head = looks(**looks.head)
    for column, key in enumerate(("sheet", "title", "origin", "rows")):
        sheet.write_string(row, column, words(f"workbook.{key}"), head)
    sheet.freeze_panes(row + 1, 1)
    link = looks(font_color=BLUE, underline=1)
    for name, said, origin, count in lines:
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        _write_text(sheet, row, 1, said, looks, {"text_wrap": True})
        _write_text(sheet, row, 2, origin, looks, {"text_wrap": True})
        sheet.write_number(row, 3, count, looks(num_format="#,##0"))
    print_well(sheet)


def _write_result(sheet: Worksheet, found: ResultSheet, looks: Looks) -> None:
    """A table as it was written: numbers as numbers, texts as texts, one header, no more."""
    sheet.set_tab_color(BLUE)
    columns = list(zip(*found.rows, strict=True)) or [()] * len(found.header)
    numeric = [_is_numeric(column) for column in columns]
    formats = number_formats(found.header, columns, numeric)
    widths = [
        _width(name, column, number)
        for name, column, number in zip(found.header, columns, numeric, strict=True)
    ]
    for row, cells in enumerate(found.rows, start=1):
        _set_height(sheet, row, cells, widths)
    for place, name in enumerate(found.header):
        sheet.write_string(0, place, name, looks(**looks.head))
        for row, cell in enumerate(columns[place], start=1):
            if numeric[place] and cell:
                sheet.write_number(row, place, float(cell), looks(num_format=formats[place]))
            else:
                _write_text(sheet, row, place, cell, looks, {"text_wrap": True})
    _close_sheet(sheet, found.header, widths, len(found.rows))


def write_input(
    sheet: Worksheet,
    found: InputSheet,
    looks: Looks,
    words: Words,
    spare: int = 0,
    needed: Sequence[str] = (),
) -> None:
    """A sheet of inputs: headers that name the unit, cells to fill, lists of allowed words.

    `spare` empty rows are left below for further ones; columns that are `needed` stand out.
    """
    sheet.set_tab_color(ORANGE)
    columns = list(zip(*found.rows, strict=True)) or [()] * len(found.columns)
    headers: list[str] = []
    widths: list[int] = []
    for place, column in enumerate(found.columns):
        header = header_of(column, words)
        sheet.write_string(0, place, header, looks(**looks.head))
        if said := meaning_of(column, words):
            sheet.write_comment(0, place, said, {"x_scale": 2})
        colour = STRONG if column.name in needed else GREY if column.shown_only else FILL
        look = {"bg_color": colour}
        form = {"num_format": _input_format(column), **look}
        for row, cell in enumerate(columns[place], start=1):
            if column.number and NUMBER.fullmatch(cell):
                sheet.write_number(row, place, float(cell), looks(**form))
            else:
                _write_text(sheet, row, place, cell, looks, look)
        last = len(found.rows) + spare
        for row in range(len(found.rows) + 1, last + 1):
            sheet.write_blank(row, place, None, looks(**form if column.number else look))
        if column.choices and len(",".join(column.choices)) < 255 and last:
            rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            sheet.data_validation(1, place, last, place, rule)
        headers.append(header)
        least = ROOMY if spare else NARROWEST
        widths.append(max(_width(header, columns[place], column.number), least))
    _close_sheet(sheet, headers, widths, max(len(found.rows), 1))


def meaning_of(column: SheetColumn, words: Words) -> str:
    """What a column of inputs holds, in a sentence; empty where nothing is said of it."""
    for ending, key in ENDINGS.items():
        if column.name.endswith(ending) and f"column.{column.name}" not in words:
            return words(key)
    key = f"column.{column.name}"
    return words(key) if key in words else ""


def header_of(column: SheetColumn, words: Words) -> str:
    """The header of a column of inputs: its name as in the data, and the unit."""
    if column.unit is None or column.unit == "1":
        return column.name
    key = f"unit.{column.unit}"
    return f"{column.name} [{words(key) if key in words else column.unit}]"


def _write_text(
    sheet: Worksheet, row: int, column: int, text: str, looks: Looks, look: Mapping[str, Any]
) -> None:
    """A text that stays one: never a formula, also when somebody edits the cell."""
    if text.startswith(DOUBTFUL):
        look = {**look, "quote_prefix": True}
    if text:
        sheet.write_string(row, column, text, looks(**look))
    elif "bg_color" in look:
        sheet.write_blank(row, column, None, looks(**look))


def _is_numeric(column: Iterable[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(NUMBER.fullmatch(cell) for cell in filled)


def number_formats(
    header: Sequence[str], columns: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> list[str]:
    """The number format of each column; the points of one range, "x: 5%" and so on, share it.

    Percentages carry their sign, whole rupiah theirs; rupiah in billions have it in the header.
    """
    largest: dict[str, float] = {}
    whole: dict[str, bool] = {}
    for name, column, number in zip(header, columns, numeric, strict=True):
        stem = name.rpartition(": ")[0] or name
        cells = [float(cell) for cell in column if cell] if number else []
        size = max((abs(cell) for cell in cells), default=0.0)
        largest[stem] = max(largest.get(stem, 0.0), size)
        whole[stem] = whole.get(stem, True) and all(cell == int(cell) for cell in cells)
    found = []
    for name in header:
        stem = name.rpartition(": ")[0] or name
        size = largest[stem]
        digits = 0 if whole[stem] or size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3
        form = "#,##0" + ("." + "0" * digits if digits else "")
        if re.search(r"\([^)]*%[^)]*\)", stem):
            form = f'{form}"%"'
        elif "(Rp)" in stem or "(Rp per" in stem or "(Rp/" in stem:
            form = f'"Rp" {form}'
        found.append(form)
    return found


def _input_format(column: SheetColumn) -> str:
    if column.unit and column.unit.startswith("Rp"):
        return '"Rp" #,##0'
    if column.name in ("price_year", "order", "lat", "lon") or column.unit is None:
        return "General"
    return "#,##0.######"


def _width(header: str, column: Iterable[str], number: bool) -> int:
    """As wide as the longest text [letters], and wide enough for the header on a few lines."""
    longest = max((len(cell) for cell in column), default=0)
    words = max((len(word) for word in header.split()), default=0)
    wanted = max(12, words, len(header) // 5) if number else max(longest, words, len(header) // 3)
    return min(max(wanted + 2, NARROWEST), WIDEST)


def _lines(text: str, width: int) -> int:
    """On how many lines a text stands in a cell of that width, by its letters."""
    parts = text.split("\n")
    return sum(max(1, len(textwrap.wrap(part, width - 1))) for part in parts)


def _set_height(sheet: Worksheet, row: int, cells: Iterable[str], widths: Sequence[int]) -> None:
    """Room for the longest text of a row; not every program finds that by itself."""
    lines = max((_lines(*pair) for pair in zip(cells, widths, strict=True)), default=1)
    if lines > 1:
        sheet.set_row(row, LINE * lines)


def _close_sheet(sheet: Worksheet, header: Sequence[str], widths: Sequence[int], rows: int) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    _set_height(sheet, 0, header, widths)
    sheet.freeze_panes(1, 1)
    if header:
        sheet.autofilter(0, 0, max(rows, 1), len(header) - 1)
    print_well(sheet, -(-sum(widths) // WIDEST_PAGE))
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def print_well(sheet: Worksheet, wide: int = 1) -> None:
    """Pages of A4 on their side, so many of them beside each other."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(max(wide, 1), 0)
