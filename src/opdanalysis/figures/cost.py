"""What buildings cost by line, which buildings are dearest, and what kind of rupiah plans save."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from opdanalysis.city.city import City
from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PALE,
    PINK,
    SKY,
    Named,
    balanced,
    finish,
    new_axes,
    plan_label,
    plan_looks,
    result_note,
    row_axis,
    scenario_id,
    styled,
    value_axis,
)
from opdanalysis.models.operating_cost import LINES
from opdanalysis.models.saving_kinds import KINDS
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words
from opdanalysis.units import PRICE_YEAR

LINE_GROUPS = {
    "utilities": ("electricity", "water", "internet"),
    "people": ("cleaning", "security", "attendants"),
    "repairs": ("upkeep", "equipment"),
    "needs": ("routine_needs",),
    "rent": ("rent", "holding"),
}
"""The lines, in groups that a reader can tell apart in one bar."""

GROUP_LOOKS = {
    "utilities": (BLUE, ""),
    "people": (SKY, "///"),
    "repairs": (ORANGE, ""),
    "needs": (PALE, "..."),
    "rent": (PINK, "xxx"),
}
KIND_LOOKS = {
    "cash": (BLUE, ""),
    "moved": (SKY, "///"),
    "future": (PALE, "..."),
    "notional": ("white", "xxx"),
}
"""Colour and hatch."""


def cost_by_line_table(
    result: Result,
    scenario: Named | str | None = None,
    plans: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per plan and line: p05, p50 and p95 of the yearly cost [Rp/year]; today first."""
    id = scenario_id(scenario) or result.scenarios[0]
    table = result.quantiles([f"cost_{line}" for line in LINES], id)
    chosen = [result.plan_ids[0], *(result.plan_ids[1:] if plans is None else plans)]
    table.insert(1, "line", table.pop("outcome").str.removeprefix("cost_"))
    return table[table["plan"].isin(chosen)].drop(columns=["scenario", "unit"])


def building_costs_table(frame: pd.DataFrame, top: int = 20) -> pd.DataFrame:
    """The dearest buildings: medians by group of lines, p05, p50 and p95 of the total [Rp/year]."""
    by_line = frame.pivot(index="building", columns="line", values="p50")
    total = frame[frame["line"] == "total"].set_index("building")[["p05", "p50", "p95"]]
    order = total.sort_values("p50", ascending=False, kind="stable").index[:top]
    groups = {group: by_line[list(lines)].sum(axis=1) for group, lines in LINE_GROUPS.items()}
    return pd.DataFrame(groups).join(total).loc[order].reset_index()


def saving_kinds_table(result: Result, scenario: Named | str | None = None) -> pd.DataFrame:
    """One row per plan and kind: p05, p50, p95 of the saving [Rp/year]; `net` is the whole."""
    id = scenario_id(scenario) or result.scenarios[0]
    names = {**{f"saving_{kind}": kind for kind in KINDS}, "operating_cost": "net"}
    table = result.quantiles(list(names), id, gains=True)
    table.insert(1, "kind", table.pop("outcome").map(names))
    return table.drop(columns=["scenario", "unit"])


@styled
def plot_cost_by_line(
    result: Result,
    words: Words,
    scenario: Named | str | None = None,
    plans: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Yearly cost by line: today's range as a band, each plan that changes a cost as a range."""
    table = cost_by_line_table(result, scenario, plans)
    scale = scale_of("Rp/year", table["p95"], words)
    shown = table.set_index(["plan", "line"]) / scale.size
    today = shown.loc[result.plans[0].id]
    chosen = [plan for plan in result.plans[1:] if plan.id in shown.index]
    same = [plan for plan in chosen if np.allclose(shown.loc[plan.id], today)]
    looks = plan_looks(result.plans)
    drawn = [plan for plan in chosen if plan not in same]
    lines = list(today.sort_values("p50", ascending=False, kind="stable").index)
    if ax is None:
        ax = new_axes(5.0 + len(lines) * (0.36 * max(len(drawn), 2) + 0.2))
    step = 0.8 / max(len(drawn), 1)
    for place, line in enumerate(lines):
        low, middle, high = today.loc[line, ["p05", "p50", "p95"]]
        ax.add_patch(Rectangle((low, place - 0.43), high - low, 0.86, color="#dedede", linewidth=0))
        ax.plot([middle, middle], [place - 0.43, place + 0.43], color=GREY, linewidth=1.4)
        for turn, plan in enumerate(drawn):
            low, middle, high = shown.loc[(plan.id, line), ["p05", "p50", "p95"]]
            at = place - 0.4 + step * (turn + 0.5)
            ax.plot([low, high], [at, at], color=looks[plan.id]["color"], linewidth=1.5)
            ax.plot(middle, at, markersize=5, linestyle="", zorder=3, **looks[plan.id])
    for border in range(1, len(lines)):
        ax.axhline(border - 0.5, color=LIGHT, linewidth=0.5)
    row_axis(ax, [balanced(words(f"line.{line}"), 24) for line in lines])
    ax.set_xlim(left=-0.01 * ax.get_xlim()[1])
    value_axis(ax, words, words("figure.cost.amount"), scale)
    handles = [
        Line2D([], [], linewidth=1.5, markersize=5, label=plan_label(p, words, 38), **looks[p.id])
        for p in drawn
    ]
    handles.append(Patch(facecolor="#dedede", label=balanced(words("figure.cost.today_band"), 38)))
    note = [result_note(result, words, scenario)]
    if same:
        names = ", ".join(words.of(plan.name, plan.id) for plan in same)
        note.append(words("figure.cost.same_as_today", plans=names))
    finish(ax, words("figure.cost.title_lines"), " ".join(note), handles, columns=2)
    return ax


@styled
def plot_building_costs(
    frame: pd.DataFrame,
    city: City,
    words: Words,
    top: int = 20,
    draws: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The dearest buildings today: medians by group of lines as bars, the total with its range.

    `frame` comes from `experiment.building_costs`; `draws` is how many draws it rests on.
    """
    table = building_costs_table(frame, top)
    scale = scale_of("Rp/year", table["p95"], words)
    table = table.set_index("building") / scale.size
    if ax is None:
        ax = new_axes(4.6 + 0.82 * len(table))
    rows = np.arange(len(table))
    left = np.zeros(len(table))
    for group, (colour, hatch) in GROUP_LOOKS.items():
        if (table[group] > 0).any():
            label = words(f"line_group.{group}")
            ax.barh(
                rows,
                table[group],
                0.66,
                left,
                color=colour,
                hatch=hatch,
                label=label,
                edgecolor=INK,
                linewidth=0.4,
            )
            left = left + table[group].to_numpy()
    ax.hlines(rows, table["p05"], table["p95"], color=INK, linewidth=1.2, zorder=3)
    ax.plot(table["p50"], rows, "D", color=INK, markerfacecolor="white", markersize=4.5, zorder=4)
    names = [balanced(city.building(id).name_in(words.lang), 36) for id in table.index]
    row_axis(ax, names)
    value_axis(ax, words, words("figure.cost.amount"), scale)
    handles = ax.get_legend_handles_labels()[0]
    handles.append(_total_handle(words("figure.cost.total")))
    note = [words("figure.note.range_short", draws=words.number(draws))] if draws else []
    note += [words("figure.cost.stacked"), words("figure.note.prices", year=PRICE_YEAR)]
    if city.synthetic:
        note.append(words("figure.note.invented"))
    title = words("figure.cost.title_buildings", top=len(table))
    finish(ax, title, " ".join(note), handles, columns=2)
    return ax


@styled
def plot_saving_kinds(
    result: Result,
    words: Words,
    scenario: Named | str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The saving of each plan by kind of rupiah: medians as bars, the net saving with its range."""
    table = saving_kinds_table(result, scenario)
    scale = scale_of("Rp/year", table[["p05", "p95"]].to_numpy().ravel(), words)
    shown = table.set_index(["kind", "plan"]) / scale.size
    plans = result.plans[1:]
    if ax is None:
        ax = new_axes(4.8 + 1.15 * len(plans))
    rows = np.arange(len(plans))
    above, below = np.zeros(len(plans)), np.zeros(len(plans))
    for kind, (colour, hatch) in KIND_LOOKS.items():
        middle = shown.loc[kind].loc[[plan.id for plan in plans], "p50"].to_numpy()
        left = np.where(middle >= 0, above, below)
        ax.barh(
            rows + 0.12,
            middle,
            0.42,
            left,
            color=colour,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.4,
            label=words(f"kind.{kind}"),
        )
        above, below = above + np.maximum(middle, 0), below + np.minimum(middle, 0)
    net = shown.loc["net"].loc[[plan.id for plan in plans]]
    ax.hlines(rows - 0.24, net["p05"], net["p95"], color=INK, linewidth=2)
    ax.plot(net["p50"], rows - 0.24, "D", color=INK, markerfacecolor="white", markersize=5.5)
    ax.axvline(0, color=INK, linewidth=0.9)
    row_axis(ax, [plan_label(plan, words) for plan in plans])
    value_axis(ax, words, words("figure.cost.saving"), scale)
    handles = ax.get_legend_handles_labels()[0]
    handles.append(_total_handle(words("figure.cost.net")))
    note = [
        result_note(result, words, scenario, first="range_short"),
        words("figure.cost.saving_extra"),
        words("figure.cost.stacked_kinds"),
    ]
    finish(ax, words("figure.cost.title_kinds"), " ".join(note), handles, columns=2)
    return ax


def _total_handle(label: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=INK,
        linewidth=1.6,
        marker="D",
        markersize=5,
        markerfacecolor="white",
        label=label,
    )
