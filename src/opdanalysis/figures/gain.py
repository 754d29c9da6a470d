"""What each plan gains against today, with its range, in every scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SMALL,
    Named,
    finish,
    new_axes,
    plan_label,
    range_text,
    result_note,
    row_axis,
    scenario_name,
    styled,
    value_axis,
)
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words
from opdanalysis.units import is_money

LOOKS = ((BLUE, "o", True), (ORANGE, "s", False), (INK, "^", True), (GREY, "D", False))
"""Colour, mark and whether it is filled, of the first, second ... scenario."""


def gain_table(
    result: Result, outcome: str, scenarios: Sequence[Named] | None = None
) -> pd.DataFrame:
    """One row per scenario and plan: p05, p50 and p95 of the gain, in the outcome's unit."""
    chosen = result.scenarios if scenarios is None else [scenario.id for scenario in scenarios]
    return pd.concat(
        [result.quantiles([outcome], id, gains=True) for id in chosen], ignore_index=True
    )


@styled
def plot_gain(
    result: Result,
    outcome: str,
    words: Words,
    scenarios: Sequence[Named] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The gain of every plan against today: ranges and medians, all scenarios side by side.

    Without `scenarios` all are shown, by their ids.
    """
    names = {id: id for id in result.scenarios}
    if scenarios is not None:
        names = {scenario.id: scenario_name(scenario, words) for scenario in scenarios}
    table = gain_table(result, outcome, scenarios)
    note = []
    if len(names) > 1 and _all_alike(table):
        names = dict([next(iter(names.items()))])
        note.append(words("figure.gain.all_alike"))
    unit = result.outcome(outcome).unit
    scale = scale_of(unit, table[["p05", "p95"]].to_numpy().ravel(), words, change=True)
    plans = result.plans[1:]
    if ax is None:
        ax = new_axes(3.8 + len(plans) * max(1.2, 0.5 * len(names) + 0.3))
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    offsets = (np.arange(len(names)) - (len(names) - 1) / 2) * 0.62 / max(len(names), 2)
    for offset, scenario, (colour, mark, filled) in zip(
        offsets, names, LOOKS * len(names), strict=False
    ):
        rows = table[table["scenario"] == scenario].set_index("plan")
        for place, plan in enumerate(plans):
            low, middle, high = rows.loc[plan.id, ["p05", "p50", "p95"]] / scale.size
            at = place + offset
            ax.plot([low, high], [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
            face = colour if filled else "white"
            ax.plot(middle, at, mark, color=colour, markersize=6, markerfacecolor=face, zorder=3)
            still = low == high == 0
            text = range_text(low, middle, high, scale, words)
            ax.annotate(
                words("figure.no_change") if still else text,
                (1, at),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
                color=GREY if still else INK,
            )
    row_axis(ax, [plan_label(plan, words) for plan in plans])
    saving = is_money(unit)
    fall = "saving" if saving else "reduction"
    lower = result.outcome(outcome).better == "lower" or saving
    label = words(f"figure.gain.{fall if lower else 'rise'}")
    value_axis(ax, words, words("figure.gain.better", label=label), scale)
    head = words("figure.gain.column")
    ax.annotate(
        head,
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom",
        color=GREY,
    )
    handles = [
        Line2D(
            [],
            [],
            color=colour,
            marker=mark,
            linewidth=2.2,
            label=name,
            markersize=6,
            markerfacecolor=colour if filled else "white",
        )
        for name, (colour, mark, filled) in zip(names.values(), LOOKS * len(names), strict=False)
    ]
    title = words("figure.gain.title", outcome=words(f"outcome.{outcome}"))
    note.insert(0, result_note(result, words, money=saving))
    finish(ax, title, " ".join(note), handles if len(names) > 1 else (), columns=2)
    return ax


def _all_alike(table: pd.DataFrame) -> bool:
    """Whether every scenario has the same numbers."""
    numbers = table.groupby("plan")[["p05", "p50", "p95"]]
    return bool(np.allclose(numbers.max(), numbers.min(), rtol=1e-9, atol=0))
