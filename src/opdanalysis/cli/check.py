"""The command `check`: list every problem of a city's data."""

from __future__ import annotations

import argparse

from opdanalysis.cli.options import language
from opdanalysis.errors import DataProblems


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    check = commands.add_parser("check", help="list every problem of a city's data")
    check.add_argument("city", help="id or folder of the city")
    language(check)
    check.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
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
