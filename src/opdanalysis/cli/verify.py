"""The command `verify`: check a received outputs folder against its record."""

from __future__ import annotations

import argparse
from pathlib import Path

from opdanalysis.cli.options import DIFFERENCE, LANGUAGES

MOST_NAMES = 20
"""How many files of a kind are named."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    verify = commands.add_parser("verify", help="check that a folder of outputs is as written")
    verify.add_argument("folder", type=Path, help="folder with a record.json")
    verify.add_argument("--lang", choices=LANGUAGES, help="language (that of the outputs)")
    verify.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.study.steps import RECORD, read_record
    from opdanalysis.study.values_file import VALUES
    from opdanalysis.study.verification import verify
    from opdanalysis.text.words import LANGUAGES as KNOWN
    from opdanalysis.text.words import Words

    found = verify(options.folder)
    lang = options.lang or read_record(options.folder / RECORD).get("lang")
    words = Words(lang if lang in KNOWN else KNOWN[0])
    if found.is_whole:
        print(words("trust.whole", files=words.number(found.files)))
        return 0
    for kind, names in (
        ("missing", found.missing),
        ("extra", found.extra),
        ("changed", found.changed),
    ):
        if names:
            print(words(f"trust.{kind}", count=len(names)))
            print("\n".join(f"  {name}" for name in names[:MOST_NAMES]))
            if len(names) > MOST_NAMES:
                print("  ...")
    if not found.values_agree:
        print(words("trust.values_differ", file=VALUES))
    print(words("trust.not_whole"))
    return DIFFERENCE
