"""Where two outputs folders differ first: the file, and in it the cell, the row or the line."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.study.steps import RUN_LOG
from opdanalysis.text.words import Words

ORDER = (".csv", ".ipynb", ".md", ".tex", ".json", ".svg", ".html")
"""Endings by how well a difference can be read in such a file; the others come last."""

SHOWN = 60
"""Letters of what differs that a sentence shows."""


@dataclass(frozen=True)
class Difference:
    """The first file that differs, where in it, and what stands there in the one and the other."""

    file: str
    where: str
    one: str
    other: str


def first_difference(one: Path, other: Path, words: Words) -> Difference | None:
    """The first difference between two outputs folders, but for the log; None when there is none.

    Tables and notebooks come first, for there a difference can be read best.
    """
    files = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and path.name != RUN_LOG
    }
    for name in sorted(files, key=lambda name: (_rank(name), name)):
        present = [(folder / name).is_file() for folder in (one, other)]
        if not all(present):
            shown = [words("trust.there" if there else "trust.not_there") for there in present]
            return Difference(name, words("trust.whole_file"), *shown)
        if (one / name).read_bytes() != (other / name).read_bytes():
            return _inside(name, one / name, other / name, words)
    return None


def _rank(name: str) -> int:
    ending = Path(name).suffix
    return ORDER.index(ending) if ending in ORDER else len(ORDER)


def _inside(name: str, one: Path, other: Path, words: Words) -> Difference:
    """The first place in two files that differ."""
    try:
        if name.endswith(".csv"):
            return _in_table(name, one, other, words)
        if name.endswith(".ipynb"):
            return _in_notebook(name, one, other, words)
        lines = [path.read_text(encoding="utf-8").split("\n") for path in (one, other)]
    except (UnicodeDecodeError, ValueError, KeyError, csv.Error):
        sizes = [words("trust.bytes", count=path.stat().st_size) for path in (one, other)]
        return Difference(name, words("trust.whole_file"), *sizes)
    for number, (mine, yours) in enumerate(itertools.zip_longest(*lines, fillvalue=""), start=1):
        if mine != yours:
            return Difference(name, words("trust.line", line=number), *_around(mine, yours))
    raise AssertionError(f"{name} does not differ")


def _in_table(name: str, one: Path, other: Path, words: Words) -> Difference:
    """The first row and column of two tables that differ."""
    tables = []
    for path in (one, other):
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file)))
    header = tables[0][0] if tables[0] else []
    for row, (mine, yours) in enumerate(itertools.zip_longest(*tables, fillvalue=[]), start=1):
        for column, (a, b) in enumerate(itertools.zip_longest(mine, yours, fillvalue="")):
            if a != b:
                title = header[column] if column < len(header) else str(column + 1)
                where = words("trust.row", row=row, column=title)
                return Difference(name, where, *_around(a, b))
    return Difference(name, words("trust.whole_file"), words("trust.quoted"), words("trust.quoted"))


def _in_notebook(name: str, one: Path, other: Path, words: Words) -> Difference:
    """The first cell of two notebooks that differs."""
    mine, yours = (json.loads(path.read_text(encoding="utf-8")) for path in (one, other))
    pairs = itertools.zip_longest(mine["cells"], yours["cells"], fillvalue={})
    for number, (a, b) in enumerate(pairs, start=1):
        if a != b:
            key = next(key for key in sorted({*a, *b}) if a.get(key) != b.get(key))
            where = words("trust.cell", cell=number, id=a.get("id", b.get("id", "")), part=key)
            return Difference(name, where, *_around(_text(a.get(key)), _text(b.get(key))))
    return Difference(
        name, words("trust.metadata"), *_around(_text(_rest(mine)), _text(_rest(yours)))
    )


def _rest(notebook: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in notebook.items() if key != "cells"}


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def _around(one: str, other: str) -> tuple[str, str]:
    """The first place where two texts differ, with some letters around it."""
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    start = max(0, place - SHOWN // 3)
    cut = [text[start : start + SHOWN] for text in (one, other)]
    return cut[0], cut[1]
