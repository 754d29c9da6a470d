"""Sheets of inputs back to the files of a city: tables, plans, beliefs and sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from opdanalysis.parameters.distribution import Distribution
from opdanalysis.reading.input_sheets import columns_of
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.tables import NUMBER

Cells = Mapping[str, str]
"""One row of a sheet: texts by column."""


def table_text(file: str, rows: Iterable[Cells]) -> str:
    """The CSV file of a table."""
    names = [column.name for column in TABLES[file].all_columns]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue()


def yaml_text(content: Any) -> str:
    """A YAML file that reads the same in either kind of line."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def belief_entry(row: Cells, description: str = "") -> dict[str, Any]:
    """One belief as the files of parameters and scenarios have it; empty cells are left out."""
    spread: dict[str, Any] = {"kind": row["distribution"]}
    fields = Distribution.FIELDS.get(row["distribution"], ())
    for column, field in zip(columns_of(row["distribution"]), fields, strict=True):
        spread[field] = number_in(row[column])
    entry = {
        "description": description or None,
        "value": number_in(row["value"]),
        "unit": row["unit"] or None,
        "price_year": number_in(row["price_year"]),
        "distribution": spread,
        "evidence": row["evidence"] or None,
        "source": _listed(row["source"]) or None,
        "reason": row["reason"] or None,
        "as_of": row["as_of"] or None,
        "role": row.get("role") or None,
        "verify": True if row.get("verify") == "yes" else row.get("verify") or None,
    }
    return {key: value for key, value in entry.items() if value is not None}


def plan_entry(
    plan: Cells, moves: Iterable[Cells], levers: Iterable[Cells], fates: Iterable[Cells]
) -> dict[str, Any]:
    """One plan as its file has it, from the rows of four sheets that belong to it."""
    return {
        "id": plan["id"],
        "name": _words(plan, "name"),
        "date": plan["date"] or None,
        "status": plan["status"] or None,
        "proposed_by": _words(plan, "proposed_by"),
        "source": _listed(plan["source"]),
        "note": _words(plan, "note") or {},
        "clusters": _clusters(moves),
        "levers": {row["lever"]: number_in(row["value"]) for row in levers},
        "fates": {row["building"]: row["fate"] for row in fates},
    }


def source_entry(row: Cells) -> dict[str, Any]:
    """One source as the file of sources has it."""
    names = ("title", "publisher", "date", "address", "read_on")
    entry: dict[str, Any] = {name: row[name] or None for name in names}
    return {**entry, "note": row["note"]} if row["note"] else entry


def _clusters(moves: Iterable[Cells]) -> list[dict[str, Any]]:
    """The clusters in the order of their first move."""
    found: dict[str, dict[str, Any]] = {}
    for row in moves:
        cluster = found.setdefault(
            row["cluster"],
            {"id": row["cluster"], "name": _words(row, "cluster_name"), "moves": []},
        )
        if row["date"]:
            cluster["date"] = row["date"]
        move = {name: _listed(row[name]) for name in ("agencies", "groups", "kecamatan")}
        if any(move.values()) or row["to"]:
            filled = {name: ids for name, ids in move.items() if ids}
            cluster["moves"].append({**filled, "to": row["to"]})
    return list(found.values())


def _words(row: Cells, name: str) -> dict[str, str] | None:
    """A text in both languages; one that stands in one language only serves for both."""
    own, english = row[name], row[f"{name}_en"]
    return {"id": own or english, "en": english or own} if own or english else None


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def number_in(text: str) -> Any:
    """The number that a text says, None for an empty one; anything else stays, to be refused."""
    if not NUMBER.fullmatch(text):
        return text or None
    number = float(text)
    return int(number) if number == int(number) and "e" not in text.lower() else number
