"""From the gross saving to what is left of it when everything is counted."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from opdanalysis.experiment.net_saving import SUMS, net_saving_parts
from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    SMALL,
    Named,
    balanced,
    finish,
    new_axes,
    range_text,
    result_note,
    row_axis,
    scenario_id,
    styled,
    value_axis,
)
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words


def waterfall_table(result: Result, plan: str, scenario: Named | str | None = None) -> pd.DataFrame:
    """One row per part of a plan's net saving: mean, p05, p50 and p95 of the gain [Rp/year]."""
    return net_saving_parts(result, plan, scenario_id(scenario))


@styled
def plot_waterfall(
    result: Result,
    plan: str,
    words: Words,
    scenario: Named | str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """How the net saving of a plan comes about: one step per part, sums as full bars."""
    table = waterfall_table(result, plan, scenario).set_index("part")
    scale = scale_of("Rp/year", table[["mean", "p05", "p95"]].to_numpy().ravel(), words)
    table = table / scale.size
    if ax is None:
        ax = new_axes(4.2 + 0.72 * len(table))
    before = 0.0
    for row, (part, mean) in enumerate(table["mean"].items()):
        total = part in SUMS
        start, end = (0.0, mean) if total else (before, before + mean)
        look = (GREY, "") if total else (BLUE, "") if mean >= 0 else (ORANGE, "///")
        ax.barh(
            row,
            end - start,
            0.62,
            start,
            color=look[0],
            hatch=look[1],
            edgecolor=INK,
            linewidth=0.4,
        )
        before = end
        if row < len(table) - 1:
            ax.plot([end, end], [row + 0.31, row + 0.69], color=LIGHT, linewidth=0.9)
        low, middle, high = table.loc[part, ["p05", "p50", "p95"]]
        if total:
            ax.hlines(row, low, high, color=INK, linewidth=1.4, zorder=3)
            ax.plot(middle, row, "D", color=INK, markerfacecolor="white", markersize=5, zorder=4)
        still = low == high == 0
        ax.annotate(
            words("figure.money.nothing") if still else range_text(low, middle, high, scale, words),
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=GREY if still else INK,
            fontweight="bold" if total else "normal",
        )
    ax.axvline(0, color=INK, linewidth=0.9)
    row_axis(ax, [balanced(words(f"money.{part}"), 34) for part in table.index])
    for label, part in zip(ax.get_yticklabels(), table.index, strict=True):
        label.set_fontweight("bold" if part in SUMS else "normal")
    value_axis(ax, words, words("figure.money.saving"), scale)
    ax.annotate(
        words("figure.gain.column"),
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom",
        color=GREY,
    )
    handles = [
        Patch(facecolor=BLUE, edgecolor=INK, linewidth=0.4, label=words("figure.money.saved")),
        Patch(
            facecolor=ORANGE,
            hatch="///",
            edgecolor=INK,
            linewidth=0.4,
            label=words("figure.money.costs"),
        ),
        Line2D(
            [],
            [],
            color=INK,
            marker="D",
            markerfacecolor="white",
            markersize=5,
            label=words("figure.money.range"),
        ),
    ]
    name = next(words.of(p.name, p.id) for p in result.plans if p.id == plan)
    note = [result_note(result, words, scenario, first="range_short"), words("figure.money.means")]
    finish(ax, words("figure.money.title", plan=name), " ".join(note), handles)
    return ax
