"""An empty city to be filled in: tables with headers, a guide, and all of it as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import (
    LEVERS,
    MODELLED,
    MOVES,
    PLAN_FATES,
    PLANS,
    SOURCES,
    InputSheet,
    SheetColumn,
    sheet_column,
    table_sheet,
)
from opdanalysis.reading.places import CITY_FILE, SOURCES_FILE, city_folder
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.sheets_to_files import table_text
from opdanalysis.report.workbook import (
    SAFE,
    WRITTEN,
    Looks,
    header_of,
    meaning_of,
    print_well,
    write_input,
)
from opdanalysis.text.words import Words

NEEDED: Mapping[str, Sequence[str]] = {
    "kecamatan.csv": ("id", "name", "lat", "lon", "area_km2"),
    "agencies.csv": ("id", "name", "kind"),
    "buildings.csv": ("id", "name", "kecamatan"),
    "placement.csv": ("agency", "building"),
    "services.csv": ("id", "name"),
    "steps.csv": ("service", "order", "agency"),
}
"""The cells that nothing can stand in for; every other cell of a city may be left empty."""

EXAMPLE_CITY = "contoh"

CITY = (
    SheetColumn("key"),
    SheetColumn("value"),
)
CITY_KEYS = (
    "id",
    "name",
    "name_en",
    "as_of",
    "lat",
    "lon",
    "description",
    "description_en",
    "synthetic",
)
"""What the sheet `city` of a workbook says, line by line; city.yaml says the same."""

SPARE_ROWS = 200
"""Empty rows to be filled in each sheet of a template."""


def template_layouts() -> tuple[InputSheet, ...]:
    """The sheets of a city's workbook, all empty."""
    tables = (
        InputSheet(
            file.removesuffix(".csv"),
            tuple(map(sheet_column, TABLES[file].all_columns)),
            TABLES[file].key,
            (),
            file,
        )
        for file in MODELLED
    )
    return (
        InputSheet("city", CITY, ("key",), ()),
        *tables,
        InputSheet("plans", PLANS, ("id",), ()),
        InputSheet("moves", MOVES, ("plan", "cluster"), ()),
        InputSheet("levers", LEVERS, ("plan", "lever"), ()),
        InputSheet("plan_fates", PLAN_FATES, ("plan", "building"), ()),
        InputSheet("sources", SOURCES, ("key",), ()),
    )


def template_files(id: str, as_of: str, words: Words) -> dict[str, str]:
    """The files of an empty city, by their path in its folder."""
    said = {"id": id, "name": _title(id), "as_of": as_of}
    return {
        CITY_FILE: words("new_city.city_yaml", **said) + "\n",
        SOURCES_FILE: words("new_city.sources_yaml", **said, month=as_of[:7]) + "\n",
        "README.md": guide(id, words),
        **{file: table_text(file, ()) for file in MODELLED},
    }


def guide(id: str, words: Words) -> str:
    """What to fill in: the steps with their time, and each column with unit and example."""
    lines = [f"# {_title(id)}", "", words("new_city.steps", id=id), ""]
    for file in MODELLED:
        lines += [f"## {file}", "", words(f"new_city.of.{file.removesuffix('.csv')}"), ""]
        head = [words(f"new_city.{name}") for name in ("column", "needed", "meaning", "example")]
        lines += [f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
        example = _example(file)
        for column in map(sheet_column, TABLES[file].all_columns):
            need = words("table.yes") if column.name in NEEDED.get(file, ()) else ""
            cells = (
                header_of(column, words),
                need,
                meaning_of(column, words),
                example[column.name],
            )
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
        lines.append("")
    return "\n".join([*lines, words("new_city.plan"), ""])


def write_template_workbook(path: Path, id: str, as_of: str, words: Words) -> None:
    """The empty city as a workbook: a guide, and a sheet for each table, for plans and sources."""
    from xlsxwriter import Workbook

    book = Workbook(str(path), SAFE)
    book.set_properties({"title": id, "author": "opdanalysis", "created": WRITTEN})
    looks = Looks(book)
    first = book.add_worksheet(words("new_city.guide"))
    first.set_column(0, 0, 110)
    first.hide_gridlines(2)
    print_well(first)
    first.write_string(0, 0, _title(id), looks(bold=True, font_size=14))
    for row, line in enumerate(words("new_city.steps", id=id).splitlines(), start=2):
        first.write_string(row, 0, line.replace("**", "").replace("`", ""), looks(text_wrap=True))
    filled = {"city": _city_rows(id, as_of), "sources": (_form(id, as_of, words),)}
    for layout in template_layouts():
        sheet = InputSheet(
            layout.name, layout.columns, layout.key, filled.get(layout.name, ()), layout.file
        )
        needed = NEEDED.get(layout.file or "", ())
        spare = 0 if layout.name == "city" else SPARE_ROWS
        write_input(book.add_worksheet(layout.name), sheet, looks, words, spare, needed)
    book.close()


def _title(id: str) -> str:
    return id.replace("-", " ").replace("_", " ").title()


def _city_rows(id: str, as_of: str) -> tuple[tuple[str, str], ...]:
    known = {"id": id, "name": _title(id), "name_en": _title(id), "as_of": as_of, "synthetic": "no"}
    return tuple((key, known.get(key, "")) for key in CITY_KEYS)


def _form(id: str, as_of: str, words: Words) -> tuple[str, ...]:
    """The source of all that the city writes without naming another."""
    row = {
        "key": "city-form",
        "title": words("new_city.form_title", name=_title(id)),
        "publisher": _title(id),
        "read_on": as_of[:7],
        "note": words("new_city.form_note"),
    }
    return tuple(row.get(column.name, "") for column in SOURCES)


def _example(file: str) -> dict[str, str]:
    """The first filled cell of each column in the invented city."""
    sheet = table_sheet(city_folder(EXAMPLE_CITY), file, Faults())
    found = dict.fromkeys(sheet.names, "")
    for row in sheet.cells():
        for name, cell in row.items():
            found[name] = found[name] or cell
    return found
