"""The command `study`: compute a study and write its outputs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.cli.options import INTERRUPTED, LANGUAGES, cores, progress
from opdanalysis.errors import UsageError

if TYPE_CHECKING:
    from opdanalysis.study.run_study import Finished, Run
    from opdanalysis.study.steps import Step
    from opdanalysis.study.workbook_input import WorkbookStudy
    from opdanalysis.text.words import Words

KERNELS = ("auto", "fork", "standard")

MOST_CHANGES = 4
"""How many names of changed things a line shows."""

MOST_LISTED = 30
"""How many changes of a workbook are shown; the table in the outputs has them all."""

SETTINGS = {"plans": list, "scenario": str, "draws": int, "seed": int, "lang": str}
"""The settings of a study that -p may also give, and their kinds."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    study = commands.add_parser("study", help="compute a study and write its outputs")
    study.add_argument("study", help="file of the study, such as studies/palembang.yaml")
    study.add_argument("--draws", type=int, help="how many draws (as in the study file)")
    study.add_argument("--seed", type=int, help="seed of the draws (as in the study file)")
    study.add_argument("--lang", choices=LANGUAGES, help="language (as in the study file)")
    study.add_argument("--out", type=Path, help="folder to write (outputs/<study>)")
    study.add_argument(
        "--workbook",
        type=Path,
        metavar="FILE",
        help="a study.xlsx with edited inputs; writes outputs/<study>-workbook",
    )
    study.add_argument(
        "-p",
        dest="parameters",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter that the notebooks declare; may be given several times",
    )
    study.add_argument(
        "--plan", action="store_true", help="only say which notebooks would run, and why"
    )
    study.add_argument(
        "--force", action="store_true", help="run every notebook, also what has not changed"
    )
    study.add_argument("--jobs", type=int, help="notebooks at a time (as many as there are cores)")
    study.add_argument(
        "--wait", action="store_true", help="wait while another run writes the same folder"
    )
    study.add_argument(
        "--kernel",
        choices=KERNELS,
        default=KERNELS[0],
        help="how kernels start: forked from one that is ready, or one by one (auto)",
    )
    study.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.reading.studies import read_study, study_reference, with_settings
    from opdanalysis.study.jobs import signals_interrupt
    from opdanalysis.study.run_study import Run, outputs_folder, run_study, what_to_do
    from opdanalysis.text.words import Words

    given = _given(options.parameters)
    own = read_study(options.study)
    settings = {name: given.pop(name) for name in SETTINGS if name in given}
    for name in ("draws", "seed", "lang"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    _check_settings(settings)
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"jobs is {options.jobs}; at least 1 is needed.")
    file = with_settings(own, **settings)
    reference, target, edited = study_reference(options.study), outputs_folder(own, file.lang), None
    if options.workbook is not None:
        from opdanalysis.study.workbook_input import study_with_workbook

        edited = study_with_workbook(file, reference, options.workbook)
        file, reference = edited.file, edited.reference
        target = target.with_name(f"{target.name}-workbook")
        print(_said_of(edited, Words(file.lang)))
    run = Run(
        file=file,
        reference=reference,
        target=(options.out or target).absolute(),
        given=given,
        jobs=options.jobs or cores(),
        kernel=options.kernel,
        force=options.force,
        wait=options.wait,
        workbook=edited,
    )
    words = Words(file.lang)
    if options.plan:
        print(_steps(what_to_do(run).steps, words))
        return 0
    try:
        with signals_interrupt(), progress() as tell:
            finished = run_study(run, tell)
    except KeyboardInterrupt:
        print(words("cli.interrupted"), file=sys.stderr)
        return INTERRUPTED
    _report(run, finished, words)
    return 0


def _said_of(edited: WorkbookStudy, words: Words) -> str:
    """What an edited workbook changes: a sentence, and the first changes as a table."""
    from opdanalysis.study.terminal import drawn
    from opdanalysis.study.workbook_input import changes_table

    name, count = edited.record["file"], len(edited.changes)
    if not count:
        return words("workbook.same", file=name)
    lines = [] if edited.same_data else [words("workbook.other_data")]
    lines.append(words("workbook.changed", file=name, count=words.number(count)))
    table = changes_table(edited.changes[:MOST_LISTED], words)
    lines.append(drawn([str(name) for name in table], [tuple(row) for row in table.to_numpy()]))
    if count > MOST_LISTED:
        lines.append(words("workbook.more", count=words.number(count - MOST_LISTED)))
    return "\n".join(lines)


def _steps(steps: Sequence[Step], words: Words) -> str:
    """What a run would do, as a table."""
    from opdanalysis.study.terminal import drawn

    rows = []
    for step in steps:
        names = ", ".join(step.changes[:MOST_CHANGES])
        names += ", ..." if len(step.changes) > MOST_CHANGES else ""
        why = words(f"cli.steps.{step.why or 'kept'}").format(names=names)
        act = words("cli.steps.run" if step.why else "cli.steps.keep")
        rows.append((step.source.name, act, why))
    return drawn([words(f"cli.steps.{name}") for name in ("notebook", "step", "why")], rows)


def _report(run: Run, finished: Finished, words: Words) -> None:
    """Say what came out and where it lies."""
    from opdanalysis.study.assembly import COMPARISON, REPORT
    from opdanalysis.study.run_study import short_path
    from opdanalysis.study.terminal import printed_file

    file = run.file
    print(printed_file(run.target / COMPARISON))
    title = words.of(file.title, file.id)
    print(words("cli.finished", title=title, draws=words.number(file.draws), seed=file.seed))
    if not finished.ran:
        print(words("cli.unchanged"))
    elif finished.kept:
        print(words("cli.kept_some", ran=finished.ran, kept=finished.kept))
    print(words("cli.outputs", path=short_path(run.target)))
    print(words("cli.start_page", path=short_path(run.target / REPORT)))


def _given(pairs: Sequence[str]) -> dict[str, Any]:
    """The parameters of -p NAME=VALUE, each value read as YAML."""
    import yaml

    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.isidentifier():
            raise UsageError(f"-p {pair}: write NAME=VALUE, such as -p draws=500.")
        try:
            found[name] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise UsageError(f"-p {pair}: the value cannot be read.") from error
    return found


def _check_settings(settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        if not isinstance(value, SETTINGS[name]) or isinstance(value, bool):
            raise UsageError(
                f"parameter '{name}' is {value!r}, but {SETTINGS[name].__name__} is expected."
            )
