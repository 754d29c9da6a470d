"""A student's own copies of the lessons, in one language."""

from __future__ import annotations

from pathlib import Path

import nbformat

from opdanalysis.errors import OutputsError, UsageError
from opdanalysis.reading.places import project_folder
from opdanalysis.study.notebooks import in_language, tags

PARAMETERS = "parameters"


def lessons_folder() -> Path:
    """Where the lessons lie in the clone. Raises UsageError outside one."""
    project = project_folder()
    if project is None:
        raise UsageError("the lessons come with the clone of opdanalysis; start them inside it.")
    return project / "notebooks" / "lessons"


def write_copies(lang: str, folder: Path) -> list[Path]:
    """Copies of all lessons in one language; what a student has begun is never written over.

    Returns the paths of all copies. Raises OutputsError where the folder cannot be written.
    """
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(lessons_folder().glob("*.ipynb")):
            path = folder / source.name
            if not path.exists():
                nbformat.write(_copy(source, lang), path)
            paths.append(path)
    except OSError as error:
        raise OutputsError(
            f"{folder} cannot be written ({error.strerror}). Choose another folder with --folder."
        ) from error
    return paths


def _copy(source: Path, lang: str) -> nbformat.NotebookNode:
    """One lesson in one language, which its parameters name too."""
    content = in_language(nbformat.read(source, as_version=4), lang)
    for cell in content.cells:
        if PARAMETERS in tags(cell):
            cell.source = cell.source.replace('lang = "id"', f'lang = "{lang}"')
    return content
