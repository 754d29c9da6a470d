"""Who lives nearer to services under a plan and who farther: a map, by kecamatan and by service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.names import entity_name
from opdanalysis.figures.ground import legend_bridge, legend_mark, sheet
from opdanalysis.figures.labels import place_labels
from opdanalysis.figures.map import bridge_labels, kecamatan_labels, river_labels
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
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
from opdanalysis.models.access import ALL
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale
from opdanalysis.text.words import Words

CLASSES = {
    "much_nearer": ("v", BLUE, INK),
    "nearer": ("v", SKY, INK),
    "alike": ("o", "white", GREY),
    "farther": ("^", ORANGE, INK),
    "much_farther": ("^", RED, INK),
}
"""Mark, filling and edge of a kelurahan by how its trips change, from nearer to farther."""

MUCH = 2
"""So many times what is noticed counts as much."""

RESIDENTS_PER_PT2 = 400.0
"""Residents for each pt2 of a mark's area."""

LEAST_AREA = 9.0
"""Area of the smallest mark [pt2]."""

LEGEND_RESIDENTS = (10_000, 50_000)

BARS = {"nearer": (SKY, ""), "farther": (ORANGE, "////"), "open": (PALE, "")}
"""Colour and hatch of a bar: nearer or farther in nine draws of ten, or neither."""

STILL = 0.5
"""Minutes below which a whole range counts as no change."""


def access_map_table(changes: pd.DataFrame, city: City, noticed: float) -> pd.DataFrame:
    """The changes by kelurahan with their places [km] and classes, the most residents first.

    `noticed` [minute] is the change from which residents count as nearer or farther.
    """
    order = {kelurahan.id: place for place, kelurahan in enumerate(city.kelurahan)}
    places = city.metres([kelurahan.position for kelurahan in city.kelurahan]) / 1000
    here = places[changes["kelurahan"].map(order)]
    edges = [-MUCH * noticed, -noticed, noticed, MUCH * noticed]
    names = np.array(list(CLASSES))[::-1]
    table = changes.assign(
        east_km=here[:, 0],
        north_km=here[:, 1],
        change=names[np.searchsorted(edges, changes["p50"])],
    )
    return table.sort_values("residents", ascending=False, kind="stable", ignore_index=True)


def access_by_kecamatan_table(changes: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The changes of one plan by kecamatan, the nearer first."""
    return _of_plan(changes, plan)


def access_by_service_table(changes: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The changes of one plan by service: all services, then those that change, nearer first.

    Services without a change come last; `still` marks them.
    """
    table = _of_plan(changes, plan)
    table["still"] = table[["p05", "p95"]].abs().max(axis=1) < STILL
    whole = table["service"] == ALL
    order = np.lexsort([table.index, table["still"], ~whole])
    return table.iloc[order].reset_index(drop=True)


@styled
def plot_access_map(
    changes: pd.DataFrame,
    city: City,
    plan: Plan,
    words: Words,
    noticed: float,
    ax: Axes | None = None,
) -> Axes:
    """A map of the kelurahan: how much nearer to services or farther their residents live.

    `changes` are those by kelurahan; `noticed` [minute] is the change that counts.
    """
    table = access_map_table(changes, city, noticed)
    limits = {"low": words.number(noticed), "high": words.number(MUCH * noticed)}
    handles: list[Artist] = [
        legend_mark(mark, colour, words(f"figure.access.classes.{name}", **limits), 45, edge)
        for name, (mark, colour, edge) in CLASSES.items()
    ]
    handles += [
        legend_mark(
            "o",
            "white",
            words("figure.access.residents", residents=words.number(residents)),
            float(_area(residents)),
            GREY,
        )
        for residents in LEGEND_RESIDENTS
    ]
    handles += legend_bridge(city, words)
    title = words("figure.access.title_map", plan=words.of(plan.name, plan.id))
    note = [words("figure.access.note_map"), words("figure.access.note_homes")]
    ax = sheet(city, words, title, _note(note, city, words), handles, ax)
    for name, (mark, colour, edge) in CLASSES.items():
        rows = table[table["change"] == name]
        ax.scatter(
            rows["east_km"],
            rows["north_km"],
            s=_area(rows["residents"]),
            marker=mark,
            facecolors=colour,
            edgecolors=edge,
            linewidths=0.6,
            zorder=4 if name == "alike" else 5,
        )
    labels = [*kecamatan_labels(city), *river_labels(city, words), *bridge_labels(city)[:1]]
    place_labels(ax, labels, _boxes(ax, table))
    return ax


@styled
def plot_access_by_kecamatan(
    changes: pd.DataFrame, city: City, plan: Plan, words: Words, ax: Axes | None = None
) -> Axes:
    """Minutes by which the mean trip of each kecamatan gets shorter or longer, with ranges."""
    table = access_by_kecamatan_table(changes, plan)
    labels = [entity_name(city, "kecamatan", id, words.lang) for id in table["kecamatan"]]
    title = words("figure.access.title_kecamatan", plan=words.of(plan.name, plan.id))
    note = [words("figure.access.note_bars"), words("figure.access.note_homes")]
    return _plot_bars(table, labels, title, _note(note, city, words), words, ax)


@styled
def plot_access_by_service(
    changes: pd.DataFrame, city: City, plan: Plan, words: Words, ax: Axes | None = None
) -> Axes:
    """Minutes by which the trip for each service gets shorter or longer, with ranges.

    Services that stay where they are stand in the note.
    """
    table = access_by_service_table(changes, plan)
    names = {ALL: words("figure.access.all")}
    names |= {service.id: service.name_in(words.lang) for service in city.services}
    still = table["still"] & (table["service"] != ALL)
    note = [words("figure.access.note_bars")]
    if still.any():
        listed = ", ".join(names[id] for id in table.loc[still, "service"])
        note.append(words("figure.access.note_still", services=listed))
    shown = table[~still]
    labels = [balanced(names[id], 40) for id in shown["service"]]
    title = words("figure.access.title_service", plan=words.of(plan.name, plan.id))
    ax = _plot_bars(shown, labels, title, _note(note, city, words), words, ax)
    ax.axhline(0.5, color=INK, linewidth=0.5)
    return ax


def _of_plan(changes: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    rows = changes[changes["plan"] == plan.id].drop(columns="plan")
    return rows.sort_values("p50", ascending=False, kind="stable", ignore_index=True)


def _note(parts: Sequence[str], city: City, words: Words) -> str:
    invented = [words("figure.note.invented")] if city.synthetic else []
    return " ".join([*parts, *invented])


def _plot_bars(
    table: pd.DataFrame,
    labels: Sequence[str],
    title: str,
    note: str,
    words: Words,
    ax: Axes | None,
) -> Axes:
    """A bar from zero to each median gain, with its range, and today's minutes on the right."""
    if ax is None:
        lines = sum(label.count("\n") + 1 for label in labels)
        ax = new_axes(5.0 + 0.5 * len(labels) + 0.25 * (lines - len(labels)))
    for place, row in enumerate(table.itertuples(index=False)):
        colour, hatch = BARS[_kind(row)]
        ax.barh(place, row.p50, 0.62, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.5)
        ax.plot([row.p05, row.p95], [place, place], color=INK, linewidth=1.1)
        ax.plot([row.p05, row.p95], [place, place], "|", color=INK, markersize=5)
        _beside(ax, place, words.number(row.today), INK)
    _beside(ax, -0.62, words("figure.access.today"), GREY)
    ax.axvline(0, color=INK, linewidth=0.9)
    row_axis(ax, labels)
    scale = Scale(1, words("unit.minute"), 1)
    value_axis(ax, words, words("figure.access.gain"), scale)
    found = {_kind(row) for row in table.itertuples(index=False)}
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5,
              label=words(f"figure.access.bars.{kind}"))
        for kind, (colour, hatch) in BARS.items()
        if kind in found
    ]  # fmt: skip
    finish(ax, title, note, handles, columns=2)
    return ax


def _kind(row: Any) -> str:
    return "nearer" if row.p05 > 0 else "farther" if row.p95 < 0 else "open"


def _beside(ax: Axes, at: float, text: str, colour: str) -> None:
    """Write to the right of the axes, level with a row."""
    ax.annotate(
        text,
        (1, at),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=colour,
    )


def _area(residents: Any) -> Any:
    """Area of the mark of a kelurahan with so many residents [pt2]."""
    return np.maximum(np.asarray(residents, dtype=float) / RESIDENTS_PER_PT2, LEAST_AREA)


def _boxes(ax: Axes, table: pd.DataFrame) -> NDArray[np.float64]:
    """The boxes that the marks cover [pixel], `(n, 4)`."""
    point = ax.get_figure(root=True).dpi / 72
    at = ax.transData.transform(table[["east_km", "north_km"]].to_numpy())
    half = (np.sqrt(_area(table["residents"])) / 2 * point)[:, None]
    return np.hstack([at - half, at + half])
