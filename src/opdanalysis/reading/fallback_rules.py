"""The national judgements that stand in for cells which a city leaves empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import data_folder
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.yaml_files import Fields, read_fields

FALLBACKS_FILE = Path("parameters") / "fallbacks" / "city_tables.yaml"

NATIONAL = "judgement-national"
"""The source of every number that stands in for an empty cell."""

ANY = "any"
"""The word of a rule that holds whatever the row says."""

MADE = ("kelurahan", "public_facing", "citizen_present", "place")
"""What is made up from other tables, each with its reason."""

Reason = Mapping[str, str]
"""Why something stands in for an empty cell, by language."""


@dataclass(frozen=True)
class Rule:
    """An amount, `base + each * of`, and the factors from it to its low and high end."""

    base: float
    each: float
    of: str
    low: float
    high: float

    def amount(self, of: float = 0.0) -> tuple[float, float, float]:
        """Low end, value and high end, in the unit of the column."""
        value = self.base + self.each * of
        return self.low * value, value, self.high * value


@dataclass(frozen=True)
class ColumnRules:
    """The rules of one uncertain column, by the word of another, and why."""

    by: str
    rules: Mapping[str, Rule]
    reason: Reason


@dataclass(frozen=True)
class Plain:
    """What stands in a cell that holds no estimate, and why."""

    value: str
    reason: Reason


@dataclass(frozen=True)
class TieRules:
    """Which pairs of agencies are in contact where a city has no table of ties."""

    at_staff: float
    overseers: tuple[str, ...]
    overseen: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True)
class FallbackRules:
    """All rules: by table and column, for numbers without a range, for words, for ties.

    `made` are the reasons of what follows from other tables.
    """

    columns: Mapping[str, Mapping[str, ColumnRules]]
    given: Rule
    given_evidence: str
    given_reason: Reason
    plain: Mapping[str, Mapping[str, Plain]]
    ties: TieRules
    made: Mapping[str, Reason]


def read_fallback_rules(faults: Faults) -> FallbackRules:
    """The rules of the data folder; faults are noted."""
    fields = read_fields(data_folder() / FALLBACKS_FILE, faults)
    columns = {
        file: {
            name: _column(fields, file, name)
            for name in table.uncertain
            if _has(fields, file, name)
        }
        for file, table in TABLES.items()
    }
    given = fields.inner("given")
    ties = fields.inner("ties")
    plain = fields.mapping("plain")
    made = fields.inner("made")
    found = FallbackRules(
        columns,
        Rule(0.0, 1.0, "value", given.number("low") or 1.0, given.number("high") or 1.0),
        given.text("evidence") or "",
        given.words("reason"),
        {
            file: {name: _plain(fields, file, name, entry) for name, entry in rows.items()}
            for file, rows in plain.items()
        },
        TieRules(
            ties.number("at_staff") or 1.0,
            ties.listed("overseers"),
            ties.listed("overseen"),
            ties.words("reason"),
        ),
        {name: made.words(name) for name in MADE},
    )
    for part in (given, ties, made, fields):
        part.close()
    return found


def _has(fields: Fields, file: str, name: str) -> bool:
    return name in fields.mapping(file, {})


def _column(fields: Fields, file: str, name: str) -> ColumnRules:
    inner = Fields(fields.mapping(file)[name], fields.file, f"{file}.{name}", fields.faults)
    rules = inner.mapping("rules")
    found = ColumnRules(
        inner.text("by", "") or "",
        {str(word): _rule(rule, inner, str(word)) for word, rule in rules.items()},
        inner.words("reason"),
    )
    inner.close()
    return found


def _rule(entry: Any, outer: Fields, word: str) -> Rule:
    inner = Fields(entry, outer.file, f"{outer.where}.{word}", outer.faults)
    found = Rule(
        inner.number("base") or 0.0,
        inner.number("each", 0.0) or 0.0,
        inner.text("of", "") or "",
        inner.number("low") or 1.0,
        inner.number("high") or 1.0,
    )
    inner.close()
    return found


def _plain(fields: Fields, file: str, name: str, entry: Any) -> Plain:
    inner = Fields(entry, fields.file, f"plain.{file}.{name}", fields.faults)
    found = Plain(inner.text("value") or "", inner.words("reason"))
    inner.close()
    return found
