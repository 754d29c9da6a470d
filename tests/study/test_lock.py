"""One run at a time writes to a folder, and a killed one does not keep others out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from opdanalysis.errors import OutputsError
from opdanalysis.study.lock import locked, one_at_a_time
from opdanalysis.text.words import Words

EN = Words("en")

HOLD = """
import sys, time
from pathlib import Path
from opdanalysis.study.lock import locked
from opdanalysis.text.words import Words
with locked(Path(sys.argv[1]), Words("en")):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds the lock of a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_run_hears_who_holds_the_lock(tmp_path: Path, holder: subprocess.Popen) -> None:
    with pytest.raises(OutputsError) as refused, locked(tmp_path / "out", EN):
        pass
    said = str(refused.value)
    assert said.startswith(
        f"{tmp_path / 'out'} is being written by another run (process {holder.pid} on "
    )
    assert said.endswith("Wait for it to end, or add --wait.")
    assert refused.value.exit_code == 5


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path, holder: subprocess.Popen) -> None:
    holder.kill()
    holder.wait()
    assert (tmp_path / ".out.lock").exists()
    with locked(tmp_path / "out", EN):
        assert str(os.getpid()) in (tmp_path / ".out.lock").read_text()
    assert not (tmp_path / ".out.lock").exists()


def test_who_waits_is_told_once_and_comes_next(tmp_path: Path) -> None:
    told: list[str] = []
    order: list[str] = []
    held = threading.Event()

    def first() -> None:
        with locked(tmp_path / "out", EN):
            held.set()
            time.sleep(0.8)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    with locked(tmp_path / "out", EN, told.append):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
    assert len(told) == 1


def test_where_a_result_is_computed_others_pass_one_by_one(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def work() -> None:
        with one_at_a_time(tmp_path / "result.lock"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert not (tmp_path / "result.lock").exists()


def test_where_no_lock_can_be_written_a_result_is_computed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with one_at_a_time(tmp_path / "file" / "result.lock"):
        passed = True
    assert passed
