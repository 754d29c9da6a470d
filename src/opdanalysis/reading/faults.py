"""The problems that reading finds, gathered to be reported once."""

from __future__ import annotations

from dataclasses import dataclass, field

from opdanalysis.errors import Problem


@dataclass
class Faults:
    """The problems found so far, and the files of which some rows could not be read.

    Nobody is blamed for naming an id of a lost row.
    """

    found: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def add(self, file: str, row: int | None, column: str | None, message: str) -> None:
        """Note one problem."""
        self.found.append(Problem(file, row, column, message))
