"""Published numbers against those that a study gives here, one by one."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError
from opdanalysis.study.kept import write_json
from opdanalysis.study.map import MAP
from opdanalysis.study.shown import TABLE
from opdanalysis.study.steps import RECORD, read_record
from opdanalysis.study.tolerance import as_number, same_number
from opdanalysis.study.values_file import VALUES
from opdanalysis.text.words import Words

ABOUT = "published.json"
"""The file that says how the published numbers were made."""

SETTINGS = ("lang", "draws", "seed")
"""The settings of a study that its published numbers belong to."""

BYTES, DIGITS, DIFFERENT, MISSING = "bytes", "digits", "different", "missing"
GRADES = (BYTES, DIGITS, DIFFERENT, MISSING)
"""How a published entry and yours agree: same bytes, same number to the stated digits, not, or
yours cannot be computed."""


@dataclass(frozen=True)
class Compared:
    """One published entry against yours; `reason` says why they do not have the same bytes."""

    table: str
    row: str
    column: str
    published: str
    yours: str
    grade: str
    reason: str


def publish(outputs: Path, reference: Path) -> int:
    """Copy the tables and values of an outputs folder to be the published ones.

    Returns how many tables there are. What was published before is removed.
    """
    record = read_record(outputs / RECORD)
    shutil.rmtree(reference, ignore_errors=True)
    (reference / "tables").mkdir(parents=True)
    tables = sorted((outputs / "tables").glob("*.csv"))
    for path in tables:
        shutil.copyfile(path, reference / "tables" / path.name)
    shutil.copyfile(outputs / VALUES, reference / VALUES)
    about = {
        "study": record["study"],
        **{name: record[name] for name in SETTINGS},
        "opdanalysis": record["opdanalysis"],
        "tables": _notebooks_of_tables(outputs / MAP),
    }
    write_json(about, reference / ABOUT)
    return len(tables)


def published_settings(reference: Path) -> dict[str, Any]:
    """Language, draws and seed of the published numbers. Raises UsageError when there are none."""
    about = read_record(reference / ABOUT)
    if not about:
        raise UsageError(
            f"no published numbers were found in {reference}. "
            "Write them with opdanalysis replicate STUDY --publish, or name their folder with "
            "--reference."
        )
    return {name: about[name] for name in SETTINGS}


def compare(reference: Path, outputs: Path, words: Words) -> list[Compared]:
    """Every published entry against that of an outputs folder, table by table, values last."""
    about = json.loads((reference / ABOUT).read_text(encoding="utf-8"))
    notebooks = {name for name, _ in read_record(outputs / RECORD).get("keys", [])}
    found: list[Compared] = []
    for path in sorted((reference / "tables").glob("*.csv")):
        yours = outputs / "tables" / path.name
        if not yours.is_file():
            notebook = about["tables"].get(path.stem, "")
            key = "no_table" if notebook in notebooks else "no_notebook"
            lost = words(f"trust.{key}", notebook=notebook, table=path.stem)
            found += _all_missing(path, lost)
        else:
            found += compare_tables(path.stem, _read(path), _read(yours), words)
    return [*found, *_compared_values(reference / VALUES, outputs / VALUES, words)]


def compare_tables(
    name: str, published: Sequence[Sequence[str]], yours: Sequence[Sequence[str]], words: Words
) -> Iterator[Compared]:
    """Every entry of a published table against that of yours; the first row of each is the header.

    Rows are matched by their labels, so that another order is no difference. Rows whose labels
    have changed are matched in their order, as long as both tables have as many of them.
    """
    header, *rows = published
    my_header, *my_rows = yours
    columns = {title: place for place, title in enumerate(my_header)}
    labels = _labels(header, rows)
    matches = _matched(rows, my_rows, labels, columns, header)
    for number, (row, match) in enumerate(zip(rows, matches, strict=True), start=2):
        label = " | ".join(row[place] for place in range(labels)) or str(number)
        for title, entry in zip(header, row, strict=False):
            here = (name, label, title, entry)
            if match is None:
                if entry:
                    yield Compared(*here, "", MISSING, words("trust.no_row"))
            elif title not in columns:
                if entry:
                    yield Compared(*here, "", MISSING, words("trust.no_column"))
            else:
                mine = match[columns[title]]
                if entry or mine:
                    yield Compared(*here, mine, *grade(entry, mine, words))


def grade(published: str, yours: str, words: Words) -> tuple[str, str]:
    """The grade of an entry and, unless the bytes are the same, the reason."""
    if published == yours:
        return BYTES, ""
    one, other = as_number(published), as_number(yours)
    if one is None or other is None:
        return DIFFERENT, words("trust.other_words")
    size = max(abs(one), abs(other)) or 1.0
    amount = f"{abs(one - other) / size:.1e}"
    if same_number(one, other):
        return DIGITS, words("trust.apart_little", amount=amount)
    return DIFFERENT, words("trust.apart", amount=amount)


def in_short(compared: Iterable[Compared]) -> list[Compared]:
    """The entries that differ, and one for all of a table that are missing for the same reason."""
    found: dict[tuple[str, str, str, str], Compared] = {}
    for one in compared:
        if one.grade == DIFFERENT:
            found[one.table, one.row, one.column, one.reason] = one
        elif one.grade == MISSING:
            found.setdefault((one.table, "", "", one.reason), one)
    return list(found.values())


def counted(compared: Iterable[Compared]) -> dict[str, Counter[str]]:
    """How many entries of each table have which grade."""
    found: dict[str, Counter[str]] = {}
    for one in compared:
        found.setdefault(one.table, Counter())[one.grade] += 1
    return found


def _labels(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns name a row: those before the first that holds only numbers, at least one."""
    for place in range(1, len(header)):
        entries = [row[place] for row in rows if row[place]]
        if entries and all(as_number(entry) is not None for entry in entries):
            return place
    return 1


def _matched(
    rows: Sequence[Sequence[str]],
    my_rows: Sequence[Sequence[str]],
    labels: int,
    columns: Mapping[str, int],
    header: Sequence[str],
) -> list[Sequence[str] | None]:
    """Your row for each published one, or None."""
    places = [columns.get(title) for title in header[:labels]]
    left: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(my_rows):
        key = tuple("" if place is None else row[place] for place in places)
        left.setdefault(key, []).append(number)
    found: list[int | None] = []
    for row in rows:
        same = left.get(tuple(row[:labels]))
        found.append(same.pop(0) if same else None)
    others = sorted(number for numbers in left.values() for number in numbers)
    if len(others) == found.count(None):
        remaining = iter(others)
        found = [next(remaining) if number is None else number for number in found]
    return [None if number is None else my_rows[number] for number in found]


def _compared_values(published: Path, yours: Path, words: Words) -> Iterator[Compared]:
    """Every published number in a sentence against yours of the same name."""
    mine = {row["name"]: row for row in _named(yours)} if yours.is_file() else {}
    for row in _named(published):
        name, value = row["name"], row["value"]
        here = (VALUES, name, row["sentence"], value)
        if name not in mine:
            yield Compared(*here, "", MISSING, words("trust.no_value"))
            continue
        other = mine[name]["value"]
        if value == other:
            yield Compared(*here, other, BYTES, "")
        else:  # a printed number has few digits, so any other digit is a difference
            apart = grade(row["number"], mine[name]["number"], words)[1]
            same = row["number"] == mine[name]["number"]
            reason = words("trust.other_form") if same else apart
            yield Compared(*here, other, DIGITS if same else DIFFERENT, reason)


def _all_missing(path: Path, reason: str) -> Iterator[Compared]:
    header, *rows = _read(path)
    labels = _labels(header, rows)
    for row in rows:
        label = " | ".join(row[:labels])
        for title, entry in zip(header, row, strict=False):
            if entry:
                yield Compared(path.stem, label, title, entry, "", MISSING, reason)


def _notebooks_of_tables(path: Path) -> dict[str, str]:
    """The notebook of each table, from the map."""
    return {row["name"]: row["notebook"] for row in _named(path) if row["kind"] == TABLE}


def _named(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
