"""A new city: an empty folder of tables to be filled in, or the folder that a workbook says."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opdanalysis.errors import DataProblems, OutputsError, UsageError
from opdanalysis.reading.everything import problems
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import CITY_FILE, SOURCES_FILE, data_folder, project_folder
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.sheets_to_files import (
    Cells,
    number_in,
    plan_entry,
    source_entry,
    table_text,
    yaml_text,
)
from opdanalysis.reading.tables import ID
from opdanalysis.reading.workbook import NoValue, filled_rows, number_typed, read_workbook
from opdanalysis.reading.workbook_comparison import EditedSheet
from opdanalysis.reading.workbook_places import Places
from opdanalysis.report.city_template import (
    template_files,
    template_layouts,
    write_template_workbook,
)
from opdanalysis.text.words import Words


@dataclass(frozen=True)
class NewCity:
    """What was written: the folder of the city, the file of its study, and the workbook, if one."""

    folder: Path
    study: Path
    workbook: Path | None


def write_template(
    id: str, out: Path | None, as_of: str, words: Words, workbook: bool = False
) -> NewCity:
    """Write an empty city and its study. Raises UsageError when the folder is there already."""
    folder, study = _places(id, out)
    for path in (folder, study):
        if path.exists():
            raise UsageError(f"{path} is there already. Choose another name, or remove it.")
    _write(folder, template_files(id, as_of, words))
    _write_study(study, id, words)
    book = folder / f"{id}.xlsx" if workbook else None
    if book is not None:
        write_template_workbook(book, id, as_of, words)
    return NewCity(folder, study, book)


def write_city_of(id: str, path: Path, out: Path | None, words: Words) -> NewCity:
    """Write the city that a filled workbook says, when it can be studied.

    A folder whose tables are still empty is filled. Raises UsageError, and DataProblems with every
    fault, each with sheet, row and column; nothing is written then.
    """
    folder, study = _places(id, out)
    if folder.exists() and not _is_empty(folder):
        raise UsageError(f"{folder} is filled in already. Choose another name, or remove it.")
    faults = Faults()
    layouts = {layout.name: layout for layout in template_layouts()}
    book = read_workbook(path, lambda title: title in layouts)
    if "city" not in book.sheets:
        raise UsageError(
            f"{book.file} has no sheet 'city'. Fill in the workbook that "
            "`opdanalysis new-city NAME --workbook` writes."
        )
    sheets = {name: EditedSheet(layouts[name]) for name in layouts}
    for name in book.sheets:
        sheets[name].rows.extend(filled_rows(book, name, layouts[name], faults))
    places = Places(book, {name: name for name in layouts}, sheets, faults)
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / folder.name
        _write(made, _files(id, sheets))
        found = places.in_workbook(problems(made))
        if found:
            raise DataProblems(found)
    _write(folder, _files(id, sheets))
    if not study.exists():
        _write_study(study, id, words)
    return NewCity(folder, study, None)


def _places(id: str, out: Path | None) -> tuple[Path, Path]:
    """Where the city and its study will lie: in the clone, or in `out`, or here."""
    if not ID.fullmatch(id):
        raise UsageError(
            f"'{id}' cannot name a city. Use lower-case letters, digits and hyphens, such as "
            "kota-baru."
        )
    project = project_folder()
    if out is None and project is not None:
        return data_folder() / "cities" / id, project / "studies" / f"{id}.yaml"
    place = out or Path.cwd()
    return place / id, place / f"{id}.yaml"


def _is_empty(folder: Path) -> bool:
    """Whether the tables of a folder are as a template has them: headers and no row."""
    tables = [folder / file for file in TABLES if (folder / file).is_file()]
    plans = list((folder / PLANS_FOLDER).glob("*.yaml"))
    return not plans and all(len(path.read_bytes().splitlines()) <= 1 for path in tables)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a city; what lies in its folder beside them stays."""
    try:
        (folder / PLANS_FOLDER).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputsError(f"{folder} cannot be written ({error.strerror}).") from error


def _write_study(path: Path, id: str, words: Words) -> None:
    """The file of a study of the new city."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = words("new_city.study_yaml", city=id, name=id.replace("-", " ").title())
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _files(id: str, sheets: Mapping[str, EditedSheet]) -> dict[str, str]:
    """The files of a city's folder from the sheets of its workbook."""
    files = {
        sheet.layout.file: table_text(sheet.layout.file, (row.cells for row in sheet.rows))
        for sheet in sheets.values()
        if sheet.layout.file
    }
    said = {row.cells["key"]: row.cells["value"] for row in sheets["city"].rows}
    files[CITY_FILE] = yaml_text(_city(id, said))
    own = {row.cells["key"]: source_entry(row.cells) for row in sheets["sources"].rows}
    files[SOURCES_FILE] = yaml_text(own)
    for row in sheets["plans"].rows:
        plan = row.cells["id"]
        others = (sheets[name].of("plan", plan) for name in ("moves", "levers", "plan_fates"))
        files[f"{PLANS_FOLDER}/{plan}.yaml"] = yaml_text(plan_entry(row.cells, *others))
    return files


def _city(id: str, said: Cells) -> dict[str, object]:
    """What city.yaml says, from the lines of the sheet `city`."""
    name, description = said.get("name", ""), said.get("description", "")
    return {
        "id": said.get("id") or id,
        "name": {"id": name, "en": said.get("name_en") or name},
        "as_of": said.get("as_of") or None,
        "centre": {key: _degrees(said.get(key, "")) for key in ("lat", "lon")},
        "synthetic": said.get("synthetic") == "yes",
        "description": {
            "id": description or name,
            "en": said.get("description_en") or description or name,
        },
        "sources": ["city-form"],
        "fallbacks": True,
    }


def _degrees(text: str) -> object:
    """A coordinate of the sheet `city`, whose cells are texts; what is none is left as it is."""
    number = number_typed(text)
    return text if isinstance(number, NoValue) else number_in(number)
