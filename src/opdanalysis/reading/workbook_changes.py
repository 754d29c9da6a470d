"""What an edited workbook changes in a city's inputs: read, compared, and turned into files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opdanalysis.errors import DataProblems, Problem, UsageError
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import fingerprint, input_sheets
from opdanalysis.reading.workbook import filled_rows, read_workbook
from opdanalysis.reading.workbook_comparison import Change, EditedSheet, compared
from opdanalysis.reading.workbook_files import changed_files
from opdanalysis.reading.workbook_places import Places
from opdanalysis.text.words import LANGUAGES, Words


@dataclass(frozen=True)
class EditedInputs:
    """What a workbook says instead of a city's folder.

    `files` are the files that differ, by their path in the folder, None for one that goes away.
    `same_data` is False where the workbook was written from other data than those of the folder.
    """

    changes: tuple[Change, ...]
    files: Mapping[str, str | None]
    same_data: bool
    _places: Places

    def in_workbook(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the files as problems of the cells that they came from."""
        return self._places.in_workbook(problems)


def title_of(title: str) -> str | None:
    """The name of the input sheet that a title belongs to, in either language, or None."""
    for lang in LANGUAGES:
        start = f"{Words(lang)('workbook.input')} "
        if title.startswith(start):
            return title.removeprefix(start)
    return None


def read_edited_inputs(path: Path, folder: Path, words: Words) -> EditedInputs:
    """What a workbook changes in a city's folder.

    Raises UsageError when it is no workbook of a study, or when cells cannot be read: all at
    once, as DataProblems do.
    """
    faults = Faults()
    book = read_workbook(path, lambda title: title_of(title) is not None)
    titles = {title_of(title): title for title in book.sheets}
    if not titles:
        raise UsageError(
            f"{book.file} has no sheet of inputs. Take the study.xlsx that a study wrote, change "
            "it and save it under another name."
        )
    base = input_sheets(folder, Faults())
    edited: dict[str, EditedSheet] = {}
    places = Places(book, {}, {}, faults)
    for layout in base:
        title = titles.get(layout.name)
        if title is None:
            name = book.where(f"{words('workbook.input')} {layout.name}")
            faults.add(name, None, None, "the sheet is missing. Put it back.")
            continue
        rows = filled_rows(book, title, layout, faults)
        edited[layout.name] = compared(layout, rows, words)
        places.titles[layout.name] = title
    if faults.found and len(edited) < len(base):
        raise DataProblems(faults.found)
    same = book.mark in (None, fingerprint(base))
    for name in ("parameters", "scenarios", "sources"):
        if not same:
            edited[name].forgive_missing_rows()
        _check_rows(edited[name], book.where(titles[name]), faults)
    files = changed_files(edited, folder, words)
    places.edited.update(edited)
    changes = tuple(change for sheet in edited.values() for change in sheet.changes)
    return EditedInputs(changes, files, same, places)


def _check_rows(sheet: EditedSheet, where: str, faults: Faults) -> None:
    """Beliefs are neither added nor removed; a source that exists is not rewritten."""
    for change in sheet.changes:
        name = sheet.layout.name
        if name == "sources" and change.column is not None:
            words = f"source '{change.key}' is used elsewhere. Leave it, and add a row of your own."
            faults.add(where, change.row, change.column, words)
        elif change.column is None and change.row is None:
            words = f"the row of '{change.key}' is missing. Put it back; a row cannot be removed."
            faults.add(where, None, sheet.layout.key[0], words)
        elif change.column is None and name != "sources":
            words = f"'{change.key}' is new. Only rows that are there can be changed."
            faults.add(where, change.row, sheet.layout.key[0], words)
