"""Outputs that were received can be held against their record, without running anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opdanalysis.cli import main
from opdanalysis.study.verification import verify
from tests.study.small import Small

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
COMMAND = """import sys
from opdanalysis.cli import main
from opdanalysis.reading.places import project_folder
assert project_folder() is None
sys.exit(main())"""


@pytest.fixture
def received(finished: Small, tmp_path: Path) -> Path:
    """A copy of the outputs of a study, as somebody else gets them."""
    folder = tmp_path / "received"
    shutil.copytree(finished.out, folder)
    return folder


def test_outputs_are_as_they_were_written_also_outside_a_clone(received: Path) -> None:
    package = received.parent / "installed" / "opdanalysis"
    shutil.copytree(ROOT / "src" / "opdanalysis", package)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "verify", str(received), "--lang", "en"],
        cwd=received.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("As written: ")


def test_a_file_that_lacks_one_too_many_and_one_changed_are_named(
    received: Path, capsys: Capture
) -> None:
    (received / "figures" / "gain.png").unlink()
    (received / "tables" / "more.csv").write_text("a\n1\n")
    (received / ".DS_Store").write_text("left by a system")
    table = received / "tables" / "gains.csv"
    table.write_text(table.read_text() + "\n")
    assert main(["verify", str(received), "--lang", "en"]) == 4
    assert capsys.readouterr().out.splitlines() == [
        "Missing (1):",
        "  figures/gain.png",
        "Not in the record (1):",
        "  tables/more.csv",
        "Changed since they were written (1):",
        "  tables/gains.csv",
        "This folder is not as the study wrote it. Ask for a new copy, or make the outputs again.",
    ]


def test_the_language_is_that_of_the_outputs(received: Path, capsys: Capture) -> None:
    assert main(["verify", str(received)]) == 0
    assert capsys.readouterr().out.startswith("Seperti saat ditulis: ")


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_folder_without_a_record_is_no_outputs(
    content: str | None, tmp_path: Path, capsys: Capture
) -> None:
    if content is not None:
        (tmp_path / "record.json").write_text(content)
    assert main(["verify", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path} has no record.json that can be read, so it is not the outputs of a study. "
        "Name the folder that holds record.json.\n"
    )


def test_a_notebook_that_says_other_numbers_is_changed(received: Path) -> None:
    notebook = received / "notebooks" / "one.ipynb"
    notebook.write_text(notebook.read_text().replace("20 simulasi", "21 simulasi"))
    found = verify(received)
    assert found.changed == ("notebooks/one.ipynb",)
    assert not found.values_agree
    assert not found.is_whole
