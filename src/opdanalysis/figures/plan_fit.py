"""Whether plans put together agencies that work together: against chance and the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from opdanalysis.figures.ground import legend_mark
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PALE,
    RED,
    SKY,
    SMALL,
    balanced,
    finish,
    new_axes,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale, scale_of
from opdanalysis.text.words import Words

WHOLE = "plan"
"""The scope of a whole plan; every other scope is a cluster."""

CLUSTER_NULL = "feasible swaps"
"""What the clusters of a plan are compared with, where there is a choice."""

LOOKS = {
    "label permutation": (BLUE, ""),
    "feasible swaps": (ORANGE, "////"),
    "feasible plans": (SKY, "...."),
}
"""Colour and hatch of the band of chance by null."""

OTHER_LOOK = (LIGHT, "xxxx")

SAME = 1e-9
"""Width of a band, as a share of what is captured, below which chance changes nothing."""

HEADER_CM = 0.7
"""Height of the head of the column on the right."""

SHARES = ("captured", "mean", "low", "high", "best_found", "bound")
LEAST_SHOWN = 0.001


def plan_fit_table(fits: pd.DataFrame) -> pd.DataFrame:
    """The fits as shares of all contacts [1], one row per plan, scope and null.

    `captured`, `mean`, `low`, `high`, `best_found` and `bound` are divided by `total`;
    `percentile`, `p`, `share_low` and `share_high` stay what they are.
    """
    table = fits.reset_index(drop=True)
    shares = table[list(SHARES)].div(table["total"].where(table["total"] > 0), axis=0)
    return table.assign(**{name: shares[name] for name in SHARES})


@styled
def plot_plan_fit(
    fits: pd.DataFrame, plans: Sequence[Plan], words: Words, ax: Axes | None = None
) -> Axes:
    """Contacts that each plan puts under one roof, against bands of chance and the best found."""
    table = plan_fit_table(fits)
    table = table[table["scope"] == WHOLE]
    found = set(table["plan"])
    named = {plan.id: words.of(plan.name, plan.id) for plan in plans if plan.id in found}
    texts = [balanced(name, 24) for name in named.values()]
    rows = [table[table["plan"] == plan] for plan in named]
    title = words("figure.plan_fit.title")
    return _plot(rows, texts, "captured", "share", title, words, ax)


@styled
def plot_cluster_fit(fits: pd.DataFrame, plan: Plan, words: Words, ax: Axes | None = None) -> Axes:
    """Contacts that each cluster of a plan puts together, against one band of chance."""
    table = plan_fit_table(fits)
    table = table[(table["plan"] == plan.id) & (table["scope"] != WHOLE)]
    nulls = list(dict.fromkeys(table["null"]))
    chosen = CLUSTER_NULL if CLUSTER_NULL in nulls else next(iter(nulls), "")
    table = table[table["null"] == chosen]
    names = {cluster.id: words.of(cluster.name, cluster.id) for cluster in plan.clusters}
    scopes = sorted(set(table["scope"]))
    texts = [_cluster_label(scope, names.get(scope, scope)) for scope in scopes]
    rows = [table[table["scope"] == scope] for scope in scopes]
    title = words("figure.plan_fit.title_clusters", plan=words.of(plan.name, plan.id))
    return _plot(rows, texts, "captured_cluster", "share_clusters", title, words, ax)


def null_name(null: str, words: Words) -> str:
    """What a null holds fixed, in plain words; the null itself where it is not known."""
    key = f"figure.plan_fit.nulls.{null.replace(' ', '_')}"
    return words(key) if key in words else null


def _cluster_label(id: str, name: str) -> str:
    return balanced(name if id in name.split() else f"{id}: {name}" if name != id else id, 24)


def _plot(
    rows: Sequence[pd.DataFrame],
    texts: Sequence[str],
    captured: str,
    share: str,
    title: str,
    words: Words,
    ax: Axes | None,
) -> Axes:
    """Draw one block of bands per row, its mark over all of them, legend and note."""
    table = pd.concat(rows) if rows else pd.DataFrame(columns=["null", *SHARES])
    nulls = list(dict.fromkeys(table["null"]))
    shares = table[list(SHARES)].to_numpy(dtype=float)
    scale = scale_of("1", shares[np.isfinite(shares)], words)
    heights = [max(len(nulls) * 0.52, (text.count("\n") + 1) * 0.42) + 0.5 for text in texts]
    if ax is None:
        legend = 0.45 * -(-(len(nulls) + 3) // 2)
        ax = new_axes(4.8 + legend + max(sum(heights) + HEADER_CM, 1.5))
    for place, block in enumerate(rows):
        _draw_block(ax, place, block, nulls, scale, words)
    if rows:
        row_axis(ax, texts)
        ax.set_xlim(left=-0.015 * ax.get_xlim()[1])
        ax.set_ylim(len(rows) - 0.5, -0.5 - HEADER_CM * len(rows) / sum(heights))
        _head(ax, words("figure.plan_fit.column"))
    else:
        ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
        ax.text(0.5, 0.5, words("figure.plan_fit.none"), ha="center", va="center")
    value_axis(ax, words, words(f"figure.plan_fit.{share}"), scale)
    note = words("figure.plan_fit.note")
    if (table["high"] - table["low"] <= SAME * table["captured"]).any():
        note += " " + words("figure.plan_fit.note_same")
    finish(ax, title, note, _handles(captured, nulls, table, words), columns=2)
    return ax


def _head(ax: Axes, text: str) -> None:
    """Write the head of the column on the right, below the title."""
    ax.annotate(
        balanced(text, 10),
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        fontsize=SMALL,
        color=GREY,
        va="top",
    )


def _draw_block(
    ax: Axes,
    place: int,
    block: pd.DataFrame,
    nulls: Sequence[str],
    scale: Scale,
    words: Words,
) -> None:
    step = 0.8 / max(len(nulls), 1)
    if place:
        ax.axhline(place - 0.5, color=PALE, linewidth=0.7, zorder=0)
    row: Any
    for row in block.itertuples():
        order = nulls.index(row.null)
        at = place - 0.4 + (order + 0.5) * step
        half = min(0.36 * step, 0.13)
        low, high, mean, best, bound = (
            value / scale.size for value in (row.low, row.high, row.mean, row.best_found, row.bound)
        )
        if np.isfinite([best, bound]).all() and bound > best:
            ax.add_patch(
                Rectangle((best, at - half / 2), bound - best, half, facecolor=PALE, zorder=1)
            )
            ax.plot([bound, bound], [at - half, at + half], color=LIGHT, linewidth=1, zorder=1)
        if np.isfinite([low, high]).all():
            colour, hatch = LOOKS.get(row.null, OTHER_LOOK)
            ax.add_patch(
                Rectangle(
                    (low, at - half), high - low, 2 * half, facecolor=colour, hatch=hatch,
                    edgecolor=INK, linewidth=0.6, zorder=2,
                )
            )  # fmt: skip
        ax.plot([mean, mean], [at - half, at + half], color=INK, linewidth=1.6, zorder=3)
        ax.plot(
            best, at, "*", markersize=8.5, markerfacecolor="white", markeredgecolor=INK, zorder=7
        )
        ax.annotate(
            _chance(row.p, words),
            (1, at),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=SMALL,
            va="center",
            annotation_clip=False,
        )
        share = row.captured / scale.size
        ends = [at - step / 2, at + step / 2]
        ax.plot([share, share], ends, color=RED, linewidth=1.4, zorder=5, solid_capstyle="butt")
    share = block["captured"].iloc[0] / scale.size
    ax.plot(share, place - 0.4, "v", color=RED, markersize=6.5, zorder=6)


def _chance(p: float, words: Words) -> str:
    if not np.isfinite(p):
        return "–"
    if p < LEAST_SHOWN:
        return words("figure.plan_fit.below", share=words.percent(LEAST_SHOWN, 1))
    return words.percent(p, 1 if p < 0.1 else 0)


def _handles(
    captured: str, nulls: Sequence[str], table: pd.DataFrame, words: Words
) -> list[Artist]:
    label = words(f"figure.plan_fit.{captured}")
    handles: list[Artist] = [
        Line2D([], [], color=RED, marker="v", markersize=6.5, linewidth=1.4, label=label)
    ]
    if table["best_found"].notna().any():
        handles.append(legend_mark("*", "white", words("figure.plan_fit.best"), 72))
    if (table["bound"] > table["best_found"]).any():
        label = words("figure.plan_fit.room")
        handles.append(Patch(facecolor=PALE, edgecolor=LIGHT, label=label))
    for null in nulls:
        colour, hatch = LOOKS.get(null, OTHER_LOOK)
        label = words("figure.plan_fit.band", null=null_name(null, words))
        handles.append(
            Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, label=label)
        )
    return handles
