"""What a move did, month by month: estimates before and after it, and a band for the whole path."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from opdanalysis.evidence.panel_event_study import EventStudy
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    InWords,
    finish,
    new_axes,
    styled,
)
from opdanalysis.text.words import Words


@styled
def plot_event_study(study: EventStudy, words: Words, ax: Axes | None = None) -> Axes:
    """Effects by periods since the move: dots with intervals, and the band that holds all of them.

    Hollow dots lie before the move; under the axis stands how many units are behind a dot.
    """
    table = study.table
    if ax is None:
        ax = new_axes(9.0)
    event = table["event"].to_numpy()
    known = table["band_lower"].notna().to_numpy()
    ax.fill_between(
        event,
        table["band_lower"],
        table["band_upper"],
        where=known,
        color=SKY,
        alpha=0.28,
        linewidth=0,
    )
    ax.vlines(event, table["lower"], table["upper"], color=BLUE, linewidth=1.4)
    for after in (False, True):
        rows = table[(table["event"] >= 0) == after]
        ax.plot(
            rows["event"],
            rows["estimate"],
            "o",
            markersize=4.5,
            color=BLUE,
            markerfacecolor=BLUE if after else "white",
            zorder=3,
        )
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.axvline(-0.5, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_xlabel(words("figure.event_study.since"))
    ax.set_ylabel(words("figure.event_study.effect"))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(InWords(words))
    ax.grid(axis="y", color=PALE, linewidth=0.7)
    ax.set_axisbelow(True)
    shown = np.isin(event, ax.get_xticks())
    for row in table[shown].itertuples():
        ax.annotate(
            words.number(row.n_units),
            (row.event, 0.015),
            xycoords=("data", "axes fraction"),
            ha="center",
            fontsize="x-small",
            color=GREY,
        )
    level = words.percent(study.level)
    handles = [
        Line2D([], [], color=BLUE, marker="o", markerfacecolor="white", linewidth=0,
               label=words("figure.event_study.before")),
        Line2D([], [], color=BLUE, marker="o", linewidth=1.4,
               label=words("figure.event_study.after", level=level)),
        Patch(facecolor=SKY, alpha=0.28, label=words("figure.event_study.band", level=level)),
    ]  # fmt: skip
    fit = study.fit
    note = [
        words(
            "figure.event_study.note",
            units=words.number(fit.n_treated),
            clusters=words.number(fit.n_treated_clusters),
        )
    ]
    if fit.panel.synthetic:
        note.append(words("figure.event_study.synthetic"))
    finish(
        ax,
        words("figure.event_study.title", outcome=fit.panel.name),
        " ".join(note),
        handles,
        columns=2,
    )
    return ax
