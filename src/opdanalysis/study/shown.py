"""What an executed notebook shows, cell by cell: its figures, its tables and its sentences."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "opdanalysis"
"""The key under which an output of an executed notebook tells what it shows."""

FIGURE, TABLE, SAID = "figure", "table", "said"


@dataclass(frozen=True)
class Shown:
    """One figure, table or sentence that a cell shows.

    `cell` is the number that the executed notebook gives the cell, `cell_id` its id in the source,
    `heading` the nearest heading above. `text` is what a sentence says, and empty otherwise.
    """

    kind: str
    name: str
    notebook: str
    cell: int
    cell_id: str
    heading: str
    text: str


def shown_in_file(path: Path) -> list[Shown]:
    """What the executed notebook of a file shows. Raises ValueError when it is no notebook."""
    try:
        return shown_in(path.stem, json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is not a notebook") from error


def shown_in(notebook: str, content: Mapping[str, Any]) -> list[Shown]:
    """What an executed notebook shows, in the order of its cells."""
    found: list[Shown] = []
    heading = ""
    for cell in content["cells"]:
        source = _joined(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = [line for line in source.splitlines() if line.startswith("#")]
            heading = headings[-1].lstrip("#").strip() if headings else heading
        if cell["cell_type"] != "code":
            continue
        for output in cell["outputs"]:
            for form, about in output.get("metadata", {}).items():
                mark = about.get(MARK) if isinstance(about, Mapping) else None
                if mark is None:
                    continue
                kind = next(iter(mark))
                name = _called(source, cell["id"]) if kind == SAID else mark[kind]
                text = _joined(output["data"][form]) if kind == SAID else ""
                number = cell["execution_count"]
                found.append(Shown(kind, name, notebook, number, cell["id"], heading, text))
    return found


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _called(source: str, otherwise: str) -> str:
    """What the last line of a cell calls, such as "say_fit"; it names the sentence."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return otherwise
    call = last.value if isinstance(last, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else otherwise
