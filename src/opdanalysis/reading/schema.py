"""The columns of every table of a city, fixed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnKind = Literal["id", "text", "number", "whole", "flag", "choice", "ref", "refs", "sources"]

EVIDENCE = ("measured", "official", "reported", "literature", "derived", "judgement")
AGENCY_KINDS = (
    "sekretariat",
    "inspektorat",
    "dinas",
    "badan",
    "satuan",
    "kecamatan",
    "uptd",
    "counter",
    "partner",
)
FIELDS = (
    "oversight",
    "infrastructure",
    "order",
    "social",
    "economy",
    "culture",
    "revenue",
    "territory",
    "registry",
)
TENURES = ("owned", "rented", "serviced")
STATUSES = ("standing", "planned")
LAYERS = ("oversight", "field", "territory")
NATURES = ("duty", "informal")


@dataclass(frozen=True)
class Column:
    """One column: what its cells hold, whether a cell may be empty, and its limits."""

    name: str
    kind: ColumnKind
    unit: str | None = None
    choices: tuple[str, ...] = ()
    refers_to: str | None = None
    may_be_empty: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One CSV file: its columns in order, what identifies a row, what is uncertain."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    uncertain: Mapping[str, str] = field(default_factory=dict)
    required: bool = True

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns in the order of the file, each uncertain one with its four neighbours."""
        found: list[Column] = []
        for column in self.columns:
            found.append(column)
            if column.name in self.uncertain:
                found += [
                    Column(f"{column.name}_low", "number", column.unit, low=column.low),
                    Column(f"{column.name}_high", "number", column.unit, low=column.low),
                    Column(f"{column.name}_evidence", "choice", choices=EVIDENCE),
                    Column(f"{column.name}_source", "sources"),
                ]
        return tuple(found)


def _id() -> Column:
    return Column("id", "id")


def _note() -> Column:
    return Column("note", "text", may_be_empty=True)


def _source() -> Column:
    return Column("source", "sources")


def _lat() -> Column:
    return Column("lat", "number", low=-90, high=90)


def _lon() -> Column:
    return Column("lon", "number", low=-180, high=180)


TABLES: Mapping[str, Table] = {
    table.file: table
    for table in (
        Table(
            "kecamatan.csv",
            (
                _id(),
                Column("code", "text", may_be_empty=True),
                Column("name", "text"),
                _lat(),
                _lon(),
                Column("area_km2", "number", "km2", low=0),
                Column("population", "number", "person", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={"population": "Residents of a kecamatan"},
        ),
        Table(
            "kelurahan.csv",
            (
                _id(),
                Column("name", "text"),
                Column("kecamatan", "ref", refers_to="kecamatan.csv"),
                _lat(),
                _lon(),
                Column("area_km2", "number", "km2", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
        ),
        Table(
            "agencies.csv",
            (
                _id(),
                Column("name", "text"),
                Column("name_en", "text"),
                Column("kind", "choice", choices=AGENCY_KINDS),
                Column("parent", "ref", refers_to="agencies.csv", may_be_empty=True),
                Column("group", "text", may_be_empty=True),
                Column("kecamatan", "ref", refers_to="kecamatan.csv", may_be_empty=True),
                Column("fields", "refs", choices=FIELDS, may_be_empty=True),
                Column("public_facing", "flag"),
                Column("staff", "number", "person", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={"staff": "Employees with a desk at the office of an agency"},
        ),
        Table(
            "buildings.csv",
            (
                _id(),
                Column("name", "text"),
                Column("name_en", "text"),
                Column("site", "text"),
                Column("kecamatan", "ref", refers_to="kecamatan.csv"),
                Column("address", "text", may_be_empty=True),
                _lat(),
                _lon(),
                Column("position_error_m", "number", "m", low=0),
                Column("position_basis", "text"),
                Column("floors", "whole", "floor", low=1),
                Column("tenure", "choice", choices=TENURES),
                Column("status", "choice", choices=STATUSES),
                Column("floor_area_m2", "number", "m2", low=0),
                Column("land_area_m2", "number", "m2", low=0),
                Column("guard_posts", "number", "post", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={
                "floor_area_m2": "Gross floor area of a building",
                "land_area_m2": "Land on which a building stands",
                "guard_posts": "Guard posts of a building, in posts manned day and night",
            },
        ),
        Table(
            "placement.csv",
            (
                Column("agency", "ref", refers_to="agencies.csv"),
                Column("building", "ref", refers_to="buildings.csv"),
                Column("floor", "whole", may_be_empty=True),
                Column("evidence", "choice", choices=EVIDENCE),
                _source(),
                _note(),
            ),
            key=("agency",),
        ),
        Table(
            "services.csv",
            (
                _id(),
                Column("name", "text"),
                Column("name_en", "text"),
                Column("cases_per_year", "number", "case/year", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={"cases_per_year": "Cases of a service"},
        ),
        Table(
            "steps.csv",
            (
                Column("service", "ref", refers_to="services.csv"),
                Column("order", "whole", low=1),
                Column("agency", "ref", refers_to="agencies.csv"),
                Column("citizen_present", "flag"),
                _note(),
            ),
            key=("service", "order"),
        ),
        Table(
            "ties.csv",
            (
                Column("from_agency", "ref", refers_to="agencies.csv"),
                Column("to_agency", "ref", refers_to="agencies.csv"),
                Column("layer", "choice", choices=LAYERS),
                Column("nature", "choice", choices=NATURES),
                Column("contacts_per_year", "number", "contact/year", low=0),
                _note(),
            ),
            key=("from_agency", "to_agency", "layer"),
            uncertain={"contacts_per_year": "Contacts of one agency with another"},
        ),
        Table(
            "anchors.csv",
            (
                _id(),
                Column("description", "text"),
                Column("value", "number"),
                Column("value_low", "number"),
                Column("value_high", "number"),
                Column("unit", "text"),
                Column("evidence", "choice", choices=EVIDENCE),
                _source(),
                _note(),
            ),
            key=("id",),
            required=False,
        ),
        Table(
            "events.csv",
            (
                _id(),
                Column("date", "text"),
                Column("what", "text"),
                Column("who", "text", may_be_empty=True),
                Column("moved_from", "text", may_be_empty=True),
                Column("moved_to", "text", may_be_empty=True),
                Column("confidence", "text"),
                _source(),
            ),
            key=("id",),
            required=False,
        ),
        Table(
            "conflicts.csv",
            (
                _id(),
                Column("topic", "text"),
                Column("statement_a", "text"),
                Column("source_a", "sources"),
                Column("statement_b", "text"),
                Column("source_b", "sources"),
                Column("treatment", "text"),
            ),
            key=("id",),
            required=False,
        ),
        Table(
            "facts.csv",
            (
                _id(),
                Column("topic", "choice", choices=("service", "budget", "travel")),
                Column("subject", "text"),
                Column("agency", "text", may_be_empty=True),
                Column("metric", "text", may_be_empty=True),
                Column("value", "text", may_be_empty=True),
                Column("unit", "text", may_be_empty=True),
                Column("period", "text", may_be_empty=True),
                Column("confidence", "text"),
                Column("source", "sources", may_be_empty=True),
                _note(),
            ),
            key=("id",),
            required=False,
        ),
        Table(
            "river.csv",
            (
                Column("order", "whole", low=1),
                _lat(),
                _lon(),
                Column("evidence", "choice", choices=EVIDENCE),
                _source(),
                _note(),
            ),
            key=("order",),
            required=False,
        ),
        Table(
            "bridges.csv",
            (
                _id(),
                Column("name", "text"),
                _lat(),
                _lon(),
                Column("position_error_m", "number", "m", low=0),
                Column("evidence", "choice", choices=EVIDENCE),
                _source(),
                _note(),
            ),
            key=("id",),
            required=False,
        ),
    )
}
