"""The report as one page that needs nothing else: words, figures, tables and data in one file."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any

from opdanalysis.report.answers import Answer, answers
from opdanalysis.report.cells import Table, day_in_words
from opdanalysis.report.chapters import ANNEX_FIGURES, ANNEX_TABLES, CHAPTERS
from opdanalysis.report.decisions import (
    GROUPS,
    common_conditions,
    decisions,
    first_to_measure,
)
from opdanalysis.report.inputs import parameters_table
from opdanalysis.report.material import Material
from opdanalysis.report.page_parts import figures_of, findings, part_of, tables_of
from opdanalysis.report.pictures import data_address, picture_address, png_size
from opdanalysis.units import PRICE_YEAR

TEMPLATE = "report.html.jinja"

SIGNS = {"good": "▲", "bad": "▼", "open": "◆", "calm": "●"}
"""A sign beside each word, for those who do not see its colour."""

BAR = 200
"""Width of the line of a range, in its own units."""

MARGIN = 8
"""What stays free on both sides of it."""


def report_page(material: Material, version: str) -> str:
    """The whole report as a page of HTML, in the language of its words."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("opdanalysis", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE).render(_content(material, version))


def _content(material: Material, version: str) -> dict[str, Any]:
    words, found = material.words, decisions(material)
    return {
        "w": words,
        "lang": words.lang,
        "m": material,
        "title": material.title,
        "lead": words(
            "report.lead",
            plan=material.name(material.main),
            status=words(f"status.{material.main.status}"),
        ),
        "basis": words(
            "report.basis",
            draws=words.number(material.result.draws),
            scenario=material.scenario,
            year=PRICE_YEAR,
        ),
        "made_by": words("report.made_by", version=version, seed=material.result.seed),
        "answers": answers(material, material.main),
        "beside": [found for plan in material.judged[1:] for found in answers(material, plan)],
        "findings": findings(material),
        "decide": {group: [d for d in found if d.group == group] for group in GROUPS},
        "common": common_conditions,
        "first": first_to_measure(material),
        "parts": [part_of(chapter, material) for chapter in CHAPTERS],
        "annex_figures": figures_of(ANNEX_FIGURES, material),
        "annex_tables": tables_of(ANNEX_TABLES, material),
        "parameters": parameters_table(material),
        "sources": [material.sources[key] for key in sorted(material.sources)],
        "day": partial(day_in_words, words=words),
        "signs": SIGNS,
        "bar": partial(bar_of, material.noticed),
        "picture": partial(_picture, material),
        "size": lambda name: png_size(material.files[f"figures/{name}.png"]),
        "data": lambda name: data_address(material.files[f"figures/{name}.csv"]),
        "table_data": lambda table: data_address(_csv(table)),
    }


def _picture(material: Material, name: str) -> str:
    svg = material.files.get(f"figures/{name}.svg")
    return picture_address(svg, material.files[f"figures/{name}.png"])


def bar_of(noticed: float, answer: Answer) -> dict[str, str]:
    """Where zero, the ends of the range and the median lie on a line of `BAR` units.

    The line is never shorter than a change that is noticed, so that a small one looks small.
    """
    low, middle, high = answer.standing.amount.points
    least = noticed * abs(answer.standing.today.points[1])
    start, end = min(low, -least if low < 0 else 0.0), max(high, least)
    width = (end - start) or 1.0
    places = {"zero": 0.0, "low": low, "middle": middle, "high": high}
    inside = BAR - 2 * MARGIN
    return {
        name: f"{MARGIN + inside * (place - start) / width:.1f}" for name, place in places.items()
    }


def _csv(table: Table) -> bytes:
    """A table as it is read, as CSV."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.headers)
    writer.writerows([cell.text for cell in row] for row in table.rows)
    return target.getvalue().encode("utf-8")
