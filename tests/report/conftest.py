"""Reports of the invented city, made from what a few notebooks show, in both languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from opdanalysis.report.material import Material
from opdanalysis.study.kept import CACHE_VARIABLE
from opdanalysis.study.open_study import OUTPUTS_VARIABLE, open_study
from opdanalysis.study.report_files import material, write_report

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
DRAWS = 40

FEW = ("00_start_here", "08_access", "10_claims", "11_findings")
"""Notebooks with figures of every form, the claims and the findings."""


@dataclass(frozen=True)
class Made:
    """A report that was written: its folder, what it was made from, and its two files."""

    folder: Path
    material: Material

    @property
    def page(self) -> Path:
        """The page."""
        return self.folder / "report.html"

    @property
    def study(self) -> Path:
        """The policy study."""
        return next(self.folder.glob("*.docx"))


def run_cells(name: str, lang: str) -> None:
    """Run the code of a notebook in this process, as a kernel would."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    known: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        exec("".join(cell["source"]), known)
        if "parameters" in cell["metadata"].get("tags", []):
            known |= {"study": "contoh", "draws": DRAWS, "seed": 1, "lang": lang}


def made(lang: str, folder: Path) -> Made:
    """Run the notebooks and write the report of their outputs."""
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder.parent / "cache"))
        patch.setenv(OUTPUTS_VARIABLE, str(folder))
        for name in FEW:
            run_cells(name, lang)
        study = open_study("contoh", draws=DRAWS, seed=1, lang=lang)
        write_report(study, folder)
        return Made(folder, material(study, folder))


@pytest.fixture(scope="session")
def report_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reports of this session lie."""
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="session")
def indonesian(report_folder: Path) -> Made:
    """The report in Indonesian."""
    return made("id", report_folder / "id")


@pytest.fixture(scope="session")
def english(report_folder: Path) -> Made:
    """The report in English."""
    return made("en", report_folder / "en")


@pytest.fixture(params=["id", "en"])
def either(request: pytest.FixtureRequest) -> Made:
    """The report in one language, then in the other."""
    return request.getfixturevalue({"id": "indonesian", "en": "english"}[request.param])
