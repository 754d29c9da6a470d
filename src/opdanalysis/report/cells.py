"""A table of a study as the cells of a page: words instead of codes, and what to sort by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from opdanalysis.tables.forms import POINTS, readable
from opdanalysis.text.words import Words

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOTEBOOK = re.compile(r"(\d{2})_\w+")


@dataclass(frozen=True)
class Cell:
    """What is read, what it is sorted by, and whether that is a number."""

    text: str
    sort: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table to be read; `name` is that of its file."""

    name: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(name: str, title: str, frame: pd.DataFrame, words: Words) -> Table:
    """A table as cells: ranges in one column, units, days and notebooks in words."""
    units, notebooks = words("table.unit"), words("table.notebook")
    points = [words(f"table.{point}") for point in POINTS]
    said = frame.copy()
    for column in said.columns:
        if pd.api.types.is_numeric_dtype(said[column]):
            if str(column).rpartition(": ")[2] in points:
                said[column] = said[column].astype(float)  # a range of whole numbers is one too
            continue
        texts = said[column].map(lambda text: text if isinstance(text, str) else "")
        if column == units:
            texts = texts.map(lambda unit: unit_in_words(unit, words))
        elif column == notebooks:
            texts = texts.map(lambda text: _NOTEBOOK.sub(r"\1", text))
        said[column] = texts.map(lambda text: day_in_words(text, words))
    shown = readable(said, words)
    numbers = {name: said[source] for name, source in _sources(said, shown, words)}
    rows = [
        tuple(
            _cell(str(text), numbers[column].iloc[place])
            for column, text in zip(shown.columns, row, strict=True)
        )
        for place, row in enumerate(shown.itertuples(index=False))
    ]
    return Table(name, title, tuple(map(str, shown.columns)), tuple(rows))


def unit_in_words(unit: str, words: Words) -> str:
    """A unit as a reader says it: Rp per m² per tahun. A pure number has none."""
    first, *per = unit.split("/")
    key = f"unit_part.{first}"
    if first != "Rp" and first != "1" and key not in words:
        return unit
    parts = [] if first == "1" else [first if first == "Rp" else words(key)]
    parts += [words("unit_part.per", part=words(f"unit_one.{part}")) for part in per]
    return " ".join(parts) or "–"


def day_in_words(text: str, words: Words) -> str:
    """A text in which a day such as 2025-11-10 alone is said in words."""
    return words.date(datetime.date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def _sources(said: pd.DataFrame, shown: pd.DataFrame, words: Words) -> Sequence[tuple[str, str]]:
    """Each shown column with the column that it is sorted by, the median of a range."""
    middle = words(f"table.{POINTS[1]}")
    pairs = []
    for column in shown.columns:
        stem = str(column).rpartition(": ")[0]
        pairs.append((column, column if column in said else f"{stem}: {middle}"))
    return pairs


def _cell(text: str, value: object) -> Cell:
    if isinstance(value, str):
        return Cell(text, text)
    empty = value is None or pd.isna(value)
    return Cell(text, "" if empty else f"{float(value):.6g}", number=True)  # type: ignore[arg-type]
