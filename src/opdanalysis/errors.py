"""Every way in which the package says no: what was found, where, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class OpdError(Exception):
    """A mistake that the reader can mend; it needs a sentence, not a traceback."""

    exit_code = 2


class UsageError(OpdError):
    """A wrong command, study file, plan, scenario or parameter."""


class NotebookFailed(OpdError):
    """A notebook stopped before its last cell."""

    exit_code = 1


class OutputsError(OpdError):
    """The outputs folder cannot be written."""

    exit_code = 5


@dataclass(frozen=True)
class Problem:
    """One fault of a data pack: file, row (as a spreadsheet counts), column and words.

    In a YAML file the row is the line, and the column is the key.
    """

    file: str
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        where = [self.file]
        in_cells = self.file.endswith(".csv") or ".xlsx" in self.file
        row, column = ("row", "column") if in_cells else ("line", "key")
        if self.row is not None:
            where.append(f"{row} {self.row}")
        if self.column is not None:
            where.append(f"{column} {self.column}")
        return f"{', '.join(where)}: {self.message}"


class DataProblems(OpdError):
    """Every fault found in a data pack, reported once."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(
            sorted(
                set(problems),
                key=lambda p: (
                    p.file,
                    p.row if p.row is not None else 0,
                    p.column or "",
                    p.message,
                ),
            )
        )
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        count = len(self.problems)
        head = "1 problem in the data" if count == 1 else f"{count} problems in the data"
        return "\n".join([f"{head}:", *(f"  {problem}" for problem in self.problems)])


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """A closing sentence with the nearest allowed word, or the allowed words where none is near."""
    words = sorted(allowed)
    if not words:
        return "There is none."
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(words[:12]) + (", ..." if len(words) > 12 else "")
    return f"Allowed: {shown}."
