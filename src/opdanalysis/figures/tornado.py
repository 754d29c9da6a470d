"""Which inputs swing a plan's result most: a bar from their lowest to their highest tenth."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    INK,
    SKY,
    balanced,
    finish,
    new_axes,
    plan_label,
    result_note,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words


@styled
def plot_tornado(
    table: pd.DataFrame,
    result: Result,
    outcome: str,
    plan: Plan,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """The median gain of a plan where each input is in its lowest and in its highest tenth.

    `table` comes from `experiment.break_even.tornado`.
    """
    unit = result.outcome(outcome).unit
    scale = scale_of(unit, table[["low", "high"]].to_numpy().ravel(), words)
    if ax is None:
        ax = new_axes(4.6 + 0.92 * max(len(table), 1))
    for row, found in enumerate(table.itertuples()):
        middle = found.median / scale.size
        ends = ((found.low, SKY, "///"), (found.high, BLUE, ""))
        # Where both lie on one side of the median, the longer bar is drawn first.
        for end, colour, hatch in sorted(ends, key=lambda e: -abs(e[0] - found.median)):
            ax.barh(
                row,
                end / scale.size - middle,
                0.62,
                middle,
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.4,
            )
    if len(table):
        row_axis(ax, [balanced(words(f"parameter.{name}"), 34) for name in table["parameter"]])
        ax.axvline(table["median"].iloc[0] / scale.size, color=INK, linewidth=1.2)
    else:
        ax.text(0.5, 0.5, words("figure.tornado.none"), ha="center", transform=ax.transAxes)
        ax.set_yticks([])
    ax.axvline(0, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    value_axis(ax, words, words("figure.tornado.amount"), scale)
    handles = [
        Patch(
            facecolor=SKY,
            hatch="///",
            edgecolor=INK,
            linewidth=0.4,
            label=words("figure.tornado.lowest"),
        ),
        Patch(facecolor=BLUE, edgecolor=INK, linewidth=0.4, label=words("figure.tornado.highest")),
        Line2D([], [], color=INK, linewidth=1.2, label=words("figure.tornado.median")),
    ]
    note = [words("figure.tornado.note"), result_note(result, words, first="draws")]
    name = plan_label(plan, words, 200)
    title = words("figure.tornado.title", outcome=words(f"gain_of.{outcome}"), plan=name)
    finish(ax, title, " ".join(note), handles, columns=2)
    return ax
