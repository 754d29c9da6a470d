"""A reader at a terminal hears how long a step takes yet; a pipe hears nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from opdanalysis.study import terminal, waiting
from opdanalysis.text.words import Words

EN = Words("en")
Capture = pytest.CaptureFixture[str]


def test_what_is_left_is_told_only_while_it_is_known() -> None:
    assert waiting.said_time(3, None, EN) == "3 s so far."
    assert waiting.said_time(3, 20, EN) == "3 s so far. About 17 s left."
    assert waiting.said_time(120, 420, EN) == "2 minutes so far. About 5 minutes left."
    assert waiting.said_time(21, 20, EN) == "21 s so far."


def test_the_last_time_tells_how_long_it_takes_the_next_time(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "is_watched", lambda: True)
    assert waiting._expected("compare contoh", 100) is None
    with waiting.waiting("Comparing.", EN, "compare contoh", 10):
        time.sleep(0.02)
    pace = json.loads((empty_cache / "pace.json").read_text())["compare contoh"]
    assert pace >= 0.002
    assert waiting._expected("compare contoh", 100) == pytest.approx(100 * pace)


@pytest.mark.parametrize("ci", [False, True])
def test_a_pipe_and_ci_are_told_nothing(
    ci: bool, empty_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    if ci:
        monkeypatch.setenv("CI", "true")
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert not terminal.is_watched()
    with waiting.waiting("Comparing.", EN, "compare contoh", 10):
        pass
    assert capsys.readouterr() == ("", "")
    assert not empty_cache.exists()
