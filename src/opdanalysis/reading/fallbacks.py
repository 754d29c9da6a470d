"""Cells that a city leaves empty, filled by national judgements, and the list of all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from opdanalysis.reading.fallback_rules import (
    ANY,
    NATIONAL,
    FallbackRules,
    Reason,
    read_fallback_rules,
)
from opdanalysis.reading.fallback_ties import tie_rows
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import CITY_FILE, SOURCES_FILE
from opdanalysis.reading.schema import TABLES, Table
from opdanalysis.reading.tables import NUMBER, table_lines
from opdanalysis.reading.workbook import number_text
from opdanalysis.reading.yaml_files import read_yaml

FORM = "city-form"
"""The source of what the city wrote without saying from where."""

JUDGEMENT = "judgement"

MADE_UP = ("kelurahan.csv", "ties.csv")
"""The tables whose rows can be made up from others."""

Cells = dict[str, str]


@dataclass(frozen=True)
class Fallback:
    """Cells of one column that were empty and hold the same now: whose they are, and why this.

    `low` and `high` are empty for a word and for a number that is no estimate.
    """

    file: str
    column: str
    rows: tuple[str, ...]
    value: str
    low: str
    high: str
    reason: Reason


@dataclass
class Filled:
    """The tables of a city with no cell empty that could be filled; empty without fallbacks."""

    lines: dict[str, list[list[str]]] = field(default_factory=dict)
    used: tuple[Fallback, ...] = ()


def filled_tables(folder: Path, faults: Faults) -> Filled:
    """The tables of a city that allows fallbacks, filled; faults are noted.

    A city does so by `fallbacks: yes` in city.yaml. Columns may then be missing, and so may the
    tables of kelurahan and ties.
    """
    about = read_yaml(folder / CITY_FILE, Faults())
    if not isinstance(about, Mapping) or about.get("fallbacks") is not True:
        return Filled()
    before = len(faults.found)
    rules = read_fallback_rules(faults)
    if len(faults.found) > before:
        return Filled()
    return _Filling(folder, rules, faults).filled()


class _Filling:
    """The tables of one city while they are filled, each row a mapping of columns to texts."""

    def __init__(self, folder: Path, rules: FallbackRules, faults: Faults) -> None:
        self.rules = rules
        self.header: dict[str, list[str]] = {}
        self.rows: dict[str, list[Cells]] = {}
        self.odd: dict[str, list[list[str]]] = {}
        self.used: dict[tuple[str, str, str, str, str], list[tuple[Reason, list[str]]]] = {}
        sources = (
            read_yaml(folder / SOURCES_FILE, Faults()) if (folder / SOURCES_FILE).is_file() else {}
        )
        self.own_source = FORM if FORM in (sources or {}) else NATIONAL
        for file, table in TABLES.items():
            self._take(file, table, table_lines(folder, _may_be_missing(table), faults))

    def _take(self, file: str, table: Table, lines: Sequence[Sequence[str]]) -> None:
        expected = [column.name for column in table.all_columns]
        given = [name.strip() for name in lines[0]] if lines else []
        self.header[file] = [*given, *(name for name in expected if name not in given)]
        self.rows[file] = []
        for line in lines[1:]:
            if len(line) != len(given):
                self.odd.setdefault(file, []).append(list(line))  # the reader says what is wrong
                continue
            cells = {name: cell.strip() for name, cell in zip(given, line, strict=True)}
            self.rows[file].append({name: cells.get(name, "") for name in self.header[file]})

    def filled(self) -> Filled:
        """Fill table by table, what others need first."""
        self._fill_names()
        for file in ("agencies.csv", "kecamatan.csv"):
            self._fill_numbers(file)
        self._fill_kelurahan()
        self._fill_places()
        self._fill_plain()
        for file in ("buildings.csv", "services.csv"):
            self._fill_numbers(file)
        self._fill_steps()
        self._fill_facing()
        for file in ("steps.csv", "journeys.csv"):
            self._fill_numbers(file)
        self._fill_ties()
        for file in TABLES:
            self._fill_sources(file)
        lines = {
            file: self._lines(file)
            if self.rows[file]
            or self.odd.get(file)
            or (TABLES[file].required and file not in MADE_UP)
            else []
            for file in TABLES
        }
        used = tuple(
            Fallback(file, column, tuple(rows), value, low, high, reason)
            for (file, column, value, low, high), found in self.used.items()
            for reason, rows in found
        )
        return Filled(lines, used)

    def _lines(self, file: str) -> list[list[str]]:
        rows = [[row[name] for name in self.header[file]] for row in self.rows[file]]
        return [self.header[file], *rows, *self.odd.get(file, [])]

    def _note(
        self, file: str, column: str, row: Cells, amount: tuple[str, str, str], reason: Reason
    ) -> None:
        low, value, high = amount
        found = self.used.setdefault((file, column, value, low, high), [])
        name = " / ".join(row[part] for part in TABLES[file].key)
        if not found or found[-1][0] != reason:
            found.append((reason, []))
        found[-1][1].append(name)

    def _put(self, file: str, row: Cells, column: str, text: str, reason: Reason) -> None:
        """A text into an empty cell, with a note."""
        if not row[column] and text:
            row[column] = text
            self._note(file, column, row, ("", text, ""), reason)

    def _fill_names(self) -> None:
        for file in self.rows:
            for row in self.rows[file]:
                if "name_en" in row and not row["name_en"]:
                    row["name_en"] = row["name"]
                if "site" in row and not row["site"]:
                    row["site"] = row["id"]

    def _fill_numbers(self, file: str) -> None:
        """The uncertain columns: the rule in an empty cell, a range where only that is missing."""
        for row in self.rows[file]:
            for column in TABLES[file].uncertain:
                if not row[column]:
                    self._estimate(file, row, column)
                elif not any(row[f"{column}_{end}"] for end in ("low", "high")):
                    self._range(file, row, column)
                if row[column]:
                    row[f"{column}_evidence"] = (
                        row[f"{column}_evidence"] or self.rules.given_evidence
                    )
                    own = row.get("source") or self.own_source
                    row[f"{column}_source"] = row[f"{column}_source"] or own

    def _estimate(self, file: str, row: Cells, column: str) -> None:
        rules = self.rules.columns[file].get(column)
        if rules is None:
            return
        word = self._word(rules.by, row) if rules.by else ANY
        rule = rules.rules.get(word)
        quantity = self._quantity(rule.of, row) if rule is not None else None
        if rule is None or quantity is None:
            return
        low, value, high = (_said(number) for number in rule.amount(quantity))
        amount = (low, value, high)
        for name, text in zip((f"{column}_low", column, f"{column}_high"), amount, strict=True):
            row[name] = text
        row[f"{column}_evidence"], row[f"{column}_source"] = JUDGEMENT, NATIONAL
        self._note(file, column, row, amount, rules.reason)

    def _range(self, file: str, row: Cells, column: str) -> None:
        if not NUMBER.fullmatch(row[column]) or float(row[column]) <= 0:
            row[f"{column}_low"] = row[f"{column}_high"] = row[column]
            return
        low, _, high = self.rules.given.amount(float(row[column]))
        limit = next(c.high for c in TABLES[file].columns if c.name == column)
        high = min(high, (limit + float(row[column])) / 2) if limit is not None else high
        row[f"{column}_low"], row[f"{column}_high"] = _said(low), _said(high)
        amount = (row[f"{column}_low"], row[column], row[f"{column}_high"])
        self._note(file, column, row, amount, self.rules.given_reason)

    def _word(self, by: str, row: Cells) -> str:
        """The word that chooses a rule: of a column, or one that follows from other tables."""
        if by == "in_use":
            return "yes" if self._quantity("staff_inside", row) else "no"
        if by == "has_group":
            return "yes" if row["group"] else "no"
        return row[by]

    def _quantity(self, of: str, row: Cells) -> float | None:
        """The quantity that a rule multiplies, or None where it is not known."""
        if not of:
            return 0.0
        if of == "staff_inside":
            inside = {p["agency"] for p in self.rows["placement.csv"] if p["building"] == row["id"]}
            return sum(_float(a["staff"]) for a in self.rows["agencies.csv"] if a["id"] in inside)
        if of == "rarest_service":
            links = [
                x["service"] for x in self.rows["journey_services.csv"] if x["journey"] == row["id"]
            ]
            cases = [
                _float(s["cases_per_year"]) for s in self.rows["services.csv"] if s["id"] in links
            ]
            return min(cases, default=None)
        return _float(row[of]) if row[of] else None

    def _fill_kelurahan(self) -> None:
        """One kelurahan for each kecamatan where the city names none."""
        if self.rows["kelurahan.csv"] or self.odd.get("kelurahan.csv"):
            return
        reason = self.rules.made["kelurahan"]
        for kecamatan in self.rows["kecamatan.csv"]:
            row = dict.fromkeys(self.header["kelurahan.csv"], "")
            row |= {name: kecamatan[name] for name in ("name", "lat", "lon", "area_km2", "source")}
            row |= {"id": f"{kecamatan['id']}-1", "kecamatan": kecamatan["id"]}
            self.rows["kelurahan.csv"].append(row)
            self._note("kelurahan.csv", "id", row, ("", kecamatan["name"], ""), reason)

    def _fill_facing(self) -> None:
        """Citizens come to an agency that has a step with the citizen present."""
        faced = {s["agency"] for s in self.rows["steps.csv"] if s["citizen_present"] == "yes"}
        groups = {s["group"] for s in self.rows["steps.csv"] if s["group"]}
        reason = self.rules.made["public_facing"]
        for row in self.rows["agencies.csv"]:
            comes = row["id"] in faced or row["group"] in groups
            self._put("agencies.csv", row, "public_facing", "yes" if comes else "no", reason)

    def _fill_places(self) -> None:
        """A building without a point stands at the centre of its kecamatan."""
        centres = {k["id"]: k for k in self.rows["kecamatan.csv"]}
        reason = self.rules.made["place"]
        for row in self.rows["buildings.csv"]:
            centre = centres.get(row["kecamatan"])
            if row["lat"] or row["lon"] or centre is None:
                continue
            radius = math.sqrt(_float(centre["area_km2"]) / math.pi) * 1000
            row["position_basis"] = row["position_basis"] or "kecamatan"
            for column, text in (
                ("lat", centre["lat"]),
                ("lon", centre["lon"]),
                ("position_error_m", _said(radius)),
            ):
                self._put("buildings.csv", row, column, text, reason)

    def _fill_steps(self) -> None:
        """The citizen is present in the first step of a service, unless the city says otherwise."""
        reason = self.rules.made["citizen_present"]
        for row in self.rows["steps.csv"]:
            first = "yes" if row["order"] == "1" else "no"
            self._put("steps.csv", row, "citizen_present", first, reason)

    def _fill_plain(self) -> None:
        for file, columns in self.rules.plain.items():
            for row in self.rows[file]:
                for column, plain in columns.items():
                    self._put(file, row, column, plain.value, plain.reason)

    def _fill_ties(self) -> None:
        rows = self.rows["ties.csv"]
        if not rows and not self.odd.get("ties.csv"):
            rule = self.rules.columns["ties.csv"]["contacts_per_year"]
            rows += tie_rows(self.rows["agencies.csv"], rule, self.rules.ties)
            for row in rows:
                low, value, high = (row[f"contacts_per_year{end}"] for end in ("_low", "", "_high"))
                amount = (low, value, high)
                self._note("ties.csv", "contacts_per_year", row, amount, self.rules.ties.reason)
        self._fill_numbers("ties.csv")

    def _fill_sources(self, file: str) -> None:
        """What the city wrote without a source comes from its form, promised times too."""
        for row in self.rows[file]:
            if "source" in row:
                row["source"] = row["source"] or self.own_source
            if row.get("standard_days"):
                row["standard_evidence"] = row["standard_evidence"] or self.rules.given_evidence
                row["standard_source"] = row["standard_source"] or self.own_source


def _may_be_missing(table: Table) -> Table:
    """The table as one that need not be there, where its rows can be made up."""
    return replace(table, required=table.required and table.file not in MADE_UP)


def _float(text: Any) -> float:
    return float(text) if NUMBER.fullmatch(str(text)) else 0.0


def _said(number: float) -> str:
    """A number with at most four digits that count, as a table writes it."""
    return number_text(float(f"{number:.4g}"))
