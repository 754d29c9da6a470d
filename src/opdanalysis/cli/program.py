"""The program `opdanalysis`: its commands, and what a failure says."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from opdanalysis.cli import (
    best,
    check,
    compare,
    estimate,
    invent,
    new_city,
    plans,
    replicate,
    stable,
    study,
    sweep,
    verify,
)
from opdanalysis.cli.options import INTERRUPTED
from opdanalysis.errors import OpdError

OUR_BUG = 70
"""The exit code of a fault that is ours."""

COMMANDS = (
    study,
    check,
    plans,
    compare,
    best,
    estimate,
    sweep,
    invent,
    replicate,
    stable,
    verify,
    new_city,
)
"""The modules of the commands, in the order of the help."""

# The matrices here are small: more threads of linear algebra only wait for each other, and their
# number may change last digits. This takes effect because numpy is imported later.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 good, 1 a notebook failed, 2 wrong usage, 3 data, 4 a difference, 5 outputs not writable,
    70 our own bug, 130 interrupted.
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
    for command in COMMANDS:
        command.add(commands)
    return top
