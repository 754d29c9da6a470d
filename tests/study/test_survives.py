"""A study that is killed at any moment leaves whole outputs; the next run goes on from there."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time

import pytest

from tests.study.small import Small

COMMAND = "import sys; from opdanalysis.cli import main; sys.exit(main())"
MOMENTS = 5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows kills in another way")


def started(study: Small, draws: int) -> subprocess.Popen:
    """A run of the study in a process of its own."""
    arguments = ["study", str(study.file), "--out", str(study.out), "--draws", str(draws)]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments, "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def whole(study: Small) -> int:
    """The draws of the outputs, each file of which is as the record says."""
    record = study.record()
    found = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in study.files().items()
        if name != "record.json"
    }
    assert found == record["outputs"]
    return record["draws"]


def test_whenever_it_is_killed_the_outputs_are_whole(small: Small) -> None:
    """The moments come from a clock, so that each run of this test tries others."""
    small.write("one.ipynb", "two.ipynb")
    for name in ("one", "two"):
        small.notebook(
            f"{name}.ipynb",
            "import os, pathlib",
            "folder = pathlib.Path(os.environ['OPDANALYSIS_OUTPUTS'])",
            f"for part in range(50): (folder / f'{name}-{{part}}.txt').write_text(str(draws))",
        )
    begin = time.monotonic()
    assert started(small, 10).wait() == 0
    usual = time.monotonic() - begin
    kept = whole(small)
    moments = random.Random(time.time_ns())
    for draws in range(11, 11 + MOMENTS):
        moment = moments.uniform(0.2, 1.1) * usual
        run = started(small, draws)
        try:
            run.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        assert whole(small) in (kept, draws), f"killed after {moment:.3f} s"
        kept = whole(small)
    last = 10 + MOMENTS
    assert started(small, last).wait() == 0
    assert whole(small) == last
    assert small.left_over() == []
