"""Options that several commands have, and what they share."""

from __future__ import annotations

import argparse
import os
from typing import Any

INTERRUPTED = 130
"""The exit code of a command that was stopped from outside."""

DIFFERENCE = 4
"""The exit code where two things that should be the same are not."""

FORMATS = ("table", "csv", "json", "markdown")
LANGUAGES = ("id", "en")


def language(command: argparse.ArgumentParser) -> None:
    """Let a command take the language that it speaks."""
    command.add_argument("--lang", choices=LANGUAGES, default="id", help="language (id)")


def form(command: argparse.ArgumentParser) -> None:
    """Let a command take the form of the table that it prints."""
    command.add_argument(
        "--format", choices=FORMATS, default="table", help="form of the table (table)"
    )


def cores() -> int:
    """The processor cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def progress() -> Any:
    """A context that gives a function to tell steps to; in a pipe each is a line."""
    from opdanalysis.study.terminal import progress

    return progress()
