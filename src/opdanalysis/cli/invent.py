"""The command `invent`: folders of invented regencies, to try and to time a sweep."""

from __future__ import annotations

import argparse
from pathlib import Path

from opdanalysis.cli.options import language


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    invent = commands.add_parser("invent", help="write invented regencies, to try a sweep")
    invent.add_argument("folder", type=Path, help="folder to write them to")
    invent.add_argument("--cities", type=int, default=514, help="how many (514)")
    invent.add_argument("--seed", type=int, default=0, help="seed of the lots (0)")
    language(invent)
    invent.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.study.synthetic_cities import write_synthetic_cities
    from opdanalysis.text.words import Words

    written = write_synthetic_cities(options.folder, options.cities, options.seed)
    words = Words(options.lang)
    print(words("sweep.written", count=words.number(len(written)), path=options.folder))
    return 0
