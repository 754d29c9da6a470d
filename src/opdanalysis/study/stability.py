"""A study computed twice, with all that should not matter changed in between."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import OpdError
from opdanalysis.reading.places import project_folder
from opdanalysis.reading.studies import StudyFile, read_study, study_reference, with_settings
from opdanalysis.study.comparing import Difference, first_difference
from opdanalysis.study.kept import CACHE_VARIABLE
from opdanalysis.study.run_study import Run, outputs_folder, run_study
from opdanalysis.study.steps import RUN_LOG
from opdanalysis.text.words import Words

READ = ("data", "notebooks", "studies")
"""What of a clone a study reads."""

RAW = "raw"
"""The part of the data that no study reads."""


@dataclass(frozen=True)
class Surroundings:
    """What is around a run that should not matter: its folder, variables and number of workers."""

    folder: str
    variables: Mapping[str, str]
    jobs: int


ONE = Surroundings(
    "one",
    {
        "PYTHONHASHSEED": "1",
        "TZ": "Asia/Jakarta",
        "LC_ALL": "C",
        "OPENBLAS_NUM_THREADS": "1",
        "COLUMNS": "200",
    },
    jobs=1,
)
OTHER = Surroundings(
    "another place",
    {
        "PYTHONHASHSEED": "2",
        "TZ": "America/New_York",
        "LC_ALL": "id_ID.UTF-8",
        "LANGUAGE": "id",
        "OPENBLAS_NUM_THREADS": "2",
        "COLUMNS": "60",
    },
    jobs=2,
)


class RunFailed(OpdError):
    """One of the two runs did not end well; what it said is the message."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.exit_code = code


def check_stability(
    study: str, settings: Mapping[str, Any], folder: Path, tell: Callable[[str], None]
) -> tuple[int, Difference | None]:
    """How many files a study writes, and the first difference between two runs of it, if any.

    Both runs begin with nothing kept, in two copies of what the study reads; `folder` holds them
    and their outputs. `tell` hears each step. Raises RunFailed when a run does not end well.
    """
    own = read_study(study)
    file = with_settings(own, **settings)
    words = Words(file.lang)
    log = outputs_folder(own, file.lang) / RUN_LOG
    outputs = []
    for number, around in enumerate((ONE, OTHER), start=1):
        place = folder / around.folder
        _copied(place)
        target = place / "outputs" / file.id
        target.mkdir(parents=True)
        with suppress(OSError):  # the times of an earlier run only tell how long this one takes
            shutil.copyfile(log, target / RUN_LOG)

        def heard(sentence: str, number: int = number) -> None:
            tell(words("trust.run", number=number, sentence=sentence))

        _run(study, settings, around, place, target, heard)
        log = target / RUN_LOG
        outputs.append(target)
    files = sum(p.is_file() and p.name != RUN_LOG for p in outputs[0].rglob("*"))
    return files, first_difference(outputs[0], outputs[1], words)


def _copied(place: Path) -> None:
    """A copy of what a study of the clone reads; outside a clone an empty folder."""
    place.mkdir(parents=True)
    project = project_folder()
    for name in READ if project else ():
        if (project / name).is_dir():
            left_out = shutil.ignore_patterns(RAW, "__pycache__", ".*")
            shutil.copytree(project / name, place / name, ignore=left_out)


def _run(
    study: str,
    settings: Mapping[str, Any],
    around: Surroundings,
    place: Path,
    target: Path,
    tell: Callable[[str], None],
) -> None:
    """One run, in a process of its own whose lines are told."""
    asked = {
        "study": study_reference(study),
        "settings": dict(settings),
        "target": str(target),
        "jobs": around.jobs,
    }
    cache = {CACHE_VARIABLE: str(place / "cache")}
    code = f"from {__name__} import run_one; run_one()"
    run = subprocess.Popen(
        [sys.executable, "-c", code, json.dumps(asked)],
        cwd=place,
        env={**os.environ, **around.variables, **cache},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        for line in run.stdout or ():
            tell(line.rstrip())
        said = run.communicate()[1]
    finally:
        if run.poll() is None:
            run.terminate()
            run.wait()
    if run.returncode:
        raise RunFailed(said.strip(), run.returncode)


def run_one() -> None:
    """One of the two runs, as its own process: it prints each step and ends with an exit code."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    asked = json.loads(sys.argv[1])
    try:
        file: StudyFile = with_settings(read_study(asked["study"]), **asked["settings"])
        run = Run(file, asked["study"], Path(asked["target"]), jobs=asked["jobs"])
        run_study(run, lambda sentence: print(sentence, flush=True))
    except OpdError as mistake:
        print(mistake, file=sys.stderr)
        sys.exit(mistake.exit_code)
