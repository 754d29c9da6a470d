"""A study is written whole or not at all, and says what went wrong."""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from opdanalysis.cli import main
from opdanalysis.study import execution, run_study, stage
from tests.study.small import REAL, Small

Capture = pytest.CaptureFixture[str]
AGAIN = "lalu jalankan lagi"


def test_a_study_run_twice_has_the_same_bytes(finished: Small, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert main(["study", str(finished.file), "--out", str(again), "--force"]) == 0
    assert Small(tmp_path, "again").files() == finished.files()
    assert {"tables/gains.csv", "figures/gain.svg", "html/one.html", "record.json"} <= set(
        finished.files()
    )


def test_the_language_decides_which_prose_stays(small: Small) -> None:
    small.run("--lang", "en")
    page = (small.out / "html" / "one.html").read_text()
    assert '<html lang="en">' in page
    assert "Title" in page
    assert "Judul" not in page


def test_the_summary_names_plans_and_the_way_to_the_outputs(
    finished: Small, capsys: Capture
) -> None:
    finished.run()
    said = capsys.readouterr().out
    assert "Penggabungan di Jalan Mawar" in said
    assert str(finished.out) in said


def test_a_failing_cell_keeps_the_partial_notebook_and_the_earlier_outputs(
    small: Small, capsys: Capture
) -> None:
    small.run()
    earlier = small.files()
    small.notebook("one.ipynb", "a = 1", "b = 1 / 0", "c = 2")
    capsys.readouterr()
    assert small.run() == 1
    kept = small.folder / "out-failed" / "one.ipynb"
    assert capsys.readouterr().err.splitlines() == [
        "one.ipynb, cell 4: ZeroDivisionError: division by zero",
        f"Notebook yang belum selesai disimpan di {kept}. "
        "Buka berkas itu, perbaiki sel tersebut, lalu jalankan lagi.",
    ]
    assert small.files() == earlier
    assert "ZeroDivisionError" in kept.read_text()
    assert json.loads(kept.read_text())["metadata"]["opdanalysis"] == {"status": "failed"}
    assert small.left_over() == ["out-failed"]
    small.notebook("one.ipynb", "a = 1")
    assert small.run() == 0
    assert small.left_over() == []


def test_a_kernel_that_dies_is_a_failure_though_papermill_calls_it_complete(
    small: Small, capsys: Capture
) -> None:
    small.notebook("one.ipynb", "import os", "os._exit(7)", "c = 2")
    assert small.run() == 1
    said = capsys.readouterr().err
    assert said.startswith("one.ipynb, cell ")
    assert "did not run: kernelnya berhenti sendiri (kode 7)" in said
    assert not small.out.exists()


def test_a_kernel_that_was_killed_may_have_lacked_memory(small: Small, capsys: Capture) -> None:
    small.notebook("one.ipynb", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    assert small.run() == 1
    assert "kemungkinan karena memori habis" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cells", "code"), [(("exit(0)", "a = 1"), 1), (("a = 1", "import sys; sys.exit(0)"), 0)]
)
def test_a_notebook_may_leave_by_exit_only_at_its_end(
    cells: tuple[str, ...], code: int, small: Small, capsys: Capture
) -> None:
    small.notebook(
        "one.ipynb", "import sys; " + cells[0].replace("exit(0)", "sys.exit(0)"), cells[1]
    )
    assert small.run() == code
    assert ("keluar dengan exit sebelum sel terakhirnya" in capsys.readouterr().err) == bool(code)


def test_two_notebooks_may_not_write_different_things_to_the_same_file(
    small: Small, capsys: Capture
) -> None:
    small.write("one.ipynb", "two.ipynb", "three.ipynb")
    for name, text in (("one", "a"), ("two", "a"), ("three", "b")):
        small.notebook(
            f"{name}.ipynb",
            "import os, pathlib",
            "folder = pathlib.Path(os.environ['OPDANALYSIS_OUTPUTS'])",
            f"(folder / 'same.txt').write_text({text!r})",
        )
    assert small.run() == 1
    assert capsys.readouterr().err == (
        "one dan three sama-sama menulis same.txt dengan isi yang berbeda. "
        "Beri nama lain pada salah satunya.\n"
    )
    assert not small.out.exists()


def test_a_parameter_that_no_notebook_declares_is_refused_with_a_suggestion(
    small: Small, capsys: Capture
) -> None:
    assert small.run("-p", "treshold=2") == 2
    assert capsys.readouterr().err == (
        "no notebook of this study declares the parameter 'treshold'. Did you mean 'threshold'?\n"
    )


def test_a_parameter_of_the_wrong_kind_is_refused(small: Small, capsys: Capture) -> None:
    for given, shown in (("much", "'much'"), ("true", "True")):
        assert small.run("-p", f"threshold={given}") == 2
        assert capsys.readouterr().err == (
            f"parameter 'threshold' is {shown}, but a notebook expects float, such as 1.5.\n"
        )
    assert small.run("-p", "draws=many") == 2
    assert capsys.readouterr().err == "parameter 'draws' is 'many', but int is expected.\n"
    assert small.run("--jobs", "0") == 2
    assert capsys.readouterr().err == "jobs is 0; at least 1 is needed.\n"


def test_a_declared_parameter_reaches_the_notebook(small: Small) -> None:
    small.notebook("one.ipynb", "assert threshold == 2, threshold")
    assert small.run("-p", "threshold=2", "-p", "draws=7") == 0
    assert small.record()["draws"] == 7
    assert small.record()["asked"]["threshold"] == 2


def test_the_record_names_inputs_and_outputs_by_their_hashes(finished: Small) -> None:
    record = finished.record()
    assert record["synthetic"] is True
    assert "data/cities/contoh/agencies.csv" in record["data"]
    assert "src/opdanalysis/figures/gain.py" in record["code"]
    assert set(record["outputs"]) >= {"tables/gains.csv", "notebooks/one.ipynb", "comparison.csv"}


def test_times_and_memory_stand_in_the_log_only(finished: Small) -> None:
    log = json.loads((finished.out / "run-log.json").read_text())
    assert log["notebooks"]["one"]["seconds"] > 0
    if sys.platform == "linux":
        assert log["notebooks"]["one"]["peak_mib"] > 20
        assert log["notebooks"]["one"]["cpu_seconds"] > 0
        assert log["peak_mib"] > 20  # of the steps outside the notebooks
    assert "seconds" not in (finished.out / "record.json").read_text()


def test_no_output_names_a_folder_of_this_machine(finished: Small) -> None:
    for name, content in finished.files().items():
        assert str(Path.home()).encode() not in content, name
        assert b"/tmp/ipykernel" not in content, name
        assert b" at 0x" not in content, name


def test_a_study_that_is_not_there_is_named(capsys: Capture) -> None:
    assert main(["study", "studies/palembnag.yaml"]) == 2
    assert capsys.readouterr().err == (
        "study 'studies/palembnag.yaml' was not found. Did you mean 'palembang'?\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "JSONDecodeError: Expecting property name"),
        ('{"cells": 3}', "TypeError: 'int' object is not iterable"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(
    content: str, said: str, small: Small, capsys: Capture
) -> None:
    (small.folder / "one.ipynb").write_text(content)
    assert small.run() == 2
    assert capsys.readouterr().err.startswith(f"one.ipynb is not a notebook: {said}")


def test_a_place_that_cannot_be_written_gives_its_own_exit_code(
    small: Small, capsys: Capture
) -> None:
    (small.folder / "file").write_text("")
    assert small.run("--out", str(small.folder / "file" / "out")) == 5
    assert capsys.readouterr().err == (
        f"Folder {small.folder / 'file'} tidak dapat ditulis (File exists). "
        "Pilih folder lain dengan --out, atau ubah izinnya.\n"
    )


def test_too_little_room_on_the_disk_is_said_before_anything_runs(
    small: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.counting("one.ipynb")
    usage = SimpleNamespace(free=3 * 2**20)
    monkeypatch.setattr(stage.shutil, "disk_usage", lambda path: usage)
    assert small.run() == 5
    assert f"{small.folder} hanya tersisa 3 MiB" in capsys.readouterr().err
    assert small.ran("one.ipynb") == 0


def test_a_disk_that_fills_up_leaves_the_earlier_outputs(
    small: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.run()
    earlier = small.files()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_study, "put_together", full)
    capsys.readouterr()
    assert small.run("--seed", "3") == 5
    assert "penuh (No space left on device). Kosongkan ruang" in capsys.readouterr().err
    assert small.files() == earlier
    assert small.left_over() == []


def test_without_the_package_of_kernels_one_sentence_says_so(
    small: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_study, "find_spec", lambda name: None)
    assert small.run("--seed", "4") == 1
    assert "paket ipykernel tidak ada" in capsys.readouterr().err


def test_what_changed_while_a_notebook_ran_is_not_kept(small: Small, capsys: Capture) -> None:
    path = small.folder / "one.ipynb"
    small.notebook("one.ipynb", f"open({str(path)!r}, 'a').write(' ')")
    assert small.run() == 1
    assert capsys.readouterr().err.startswith("one.ipynb: notebook itu, atau data atau kode")
    assert not small.out.exists()


def test_an_interrupted_study_says_so_and_marks_what_was_not_finished(
    small: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(notebook: object, parameters: object, words: object, folder: Path, *_: object):
        copy = execution.copy_in(folder, notebook)
        copy.parent.mkdir(parents=True)
        copy.write_text('{"cells": [], "metadata": {}}')
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "execute", interrupted)
    assert small.run("--seed", "5") == 130
    assert AGAIN.removeprefix("lalu j") in capsys.readouterr().err
    marked = json.loads((small.folder / "out-failed" / "one.ipynb").read_text())
    assert marked["metadata"]["opdanalysis"] == {"status": "interrupted"}


def test_a_real_notebook_on_a_standard_kernel_has_the_bytes_of_a_forked_one(
    finished: Small, tmp_path: Path
) -> None:
    log = json.loads((finished.out / "run-log.json").read_text())
    assert log["kernel"] == "fork" or sys.platform != "linux"
    other = ["--out", str(tmp_path / "standard"), "--force", "--kernel", "standard"]
    assert finished.run(*other) == 0
    assert Small(tmp_path, "standard").files() == finished.files()
    assert len(REAL) == 3
