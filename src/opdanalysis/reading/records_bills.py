"""Bills of buildings by month, checked against the city."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems
from opdanalysis.evidence.bills import Bills
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import (
    Mapped,
    RecordColumn,
    check_ids,
    gathered,
    mapping_beside,
    note_rows,
    note_shapes,
    open_record,
    polars,
    read_mapping,
    unknown_names,
)

COLUMNS = (
    RecordColumn("building"),
    RecordColumn("month"),
    RecordColumn("line"),
    RecordColumn("rupiah"),
    RecordColumn("kwh", needed=False),
)


def city_buildings(city: City) -> pd.DataFrame:
    """Floor area, staff and tenants of each building in use today: what may explain its cost."""
    staff = np.array([agency.staff.value for agency in city.agencies])
    rows = [
        {
            "building": building.id,
            "floor_area_m2": building.floor_area_m2.value,
            "staff": sum(staff[city.agency_order[agency]] for agency in tenants),
            "tenants": len(tenants),
        }
        for building in city.buildings
        if (tenants := city.today.tenants(building.id)) and building.floor_area_m2 is not None
    ]
    return pd.DataFrame(rows)


def read_bills(path: str | Path, city: City, mapping: str | Path | None = None) -> Bills:
    """Bills with a row per building, month (2025-03 or 03/2025) and line.

    Several bills of one building, month and line are added. Raises DataProblems with every kind of
    fault, its count and first rows.
    """
    path = Path(path)
    faults = Faults()
    place = Path(mapping) if mapping else mapping_beside(path)
    mapped = read_mapping(place, "bills", COLUMNS, ("synthetic",), faults)
    check_ids(
        mapped, [building.id for building in city.buildings], place.name if place else "", "bills",
        faults,
    )  # fmt: skip
    record = open_record(path, mapped, COLUMNS, faults)
    if record is None:
        raise DataProblems(faults.found)
    read = gathered((_numbers(block, city, mapped) for block in record.blocks(faults)), faults)
    if read is None:
        if not faults.found:
            faults.add(path.name, None, None, "the file has a header and no row.")
        raise record.problems(faults)
    _note_faults(read, path.name, faults)
    if faults.found:
        raise record.problems(faults)
    table, has_kwh = pd.DataFrame(read.to_dict(as_series=False)), "kwh" in record
    table = table[table["id"] != ""]
    kept = pd.DataFrame(
        {
            "building": table["id"].astype(str),
            "year": table["year_number"].astype(int),
            "month": table["month_number"].astype(int),
            "line": table["line"].astype(str),
            "rupiah": table["rupiah_number"].astype(float),
            "kwh": table["kwh_number"].astype(float) if has_kwh else np.nan,
        }
    )
    by = ["building", "year", "month", "line"]
    kept = kept.groupby(by, as_index=False)[["rupiah", "kwh"]].sum(min_count=1)
    synthetic = bool(mapped.settings.get("synthetic", False)) or city.synthetic
    return Bills(kept, city_buildings(city), synthetic)


def _numbers(block: Any, city: City, mapped: Mapped) -> Any:
    """The block beside buildings as ids, months as numbers and amounts, of the columns it has."""
    pl = polars()
    ids = {b.id: b.id for b in city.buildings} | {b.name.lower(): b.id for b in city.buildings}
    ids |= {name.lower(): id or "" for name, id in mapped.ids.items()}
    added = []
    if "building" in block.columns:
        lower = pl.col("building").str.to_lowercase()
        added.append(
            lower.replace_strict(
                list(ids), list(ids.values()), default=None, return_dtype=pl.String
            ).alias("id")
        )
    if "month" in block.columns:
        iso, local = (
            pl.col("month").str.extract_groups(p)
            for p in (r"^(\d{4})-(\d{1,2})(?:-\d{1,2})?(?:[ T].*)?$", r"^(\d{1,2})/(\d{4})$")
        )
        added += [
            pl.coalesce(iso.struct[0], local.struct[1]).cast(pl.Int32).alias("year_number"),
            pl.coalesce(iso.struct[1], local.struct[0]).cast(pl.Int32).alias("month_number"),
        ]
    added += [
        _number(pl.col(name)).alias(f"{name}_number")
        for name in ("rupiah", "kwh")
        if name in block.columns
    ]
    return block.with_columns(added)


def _number(text: Any) -> Any:
    """An expression: Rp 1.234.567,50 or 1234567.50 as a number, null where it is neither."""
    pl = polars()
    bare = text.str.replace_all(r"(?i)^rp\.?\s*|\s", "")
    grouped = bare.str.contains(r"^-?\d{1,3}(\.\d{3})+(,\d+)?$|^-?\d+,\d+$")
    swapped = bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    plain = pl.when(bare.str.contains(r"^-?\d+(\.\d+)?$")).then(bare)
    return pl.when(grouped).then(swapped).otherwise(plain).cast(pl.Float64, strict=False)


def _note_faults(read: Any, file: str, faults: Faults) -> None:
    pl = polars()
    if "building" in read.columns:
        wrong = read.filter(pl.col("id").is_null())
        note_rows(
            faults, file, "building", wrong["row"].to_numpy(),
            unknown_names(wrong["building"], "not a building of the city"),
            "Give its id in columns.yaml (null leaves it out).",
        )  # fmt: skip
    if "month" in read.columns:
        month = pl.col("month_number")
        wrong = read.filter(month.is_null() | ~month.is_between(1, 12))
        note_shapes(
            wrong, "month", "'{}' is not a month", "Write 2025-03 or 03/2025.", file, faults
        )
    if "line" in read.columns:
        wrong = read.filter(pl.col("line").is_null())
        note_rows(
            faults, file, "line", wrong["row"].to_numpy(), "the line is missing",
            "Name it, such as electricity.",
        )  # fmt: skip
    for name, hint, needed in (("rupiah", "1234567", True), ("kwh", "1234.5", False)):
        if name not in read.columns:
            continue
        wrong = read.filter(
            pl.col(f"{name}_number").is_null() & (pl.lit(needed) | pl.col(name).is_not_null())
        )
        note_shapes(wrong, name, "'{}' is not an amount", f"Write {hint}.", file, faults)
        below = read.filter(pl.col(f"{name}_number") < 0)
        note_rows(
            faults, file, name, below["row"].to_numpy(), "the amount is below zero",
            "Book refunds in their own month.",
        )  # fmt: skip
