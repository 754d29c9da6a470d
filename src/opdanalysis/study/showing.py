"""What a notebook shows, and the files that the study keeps of it."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import pandas as pd

DIGITS = "%.6g"
"""How numbers stand in the CSV files: six significant digits, with a decimal point."""


class ShownFigure:
    """A figure as a picture that looks the same in the notebook and in its file."""

    def __init__(self, png: bytes) -> None:
        self._png = png

    def _repr_png_(self) -> bytes:
        return self._png

    def __repr__(self) -> str:
        return "figure"


class ShownTable:
    """A table as a reader sees it, without an index of numbers."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def _repr_html_(self) -> str:
        return readable_html(self._table)

    def __repr__(self) -> str:
        return self._table.to_string(index=False)


class Said:
    """A sentence."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_markdown_(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self._text)}</p>"

    def __repr__(self) -> str:
        return self._text


def keep_figure(folder: Path | None, name: str, axes: Any, table: pd.DataFrame) -> ShownFigure:
    """The figure of some axes, kept as PNG, SVG and the CSV behind it when there is a folder."""
    import matplotlib.pyplot as plt

    figure = axes.get_figure()
    png = _saved(figure, "png")
    if folder is not None:
        place = folder / "figures"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.png").write_bytes(png)
        (place / f"{name}.svg").write_bytes(_saved(figure, "svg"))
        _write_text(place / f"{name}.csv", csv_text(table))
    plt.close(figure)
    return ShownFigure(png)


def keep_table(folder: Path | None, name: str, table: pd.DataFrame) -> ShownTable:
    """A table, kept as CSV, LaTeX and Markdown when there is a folder."""
    if folder is not None:
        place = folder / "tables"
        place.mkdir(parents=True, exist_ok=True)
        _write_text(place / f"{name}.csv", csv_text(table))
        _write_text(place / f"{name}.tex", latex_text(table))
        _write_text(place / f"{name}.md", table.to_markdown(index=False) + "\n")
    return ShownTable(table)


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV, with decimal points whatever the language."""
    return table.to_csv(index=False, float_format=DIGITS, lineterminator="\n")


def latex_text(table: pd.DataFrame) -> str:
    """A table as LaTeX with rules above, below and under the header (booktabs)."""
    return table.to_latex(index=False, escape=True, float_format=DIGITS.__mod__)


def readable_html(table: pd.DataFrame) -> str:
    """A table as HTML: text to the left, numbers to the right."""
    return table.to_html(index=False, border=0, classes="opd", float_format="{:,.4g}".format)


def _saved(figure: Any, kind: str) -> bytes:
    target = io.BytesIO()
    metadata = {"Software": None} if kind == "png" else {"Date": None}
    figure.savefig(target, format=kind, metadata=metadata)
    return target.getvalue()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
