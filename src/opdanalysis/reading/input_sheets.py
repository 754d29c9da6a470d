"""Everything that goes into a study as flat sheets of text, as a workbook shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.parameters.distribution import Distribution
from opdanalysis.plans.plan import FATES, STATUSES
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.parameters import CITY_PARAMETERS, INFLATION_FILE
from opdanalysis.reading.places import SOURCES_FILE, data_folder
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.schema import EVIDENCE, TABLES, Column
from opdanalysis.reading.tables import table_lines
from opdanalysis.reading.yaml_files import read_yaml

MODELLED = (
    "kecamatan.csv",
    "kelurahan.csv",
    "agencies.csv",
    "buildings.csv",
    "placement.csv",
    "services.csv",
    "steps.csv",
    "journeys.csv",
    "journey_services.csv",
    "ties.csv",
    "fates.csv",
    "supplies.csv",
)
"""The tables of a city that decide its results, in the order in which they are read best."""


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet: whether it holds numbers, their unit, and the words to choose from.

    What is `shown_only` is not read back.
    """

    name: str
    number: bool = False
    unit: str | None = None
    shown_only: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class InputSheet:
    """One sheet of inputs: its columns, what identifies a row, and its rows of texts.

    Rows with the same key are told apart by their order. Numbers are texts with a decimal point.
    `file` is the table that the sheet shows, if one.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    file: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def cells(self) -> list[dict[str, str]]:
        """Each row as a mapping of columns to texts."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def _text(name: str, *choices: str) -> SheetColumn:
    return SheetColumn(name, choices=choices)


def _number(name: str) -> SheetColumn:
    return SheetColumn(name, number=True)


def _shown(name: str) -> SheetColumn:
    return SheetColumn(name, shown_only=True)


BELIEF = (
    _number("value"),
    _text("distribution", *Distribution.FIELDS),
    _number("low"),
    _number("mode"),
    _number("high"),
    _text("unit"),
    _number("price_year"),
    _text("evidence", *EVIDENCE),
    _text("source"),
    _text("as_of"),
    _text("reason"),
)
"""What a sheet says of a belief. `low`, `mode` and `high` are p05, p50 and p95 of `quantiles`."""

PARAMETERS = (_text("id"), _shown("description"), *BELIEF, _text("role"), _text("verify"))
SCENARIOS = (_text("scenario"), _text("id"), *BELIEF, _text("verify"))
PLANS = (
    _text("id"),
    _text("name"),
    _text("name_en"),
    _text("date"),
    _text("status", *STATUSES[1:]),
    _text("proposed_by"),
    _text("proposed_by_en"),
    _text("source"),
    _text("note"),
    _text("note_en"),
)
MOVES = (
    _text("plan"),
    _text("cluster"),
    _text("cluster_name"),
    _text("cluster_name_en"),
    _text("date"),
    _text("agencies"),
    _text("groups"),
    _text("kecamatan"),
    _text("to"),
)
LEVERS = (_text("plan"), _text("lever"), _number("value"))
PLAN_FATES = (_text("plan"), _text("building"), _text("fate", *FATES))
SOURCES = tuple(map(_text, ("key", "title", "publisher", "date", "address", "read_on", "note")))

ENDS = ("low", "mode", "high")
"""The columns in which the numbers of a distribution stand, from the lowest to the highest."""


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns in which a distribution of this kind has its numbers, in their order."""
    fields = Distribution.FIELDS.get(kind, ())
    return ("low", "high") if len(fields) == 2 else ENDS[: len(fields)]


def input_sheets(folder: Path, faults: Faults) -> tuple[InputSheet, ...]:
    """Parameters, scenarios, plans, tables and sources of a city's folder; faults are noted."""
    plans = [
        (path.stem, content)
        for path in sorted((folder / PLANS_FOLDER).glob("*.yaml"))
        if isinstance(content := read_yaml(path, faults, f"{PLANS_FOLDER}/{path.name}"), dict)
    ]
    return (
        _parameter_sheet(folder, faults),
        _scenario_sheet(folder, faults),
        _sheet("plans", PLANS, ("id",), (_plan(stem, plan) for stem, plan in plans)),
        _sheet(
            "moves",
            MOVES,
            ("plan", "cluster"),
            (move for stem, plan in plans for move in _moves(stem, plan)),
        ),
        _sheet("levers", LEVERS, ("plan", "lever"), _pairs(plans, "levers", "lever", "value")),
        _sheet(
            "plan_fates",
            PLAN_FATES,
            ("plan", "building"),
            _pairs(plans, "fates", "building", "fate"),
        ),
        *(table_sheet(folder, file, faults) for file in MODELLED if (folder / file).is_file()),
        _source_sheet(folder, faults),
    )


def fingerprint(sheets: Iterable[InputSheet]) -> str:
    """A short hash of what some sheets say, so that a workbook knows from what it was written."""
    content = [[sheet.name, sheet.names, sheet.rows] for sheet in sheets]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def table_sheet(folder: Path, file: str, faults: Faults) -> InputSheet:
    """One table of a city as a sheet, with the columns in the order of the dictionary."""
    table = TABLES[file]
    columns = tuple(map(sheet_column, table.all_columns))
    lines = table_lines(folder, table, faults)
    header = [name.strip() for name in lines[0]] if lines else []
    rows = []
    for line in lines[1:]:
        found = dict(zip(header, line, strict=False))
        rows.append(tuple(found.get(column.name, "").strip() for column in columns))
    return InputSheet(file.removesuffix(".csv"), columns, table.key, tuple(rows), file)


def sheet_column(column: Column) -> SheetColumn:
    """A column of a table as a column of a sheet."""
    number = column.kind in ("number", "whole")
    choices = ("yes", "no") if column.kind == "flag" else column.choices
    return SheetColumn(
        column.name, number, column.unit, choices=choices if column.kind != "refs" else ()
    )


def _sheet(
    name: str,
    columns: tuple[SheetColumn, ...],
    key: tuple[str, ...],
    rows: Iterable[Mapping[str, Any]],
) -> InputSheet:
    texts = [tuple(text_of(row.get(column.name)) for column in columns) for row in rows]
    return InputSheet(name, columns, key, tuple(texts))


def text_of(entry: Any) -> str:
    """What a YAML file says, as the text of a cell; lists are parted by semicolons."""
    if entry is None or entry is False:
        return ""
    if entry is True:
        return "yes"
    if isinstance(entry, list | tuple):
        return ";".join(map(str, entry))
    return str(entry).strip()


def _parameter_sheet(folder: Path, faults: Faults) -> InputSheet:
    """Every belief and lever, as the file of the data folder or of the city says it."""
    found: dict[str, Any] = {}
    for path in sorted((data_folder() / "parameters").glob("*.yaml")):
        if path.name != INFLATION_FILE:
            found |= read_yaml(path, faults) or {}
    if (folder / CITY_PARAMETERS).is_file():
        found |= read_yaml(folder / CITY_PARAMETERS, faults) or {}
    rows = ({"id": name, **_belief(entry)} for name, entry in found.items())
    return _sheet("parameters", PARAMETERS, ("id",), rows)


def scenario_files(folder: Path) -> dict[str, Path]:
    """The files of the scenarios by id; those of the city come before the general ones."""
    places = (data_folder() / "scenarios", folder / "scenarios")
    return {path.stem: path for place in places for path in sorted(place.glob("*.yaml"))}


def _scenario_sheet(folder: Path, faults: Faults) -> InputSheet:
    rows = []
    for stem, path in scenario_files(folder).items():
        content = read_yaml(path, faults, f"scenarios/{path.name}") or {}
        for name, entry in content.get("beliefs", {}).items():
            rows.append({"scenario": stem, "id": name, **_belief(entry)})
    return _sheet("scenarios", SCENARIOS, ("scenario", "id"), rows)


def _belief(entry: Mapping[str, Any]) -> dict[str, Any]:
    belief = dict(entry)
    spread = dict(belief.pop("distribution", None) or {})
    kind = str(spread.get("kind", ""))
    belief["distribution"] = kind
    for column, field in zip(columns_of(kind), Distribution.FIELDS.get(kind, ()), strict=True):
        belief[column] = spread.get(field)
    return belief


def _words(entry: Any, name: str) -> dict[str, str]:
    entry = entry if isinstance(entry, Mapping) else {}
    return {name: str(entry.get("id", "")).strip(), f"{name}_en": str(entry.get("en", "")).strip()}


def _plan(stem: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    row = {**plan, "id": plan.get("id", stem)}
    for name in ("name", "proposed_by", "note"):
        row |= _words(plan.get(name), name)
    return row


def _moves(stem: str, plan: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for cluster in plan.get("clusters") or ():
        about = {
            "plan": plan.get("id", stem),
            "cluster": cluster.get("id"),
            "date": cluster.get("date"),
            **_words(cluster.get("name"), "cluster_name"),
        }
        for move in cluster.get("moves") or ({},):
            yield about | {
                name: move.get(name) for name in ("agencies", "groups", "kecamatan", "to")
            }


def _pairs(
    plans: Iterable[tuple[str, Mapping[str, Any]]], section: str, name: str, value: str
) -> Iterable[dict[str, Any]]:
    for stem, plan in plans:
        for key, entry in (plan.get(section) or {}).items():
            yield {"plan": plan.get("id", stem), name: key, value: entry}


def _source_sheet(folder: Path, faults: Faults) -> InputSheet:
    found: dict[str, Any] = {}
    for place in (data_folder(), folder):
        if (place / SOURCES_FILE).is_file():
            found |= read_yaml(place / SOURCES_FILE, faults) or {}
    rows = ({"key": key, **found[key]} for key in sorted(found))
    return _sheet("sources", SOURCES, ("key",), rows)
