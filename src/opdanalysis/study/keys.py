"""What decides the outputs of a notebook, and the key of all that: equal keys, equal bytes."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opdanalysis.reading.places import PACKAGE, city_folder, data_folder, project_folder
from opdanalysis.reading.studies import StudyFile
from opdanalysis.study.imports import used_files
from opdanalysis.study.kept import file_hash
from opdanalysis.study.notebooks import SourceNotebook

HOUSEKEEPING = ("opdanalysis.study.run_study",)
"""Modules that shape the outputs of every notebook, whatever it imports."""

LIBRARIES = (
    "babel",
    "contourpy",
    "fonttools",
    "ipykernel",
    "ipython",
    "jinja2",
    "kiwisolver",
    "matplotlib",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "networkx",
    "numba",
    "numpy",
    "opdanalysis",
    "pandas",
    "papermill",
    "patsy",
    "pillow",
    "pygments",
    "python-docx",
    "pyyaml",
    "rich",
    "salib",
    "scipy",
    "seaborn",
    "statsmodels",
    "tabulate",
    "xlsxwriter",
)
"""The libraries whose version may change a number, a picture or a page."""


@dataclass(frozen=True)
class Ingredients:
    """Everything that decides what a notebook writes: hashes by file, versions, settings."""

    notebook: str
    settings: Mapping[str, Any]
    data: Mapping[str, str]
    code: Mapping[str, str]
    libraries: Mapping[str, str | None]

    @property
    def key(self) -> str:
        """The key of all of them."""
        parts = [self.notebook, self.settings, self.data, self.code, self.libraries, machine()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]

    def changes(self, notebook: str, earlier: Mapping[str, Any]) -> list[str]:
        """The names of what differs from an earlier record, the nearest to the notebook first."""
        before = earlier.get("notebooks", {}).get(notebook)
        found = [] if before == self.notebook else [notebook]
        for mine, kind in (
            (self.settings, "asked"),
            (self.data, "data"),
            (self.code, "code"),
            (self.libraries, "libraries"),
        ):
            theirs = earlier.get(kind, {})
            found += [name for name, value in mine.items() if theirs.get(name) != value]
        gone = set(earlier.get("data", {})) - set(self.data)
        return found + sorted(gone)


def ingredients(
    source: SourceNotebook,
    file: StudyFile,
    reference: str,
    given: Mapping[str, Any],
    data: Mapping[str, str],
) -> Ingredients:
    """What decides the outputs of a notebook in a study; `data` are the hashes of its city."""
    used = {name: value for name, value in given.items() if name in source.declared}
    return Ingredients(
        notebook=file_hash(source.path),
        settings={**asked(file, reference), **used},
        data=data,
        code=hashes(used_files([source.code], source.path.parent, HOUSEKEEPING)),
        libraries=library_versions(),
    )


def asked(file: StudyFile, reference: str) -> dict[str, Any]:
    """The settings of a study, as JSON knows them; which notebooks it has is another matter."""
    fields = asdict(file)
    del fields["folder"], fields["notebooks"]
    city, root = Path(file.city), project_folder()
    if root is not None and city.is_absolute() and city.is_relative_to(root):
        fields["city"] = city.relative_to(root).as_posix()
    return json.loads(json.dumps({**fields, "study": reference}))


def data_hashes(file: StudyFile) -> dict[str, str]:
    """The data files of a study with their hashes."""
    return hashes(input_files(city_folder(file.city)))


def input_files(folder: Path) -> list[Path]:
    """The data files of a city and the general ones, in a fixed order."""
    general = [
        data_folder() / name for name in ("parameters", "scenarios", "emulators", "calendars")
    ]
    found = [path for place in (*general, folder) for path in place.rglob("*") if _is_data(path)]
    return [data_folder() / "sources.yaml", *sorted(found)]


def _is_data(path: Path) -> bool:
    """Whether a path is a data file, not the swap or lock file of an editor or a system's note."""
    return not path.name.startswith((".", "~")) and not path.name.endswith("~") and path.is_file()


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Files with their hashes, by names that are the same wherever the clone lies."""
    root = project_folder()
    return {file_name(path, root): file_hash(path) for path in paths}


@cache
def file_name(path: Path, root: Path | None) -> str:
    """How a record names a file: from the clone, or by its last two parts where it lies outside."""
    path = path.resolve()
    if path.is_relative_to(PACKAGE) and not path.is_relative_to(PACKAGE / "data"):
        return f"src/{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}"
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return "/".join(path.parts[-2:])


@cache
def library_versions() -> dict[str, str | None]:
    """The version of Python and of each library; None for one that is not installed."""
    installed: dict[str, str] = {}
    for place in map(Path, sys.path):
        for found in place.glob("*.dist-info") if place.is_dir() else ():
            name, _, version = found.name.removesuffix(".dist-info").partition("-")
            installed.setdefault(name.lower().replace("_", "-"), version)
    versions = {name: installed.get(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **versions}


def machine() -> list[str]:
    """The kind of machine, for last digits may differ between kinds."""
    return [sys.platform, platform.machine()]
