"""Tables of simulated answers that models look up instead of simulating."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from opdanalysis.city.counter_wait import AXES, CounterWait
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import data_folder

FILE = "emulators/counter_wait.csv"
COLUMNS = [*AXES, "wait", "standard_error"]
ERROR = "# relative error off the grid: "
"""How the first line begins; the number follows."""


def counter_wait_from(faults: Faults) -> CounterWait | None:
    """The waits at counters; None where the table cannot be used, which is noted."""
    path = data_folder() / FILE
    try:
        return _counter_wait(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError) as error:
        faults.add(
            FILE,
            None,
            None,
            f"the waits at counters cannot be read ({error}). Get the file anew, or make it by "
            "benchmarks/counter_wait_emulator.py.",
        )
        return None


@lru_cache(maxsize=2)
def _counter_wait(path: Path, _changed: int) -> CounterWait:
    """The table of a file; read again where the file has changed."""
    with path.open(encoding="utf-8", newline="") as file:
        first = file.readline()
        if not first.startswith(ERROR):
            raise ValueError(f"its first line does not begin with '{ERROR.strip()}'")
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"its columns are {reader.fieldnames}; expected {COLUMNS}")
        rows = list(reader)
    columns = [[float(row[name]) for row in rows] for name in COLUMNS[:5]]
    return CounterWait.from_columns(*columns, error=float(first.removeprefix(ERROR)))
