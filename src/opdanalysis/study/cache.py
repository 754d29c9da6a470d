"""A result that was computed once is found again by a key of everything that it depends on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import scipy

from opdanalysis.city.city import City
from opdanalysis.experiment.result import Result
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.plans.plan import Plan
from opdanalysis.study.imports import used_files
from opdanalysis.study.kept import cache_folder
from opdanalysis.study.keys import hashes, input_files, machine
from opdanalysis.study.lock import one_at_a_time

COMPUTING = (
    "opdanalysis.experiment.run",
    "opdanalysis.outcomes",
    "opdanalysis.reading.everything",
)
"""The modules that decide a result, with all that they import."""


def result_key(
    folder: Path, plans: Sequence[Plan], scenarios: Sequence[str], draws: int, seed: int
) -> str:
    """A key of the code, the data and the settings: equal keys, equal results."""
    parts = [
        hashes(input_files(folder)),
        hashes(used_files([], folder, COMPUTING)),
        [[plan.id for plan in plans], list(scenarios), draws, seed],
        [np.__version__, scipy.__version__, *machine()],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def kept_or_computed(
    key: str,
    city: City,
    plans: Sequence[Plan],
    scenarios: Sequence[str],
    draws: int,
    seed: int,
    compute: Callable[[], Result],
) -> Result:
    """The result of a key: as it was kept, or computed by one process while the others wait."""
    found = kept_result(key, city, plans, scenarios, draws, seed)
    if found is None:
        with one_at_a_time(cache_folder() / f"{key}.lock"):
            found = kept_result(key, city, plans, scenarios, draws, seed)
            if found is None:
                found = compute()
                keep_result(key, found)
    return found


def kept_result(
    key: str, city: City, plans: Sequence[Plan], scenarios: Sequence[str], draws: int, seed: int
) -> Result | None:
    """The result of a key, or None when it was not kept or cannot be read."""
    path = cache_folder() / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file) as kept:
            numbers = {id: kept[id] for id in OUTCOMES}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    return Result(city, tuple(plans), tuple(scenarios), draws, seed, numbers)


def keep_result(key: str, result: Result) -> None:
    """Keep a result, whole or not at all; a folder that cannot be written is no fault."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            np.savez(part, **result.numbers)
        os.replace(part.name, folder / f"{key}.npz")
    except OSError:
        return


def forget_result(
    folder: Path, plans: Sequence[Plan], scenarios: Sequence[str], draws: int, seed: int
) -> None:
    """Remove a kept result, so that it is computed anew."""
    key = result_key(folder, plans, scenarios, draws, seed)
    with contextlib.suppress(OSError):
        (cache_folder() / f"{key}.npz").unlink()
