"""A result that was computed once is found again by a key of everything that it depends on."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy

from opdanalysis.city.city import City
from opdanalysis.experiment.result import Result
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.places import PACKAGE, data_folder, project_folder

COMPUTING = ("city", "parameters", "plans", "models", "experiment", "reading")
"""The rooms of the package whose code decides a result."""


def result_key(
    folder: Path, plans: Sequence[Plan], scenarios: Sequence[str], draws: int, seed: int
) -> str:
    """A key of the code, the data and the settings: equal keys, equal results."""
    digest = hashlib.sha256()
    for path in input_files(folder) + code_files():
        digest.update("/".join(path.parts[-3:]).encode() + b"\0" + path.read_bytes())
    settings = [[plan.id for plan in plans], list(scenarios), draws, seed]
    settings += [np.__version__, scipy.__version__]
    digest.update(json.dumps(settings).encode())
    return digest.hexdigest()[:24]


def input_files(folder: Path) -> list[Path]:
    """The data files of a city and the general ones, in a fixed order."""
    general = [data_folder() / name for name in ("parameters", "scenarios")]
    found = [path for place in (*general, folder) for path in place.rglob("*") if path.is_file()]
    return [data_folder() / "sources.yaml", *sorted(found)]


def code_files() -> list[Path]:
    """The modules that decide a result, in a fixed order."""
    rooms = [path for room in COMPUTING for path in (PACKAGE / room).glob("*.py")]
    return sorted([*rooms, PACKAGE / "outcomes.py", PACKAGE / "units.py"])


def cache_folder() -> Path:
    """Where results are kept: in the clone's outputs, or in the folder for temporary files."""
    project = project_folder()
    return (
        project / "outputs" / ".cache" if project else Path(tempfile.gettempdir()) / "opdanalysis"
    )


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
