"""The columns of every table of a city, fixed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from opdanalysis.city.entities import SUPPLY_UNITS
from opdanalysis.plans.plan import FATES

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
ANY = "any"
FATES_FILE = "fates.csv"
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
    may_have_no_rows: bool = False

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns in the order of the file, each uncertain one with its four neighbours."""
        found: list[Column] = []
        for column in self.columns:
            found.append(column)
            if column.name in self.uncertain:
                found += [
                    replace(column, name=f"{column.name}_low"),
                    replace(column, name=f"{column.name}_high"),
                    replace(_evidence(f"{column.name}_evidence"), may_be_empty=column.may_be_empty),
                    Column(f"{column.name}_source", "sources", may_be_empty=column.may_be_empty),
                ]
        return tuple(found)


def _evidence(name: str) -> Column:
    return Column(name, "choice", choices=EVIDENCE)


def _id() -> Column:
    return Column("id", "id")


def _note() -> Column:
    return Column("note", "text", may_be_empty=True)


def _source() -> Column:
    return Column("source", "sources")


def _standard() -> tuple[Column, ...]:
    """Working days that a rule promises, on what the number rests and where it stands."""
    return (
        Column("standard_days", "number", "day", may_be_empty=True, low=0),
        replace(_evidence("standard_evidence"), may_be_empty=True),
        Column("standard_source", "sources", may_be_empty=True),
    )


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
                Column("land_value_rp_m2", "number", "Rp/m2", low=0),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={
                "population": "Residents of a kecamatan",
                "land_value_rp_m2": "Market value of land where the offices of a kecamatan stand",
            },
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
                *_standard(),
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
                Column("group", "text", may_be_empty=True),
                Column("share_at_group", "number", "1", may_be_empty=True, low=0, high=1),
                Column("parallel", "flag"),
                Column("may_be_delegated", "flag"),
                Column("counter_minutes", "number", "minute/case", may_be_empty=True, low=0),
                Column("touch_hours", "number", "hour/case", may_be_empty=True, low=0),
                _note(),
            ),
            key=("service", "order"),
            uncertain={
                "share_at_group": "Share of cases that the units of a group serve",
                "counter_minutes": "Minutes with a clerk in a step",
                "touch_hours": "Hours of desk work in a step",
            },
        ),
        Table(
            "journeys.csv",
            (
                _id(),
                Column("name", "text"),
                Column("name_en", "text"),
                Column("cases_per_year", "number", "case/year", low=0),
                *_standard(),
                _source(),
                _note(),
            ),
            key=("id",),
            uncertain={"cases_per_year": "People who go through a journey"},
            required=False,
        ),
        Table(
            "journey_services.csv",
            (
                Column("journey", "ref", refers_to="journeys.csv"),
                Column("order", "whole", low=1),
                Column("service", "ref", refers_to="services.csv"),
                _note(),
            ),
            key=("journey", "order"),
            required=False,
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
            FATES_FILE,
            (
                Column("order", "whole", low=1),
                _id(),
                Column("building", "ref", refers_to="buildings.csv", may_be_empty=True),
                Column("tenure", "choice", choices=(ANY, *TENURES)),
                Column("floor_area_from", "number", "m2", may_be_empty=True, low=0),
                Column("floor_area_to", "number", "m2", may_be_empty=True, low=0),
                Column("site_in_use", "choice", choices=(ANY, "yes", "no")),
                Column("fate", "choice", choices=FATES),
                Column("reason", "text"),
                Column("reason_en", "text"),
                _source(),
            ),
            key=("order",),
            required=False,
        ),
        Table(
            "supplies.csv",
            (
                Column("building", "ref", refers_to="buildings.csv"),
                Column("item", "choice", choices=tuple(SUPPLY_UNITS)),
                Column("amount", "number", low=0),
                _source(),
                _note(),
            ),
            key=("building", "item"),
            uncertain={"amount": "What a building is known to have"},
            required=False,
            may_have_no_rows=True,
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
