"""One city of a sweep: what decides its numbers, and computing them where a worker runs."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opdanalysis.errors import OpdError, UsageError
from opdanalysis.reading.places import data_folder
from opdanalysis.study.cache import COMPUTING
from opdanalysis.study.imports import used_files
from opdanalysis.study.kept import file_hash
from opdanalysis.study.keys import hashes, input_files, library_versions
from opdanalysis.study.sweep_files import KeptCity, write_city

NUMERIC = ("numpy", "scipy", "opdanalysis")
"""The libraries whose version may change a number of a sweep."""

SWEEPING = (*COMPUTING, "opdanalysis.study.sweep_files")
"""The modules that decide the files of a sweep, with all that they import."""


@dataclass(frozen=True)
class Settings:
    """What a sweep asks of every city. No plans means all that the city has.

    `keep_draws` also keeps every number of every draw.
    """

    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    outcomes: tuple[str, ...]
    draws: int
    seed: int
    keep_draws: bool


@dataclass(frozen=True)
class Task:
    """One city to compute: its folder, where to write, and the key of all that decides it."""

    city: str
    folder: str
    target: str
    settings: Settings
    key: str


@dataclass(frozen=True)
class Ended:
    """How a task ended: `failed` says why, or is empty.

    `seconds` are on the clock, `cpu_seconds` of the processor; `peak_mib` is the most memory that
    its process has had so far, whatever it computed [MiB].
    """

    city: str
    failed: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float | None = None


def task_key(folder: Path, settings: Settings) -> str:
    """A key of the data of a city and of all cities, the code, its versions and the settings.

    It names no place, so that it is the same wherever a worker has the package and the data.
    """
    roots = {"city": folder.resolve(), "data": data_folder().resolve()}
    data = {_short_name(path.resolve(), roots): file_hash(path) for path in input_files(folder)}
    parts = [data, asdict(settings), _code()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def run_task(task: Task) -> Ended:
    """Compute a city and write its file; a fault of its data is an answer, not an exception."""
    start, used = time.perf_counter(), time.process_time()
    try:
        _compute(task)
    except OpdError as mistake:
        return Ended(task.city, str(mistake))
    except (OSError, MemoryError) as error:
        return Ended(task.city, f"{type(error).__name__}: {error}")
    except Exception as error:  # a fault of ours in one city: the others are computed all the same
        return Ended(
            task.city,
            f"{type(error).__name__}: {error}. This is a fault of opdanalysis; "
            f"`opdanalysis compare {task.folder}` shows where.",
        )
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - used
    return Ended(task.city, "", seconds, cpu_seconds, _peak_mib())


def _compute(task: Task) -> None:
    from opdanalysis.experiment.run import run_experiment
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.reading.parameters import chosen_scenario
    from opdanalysis.reading.plans import chosen_plans

    folder, settings = Path(task.folder), task.settings
    if not folder.is_dir():
        raise UsageError(
            f"the folder {folder} is not seen by the worker on {socket.gethostname()}. "
            "All workers need the same shared folder under the same path."
        )
    if task_key(folder, settings) != task.key:
        raise UsageError(
            f"the worker on {socket.gethostname()} has other code or data than where the sweep was "
            "started, or they have changed since. Install the same version there, then run again."
        )
    known = read_everything(folder)
    plans = chosen_plans(known.plans, settings.plans or known.plans)
    beliefs = {id: chosen_scenario(known.scenarios, id).beliefs for id in settings.scenarios}
    draws, seed, wanted = settings.draws, settings.seed, settings.outcomes
    result = run_experiment(known.city, plans, known.book, beliefs, draws, seed, wanted)
    write_city(
        Path(task.target), KeptCity.of(task.city, task.key, result), result, settings.keep_draws
    )


def _short_name(path: Path, roots: Mapping[str, Path]) -> str:
    """A file by the first of the named folders in which it lies."""
    inside = [name for name, root in roots.items() if path.is_relative_to(root)]
    return f"{inside[0]}/{path.relative_to(roots[inside[0]]).as_posix()}"


@cache
def _code() -> Mapping[str, Any]:
    """The code that decides the numbers, and the versions under it."""
    versions = library_versions()
    files = [path for path in used_files([], Path(), SWEEPING) if path.suffix == ".py"]  # no words
    return {
        "code": hashes(files),
        "versions": {name: versions[name] for name in NUMERIC},
    }


def _peak_mib() -> float | None:
    """The most memory that this process has had [MiB], or None where the system does not tell."""
    if os.name == "nt":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10), 1)
