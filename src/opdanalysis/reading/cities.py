"""A folder of tables to a city; every fault of the folder is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opdanalysis.city.city import City
from opdanalysis.city.entities import (
    Agency,
    Bridge,
    Building,
    Kecamatan,
    Kelurahan,
    Position,
    Supply,
    Tie,
)
from opdanalysis.city.placement import Placement
from opdanalysis.reading.emulators import counter_wait_from
from opdanalysis.reading.fates import check_fates, fate_rules_from
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.journeys import check_services, journeys_from, services_from
from opdanalysis.reading.places import CITY_FILE, data_folder
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.sources import Source, read_sources
from opdanalysis.reading.tables import Row, check_references, estimate_in, read_table
from opdanalysis.reading.yaml_files import read_fields


def city_sources(folder: Path, faults: Faults) -> dict[str, Source]:
    """The sources that the tables of a city may name."""
    return read_sources([data_folder(), folder], faults)


def city_from(
    folder: Path,
    sources: dict[str, Source],
    faults: Faults,
    filled: Mapping[str, list[list[str]]] | None = None,
) -> City | None:
    """The city of a folder, or None; faults are noted.

    `filled` are the lines of its tables where empty cells were filled.
    """
    lines = filled or {}
    before = len(faults.found)
    about = _about(folder, sources, faults)
    rows = {
        file: read_table(folder, table, faults, lines.get(file)) for file, table in TABLES.items()
    }
    ids = {file: {row["id"] for row in found if row["id"]} for file, found in rows.items()}
    for file, table in TABLES.items():
        check_references(rows[file], table, ids, sources, faults)
    _check_placement(rows, faults)
    _check_offices(rows, faults)
    check_services(rows, faults)
    _check_ties(rows, faults)
    check_fates(rows, faults)
    counter_wait = counter_wait_from(faults)
    if len(faults.found) > before or counter_wait is None:
        return None
    return City(
        **about,
        kecamatan=tuple(_kecamatan(row) for row in rows["kecamatan.csv"]),
        kelurahan=tuple(_kelurahan(row) for row in rows["kelurahan.csv"]),
        agencies=tuple(_agency(row) for row in rows["agencies.csv"]),
        buildings=tuple(_building(row) for row in rows["buildings.csv"]),
        services=services_from(rows),
        ties=tuple(_tie(row) for row in rows["ties.csv"]),
        journeys=journeys_from(rows),
        fate_rules=fate_rules_from(rows),
        today=Placement(
            {row["agency"]: row["building"] for row in rows["placement.csv"]},
            {row["agency"]: row["floor"] for row in rows["placement.csv"] if row["floor"]},
        ),
        counter_wait=counter_wait,
        river=tuple(
            _position(row) for row in sorted(rows["river.csv"], key=lambda row: row["order"])
        ),
        bridges=tuple(Bridge(r["id"], r["name"], _position(r)) for r in rows["bridges.csv"]),
        supplies=tuple(
            Supply(row["building"], row["item"], estimate_in(row, "amount"))
            for row in rows["supplies.csv"]
        ),
    )


def _about(folder: Path, sources: dict[str, Source], faults: Faults) -> dict[str, object]:
    fields = read_fields(folder / CITY_FILE, faults)
    name = fields.words("name")
    centre = fields.inner("centre")
    lat, lon = centre.number("lat"), centre.number("lon")
    centre.close()
    about = {
        "id": fields.text("id"),
        "name": name.get("id", ""),
        "name_en": name.get("en", ""),
        "as_of": fields.text("as_of"),
        "centre": Position(lat or 0.0, lon or 0.0),
        "synthetic": bool(fields.take("synthetic")),
        "description": fields.words("description"),
    }
    fields.known_sources("sources", sources)
    fields.take("fallbacks", False)
    fields.close()
    return about


def _check_placement(rows: dict[str, list[Row]], faults: Faults) -> None:
    if "placement.csv" in faults.lost:
        return
    placed = {row["agency"] for row in rows["placement.csv"]}
    for row in rows["agencies.csv"]:
        if row["id"] and row["id"] not in placed:
            faults.add(
                "placement.csv",
                None,
                "agency",
                f"agency '{row['id']}' has no place. Add a row with its building.",
            )


def _check_offices(rows: dict[str, list[Row]], faults: Faults) -> None:
    offices: dict[str, str] = {}
    for row in rows["agencies.csv"]:
        if row["kind"] != "kecamatan":
            continue
        if not row["kecamatan"]:
            faults.add("agencies.csv", row.number, "kecamatan", "a kecamatan office needs its own.")
        elif row["kecamatan"] in offices:
            faults.add(
                "agencies.csv",
                row.number,
                "kecamatan",
                f"'{offices[row['kecamatan']]}' is already the office of '{row['kecamatan']}'.",
            )
        else:
            offices[row["kecamatan"]] = row["id"]


def _check_ties(rows: dict[str, list[Row]], faults: Faults) -> None:
    for row in rows["ties.csv"]:
        if row["from_agency"] and row["from_agency"] == row["to_agency"]:
            faults.add(
                "ties.csv", row.number, "to_agency", f"'{row['to_agency']}' has a tie with itself."
            )


def _position(row: Row) -> Position:
    return Position(row["lat"], row["lon"], row["position_error_m"] or 0.0)


def _kecamatan(row: Row) -> Kecamatan:
    return Kecamatan(
        row["id"],
        row["name"],
        _position(row),
        row["area_km2"],
        estimate_in(row, "population"),
        estimate_in(row, "land_value_rp_m2"),
    )


def _kelurahan(row: Row) -> Kelurahan:
    return Kelurahan(row["id"], row["name"], row["kecamatan"], _position(row), row["area_km2"])


def _agency(row: Row) -> Agency:
    return Agency(
        id=row["id"],
        name=row["name"],
        name_en=row["name_en"],
        kind=row["kind"],
        staff=estimate_in(row, "staff"),
        parent=row["parent"],
        group=row["group"],
        kecamatan=row["kecamatan"],
        fields=row["fields"],
        public_facing=row["public_facing"],
        sources=row["source"],
        note=row["note"] or "",
    )


def _building(row: Row) -> Building:
    return Building(
        id=row["id"],
        name=row["name"],
        name_en=row["name_en"],
        site=row["site"],
        kecamatan=row["kecamatan"],
        position=_position(row),
        position_basis=row["position_basis"],
        floors=row["floors"],
        tenure=row["tenure"],
        status=row["status"],
        floor_area_m2=estimate_in(row, "floor_area_m2"),
        land_area_m2=estimate_in(row, "land_area_m2"),
        guard_posts=estimate_in(row, "guard_posts"),
        sources=row["source"],
        note=row["note"] or "",
    )


def _tie(row: Row) -> Tie:
    return Tie(
        row["from_agency"],
        row["to_agency"],
        row["layer"],
        row["nature"],
        estimate_in(row, "contacts_per_year"),
    )
