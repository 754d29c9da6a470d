"""The coordination network: drawn by policy field, and as a matrix ordered by community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from opdanalysis.figures.ground import area, legend_mark, radius_of
from opdanalysis.figures.labels import LABEL
from opdanalysis.figures.network_layout import (
    CM_PER_POINT,
    Tie,
    curves,
    field_of,
    fields_of,
    half_width,
    label_of,
    places_of,
    roman,
    short_name,
    turn_of,
)
from opdanalysis.figures.style import (
    BLUE,
    BROWN,
    GREEN,
    INK,
    LIGHT,
    NORMAL,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    SMALL,
    YELLOW,
    finish,
    new_axes,
    styled,
)
from opdanalysis.methods.structure import backbone
from opdanalysis.models.network_graph import weight_matrix
from opdanalysis.models.ties import LAYERS
from opdanalysis.text.words import Words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LOOKS = (
    (INK, "s"), (YELLOW, "D"), (ORANGE, "o"), (PINK, "^"), (BROWN, "P"),
    (BLUE, "v"), (RED, "X"), (GREEN, "h"), (SKY, "p"), ("white", "o"), ("white", "s"), (LIGHT, "D"),
)  # fmt: skip
"""Fill and mark of the fields of a network, in their order."""

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Levels of the backbone, from the strictest; the first that shows enough is taken."""

SHOWN = 0.5
"""Share of all contacts that the lines must show at least [1]."""

NARROW = 25
"""Columns from which every other number stands higher, for want of width."""

LETTERS_MATRIX = 34
"""Letters at which a name beside the matrix is cut."""

STEPS = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000])
"""Round numbers of contacts for the legend."""

CLASSES = ("#e3eaf2", "#a9c5de", "#6698c4", "#2f699c", "#0b2f55")
"""Colours of the matrix from few contacts to many; each is darker than the one before."""


def network_table(graph: nx.DiGraph) -> pd.DataFrame:
    """One row per tie, most contacts first: sender, receiver, contacts in a year, its layers.

    `shown` tells which ties the picture draws as lines.
    """
    nodes = list(graph)
    drawn = _drawn(weight_matrix(graph))[0]
    order = {node: place for place, node in enumerate(nodes)}
    rows = [
        (
            sender,
            receiver,
            tie["weight"],
            ";".join(layer for layer in LAYERS if tie.get(layer, 0) > 0),
            bool(drawn[order[sender], order[receiver]]),
        )
        for sender, receiver, tie in graph.edges(data=True)
    ]
    table = pd.DataFrame(rows, columns=["sender", "receiver", "contacts", "layers", "shown"])
    by = ["contacts", "sender", "receiver"]
    return table.sort_values(by, ascending=[False, True, True], ignore_index=True)


@styled
def plot_network(
    graph: nx.DiGraph,
    words: Words,
    groups: Mapping[str, int] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The agencies around the edge by policy field, tied by bundled lines of their main contacts.

    `groups` adds the community of each agency to its name, as a Roman numeral.
    """
    weights = weight_matrix(graph)
    drawn, level = _drawn(weights)
    ties = _pairs(graph, weights, drawn)
    fields = fields_of(graph)
    nodes = sorted(graph, key=lambda node: turn_of(graph, node, fields))
    labels = {node: label_of(graph, node, words, groups) for node in nodes}
    at, height = places_of(graph, nodes, labels)
    handles = [*_field_handles(fields, words), *_size_handles(words), *_tie_handles(ties, words)]
    if ax is None:
        ax = new_axes(height * CM_PER_POINT + 3.9 + 0.43 * -(-len(handles) // 3))
    ax.set(xlim=(-half_width(), half_width()), ylim=(-height / 2, height / 2))
    _hide_axes(ax)
    _draw_ties(ax, ties, curves(graph, ties, at))
    for node in nodes:
        look = LOOKS[fields.index(field_of(graph, node)) % len(LOOKS)]
        _draw_agency(ax, at[node], graph.nodes[node]["staff"], look, labels[node])
    share = words.percent(float(weights[drawn].sum() / max(weights.sum(), 1e-9)))
    every = len(_pairs(graph, weights, weights + weights.T > 0))
    numbers = {"shown": len(ties), "all": every, "share": share}
    if level is None:
        note = [words("figure.network.note_all", **numbers)]
    else:
        at_level = words.number(level, 2)
        note = [words("figure.network.note_backbone", level=at_level, **numbers)]
    note.append(words("figure.network.note"))
    if groups is not None:
        note.append(words("figure.network.note_groups"))
    finish(ax, words("figure.network.title"), " ".join(note), handles, columns=3)
    return ax


def network_matrix_table(graph: nx.DiGraph, groups: Mapping[str, int]) -> pd.DataFrame:
    """Contacts in a year between two agencies, both directions added, as a square table.

    Rows and columns stand by community, and within it by contacts with all others.
    """
    both = weight_matrix(graph)
    table = pd.DataFrame(both + both.T, index=list(graph), columns=list(graph))
    strength = table.sum().to_dict()
    order = sorted(graph, key=lambda node: (groups[node], -strength[node], node))
    return table.loc[order, order]


@styled
def plot_network_matrix(
    graph: nx.DiGraph,
    groups: Mapping[str, int],
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """Contacts between every two agencies as cells, darker for more, communities framed."""
    table = network_matrix_table(graph, groups)
    n, contacts = len(table), table.to_numpy()
    limits = _limits(contacts)
    if ax is None:
        ax = new_axes(4.6 + max(n, 8) * 0.405)
    for row, column in zip(*np.nonzero(contacts), strict=True):
        step = int(np.searchsorted(limits[1:-1], contacts[row, column], side="right"))
        _draw_cell(ax, row, column, facecolor=CLASSES[step], edgecolor="white", linewidth=0.4)
    for place in range(n):
        _draw_cell(ax, place, place, facecolor=PALE, hatch="////", linewidth=0)
    numbers = [groups[node] for node in table.index]
    starts = [place for place in range(n) if not place or numbers[place] != numbers[place - 1]]
    blocks = list(pairwise([*starts, n]))
    for order, (start, end) in enumerate(blocks, 1):
        _frame_community(ax, start, end, n, roman(order))
    names = [
        f"{short_name(graph, node, words, LETTERS_MATRIX)}  {i}"
        for i, node in enumerate(table.index, 1)
    ]
    ax.set_yticks(range(n), names, fontsize=SMALL)
    raised = ["", "\n"] if n > NARROW else [""]
    ax.set_xticks(range(n), [f"{i}{raised[i % len(raised)]}" for i in range(1, n + 1)])
    ax.xaxis.tick_top()
    ax.tick_params(length=0, pad=2)
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
    for spine in ax.spines.values():
        spine.set(visible=True, color=LIGHT)
    within = sum(contacts[start:end, start:end].sum() for start, end in blocks)
    share = words.percent(float(within / max(contacts.sum(), 1e-9)))
    note = words("figure.network.note_matrix", groups=len(blocks), share=share)
    note += " " + words("figure.network.note")
    title = words("figure.network.title_matrix")
    finish(ax, title, note, _class_handles(limits, words), columns=3)
    return ax


def _drawn(weights: Floats) -> tuple[Bools, float | None]:
    """Which ties are drawn, `(n, n)` and symmetric, and the level of the backbone.

    The level is None where all ties are drawn. The strongest tie of every agency is drawn always.
    """
    ties = weights + weights.T
    for level in LEVELS:
        drawn = backbone(ties, level) > 0
        if ties[drawn].sum() >= SHOWN * ties.sum():
            break
    else:
        return ties > 0, None
    tied = np.flatnonzero(ties.any(axis=1))
    strongest = ties[tied].argmax(axis=1)
    drawn[tied, strongest] = drawn[strongest, tied] = True
    return drawn, level


def _pairs(graph: nx.DiGraph, weights: Floats, drawn: Bools) -> list[Tie]:
    """The pairs of agencies that a line ties, with their contacts; the fewest come first."""
    nodes, ties = list(graph), weights + weights.T
    rows, columns = np.nonzero(np.triu(drawn & (ties > 0), 1))
    pairs = [(nodes[a], nodes[b], float(ties[a, b])) for a, b in zip(rows, columns, strict=True)]
    return sorted(pairs, key=lambda pair: pair[2])


def _draw_ties(ax: Axes, ties: Sequence[Tie], lines: Sequence[Floats]) -> None:
    if not ties:
        return
    looks = [_tie_look(contacts, ties[0][2], ties[-1][2]) for _, _, contacts in ties]
    collection = LineCollection(
        lines,
        linewidths=[width for width, _ in looks],
        colors=[colour for _, colour in looks],
        capstyle="round",
        zorder=2,
    )
    ax.add_collection(collection, autolim=False)


def _draw_agency(ax: Axes, at: Floats, staff: float, look: tuple[str, str], label: str) -> None:
    """Draw the mark of an agency, with its name on the outer side."""
    colour, mark = look
    ax.scatter(
        at[0],
        at[1],
        s=area(staff),
        marker=mark,
        facecolors=colour,
        edgecolors=INK,
        linewidths=0.7,
        zorder=5,
    )
    side = 1 if at[0] > 0 else -1
    text = ax.annotate(
        label,
        tuple(at),
        xytext=(side * (radius_of(staff) + 4), 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        fontsize=SMALL,
        linespacing=1.1,
        zorder=9,
    )
    text.set_label(LABEL)


def _draw_cell(ax: Axes, row: int, column: int, **look: Any) -> None:
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **look))


def _frame_community(ax: Axes, start: int, end: int, n: int, numeral: str) -> None:
    """Frame the cells within a community, and write its numeral on the right."""
    corner, size = (start - 0.5, start - 0.5), end - start
    ax.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=INK, linewidth=1.6, zorder=4))
    if start:
        ax.axhline(start - 0.5, color=INK, linewidth=0.5, zorder=3)
        ax.axvline(start - 0.5, color=INK, linewidth=0.5, zorder=3)
    middle = (start + end - 1) / 2
    ax.text(
        1.012 * n - 0.5, middle, numeral, ha="left", va="center", fontsize=NORMAL, fontweight="bold"
    )


def _tie_look(contacts: float, least: float, most: float) -> tuple[float, str]:
    """Width [pt] and grey of a line, both by the logarithm of the contacts."""
    share = np.log(contacts / least) / np.log(most / least) if most > least else 1.0
    share = float(np.clip(share, 0, 1))
    grey = round(190 - 160 * share)
    return 0.5 + 3.0 * share**1.5, f"#{grey:02x}{grey:02x}{grey:02x}"


def _field_handles(fields: Sequence[str], words: Words) -> list[Artist]:
    handles: list[Artist] = []
    for place, field in enumerate(fields):
        key = f"figure.network.fields.{field or 'none'}"
        colour, mark = LOOKS[place % len(LOOKS)]
        handles.append(legend_mark(mark, colour, words(key) if key in words else field))
    return handles


def _size_handles(words: Words) -> list[Artist]:
    return [
        legend_mark("o", "white", words("figure.map.staff", staff=n), area(n)) for n in (50, 200)
    ]


def _tie_handles(ties: Sequence[Tie], words: Words) -> list[Artist]:
    """Lines for up to three round numbers of contacts."""
    if not ties:
        return []
    least, most = ties[0][2], ties[-1][2]
    shown = STEPS[(least <= STEPS) & (most >= STEPS)]
    if len(shown) > 3:
        shown = shown[[0, len(shown) // 2, -1]]
    handles: list[Artist] = []
    for number in shown:
        width, colour = _tie_look(number, least, most)
        label = words("figure.network.contacts", contacts=words.number(number))
        handles.append(Line2D([], [], color=colour, linewidth=width, label=label))
    return handles


def _class_handles(limits: Floats, words: Words) -> list[Artist]:
    handles: list[Artist] = []
    for colour, (low, high) in zip(CLASSES, pairwise(limits), strict=False):
        ends = {"low": words.number(low), "high": words.number(high)}
        handles.append(Patch(facecolor=colour, label=words("figure.network.class", **ends)))
    none = words("figure.network.no_tie")
    return [*handles, Patch(facecolor="white", edgecolor=LIGHT, label=none)]


def _hide_axes(ax: Axes) -> None:
    ax.xaxis.set_visible(False)
    ax.yaxis.set_visible(False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _limits(contacts: Floats) -> Floats:
    """Round limits of the classes of contacts, about equally far apart on a log scale."""
    some = contacts[contacts > 0]
    if not len(some):
        return np.array([1.0, 2.0])
    low, high = some.min(), max(some.max(), 2 * some.min())
    inner = [_rounded(number) for number in np.geomspace(low, high, len(CLASSES) + 1)[1:-1]]
    return np.unique([_rounded(low, np.floor), *inner, _rounded(high, np.ceil)])


def _rounded(number: float, how: Any = np.round) -> float:
    """The number with one digit that is not 0."""
    size = 10.0 ** np.floor(np.log10(number))
    return float(how(number / size) * size)
