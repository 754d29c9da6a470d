"""What a journey takes a citizen: its course before and after, its gain, and the causes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from opdanalysis.city.city import City
from opdanalysis.city.entities import Journey
from opdanalysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PALE,
    PINK,
    SKY,
    SMALL,
    YELLOW,
    balanced,
    finish,
    new_axes,
    range_text,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale, scale_of
from opdanalysis.text.words import Words

PART_LOOKS = {
    "again": (LIGHT, "...."),
    "counter": (INK, ""),
    "carried": (ORANGE, "////"),
    "lying": (SKY, ""),
    "work": (BLUE, ""),
    "signing": (YELLOW, ""),
    "questions": (PINK, "\\\\\\\\"),
    "meeting": (GREEN, "xxxx"),
}
"""Colour and hatch of each part of a journey."""

GAIN_LOOKS = {"better": (SKY, ""), "worse": (ORANGE, "////"), "open": (PALE, "")}
"""Colour and hatch of a bar: better or worse in 95% of draws, or neither."""

UNITS = {"hours": "hour", "days": "day", "waiting_minutes": "minute", "trips": "trip/case"}
"""The unit of what is told of a journey."""

NOTHING = 5e-3
"""A gain that is smaller in 95% of draws is none."""


def journey_gantt_table(parts: pd.DataFrame) -> pd.DataFrame:
    """The parts of a journey with their length [day]."""
    return parts.assign(days=parts["end"] - parts["start"])


def journey_gains_table(changes: pd.DataFrame, plan: Plan, measure: str) -> pd.DataFrame:
    """The changes of one plan in one measure, the largest gain first; `still` marks no change."""
    rows = changes[(changes["plan"] == plan.id) & (changes["measure"] == measure)]
    rows = rows.drop(columns=["plan", "measure"])
    rows = rows.assign(still=rows[["p05", "p95"]].abs().max(axis=1) < NOTHING)
    return rows.sort_values("p50", ascending=False, kind="stable", ignore_index=True)


def gain_split_table(split: pd.DataFrame) -> pd.DataFrame:
    """The causes of a gain as they are shown: those of which there is none are left out."""
    here = split[["p05", "p95"]].abs().max(axis=1) > 0
    return split[here | (split["cause"] == "all")].reset_index(drop=True)


@styled
def plot_journey_gantt(
    parts: pd.DataFrame,
    city: City,
    plan: Plan,
    journey: Journey,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """The course of one journey today (upper half of each row) and under a plan (lower half)."""
    table = journey_gantt_table(parts)
    steps = table.drop_duplicates("row").sort_values("row")
    rows = range(int(table["row"].max()) + 1) if len(table) else range(0)
    names = dict(zip(steps["row"], steps["agency"], strict=True))
    labels = [balanced(city.agency(names[row]).name_in(words.lang), 34) for row in rows]
    if ax is None:
        ax = new_axes(6.2 + 1.05 * len(labels))
    for part in table.itertuples(index=False):
        colour, hatch = PART_LOOKS[part.part]
        at = part.row - 0.2 if part.state == "today" else part.row + 0.2
        ax.barh(at, part.days, 0.34, left=part.start, color=colour, hatch=hatch,
                edgecolor=INK, linewidth=0.4)  # fmt: skip
    for state, shift in (("today", -0.2), ("plan", 0.2)):
        last = table[table["state"] == state]["end"].max()
        row = table.loc[table[table["state"] == state]["end"].idxmax(), "row"]
        text = words(f"figure.journey.{state}_days", days=words.number(last, 1))
        _right_of(ax, last, row + shift, text)
    row_axis(ax, labels)
    ax.set_xlim(0, table["end"].max() * 1.3)
    value_axis(ax, words, words("figure.journey.elapsed"), Scale(1, words("unit.day"), 1))
    shown = set(table["part"])
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.4,
              label=words(f"figure.journey.parts.{part}"))
        for part, (colour, hatch) in PART_LOOKS.items()
        if part in shown
    ]  # fmt: skip
    title = words(
        "figure.journey.title_gantt",
        journey=journey.name_in(words.lang),
        plan=words.of(plan.name, plan.id),
    )
    finish(ax, title, _note(words("figure.journey.note_gantt"), city, words), handles, columns=2)
    return ax


@styled
def plot_journey_gains(
    changes: pd.DataFrame,
    city: City,
    plan: Plan,
    measure: str,
    draws: int,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """How much each journey gains under a plan, with ranges; what stays stands in the note."""
    table = journey_gains_table(changes, plan, measure)
    names = {journey.id: journey.name_in(words.lang) for journey in city.journeys}
    still = [names[id] for id in table.loc[table["still"], "journey"]]
    shown = table[~table["still"]].reset_index(drop=True)
    labels = [balanced(names[id], 38) for id in shown["journey"]]
    note = [words("figure.journey.note_gains", draws=words.number(draws))]
    if still:
        note.append(words("figure.journey.note_still", journeys="; ".join(still)))
    title = words(
        "figure.journey.title_gains",
        measure=words(f"figure.journey.measures.{measure}"),
        plan=words.of(plan.name, plan.id),
    )
    scale = Scale(1, words(f"unit.{UNITS[measure]}"), 2)
    label = words("figure.journey.gain")
    return _plot_bars(shown, labels, label, title, " ".join(note), city, words, scale, ax, True)


@styled
def plot_gain_split(
    split: pd.DataFrame,
    city: City,
    plan: Plan,
    measure: str,
    draws: int,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """Which causes the gain of a plan in citizens' hours or days comes from, with ranges."""
    table = gain_split_table(split)
    labels = [balanced(words(f"figure.journey.causes.{cause}"), 38) for cause in table["cause"]]
    unit = "hour/year" if measure == "hours" else "day"
    scale = _finer(scale_of(unit, table[["p05", "p95"]].to_numpy().ravel(), words), table)
    title = words(
        "figure.journey.title_split",
        measure=words(f"figure.journey.totals.{measure}"),
        plan=words.of(plan.name, plan.id),
    )
    note = words("figure.journey.note_split", draws=words.number(draws))
    label = words("figure.journey.gain")
    ax = _plot_bars(table, labels, label, title, note, city, words, scale, ax, False)
    ax.axhline(len(table) - 1.5, color=INK, linewidth=0.5)
    return ax


def _plot_bars(
    table: pd.DataFrame,
    labels: list[str],
    label: str,
    title: str,
    note: str,
    city: City,
    words: Words,
    scale: Scale,
    ax: Axes | None,
    levels: bool,
) -> Axes:
    """A bar from zero to each median with its range; on the right today's level or the range."""
    if ax is None:
        lines = sum(label.count("\n") + 1 for label in labels)
        ax = new_axes(5.2 + 0.55 * len(labels) + 0.28 * (lines - len(labels)))
    for place, row in enumerate(table.itertuples(index=False)):
        colour, hatch = GAIN_LOOKS[_kind(row)]
        low, middle, high = (number / scale.size for number in (row.p05, row.p50, row.p95))
        ax.barh(place, middle, 0.62, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.5)
        ax.plot([low, high], [place, place], color=INK, linewidth=1.1)
        ax.plot([low, high], [place, place], "|", color=INK, markersize=5)
        _beside(
            ax,
            place,
            words.number(row.today, 1) if levels else range_text(low, middle, high, scale, words),
        )
    _beside(ax, -0.72, words("figure.access.today" if levels else "figure.gain.column"), GREY)
    ax.axvline(0, color=INK, linewidth=0.9)
    if labels:
        row_axis(ax, labels)
    else:
        ax.set(yticks=[], ylim=(0.5, -0.5), xlim=(-1, 1))
    value_axis(ax, words, label, scale)
    found = {_kind(row) for row in table.itertuples(index=False)}
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5,
              label=words(f"figure.journey.bars.{kind}"))
        for kind, (colour, hatch) in GAIN_LOOKS.items()
        if kind in found
    ]  # fmt: skip
    finish(ax, title, _note(note, city, words), handles, columns=2)
    return ax


def _finer(scale: Scale, table: pd.DataFrame) -> Scale:
    """The scale with so many decimals that the largest number shows two digits."""
    largest = float(table[["p05", "p95"]].abs().to_numpy().max(initial=0)) / scale.size
    needed = 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    return replace(scale, digits=max(scale.digits, needed))


def _kind(row: Any) -> str:
    return "better" if row.p05 > 0 else "worse" if row.p95 < 0 else "open"


def _right_of(ax: Axes, x: float, y: float, text: str) -> None:
    ax.annotate(text, (x, y), xytext=(4, 0), textcoords="offset points", va="center",
                fontsize=SMALL, color=INK)  # fmt: skip


def _beside(ax: Axes, at: float, text: str, colour: str = INK) -> None:
    """Write to the right of the axes, level with a row."""
    ax.annotate(
        text,
        (1, at),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=colour,
    )


def _note(text: str, city: City, words: Words) -> str:
    return f"{text} {words('figure.note.invented')}" if city.synthetic else text
