"""The outputs of a study, put together from what its notebooks wrote."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.errors import NotebookFailed
from opdanalysis.study.kept import Part
from opdanalysis.study.pages import write_pages
from opdanalysis.study.terminal import comparison
from opdanalysis.text.words import Words

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

COMPARISON = "comparison.csv"
REPORT = "report.html"


def put_together(parts: Mapping[str, Part], study: OpenStudy, folder: Path) -> None:
    """Write the files of all notebooks, their pages, the comparison of plans and the report.

    Raises NotebookFailed when two notebooks wrote the same file with other content.
    """
    from opdanalysis.study.report_files import write_report
    from opdanalysis.study.workbook_output import write_study_workbook

    writer: dict[str, str] = {}
    for name, part in parts.items():
        for file, hash in part.files.items():
            other = writer.setdefault(file, name)
            if parts[other].files[file] != hash:
                raise NotebookFailed(study.words("cli.same_file", one=other, other=name, file=file))
        part.copy_to(folder)
    write_pages(parts, folder / "html", study.file.lang)
    table = comparison(study.result, study.words)
    table.to_csv(folder / COMPARISON, index=False, lineterminator="\n")
    write_study_workbook(parts, study, folder)
    write_report(study, folder)


def time_words(seconds: float, words: Words) -> str:
    """A time in words: seconds below a minute and a half, else minutes."""
    if seconds < 90:
        return words("cli.seconds", count=max(1, round(seconds)))
    return words("cli.minutes", count=round(seconds / 60))


def log(
    parts: Mapping[str, Part], ran: Collection[str], steps: Mapping[str, float], kernel: str
) -> dict[str, Any]:
    """Times, memory and the machine: everything that may differ from run to run."""
    return {
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": dict(steps),
        "notebooks": {name: dict(part.used) for name, part in parts.items()},
        "ran": sorted(ran),
        "kernel": kernel,
        "peak_mib": peak_mib(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }


def peak_mib() -> float | None:
    """The most memory that this process has held [MiB]; None where the system does not tell.

    It is that of the steps outside the notebooks, among them the result of every plan.
    """
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    return round(peak / unit, 1)
