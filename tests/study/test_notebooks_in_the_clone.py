"""The notebooks of the repository: bilingual, thin, and whole when run small on contoh."""

from __future__ import annotations

import csv
from pathlib import Path

import nbformat
import pytest

from opdanalysis.cli import main
from opdanalysis.study.notebooks import in_language, read_notebook
from opdanalysis.study.verification import verify

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SETTINGS = {"study", "plans", "scenario", "draws", "seed", "lang"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_declares_the_settings_of_a_study(path: Path) -> None:
    assert set(read_notebook(path).declared) >= SETTINGS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_prose_cell_has_its_twin_in_the_other_language(path: Path) -> None:
    content = nbformat.read(path, as_version=4)
    prose = [cell for cell in content.cells if cell.cell_type == "markdown"]
    tags = [cell.metadata.tags for cell in prose]
    assert tags == [["id"], ["en"]] * (len(prose) // 2)
    for cell, twin in zip(prose[::2], prose[1::2], strict=True):
        first, second = cell.source.splitlines(), twin.source.splitlines()
        assert [line.startswith("#") for line in first] == [line.startswith("#") for line in second]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_language_leaves_no_cell_of_the_other(path: Path) -> None:
    content = nbformat.read(path, as_version=4)
    for lang, other in (("id", "en"), ("en", "id")):
        kept = in_language(content, lang)
        assert not any(other in cell.metadata.get("tags", []) for cell in kept.cells)
        assert any(lang in cell.metadata.get("tags", []) for cell in kept.cells)


def test_the_small_study_runs_all_notebooks(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["study", "studies/contoh.yaml", "--draws", "50", "--out", str(out)]) == 0
    assert {path.stem for path in (out / "html").glob("*.html")} == {p.stem for p in NOTEBOOKS}
    assert len(list((out / "figures").glob("*.png"))) >= 8
    assert verify(out).is_whole  # also: the file of values holds what the notebooks say
    with (out / "map.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    unseen = [row["file"] for row in rows if row["kind"] in ("figure", "table") and not row["cell"]]
    assert unseen == [], "a cell must show what it keeps, as its last line"
    for picture in (out / "figures").glob("*.png"):
        assert picture.with_suffix(".svg").is_file()
        # A figure that finds nothing to show still has the head of its table.
        assert picture.with_suffix(".csv").read_text().count("\n") >= 1


def test_a_notebook_runs_alone_by_plain_papermill(tmp_path: Path) -> None:
    import papermill

    done = papermill.execute_notebook(
        str(NOTEBOOKS[-1]),
        str(tmp_path / "alone.ipynb"),
        parameters={"study": "contoh", "draws": 20, "lang": "en"},
        progress_bar=False,
        cwd=str(NOTEBOOKS[-1].parent),
    )
    assert all(cell.execution_count for cell in done.cells if cell.cell_type == "code")
