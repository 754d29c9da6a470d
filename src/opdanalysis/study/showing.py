"""What a notebook shows, and the files that the study keeps of it."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.pyplot import close

from opdanalysis.figures.style import SVG_METADATA, use_style
from opdanalysis.study.shown import FIGURE, MARK, SAID, TABLE
from opdanalysis.tables.forms import About, readable, written
from opdanalysis.text.words import Words

DIGITS = "%.6g"
"""How numbers stand behind a figure: six significant digits, with a decimal point."""


METADATA = {"svg": SVG_METADATA, "png": {"Software": None}}
"""What keeps days and versions out of the pictures."""


class ShownFigure:
    """A figure as a picture that looks the same in the notebook and in its file."""

    def __init__(self, png: bytes, name: str) -> None:
        self._png, self._name = png, name

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        return self._png, {MARK: {FIGURE: self._name}}

    def __repr__(self) -> str:
        return "figure"


class ShownTable:
    """A table as a reader sees it, without an index of numbers."""

    def __init__(self, table: pd.DataFrame, words: Words, name: str) -> None:
        self._shown, self._name = readable(table, words), name

    def _repr_html_(self) -> tuple[str, dict[str, Any]]:
        page = self._shown.to_html(index=False, border=0, classes="opd", justify="left")
        return page, {MARK: {TABLE: self._name}}

    def __repr__(self) -> str:
        return self._shown.to_string(index=False)


class Said:
    """Sentences; the study's file of values lists the numbers in them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_markdown_(self) -> tuple[str, dict[str, Any]]:
        return self._text, {MARK: {SAID: True}}

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self._text)}</p>"

    def __repr__(self) -> str:
        return self._text


def keep_figure(folder: Path | None, name: str, axes: Any, table: pd.DataFrame) -> ShownFigure:
    """The figure of some axes, kept as PNG, SVG and the CSV behind it when there is a folder."""
    figure = axes.get_figure()
    png = _saved(figure, "png")
    if folder is not None:
        place = folder / "figures"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.png").write_bytes(png)
        (place / f"{name}.svg").write_bytes(_saved(figure, "svg"))
        table_text = table.to_csv(index=False, float_format=DIGITS, lineterminator="\n")
        _write_text(place / f"{name}.csv", table_text)
    close(figure)
    return ShownFigure(png, name)


def keep_table(
    folder: Path | None, name: str, table: pd.DataFrame, words: Words, about: About | None = None
) -> ShownTable:
    """A table, kept as CSV, LaTeX and Markdown when there is a folder.

    `about` gives the last two a caption and notes.
    """
    if folder is not None:
        place = folder / "tables"
        place.mkdir(parents=True, exist_ok=True)
        for kind, text in written(table, words, about).items():
            _write_text(place / f"{name}.{kind}", text)
    return ShownTable(table, words, name)


def _saved(figure: Any, kind: str) -> bytes:
    target = io.BytesIO()
    with use_style():
        figure.savefig(target, format=kind, metadata=METADATA[kind])
    return target.getvalue()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
