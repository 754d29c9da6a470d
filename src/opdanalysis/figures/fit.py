"""Whether everybody fits: how full buildings get, when stalls run short, what is ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from opdanalysis.city.city import City
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    NORMAL,
    ORANGE,
    PALE,
    SMALL,
    InWords,
    balanced,
    finish,
    new_axes,
    row_axis,
    short,
    styled,
    value_axis,
)
from opdanalysis.models.parking import KINDS
from opdanalysis.models.readiness import COLOURS, CRITERIA
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

MEASURE_LOOKS = {"utilisation": (BLUE, "o", True), "observed_utilisation": (ORANGE, "s", False)}
"""Colour, mark and whether it is filled, of the two measures of how full a building is."""

COLOUR_LOOKS: Mapping[str, tuple[str, str]] = {
    "green": ("#8ccbb4", "✓"),
    "amber": ("#fae6b8", "!"),
    "red": ("#c2603a", "✗"),
    "unknown": ("white", "?"),
}
"""Fill and sign of each colour; the fills also differ in grey print."""

FULL = 1.0
NO_HOURS = 24
"""Hours of a day, as a clock writes them."""


def utilisation_table(space: pd.DataFrame, plan: str) -> pd.DataFrame:
    """The buildings that a plan fills, most staff first: both utilisations [1], each with range.

    `space` is that of `experiment.fit`. Columns: building, quantity, p05, p50, p95, p_over.
    """
    own = space[space["plan"] == plan]
    order = _by_staff(own)
    table = own[own["quantity"].isin(list(MEASURE_LOOKS))]
    table = table.sort_values("building", key=lambda b: b.map(order), kind="stable")
    return table.drop(columns="plan").reset_index(drop=True)


def parking_table(
    parking: pd.DataFrame, space: pd.DataFrame, plan: str, top: int | None = None
) -> pd.DataFrame:
    """Stalls needed and held by building, kind of vehicle and hour; the `top` with most staff."""
    order = _by_staff(space[space["plan"] == plan])
    chosen = list(order)[:top]
    own = parking[(parking["plan"] == plan) & parking["building"].isin(chosen)]
    table = own.sort_values("building", key=lambda b: b.map(order), kind="stable")
    return table.drop(columns="plan").reset_index(drop=True)


def readiness_table(readiness: pd.DataFrame, space: pd.DataFrame, plan: str) -> pd.DataFrame:
    """The colour and chance of falling short [1] of every building and criterion of a plan."""
    order = _by_staff(space[space["plan"] == plan])
    own = readiness[readiness["plan"] == plan]
    table = own.sort_values("building", key=lambda b: b.map(order), kind="stable")
    return table.drop(columns="plan").reset_index(drop=True)


@styled
def plot_utilisation(
    space: pd.DataFrame,
    city: City,
    plan: Plan,
    words: Words,
    draws: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """How full the buildings get that a plan fills: by the norm and at observed use."""
    table = utilisation_table(space, plan.id).set_index(["quantity", "building"])
    buildings = list(dict.fromkeys(table.index.get_level_values("building")))
    numbers = table[["p05", "p50", "p95", "p_over"]]
    scale = scale_of("1", [FULL], words)
    if ax is None:
        ax = new_axes(5.2 + 0.78 * max(len(buildings), 1))
    ax.axvline(FULL / scale.size, color=INK, linewidth=1.1, linestyle="--", zorder=1)
    _heads(ax, [words(f"figure.fit.over_{measure}") for measure in MEASURE_LOOKS])
    for shift, (measure, (colour, mark, filled)) in enumerate(MEASURE_LOOKS.items()):
        for row, building in enumerate(buildings):
            low, middle, high, over = map(float, numbers.loc[(measure, building)])
            at = row - 0.17 + 0.34 * shift
            ends = [low / scale.size, high / scale.size]
            ax.plot(ends, [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
            face = colour if filled else "white"
            ax.plot(middle / scale.size, at, mark, color=colour, markersize=5.5, zorder=3)
            ax.lines[-1].set_markerfacecolor(face)
            ax.annotate(
                words.percent(over),
                (1, row),
                xycoords=("axes fraction", "data"),
                xytext=(40 + 50 * shift, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=SMALL,
            )
    row_axis(ax, _names(buildings, city, words))
    value_axis(ax, words, words("figure.fit.share"), scale)
    ax.set_xlim(left=0)
    handles: list[Artist] = [
        Line2D([], [], color=c, marker=m, linewidth=2.2, markersize=5.5,
               markerfacecolor=c if filled else "white", label=words(f"figure.fit.{measure}"))
        for measure, (c, m, filled) in MEASURE_LOOKS.items()
    ]  # fmt: skip
    title = words("figure.fit.title_utilisation", plan=words.of(plan.name, plan.id))
    note = _note(words, city, draws, "range", words("figure.fit.note_utilisation"))
    finish(ax, title, note, handles, columns=1)
    return ax


@styled
def plot_parking_by_hour(
    parking: pd.DataFrame,
    space: pd.DataFrame,
    city: City,
    plan: Plan,
    words: Words,
    top: int = 5,
    draws: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Stalls needed and held hour by hour: a row of two panels, cars and motorcycles, a building.

    Shown are the `top` buildings that get most staff; the axes returned hold the panels.
    """
    table = parking_table(parking, space, plan.id, top)
    buildings = list(dict.fromkeys(table["building"]))
    if ax is None:
        ax = new_axes(4.6 + 4.1 * max(len(buildings), 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    height = 1 / max(len(buildings), 1)
    for row, building in enumerate(buildings):
        for column, kind in enumerate(KINDS):
            own = table[(table["building"] == building) & (table["kind"] == kind)]
            frame = (0.055 + 0.5 * column, 1 - height * (row + 0.8), 0.44, height * 0.6)
            panel = ax.inset_axes(frame)
            name = city.building(building).name_in(words.lang) if column == 0 else ""
            _draw_panel(panel, own, kind, name, words)
    handles: list[Artist] = [
        Patch(facecolor=BLUE, alpha=0.35, label=words("figure.fit.needed_range")),
        Line2D([], [], color=BLUE, linewidth=2, marker="o", markersize=4,
               label=words("figure.fit.needed")),
        Patch(facecolor="white", edgecolor=GREY, hatch="////", linewidth=0.6,
              label=words("figure.fit.available_range")),
        Line2D([], [], color=INK, linewidth=1.6, linestyle="--",
               label=words("figure.fit.available")),
    ]  # fmt: skip
    title = words("figure.fit.title_parking", plan=words.of(plan.name, plan.id))
    note = _note(words, city, draws, "range_short", words("figure.fit.note_parking"))
    if len(_by_staff(space[space["plan"] == plan.id])) > len(buildings):
        note += " " + words("figure.fit.note_top", top=len(buildings))
    finish(ax, title, note, handles, columns=2)
    return ax


@styled
def plot_readiness(
    readiness: pd.DataFrame,
    space: pd.DataFrame,
    city: City,
    plan: Plan,
    words: Words,
    draws: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """What each building that a plan fills has ready: a sign and a fill for every criterion."""
    table = readiness_table(readiness, space, plan.id).set_index(["building", "criterion"])
    buildings = list(dict.fromkeys(table.index.get_level_values("building")))
    colours, chances = table["colour"].to_dict(), table["p_short"].to_dict()
    if ax is None:
        ax = new_axes(6.2 + 0.8 * max(len(buildings), 1))
    for row, building in enumerate(buildings):
        for column, criterion in enumerate(CRITERIA):
            colour, chance = colours[building, criterion], chances[building, criterion]
            fill, sign = COLOUR_LOOKS[colour]
            ax.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=fill, edgecolor="white",
                          linewidth=1.5)
            )  # fmt: skip
            text = sign if np.isnan(chance) else f"{sign} {words.percent(chance)}"
            dark = "white" if colour == "red" else GREY if colour == "unknown" else INK
            ax.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=dark)
    row_axis(ax, _names(buildings, city, words))
    ax.set_xlim(-0.5, len(CRITERIA) - 0.5)
    labels = [balanced(words(f"criterion.{one}"), 9) for one in CRITERIA]
    ax.set_xticks(range(len(CRITERIA)), labels, fontsize=SMALL, color=INK)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    handles = [
        Patch(facecolor=COLOUR_LOOKS[colour][0], edgecolor=LIGHT,
              label=f"{COLOUR_LOOKS[colour][1]}  {words(f'colour.{colour}')}")
        for colour in COLOURS
    ]  # fmt: skip
    title = words("figure.fit.title_readiness", plan=words.of(plan.name, plan.id))
    note = words("figure.fit.note_readiness")
    finish(ax, title, _note(words, city, draws, "draws", note), handles, columns=2)
    return ax


def _draw_panel(panel: Axes, table: pd.DataFrame, kind: str, name: str, words: Words) -> None:
    """One building and kind of vehicle: ranges of need and supply over the hours."""
    ends = table["hour"].to_numpy() + 1
    if table["available_p50"].notna().all():
        low, middle, high = (table[f"available_{p}"] for p in ("p05", "p50", "p95"))
        panel.fill_between(ends, low, high, facecolor="none", edgecolor=LIGHT, hatch="////",
                           linewidth=0.0)  # fmt: skip
        panel.plot(ends, middle, color=INK, linewidth=1.6, linestyle="--")
        worst = table["p_short"].max()
        at = ends[int(np.argmax(table["p_short"].to_numpy()))]
        said = words("figure.fit.chance", share=words.percent(worst), hour=_clock(at, words))
    else:
        said = words("figure.fit.unknown")
    panel.fill_between(ends, table["p05"], table["p95"], color=BLUE, alpha=0.35, linewidth=0)
    panel.plot(ends, table["p50"], color=BLUE, linewidth=2, marker="o", markersize=4)
    top = 1.15 * max(table["p95"].max(), np.nan_to_num(table["available_p50"]).max())
    panel.set_ylim(0, max(top, 1))
    panel.set_xlim(ends[0] - 0.3, ends[-1] + 0.3)
    panel.set_xticks(ends, [str(end) for end in ends], fontsize=SMALL)
    panel.yaxis.set_major_formatter(InWords(words))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    panel.tick_params(axis="y", labelsize=SMALL)
    panel.grid(axis="y", color=PALE, linewidth=0.7)
    panel.set_axisbelow(True)
    head = f"{words(f'vehicle.{kind}')}: {said}"
    panel.set_title(head, fontsize=SMALL, loc="left", color=INK, pad=3)
    if name:
        panel.annotate(
            short(name, 90), (0, 1), xycoords="axes fraction", xytext=(0, 15),
            textcoords="offset points", fontsize=NORMAL, fontweight="bold", va="bottom",
        )  # fmt: skip


def _clock(hour: int, words: Words) -> str:
    """An hour as a clock writes it: 09.00 or 9:00."""
    return f"{hour % NO_HOURS:02d}.00" if words.lang == "id" else f"{hour % NO_HOURS}:00"


def _by_staff(space: pd.DataFrame) -> dict[str, int]:
    """The buildings of a plan by their staff, most first, each with its place in that order."""
    staff = space[space["quantity"] == "staff"].sort_values("p50", ascending=False, kind="stable")
    return {building: place for place, building in enumerate(staff["building"])}


def _names(buildings: Sequence[str], city: City, words: Words) -> list[str]:
    return [balanced(city.building(id).name_in(words.lang), 34) for id in buildings]


def _heads(ax: Axes, texts: Sequence[str]) -> None:
    """Write the heads of the columns on the right, above the axes."""
    for place, text in enumerate(texts):
        ax.annotate(
            text, (1, 1), xycoords="axes fraction", xytext=(40 + 50 * place, 2),
            textcoords="offset points", ha="right", va="bottom", fontsize=SMALL, color=GREY,
        )  # fmt: skip


def _note(words: Words, city: City, draws: int | None, first: str, note: str) -> str:
    """What stands under a figure: its ranges and draws, how to read it, whether it is invented."""
    parts = [words(f"figure.note.{first}", draws=words.number(draws))] if draws else []
    parts.append(note)
    if city.synthetic:
        parts.append(words("figure.note.invented"))
    return " ".join(parts)
