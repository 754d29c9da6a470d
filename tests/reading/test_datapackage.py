"""The data package says what the reader checks, and Frictionless finds both packs valid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opdanalysis.reading.datapackage import datapackage, datapackage_text
from opdanalysis.reading.schema import TABLES

CITIES = Path(__file__).resolve().parents[2] / "data" / "cities"


def resource(package: dict, name: str) -> dict:
    return next(r for r in package["resources"] if r["name"] == name)


def field(package: dict, table: str, column: str) -> dict:
    return next(f for f in resource(package, table)["schema"]["fields"] if f["name"] == column)


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_the_file_is_what_the_tables_call_for(city):
    """If not: python -m opdanalysis.reading.datapackage data/cities/<city>, saved in its place."""
    folder = CITIES / city
    written = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert written == datapackage_text(folder)
    assert json.loads(written) == datapackage(folder)


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_every_table_of_the_folder_is_in_its_package(city):
    paths = {r["path"] for r in datapackage(CITIES / city)["resources"]}
    assert paths == {path.name for path in (CITIES / city).glob("*.csv")}
    assert paths <= set(TABLES)


def test_fields_say_type_limits_and_unit():
    package = datapackage(CITIES / "contoh")
    assert field(package, "agencies", "staff") == {
        "name": "staff",
        "type": "number",
        "description": "Employees with a desk at the office of an agency",
        "unit": "person",
        "constraints": {"required": True, "minimum": 0},
    }
    assert field(package, "steps", "citizen_present") == {
        "name": "citizen_present",
        "type": "boolean",
        "trueValues": ["yes"],
        "falseValues": ["no"],
        "constraints": {"required": True},
    }
    assert field(package, "placement", "floor") == {"name": "floor", "type": "integer"}
    assert field(package, "ties", "nature")["constraints"]["enum"] == ["duty", "informal"]


def test_keys_and_references_tie_the_tables_together():
    package = datapackage(CITIES / "contoh")
    assert resource(package, "steps")["schema"]["primaryKey"] == ["service", "order"]
    assert resource(package, "agencies")["schema"]["foreignKeys"] == [
        {"fields": "parent", "reference": {"resource": "", "fields": "id"}},
        {"fields": "kecamatan", "reference": {"resource": "kecamatan", "fields": "id"}},
    ]


def verdict(folder: Path) -> list[list[object]]:
    """What Frictionless finds: table, row and kind of each error."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    return sorted(
        [task.name, error.row_number, error.type] for task in report.tasks for error in task.errors
    )


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_frictionless_finds_the_pack_valid(city):
    assert verdict(CITIES / city) == []


def test_frictionless_finds_a_planted_fault(broken):
    broken.replace("placement.csv", "izin,jalan-melati-5", "izin,jalan-melatti-5")
    broken.replace("kecamatan.csv", "27000,33000,judgement", "27000,33000,guessed")
    assert verdict(broken.folder) == [
        ["kecamatan", 3, "constraint-error"],
        ["placement", 5, "foreign-key"],
    ]
