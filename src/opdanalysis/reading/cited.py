"""Which sources a data file rests on."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

SOURCE, SOURCES = "source", "sources"
"""The last word of the columns, and the keys, that name sources."""


def cited_in(path: Path, known: Collection[str]) -> list[str]:
    """The keys of the known sources that a data file (CSV or YAML) names, sorted.

    A file of another kind, or one that cannot be read, names none: what is wrong with it is for
    others to say.
    """
    named: set[str] = set()
    if path.suffix == ".csv":
        named = set(_in_columns(path))
    elif path.suffix == ".yaml":
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), loader)
        except (UnicodeDecodeError, yaml.YAMLError):
            content = None
        named = set(_in_keys(content))
    return sorted(named & set(known))


def _in_columns(path: Path) -> Iterator[str]:
    """Every key that stands in a column of sources; a table without such a column is not read."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        places = [n for n, name in enumerate(header) if name.rpartition("_")[2] == SOURCE]
        for row in rows if places else ():
            for place in places:
                if place < len(row):
                    yield from (key.strip() for key in row[place].split(";"))


def _in_keys(content: Any) -> Iterator[str]:
    """Every key of a source that a YAML file names, at any depth."""
    if isinstance(content, list):
        for entry in content:
            yield from _in_keys(entry)
    elif isinstance(content, dict):
        for key, entry in content.items():
            if key in (SOURCE, SOURCES):
                yield from map(str, entry if isinstance(entry, list) else [entry])
            else:
                yield from _in_keys(entry)
