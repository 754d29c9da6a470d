"""The beliefs that a report rests on, each with its range, what it rests on, and its sources."""

from __future__ import annotations

from collections import Counter

import numpy as np

from opdanalysis.parameters.parameter import Parameter, VectorParameter
from opdanalysis.report.cells import Cell, Table, unit_in_words
from opdanalysis.report.material import Material
from opdanalysis.text.ranges import three_digits
from opdanalysis.text.words import Words

COLUMNS = ("parameter", "value", "range", "unit", "evidence", "sources")


def parameters_table(material: Material) -> Table:
    """One row per belief; a column of the city, with a number for each entity, is summed up."""
    words = material.words
    rows = [
        _scalar(p, words) if isinstance(p, Parameter) else _vector(p, words)
        for p in (*material.book.scalars, *material.book.vectors)
        if isinstance(p, Parameter) or len(p.values)
    ]
    headers = tuple(words(f"report.column.{name}") for name in COLUMNS)
    title = words("report.table.parameters")
    return Table("parameters", title, headers, tuple(tuple(row) for row in rows))


def _scalar(p: Parameter, words: Words) -> list[Cell]:
    low, high = p.interval
    evidence = words(f"evidence.{p.evidence}")
    said = words("report.verify", evidence=evidence) if p.verify else evidence
    return [
        _text(words(f"parameter.{p.name}")),
        Cell(_number(p.value, words), f"{p.value:.6g}", True),
        _text(words("report.held") if low == high else _range(low, high, words)),
        _text(unit_in_words(p.unit, words)),
        _text(said),
        _text("; ".join(p.sources)),
    ]


def _vector(p: VectorParameter, words: Words) -> list[Cell]:
    middle = float(np.median(p.values))
    counts = Counter(p.evidence)
    parts = [
        words("report.evidence_count", evidence=words(f"evidence.{word}"), count=count)
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    sources = sorted({key for keys in p.sources for key in keys})
    value = _number(middle, words)
    return [
        _text(words(f"parameter.{p.name}")),
        Cell(
            words("report.middle_of", value=value, count=words.number(len(p.values))),
            f"{middle:.6g}",
            True,
        ),
        _text(_range(float(np.min(p.lows)), float(np.max(p.highs)), words)),
        _text(unit_in_words(p.unit, words)),
        _text(", ".join(parts)),
        _text("; ".join(sources)),
    ]


def _range(low: float, high: float, words: Words) -> str:
    return f"{_number(low, words)} – {_number(high, words)}"


def _number(value: float, words: Words) -> str:
    """A number with about three digits that count; whole numbers as they are."""
    if value == round(value):
        return words.number(value).replace("-", "−")
    return three_digits(value, words).replace("-", "−")


def _text(text: str) -> Cell:
    return Cell(text, text)
