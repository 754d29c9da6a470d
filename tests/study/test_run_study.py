"""A study is written whole or not at all, the same every time, and says what went wrong."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from opdanalysis.cli import main
from opdanalysis.study.cache import cache_folder

PARAMETERS = """study = "contoh"
plans = None
scenario = None
draws = None
seed = None
lang = None
threshold = 1.5"""


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> None:
    """A small notebook with a parameters cell and some code."""
    tagged = nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(cells)]
    prose = [
        nbformat.v4.new_markdown_cell("# Judul", id="m1", metadata={"tags": ["id"]}),
        nbformat.v4.new_markdown_cell("# Title", id="m2", metadata={"tags": ["en"]}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=[*prose, tagged, *code]), path)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of contoh with one small notebook of its own."""
    path = tmp_path / "small.yaml"
    path.write_text(
        "city: contoh\ntitle: {id: Kecil, en: Small}\nscenarios: [as-budgeted]\n"
        "draws: 20\nseed: 0\nlang: id\nnotebooks: [one.ipynb]\n"
    )
    notebook(
        tmp_path / "one.ipynb",
        "import opdanalysis as opd\ns = opd.open_study(study, plans, scenario, draws, seed, lang)",
        's.table("gains", s.result.quantiles(["operating_cost"], gains=True))',
        "from opdanalysis.figures.gain import gain_table, plot_gain\n"
        's.figure("gain", plot_gain(s.result, "operating_cost", s.words),\n'
        '    gain_table(s.result, "operating_cost"))',
    )
    return path


def run(study: Path, *options: str) -> int:
    """Run the study into a folder beside its file."""
    return main(["study", str(study), "--out", str(study.parent / "out"), *options])


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the log of times."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run-log.json"
    }


def test_a_study_run_twice_has_the_same_bytes(study: Path) -> None:
    seed = str(study.stat().st_ino)  # of this test only, so that nobody's results are removed
    before = set(cache_folder().glob("*.npz"))
    assert run(study, "--seed", seed) == 0
    first = files(study.parent / "out")
    for kept in set(cache_folder().glob("*.npz")) - before:
        kept.unlink()  # the second run computes again
    assert run(study, "--seed", seed) == 0
    assert files(study.parent / "out") == first
    assert {"tables/gains.csv", "figures/gain.svg", "html/one.html", "record.json"} <= set(first)


def test_the_language_decides_which_prose_stays(study: Path) -> None:
    run(study, "--lang", "en")
    page = (study.parent / "out" / "html" / "one.html").read_text()
    assert '<html lang="en">' in page
    assert "Title" in page
    assert "Judul" not in page


def test_the_summary_names_plans_and_the_way_to_the_outputs(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(study)
    said = capsys.readouterr().out
    assert "Penggabungan di Jalan Mawar" in said
    assert str(study.parent / "out") in said


def test_a_failing_cell_keeps_the_partial_notebook_and_the_earlier_outputs(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(study)
    earlier = files(study.parent / "out")
    notebook(study.parent / "one.ipynb", "a = 1", "b = 1 / 0", "c = 2")
    capsys.readouterr()
    assert run(study) == 1
    kept = study.parent / "out-failed" / "one.ipynb"
    assert capsys.readouterr().err.splitlines() == [
        "one.ipynb, cell 4: ZeroDivisionError: division by zero",
        f"Notebook yang belum selesai disimpan di {kept}. "
        "Buka berkas itu, perbaiki sel tersebut, lalu jalankan lagi.",
    ]
    assert files(study.parent / "out") == earlier
    assert "ZeroDivisionError" in kept.read_text()
    assert not list(study.parent.glob(".stage-*"))


def test_a_kernel_that_dies_is_a_failure_though_papermill_calls_it_complete(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook(study.parent / "one.ipynb", "import os", "os._exit(1)", "c = 2")
    assert run(study) == 1
    said = capsys.readouterr().err
    assert said.startswith("one.ipynb, cell ")
    assert "did not run: DeadKernelError" in said
    assert not (study.parent / "out").exists()


def test_a_parameter_that_no_notebook_declares_is_refused_with_a_suggestion(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(study, "-p", "treshold=2") == 2
    assert capsys.readouterr().err == (
        "no notebook of this study declares the parameter 'treshold'. Did you mean 'threshold'?\n"
    )


def test_a_parameter_of_the_wrong_kind_is_refused(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(study, "-p", "threshold=much") == 2
    assert capsys.readouterr().err == (
        "parameter 'threshold' is 'much', but a notebook expects float, such as 1.5.\n"
    )
    assert run(study, "-p", "draws=many") == 2
    assert capsys.readouterr().err == "parameter 'draws' is 'many', but int is expected.\n"


def test_a_declared_parameter_reaches_the_notebook(study: Path) -> None:
    notebook(study.parent / "one.ipynb", "assert threshold == 2, threshold")
    assert run(study, "-p", "threshold=2", "-p", "draws=7") == 0
    record = json.loads((study.parent / "out" / "record.json").read_text())
    assert record["draws"] == 7


def test_the_record_names_inputs_and_outputs_by_their_hashes(study: Path) -> None:
    run(study)
    record = json.loads((study.parent / "out" / "record.json").read_text())
    assert record["synthetic"] is True
    assert "data/cities/contoh/agencies.csv" in record["data"]
    assert set(record["outputs"]) >= {"tables/gains.csv", "notebooks/one.ipynb"}


def test_no_output_names_a_folder_of_this_machine(study: Path) -> None:
    run(study)
    for name, content in files(study.parent / "out").items():
        assert str(Path.home()).encode() not in content, name
        assert b"/tmp/ipykernel" not in content, name
        assert b" at 0x" not in content, name


def test_a_study_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "studies/palembnag.yaml"]) == 2
    assert capsys.readouterr().err == (
        "study 'studies/palembnag.yaml' was not found. Did you mean 'palembang'?\n"
    )


def test_a_place_that_cannot_be_written_gives_its_own_exit_code(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study.parent / "file").write_text("")
    assert main(["study", str(study), "--out", str(study.parent / "file" / "out")]) == 5
    assert "cannot be written" in capsys.readouterr().err
