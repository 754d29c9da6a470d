"""A study of what an edited workbook says: a copy of the city's folder with the changes in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from opdanalysis.errors import DataProblems
from opdanalysis.reading.everything import problems
from opdanalysis.reading.places import city_folder
from opdanalysis.reading.sheets_to_files import yaml_text
from opdanalysis.reading.studies import StudyFile, notebook_path, study_reference
from opdanalysis.reading.workbook_changes import EditedInputs, read_edited_inputs
from opdanalysis.reading.workbook_comparison import Change
from opdanalysis.study.kept import WORKBOOKS, cache_folder, file_hash, hashes_below
from opdanalysis.text.words import Words

CHANGES = "workbook_changes"
"""The table of what a workbook changed."""


@dataclass(frozen=True)
class WorkbookStudy:
    """A study as a workbook has it: its settings, how notebooks name it, and what changed.

    `record` is what the record of the study says of the workbook.
    """

    file: StudyFile
    reference: str
    changes: tuple[Change, ...]
    same_data: bool
    record: Mapping[str, Any]


def study_with_workbook(file: StudyFile, reference: str, workbook: Path) -> WorkbookStudy:
    """The study of a city as an edited workbook has it.

    The changed copy of the city lies in the cache under a key of its content, so that notebooks
    in other processes read the same and equal changes are computed once. A workbook without a
    change is the study itself. Raises UsageError, and DataProblems with every fault at once, each
    with sheet, row and column.
    """
    words = Words(file.lang)
    folder = city_folder(file.city)
    edited = read_edited_inputs(workbook, folder, words)
    record = {
        "file": workbook.name,
        "sha256": file_hash(workbook),
        "changes": len(edited.changes),
        "same_data": edited.same_data,
    }
    if edited.changes:
        place = _place(file, folder, edited)
        _check(edited, place / folder.name)
        reference = study_reference(place / f"{file.id}.yaml")
        file = replace(
            file,
            city=str(place / folder.name),
            folder=place,
            title=_title(file),
            notebooks=tuple(_notebooks(file)),
        )
    elif edited.in_workbook([]):
        raise DataProblems(edited.in_workbook([]))
    return WorkbookStudy(file, reference, edited.changes, edited.same_data, record)


def changes_table(changes: tuple[Change, ...], words: Words) -> pd.DataFrame:
    """One row per changed cell: sheet, row, whose it is, what it was and is, its evidence."""
    rows = [
        (
            change.sheet,
            "" if change.row is None else str(change.row),
            " · ".join(filter(None, (change.key, change.column))),
            change.was,
            change.now,
            words(f"evidence.{change.evidence}") if change.evidence else "",
        )
        for change in changes
    ]
    keys = ("where", "row", "what", "was", "now")
    header = [*(words(f"workbook.{key}") for key in keys), words("table.evidence")]
    return pd.DataFrame(rows, columns=header)


def _check(edited: EditedInputs, folder: Path) -> None:
    found = edited.in_workbook(problems(folder))
    if found:
        raise DataProblems(found)


def _title(file: StudyFile) -> dict[str, str]:
    return {lang: Words(lang)("workbook.with", title=title) for lang, title in file.title.items()}


def _notebooks(file: StudyFile) -> list[str]:
    """The notebooks by names that hold from any folder."""
    return [
        str(notebook_path(file, name).resolve()) if name.endswith(".ipynb") else name
        for name in file.notebooks
    ]


def _place(file: StudyFile, folder: Path, edited: EditedInputs) -> Path:
    """The folder with the changed copy of the city and the file of its study, made when missing."""
    about = yaml_text(
        {
            "city": folder.name,
            "title": _title(file),
            "plans": list(file.plans),
            "scenarios": list(file.scenarios),
            "draws": file.draws,
            "seed": file.seed,
            "lang": file.lang,
            "notebooks": _notebooks(file),
            "index_draws": file.index_draws,
        }
    )
    parts = [hashes_below(folder), dict(edited.files), about]
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    place = cache_folder() / WORKBOOKS / key
    if (place / f"{file.id}.yaml").is_file():
        os.utime(place)  # what is used stays longest
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
        try:
            _write(made / folder.name, folder, edited.files)
            _write_text(made / f"{file.id}.yaml", about)
            if not place.exists():
                os.replace(made, place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return place


def _write(target: Path, folder: Path, files: Mapping[str, str | None]) -> None:
    """Copy a city's folder and put the changed files into the copy."""
    shutil.copytree(folder, target)
    for name, text in files.items():
        if text is None:
            (target / name).unlink()
        else:
            (target / name).parent.mkdir(exist_ok=True)
            _write_text(target / name, text)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
