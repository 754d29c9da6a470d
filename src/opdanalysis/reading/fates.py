"""The decision table of vacated buildings: which rule says what becomes of which building."""

from __future__ import annotations

from opdanalysis.city.fate_rules import DEFAULT_RULES, FateRule
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.schema import ANY, FATES_FILE
from opdanalysis.reading.tables import Row

MAY_BE_EMPTY = ("building", "floor_area_from", "floor_area_to")
MAY_BE_ANY = ("tenure", "site_in_use")
"""The conditions, and how a cell says that it is none."""


def check_fates(rows: dict[str, list[Row]], faults: Faults) -> None:
    """Note a rule with an empty range of floor area, or that is never reached, and an open end."""
    if FATES_FILE in faults.lost or not rows[FATES_FILE]:
        return
    ordered = _ordered(rows[FATES_FILE])
    for row in ordered:
        least, limit = row["floor_area_from"], row["floor_area_to"]
        if least is not None and limit is not None and least >= limit:
            words = f"from {least:g} to {limit:g} m2 there is no building. Turn them round."
            faults.add(FATES_FILE, row.number, "floor_area_to", words)
    for row in ordered[:-1]:
        if _fits_all(row):
            words = f"rule '{row['id']}' fits every building, so no later rule is reached. "
            words += "Give it the last place in the order."
            faults.add(FATES_FILE, row.number, "order", words)
    if not _fits_all(ordered[-1]):
        words = f"the last rule, '{ordered[-1]['id']}', does not fit every building. "
        words += "Add one after it without any condition."
        faults.add(FATES_FILE, ordered[-1].number, "order", words)


def fate_rules_from(rows: dict[str, list[Row]]) -> tuple[FateRule, ...]:
    """The rules in their order; without a table those that hold by default."""
    if not rows[FATES_FILE]:
        return DEFAULT_RULES
    return tuple(
        FateRule(
            id=row["id"],
            fate=row["fate"],
            building=row["building"],
            tenure=None if row["tenure"] == ANY else row["tenure"],
            floor_area_from=row["floor_area_from"],
            floor_area_to=row["floor_area_to"],
            site_in_use=None if row["site_in_use"] == ANY else row["site_in_use"] == "yes",
            reason={"id": row["reason"], "en": row["reason_en"]},
            sources=row["source"],
        )
        for row in _ordered(rows[FATES_FILE])
    )


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["order"] or 0)


def _fits_all(row: Row) -> bool:
    return all(row[name] is None for name in MAY_BE_EMPTY) and all(
        row[name] == ANY for name in MAY_BE_ANY
    )
