"""Two runs of a study are compared byte by byte, and the first difference is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opdanalysis.cli import main
from opdanalysis.study import stability
from opdanalysis.study.comparing import Difference, first_difference
from opdanalysis.text.words import Words
from tests.study.small import Small

Capture = pytest.CaptureFixture[str]
EN = Words("en")


def folders(tmp_path: Path, name: str, one: str | bytes, other: str | bytes) -> tuple[Path, Path]:
    """Two folders with one file each."""
    found = []
    for place, content in (("one", one), ("other", other)):
        (tmp_path / place).mkdir(exist_ok=True)
        text = content if isinstance(content, bytes) else content.encode()
        (tmp_path / place / name).write_bytes(text)
        found.append(tmp_path / place)
    return found[0], found[1]


def test_a_table_differs_in_a_row_and_a_column(tmp_path: Path) -> None:
    pair = folders(tmp_path, "t.csv", "plan,saving\na,1\nb,2\n", "plan,saving\na,1\nb,3\n")
    assert first_difference(*pair, EN) == Difference("t.csv", "row 3, column saving", "2", "3")


def test_a_notebook_differs_in_a_cell(tmp_path: Path) -> None:
    def notebook(text: str) -> str:
        cells = [{"id": "a", "source": "1"}, {"id": "b", "outputs": [{"text": text}]}]
        return json.dumps({"cells": cells, "metadata": {}})

    pair = folders(tmp_path, "n.ipynb", notebook("12:01"), notebook("12:02"))
    found = first_difference(*pair, EN)
    assert found is not None
    assert (found.file, found.where) == ("n.ipynb", "cell 2 (id b), outputs")
    assert ("12:01" in found.one, "12:02" in found.other) == (True, True)


def test_a_text_differs_in_a_line_and_a_picture_as_a_whole(tmp_path: Path) -> None:
    pair = folders(tmp_path, "t.md", "a\nb\nc\n", "a\nb\nd\n")
    assert first_difference(*pair, EN) == Difference("t.md", "line 3", "c", "d")
    (tmp_path / "other" / "t.md").write_text("a\nb\nc\n")
    pair = folders(tmp_path, "p.png", b"\xff\x00", b"\xff\x01\x02")
    assert first_difference(*pair, EN) == Difference(
        "p.png", "the whole file", "2 bytes", "3 bytes"
    )


def test_a_file_that_only_one_run_wrote_differs(tmp_path: Path) -> None:
    one, other = folders(tmp_path, "t.csv", "a\n", "a\n")
    (one / "u.csv").write_text("b\n")
    assert first_difference(one, other, EN) == Difference(
        "u.csv", "the whole file", "the file is there", "the file is missing"
    )
    (one / "u.csv").unlink()
    assert first_difference(one, other, EN) is None


def test_the_log_of_times_may_differ(tmp_path: Path) -> None:
    assert first_difference(*folders(tmp_path, "run-log.json", "1", "2"), EN) is None


def test_a_study_that_repeats_itself_is_stable(
    small: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runs themselves are tested below and in test_same_bytes."""
    around = []

    def run(study: str, settings: dict, one: stability.Surroundings, *places: Any) -> None:
        place, target, tell = places
        assert (place / "data" / "sources.yaml").is_file()
        assert not (place / "data" / "raw").exists()
        around.append(one)
        tell("writing")
        (target / "t.csv").write_text("a\n1\n")

    monkeypatch.setattr(stability, "_run", run)
    before = small.left_over()
    assert main(["stable", str(small.file), "--draws", "10", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Stable: both runs wrote the same bytes in 1 files")
    assert said.err == ""
    assert small.left_over() == before
    assert not small.out.exists()
    one, other = around
    assert one.folder != other.folder
    assert one.jobs != other.jobs
    for name in ("PYTHONHASHSEED", "TZ", "LC_ALL", "OPENBLAS_NUM_THREADS"):
        assert one.variables[name] != other.variables[name]


def test_a_notebook_that_shows_the_time_is_named_with_its_cell(
    small: Small, capsys: Capture
) -> None:
    small.notebook("one.ipynb", "1 + 1", "import time; time.time_ns()")
    assert main(["stable", str(small.file), "--draws", "10", "--lang", "en"]) == 4
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "The two runs differ, first in notebooks/one.ipynb, cell 5 (id c1), outputs:"
    )
    assert said[1] != said[2]
    kept = Path(said[3].removeprefix("Both runs are kept in ").split(". Look")[0])
    assert (kept / "another place" / "outputs" / "small" / "notebooks" / "one.ipynb").is_file()


def test_a_run_that_fails_says_so_as_the_study_itself_would(small: Small, capsys: Capture) -> None:
    small.notebook("one.ipynb", "1 / 0")
    assert main(["stable", str(small.file), "--draws", "10"]) == 1
    assert "one.ipynb, cell 3: ZeroDivisionError: division by zero" in capsys.readouterr().err
