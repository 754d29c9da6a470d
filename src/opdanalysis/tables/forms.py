"""A table as a page, a CSV file, LaTeX and Markdown: numbers as the reader writes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.text.words import Words

POINTS = ("p05", "p50", "p95")
PERCENT = 0.01
LONG = 30
"""Rows from which a LaTeX table runs over pages."""


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


def written(frame: pd.DataFrame, words: Words) -> dict[str, str]:
    """A table as "csv", "tex" and "md".

    The CSV has decimal points and six significant digits. In LaTeX (packages array, booktabs and
    longtable) and in Markdown the numbers are written as in the language.
    """
    digits = _digits(frame)
    shown = pd.DataFrame({name: _shown(frame[name], digits.get(name, 0), words) for name in frame})
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
    tex = shown.to_latex(
        index=False,
        escape=True,
        longtable=len(shown) > LONG,
        column_format=_widths(shown, numeric),
    )
    sides = ["right" if number else "left" for number in numeric]
    md = shown.to_markdown(
        index=False, disable_numparse=True, colalign=sides if len(shown) else None
    )
    return {
        "csv": frame.to_csv(index=False, float_format="%.6g", lineterminator="\n"),
        "tex": tex.replace("Continued on next page", words("table.continued")),
        "md": f"{md}\n",
    }


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


def _widths(shown: pd.DataFrame, numeric: Sequence[bool]) -> str:
    """Columns for LaTeX: numbers to the right, long texts and long headers in a paragraph."""
    found = ""
    for name, number in zip(shown.columns, numeric, strict=True):
        longest = max((len(str(entry)) for entry in shown[name]), default=0)
        if number:
            found += "r" if len(name) <= 12 else r">{\raggedleft\arraybackslash}p{2cm}"
        else:
            found += "l" if longest <= 40 else "p{5cm}"
    return found
