"""The command `sweep`: compare plans with today in many cities at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from opdanalysis.cli.options import INTERRUPTED, cores, language, progress
from opdanalysis.errors import UsageError

if TYPE_CHECKING:
    from opdanalysis.study.sweep import Swept
    from opdanalysis.text.words import Words

SOME_FAILED = 6
"""The exit code of a sweep in which some cities failed and the others are there."""

ALL = "all"

SHOWN = 5
"""How many of the failed cities the terminal shows; the file has all."""

LETTERS = 200
"""Letters of a message that the terminal shows."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    sweep = commands.add_parser("sweep", help="compare plans with today in many cities at once")
    sweep.add_argument("folder", type=Path, help="folder that holds the folders of cities")
    sweep.add_argument("--out", type=Path, required=True, help="folder to write")
    sweep.add_argument("--draws", type=int, default=1000, help="how many draws (1000)")
    sweep.add_argument("--seed", type=int, default=0, help="seed of the draws (0)")
    sweep.add_argument(
        "--scenarios",
        nargs="+",
        default=["as-budgeted"],
        metavar="ID",
        help="scenarios (as-budgeted)",
    )
    sweep.add_argument(
        "--plans", nargs="+", default=[], metavar="ID", help="plans (all of each city)"
    )
    sweep.add_argument(
        "--outcomes",
        nargs="+",
        default=[],
        metavar="ID",
        help="outcomes, or `all` (all but those of service time)",
    )
    sweep.add_argument(
        "--keep-draws", action="store_true", help="also keep every draw, for sums over cities"
    )
    sweep.add_argument("--workers", type=int, help="processes to start (as there are cores)")
    sweep.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler that runs, tcp://HOST:8786"
    )
    language(sweep)
    sweep.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.study.jobs import signals_interrupt
    from opdanalysis.study.sweep import Sweep, run_sweep
    from opdanalysis.study.sweep_tasks import Settings
    from opdanalysis.text.words import Words

    if options.scheduler is not None and options.workers is not None:
        raise UsageError("--workers starts processes here, --scheduler uses others. Give one.")
    settings = Settings(
        plans=tuple(options.plans),
        scenarios=tuple(options.scenarios),
        outcomes=_outcomes(options.outcomes),
        draws=options.draws,
        seed=options.seed,
        keep_draws=options.keep_draws,
    )
    workers = cores() if options.workers is None else options.workers
    sweep = Sweep(options.folder, options.out, settings, workers, options.scheduler)
    words = Words(options.lang)
    try:
        with signals_interrupt(), progress() as tell:
            swept = run_sweep(sweep, words, tell)
    except KeyboardInterrupt:
        print(words("sweep.interrupted"), file=sys.stderr)
        return INTERRUPTED
    _report(swept, options.out, words)
    return SOME_FAILED if swept.failed else 0


def _outcomes(named: list[str]) -> tuple[str, ...]:
    """The outcomes in their usual order; those of service time, which are dear, only on wish."""
    from opdanalysis.experiment.run import check_outcomes
    from opdanalysis.outcomes import OUTCOMES, PARTS

    if named == [ALL]:
        return tuple(OUTCOMES)
    if not named:
        dear, _ = PARTS["service_time"]
        return tuple(id for id in OUTCOMES if id not in dear)
    check_outcomes(named)
    return tuple(id for id in OUTCOMES if id in named)


def _report(swept: Swept, target: Path, words: Words) -> None:
    from opdanalysis.study.run_study import short_path
    from opdanalysis.study.sweep import FAILED

    count = words.number
    kept = len(swept.cities) - swept.ran
    print(words("sweep.finished", cities=count(len(swept.cities)), kept=count(kept)))
    if swept.invented:
        print(words("sweep.invented", count=count(swept.invented)))
    if swept.failed:
        print(words("sweep.failed", count=count(len(swept.failed)), file=target / FAILED))
        for city in sorted(swept.failed)[:SHOWN]:
            message = " ".join(swept.failed[city].split())
            print(f"  {city}: {message[:LETTERS]}{'...' if len(message) > LETTERS else ''}")
    print(words("sweep.outputs", path=short_path(target)))
