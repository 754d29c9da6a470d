r"""A table in LaTeX: booktabs, caption, label, a row of units, ranges under one head, notes below.

What is written needs \usepackage{array,booktabs,longtable,pdflscape,rotating,threeparttable}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

PACKAGES = "array,booktabs,longtable,pdflscape,rotating,threeparttable"

LONG = 30
"""Rows from which a table runs over pages."""

NORMAL_CM, WIDE_CM = 16.0, 24.0
"""Estimated widths up to which a table stands upright, and up to which it fits when turned."""

LETTER_CM = 0.18
"""Width of a letter in a table [cm]."""

NARROW, WIDEST = 14, 40
"""Letters up to which a header stays on one line, and a text in its column."""

UNIT_WORDS = r"Rp|%|± ?%|m²|km|jam|hari|menit|poin|orang|tCO2e|hours?|days?|minutes?|points?|people"
UNIT = re.compile(rf"\s*\(((?:{UNIT_WORDS})[^()]*)\)")
"""The unit in a header, in brackets after its name."""

SIGNS: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{THIN SPACE}": r"\,",
    "\N{NARROW NO-BREAK SPACE}": r"\,",
    "−": "$-$",
    "–": "--",
    "—": "---",
    "×": r"$\times$",
    "±": r"$\pm$",
    "·": r"$\cdot$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "✓": r"$\surd$",
    "✗": r"$\times$",
    "²": r"\textsuperscript{2}",
    "³": r"\textsuperscript{3}",
    "…": r"\ldots{}",
    "“": "``",
    "”": "''",
    "\N{LEFT SINGLE QUOTATION MARK}": "`",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\n": " ",
    "\r": " ",
    "\t": " ",
}
"""Signs that LaTeX takes for commands, or that its usual fonts lack."""


@dataclass(frozen=True)
class Head:
    """The head of one column: the name that it may share, its point of a range, its unit."""

    name: str
    point: str
    unit: str


def escaped(text: str) -> str:
    """A text that LaTeX prints as it is."""
    return "".join(SIGNS.get(sign, sign) for sign in text)


def head_of(header: str, points: Sequence[str]) -> Head:
    """What a header says: "Biaya (Rp miliar), sekarang: 5%" is name, point and unit."""
    stem, _, point = header.rpartition(": ")
    if not stem or point not in points:
        stem, point = header, ""
    found = UNIT.search(stem)
    unit = found[1] if found else ""
    name = UNIT.sub("", stem, count=1).strip() if found else stem
    return Head(name or stem, point, unit)


def latex(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    points: Sequence[str],
    caption: str,
    label: str,
    notes: Sequence[str],
    continued: str,
) -> str:
    """The table as a float, or over several pages when it is long.

    Numbers of a column have equal decimals, so that they stand point under point on the right.
    Without a caption it has no number and no label.
    """
    heads = [head_of(name, points) for name in header]
    cells = [
        [
            _number(cell) if number else escaped(cell)
            for cell, number in zip(row, numeric, strict=True)
        ]
        for row in rows
    ]
    widths = [
        _width_cm(*column) for column in zip(heads, _columns(rows, header), numeric, strict=True)
    ]
    spec = "".join(
        _spec(head, column, number)
        for head, column, number in zip(heads, _columns(rows, header), numeric, strict=True)
    )
    titled = [rf"\caption{{{escaped(caption)}}}", rf"\label{{tab:{label}}}"] if caption else []
    top = [r"\toprule", *_head_rows(heads, numeric), r"\midrule"]
    body = [" & ".join(row) + r" \\" for row in cells]
    said = [escaped(note) for note in notes]
    wide = sum(widths)
    if len(rows) > LONG:
        lines = _long(spec, titled, top, body, said, len(header), wide, continued)
    else:
        lines = _float(spec, titled, top, body, said, wide)
    return "\n".join([rf"% \usepackage{{{PACKAGES}}}", *lines, ""])


def _columns(rows: Sequence[Sequence[str]], header: Sequence[str]) -> list[Sequence[str]]:
    return [[row[place] for row in rows] for place in range(len(header))]


def _number(cell: str) -> str:
    """A number whose minus sign is one."""
    return f"$-${escaped(cell[1:])}" if cell.startswith("-") else escaped(cell)


def _longest(column: Sequence[str]) -> int:
    return max(map(len, column), default=0)


def _width_cm(head: Head, column: Sequence[str], number: bool) -> float:
    """How wide a column will be, by its letters [cm]."""
    if number:
        own = max(
            _longest(column), len(head.point), min(len(head.name), NARROW) if not head.point else 0
        )
        return LETTER_CM * own + 0.4
    return 5.4 if _longest(column) > WIDEST else LETTER_CM * max(_longest(column), NARROW) + 0.4


def _spec(head: Head, column: Sequence[str], number: bool) -> str:
    """The kind of a column: numbers to the right, long texts and long headers in a paragraph."""
    if not number:
        return r">{\raggedright\arraybackslash}p{5cm}" if _longest(column) > WIDEST else "l"
    if not head.point and len(head.name) > NARROW:
        return r">{\raggedleft\arraybackslash}p{2.2cm}"
    return "r"


def _head_rows(heads: Sequence[Head], numeric: Sequence[bool]) -> list[str]:
    """One to three rows: what ranges share, the names and points, the units."""
    groups = [list(found) for _, found in groupby(enumerate(heads), key=_shared)]
    rows = []
    if any(head.point for head in heads):
        spans, rules = [], []
        for group in groups:
            first, last = group[0][0], group[-1][0]
            if not group[0][1].point:
                spans.append("")
                continue
            inside = rf">{{\centering\arraybackslash}}p{{{1.3 * len(group):.1f}cm}}"
            name = escaped(group[0][1].name)
            spans.append(rf"\multicolumn{{{len(group)}}}{{{inside}}}{{{name}}}")
            rules.append(rf"\cmidrule(lr){{{first + 1}-{last + 1}}}")
        rows += [" & ".join(spans) + r" \\", "".join(rules)]
    rows.append(" & ".join(escaped(head.point or head.name) for head in heads) + r" \\")
    if any(head.unit for head in heads):
        units = []
        for group in groups:
            unit = group[0][1].unit
            side = "c" if len(group) > 1 else "r" if numeric[group[0][0]] else "l"
            said = rf"\footnotesize ({escaped(unit)})" if unit else ""
            alone = rf"\multicolumn{{{len(group)}}}{{{side}}}{{{said}}}"
            units += [alone] if said else [""] * len(group)
        rows.append(" & ".join(units) + r" \\")
    return rows


def _shared(numbered: tuple[int, Head]) -> tuple[str, str, int]:
    """What makes neighbours one range: name and unit, and that they are points at all."""
    place, head = numbered
    return (head.name, head.unit, -1) if head.point else (head.name, head.unit, place)


def _float(
    spec: str,
    titled: Sequence[str],
    top: Sequence[str],
    body: Sequence[str],
    notes: Sequence[str],
    wide: float,
) -> list[str]:
    kind = "sidewaystable" if wide > NORMAL_CM else "table"
    place = "" if kind == "sidewaystable" else "[htbp]"
    below = [r"\begin{tablenotes}\footnotesize", *(rf"\item {note}" for note in notes)]
    return [
        rf"\begin{{{kind}}}{place}",
        r"\centering",
        *_smaller(wide),
        r"\begin{threeparttable}",
        *titled,
        rf"\begin{{tabular}}{{{spec}}}",
        *top,
        *body,
        r"\bottomrule",
        r"\end{tabular}",
        *([*below, r"\end{tablenotes}"] if notes else []),
        r"\end{threeparttable}",
        rf"\end{{{kind}}}",
    ]


def _long(
    spec: str,
    titled: Sequence[str],
    top: Sequence[str],
    body: Sequence[str],
    notes: Sequence[str],
    columns: int,
    wide: float,
    continued: str,
) -> list[str]:
    turned = wide > NORMAL_CM
    below = [
        rf"\multicolumn{{{columns}}}{{p{{0.9\linewidth}}}}{{\footnotesize {note}}} \\"
        for note in notes
    ]
    lines = [
        r"\begingroup",
        *_smaller(wide),
        rf"\begin{{longtable}}{{{spec}}}",
        *([*titled, r"\\"] if titled else []),
        *top,
        r"\endfirsthead",
        *top,
        r"\endhead",
        r"\midrule",
        rf"\multicolumn{{{columns}}}{{r}}{{\footnotesize {escaped(continued)}}} \\",
        r"\endfoot",
        r"\bottomrule",
        *below,
        r"\endlastfoot",
        *body,
        r"\end{longtable}",
        r"\endgroup",
    ]
    return [r"\begin{landscape}", *lines, r"\end{landscape}"] if turned else lines


def _smaller(wide: float) -> list[str]:
    """Smaller letters for a table that is wider than the page."""
    if wide <= NORMAL_CM:
        return [r"\small"]
    if wide <= WIDE_CM:
        return [r"\footnotesize"]
    return [r"\scriptsize", r"\setlength{\tabcolsep}{3pt}"]
