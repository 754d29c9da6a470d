"""How sure the answers are: what makes them unsure, which plan is best, what to measure, and when
a plan pays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from opdanalysis.experiment.choice import Choice
from opdanalysis.experiment.discovery import Discovery
from opdanalysis.experiment.discovery_words import summary_words
from opdanalysis.experiment.information import EVERYTHING
from opdanalysis.experiment.result import Result
from opdanalysis.figures.gain import LOOKS
from opdanalysis.figures.style import (
    BLUE,
    BROWN,
    GREY,
    INK,
    ORANGE,
    PALE,
    SKY,
    SMALL,
    Named,
    balanced,
    finish,
    new_axes,
    plan_label,
    result_note,
    row_axis,
    scenario_name,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.amounts import amount_in_words
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

PERCENT = 100
Z95 = 1.96

MARGIN = 2
"""Room to the left of zero for marks that stand on it [%]."""

LEAST = 0.01
"""Worth as a share of everything below which a group is not shown."""


def group_indices_table(table: pd.DataFrame) -> pd.DataFrame:
    """The groups that explain anything, the largest total index first."""
    shown = table[table["total"] > 0]
    return shown.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)


@styled
def plot_group_indices(
    table: pd.DataFrame,
    plan: Plan,
    base: int,
    words: Words,
    invented: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """First-order and total indices of each group of inputs, with intervals.

    `table` comes from `experiment.sensitivity.group_indices` for one plan and outcome, `base` are
    the draws behind it. Small crosses: the same shares of the whole distribution.
    """
    shown = group_indices_table(table)
    if ax is None:
        ax = new_axes(4.2 + 0.85 * max(len(shown), 1))
    for row, found in shown.iterrows():
        for at, name, colour, mark, face in (
            (-0.16, "first", BLUE, "o", BLUE),
            (0.16, "total", ORANGE, "s", "white"),
        ):
            middle, half = PERCENT * found[name], PERCENT * found[f"{name}_error"]
            ends = [max(middle - half, -5), middle + half]
            ax.plot(ends, [row + at] * 2, color=colour, linewidth=1.8, solid_capstyle="butt")
            look = {"color": colour, "markerfacecolor": face, "markersize": 6, "zorder": 3}
            ax.plot(middle, row + at, mark, **look)
            free = PERCENT * found[f"free_{name}"]
            ax.plot(free, row + at, "x", color=INK, markersize=4.5, markeredgewidth=1, zorder=4)
    if len(shown):
        row_axis(ax, [balanced(words(f"group.{id}"), 34) for id in shown["group"]])
        ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    else:
        _say_nothing(ax, words("figure.indices.nothing"))
    value_axis(ax, words, f"{words('figure.indices.share')} (%)")
    if not len(shown):
        ax.set_xticks([])
    handles = [
        Line2D([], [], color=BLUE, marker="o", markersize=6, label=words("figure.indices.first")),
        Line2D(
            [],
            [],
            color=ORANGE,
            marker="s",
            markersize=6,
            markerfacecolor="white",
            label=words("figure.indices.total"),
        ),
        Line2D(
            [],
            [],
            color=INK,
            marker="x",
            markersize=4.5,
            linestyle="none",
            label=words("figure.indices.free"),
        ),
    ]
    outcome = table["outcome"].iloc[0]
    name = words.of(plan.name, plan.id)
    title = words("figure.indices.title", outcome=words(f"gain_of.{outcome}"), plan=name)
    note = [words("figure.indices.note", base=words.number(base))]
    if invented:
        note.append(words("figure.note.invented"))
    finish(ax, title, " ".join(note), handles, columns=2)
    return ax


def best_plan_table(table: pd.DataFrame, scenarios: list[Named]) -> pd.DataFrame:
    """The rows of the scenarios that are shown."""
    return table[table["scenario"].isin([scenario.id for scenario in scenarios])].reset_index(
        drop=True
    )


@styled
def plot_probability_best(
    table: pd.DataFrame,
    choice: Choice,
    result: Result,
    scenarios: list[Named],
    counted: str,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """In which share of the draws each option is the best, by scenario, with its mean regret.

    `table` comes from `experiment.choice.best_plan_by_scenario`, `choice` is that of the first
    scenario; `counted` says what counts (a key of the words under `counted`).
    """
    shown = best_plan_table(table, scenarios)
    plans = [plan for plan in result.plans if plan.id in set(shown["plan"])]
    scale = scale_of("Rp/year", shown["regret"], words)
    if ax is None:
        ax = new_axes(4.4 + len(plans) * max(1.1, 0.5 * len(scenarios) + 0.3))
    offsets = (np.arange(len(scenarios)) - (len(scenarios) - 1) / 2) * 0.62
    offsets /= max(len(scenarios), 2)
    handles = []
    for offset, scenario, look in zip(offsets, scenarios, LOOKS * len(scenarios), strict=False):
        colour, mark, filled = look
        face = {"markerfacecolor": colour if filled else "white", "markersize": 6}
        own = shown[shown["scenario"] == scenario.id].set_index("plan")
        for row, plan in enumerate(plans):
            if plan.id not in own.index:
                continue
            found, at = own.loc[plan.id], row + offset
            ax.barh(at, PERCENT * found["probability"], 0.16, color=PALE, zorder=1)
            ends = [PERCENT * found["low"], PERCENT * found["high"]]
            ax.plot(ends, [at, at], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=2)
            ax.plot(PERCENT * found["probability"], at, mark, color=colour, zorder=3, **face)
            regret = words.number(found["regret"] / scale.size, scale.digits)
            _beside(ax, at, regret)
        name = scenario_name(scenario, words)
        handles.append(Line2D([], [], color=colour, marker=mark, label=name, **face))
    row_axis(ax, [plan_label(plan, words) for plan in plans])
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    ax.set_xlim(left=-MARGIN)
    value_axis(ax, words, words("figure.best.share"))
    _head(ax, words("figure.best.column"))
    idle = [id for id, same in choice.alike.items() if same == choice.options[0]]
    names = [words.of(plan.name, plan.id) for plan in result.plans if plan.id in idle]
    note = [words("figure.best.note", draws=words.number(choice.draws), unit=scale.unit)]
    if names:
        note.append(words("figure.best.alike", plans="; ".join(names)))
    if result.city.synthetic:
        note.append(words("figure.note.invented"))
    title = words("figure.best.title", counted=words(f"counted.{counted}"))
    finish(ax, title, " ".join(note), handles if len(handles) > 1 else (), columns=2)
    return ax


def information_value_table(table: pd.DataFrame) -> pd.DataFrame:
    """Everything, and the groups that are worth at least 1% of it."""
    whole = table["value"].iloc[0]
    shown = (table["value"] > LEAST * whole) | (table["group"] == EVERYTHING)
    return table[shown].reset_index(drop=True)


@styled
def plot_information_value(
    table: pd.DataFrame,
    result: Result,
    counted: str,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """What knowing each group of inputs exactly would be worth [Rp/year], with its error.

    `table` comes from `experiment.information.information_values`; `counted` says what counts.
    """
    shown = information_value_table(table)
    worth = bool((shown["value"] > 0).any())
    yearly = scale_of("Rp/year", shown["value"] + Z95 * shown["error"], words)
    if ax is None:
        ax = new_axes(4.0 + 0.8 * max(len(shown), 1))
    if worth:
        for row, found in shown.iterrows():
            whole = found["group"] == EVERYTHING
            value, half = found["value"] / yearly.size, Z95 * found["error"] / yearly.size
            look = {"color": GREY if whole else SKY, "hatch": "" if whole else "///"}
            ax.barh(row, value, 0.56, edgecolor=INK, linewidth=0.4, **look)
            ends = [max(value - half, 0), value + half]
            ax.plot(ends, [row, row], color=INK, linewidth=1.4, solid_capstyle="butt")
            if not whole:
                reached = found["reached"] / yearly.size
                half = Z95 * found["reached_error"] / yearly.size
                ax.plot([reached - half, reached + half], [row + 0.36] * 2, color=BROWN)
                look = {"color": BROWN, "markerfacecolor": "white", "markersize": 5}
                ax.plot(reached, row + 0.36, "D", zorder=4, **look)
            clear = found["reached"] > Z95 * found["reached_error"]
            unsure = words("figure.information.unsure")
            _beside(ax, row, words.rupiah(found["once"]) if clear else unsure)
        row_axis(ax, [balanced(words(f"group.{id}"), 34) for id in shown["group"]])
        ax.set_ylim(len(shown) - 0.4, -0.5)
        ax.axvline(0, color=INK, linewidth=0.9)
        _head(ax, words("figure.information.column"))
    else:
        _say_nothing(ax, words("figure.information.nothing"))
    value_axis(ax, words, words("figure.information.amount"), yearly)
    if not worth:
        ax.set_xticks([])
    title = words("figure.information.title", counted=words(f"counted.{counted}"))
    note = [words("figure.information.note"), result_note(result, words, first="draws")]
    reached = Line2D(
        [],
        [],
        color=BROWN,
        marker="D",
        markersize=5,
        markerfacecolor="white",
        label=words("figure.information.reached"),
    )
    finish(ax, title, " ".join(note), [reached] if worth else ())
    return ax


def box_table(found: Discovery) -> pd.DataFrame:
    """One row per condition: limits, and their places in the range of the input."""
    return pd.DataFrame([vars(condition) for condition in found.conditions])


@styled
def plot_box(
    found: Discovery,
    plan: Plan,
    words: Words,
    invented: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Where in the range of each input the conditions of an event lie."""
    if ax is None:
        ax = new_axes(4.4 + 1.05 * max(len(found.conditions), 1))
    for row, condition in enumerate(found.conditions):
        low, high = PERCENT * condition.below, PERCENT * (1 - condition.above)
        ax.barh(row, 100, 0.46, color="white", edgecolor=GREY, linewidth=0.6)
        look = {"color": SKY, "hatch": "///", "edgecolor": INK, "linewidth": 0.4}
        ax.barh(row, high - low, 0.46, low, **look)
        for at, limit in ((low, condition.low), (high, condition.high)):
            if not np.isnan(limit):
                ax.annotate(
                    amount_in_words(limit, condition.unit, words),
                    (at, row - 0.23),
                    xytext=(0, 2),
                    textcoords="offset points",
                    ha="center" if 20 < at < 80 else "left" if at <= 20 else "right",
                    va="bottom",
                    fontsize=SMALL,
                )
    if found.conditions:
        names = [words(f"parameter.{condition.parameter}") for condition in found.conditions]
        row_axis(ax, [balanced(name, 34) for name in names])
        ax.set_ylim(len(names) - 0.6, -0.7)
    else:
        _say_nothing(ax, words("figure.box.none"))
    ax.set_xlim(0, 100)
    value_axis(ax, words, words("figure.box.place"))
    handles = [
        Patch(
            facecolor=SKY,
            hatch="///",
            edgecolor=INK,
            linewidth=0.4,
            label=words("figure.box.allowed"),
        )
    ]
    note = [*summary_words(found, plan, words)]
    if invented:
        note.append(words("figure.note.invented"))
    title = words(f"figure.box.title_{found.event}", plan=words.of(plan.name, plan.id))
    finish(ax, title, " ".join(note), handles if found.conditions else ())
    return ax


def _say_nothing(ax: Axes, text: str) -> None:
    ax.text(0.5, 0.5, text, ha="center", transform=ax.transAxes)
    ax.set_yticks([])


def _beside(ax: Axes, row: float, text: str) -> None:
    """A text to the right of a row."""
    ax.annotate(
        text,
        (1, row),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
    )


def _head(ax: Axes, text: str) -> None:
    """The head of the texts to the right."""
    ax.annotate(
        text,
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom",
        color=GREY,
    )
