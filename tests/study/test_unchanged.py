"""Only what depends on a change runs again, and what had finished need not run twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opdanalysis.study import record as record_module
from tests.study.small import PARAMETERS, Small

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def two(tmp_path: Path, empty_cache: Path) -> Small:
    """A study with two notebooks that count their runs, and a city of its own."""
    study = Small(tmp_path)
    shutil.copytree(ROOT / "data" / "cities" / "contoh", tmp_path / "kota")
    study.write("one.ipynb", "two.ipynb", city="kota")
    study.counting("one.ipynb")
    study.counting("two.ipynb")
    assert study.run() == 0
    assert runs(study) == (1, 1)
    return study


def runs(study: Small) -> tuple[int, int]:
    """How often each of the two notebooks has run since the last question."""
    return study.ran("one.ipynb"), study.ran("two.ipynb")


def test_only_what_depends_on_a_change_runs_again(two: Small, capsys: Capture) -> None:
    before = two.files()
    capsys.readouterr()
    assert two.run() == 0
    assert runs(two) == (0, 0)
    assert "Tidak ada yang berubah" in capsys.readouterr().out

    two.counting("two.ipynb", "2 + 2")
    assert two.run() == 0
    assert runs(two) == (0, 1)
    assert "1 notebook dijalankan, 1 tidak berubah." in capsys.readouterr().out

    table = two.folder / "kota" / "agencies.csv"
    original = table.read_text()
    table.write_text(original.replace(",50,45,55,", ",51,45,55,"))
    assert two.run() == 0
    assert runs(two) == (1, 1)

    table.write_text(original)
    two.counting("two.ipynb")
    assert two.run() == 0
    assert runs(two) == (0, 0)  # both had run like this before
    assert two.files() == before

    assert two.run("--force") == 0
    assert runs(two) == (1, 1)
    assert two.files() == before


def test_a_parameter_matters_to_those_that_declare_it(two: Small) -> None:
    two.notebook("two.ipynb", "1", parameters=PARAMETERS.replace("threshold", "limit"))
    two.run()
    runs(two)
    two.run("-p", "limit=2.5")
    assert runs(two) == (0, 0)
    assert two.record()["asked"]["limit"] == 2.5


def test_outputs_that_were_changed_or_lost_are_put_back_without_running(two: Small) -> None:
    before = two.files()
    (two.out / "notebooks" / "one.ipynb").write_text("spoilt")
    (two.out / "html" / "two.html").unlink()
    assert two.run() == 0
    assert two.files() == before
    assert runs(two) == (0, 0)


def test_what_was_spoilt_in_the_cache_runs_again(two: Small, empty_cache: Path) -> None:
    before = two.files()
    for path in empty_cache.glob("notebooks/*/files/notebooks/one.ipynb"):
        path.write_text("spoilt")
    shutil.rmtree(two.out)
    assert two.run() == 0
    assert runs(two) == (1, 0)
    assert two.files() == before


def test_after_a_failure_the_finished_notebooks_need_not_run_again(two: Small) -> None:
    two.counting("one.ipynb", "3 + 3")
    two.counting("two.ipynb", "1 / 0")
    assert two.run("--jobs", "2") == 1
    assert runs(two) == (1, 1)
    two.counting("two.ipynb", "1 / 1")
    assert two.run() == 0
    assert runs(two) == (0, 1)


def test_another_commit_writes_only_the_record(two: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "_commit", lambda: {"id": "abc", "clean": True})
    assert two.run() == 0
    assert runs(two) == (0, 0)
    assert two.record()["commit"] == {"id": "abc", "clean": True}


def test_the_plan_of_a_run_says_why_and_does_nothing(two: Small, capsys: Capture) -> None:
    two.counting("two.ipynb", "2 + 2")
    two.write("one.ipynb", "two.ipynb", "three.ipynb", city="kota")
    two.counting("three.ipynb")
    before = two.files()
    capsys.readouterr()
    assert two.run("--plan") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[-3].startswith("one pakai yang ada")
    assert lines[-2].startswith("two jalankan berubah: ")
    assert lines[-2].endswith("two.ipynb")
    assert lines[-1] == "three jalankan belum pernah dijalankan"
    assert two.run("--plan", "--draws", "7") == 0
    assert "berubah: draws" in capsys.readouterr().out
    assert two.files() == before
    assert runs(two) == (0, 0)


def test_an_unchanged_study_imports_nothing_heavy(finished: Small) -> None:
    asked = "import sys; from opdanalysis.cli import main; code = main(sys.argv[1:]); print("
    asked += "[m for m in ('numpy', 'pandas', 'matplotlib', 'papermill', 'nbformat')"
    asked += " if m in sys.modules], code, file=sys.stderr)"
    arguments = ["study", str(finished.file), "--out", str(finished.out)]
    done = subprocess.run([sys.executable, "-c", asked, *arguments], capture_output=True, text=True)
    assert done.stderr == "[] 0\n"
    assert "Tidak ada yang berubah" in done.stdout
