"""A whole study: check, compute once, run what changed, write everything or nothing."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.errors import NotebookFailed
from opdanalysis.reading.places import project_folder
from opdanalysis.reading.studies import StudyFile
from opdanalysis.study.assembly import log, put_together, time_words
from opdanalysis.study.description import write_description
from opdanalysis.study.imports import modules_in
from opdanalysis.study.jobs import run_jobs
from opdanalysis.study.kept import (
    Part,
    forget_longest_unused,
    keep_part,
    kept_part,
    write_json,
)
from opdanalysis.study.kernels import AUTO, FORK, STANDARD, Kernels, kernels
from opdanalysis.study.keys import data_hashes, ingredients
from opdanalysis.study.lock import locked
from opdanalysis.study.record import record
from opdanalysis.study.stage import Stage, staged
from opdanalysis.study.steps import RECORD, RUN_LOG, Step, Todo, read_sources, todo
from opdanalysis.text.words import Words

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy
    from opdanalysis.study.workbook_input import WorkbookStudy

Tell = Callable[[str], None]

CITY_FACTS = ("city", "synthetic", "plans")
"""What the record says that only the read city tells."""


@dataclass(frozen=True)
class Run:
    """What is asked of a run.

    `reference` is how the notebooks name the study's file, `given` holds further parameters of
    theirs, `target` is the folder to write, `jobs` how many notebooks run at a time, `kernel` of
    which kind, `force` runs also what did not change, `wait` waits for another run to end,
    `workbook` is the edited workbook that `file` and `reference` come from, if one.
    """

    file: StudyFile
    reference: str
    target: Path
    given: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 2
    kernel: str = AUTO
    force: bool = False
    wait: bool = False
    workbook: WorkbookStudy | None = None


@dataclass(frozen=True)
class Finished:
    """A study that ended well: how many of its notebooks ran, and how many were kept."""

    ran: int
    kept: int


def outputs_folder(file: StudyFile, lang: str) -> Path:
    """Where a study writes: outputs/<study>, or outputs/<study>-<lang> in another language."""
    root = project_folder() or Path.cwd()
    name = file.id if lang == file.lang else f"{file.id}-{lang}"
    return root / "outputs" / name


def short_path(path: Path) -> str:
    """A path as seen from here when it lies below, so that messages stay short."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def what_to_do(run: Run) -> Todo:
    """What a run would do, notebook by notebook, without doing it. Raises UsageError."""
    sources = read_sources(run.file, run.given)
    return todo(sources, run.file, run.reference, run.given, run.target, run.force)


def run_study(run: Run, tell: Tell = lambda sentence: None) -> Finished:
    """Bring the outputs of a study up to date.

    `tell` hears each step. Raises UsageError, DataProblems, NotebookFailed (the unfinished
    notebook is kept beside the outputs) and OutputsError. Notebooks that ended well are kept, so
    that the next run goes on from there.
    """
    words = Words(run.file.lang)
    read_sources(run.file, run.given)  # what is wrong there is said before anything is written
    with locked(run.target, words, tell if run.wait else None):
        found = what_to_do(run)
        steps = found.steps
        if found.is_done:
            _refresh(run, found)
            return Finished(0, len(steps))
        with staged(run.target, words) as stage:
            finished = _run(run, steps, stage, words, tell)
        shutil.rmtree(_failed_folder(run.target), ignore_errors=True)
        forget_longest_unused()
        return finished


def _refresh(run: Run, found: Todo) -> None:
    """Write the record anew where it differs, as it does by the commit."""
    city = {name: found.earlier[name] for name in CITY_FACTS} | _used(run)
    now = record(run.file, run.reference, run.given, found.steps, city, run.target)
    if now != found.earlier:
        write_json(now, run.target / RECORD)


def _run(run: Run, steps: list[Step], stage: Stage, words: Words, tell: Tell) -> Finished:
    """Run what must run and put the outputs together in the stage."""
    from opdanalysis.study.showing import keep_table
    from opdanalysis.study.workbook_input import CHANGES, changes_table

    waiting = [step for step in steps if step.why is not None]
    parts = {step.source.name: step.part for step in steps if step.part is not None}
    times: dict[str, float] = {}
    kind = STANDARD
    if waiting:
        if find_spec("ipykernel") is None:
            raise NotebookFailed(words("cli.no_kernel"))
        modules = sorted({name for step in waiting for name in modules_in(step.source.code)})
        with kernels(run.kernel, modules) as found:
            study = _opened(run, words, tell, times)
            parts |= _executed(run, study, waiting, stage, found, times, tell)
            kind = FORK if found.forked() else STANDARD
    else:
        study = _opened(run, words, tell, times)
    tell(words("cli.writing"))
    if run.workbook is not None:
        table = changes_table(run.workbook.changes, study.words)
        keep_table(stage.outputs, CHANGES, table, study.words)
    in_order = {step.source.name: parts[step.source.name] for step in steps}
    put_together(in_order, study, stage.outputs)
    write_description(in_order, study, steps, run.reference, stage.outputs)
    city = {
        "city": study.city.id,
        "synthetic": study.city.synthetic,
        "plans": [plan.id for plan in study.plans],
        **_used(run),
    }
    now = record(run.file, run.reference, run.given, steps, city, stage.outputs)
    write_json(now, stage.outputs / RECORD)
    ran = [step.source.name for step in waiting]
    write_json(log(in_order, ran, times, kind), stage.outputs / RUN_LOG)
    return Finished(len(waiting), len(steps) - len(waiting))


def _used(run: Run) -> dict[str, Any]:
    """What the record says of the workbook that was used, if one."""
    return {} if run.workbook is None else {"workbook": dict(run.workbook.record)}


def _opened(run: Run, words: Words, tell: Tell, times: dict[str, float]) -> OpenStudy:
    """The study, read and found good."""
    began = time.perf_counter()
    tell(words("cli.checking"))
    from opdanalysis.study.cache import forget_result
    from opdanalysis.study.open_study import OpenStudy

    study = OpenStudy(run.file)
    times["opening"] = round(time.perf_counter() - began, 3)
    if run.force:
        scenarios = [scenario.id for scenario in study.scenarios]
        forget_result(study.folder, study.plans, scenarios, run.file.draws, run.file.seed)
    return study


def _executed(
    run: Run,
    study: OpenStudy,
    waiting: list[Step],
    stage: Stage,
    found: Kernels,
    times: dict[str, float],
    tell: Tell,
) -> dict[str, Part]:
    """What the notebooks wrote that had to run. Each is kept as soon as it has ended well.

    The result is computed here, once, while the first notebooks run; those that need it wait for
    it and find it in the cache.
    """
    words = study.words
    parameters = {
        "study": run.reference,
        "plans": [plan.id for plan in study.plans],
        "scenario": study.scenarios[0].id,
        "draws": run.file.draws,
        "seed": run.file.seed,
        "lang": run.file.lang,
        **run.given,
    }
    result = words("cli.result")
    works: dict[str, Callable[[], Part | None]] = {result: partial(_compute, study, times)}
    for step in sorted(waiting, key=lambda step: -len(step.source.code)):
        works[step.source.name] = partial(_execute, run, step, parameters, words, stage, found)

    def progress(running: Sequence[str], done: int, left: float | None) -> None:
        sentence = words("cli.running", names=", ".join(running), done=done, all=len(works))
        if left is not None:
            sentence += " " + words("cli.left", time=time_words(left, words))
        tell(sentence)

    expected = _seconds_before(run.target)
    try:
        given, failed = run_jobs(works, run.jobs, expected, progress, found.kill)
    except KeyboardInterrupt:
        _keep_unfinished([s for s in waiting if not _is_kept(s)], stage, run.target, "interrupted")
        raise
    if failed:
        bad = [step for step in waiting if step.source.name in failed]
        for error in failed.values():
            if not isinstance(error, NotebookFailed):
                raise error
        kept = _keep_unfinished(bad, stage, run.target, "failed")
        lines = [str(failed[step.source.name]) for step in bad]
        if kept:
            lines.append(words("cli.partial", path=", ".join(map(short_path, kept))))
        raise NotebookFailed("\n".join(lines))
    return {name: part for name, part in given.items() if part is not None}


def _compute(study: OpenStudy, times: dict[str, float]) -> None:
    began = time.perf_counter()
    _ = study.result
    times["result"] = round(time.perf_counter() - began, 3)


def _execute(
    run: Run,
    step: Step,
    parameters: Mapping[str, Any],
    words: Words,
    stage: Stage,
    found: Kernels,
) -> Part:
    from opdanalysis.study.execution import execute

    part = execute(step.source, parameters, words, stage.work / step.source.name, found)
    data = data_hashes(run.file)
    if ingredients(step.source, run.file, run.reference, run.given, data).key != step.key:
        raise NotebookFailed(words("cli.changed_meanwhile", notebook=step.source.path.name))
    keep_part(step.key, part)
    return part


def _seconds_before(target: Path) -> dict[str, float]:
    """How long each notebook took in the last run [s]."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((target / RUN_LOG).read_text(encoding="utf-8"))["notebooks"]
        return {name: float(used["seconds"]) for name, used in found.items()}
    return {}


def _is_kept(step: Step) -> bool:
    return kept_part(step.key) is not None


def _failed_folder(target: Path) -> Path:
    return target.with_name(f"{target.name}-failed")


def _keep_unfinished(steps: list[Step], stage: Stage, target: Path, status: str) -> list[Path]:
    """Copy notebooks that did not come to their end beside the outputs, marked as such."""
    from opdanalysis.study.execution import copy_in

    folder = _failed_folder(target)
    shutil.rmtree(folder, ignore_errors=True)
    kept = []
    for step in steps:
        with suppress(OSError, ValueError):  # a full disk may leave nothing to keep
            copy = copy_in(stage.work / step.source.name, step.source)
            content = json.loads(copy.read_text(encoding="utf-8"))
            content["metadata"]["opdanalysis"] = {"status": status}
            folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            (folder / copy.name).write_text(text, encoding="utf-8", newline="\n")
            kept.append(folder / copy.name)
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)
    return kept
