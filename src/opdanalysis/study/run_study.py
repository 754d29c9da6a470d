"""A whole study: check, compute once, execute every notebook, write everything or nothing."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import NotebookFailed
from opdanalysis.reading.places import project_folder
from opdanalysis.reading.studies import StudyFile, notebook_path
from opdanalysis.study.notebooks import (
    SourceNotebook,
    check_parameters,
    execute,
    read_notebook,
)
from opdanalysis.study.open_study import OUTPUTS_VARIABLE, OpenStudy
from opdanalysis.study.pages import write_pages
from opdanalysis.study.record import record, write_json
from opdanalysis.study.stage import staged

Tell = Callable[[str], None]


@dataclass(frozen=True)
class FinishedStudy:
    """A study that ended well, and the folder with everything that it wrote."""

    study: OpenStudy
    folder: Path


def run_study(
    study: OpenStudy,
    reference: str,
    given: Mapping[str, Any],
    target: Path,
    tell: Tell = lambda sentence: None,
) -> FinishedStudy:
    """Compute a study and write its outputs.

    `reference` is how the notebooks name the study's file, `given` holds further parameters of
    theirs, `target` is the folder to write, `tell` hears each step. Raises UsageError,
    NotebookFailed (the partial notebook is kept beside the outputs) and OutputsError.
    """
    sources = [read_notebook(notebook_path(study.file, name)) for name in study.file.notebooks]
    check_parameters(sources, given)
    times: dict[str, float] = {}
    with staged(target) as stage:
        with _timed(times, "result", tell, study.words("cli.computing")):
            _ = study.result  # computed here once; every notebook finds it in the cache
        executed = []
        for notebook in sources:
            copy = stage / "notebooks" / f"{notebook.name}.ipynb"
            with _timed(times, notebook.name, tell, f"{notebook.path.name}"):
                _execute(study, reference, given, notebook, copy, stage, target)
            executed.append(copy)
        write_pages(executed, stage / "html", study.file.lang)
        write_json(record(study, [s.path for s in sources], stage), stage / "record.json")
        write_json(_log(times), stage / "run-log.json")
    return FinishedStudy(study, target)


def outputs_folder(file: StudyFile, lang: str) -> Path:
    """Where a study writes: outputs/<study>, or outputs/<study>-<lang> in another language."""
    root = project_folder() or Path.cwd()
    name = file.id if lang == file.lang else f"{file.id}-{lang}"
    return root / "outputs" / name


def _execute(
    study: OpenStudy,
    reference: str,
    given: Mapping[str, Any],
    notebook: SourceNotebook,
    copy: Path,
    stage: Path,
    target: Path,
) -> None:
    parameters = {
        "study": reference,
        "plans": [plan.id for plan in study.plans],
        "scenario": study.scenarios[0].id,
        "draws": study.file.draws,
        "seed": study.file.seed,
        "lang": study.file.lang,
        **given,
    }
    os.environ[OUTPUTS_VARIABLE] = str(stage)
    try:
        execute(notebook, parameters, study.file.lang, copy)
    except NotebookFailed as failure:
        kept = target.with_name(f"{target.name}-failed")
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        shutil.copy2(copy, kept / copy.name)
        raise NotebookFailed(
            f"{failure}\n{study.words('cli.partial', path=short_path(kept / copy.name))}"
        ) from failure
    finally:
        os.environ.pop(OUTPUTS_VARIABLE, None)


def short_path(path: Path) -> str:
    """A path as seen from here when it lies below, so that messages stay short."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


class _timed:
    """Tells when a step begins and notes how long it took."""

    def __init__(self, times: dict[str, float], name: str, tell: Tell, sentence: str) -> None:
        self._times, self._name, self._tell, self._sentence = times, name, tell, sentence

    def __enter__(self) -> None:
        self._tell(self._sentence)
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._times[self._name] = round(time.perf_counter() - self._start, 3)


def _log(times: Mapping[str, float]) -> dict[str, Any]:
    """Times and the machine: everything that may differ from run to run."""
    return {
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": dict(times),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
