"""The workbook of a study: the tables of its notebooks, its evidence and sources, its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import fingerprint, input_sheets
from opdanalysis.reading.workbook import FINGERPRINT
from opdanalysis.report.workbook import ResultSheet, result_sheet, write_workbook
from opdanalysis.study.kept import Part
from opdanalysis.study.table_notes import caption
from opdanalysis.study.workbook_input import CHANGES
from opdanalysis.tables.forms import written
from opdanalysis.tables.results import evidence_table, sources_table

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

WORKBOOK = "study.xlsx"
TABLES = "tables/"


def write_study_workbook(parts: Mapping[str, Part], study: OpenStudy, folder: Path) -> None:
    """Write study.xlsx beside the tables; they must lie there already."""
    words = study.words
    inputs = input_sheets(study.folder, Faults())
    title = words.of(study.file.title, study.file.id)
    how = words("workbook.how", study=study.file.id)
    write_workbook(
        folder / WORKBOOK,
        title,
        [*_about(study), ("", how)],
        _results(parts, study, folder),
        inputs,
        {FINGERPRINT: fingerprint(inputs)},
        words,
    )


def _about(study: OpenStudy) -> list[tuple[str, str]]:
    """What the study is, line by line."""
    words, file = study.words, study.file
    drawn = words("workbook.drawn", draws=words.number(file.draws), seed=file.seed)
    named = (
        ("city", study.city.name_in(file.lang)),
        ("plans", "; ".join(words.of(plan.name, plan.id) for plan in study.plans[1:])),
        ("scenarios", "; ".join(words.of(one.name, one.id) for one in study.scenarios)),
        ("draws", drawn),
    )
    about = [(words(f"workbook.{name}"), said) for name, said in named]
    return [*about, ("", words("study.invented"))] if study.city.synthetic else about


def _results(parts: Mapping[str, Part], study: OpenStudy, folder: Path) -> list[ResultSheet]:
    """A sheet for each table, in the order of the notebooks; evidence and sources at the end."""
    words = study.words
    last = {
        "evidence": lambda: evidence_table(study.book, words),
        "sources": lambda: sources_table(study.sources, words),
    }
    found: dict[str, ResultSheet] = {}
    changes = folder / TABLES / f"{CHANGES}.csv"
    if changes.is_file():
        text, origin = changes.read_text(encoding="utf-8"), words("workbook.record")
        found[CHANGES] = result_sheet(CHANGES, caption(CHANGES, words), origin, text)
    for part in parts.values():
        for file in part.files:
            name = file.removeprefix(TABLES).removesuffix(".csv")
            if file != f"{TABLES}{name}.csv" or name in found:
                continue
            text = (folder / file).read_text(encoding="utf-8")
            found[name] = result_sheet(name, caption(name, words), part.title, text)
    for name, table in last.items():
        if name not in found:
            text = written(table(), words)["csv"]
            origin = words("workbook.record")
            found[name] = result_sheet(name, caption(name, words), origin, text)
    return sorted(found.values(), key=lambda sheet: sheet.name in last)
