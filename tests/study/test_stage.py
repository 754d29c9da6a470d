"""New outputs take the place of old ones whole, and nothing else is left behind."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from opdanalysis.errors import OutputsError
from opdanalysis.study import stage as stage_module
from opdanalysis.study.stage import Stage, staged
from opdanalysis.text.words import Words

EN = Words("en")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder with earlier outputs."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    return folder


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("at_once", [True, False])
def test_new_outputs_replace_the_old_ones(
    at_once: bool, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not at_once:
        monkeypatch.setattr(stage_module, "_exchanged", lambda one, other: False)
    with staged(target, EN) as stage:
        (stage.outputs / "new.txt").write_text("new")
        (stage.work / "scrap.txt").write_text("scrap")
    assert names(target) == ["new.txt"]
    assert names(target.parent) == ["out"]


def test_a_fault_leaves_the_old_outputs(target: Path) -> None:
    with pytest.raises(IsADirectoryError), staged(target, EN) as stage:
        stage.outputs.write_text("a folder is no file")
    assert names(target) == ["old.txt"]
    assert names(target.parent) == ["out"]


def test_outputs_that_a_killed_run_had_moved_away_are_put_back(target: Path) -> None:
    left = Stage(target.with_name(".stage-out"))
    left.outputs.mkdir(parents=True)
    (left.outputs / "half.txt").write_text("half")
    target.rename(left.old)
    with pytest.raises(ZeroDivisionError), staged(target, EN):
        _ = 1 / 0
    assert names(target) == ["old.txt"]
    assert names(target.parent) == ["out"]


def test_a_full_disk_is_said_in_words(target: Path) -> None:
    with pytest.raises(OutputsError) as refused, staged(target, EN):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert str(refused.value).startswith(f"The disk of {target.parent} is full (No space left")
    assert names(target) == ["old.txt"]


def test_another_fault_of_the_system_is_not_called_a_full_disk(target: Path) -> None:
    with pytest.raises(FileNotFoundError), staged(target, EN):
        raise FileNotFoundError(errno.ENOENT, "No such file")
