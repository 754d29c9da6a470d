"""The invented panel of the evaluation: shared buildings, and an announcement not quite kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.synthetic_panel import World
from opdanalysis.methods.did_timing import NEVER

LESSON = World("A5", "ramp")
"""Twelve of 35 move in three months, and the outcome falls for a year."""

LESSON_DELAY = 2
"""Months by which moves come later than announced."""


def lesson_panel(panel: Panel) -> Panel:
    """The invented panel with shared buildings and an announcement not kept to the letter.

    The first two who move in a month share a building. Every second mover comes later than
    announced, the last was not announced, and the first two that stay were.
    """
    places = list(panel.moved_to)
    movers = np.flatnonzero(panel.moved < NEVER)
    for month in np.unique(panel.moved[movers]):
        first, second = np.flatnonzero(panel.moved == month)[:2]
        places[second] = places[first]
    announced, announced_to = panel.moved.copy(), list(places)
    announced[movers[::2]] -= LESSON_DELAY
    announced[movers[-1]], announced_to[movers[-1]] = NEVER, ""
    for unit in np.flatnonzero(panel.moved >= NEVER)[:2]:
        announced[unit], announced_to[unit] = panel.moved[movers[0]], places[movers[0]]
    return replace(
        panel, moved_to=tuple(places), announced=announced, announced_to=tuple(announced_to)
    )
