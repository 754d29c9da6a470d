"""A notebook as it stands in the repository: its cells, its parameters, its language."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.text.words import LANGUAGES

PARAMETERS_TAG = "parameters"


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook, its code and the parameters that it declares."""

    path: Path
    declared: Mapping[str, Any]
    code: str

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.path.stem


def read_notebook(path: Path) -> SourceNotebook:
    """A notebook with its code and its declared parameters.

    Raises UsageError when the file is not there, is no notebook, or has no tagged cell.
    """
    if not path.is_file():
        known = [found.stem for found in path.parent.glob("*.ipynb")]
        raise UsageError(f"notebook '{path.stem}' was not found. {did_you_mean(path.stem, known)}")
    # Read as plain JSON, for the library of notebooks takes longer to import than all else here.
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in code]
        tagged = [
            source
            for cell, source in zip(code, sources, strict=True)
            if PARAMETERS_TAG in cell["metadata"].get("tags", [])
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path.name} is not a notebook: {_first_line(error)}. Save it as .ipynb, format 4."
        ) from error
    if len(tagged) != 1:
        raise UsageError(
            f"{path.name} has {len(tagged)} cells with the tag '{PARAMETERS_TAG}'; one is needed."
        )
    return SourceNotebook(path, _assigned(tagged[0], path.name), "\n".join(sources))


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _assigned(source: str, name: str) -> dict[str, Any]:
    """The names and default values that a parameters cell assigns."""
    found = {}
    try:
        lines = ast.parse(source).body
    except SyntaxError as error:
        raise UsageError(
            f"{name}: the cell of parameters cannot be read: {_first_line(error)}."
        ) from error
    for line in lines:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                found[line.targets[0].id] = ast.literal_eval(line.value)
            except ValueError as error:
                raise UsageError(
                    f"{name}: the default of '{line.targets[0].id}' is not a plain value."
                ) from error
    return found


def check_parameters(notebooks: list[SourceNotebook], given: Mapping[str, Any]) -> None:
    """Refuse a parameter that no notebook declares, or whose kind is not that of its default."""
    declared = {name: value for notebook in notebooks for name, value in notebook.declared.items()}
    for name, value in given.items():
        if name not in declared:
            raise UsageError(
                f"no notebook of this study declares the parameter '{name}'. "
                f"{did_you_mean(name, declared)}"
            )
        default = declared[name]
        same = isinstance(value, type(default)) or (
            isinstance(default, float) and isinstance(value, int)
        )
        if isinstance(value, bool) and not isinstance(default, bool):
            same = False  # to Python, true is also the whole number 1
        if default is not None and not same:
            raise UsageError(
                f"parameter '{name}' is {value!r}, but a notebook expects "
                f"{type(default).__name__}, such as {default!r}."
            )


def in_language(content: Any, lang: str) -> Any:
    """The notebook with the cells of one language and those of all languages."""
    chosen = copy.deepcopy(content)
    others = [other for other in LANGUAGES if other != lang]
    chosen.cells = [c for c in chosen.cells if not any(o in tags(c) for o in others)]
    return chosen


def tags(cell: Any) -> list[str]:
    """The tags of a cell."""
    return list(cell.metadata.get("tags", []))
