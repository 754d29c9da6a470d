"""Labels on a map that neither cover each other nor run over the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from numpy.typing import NDArray

from opdanalysis.figures.style import INK, SMALL, text_width

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ANGLES = np.radians(np.arange(24) * 15 * np.tile([1, -1], 12) % 360)
RINGS = (3, 7, 12, 18, 26, 35, 45, 56, 68, 82, 98, 116, 136)
"""Free space between a mark and its label [pt], tried from the nearest."""

LONGEST_BARE = 9.0
"""Free space [pt] beyond which a line ties a label to its mark."""

COVERED, CROSSED, TANGLED = 1.5, 30.0, 500.0
"""What weighs against distance [pt]: to cover a mark [per pt2], to cross one, to cross a label."""

ROOM = 9.0
"""Room [pt] around the mark of another label, which a label would rather leave free."""

LABEL = "map label"
"""How the labels can be told from other texts of the axes: `text.get_label()`."""


@dataclass(frozen=True)
class Label:
    """Words for a point of the map; `radius` [pt] is that of the point's own mark.

    `reach` [pt] is how far from the mark it may stand. `centred` labels may stand on the point
    itself and go without a line to it; `modest` ones rather stay away than cover a mark.
    """

    text: str
    x: float
    y: float
    radius: float = 0.0
    reach: float = 140.0
    size: float = SMALL
    colour: str = INK
    bold: bool = False
    centred: bool = False
    italic: bool = False
    modest: bool = False


def place_labels(ax: Axes, labels: Sequence[Label], marks: Floats) -> None:
    """Write the labels, the first with the first choice of place; marks are covered only at need.

    `marks` are boxes [pixel], `(n, 4)`: left, bottom, right, top. The axes must have their final
    size. A label for which there is no free place is left out.
    """
    point = ax.get_figure(root=True).dpi / 72
    frame = np.array(ax.get_window_extent().extents)
    marks = np.asarray(marks, dtype=float).reshape(-1, 4)
    points = ax.transData.transform([(label.x, label.y) for label in labels] or np.empty((0, 2)))
    rooms = np.array([(label.radius + ROOM) * point for label in labels])[:, None]
    reserved = np.hstack([points - rooms, points + rooms])
    tied = np.array([not (label.centred or label.modest) for label in labels], dtype=bool)
    taken = np.empty((0, 4))
    lines, line_of = np.empty((0, 2)), np.empty(0, dtype=int)
    for place, (label, at) in enumerate(zip(labels, points, strict=True)):
        half = _half(label)
        keep_off = np.vstack([marks, reserved[tied & (np.arange(len(labels)) != place)]])
        others = marks[~_crossed(at[None], marks)]
        best: tuple[float, Floats] | None = None
        for offset in _offsets(label, half):
            cost = float(np.hypot(*offset))
            if best is not None and cost >= best[0]:
                continue  # what follows only weighs against it
            box = _box(at, offset, half, point)
            if (box[:2] < frame[:2]).any() or (box[2:] > frame[2:]).any():
                continue
            if _shared(box, taken).any():
                continue
            covered = _shared(box, keep_off).sum() / point**2
            if label.modest and covered > 0:
                continue
            cost += COVERED * covered
            if best is not None and cost >= best[0]:
                continue
            line = at + point * _line(label, offset, half)
            tangled = _crossed(line, taken).sum()
            tangled += len(np.unique(line_of[_inside(lines, box)]))
            crossed = _crossed(line, others).sum()
            cost += CROSSED * crossed + TANGLED * tangled
            if best is None or cost < best[0]:
                best = (cost, offset)
        if best is not None:
            taken = np.vstack([taken, _box(at, best[1], half, point)])
            line = at + point * _line(label, best[1], half)
            lines = np.vstack([lines, line])
            line_of = np.append(line_of, np.full(len(line), place))
            _write(ax, label, best[1], half)


def _half(label: Label) -> Floats:
    """Half of the width and height of a label [pt], with a little room around it."""
    lines = label.text.split("\n")
    width = max(text_width(line, label.size, label.bold) for line in lines)
    return np.array([width / 2 + 2, len(lines) * label.size * 0.62 + 1.5])


def _offsets(label: Label, half: Floats) -> list[Floats]:
    """Where the middle of a label may stand from its point [pt]."""
    found = [np.zeros(2)] if label.centred else []
    for ring in RINGS:
        for angle in ANGLES if ring <= label.reach else ():
            direction = np.array([np.cos(angle), np.sin(angle)])
            reach = min(h / abs(d) for h, d in zip(half, direction, strict=True) if abs(d) > 1e-9)
            found.append(direction * (label.radius + ring + reach))
    return found


def _box(at: Floats, offset: Floats, half: Floats, point: float) -> Floats:
    """The box of a label [pixel], as left, bottom, right, top."""
    return np.concatenate([at + (offset - half) * point, at + (offset + half) * point])


def _line(label: Label, offset: Floats, half: Floats) -> Floats:
    """Points along the line from a mark's edge to its label [pt from the mark]; none when near."""
    near = offset - np.clip(offset, -half, half)
    away = float(np.hypot(*near))
    if label.centred or away <= label.radius + LONGEST_BARE:
        return np.empty((0, 2))
    return np.linspace(label.radius / away, 1, 40)[:, None] * near


def _shared(box: Floats, boxes: Floats) -> Floats:
    """Area that a box shares with each of the boxes, `(n,)`; 0 where they do not touch."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    return np.asarray(np.maximum(sides, 0).prod(axis=1))


def _inside(points: Floats, box: Floats) -> Bools:
    """Whether each point lies in a box, `(n,)`."""
    return np.asarray(((box[:2] < points) & (points < box[2:])).all(axis=1))


def _crossed(line: Floats, boxes: Floats) -> Bools:
    """Which of the boxes hold a point of the line, `(n,)`."""
    inside = (boxes[None, :, :2] < line[:, None]) & (line[:, None] < boxes[None, :, 2:])
    return np.asarray(inside.all(axis=2).any(axis=0))


def _write(ax: Axes, label: Label, offset: Floats, half: Floats) -> None:
    line = _line(label, offset, half)
    if len(line):
        ax.annotate(
            "",
            (label.x, label.y),
            xytext=tuple(line[-1]),
            textcoords="offset points",
            arrowprops={
                "arrowstyle": "-",
                "color": label.colour,
                "linewidth": 0.6,
                "shrinkA": 0,
                "shrinkB": label.radius * 0.7,
            },
            zorder=8,
        )
    text = ax.annotate(
        label.text,
        (label.x, label.y),
        xytext=tuple(offset),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=label.size,
        fontweight="bold" if label.bold else "normal",
        fontstyle="italic" if label.italic else "normal",
        color=label.colour,
        linespacing=1.1,
        zorder=9,
    )
    text.set_label(LABEL)
    text.set_path_effects([patheffects.withStroke(linewidth=2, foreground="white")])
