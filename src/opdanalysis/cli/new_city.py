"""The command `new-city`: the tables of another city, empty or from a workbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from opdanalysis.cli.options import language


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    new = commands.add_parser("new-city", help="write the tables of another city, to be filled in")
    new.add_argument("name", help="id of the city, such as kota-baru")
    new.add_argument(
        "--out", type=Path, help="folder in which to write it (data/cities of the clone)"
    )
    form = new.add_mutually_exclusive_group()
    form.add_argument("--workbook", action="store_true", help="also write a workbook to fill in")
    form.add_argument(
        "--from", dest="filled", type=Path, metavar="WORKBOOK", help="take a workbook filled in"
    )
    language(new)
    new.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    import datetime

    from opdanalysis.study.new_city import write_city_of, write_template
    from opdanalysis.study.run_study import short_path
    from opdanalysis.text.words import Words

    words = Words(options.lang)
    if options.filled is not None:
        made = write_city_of(options.name, options.filled, options.out, words)
    else:
        today = f"{datetime.date.today():%Y-%m-%d}"
        made = write_template(options.name, options.out, today, words, options.workbook)
    folder = short_path(made.folder)
    print(words("new_city.written", folder=folder, study=short_path(made.study)))
    if made.workbook is not None:
        print(words("new_city.fill", file=short_path(made.workbook), name=options.name))
    known = options.name if made.study.parent.name == "studies" else folder
    print(words("new_city.next", city=known))
    return 0
