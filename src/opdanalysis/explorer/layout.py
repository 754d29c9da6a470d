"""The parts of the page and where they stand, still without words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets

from opdanalysis.explorer.board import Board, Sliders

STYLE = Path(__file__).with_name("page.css")


class Parts:
    """Every widget of the page; `box` holds them all."""

    def __init__(self, lang: str) -> None:
        self.head, self.note = widgets.HTML(), widgets.HTML()
        self.lang = widgets.ToggleButtons(
            options=[("Bahasa Indonesia", "id"), ("English", "en")], value=lang
        )
        self.plan, self.scenario = widgets.Dropdown(), widgets.Dropdown()
        self.undo, self.reset = widgets.Button(), widgets.Button()
        self.board, self.answers, self.summary = Board(), widgets.HTML(), widgets.HTML()
        self.who, self.where = widgets.Dropdown(), widgets.Dropdown()
        self.move, self.move_head = widgets.Button(), widgets.HTML()
        self.outcome, self.comparison = widgets.Dropdown(), widgets.HTML()
        self.compare_head, self.belief_head, self.lever_head = (widgets.HTML() for _ in range(3))
        self.beliefs, self.levers = Sliders(kind="belief"), Sliders(kind="lever")
        self.name, self.save = widgets.Text(continuous_update=False), widgets.Button()
        self.save.button_style = "primary"
        self.own_head, self.saved, self.changes = (widgets.HTML() for _ in range(3))
        style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
        work = [
            self.board,
            *(self.move_head, _bar(self.who, self.where, self.move)),
            *(self.belief_head, self.beliefs, self.lever_head, self.levers),
            *(self.compare_head, _bar(self.outcome), self.comparison),
            *(self.own_head, self.changes, _bar(self.name, self.save), self.saved),
            self.note,
        ]
        columns = widgets.Box(
            [_classed(widgets.VBox(work), "opd-work"), _classed(self.answers, "opd-answers")]
        )
        self.box = widgets.VBox(
            [
                widgets.HTML(style),
                _classed(widgets.Box([self.head, self.lang]), "opd-head"),
                _bar(self.plan, self.scenario, self.undo, self.reset),
                _classed(columns, "opd-columns"),
                _classed(self.summary, "opd-summary"),
            ]
        )
        _classed(self.box, "opd-page")


def _bar(*parts: widgets.Widget) -> widgets.Widget:
    return _classed(widgets.Box(parts), "opd-bar")


def _classed(widget: Any, name: str) -> Any:
    widget.add_class(name)
    return widget
