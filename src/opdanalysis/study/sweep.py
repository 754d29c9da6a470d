"""Many cities at once: a sweep computes each on a Dask worker and keeps it in a file of its own."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import OutputsError, UsageError
from opdanalysis.experiment.run import check_outcomes
from opdanalysis.reading.places import CITY_FILE
from opdanalysis.study.assembly import time_words
from opdanalysis.study.kept import write_json
from opdanalysis.study.keys import library_versions
from opdanalysis.study.lock import locked, unwritable
from opdanalysis.study.sweep_files import (
    DRAWS,
    QUANTILES,
    KeptCity,
    arrow,
    city_file,
    kept_city,
)
from opdanalysis.study.sweep_tasks import Ended, Settings, Task, run_task, task_key
from opdanalysis.study.sweep_workers import client_of, dask_distributed
from opdanalysis.text.words import Words

FAILED, CITIES, RECORD, LOG = "failed.csv", "cities.csv", "sweep.json", "run-log.json"

AGENCIES_FILE = "agencies.csv"


@dataclass(frozen=True)
class Sweep:
    """A folder of cities, where to write, what to ask, and who computes.

    `scheduler` is the address of a Dask scheduler that runs already; without one, `workers`
    processes are started here.
    """

    folder: Path
    target: Path
    settings: Settings
    workers: int = 1
    scheduler: str | None = None


@dataclass(frozen=True)
class Swept:
    """What a sweep came to: its cities, how many were computed now, and why some failed."""

    cities: tuple[KeptCity, ...]
    ran: int
    failed: Mapping[str, str]

    @property
    def invented(self) -> int:
        """How many of the cities are invented."""
        return sum(city.synthetic for city in self.cities)


def run_sweep(sweep: Sweep, words: Words, tell: Callable[[str], None]) -> Swept:
    """Compute every city of a folder that has no finished file yet, and list what failed.

    `tell` hears how far it is. Raises UsageError when there is nothing to compute or nobody to
    compute it, and OutputsError when the place cannot be written or another sweep writes there.
    """
    _check(sweep)
    folders = city_folders(sweep.folder)
    sweep.target.parent.mkdir(parents=True, exist_ok=True)
    with locked(sweep.target, words):
        try:
            return _run(sweep, folders, words, tell)
        except OSError as error:
            raise unwritable(sweep.target, error, words) from error


def city_folders(folder: Path) -> dict[str, Path]:
    """The folders of cities in a folder, by name; raises UsageError when there is none."""
    if not folder.is_dir():
        raise UsageError(f"the folder {folder} was not found.")
    if (folder / CITY_FILE).is_file():
        raise UsageError(f"{folder} is a city. Name the folder that holds the folders of cities.")
    found = {
        place.name: place.absolute()
        for place in sorted(folder.iterdir())
        if (place / CITY_FILE).is_file() or (place / AGENCIES_FILE).is_file()
    }
    if not found:
        raise UsageError(f"{folder} holds no folder of a city: none has a file {CITY_FILE}.")
    return found


def _check(sweep: Sweep) -> None:
    arrow()
    settings = sweep.settings
    check_outcomes(settings.outcomes)
    for name, number, least in (
        ("draws", settings.draws, 1),
        ("seed", settings.seed, 0),
        ("workers", sweep.workers, 1),
    ):
        if number < least:
            raise UsageError(f"{name} is {number}; at least {least} is needed.")
    if not settings.scenarios:
        raise UsageError("no scenario is named. Name at least one.")


def _run(
    sweep: Sweep, folders: Mapping[str, Path], words: Words, tell: Callable[[str], None]
) -> Swept:
    target, settings = sweep.target.absolute(), sweep.settings
    _refuse_strangers(target, folders)
    target.mkdir(parents=True, exist_ok=True)
    tell(words("sweep.looking", all=words.number(len(folders))))
    keys, failed = _keys(folders, settings)
    kept = {city: kept_city(target, city, settings.keep_draws) for city in keys}
    waiting = []
    for city in folders:
        about = kept.get(city)
        if city in keys and about is not None and about.key == keys[city]:
            continue
        _remove(target, city)
        if city in keys:
            waiting.append(Task(city, str(folders[city]), str(target), settings, keys[city]))
    waiting.sort(key=lambda task: (-_size(Path(task.folder)), task.city))
    ended, seconds, workers = _computed(sweep, waiting, words, tell)
    _remove_parts(target)
    failed |= {one.city: one.failed for one in ended if one.failed}
    cities = []
    for city, key in keys.items():
        about = kept_city(target, city, settings.keep_draws)
        if about is not None and about.key == key:
            cities.append(about)
        elif city not in failed:
            failed[city] = (
                "its file is not here. The workers must write to a folder that is shared with "
                "this computer."
            )
    found = Swept(tuple(cities), sum(not one.failed for one in ended), failed)
    _write_lists(target, sweep, found, keys)
    _write_log(target, ended, seconds, workers)
    return found


def _keys(folders: Mapping[str, Path], settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """The key of each city, and why some have none: a file that cannot even be opened."""
    keys, failed = {}, {}
    for city, folder in folders.items():
        try:
            keys[city] = task_key(folder, settings)
        except OSError as error:
            failed[city] = f"{type(error).__name__}: {error}"
    return keys, failed


def _refuse_strangers(target: Path, folders: Mapping[str, Path]) -> None:
    """Do not mix the files of two folders of cities."""
    there = {path.stem for path in (target / QUANTILES).glob("*.parquet")}
    if strangers := sorted(there - set(folders)):
        raise OutputsError(
            f"{target} holds cities that are not in the folder, such as '{strangers[0]}' "
            f"({len(strangers)} in all). Choose another --out, or remove their files there."
        )


def _remove(target: Path, city: str) -> None:
    """Remove what an earlier sweep with other settings or data wrote of a city."""
    for dataset in (QUANTILES, DRAWS):
        city_file(target, dataset, city).unlink(missing_ok=True)


def _remove_parts(target: Path) -> None:
    """Remove what workers that were killed had half written."""
    for dataset in (QUANTILES, DRAWS):
        for part in (target / dataset).glob(".*.part"):
            part.unlink(missing_ok=True)


def _size(folder: Path) -> int:
    """Bytes of the tables of a city: the larger, the longer it takes."""
    return sum(path.stat().st_size for path in folder.glob("*.csv"))


def _computed(
    sweep: Sweep, tasks: Sequence[Task], words: Words, tell: Callable[[str], None]
) -> tuple[list[Ended], float, int]:
    """How each task ended, the largest first begun; the seconds that took, and the workers."""
    if not tasks:
        return [], 0.0, 0
    ended: list[Ended] = []
    with client_of(sweep.scheduler, min(sweep.workers, len(tasks))) as client:
        start = time.monotonic()
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        futures = {
            client.submit(run_task, task, key=f"{task.city}-{task.key}-{os.getpid()}"): task
            for task in tasks
        }
        try:
            for future in dask_distributed().as_completed(futures):
                ended.append(_ended(future, futures[future]))
                tell(_progress(ended, len(tasks), time.monotonic() - start, words))
        except BaseException:
            with suppress(Exception):
                client.cancel(list(futures), force=True)
            raise
        seconds = time.monotonic() - start
    return ended, seconds, workers


def _ended(future: Any, task: Task) -> Ended:
    """How a task ended; a worker that died again and again is an answer as well."""
    error = future.exception()
    if error is None:
        return future.result()
    if type(error).__name__ == "KilledWorker":
        return Ended(
            task.city,
            "every worker that computed it died, probably because memory ran out. "
            "Use fewer --draws or --workers, then run this again.",
        )
    return Ended(task.city, f"{type(error).__name__}: {error}")


def _progress(ended: Sequence[Ended], all: int, seconds: float, words: Words) -> str:
    left = seconds / len(ended) * (all - len(ended))
    sentence = words("sweep.running", done=words.number(len(ended)), all=words.number(all))
    if failed := sum(bool(one.failed) for one in ended):
        sentence += " " + words("sweep.failed_so_far", count=words.number(failed))
    return f"{sentence} {words('cli.left', time=time_words(left, words))}"


def _write_lists(target: Path, sweep: Sweep, found: Swept, keys: Mapping[str, str]) -> None:
    """The cities, those that failed, and the record; the same sweep writes the same bytes."""
    settings = sweep.settings
    names = ["city", "name", "synthetic", "agencies", "buildings", "plans"]
    _write_csv(
        target / CITIES,
        names,
        [
            [str(value).lower() if isinstance(value, bool) else value for value in row]
            for row in ([getattr(city, name) for name in names] for city in found.cities)
        ],
    )
    _write_csv(
        target / FAILED,
        ["city", "message"],
        [[city, found.failed[city]] for city in sorted(found.failed)],
    )
    versions = library_versions()
    write_json(
        {
            **asdict(settings),
            "cities": {city.city: city.key for city in found.cities},
            "failed": sorted(found.failed),
            "synthetic": found.invented,
            "versions": {name: versions[name] for name in ("opdanalysis", "numpy", "scipy")},
        },
        target / RECORD,
    )


def _write_csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([names, *rows])
    os.replace(part, path)


def _write_log(target: Path, ended: Sequence[Ended], seconds: float, workers: int) -> None:
    """Times and memory, which differ from run to run; kept when nothing was computed."""
    if not ended:
        return
    peaks = [one.peak_mib for one in ended if one.peak_mib is not None]
    write_json(
        {
            "seconds": round(seconds, 2),
            "workers": workers,
            "cpu_seconds": round(sum(one.cpu_seconds for one in ended), 2),
            "peak_mib": max(peaks, default=None),
            "cities": {one.city: round(one.seconds, 3) for one in ended},
        },
        target / LOG,
    )
