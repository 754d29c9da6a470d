"""Where in a workbook the content of each file came from, so that a fault is told there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opdanalysis.errors import Problem
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.parameters import CITY_PARAMETERS
from opdanalysis.reading.places import CITY_FILE
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.workbook import FilledBook
from opdanalysis.reading.workbook_comparison import EditedSheet

STARTS = {"moves": "cluster", "levers": "levers", "plan_fates": "fates"}
"""The sheets of a plan, and how the places of their problems begin."""

COLUMNS = {"p05": "low", "p50": "mode", "p95": "high", "kind": "distribution"}
"""Keys of a distribution, and the columns in which they stand."""


@dataclass
class Places:
    """Where in a workbook the content of each file came from."""

    book: FilledBook
    titles: dict[str | None, str]
    edited: dict[str, EditedSheet]
    faults: Faults

    def in_workbook(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of files as problems of cells, without those of cells told before."""
        told = {(p.file, p.row, p.column) for p in self.faults.found}
        found = list(self.faults.found)
        for problem in problems:
            moved = self._moved(problem)
            if (moved.file, moved.row, moved.column) not in told:
                found.append(moved)
        return found

    def _moved(self, problem: Problem) -> Problem:
        stem, _, ending = problem.file.partition(".")
        if ending == "csv" and stem in self.edited:
            rows = self.edited[stem].rows
            number = problem.row
            if number is not None and number - 2 in range(len(rows)):
                number = rows[number - 2].number
            return self._problem(stem, number, problem.column, problem.message)
        parts = (problem.column or "").split(".")
        if problem.file == CITY_FILE and "city" in self.edited:
            rows = [row for row in self.edited["city"].rows if row.cells["key"] == parts[-1]]
            number = rows[0].number if rows else None
            return self._problem("city", number, "value", f"{parts[-1]}: {problem.message}")
        if problem.file == CITY_PARAMETERS:
            return self._belief("parameters", (parts[0],), parts[1:], problem)
        if stem.startswith("scenarios/"):
            ids = (stem.removeprefix("scenarios/"), *parts[1:2])
            return self._belief("scenarios", ids, parts[2:], problem)
        if stem.startswith(f"{PLANS_FOLDER}/"):
            return self._plan(stem.removeprefix(f"{PLANS_FOLDER}/"), problem)
        return problem

    def _problem(self, name: str, row: int | None, column: str | None, message: str) -> Problem:
        return Problem(self.book.where(self.titles[name]), row, column or None, message)

    def _belief(
        self, name: str, ids: Sequence[str], rest: Sequence[str], problem: Problem
    ) -> Problem:
        sheet = self.edited[name]
        column = rest[-1] if rest else None
        column = COLUMNS.get(column or "", column)
        for row in sheet.rows:
            if tuple(row.cells[key] for key in sheet.layout.key)[: len(ids)] == tuple(ids):
                return self._problem(name, row.number, column, problem.message)
        return problem

    def _plan(self, id: str, problem: Problem) -> Problem:
        """The sheet and row that a problem of a plan's file is about, as near as it can be told."""
        where = problem.column or ""
        name = next(
            (n for n, start in STARTS.items() if where.startswith(start)),
            "plans",
        )
        if not where:
            name = "moves"
        column = "id" if name == "plans" else "plan"
        rows = [row for row in self.edited[name].rows if row.cells[column] == id]
        if name == "moves" and where.startswith("cluster "):
            cluster = where.removeprefix("cluster ").partition(",")[0].partition(".")[0]
            rows = [row for row in rows if row.cells["cluster"] == cluster] or rows
        message = problem.message if not where else f"{where}: {problem.message}"
        return self._problem(name, rows[0].number if len(rows) == 1 else None, None, message)
