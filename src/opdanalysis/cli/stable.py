"""The command `stable`: compute a study twice, and say where the two differ."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from opdanalysis.cli.options import DIFFERENCE, LANGUAGES, progress


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    stable = commands.add_parser(
        "stable", help="compute a study twice in other surroundings and compare every byte"
    )
    stable.add_argument("study", help="file of the study, such as studies/palembang.yaml")
    stable.add_argument("--draws", type=int, help="how many draws (as in the study file)")
    stable.add_argument("--seed", type=int, help="seed of the draws (as in the study file)")
    stable.add_argument("--lang", choices=LANGUAGES, help="language (as in the study file)")
    stable.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.reading.studies import read_study, with_settings
    from opdanalysis.study.jobs import signals_interrupt
    from opdanalysis.study.stability import check_stability
    from opdanalysis.text.words import Words

    given = {name: getattr(options, name) for name in ("draws", "seed", "lang")}
    settings = {name: value for name, value in given.items() if value is not None}
    words = Words(with_settings(read_study(options.study), **settings).lang)
    folder = Path(tempfile.mkdtemp(prefix="opdanalysis-stable-"))
    keep = False
    try:
        with signals_interrupt(), progress() as tell:
            files, difference = check_stability(options.study, settings, folder, tell)
        keep = difference is not None
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    if difference is None:
        print(words("trust.stable", files=words.number(files)))
        return 0
    print(words("trust.unstable", file=difference.file, where=difference.where))
    print(f"  1: {difference.one}\n  2: {difference.other}")
    print(words("trust.both_kept", path=folder))
    return DIFFERENCE
