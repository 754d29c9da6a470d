"""Kill the study of contoh at many random moments; its outputs must be whole each time.

Run it from the root of the project:

    python benchmarks/study_survives.py [--study contoh] [--times 30] [--seed 0]

Before each run the draws change, so that everything must run anew. A third of the runs are killed
(SIGKILL), a third told to end (SIGTERM), and in a third one kernel is killed. After each, every
output must be as the record says, of the run before or of this one; a kernel may not live on. At
the end one more run must succeed and leave no stage and no lock. Prints one line per moment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = "import sys; from opdanalysis.cli import main; sys.exit(main())"
WAYS = ("killed", "told to end", "kernel killed")


def started(study: str, out: Path, cache: Path, draws: int) -> subprocess.Popen[bytes]:
    """A run of the study in a process of its own."""
    arguments = ["study", study, "--draws", str(draws), "--out", str(out), "--jobs", "2"]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, "OPDANALYSIS_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def whole(out: Path) -> int:
    """The draws of the outputs. Raises AssertionError when a file is not as the record says."""
    record = json.loads((out / "record.json").read_text())
    found = {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and path.name not in ("record.json", "run-log.json")
    }
    assert found == record["outputs"], set(found.items()) ^ set(record["outputs"].items())
    return int(record["draws"])


def kernels_of(cache: Path) -> list[int]:
    """The kernels that live with the cache of this benchmark (Linux)."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            mine = str(cache).encode() in (place / "environ").read_bytes()
            if mine and b"OPDANALYSIS_OUTPUTS" in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


def harm(run: subprocess.Popen[bytes], way: str, cache: Path, dice: random.Random) -> None:
    """Do the harm, if the run still lives."""
    if run.poll() is not None:
        return
    if way == "killed":
        run.kill()
    elif way == "told to end":
        run.send_signal(signal.SIGTERM)
    else:
        living = kernels_of(cache)
        if living:
            os.kill(dice.choice(living), signal.SIGKILL)


def main() -> None:
    """Print one run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--study", default="contoh")
    options.add_argument("--times", type=int, default=30)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        out, cache = Path(folder) / "out", Path(folder) / "cache"
        begin = time.monotonic()
        assert started(chosen.study, out, cache, 10).wait() == 0
        usual = time.monotonic() - begin
        kept = whole(out)
        print(f"a whole run: {usual:.1f} s")
        for number in range(chosen.times):
            draws, way = 11 + number, WAYS[number % len(WAYS)]
            moment = dice.uniform(0.02, 1.05) * usual
            run = started(chosen.study, out, cache, draws)
            try:
                run.wait(timeout=moment)
            except subprocess.TimeoutExpired:
                harm(run, way, cache, dice)
            code = run.wait()
            now = whole(out)
            assert now in (kept, draws), (now, kept, draws)
            kept = now
            until = time.monotonic() + 10
            while (living := kernels_of(cache)) and time.monotonic() < until:
                time.sleep(0.1)
            assert not living, living
            state = "new" if now == draws else "as before"
            print(f"{way:14s} after {moment:5.1f} s: exit {code:4d}, outputs whole, {state}")
        assert started(chosen.study, out, cache, 10 + chosen.times).wait() == 0
        assert whole(out) == 10 + chosen.times
        left = [path.name for path in Path(folder).iterdir() if path.name.startswith(".")]
        assert not left, left
        print(f"{chosen.times} times harmed, nothing broken; the last run went on to the end")


if __name__ == "__main__":
    main()
