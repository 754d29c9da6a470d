"""From every figure, table and number of a study to its notebook, its cell and its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from opdanalysis.study.kept import Part, file_hash
from opdanalysis.study.shown import FIGURE, SAID, TABLE, Shown, shown_in_file
from opdanalysis.study.values_file import VALUES, SaidValue, csv_text, said_values, values_text

MAP = "map.csv"
"""The file of the map in a study's outputs."""

NUMBER, FILE = "number", "file"

COLUMNS = ("kind", "name", "value", "notebook", "cell", "cell_id", "heading", "file", "sha256")

PLACES = {FIGURE: "figures", TABLE: "tables"}
"""The folder of each kind of thing that is shown."""


@dataclass(frozen=True)
class Mapped:
    """A row of the map; cell and heading are empty for a file that no cell shows."""

    kind: str
    name: str
    value: str
    notebook: str
    cell: int | None
    cell_id: str
    heading: str
    file: str
    sha256: str


def write_map(parts: Mapping[str, Part], folder: Path, lang: str) -> list[Mapped]:
    """Write the files of values and of the map to the outputs, and return the map's rows.

    `parts` holds what each notebook wrote, whose files are in the folder already.
    """
    shown = shown_by(parts, folder)
    values = said_values(shown, lang)
    _write(folder / VALUES, values_text(values))
    rows = _rows(parts, shown, values, file_hash(folder / VALUES))
    texts = [[getattr(row, column) for column in COLUMNS] for row in rows]
    _write(folder / MAP, csv_text(COLUMNS, texts))
    return rows


def shown_by(notebooks: Iterable[str], folder: Path) -> list[Shown]:
    """What the executed notebooks of an outputs folder show, in the order of their names here."""
    found: list[Shown] = []
    for name in notebooks:
        found += shown_in_file(folder / "notebooks" / f"{name}.ipynb")
    return found


def _rows(
    parts: Mapping[str, Part], shown: list[Shown], values: list[SaidValue], hash: str
) -> list[Mapped]:
    """The rows of the map, notebook by notebook: what cells show, then files that none shows."""
    rows = []
    for notebook, part in parts.items():
        left = {file: hash for file, hash in part.files.items() if _is_product(file)}
        for one in (one for one in shown if one.notebook == notebook and one.kind != SAID):
            start = f"{PLACES[one.kind]}/{one.name}."
            for file in [file for file in part.files if file.startswith(start)]:
                left.pop(file, None)
                place = (notebook, one.cell, one.cell_id, one.heading)
                rows.append(Mapped(one.kind, one.name, "", *place, file, part.files[file]))
        headings = {one.cell_id: one.heading for one in shown if one.notebook == notebook}
        for value in (value for value in values if value.notebook == notebook):
            place = (notebook, value.cell, value.cell_id, headings[value.cell_id])
            rows.append(Mapped(NUMBER, value.name, value.value, *place, VALUES, hash))
        for file, file_sha in left.items():
            path = PurePosixPath(file)
            kinds = {place: kind for kind, place in PLACES.items()}
            kind = kinds.get(path.parts[0], FILE)
            rows.append(Mapped(kind, path.stem, "", notebook, None, "", "", file, file_sha))
    return rows


def _is_product(file: str) -> bool:
    return not file.startswith("notebooks/")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
