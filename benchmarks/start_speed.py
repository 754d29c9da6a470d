"""How long importing the package takes, and how long `opdanalysis --help`, beside their limits.

Run it from the root of the project, on a machine that does nothing else:

    python benchmarks/start_speed.py

Each is started several times and the quickest counts. Below the limits stands what Python itself
takes to start, which is a part of both, and which modules take longest to import.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

TIMES = 10
IMPORT_LIMIT, HELP_LIMIT = 0.25, 0.3
MAIN = "import sys; from opdanalysis.cli import main; sys.exit(main(['--help']))"
SHOWN = 5


def quickest(code: str) -> tuple[float, float]:
    """The least of several measures: seconds on the clock and of the processor."""
    found = []
    for _ in range(TIMES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        clock = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((clock, used))
    return min(clock for clock, _ in found), min(used for _, used in found)


def longest_imports() -> list[tuple[float, str]]:
    """The modules of `--help` that take longest by themselves, in seconds."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", MAIN],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    rows = [
        line.split(":", 1)[1].split("|") for line in done.stderr.splitlines()[1:] if "|" in line
    ]
    own = [(int(row[0]) / 1e6, row[2].strip()) for row in rows]
    return sorted(own, reverse=True)[:SHOWN]


def main() -> None:
    """Print one run."""
    for name, code, limit in (
        ("import opdanalysis", "import opdanalysis", IMPORT_LIMIT),
        ("opdanalysis --help", MAIN, HELP_LIMIT),
        ("Python alone", "", None),
    ):
        clock, used = quickest(code)
        against = f"{clock / limit:.2f} of the limit of {limit} s" if limit else ""
        print(f"{name:20s} {clock:.3f} s, {used:.3f} s of the processor  {against}".rstrip())
    for seconds, module in longest_imports():
        print(f"  {module:30s} {seconds:.3f} s")


if __name__ == "__main__":
    main()
