"""Every number in the sentences of a study, as it is printed, with the cell that says it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from opdanalysis.study.shown import SAID, Shown

VALUES = "values.csv"
"""The file of the values in a study's outputs."""

COLUMNS = ("name", "value", "number", "sentence", "notebook", "cell", "cell_id")

NUMBER = re.compile(
    r"(?:(?<=Rp)|(?<![\w/]))(?<![A-Za-z]-)(?<!\d{4}-)(?<!-\d\d-)"
    r"[-−]?\d+(?:[.,]\d+)*%?(?![\w/]|-\d\d-\d\d)"
)
"""A number in a sentence; not a part of an id such as c06, of 14/2017 or of a day 2025-11-10."""

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
"""Where a sentence ends."""


@dataclass(frozen=True)
class SaidValue:
    """One number that a cell says.

    `name` is the notebook, what the cell calls, and which number of it this is; `value` is the
    number as printed and `number` the same with a decimal point.
    """

    name: str
    value: str
    number: str
    sentence: str
    notebook: str
    cell: int
    cell_id: str


def said_values(shown: Iterable[Shown], lang: str) -> list[SaidValue]:
    """Every number in the sentences that notebooks show, in their order."""
    found: list[SaidValue] = []
    times: Counter[tuple[str, str]] = Counter()
    for one in shown:
        if one.kind != SAID:
            continue
        times[one.notebook, one.name] += 1
        time = times[one.notebook, one.name]
        start = f"{one.notebook}.{one.name}" + (f"-{time}" if time > 1 else "")
        number = 0
        for sentence in SENTENCE.split(one.text):
            for value in NUMBER.findall(sentence):
                number += 1
                found.append(
                    SaidValue(
                        f"{start}.{number}",
                        value,
                        plain_number(value, lang),
                        sentence.strip().removeprefix("* "),
                        one.notebook,
                        one.cell,
                        one.cell_id,
                    )
                )
    return found


def plain_number(value: str, lang: str) -> str:
    """A printed number with a decimal point and nothing else: "−1.234,5%" becomes "-1234.5"."""
    if lang == "id":
        value = value.replace(".", "").replace(",", ".")
    return value.replace(",", "").replace("−", "-").rstrip("%")


def values_text(values: Iterable[SaidValue]) -> str:
    """The file of the values, as CSV."""
    rows = [[getattr(one, column) for column in COLUMNS] for one in values]
    return csv_text(COLUMNS, rows)


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV with the same bytes on every system."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue()
