"""The data dictionary, the parameters with what they rest on, the sources and the outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from markdown_text import code, number, plain, table

from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.reading.everything import Known, read_everything
from opdanalysis.reading.schema import TABLES, Column, Table
from opdanalysis.reading.sources import Source
from opdanalysis.text.words import Words

DATA = Path(__file__).resolve().parents[2] / "data"
CITIES = ("palembang", "contoh")
"""The cities whose sources are listed; the first gives the beliefs."""

KINDS = {
    "id": "id",
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "flag": "`yes` or `no`",
    "sources": "keys of `sources.yaml`",
}
"""What a cell holds, in words."""


COMMON = {
    "id": "short, never changes",
    "name": "official name",
    "name_en": "English rendering",
    "lat": "degrees north",
    "lon": "degrees east",
    "source": "where the row comes from",
    "note": "remarks",
}
"""What columns mean that many tables have."""


def dictionary() -> str:
    """The dictionary beside the data, without its title."""
    return (DATA / "README.md").read_text(encoding="utf-8").split("\n", 1)[1].strip()


def columns() -> str:
    """A section for each table of a city: its columns in the order of the file."""
    return "\n\n".join(_table(file) for file in TABLES.values())


def parameters() -> str:
    """A section for each topic: every parameter that holds for any city, with what it rests on."""
    known, words = _known(), Words("en")
    topics: dict[str, list[Parameter]] = {}
    for parameter in known.book.scalars:
        topics.setdefault(parameter.topic, []).append(parameter)
    return "\n\n".join(
        f"## {words(f'topic.{topic}')}\n\n" + "\n\n".join(_parameter(p) for p in topics[topic])
        for topic in sorted(topics)
    )


def scenarios() -> str:
    """Each scenario and the beliefs that it replaces."""
    parts = []
    for scenario in _known().scenarios.values():
        about = f"## {scenario.name['en']}\n\n`{scenario.id}`: {scenario.description['en']}"
        rows = [_belief(p) for p in scenario.beliefs.values()]
        head = ["parameter", "value", "5 to 95%", "unit", "evidence", "reason"]
        parts.append(f"{about}\n\n{table(head, rows)}" if rows else about)
    return "\n\n".join(parts)


def sources() -> str:
    """Every source by its key, with where it can be read or why it cannot."""
    found: dict[str, Source] = {}
    for city in CITIES:
        found |= read_everything(city).sources
    return "\n\n".join(_source(found[key]) for key in sorted(found))


def outcomes() -> str:
    """What a study reports: id, words in both languages, unit and the direction that is better."""
    english, indonesian = Words("en"), Words("id")
    rows = [
        (code(o.id), english(f"outcome.{o.id}"), indonesian(f"outcome.{o.id}"), o.unit, o.better)
        for o in OUTCOMES.values()
    ]
    return table(["outcome", "English", "Indonesian", "unit", "better"], rows)


@cache
def _known() -> Known:
    return read_everything(CITIES[0])


def _table(file: Table) -> str:
    meanings = _meanings(file.file)
    rows = [
        (code(c.name), _holds(c, file), c.unit or "", meanings.get(c.name, ""))
        for c in file.columns
    ]
    key = ", ".join(map(code, file.key))
    must = "A city needs it." if file.required else "A city may leave it out."
    uncertain = ", ".join(map(code, file.uncertain))
    ranges = f" Uncertain, so with four neighbours: {uncertain}." if uncertain else ""
    head = table(["column", "cells", "unit", "meaning"], rows)
    return f"## {file.file}\n\nOne row per {key}. {must}{ranges}\n\n{head}"


def _holds(column: Column, file: Table) -> str:
    held = KINDS.get(column.kind, "")
    if column.choices:
        held = ("some of " if column.kind == "refs" else "") + ", ".join(map(code, column.choices))
    elif column.refers_to:
        held = f"a key of {code(column.refers_to)}"
    limits = [
        f"{word} {number(limit)}"
        for word, limit in (("from", column.low), ("to", column.high))
        if limit is not None
    ]
    parts = [held, " ".join(limits), "may be empty" if column.may_be_empty else ""]
    return "; ".join(part for part in parts if part)


@cache
def _meanings(file: str) -> dict[str, str]:
    """The meaning of each column, as the dictionary's section on its table has it."""
    found = dict(COMMON)
    for section in re.split(r"^## ", dictionary(), flags=re.MULTILINE):
        if f"`{file}`" not in section.splitlines()[0]:
            continue
        for names, meaning in re.findall(r"^\| (`.+?) \|.*?\| ([^|]*) \|$", section, re.MULTILINE):
            for name in re.findall(r"`(\w+)`", names):
                said = meaning.removesuffix("may be empty").removesuffix("; ")
                found[name] = said or found[name]
    return found


def _parameter(p: Parameter) -> str:
    role = " A lever: a plan may set it." if p.role == "lever" else ""
    recalled = " Recalled, and not read again in its source." if p.verify else ""
    reason = f" {plain(p.reason).rstrip('.')}." if p.reason else ""
    price = f" In prices of {p.price_year}." if p.price_year else ""
    return (
        f"{code(p.name)}{{#{anchor(p.name)}}}\n: {plain(p.description)}.{role} {_amount(p)}."
        f"{price} **{p.evidence.capitalize()}**, {p.as_of}: {_cited(p.sources)}.{reason}{recalled}"
    )


def anchor(name: str) -> str:
    """The place of a parameter on its page."""
    return f"parameter-{name.replace('_', '-')}"


def _amount(p: Parameter) -> str:
    unit = "" if p.unit == "1" else f" {plain(p.unit)}"
    low, high = p.interval
    if low == high:
        return f"{number(p.value)}{unit}, without a range"
    return f"{number(p.value)}{unit} (5 to 95%: {number(low, 3)} to {number(high, 3)})"


def _belief(p: Parameter) -> tuple[str, ...]:
    low, high = p.interval
    limits = "" if low == high else f"{number(low, 3)} to {number(high, 3)}"
    return code(p.name), number(p.value), limits, plain(p.unit), p.evidence, plain(p.reason)


def _cited(keys: Iterable[str]) -> str:
    return ", ".join(f"[{key}](sources.md#source-{key})" for key in keys)


def _source(s: Source) -> str:
    where = f" <{s.address}>" if s.address else ""
    parts = [plain(s.title), plain(s.publisher), s.date or "no date", f"read {s.read_on}"]
    note = f" {plain(s.note).rstrip('.')}." if s.note else ""
    return f"{code(s.key)}{{#source-{s.key}}}\n: {', '.join(parts)}.{where}{note}"
