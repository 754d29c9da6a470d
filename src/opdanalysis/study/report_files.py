"""The report and the policy study of a study, made from what its notebooks wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opdanalysis.report.document import policy_study
from opdanalysis.report.material import Material
from opdanalysis.report.page import report_page
from opdanalysis.study.assembly import REPORT
from opdanalysis.study.keys import library_versions

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

WRITTEN = ("figures/*.png", "figures/*.svg", "figures/*.csv", "tables/*.csv")
"""What a report is made from, below the outputs."""


def write_report(study: OpenStudy, folder: Path) -> None:
    """Write the report and the policy study beside the figures and tables that lie in a folder."""
    found, version = material(study, folder), library_versions()["opdanalysis"] or ""
    page = report_page(found, version)
    (folder / REPORT).write_text(page, encoding="utf-8", newline="\n")
    name = study.words("report.study.file")
    (folder / f"{name}.docx").write_bytes(policy_study(found, version))


def material(study: OpenStudy, folder: Path) -> Material:
    """What a report is made from: the result of a study, and the files that lie in a folder."""
    words, first = study.words, study.scenarios[0]
    paths = sorted(path for pattern in WRITTEN for path in folder.glob(pattern))
    return Material(
        words=words,
        title=words.of(study.file.title, study.file.id),
        scenario=words.of(first.name, first.id),
        day=study.newest_day,
        result=study.result,
        main=study.main_plan,
        beside=study.second_plan,
        book=study.book,
        claims=study.claims.all,
        sources=study.sources,
        files={path.relative_to(folder).as_posix(): path.read_bytes() for path in paths},
    )
