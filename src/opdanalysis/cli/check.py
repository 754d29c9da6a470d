"""The command `check`: every problem of a city's data, and what stands in for empty cells."""

from __future__ import annotations

import argparse

from opdanalysis.cli.options import FORMATS, language
from opdanalysis.errors import DataProblems


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    check = commands.add_parser("check", help="list every problem of a city's data")
    check.add_argument("city", help="id or folder of the city")
    check.add_argument(
        "--format", choices=FORMATS, default="table", help="form of the list of fallbacks (table)"
    )
    language(check)
    check.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.reading.everything import problems, read_everything
    from opdanalysis.study.fallback_list import fallbacks_frame, fallbacks_said
    from opdanalysis.study.terminal import printed
    from opdanalysis.text.words import Words

    found = problems(options.city)
    if found:
        raise DataProblems(found)
    known = read_everything(options.city)
    words = Words(options.lang)
    if options.format != "table":
        print(printed(fallbacks_frame(known.fallbacks), options.format))
        return 0
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
    if known.fallbacks:
        print(fallbacks_said(known.fallbacks, words))
    return 0
