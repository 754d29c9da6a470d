"""The command `estimate`: estimate from a city's own records."""

from __future__ import annotations

import argparse
from pathlib import Path

from opdanalysis.cli.options import language

RECORD_KINDS = {
    "letters": "letters between agencies, to parameters (YAML)",
    "bills": "bills of buildings, to parameters (YAML)",
    "survey": "answers of a satisfaction survey, to the index (CSV)",
    "panel": "outcomes by unit and month, to the effect of the move (CSV)",
}
"""Records that can be estimated from, and what is written."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    estimate = commands.add_parser("estimate", help="estimate from a city's own records")
    kinds = estimate.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind, what in RECORD_KINDS.items():
        record = kinds.add_parser(kind, help=what)
        record.add_argument("record", type=Path, help="file of the records (CSV)")
        if kind in ("survey", "panel"):
            record.add_argument("--seed", type=int, default=0, help="seed of what is drawn (0)")
        if kind != "survey":
            record.add_argument("--city", required=True, help="id or folder of the city")
        record.add_argument("--out", type=Path, required=True, help="file to write")
        record.add_argument("--columns", type=Path, help="which column is which (columns.yaml)")
        language(record)
        record.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.study.estimate import (
        estimate_bills,
        estimate_letters,
        estimate_panel,
        estimate_survey,
        said_of,
    )
    from opdanalysis.study.waiting import waiting
    from opdanalysis.text.words import Words

    words, record, out = Words(options.lang), options.record, options.out
    size = record.stat().st_size if record.is_file() else 0
    with waiting(words("wait.estimate"), words, f"estimate {options.kind}", size or 1):
        if options.kind == "letters":
            done = estimate_letters(record, options.city, out, options.columns)
        elif options.kind == "bills":
            done = estimate_bills(record, options.city, out, options.columns)
        elif options.kind == "panel":
            done = estimate_panel(record, options.city, out, options.seed, options.columns)
        else:
            done = estimate_survey(record, out, options.seed, options.columns)
    print(said_of(done, words))
    return 0
