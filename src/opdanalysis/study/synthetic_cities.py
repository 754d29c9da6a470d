"""Folders of invented regencies, to try and to time a sweep over a whole country."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from opdanalysis.errors import UsageError
from opdanalysis.reading.places import CITY_FILE, SOURCES_FILE
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.schema import TABLES
from opdanalysis.study.synthetic_agencies import PERMITS, REGISTRY, SECRETARIAT
from opdanalysis.study.synthetic_cells import COUNTER, INVENTED, UNITS, Row, Tables
from opdanalysis.study.synthetic_tables import ANNEX, HEAD, MALL, NEW, synthetic_tables

FEWEST, MOST = 20, 60
"""Agencies of the smallest and the largest invented regency."""

HIGHEST = 9_999
"""How many can be invented at once: their numbers have four digits."""

AS_OF = "2025-07-01"

DESCRIPTION = {
    "id": "REKAAN. Kabupaten ini tidak ada; semua angka, dinas, gedung, dan rencananya diundi.",
    "en": "INVENTED. There is no such regency; its numbers, agencies, buildings and plans are drawn"
    " by lot.",
}


def write_synthetic_cities(folder: Path, count: int, seed: int) -> list[Path]:
    """Write so many invented regencies, each a folder that reads as a city; their folders.

    A regency depends on its number and the seed only, not on how many there are. Raises UsageError
    when the count or the seed cannot be, or a folder of that name exists already.
    """
    if not 1 <= count <= HIGHEST:
        raise UsageError(f"cities is {count}; 1 to {HIGHEST} can be invented.")
    if seed < 0:
        raise UsageError(f"seed is {seed}; 0 or a larger whole number is needed.")
    folders = [folder / f"rekaan-{number:04d}" for number in range(1, count + 1)]
    there = [place.name for place in folders if place.exists()]
    if there:
        raise UsageError(
            f"{folder} has a folder '{there[0]}' already. Name a folder that is empty or new."
        )
    for number, place in enumerate(folders, start=1):
        write_synthetic_city(place, number, seed)
    return folders


def write_synthetic_city(folder: Path, number: int, seed: int) -> None:
    """Write one invented regency with its tables, its source and its eight plans."""
    rng = np.random.default_rng([seed, number])
    # Many are small and few are large, as regencies are.
    agencies = FEWEST + int((MOST - FEWEST + 1) * rng.beta(1.6, 2.2))
    tables = synthetic_tables(number, agencies, rng)
    (folder / PLANS_FOLDER).mkdir(parents=True)
    _write_yaml(folder / SOURCES_FILE, _sources())
    for file, rows in tables.items():
        _write_table(folder / file, rows)
    for plan in synthetic_plans(tables):
        _write_yaml(folder / PLANS_FOLDER / f"{plan['id']}.yaml", plan)
    _write_yaml(folder / CITY_FILE, _about(number, tables))


def _about(number: int, tables: Tables) -> dict[str, Any]:
    centre = tables["kecamatan.csv"][0]
    return {
        "id": f"rekaan-{number:04d}",
        "name": {
            "id": f"Kabupaten Rekaan {number:04d}",
            "en": f"Invented Regency {number:04d}",
        },
        "as_of": AS_OF,
        "centre": {"lat": centre["lat"], "lon": centre["lon"]},
        "synthetic": True,
        "description": DESCRIPTION,
        "sources": [INVENTED],
    }


def _sources() -> dict[str, Any]:
    return {
        INVENTED: {
            "title": "Invented by lot, to try the program",
            "publisher": "opdanalysis authors",
            "date": 2026,
            "address": None,
            "read_on": "2026-11",
            "note": "not a real regency",
        }
    }


def synthetic_plans(tables: Tables) -> list[dict[str, Any]]:
    """Eight plans of an invented regency; nobody proposed any of them."""
    agencies = tables["agencies.csv"]
    head = [row for row in agencies if row["kind"] not in ("kecamatan", "uptd", "counter")]
    seat = {row["agency"]: row["building"] for row in tables["placement.csv"]}
    tenure = {row["id"]: row["tenure"] for row in tables["buildings.csv"]}
    everyone = [row["id"] for row in head]
    small = [row["id"] for row in sorted(head, key=lambda row: row["staff"])[: len(head) // 2]]
    open_to_all = [row["id"] for row in head if row["public_facing"] == "yes"]
    tenants = [id for id in everyone if tenure[seat[id]] == "rented"] or [PERMITS]
    half = [id for id in everyone if id != SECRETARIAT]
    units = {"groups": [UNITS], "to": "kecamatan-office"}
    letters = {"electronic_letters_share": 0.9, "delegated_authority_share": 0.6}
    return [
        _plan("surat", "Surat elektronik", "Electronic letters", [], letters),
        _plan("sewa", "Akhir sewa", "End of renting", [_to(HEAD, tenants)]),
        _plan("kecil", "Dinas kecil berkumpul", "Small agencies together", [_to(HEAD, small)]),
        _plan("kompleks", "Satu kompleks", "One complex",
              [_to(HEAD, half[::2]), _to(ANNEX, half[1::2])] if ANNEX in tenure
              else [_to(HEAD, half)]),
        _plan("gedung-baru", "Gedung baru", "A new building",
              [_to(NEW, [*everyone, COUNTER])]),
        _plan("loket", "Loket di plaza", "Counters in the mall",
              [_to(MALL, [id for id in open_to_all if id != REGISTRY] or [PERMITS])]),
        _plan("unit", "Unit ke kecamatan", "Units to the districts", [units]),
        _plan("gabungan", "Sewa, unit, dan surat", "Renting, units and letters",
              [_to(HEAD, tenants), units], letters),
    ]  # fmt: skip


def _to(building: str, agencies: Sequence[str]) -> dict[str, Any]:
    return {"agencies": list(agencies), "to": building}


def _plan(
    id: str,
    name: str,
    name_en: str,
    moves: Sequence[Mapping[str, Any]],
    levers: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    clusters = [
        {
            "id": "A",
            "name": {"id": f"{name} (rekaan)", "en": f"{name_en} (invented)"},
            "moves": [dict(move) for move in moves],
        }
    ]
    return {
        "id": id,
        "name": {"id": f"{name} (rekaan)", "en": f"{name_en} (invented)"},
        "date": AS_OF,
        "status": "rival",
        "proposed_by": None,
        "source": [INVENTED],
        "note": {"id": "Rencana rekaan.", "en": "An invented plan."},
        "clusters": clusters if moves else [],
        "levers": dict(levers or {}),
        "fates": {},
    }


def _write_table(path: Path, rows: Sequence[Row]) -> None:
    names = [column.name for column in TABLES[path.name].all_columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _cell(row[name]) for name in names if name in row})


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else value


def _write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")
