"""The command `replicate`: hold every published number of a study against yours."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opdanalysis.cli.options import DIFFERENCE, LANGUAGES, cores, form, progress
from opdanalysis.errors import UsageError

if TYPE_CHECKING:
    from opdanalysis.study.replication import Compared
    from opdanalysis.text.words import Words

SETTINGS = ("draws", "seed", "lang")

MOST_ROWS = 30
"""How many entries that differ are listed where not all are asked for."""

WIDEST = 60
"""Letters of an entry that a table for people shows."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    replicate = commands.add_parser(
        "replicate", help="run a study and hold every published number against yours"
    )
    replicate.add_argument("study", help="file of the study, such as studies/palembang.yaml")
    replicate.add_argument("--all", action="store_true", help="list every number, also the same")
    replicate.add_argument(
        "--publish", action="store_true", help="make the study's numbers the published ones"
    )
    replicate.add_argument(
        "--reference", type=Path, help="folder of what was published (outputs/reference/<study>)"
    )
    replicate.add_argument("--out", type=Path, help="folder of your outputs (outputs/<study>)")
    replicate.add_argument("--draws", type=int, help="how many draws; only with --publish")
    replicate.add_argument("--seed", type=int, help="seed of the draws; only with --publish")
    replicate.add_argument("--lang", choices=LANGUAGES, help="language; only with --publish")
    replicate.add_argument("--jobs", type=int, help="notebooks at a time (as many as cores)")
    form(replicate)
    replicate.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.reading.places import project_folder
    from opdanalysis.reading.studies import read_study, study_reference, with_settings
    from opdanalysis.study.jobs import signals_interrupt
    from opdanalysis.study.replication import compare, publish, published_settings
    from opdanalysis.study.run_study import Run, outputs_folder, run_study, short_path
    from opdanalysis.text.words import Words

    given = {name: getattr(options, name) for name in SETTINGS}
    settings = {name: value for name, value in given.items() if value is not None}
    if settings and not options.publish:
        raise UsageError(
            f"--{next(iter(settings))} goes only with --publish; published numbers are compared "
            "with the settings that they were made with."
        )
    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"jobs is {options.jobs}; at least 1 is needed.")
    own = read_study(options.study)
    root = project_folder() or Path.cwd()
    reference = options.reference or root / "outputs" / "reference" / own.id
    if not options.publish:
        settings = published_settings(reference)
    file = with_settings(own, **settings)
    words = Words(file.lang)
    target = (options.out or outputs_folder(own, file.lang)).absolute()
    run = Run(file, study_reference(options.study), target, jobs=options.jobs or cores())
    with signals_interrupt(), progress() as tell:
        run_study(run, tell)
    if options.publish:
        tables = publish(target, reference)
        print(words("trust.published", tables=tables, path=short_path(reference.absolute())))
        return 0
    return _report(compare(reference, target, words), options, words)


def _report(compared: Sequence[Compared], options: argparse.Namespace, words: Words) -> int:
    """Print what was compared, and return the exit code."""
    from opdanalysis.study.replication import DIFFERENT, GRADES, MISSING, counted, in_short
    from opdanalysis.study.terminal import drawn, printed

    bad = [one for one in compared if one.grade in (DIFFERENT, MISSING)]
    columns = ("table", "row", "column", "published", "yours", "grade", "reason")
    if options.format != "table":
        import pandas as pd

        rows = [[getattr(one, name) for name in columns] for one in compared]
        print(printed(pd.DataFrame(rows, columns=columns), options.format))
        return DIFFERENCE if bad else 0
    counts = counted(compared)
    titles = [words("trust.column.table"), *(words(f"trust.grade.{grade}") for grade in GRADES)]
    lines = [[name, *(count[grade] for grade in GRADES)] for name, count in counts.items()]
    print(drawn(titles, lines, titles[1:]))
    short = in_short(bad)
    listed = compared if options.all else short[:MOST_ROWS]
    if listed:
        titles = [words(f"trust.column.{name}") for name in columns]
        print(drawn(titles, [_line(one, words) for one in listed]))
    if len(short) > MOST_ROWS and not options.all:
        print(words("trust.more", count=len(short) - MOST_ROWS))
    total = {grade: sum(count[grade] for count in counts.values()) for grade in GRADES}
    numbers = {grade: words.number(count) for grade, count in total.items()}
    print(words("trust.total", all=words.number(len(compared)), **numbers))
    if bad:
        print(words("trust.differs"))
    return DIFFERENCE if bad else 0


def _line(one: Compared, words: Words) -> list[str]:
    """An entry as a line of a table for people."""
    grade = words(f"trust.grade.{one.grade}")
    fields = (one.table, one.row, one.column, one.published, one.yours, grade, one.reason)
    return [text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…" for text in fields]
