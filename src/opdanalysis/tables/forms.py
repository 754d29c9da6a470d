"""A table as a page, a CSV file, LaTeX and Markdown: numbers as the reader writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opdanalysis.tables.latex import latex
from opdanalysis.text.words import Words

POINTS = ("p05", "p50", "p95")
PERCENT = 0.01


def readable(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The table as texts for a page: numbers as in the language, each range in one column.

    Three columns "x: 5%", "x: median" and "x: 95%" become one, "x: median (5% – 95%)".
    """
    digits = _digits(frame)
    points = [words(f"table.{point}") for point in POINTS]
    low, middle, high = points
    found: dict[str, list[str]] = {}
    for name in frame:
        stem, _, point = str(name).rpartition(": ")
        if point not in points:
            found[name] = _shown(frame[name], digits.get(name, 0), words)
        elif point == middle:
            ends = (_shown(frame[f"{stem}: {end}"], digits[name], words) for end in (low, high))
            centre = _shown(frame[name], digits[name], words)
            header = f"{stem}: {middle} ({low} – {high})"
            found[header] = [
                f"{m} ({a} – {b})" if a != b else m for m, a, b in zip(centre, *ends, strict=True)
            ]
    return pd.DataFrame(found)


@dataclass(frozen=True)
class About:
    """What stands around a printed table: its name, by which it is cited, its caption and notes."""

    name: str
    caption: str
    notes: tuple[str, ...]


def written(frame: pd.DataFrame, words: Words, about: About | None = None) -> dict[str, str]:
    """A table as "csv", "tex" and "md".

    The CSV has decimal points and six significant digits. In LaTeX (see `tables.latex`) and in
    Markdown the numbers are written as in the language, with caption and notes when `about` is
    given.
    """
    digits = _digits(frame)
    shown = pd.DataFrame({name: _shown(frame[name], digits.get(name, 0), words) for name in frame})
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
    found = about or About("", "", ())
    sides = ["right" if number else "left" for number in numeric]
    md = shown.to_markdown(
        index=False, disable_numparse=True, colalign=sides if len(shown) else None
    )
    return {
        "csv": frame.to_csv(index=False, float_format="%.6g", lineterminator="\n"),
        "tex": latex(
            [str(name) for name in shown],
            shown.to_numpy().tolist(),
            numeric,
            [words(f"table.{point}") for point in POINTS],
            found.caption,
            found.name.replace("_", "-"),
            _with_word(found.notes, words),
            words("table.continued"),
        ),
        "md": _around(f"{md}\n", found, words),
    }


def _with_word(notes: Sequence[str], words: Words) -> list[str]:
    """The notes as one paragraph, the first word of which says what they are."""
    return [f"{words('table_note.word')}: {' '.join(notes)}"] if notes else []


def _around(md: str, about: About, words: Words) -> str:
    """A Markdown table with its caption above and its notes below."""
    above = f"**{words('table_note.table')}: {about.caption}**\n\n" if about.caption else ""
    below = "".join(f"\n*{note}*\n" for note in _with_word(about.notes, words))
    return f"{above}{md}{below}"


def _digits(frame: pd.DataFrame) -> dict[str, int]:
    """Decimals of each column of floats; the points of one range, "x: 5%" and so on, share them."""
    found: dict[str, int] = {}
    floats = [name for name in frame if pd.api.types.is_float_dtype(frame[name])]
    for name in floats:
        alike = [other for other in floats if other.split(": ")[0] == name.split(": ")[0]]
        largest = float(np.nanmax(frame[alike].abs().to_numpy(), initial=0))
        found[name] = 0 if largest >= 1000 else 1 if largest >= 10 else 2 if largest >= 1 else 3
    return found


def _shown(column: pd.Series, digits: int, words: Words) -> list[str]:
    """The entries of a column as a reader sees them, all with the same decimals."""
    if pd.api.types.is_numeric_dtype(column):
        return ["" if pd.isna(number) else words.number(number, digits) for number in column]
    return ["" if pd.isna(entry) else str(entry) for entry in column]
