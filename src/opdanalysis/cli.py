"""The commands for the shell: study, check, plans and compare."""

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
    from opdanalysis.study.open_study import OpenStudy

INTERRUPTED, OUR_BUG = 130, 70
FORMATS = ("table", "csv", "json", "markdown")
LANGUAGES = ("id", "en")

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
    return top


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=LANGUAGES, default="id", help="language (id)")


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=FORMATS, default="table", help="form of the table (table)"
    )


def _study(options: argparse.Namespace) -> int:
    from opdanalysis.reading.studies import read_study, study_reference
    from opdanalysis.study.open_study import OpenStudy, with_settings
    from opdanalysis.study.run_study import outputs_folder, run_study, short_path

    given = _given(options.parameters)
    own = read_study(options.study)
    settings = {name: given.pop(name) for name in SETTINGS if name in given}
    for name in ("draws", "seed", "lang"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    _check_settings(settings)
    study = OpenStudy(with_settings(own, **settings))
    target = options.out or outputs_folder(own, study.file.lang)
    with _progress() as tell:
        finished = run_study(study, study_reference(options.study), given, target, tell)
    print(_summary(finished.study))
    words = study.words
    title = words.of(study.file.title, study.file.id)
    print(
        words(
            "cli.finished",
            title=title,
            draws=words.number(study.file.draws),
            seed=study.file.seed,
        )
    )
    first = target / "html" / f"{Path(study.file.notebooks[0]).stem}.html"
    print(words("cli.outputs", path=short_path(target)))
    print(words("cli.start_page", path=short_path(first)))
    return 0


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


def _summary(study: OpenStudy) -> str:
    from opdanalysis.study.terminal import comparison, printed

    return printed(comparison(study.result, study.words), "table")


def _progress() -> Any:
    from opdanalysis.study.terminal import progress

    return progress()
