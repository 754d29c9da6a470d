"""One sheet of an edited workbook against the data: what changed, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opdanalysis.reading.input_sheets import InputSheet
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.tables import NUMBER
from opdanalysis.reading.workbook import FilledRow
from opdanalysis.text.words import Words

REVIEW = "workbook-review"
"""The source of a number that was changed in a workbook and got no other source."""

JUDGEMENT = "judgement"

SPREAD = ("value", "distribution", "low", "mode", "high", "price_year")
"""The columns of a belief that are its number."""

BASES = {"standard_days": "standard_", "building": ""}
"""Further columns with evidence and source, and how the names of those two begin."""


@dataclass(frozen=True)
class Change:
    """One cell that differs from the data, or a whole row that is new or gone.

    `row` is the row of the workbook, None for a row that is gone; `key` tells whose cell it is.
    `column` is None for a whole row; `evidence` is what the new number rests on, or empty.
    """

    sheet: str
    row: int | None
    key: str
    column: str | None
    was: str
    now: str
    evidence: str = ""


@dataclass
class EditedSheet:
    """One sheet after editing: rows with their numbers, the rules applied."""

    layout: InputSheet
    rows: list[FilledRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def forgive_missing_rows(self) -> None:
        """Rows that are not there stay as they are: the data may be newer than the workbook."""
        self.changes = [c for c in self.changes if c.column is not None or c.row is not None]

    def of(self, column: str, id: str) -> list[Mapping[str, str]]:
        """The rows that hold an id in a column."""
        return [row.cells for row in self.rows if row.cells[column] == id]


def compared(layout: InputSheet, rows: Sequence[FilledRow], words: Words) -> EditedSheet:
    """The rows of a sheet against the data; numbers that read the same are the same."""
    before = dict(_keyed(layout, layout.cells()))
    found = EditedSheet(layout)
    seen = set()
    for key, row in zip(_keys(layout, [row.cells for row in rows]), rows, strict=True):
        seen.add(key)
        old = before.get(key)
        cells = _kept(layout, old, row.cells) if old else dict(row.cells)
        changed = [name for name in cells if old is not None and cells[name] != old[name]]
        if old is None or changed:
            cells = _rules(layout, old, cells, words)
        found.rows.append(FilledRow(row.number, cells))
        said = " / ".join(filter(None, key[:-1]))
        if old is None:
            line = words("workbook.added")
            found.changes.append(Change(layout.name, row.number, said, None, "", line))
        for name in changed:
            found.changes.append(
                Change(
                    layout.name,
                    row.number,
                    said,
                    name,
                    old[name] if old else "",
                    cells[name],
                    _evidence_of(layout, name, cells),
                )
            )
    for key in before:
        if key not in seen:
            said = " / ".join(filter(None, key[:-1]))
            line = words("workbook.removed")
            found.changes.append(Change(layout.name, None, said, None, "", line))
    return found


def _keys(layout: InputSheet, rows: Sequence[Mapping[str, str]]) -> list[tuple[str, ...]]:
    """What identifies each row: its key, and the how manieth of that key it is."""
    counts: dict[tuple[str, ...], int] = {}
    found = []
    for cells in rows:
        key = tuple(cells[name] for name in layout.key)
        counts[key] = counts.get(key, 0) + 1
        found.append((*key, str(counts[key])))
    return found


def _keyed(
    layout: InputSheet, rows: Sequence[Mapping[str, str]]
) -> Iterable[tuple[tuple[str, ...], Mapping[str, str]]]:
    return zip(_keys(layout, rows), rows, strict=True)


def _kept(layout: InputSheet, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The new cells, each as it was where it says the same."""
    cells = {}
    for column in layout.columns:
        was, now = old[column.name], new[column.name]
        same = column.shown_only or was == now or _equal(was, now)
        cells[column.name] = was if same else now
    return cells


def _equal(one: str, other: str) -> bool:
    """Whether two texts are the same number, or the same text but for blanks and line ends."""
    if NUMBER.fullmatch(one) and NUMBER.fullmatch(other):
        return float(one) == float(other)
    return one.split() == other.split()


def _rules(
    layout: InputSheet, old: Mapping[str, str] | None, cells: dict[str, str], words: Words
) -> dict[str, str]:
    """What follows from a change: the mode goes with the value, and who changed it judged it."""
    if layout.name in ("parameters", "scenarios"):
        return _judged_belief(old, cells, words)
    if layout.file is None:
        return cells
    pairs: dict[str, tuple[str, tuple[str, ...]]] = {
        name: (f"{name}_", (name, f"{name}_low", f"{name}_high")) for name in _uncertain(layout)
    }
    for name, start in BASES.items():
        if name in cells and f"{start}evidence" in cells:
            pairs[name] = (start, (name,))
    for name, (start, numbers) in pairs.items():
        evidence, source = f"{start}evidence", f"{start}source"
        moved = old is None or any(cells[n] != old[n] for n in numbers)
        said = old is not None and (cells[evidence], cells[source]) != (old[evidence], old[source])
        said = said or (old is None and bool(cells[evidence] or cells[source]))
        if moved and not said and cells[name]:
            cells[evidence], cells[source] = JUDGEMENT, REVIEW
    if old is None and "source" in cells and not cells["source"]:
        cells["source"] = REVIEW
    return cells


def _uncertain(layout: InputSheet) -> Iterable[str]:
    return TABLES[layout.file].uncertain if layout.file else ()


def _judged_belief(
    old: Mapping[str, str] | None, cells: dict[str, str], words: Words
) -> dict[str, str]:
    if old is None:
        return cells
    if cells["value"] != old["value"] and cells["mode"] == old["mode"] == old["value"]:
        cells["mode"] = cells["value"]
    moved = any(cells[name] != old[name] for name in SPREAD)
    said = any(cells[name] != old[name] for name in ("evidence", "source"))
    if moved and not said:
        was = f"{old['value']} ({old['evidence']}, {old['source']})"
        cells["evidence"], cells["source"] = JUDGEMENT, REVIEW
        if cells["reason"] == old["reason"]:
            cells["reason"] = words("workbook.reason", was=was)
    return cells


def _evidence_of(layout: InputSheet, column: str, cells: Mapping[str, str]) -> str:
    """What the number of a cell rests on now; empty for a cell that is no number."""
    if layout.name in ("parameters", "scenarios"):
        return cells["evidence"] if column in SPREAD else ""
    for name in _uncertain(layout):
        if column in (name, f"{name}_low", f"{name}_high"):
            return cells[f"{name}_evidence"]
    return ""
