"""The files of a city's folder that an edited workbook writes anew."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import scenario_files
from opdanalysis.reading.parameters import CITY_PARAMETERS
from opdanalysis.reading.places import SOURCES_FILE, data_folder
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.sheets_to_files import (
    belief_entry,
    plan_entry,
    source_entry,
    table_text,
    yaml_text,
)
from opdanalysis.reading.workbook_comparison import REVIEW, EditedSheet
from opdanalysis.reading.yaml_files import read_yaml
from opdanalysis.text.words import Words

OF_PLANS = ("plans", "moves", "levers", "plan_fates")


def changed_files(
    edited: Mapping[str, EditedSheet], folder: Path, words: Words
) -> dict[str, str | None]:
    """The files of the folder that are others than before."""
    files: dict[str, str | None] = {}
    for sheet in edited.values():
        if sheet.layout.file and sheet.changes:
            files[sheet.layout.file] = table_text(
                sheet.layout.file, (row.cells for row in sheet.rows)
            )
    files |= _belief_files(edited["parameters"], edited["scenarios"], folder)
    files |= _plan_files(edited, folder)
    if files or edited["sources"].changes:
        own = _yaml(folder / SOURCES_FILE) if (folder / SOURCES_FILE).is_file() else {}
        general = _yaml(data_folder() / SOURCES_FILE)
        for row in edited["sources"].rows:
            if row.cells["key"] not in own and row.cells["key"] not in general:
                own[row.cells["key"]] = source_entry(row.cells)
        own.setdefault(REVIEW, _review(words))
        files[SOURCES_FILE] = yaml_text(own)
    return files


def _review(words: Words) -> dict[str, str | None]:
    return {
        "title": words("workbook.source_title"),
        "publisher": words("workbook.source_publisher"),
        "date": None,
        "address": None,
        "read_on": "-",
        "note": words("workbook.source_note"),
    }


def _belief_files(parameters: EditedSheet, scenarios: EditedSheet, folder: Path) -> dict[str, str]:
    files = {}
    if changed := {change.key for change in parameters.changes}:
        place = folder / CITY_PARAMETERS
        own = _yaml(place) if place.is_file() else {}
        for row in parameters.rows:
            if row.cells["id"] in changed:
                own[row.cells["id"]] = belief_entry(row.cells, row.cells["description"])
        files[CITY_PARAMETERS] = yaml_text(own)
    for stem in sorted({change.key.split(" / ")[0] for change in scenarios.changes}):
        paths = scenario_files(folder)
        if stem in paths:
            content = _yaml(paths[stem])
            for cells in scenarios.of("scenario", stem):
                content["beliefs"][cells["id"]] = belief_entry(cells)
            files[f"scenarios/{stem}.yaml"] = yaml_text(content)
    return files


def _plan_files(edited: Mapping[str, EditedSheet], folder: Path) -> dict[str, str | None]:
    """The files of plans of which anything changed; a plan without a row of its own goes away."""
    stems = {}
    for path in sorted((folder / PLANS_FOLDER).glob("*.yaml")):
        stems[str((_yaml(path) or {}).get("id", path.stem))] = path.stem
    touched = {change.key.split(" / ")[0] for name in OF_PLANS for change in edited[name].changes}
    files: dict[str, str | None] = {}
    for id in sorted(touched):
        file = f"{PLANS_FOLDER}/{stems.get(id, id)}.yaml"
        own = edited["plans"].of("id", id)
        others = [edited[name].of("plan", id) for name in OF_PLANS[1:]]
        if own:
            files[file] = yaml_text(plan_entry(own[0], *others))
        elif id in stems and not any(others):
            files[file] = None
        else:  # moves of a plan that is not there: the reader of plans says what is missing
            cells = {"id": id, **dict.fromkeys(edited["plans"].layout.names[1:], "")}
            files[file] = yaml_text(plan_entry(cells, *others))
    return files


def _yaml(path: Path) -> dict[str, Any]:
    """What a file holds, as a copy to be changed."""
    return deepcopy(read_yaml(path, Faults()) or {})
