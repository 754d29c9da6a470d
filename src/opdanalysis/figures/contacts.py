"""How much of the contact between agencies happens close by under each plan."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    Named,
    finish,
    new_axes,
    plan_label,
    result_note,
    row_axis,
    scenario_id,
    styled,
    value_axis,
)
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

CIRCLES = {
    "contacts_one_roof": (BLUE, "o", True, "-"),
    "contacts_one_site": (ORANGE, "s", False, "--"),
    "contacts_walk": (GREY, "^", True, ":"),
}
"""Outcome to colour, mark, whether it is filled, and the line of today's median."""


def contacts_table(result: Result, scenario: Named | str | None = None) -> pd.DataFrame:
    """One row per plan and circle: p05, p50 and p95 of the share of yearly contacts [1]."""
    id = scenario_id(scenario) or result.scenarios[0]
    return result.quantiles(list(CIRCLES), id).drop(columns=["scenario", "unit"])


@styled
def plot_contacts(
    result: Result,
    words: Words,
    scenario: Named | str | None = None,
    book: ParameterBook | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Contacts under one roof, on one site and within a walk, per plan, with today's as lines.

    With the `book` the note says so when every number of contacts is a judgement.
    """
    table = contacts_table(result, scenario)
    scale = scale_of("1", table["p95"], words)
    shown = table.set_index(["outcome", "plan"]) / scale.size
    today = result.plans[0].id
    if ax is None:
        ax = new_axes(4.2 + len(result.plans) * 1.25)
    handles = []
    for step, (outcome, (colour, mark, filled, line)) in enumerate(CIRCLES.items()):
        rows = shown.loc[outcome]
        ax.axvline(rows.loc[today, "p50"], color=colour, linewidth=0.9, linestyle=line, zorder=1)
        face = colour if filled else "white"
        for place, plan in enumerate(result.plan_ids):
            low, middle, high = rows.loc[plan, ["p05", "p50", "p95"]]
            at = place + (step - 1) * 0.24
            ax.plot([low, high], [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
            ax.plot(middle, at, mark, color=colour, markersize=6, markerfacecolor=face, zorder=3)
        handles.append(
            Line2D(
                [],
                [],
                color=colour,
                marker=mark,
                markersize=6,
                markerfacecolor=face,
                linewidth=2.2,
                label=words(f"outcome.{outcome}"),
            )
        )
    row_axis(ax, [plan_label(plan, words) for plan in result.plans])
    ax.axhline(0.5, color=INK, linewidth=0.5)
    ax.set_xlim(left=0)
    value_axis(ax, words, words("figure.contacts.share"), scale)
    note = [
        result_note(result, words, scenario, money=False),
        words("figure.contacts.today"),
        words("figure.contacts.circles"),
    ]
    if book is not None and _judged(book):
        note.append(words("figure.contacts.judged"))
    finish(ax, words("figure.contacts.title"), " ".join(note), handles, columns=3)
    return ax


def _judged(book: ParameterBook) -> bool:
    """Whether all contacts between agencies are judgements."""
    ties = book.evidence_share().reindex(["ties"]).loc["ties"]
    return bool(ties.get("judgement", 0) > 0 and ties.drop("judgement").fillna(0).sum() == 0)
