"""What stands in for the empty cells of a city, as a list to read and as a frame to keep."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from opdanalysis.reading.fallbacks import Fallback
from opdanalysis.reading.tables import NUMBER
from opdanalysis.study.terminal import drawn
from opdanalysis.text.words import Words

NAMED = 3
"""Rows that a line names before it only counts the others."""

DECIMALS = 6
"""Decimals of a number in the list at most; zeros at the end are left out."""


def fallbacks_frame(fallbacks: Sequence[Fallback]) -> pd.DataFrame:
    """One row per cell: file, row, column, value, low and high end, reason."""
    rows = [
        (one.file, row, one.column, one.value, one.low, one.high, one.reason["en"])
        for one in fallbacks
        for row in one.rows
    ]
    return pd.DataFrame(rows, columns=["file", "row", "column", "value", "low", "high", "reason"])


def fallbacks_said(fallbacks: Sequence[Fallback], words: Words) -> str:
    """How many cells were empty, and one line per table, column and reason."""
    ordered = sorted(fallbacks, key=_kind)
    kinds = [list(found) for _, found in groupby(ordered, key=_kind)]
    count = words.number(sum(len(one.rows) for one in fallbacks))
    head = [words(f"new_city.{key}") for key in ("file", "column", "rows", "value", "reason")]
    lines = [
        (
            found[0].file,
            found[0].column,
            _rows(found, words),
            _values(found, words),
            words.of(found[0].reason),
        )
        for found in kinds
    ]
    return f"{words('new_city.fallbacks', count=count, kinds=len(kinds))}\n{drawn(head, lines)}"


def _kind(one: Fallback) -> tuple[str, str, str]:
    return one.file, one.column, one.reason["en"]


def _rows(found: Sequence[Fallback], words: Words) -> str:
    names = [row for one in found for row in one.rows]
    named = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return named
    return words("new_city.more", names=named, count=words.number(len(names) - NAMED))


def _values(found: Sequence[Fallback], words: Words) -> str:
    """The value with its range; of several values the smallest and the largest."""
    said = list(dict.fromkeys(_value(one, words) for one in found))
    if len(said) == 1:
        return said[0]
    if not all(NUMBER.fullmatch(one.value) for one in found):
        return "; ".join(said[:NAMED]) + ("; ..." if len(said) > NAMED else "")
    ends = sorted(found, key=lambda one: float(one.value))
    low, high = (_value(one, words) for one in (ends[0], ends[-1]))
    return words("new_city.several", low=low, high=high)


def _value(one: Fallback, words: Words) -> str:
    if not NUMBER.fullmatch(one.value):
        return one.value
    if not one.low:
        return _number(one.value, words)
    return f"{_number(one.value, words)} ({_number(one.low, words)} – {_number(one.high, words)})"


def _number(text: str, words: Words) -> str:
    decimals = text.partition(".")[2].rstrip("0")
    return words.number(float(text), min(len(decimals), DECIMALS))
