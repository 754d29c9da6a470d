"""Forked kernels do what others do, and end when they should."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opdanalysis.study.kernels import FORK, STANDARD, kernels
from tests.study.small import Small

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

LOOK_AROUND = (
    "import os, random, signal, sys, threading",
    "print(sys.path)",
    "print(os.path.basename(sys.argv[0]), sys.argv[1], os.getcwd(), __name__)",
    "print(sorted(set(os.environ) - {'JPY_PARENT_PID'}))",
    "print(sys.flags.hash_randomization, hash('a'), os.getsid(0) == os.getpid())",
    "print(signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD))",
    "print(sorted(t.name.split('-')[0] for t in threading.enumerate()))",
    "import warnings, matplotlib.pyplot",
    "print(sorted({(f[0], f[2].__name__, f[3]) for f in warnings.filters}))",
)


def test_a_notebook_finds_the_same_surroundings_in_both_kinds(small: Small) -> None:
    small.notebook("one.ipynb", *LOOK_AROUND)
    shown = []
    for kind in (FORK, STANDARD):
        assert small.run("--force", "--kernel", kind) == 0
        assert json.loads((small.out / "run-log.json").read_text())["kernel"] == kind
        shown.append(small.files())
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    "module",
    [
        "from threading import Timer\nTimer(9, print).start()",
        "import warnings\nwarnings.warn('old')",
        "raise RuntimeError",
    ],
)
def test_where_forking_is_doubtful_kernels_are_of_the_usual_kind(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "doubtful.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with kernels(FORK, ["doubtful"]) as found:
        assert not found.forked()


@pytest.mark.parametrize("kind", [FORK, STANDARD])
def test_a_kernel_ends_when_its_runner_is_killed(kind: str, small: Small) -> None:
    note = small.folder / "pid"
    small.notebook(
        "one.ipynb",
        "import os, pathlib, time",
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))",
        "time.sleep(60)",
    )
    command = "import sys; from opdanalysis.cli import main; sys.exit(main())"
    arguments = ["study", str(small.file), "--out", str(small.out), "--kernel", kind]
    runner = subprocess.Popen([sys.executable, "-c", command, *arguments])
    while not note.exists() or not note.read_text():
        assert runner.poll() is None
        time.sleep(0.05)
    runner.kill()
    runner.wait()
    until = time.monotonic() + 15
    while time.monotonic() < until and alive(int(note.read_text())):
        time.sleep(0.05)
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    """Whether a process lives and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_being_told_to_end_stops_the_study_and_its_kernels(small: Small) -> None:
    note = small.folder / "pid"
    small.notebook(
        "one.ipynb",
        "import os, pathlib, time",
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))",
        "time.sleep(60)",
    )
    command = "import sys; from opdanalysis.cli import main; sys.exit(main())"
    arguments = ["study", str(small.file), "--out", str(small.out), "--kernel", FORK]
    runner = subprocess.Popen(
        [sys.executable, "-c", command, *arguments], stderr=subprocess.PIPE, text=True
    )
    while not note.exists() or not note.read_text():
        assert runner.poll() is None
        time.sleep(0.05)
    runner.send_signal(signal.SIGTERM)
    _, said = runner.communicate(timeout=30)
    assert runner.returncode == 130
    assert said.startswith("Dihentikan; hasil sebelumnya tetap")
    assert not alive(int(note.read_text()))
    assert small.left_over() == ["out-failed"]
