"""A city's tables described for other programs: the data package of Frictionless.

Printed, to be saved as datapackage.json in the folder of the city, by

    python -m opdanalysis.reading.datapackage data/cities/contoh
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from opdanalysis.errors import DataProblems
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import CITY_FILE
from opdanalysis.reading.schema import TABLES, Column, Table
from opdanalysis.reading.tables import ID
from opdanalysis.reading.yaml_files import read_fields

DATAPACKAGE_FILE = "datapackage.json"

TYPES = {"number": "number", "whole": "integer", "flag": "boolean"}
"""Kinds of column that are not text, and their types in a Table Schema."""


def datapackage(folder: Path) -> dict[str, Any]:
    """The data package of a city's folder: its tables, columns, limits, keys and references.

    Follows the Data Package and Table Schema specifications, version 1 (frictionlessdata.io).
    Raises DataProblems when city.yaml cannot be read.
    """
    faults = Faults()
    about = read_fields(folder / CITY_FILE, faults)
    name, description = about.words("name"), about.words("description")
    found = {
        "profile": "tabular-data-package",
        "name": about.text("id"),
        "title": name.get("en"),
        "description": description.get("en"),
        "resources": [
            _resource(table) for table in TABLES.values() if (folder / table.file).is_file()
        ],
    }
    if faults.found:
        raise DataProblems(faults.found)
    return found


def datapackage_text(folder: Path) -> str:
    """The data package as it stands in datapackage.json."""
    return json.dumps(datapackage(folder), indent=2, ensure_ascii=False) + "\n"


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, table) for column in table.all_columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    references = [column for column in table.columns if column.refers_to]
    if references:
        schema["foreignKeys"] = [
            {"fields": column.name, "reference": _reference(column, table)} for column in references
        ]
    return {
        "profile": "tabular-data-resource",
        "name": _name(table.file),
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.kind, "string")}
    if column.name in table.uncertain:
        field["description"] = table.uncertain[column.name]
    if column.unit:
        field["unit"] = column.unit
    if column.kind == "flag":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if limits := _limits(column):
        field["constraints"] = limits
    return field


def _limits(column: Column) -> dict[str, Any]:
    limits: dict[str, Any] = {} if column.may_be_empty else {"required": True}
    if column.kind == "choice":
        limits["enum"] = list(column.choices)
    if column.kind == "id":
        limits["pattern"] = ID.pattern
    if column.kind == "refs":
        word = "|".join(column.choices)
        limits["pattern"] = f"({word})(;({word}))*"
    if column.low is not None:
        limits["minimum"] = column.low
    if column.high is not None:
        limits["maximum"] = column.high
    return limits


def _reference(column: Column, table: Table) -> dict[str, str]:
    """Where a column points to; a table names itself by an empty name."""
    file = column.refers_to or ""
    return {"resource": "" if file == table.file else _name(file), "fields": "id"}


def _name(file: str) -> str:
    return file.removesuffix(".csv")


if __name__ == "__main__":
    sys.stdout.write(datapackage_text(Path(sys.argv[1])))
