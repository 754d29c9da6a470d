"""Where agencies stand when their network is drawn, what they are called, how lines bend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import KECAMATAN_OFFICE
from opdanalysis.figures.ground import radius_of
from opdanalysis.figures.style import CM, SMALL, WIDTH_CM, balanced, short, text_width
from opdanalysis.text.words import Words

Floats = NDArray[np.float64]
Tie = tuple[str, str, float]
"""Two agencies and their contacts in a year."""

FIELDS = (
    "oversight", "revenue", "economy", "culture", "registry",
    "social", "order", "infrastructure", "territory",
)  # fmt: skip
"""Fields stand around the picture in this order; fields that are not named here come after."""

LONG, LETTERS, LINE = 22, 48, 19
"""Letters from which a name is long, at which it is cut, and of one line."""

EMPTY_WORDS = ("Dinas ", " Office")
"""What a long name can do without, at its start or end."""

LOOSE_END = re.compile(r"(,| dan| and|,? &)* …$")
"""What a cut name must not end on."""

CM_PER_POINT = 1 / 72 / CM

LINE_HEIGHT, GAP, SEPARATION = 9.8, 4.0, 6.0
"""Height of a line of a label, room between labels and between fields [pt]."""

INWARDS = 0.5
"""How far from the centre the lines of a field meet, as a share of the way to its agencies."""

NEARBY = 0.6
"""How far a curve bends inwards at most, as a share of the distance of its ends."""

ROMAN = {10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}


def short_name(graph: nx.DiGraph, node: str, words: Words, letters: int = LETTERS) -> str:
    """What a picture calls an agency: without "Dinas" or "Office" when long, cut when too long.

    Behind the name of a group of units stands how many they are.
    """
    about = graph.nodes[node]
    name = str(about["name_en"] if words.lang == "en" else about["name"])
    if node == KECAMATAN_OFFICE:
        name = words("tenant.kecamatan")
    if len(name) > LONG:
        for word in EMPTY_WORDS:
            name = name.removeprefix(word).removesuffix(word)
    name = LOOSE_END.sub(" …", short(name, letters))
    return f"{name}\u00a0({about['members']})" if about["members"] > 1 else name


def label_of(graph: nx.DiGraph, node: str, words: Words, groups: Mapping[str, int] | None) -> str:
    """The name of an agency in lines, with its community as a Roman numeral."""
    name = short_name(graph, node, words)
    if groups is not None:
        name += f"\u00a0·\u00a0{roman(sorted(set(groups.values())).index(groups[node]) + 1)}"
    return balanced(name, LINE)


def roman(number: int) -> str:
    """A number from 1 to 39 as a Roman numeral."""
    for value, letters in ROMAN.items():
        if number >= value:
            return letters + roman(number - value)
    return ""


def field_of(graph: nx.DiGraph, node: str) -> str:
    """The first policy field of an agency; empty where it has none."""
    return str(graph.nodes[node]["fields"]).split(";")[0]


def fields_of(graph: nx.DiGraph) -> list[str]:
    """The first fields of all agencies in their order; agencies without a field come last."""
    found = {field_of(graph, node) for node in graph}
    rank = {field: place for place, field in enumerate(FIELDS)}
    return sorted(found, key=lambda field: (field == "", rank.get(field, len(rank)), field))


def turn_of(graph: nx.DiGraph, node: str, fields: list[str]) -> tuple[int, float, float, str]:
    """By what the agencies stand around the picture: field, then place from west to east."""
    about = graph.nodes[node]
    place = round(about["east_km"], 6), round(about["north_km"], 6)
    return (fields.index(field_of(graph, node)), *place, node)


def half_width() -> float:
    """Half of the width of the drawing [pt]."""
    return WIDTH_CM / CM_PER_POINT / 2 - 6


def places_of(
    graph: nx.DiGraph, nodes: Sequence[str], labels: Mapping[str, str]
) -> tuple[dict[str, Floats], float]:
    """Where each agency stands [pt from the centre], and the height of the drawing [pt].

    The agencies go down the right side of a rounded frame and up the left one. Their rows are as
    high as their labels, so that no two labels meet.
    """
    rows = np.array([_row_height(graph, node, labels[node]) for node in nodes])
    change = [field_of(graph, a) != field_of(graph, b) for a, b in pairwise(nodes)]
    rows[1:] += SEPARATION * np.array(change)
    first = int(np.searchsorted(rows.cumsum(), rows.sum() / 2, side="left")) + 1
    right = list(range(first))
    left = list(range(first, len(nodes)))[::-1]
    height = max(rows[right].sum(), rows[left].sum())
    upright = np.zeros(len(nodes))
    for side in (right, left):
        spread = (height - rows[side].sum()) / max(len(side), 1)
        ends = (rows[side] + spread).cumsum()
        upright[side] = height / 2 - ends + (rows[side] + spread) / 2
    bulge = (1 - np.abs(upright / (height / 2 + 4)) ** 2.3) ** (1 / 2.3)
    taken = np.array([_label_room(graph, node, labels[node]) for node in nodes])
    wide = ((half_width() - taken) / bulge).min()
    sideways = wide * bulge * np.where(np.arange(len(nodes)) < first, 1, -1)
    places = np.round(np.column_stack([sideways, upright]), 6)
    return dict(zip(nodes, places, strict=True)), float(height)


def curves(graph: nx.DiGraph, ties: Sequence[Tie], at: Mapping[str, Floats]) -> list[Floats]:
    """A curve for each pair, `(41, 2)`, bent towards where the lines of both fields meet."""
    meet = {
        field: INWARDS * np.mean([at[n] for n in at if field_of(graph, n) == field], axis=0)
        for field in fields_of(graph)
    }
    t = np.linspace(0, 1, 41)[:, None]
    found = []
    for a, b, _ in ties:
        far = float(np.hypot(*(at[a] - at[b])))
        first, second = (_towards(at[n], meet[field_of(graph, n)], far) for n in (a, b))
        ends = (1 - t) ** 3 * at[a] + t**3 * at[b]
        inner = 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second
        found.append(np.round(ends + inner, 6))
    return found


def _towards(start: Floats, meet: Floats, far: float) -> Floats:
    """Where a curve bends to: the whole way to the meeting point only when its ends are far."""
    way = meet - start
    return np.asarray(start + way * min(1.0, NEARBY * far / max(float(np.hypot(*way)), 1e-9)))


def _row_height(graph: nx.DiGraph, node: str, label: str) -> float:
    mark = 1.9 * radius_of(graph.nodes[node]["staff"])
    return max(LINE_HEIGHT * (label.count("\n") + 1), mark) + GAP


def _label_room(graph: nx.DiGraph, node: str, label: str) -> float:
    """Width of the mark's outer half with the label beside it [pt]."""
    width = max(text_width(line, SMALL) for line in label.split("\n"))
    return radius_of(graph.nodes[node]["staff"]) + 6 + width
