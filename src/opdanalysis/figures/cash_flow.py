"""When the plans pay: their money added up year by year, and the chance to be paid back by then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    SMALL,
    InWords,
    balanced,
    finish,
    new_axes,
    plan_label,
    plan_looks,
    styled,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words
from opdanalysis.units import PRICE_YEAR

COLUMNS = 3
"""Panels in a row."""

MOST_PANELS = 9


@styled
def plot_cash_flow(
    table: pd.DataFrame,
    plans: Sequence[Plan],
    words: Words,
    draws: int | None = None,
    invented: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """The discounted money of each plan added up from the start: median and range, one panel each.

    `table` comes from `experiment.cash_flow.cash_flow_table`; `draws` is how many it rests on.
    """
    shown = [plan for plan in plans if plan.id in set(table["plan"])][:MOST_PANELS]
    scale = scale_of("Rp", table[["total_p05", "total_p95"]].to_numpy().ravel(), words)
    rows = max(-(-len(shown) // COLUMNS), 1)
    if ax is None:
        ax = new_axes(2.9 + 5.3 * rows)
    ax.set_axis_off()
    for place, plan in enumerate(shown):
        row, column = divmod(place, COLUMNS)
        box = (
            column / COLUMNS + 0.055,
            1 - (row + 1) / rows + 0.2 / rows,
            1 / COLUMNS - 0.075,
            0.63 / rows,
        )
        own = table[table["plan"] == plan.id]
        panel = ax.inset_axes(box)
        low, middle, high = (own[f"total_{p}"] / scale.size for p in ("p05", "p50", "p95"))
        panel.fill_between(own["year"], low, high, color=SKY, alpha=0.45, linewidth=0)
        panel.plot(own["year"], middle, color=BLUE, linewidth=2)
        panel.axhline(0, color=INK, linewidth=0.9)
        panel.set_xlim(0, own["year"].max())
        panel.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        panel.yaxis.set_major_locator(MaxNLocator(nbins=5))
        panel.yaxis.set_major_formatter(InWords(words))
        panel.tick_params(labelsize=SMALL)
        panel.grid(axis="y", color=PALE, linewidth=0.7)
        panel.set_axisbelow(True)
        panel.set_title(plan_label(plan, words, 30), fontsize=SMALL, loc="left", pad=4)
        panel.set_xlabel(words("figure.cash_flow.year"), fontsize=SMALL, labelpad=2)
    if not shown:
        ax.text(0.5, 0.5, words("figure.cash_flow.none"), ha="center")
    handles = [
        Line2D([], [], color=BLUE, linewidth=2, label=words("figure.median")),
        Patch(facecolor=SKY, alpha=0.45, label=words("figure.range")),
    ]
    note = [words("figure.cash_flow.note"), *_notes(words, "range_short", draws, invented)]
    finish(ax, words("figure.cash_flow.title", unit=scale.unit), " ".join(note), handles)
    return ax


@styled
def plot_payback(
    table: pd.DataFrame,
    plans: Sequence[Plan],
    words: Words,
    draws: int | None = None,
    invented: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """The chance that each plan is paid back by each year.

    `table` comes from `experiment.cash_flow.cash_flow_table`; `draws` is how many it rests on.
    """
    shown = [plan for plan in plans if plan.id in set(table["plan"])]
    looks = plan_looks(plans)
    if ax is None:
        ax = new_axes(11.5 + 0.35 * len(shown))
    for plan in shown:
        own = table[table["plan"] == plan.id]
        ax.plot(
            own["year"],
            100 * own["paid_back"],
            linewidth=1.6,
            markersize=6,
            clip_on=False,
            zorder=3,
            label=balanced(words.of(plan.name, plan.id), 40),
            **looks[plan.id],
        )
    ax.set_ylim(0, 100)
    ax.set_xlim(0, max(table["year"].max() if len(table) else 1, 1))
    ax.set_xticks(np.arange(0, ax.get_xlim()[1] + 1))
    ax.yaxis.set_major_formatter(InWords(words))
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.grid(axis="y", color=PALE, linewidth=0.7)
    ax.axhline(50, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.set_axisbelow(True)
    ax.set_xlabel(words("figure.cash_flow.year"))
    ax.set_ylabel(words("figure.payback.share"))
    note = [words("figure.payback.note"), *_notes(words, "draws", draws, invented)]
    handles = ax.get_legend_handles_labels()[0]
    finish(ax, words("figure.payback.title"), " ".join(note), handles, columns=2)
    return ax


def _notes(words: Words, key: str, draws: int | None, invented: bool) -> list[str]:
    """What stands under both figures: draws, prices, and whether the city is invented."""
    found = [words(f"figure.note.{key}", draws=words.number(draws))] if draws else []
    found.append(words("figure.note.prices", year=PRICE_YEAR))
    return [*found, words("figure.note.invented")] if invented else found
