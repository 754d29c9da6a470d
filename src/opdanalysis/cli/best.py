"""The command `best`: look for the best plan of a city."""

from __future__ import annotations

import argparse
from pathlib import Path

from opdanalysis.cli.options import form, language
from opdanalysis.errors import UsageError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    best = commands.add_parser("best", help="look for the best plan of a city")
    best.add_argument("city", help="id or folder of the city")
    best.add_argument("--moves", type=int, help="at most so many agencies move (no limit)")
    best.add_argument(
        "--seconds",
        type=float,
        help="how long to search (as many steps as a study takes, the same on every computer)",
    )
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
    language(best)
    form(best)
    best.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.reading.parameters import chosen_scenario
    from opdanalysis.study.best import moves_of, open_search, verdict, write_plan
    from opdanalysis.study.terminal import printed
    from opdanalysis.study.waiting import waiting
    from opdanalysis.text.words import Words

    _check_best(options)
    known = read_everything(options.city)
    scenario = chosen_scenario(known.scenarios, options.scenario)
    book = known.book.with_beliefs(scenario.beliefs, f"scenario '{scenario.id}'")
    rules = known.search_rules.with_more(options.stay, options.closed, options.apart)
    search = open_search(
        known.city, book, options.draws, options.seed, rules, not options.no_parking
    )
    words = Words(options.lang)
    with waiting(words("wait.best"), words, seconds=options.seconds):
        best, alone = search.best_and_contacts(options.moves, options.seconds, options.seed)
    if options.out is not None:
        write_plan(best.plan, options.out)
    moves = moves_of(best, words)
    if options.format != "table" or len(moves):
        print(printed(moves, options.format))
    if options.format == "table":
        print(verdict(best, alone, search, words))
        if options.out is not None:
            print(words("best.written", path=options.out))
    return 0


def _check_best(options: argparse.Namespace) -> None:
    for name, least in (("draws", 1), ("seed", 0), ("moves", 0)):
        number = getattr(options, name)
        if number is not None and number < least:
            raise UsageError(f"--{name} is {number}; {least} or a larger whole number is needed.")
    if options.seconds is not None and not options.seconds > 0:
        raise UsageError(f"--seconds is {options.seconds:g}; more than 0 is needed.")
