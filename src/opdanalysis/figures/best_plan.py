"""Good plans against the official ones, and what single changes to a plan would gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from opdanalysis.city.city import City
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    NORMAL,
    PALE,
    SMALL,
    YELLOW,
    InWords,
    balanced,
    finish,
    new_axes,
    plan_label,
    plan_looks,
    range_text,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale, scale_of
from opdanalysis.text.words import Words
from opdanalysis.units import PRICE_YEAR

EDGE = 0.8
"""How far below zero the axes reach, as a share of what the best plan saves."""

RIGHT = 0.85
"""From this share of the widest plan on, a number stands to the left of its mark."""

STEP = 0.2
"""Distance between two marks at the same place of an edge, as a share of that reach."""

MARK, SMALL_MARK = 7, 4
"""Sizes of the marks of plans, and of those found along the line [pt]."""

WISH_MARKS = ("*", "p", "8", "d")
"""Marks of the plans found for a wish."""


@styled
def plot_moves(
    table: pd.DataFrame,
    plans: Sequence[Plan],
    names: Mapping[str, str],
    words: Words,
    draws: int,
    invented: bool,
    ax: Axes | None = None,
) -> Axes:
    """What plans save in all criteria together, by how many agencies they move.

    `table` comes from `search.frontier.frontier_table`; `names` has the name of each of its plans.
    """
    scale = scale_of("Rp/year", table["total"], words)
    ax = _scatter(table, plans, "moves", "total", (1.0, scale.size), words, ax)
    by_moves = _along(table).sort_values("moves")
    ax.plot(
        by_moves["moves"],
        by_moves["total"] / scale.size,
        color=INK,
        linewidth=1.2,
        zorder=1,
    )
    bound = by_moves["total"] / (1 - by_moves["gap"])
    ax.fill_between(
        by_moves["moves"],
        by_moves["total"] / scale.size,
        bound / scale.size,
        color=YELLOW,
        alpha=0.6,
        linewidth=0,
    )
    _dress(ax, words, words("figure.frontier.moves"), None, words("figure.frontier.saved"), scale)
    handles = _legend(table, plans, names, words, "-")
    handles.insert(1, Patch(color=YELLOW, alpha=0.6, label=words("figure.frontier.bound")))
    note = _note(words, draws, invented, "figure.frontier.note")
    finish(ax, words("figure.frontier.title"), note, handles, columns=2)
    return ax


@styled
def plot_trade_off(
    table: pd.DataFrame,
    plans: Sequence[Plan],
    names: Mapping[str, str],
    words: Words,
    draws: int,
    invented: bool,
    ax: Axes | None = None,
) -> Axes:
    """What plans save the city, sideways, and its citizens on their way, upwards.

    `table` comes from `search.frontier.frontier_table`.
    """
    table = table.assign(own=table["cost"] + table["coordination"])
    across = scale_of("Rp/year", table["own"], words)
    up = scale_of("Rp/year", table["access"], words)
    ax = _scatter(table, plans, "own", "access", (across.size, up.size), words, ax)
    own, access = words("figure.frontier.own"), words("figure.frontier.access")
    _dress(ax, words, own, across, access, up)
    ax.axvline(0, color=INK, linewidth=0.9)
    note = _note(words, draws, invented, "figure.frontier.trade_note")
    handles = _legend(table, plans, names, words, "")
    finish(ax, words("figure.frontier.trade_title"), note, handles, columns=2)
    return ax


@styled
def plot_improvement(
    steps: pd.DataFrame,
    city: City,
    plan: Plan,
    words: Words,
    draws: int,
    ax: Axes | None = None,
) -> Axes:
    """What each of the best changes to a plan gains in the full model, with its range.

    `steps` are those of `search.improvement.improvement`.
    """
    if ax is None:
        ax = new_axes(4.4 + 1.15 * max(len(steps), 1))
    note = _note(words, draws, city.synthetic, "figure.improvement.note")
    title = words("figure.improvement.title", plan=plan_label(plan, words, 200))
    if not len(steps):
        ax.text(0.5, 0.5, words("figure.improvement.none"), ha="center", transform=ax.transAxes)
        ax.set_xticks([])
        ax.set_yticks([])
        finish(ax, title, note)
        return ax
    points = steps[["gain_p05", "gain_p50", "gain_p95"]]
    scale = scale_of("Rp/year", points.to_numpy().ravel(), words)
    for row, step in enumerate(steps.itertuples()):
        low, middle, high = (
            number / scale.size for number in (step.gain_p05, step.gain_p50, step.gain_p95)
        )
        ax.hlines(row, low, high, color=BLUE, linewidth=2.2)
        ax.plot(middle, row, "o", color=BLUE, markersize=6, zorder=3)
        by_sum = step.gain / scale.size
        ax.plot(by_sum, row + 0.25, "D", color=INK, markerfacecolor="white", markersize=5)
        ax.annotate(
            range_text(low, middle, high, scale, words),
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    row_axis(ax, [_change(step, city, words) for step in steps.itertuples()])
    ax.axvline(0, color=INK, linewidth=0.9)
    value_axis(ax, words, words("figure.improvement.gain"), scale)
    handles = [
        Line2D(
            [], [], color=BLUE, marker="o", markersize=6, label=words("figure.improvement.range")
        ),
        Line2D(
            [],
            [],
            color=INK,
            linestyle="",
            marker="D",
            markerfacecolor="white",
            markersize=5,
            label=words("figure.improvement.objective"),
        ),
    ]
    finish(ax, title, note, handles, columns=1)
    return ax


def _change(step, city: City, words: Words) -> str:
    """One change in words: who goes where."""
    said = words(
        "figure.improvement.change",
        number=step.step,
        agency=city.agency(step.agency).name_in(words.lang),
        to=city.building(step.after).name_in(words.lang),
    )
    return balanced(said, 52)


def _along(table: pd.DataFrame) -> pd.DataFrame:
    """Today and the plans found for a number of moves."""
    found = table["kind"].isin(["today", "limit"])
    return table[found].assign(gap=lambda rows: rows["gap"].fillna(0.0))


def _scatter(
    table: pd.DataFrame,
    plans: Sequence[Plan],
    across: str,
    up: str,
    sizes: tuple[float, float],
    words: Words,
    ax: Axes | None,
) -> Axes:
    """Marks of all plans: those found along the line, those for a wish, and the given ones.

    A plan that costs more than the best one saves stands at the edge, with its number.
    """
    if ax is None:
        ax = new_axes(15.5)
    looks = plan_looks(plans)
    wishes = iter(WISH_MARKS * len(table))
    points = table[[across, up]] / np.array(sizes)
    found = points[table["kind"] != "given"]
    edges = -np.maximum(found.max(), 0.1 * points.abs().max()) * EDGE
    taken: set[tuple[float, float]] = set()
    for row, (x, y) in zip(table.itertuples(), points.to_numpy(), strict=True):
        if not _shown(row):
            continue
        place = max(x, edges[across]), max(y, edges[up])
        beyond = [words.number(v, 1) for v, at in zip((x, y), place, strict=True) if v != at]
        while beyond and place in taken:
            place = place[0], place[1] - STEP * edges[up]
        taken.add(place)
        if row.kind in ("today", "limit"):
            size = MARK if row.kind == "today" else SMALL_MARK
            ax.plot(*place, "o", color=INK, markersize=size, zorder=6 if size == MARK else 3)
            continue
        look = looks[row.plan] if row.kind == "given" else {"color": GREY, "marker": next(wishes)}
        ax.plot(*place, markersize=MARK, linestyle="", zorder=4, **look)
        if beyond:
            at_right = place[0] > RIGHT * points[across].max()
            ax.annotate(
                "; ".join(beyond).replace("-", "−"),
                place,
                xytext=(-7 if at_right else 7, 0),
                textcoords="offset points",
                ha="right" if at_right else "left",
                va="center",
                fontsize=SMALL,
            )
    ax.axhline(0, color=INK, linewidth=0.9, zorder=0)
    return ax


def _shown(row) -> bool:
    """A plan found for a wish that moves nobody is today, which has a mark already."""
    return row.kind != "wish" or row.moves > 0


def _legend(table, plans, names, words: Words, line: str) -> list:
    """What each mark means; a plan that has no room says so. `line` joins the best plans found."""
    looks = plan_looks(plans)
    wishes = iter(WISH_MARKS * len(table))
    dot = {"marker": "o", "markersize": SMALL_MARK, "linewidth": 1.2, "linestyle": line}
    handles = [Line2D([], [], color=INK, label=words("figure.frontier.found"), **dot)]
    for row in table.itertuples():
        if not _shown(row):
            continue
        name = names[row.plan]
        if row.kind == "wish":
            look = {"color": GREY, "marker": next(wishes)}
        elif row.kind == "given":
            look = looks[row.plan]
            name = name if row.fits else words("figure.frontier.small", plan=name)
        elif row.kind == "today":
            look = {"color": INK, "marker": "o"}
        else:
            continue
        label = balanced(name, 36)
        handles.append(Line2D([], [], linestyle="", markersize=MARK, label=label, **look))
    return handles


def _dress(ax: Axes, words: Words, across: str, scale: Scale | None, up: str, unit: Scale) -> None:
    value_axis(ax, words, across, scale)
    ax.set_ylabel(balanced(f"{up} ({unit.unit})", 44), color=INK, fontsize=NORMAL)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(InWords(words))
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.grid(axis="y", color=PALE, linewidth=0.7)


def _note(words: Words, draws: int, invented: bool, key: str) -> str:
    parts = [
        words(key),
        words("figure.note.draws", draws=words.number(draws)),
        words("figure.note.prices", year=PRICE_YEAR),
    ]
    if invented:
        parts.append(words("figure.note.invented"))
    return " ".join(parts)
