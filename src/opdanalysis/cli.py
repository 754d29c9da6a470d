"""The commands for the shell: study, check, plans, compare, best and estimate."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.errors import DataProblems, OpdError, UsageError

if TYPE_CHECKING:
    from opdanalysis.study.run_study import Finished, Run
    from opdanalysis.study.steps import Step
    from opdanalysis.text.words import Words

INTERRUPTED, OUR_BUG = 130, 70
FORMATS = ("table", "csv", "json", "markdown")
LANGUAGES = ("id", "en")
KERNELS = ("auto", "fork", "standard")

# The matrices here are small: more threads of linear algebra only wait for each other, and their
# number may change last digits. This takes effect because numpy is imported later.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 good, 1 a notebook failed, 2 wrong usage, 3 data, 5 outputs not writable, 70 our own bug,
    130 interrupted.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
    try:
        options, rest = parser().parse_known_args(arguments)
        if rest and (options.command != "compare" or any(word.startswith("-") for word in rest)):
            parser().error(f"unrecognized arguments: {' '.join(rest)}")
        if rest:  # plans that were named after an option
            options.plans = [*options.plans, *rest]
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except OpdError as mistake:
        print(mistake, file=sys.stderr)
        return mistake.exit_code
    except KeyboardInterrupt:
        print("Interrupted; earlier outputs are as they were. Run it again.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except Exception:
        traceback.print_exc()
        print(
            "This is a fault of opdanalysis, not yours. Please report it with the lines above.",
            file=sys.stderr,
        )
        return OUR_BUG


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="opdanalysis",
        description="What moving a city's agencies into shared buildings does.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    study = commands.add_parser("study", help="compute a study and write its outputs")
    study.add_argument("study", help="file of the study, such as studies/palembang.yaml")
    study.add_argument("--draws", type=int, help="how many draws (as in the study file)")
    study.add_argument("--seed", type=int, help="seed of the draws (as in the study file)")
    study.add_argument("--lang", choices=LANGUAGES, help="language (as in the study file)")
    study.add_argument("--out", type=Path, help="folder to write (outputs/<study>)")
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
    study.set_defaults(run=_study)

    check = commands.add_parser("check", help="list every problem of a city's data")
    check.add_argument("city", help="id or folder of the city")
    _language(check)
    check.set_defaults(run=_check)

    plans = commands.add_parser("plans", help="list the plans of a city")
    plans.add_argument("city", help="id or folder of the city")
    _language(plans)
    _format(plans)
    plans.set_defaults(run=_plans)

    compare = commands.add_parser("compare", help="compare plans with today")
    compare.add_argument("city", help="id or folder of the city")
    compare.add_argument("plans", nargs="*", metavar="PLAN", help="plans (all of the city)")
    compare.add_argument("--scenario", default="as-budgeted", help="scenario (as-budgeted)")
    compare.add_argument("--draws", type=int, default=1000, help="how many draws (1000)")
    compare.add_argument("--seed", type=int, default=0, help="seed of the draws (0)")
    _language(compare)
    _format(compare)
    compare.set_defaults(run=_compare)

    best = commands.add_parser("best", help="look for the best plan of a city")
    best.add_argument("city", help="id or folder of the city")
    best.add_argument("--moves", type=int, help="at most so many agencies move (no limit)")
    best.add_argument("--seconds", type=float, default=20.0, help="how long to search (20)")
    best.add_argument("--stay", nargs="+", default=[], metavar="AGENCY", help="who else stays")
    best.add_argument(
        "--closed", nargs="+", default=[], metavar="BUILDING", help="where else nobody moves in"
    )
    best.add_argument(
        "--apart",
        nargs=2,
        action="append",
        default=[],
        metavar="AGENCY",
        help="two agencies that may not share a building; may be given several times",
    )
    best.add_argument("--no-parking", action="store_true", help="let parking be no limit")
    best.add_argument("--scenario", default="as-budgeted", help="scenario (as-budgeted)")
    best.add_argument("--draws", type=int, default=300, help="how many draws (300)")
    best.add_argument("--seed", type=int, default=0, help="seed of draws and search (0)")
    best.add_argument("--out", type=Path, help="file of the plan to write (YAML)")
    _language(best)
    _format(best)
    best.set_defaults(run=_best)

    estimate = commands.add_parser("estimate", help="estimate from a city's own records")
    kinds = estimate.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind, what in RECORD_KINDS.items():
        record = kinds.add_parser(kind, help=what)
        record.add_argument("record", type=Path, help="file of the records (CSV)")
        if kind == "survey":
            record.add_argument("--seed", type=int, default=0, help="seed of the bootstrap (0)")
        else:
            record.add_argument("--city", required=True, help="id or folder of the city")
        record.add_argument("--out", type=Path, required=True, help="file to write")
        record.add_argument("--columns", type=Path, help="which column is which (columns.yaml)")
        _language(record)
        record.set_defaults(run=_estimate)
    return top


RECORD_KINDS = {
    "letters": "letters between agencies, to parameters (YAML)",
    "bills": "bills of buildings, to parameters (YAML)",
    "survey": "answers of a satisfaction survey, to the index (CSV)",
}
"""Records that can be estimated from, and what is written."""


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=LANGUAGES, default="id", help="language (id)")


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=FORMATS, default="table", help="form of the table (table)"
    )


def _study(options: argparse.Namespace) -> int:
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
    run = Run(
        file=file,
        reference=study_reference(options.study),
        target=(options.out or outputs_folder(own, file.lang)).absolute(),
        given=given,
        jobs=options.jobs or _cores(),
        kernel=options.kernel,
        force=options.force,
        wait=options.wait,
    )
    words = Words(file.lang)
    if options.plan:
        print(_steps(what_to_do(run).steps, words))
        return 0
    try:
        with signals_interrupt(), _progress() as tell:
            finished = run_study(run, tell)
    except KeyboardInterrupt:
        print(words("cli.interrupted"), file=sys.stderr)
        return INTERRUPTED
    _report(run, finished, words)
    return 0


def _cores() -> int:
    """The processor cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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


MOST_CHANGES = 4
"""How many names of changed things a line shows."""


def _report(run: Run, finished: Finished, words: Words) -> None:
    """Say what came out and where it lies."""
    from opdanalysis.study.assembly import COMPARISON
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
    for name in file.notebooks[:1]:
        first = run.target / "html" / f"{Path(name).stem}.html"
        print(words("cli.start_page", path=short_path(first)))


SETTINGS = {"plans": list, "scenario": str, "draws": int, "seed": int, "lang": str}
"""The settings of a study that -p may also give, and their kinds."""


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


def _check(options: argparse.Namespace) -> int:
    from opdanalysis.reading.everything import problems, read_everything
    from opdanalysis.text.words import Words

    found = problems(options.city)
    if found:
        raise DataProblems(found)
    known = read_everything(options.city)
    words = Words(options.lang)
    print(
        words(
            "cli.no_problem",
            city=known.city.name_in(options.lang),
            agencies=len(known.city.agencies),
            buildings=len(known.city.buildings),
            plans=len(known.plans),
            parameters=len(known.book),
        )
    )
    return 0


def _plans(options: argparse.Namespace) -> int:
    from opdanalysis.plans.comparison import plan_summary
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.study.terminal import printed
    from opdanalysis.text.words import Words

    known = read_everything(options.city)
    words = Words(options.lang)
    summary = plan_summary(known.city, list(known.plans.values())).reset_index()
    if options.format == "table":
        summary["plan"] = [words.of(plan.name, plan.id) for plan in known.plans.values()]
        summary["status"] = [words(f"status.{status}") for status in summary["status"]]
        summary.columns = [words(f"cli.columns.{name}") for name in summary.columns]
    print(printed(summary, options.format))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from opdanalysis.experiment.run import run_experiment
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.reading.parameters import chosen_scenario
    from opdanalysis.reading.plans import chosen_plans
    from opdanalysis.study.terminal import comparison, printed
    from opdanalysis.text.words import Words

    known = read_everything(options.city)
    plans = chosen_plans(known.plans, options.plans or known.plans)
    scenario = chosen_scenario(known.scenarios, options.scenario)
    beliefs = {scenario.id: scenario.beliefs}
    result = run_experiment(known.city, plans, known.book, beliefs, options.draws, options.seed)
    if options.format != "table":
        print(printed(result.quantiles(gains=True), options.format))
        return 0
    words = Words(options.lang)
    print(printed(comparison(result, words), "table"))
    print(
        words(
            "cli.note",
            draws=words.number(result.draws),
            scenario=words.of(scenario.name, scenario.id),
        )
    )
    return 0


def _best(options: argparse.Namespace) -> int:
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.reading.parameters import chosen_scenario
    from opdanalysis.study.best import moves_of, open_search, verdict, write_plan
    from opdanalysis.study.terminal import printed
    from opdanalysis.text.words import Words

    _check_best(options)
    known = read_everything(options.city)
    scenario = chosen_scenario(known.scenarios, options.scenario)
    book = known.book.with_beliefs(scenario.beliefs, f"scenario '{scenario.id}'")
    rules = known.search_rules.with_more(options.stay, options.closed, options.apart)
    search = open_search(
        known.city, book, options.draws, options.seed, rules, not options.no_parking
    )
    best = search.best(options.moves, options.seconds, None, options.seed)
    if options.out is not None:
        write_plan(best.plan, options.out)
    words = Words(options.lang)
    moves = moves_of(best, words)
    if options.format != "table" or len(moves):
        print(printed(moves, options.format))
    if options.format == "table":
        print(verdict(best, search, words))
        if options.out is not None:
            print(words("best.written", path=options.out))
    return 0


def _check_best(options: argparse.Namespace) -> None:
    for name, least in (("draws", 1), ("seed", 0), ("moves", 0)):
        number = getattr(options, name)
        if number is not None and number < least:
            raise UsageError(f"--{name} is {number}; {least} or a larger whole number is needed.")
    if not options.seconds > 0:
        raise UsageError(f"--seconds is {options.seconds:g}; more than 0 is needed.")


def _estimate(options: argparse.Namespace) -> int:
    from opdanalysis.study.estimate import (
        estimate_bills,
        estimate_letters,
        estimate_survey,
        said_of,
    )
    from opdanalysis.text.words import Words

    if options.kind == "letters":
        done = estimate_letters(options.record, options.city, options.out, options.columns)
    elif options.kind == "bills":
        done = estimate_bills(options.record, options.city, options.out, options.columns)
    else:
        done = estimate_survey(options.record, options.out, options.seed, options.columns)
    print(said_of(done, Words(options.lang)))
    return 0


def _progress() -> Any:
    from opdanalysis.study.terminal import progress

    return progress()
