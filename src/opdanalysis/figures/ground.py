"""The sheet under every map: river, bridges and kelurahan in km, and the marks and arrows on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.figures.style import GREY, INK, LIGHT, WIDTH_CM, InWords, finish, new_axes
from opdanalysis.text.words import Words

Floats = NDArray[np.float64]

WATER, DOTS = "#cfe3f1", "#c4c4c4"

AREA_PER_EMPLOYEE = 1.0
"""Area of a mark per employee [pt2]."""

SMALLEST = 14.0
"""Area of the mark of an office with next to no staff [pt2]."""

SHIFT = "#,#"
"""Where a note says how far marks are moved, until the marks have their places."""

BEND = 0.12
"""How far an arrow bends from the straight line, as a share of its length."""


def kilometres(city: City) -> Floats:
    """East and north of the city's centre of every building [km], `(n_buildings, 2)`."""
    return city.metres([building.position for building in city.buildings]) / 1000


def sheet(
    city: City,
    words: Words,
    title: str,
    note: str,
    handles: Sequence[Artist],
    ax: Axes | None,
) -> Axes:
    """Axes in km with river, bridges and kelurahan, and all that stands around them."""
    land = city.metres([k.position for k in city.kelurahan]) / 1000
    river = city.metres(city.river) / 1000
    everything = np.vstack([land, river, kilometres(city)])
    low, high = everything.min(axis=0), everything.max(axis=0)
    pad = 0.06 * max(high - low)
    width, height = high - low + 2 * pad
    own = ax is None
    if ax is None:
        around = 3.6 + 0.5 * np.ceil(len(handles) / 3)
        ax = new_axes(float(np.clip((WIDTH_CM - 2) * height / width + around, 11, 22)))
    ax.set_xlim(low[0] - pad, high[0] + pad)
    ax.set_ylim(low[1] - pad, high[1] + pad)
    ax.set_aspect("equal")
    ax.set_xlabel(words("figure.map.east"))
    ax.set_ylabel(words("figure.map.north"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(InWords(words))
    ax.tick_params(labelsize=8)
    for spine in ax.spines.values():
        spine.set(visible=True, color=LIGHT)
    finish(ax, title, note, handles, columns=3)
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    if own:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    if len(river):
        ax.plot(*_smooth(river).T, color=WATER, linewidth=11, solid_capstyle="round", zorder=1)
    ax.scatter(*land.T, s=4, color=DOTS, linewidths=0, zorder=2)
    bridges = city.metres([bridge.position for bridge in city.bridges]) / 1000
    ax.scatter(*bridges.T, s=50, marker="|", color=INK, linewidths=1.6, zorder=5.5)
    return ax


def _smooth(points: Floats) -> Floats:
    """A smooth curve through the points, by the distance along them."""
    from scipy.interpolate import PchipInterpolator

    along = np.concatenate([[0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    return np.asarray(PchipInterpolator(along, points)(np.linspace(0, along[-1], 200)))


def area(staff: Any) -> Any:
    """Area of the mark of an office with that staff [pt2]."""
    return SMALLEST + AREA_PER_EMPLOYEE * staff


def radius_of(staff: float) -> float:
    """Radius of the mark of an office with that staff [pt]."""
    return float(np.sqrt(area(staff)) / 2)


def _points_per_km(ax: Axes) -> float:
    figure = ax.get_figure(root=True)
    ends = ax.transData.transform([(0, 0), (1, 0)])
    return float(ends[1, 0] - ends[0, 0]) * 72 / figure.dpi


def apart(ax: Axes, table: pd.DataFrame) -> Floats:
    """The places [km], pushed apart where marks would cover each other; the least certain yield."""
    radius = np.sqrt(area(table["staff"].to_numpy()) / np.pi) / _points_per_km(ax)
    home = table[["east_km", "north_km"]].to_numpy(dtype=float)
    turn = np.arange(len(home)) * np.pi * (3 - np.sqrt(5))
    now = home + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    loose = np.maximum(table["error_m"].to_numpy(dtype=float), 100)
    gives_way = loose[:, None] / (loose[:, None] + loose[None, :])
    room = 0.85 * (radius[:, None] + radius[None, :])
    np.fill_diagonal(room, 0)
    for _ in range(300):
        gap = now[:, None] - now[None, :]
        far = np.hypot(gap[..., 0], gap[..., 1]) + np.eye(len(now))
        push = gives_way * np.maximum(room - far, 0) / far
        now = now + 0.5 * (gap * push[..., None]).sum(axis=1) + 0.01 * (home - now)
    return now


def say_shift(ax: Axes, table: pd.DataFrame, now: Floats, words: Words) -> None:
    """Write into the note under a map how far at most a mark stands from its place [km]."""
    shift = np.hypot(*(now - table[["east_km", "north_km"]].to_numpy(dtype=float)).T)
    said = words.number(float(shift.max(initial=0)), 1)
    for text in ax.texts:
        text.set_text(text.get_text().replace(SHIFT, said))


def draw_marks(ax: Axes, table: pd.DataFrame, mark: str, colour: str, edge: str = INK) -> None:
    """Draw the offices of a table as marks by their staff."""
    ax.scatter(
        table["east_km"],
        table["north_km"],
        s=area(table["staff"]),
        marker=mark,
        facecolors=colour,
        edgecolors=edge,
        linewidths=0.7,
        zorder=5,
    )


def legend_mark(mark: str, colour: str, label: str, area: float = 40, edge: str = INK) -> Line2D:
    """A legend entry with a mark of that area [pt2]."""
    size = float(np.sqrt(area))
    return Line2D(
        [], [], linestyle="", marker=mark, markersize=size, markerfacecolor=colour,
        markeredgecolor=edge, markeredgewidth=0.7, label=label,
    )  # fmt: skip


def legend_bridge(city: City, words: Words) -> list[Artist]:
    """The legend entry of the bridges, where a city has any."""
    look = {"linestyle": "", "marker": "|", "markersize": 7.0, "color": INK}
    label = words("figure.map.bridge")
    return [Line2D([], [], markeredgewidth=1.6, label=label, **look)] if city.bridges else []


def mark_boxes(ax: Axes, table: pd.DataFrame) -> Floats:
    """The boxes that the marks cover [pixel], `(n, 4)`."""
    point = ax.get_figure(root=True).dpi / 72
    at = ax.transData.transform(table[["east_km", "north_km"]].to_numpy())
    half = (np.sqrt(area(table["staff"].to_numpy())) / 2 * point)[:, None]
    return np.hstack([at - half, at + half])


def draw_arrow(ax: Axes, start: Any, end: Any, staff: float, small: bool) -> None:
    """Draw an arrow between two offices, wide by the staff that moves."""
    ax.add_patch(
        FancyArrowPatch(
            (start.east_km, start.north_km),
            (end.east_km, end.north_km),
            connectionstyle=f"arc3,rad={BEND}",
            arrowstyle="-|>",
            mutation_scale=6 if small else 9,
            linewidth=0.6 if small else 0.8 + staff / 90,
            color=GREY if small else INK,
            alpha=0.7 if small else 0.85,
            shrinkA=radius_of(start.staff),
            shrinkB=radius_of(end.staff),
            zorder=4 if small else 6,
        )
    )


def arrow_boxes(ax: Axes, start: Any, end: Any) -> Floats:
    """Small boxes along an arrow [pixel], `(n, 4)`, so that labels keep off it."""
    a, b = ax.transData.transform([(start.east_km, start.north_km), (end.east_km, end.north_km)])
    bent = (a + b) / 2 + BEND * np.array([b[1] - a[1], a[0] - b[0]])
    t = np.linspace(0, 1, 40)[:, None]
    path = (1 - t) ** 2 * a + 2 * t * (1 - t) * bent + t**2 * b
    return np.hstack([path - 2, path + 2])
