"""A panel of records: one row per unit and month, with the outcome and when the unit moved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_frame import OPTIONAL, REQUIRED, panel_from_frame
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import (
    Mapped,
    RecordColumn,
    check_ids,
    gathered,
    mapping_beside,
    note_rows,
    open_record,
    polars,
    read_mapping,
    unknown_names,
)

COLUMNS = (*map(RecordColumn, REQUIRED), *(RecordColumn(name, needed=False) for name in OPTIONAL))
SETTINGS = ("outcome", "units", "synthetic")
KINDS = ("agencies", "buildings", "other")
"""What the units may be; others, such as services, are not looked up in the city."""

LEFT_OUT = "\0"


def read_panel(path: str | Path, city: City, mapping: str | Path | None = None) -> Panel:
    """The panel of a record in the columns of `panel_from_frame`.

    `columns.yaml` beside it may say, under `panel`, which of its columns is which of ours, the
    `ids` of units that are called otherwise there (null leaves out), what the `outcome` is called,
    that the `units` are buildings or something other than agencies, and that it is `synthetic`. A
    decimal comma is read as a point. Raises DataProblems with every kind of fault, its count and
    first rows.
    """
    pl = polars()
    path = Path(path)
    faults = Faults()
    place = Path(mapping) if mapping else mapping_beside(path)
    mapped = read_mapping(place, "panel", COLUMNS, SETTINGS, faults)
    named = _names(city, mapped, place.name if place else path.name, faults)
    record = open_record(path, mapped, COLUMNS, faults)
    if record is None:
        raise DataProblems(faults.found)
    pointed = [
        pl.col(name).str.replace(",", ".", literal=True)
        for name in ("outcome", "share_moved")
        if name in record
    ]
    read = gathered((block.with_columns(pointed) for block in record.blocks(faults)), faults)
    if read is None:
        if not faults.found:
            faults.add(path.name, None, None, "the file has a header and no row.")
        raise record.problems(faults)
    table = pd.DataFrame(read.to_dict(as_series=False))
    if named is not None and "unit" in record:
        _note_strangers(read, named, path.name, faults)
        lower = table["unit"].fillna("").str.lower()
        table["unit"] = lower.map(named).fillna(table["unit"])
    buildings = _buildings(city)
    for column in ("moved_to", "announced_to"):
        if column in record:
            table[column] = table[column].str.lower().map(buildings).fillna(table[column])
            _note_spellings(table, column, path.name, faults)
    if "unit" in record:
        table = table[table["unit"] != LEFT_OUT]
    lost = {column for column in REQUIRED if column not in record}
    outcome = str(mapped.settings.get("outcome", mapped.columns.get("outcome", "outcome")))
    synthetic = bool(mapped.settings.get("synthetic", False))
    try:
        panel = panel_from_frame(table.drop(columns="row"), outcome, path.name, synthetic)
    except DataProblems as told:
        faults.found += [p for p in told.problems if p.row is not None or p.column not in lost]
    if faults.found:
        raise record.problems(faults)
    return panel


def _names(city: City, mapped: Mapped, file: str, faults: Faults) -> Mapping[str, str] | None:
    """Ids of units by each name in small letters; None where units are not looked up."""
    kind = mapped.settings.get("units", "agencies")
    if kind not in KINDS:
        words = f"'{kind}' is not a kind of unit. {did_you_mean(str(kind), KINDS)}"
        faults.add(file, None, "panel.units", words)
        return None
    if kind == "other":
        return None
    known: dict[str, str] = {}
    if kind == "buildings":
        known = dict(_buildings(city))
    else:
        for agency in city.agencies:
            for name in (agency.id, agency.name, agency.name_en):
                if name:
                    known.setdefault(name.strip().lower(), agency.id)
    check_ids(mapped, sorted(set(known.values())), file, "panel", faults)
    return known | {
        name.strip().lower(): LEFT_OUT if id is None else id for name, id in mapped.ids.items()
    }


def _buildings(city: City) -> Mapping[str, str]:
    """Ids of the buildings of a city by id and name in small letters."""
    by_name = {building.name.lower(): building.id for building in city.buildings}
    return by_name | {building.id.lower(): building.id for building in city.buildings}


def _note_strangers(read: Any, named: Mapping[str, str], file: str, faults: Faults) -> None:
    """Note units that the city does not have."""
    pl = polars()
    unit = pl.col("unit")
    wrong = read.filter(unit.is_not_null() & ~unit.str.to_lowercase().is_in(list(named)))
    note_rows(
        faults, file, "unit", wrong["row"].to_numpy(),
        unknown_names(wrong["unit"], "not in the city"),
        "Give ids in columns.yaml (null leaves out), or write units: other.",
    )  # fmt: skip


def _note_spellings(table: pd.DataFrame, column: str, file: str, faults: Faults) -> None:
    """Note buildings that differ in capitals or spaces only: they would count as two moves."""
    known = table.dropna(subset=[column])
    same = known[column].str.lower().str.replace(r"[\s_-]+", "", regex=True)
    for _, rows in known.groupby(same):
        names = sorted(rows[column].unique())
        if len(names) > 1:
            words = " and ".join(f"'{name}'" for name in names[:3])
            first = int(rows["row"].min())
            faults.add(file, first, column, f"{words} seem to be one building; write it alike.")
