"""The page of the explorer: puts the board, the numbers and the choices together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import ipywidgets as widgets

from opdanalysis.errors import OpdError
from opdanalysis.experiment.claims import limits_of
from opdanalysis.explorer.assumptions import Assumption, levers_of
from opdanalysis.explorer.board import (
    agency_chips,
    building_cards,
    in_order,
    in_play,
)
from opdanalysis.explorer.choices import destinations, movers, named, place_name
from opdanalysis.explorer.layout import Parts
from opdanalysis.explorer.own_plan import OWN, OwnPlan, plan_id
from opdanalysis.explorer.panels import answers_html, changes_html, comparison_html, summary_html
from opdanalysis.explorer.readings import slider_items
from opdanalysis.explorer.state import SHOWN, Chosen, Explorer
from opdanalysis.plans.plan import KECAMATAN_OFFICE, Plan
from opdanalysis.plans.plan_yaml import plan_as_yaml
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.places import project_folder
from opdanalysis.study.best import write_plan
from opdanalysis.study.open_study import OpenStudy, open_study
from opdanalysis.text.words import LANGUAGES, Words

QUERY_VARIABLE = "QUERY_STRING"
"""Where Voila leaves what stands behind the question mark of the page's address."""

ADDRESS = ("study", "lang", "draws")
"""What the address may choose, as in `?study=contoh&lang=en`."""


def open_page(
    study: str = "palembang", draws: int = 200, seed: int | None = None, lang: str | None = None
) -> widgets.Widget:
    """The page for a study; its address may choose another study, language or number of draws.

    Raises UsageError or DataProblems with all that is wrong.
    """
    asked = asked_for(os.environ.get(QUERY_VARIABLE, ""))
    draws = int(asked.get("draws", draws))
    opened = open_study(
        asked.get("study", study), draws=draws, seed=seed, lang=asked.get("lang", lang)
    )
    return Page(opened, plans_folder()).box


def asked_for(query: str) -> dict[str, str]:
    """What the address of the page asks for; what is not known or makes no sense is left out."""
    found = {name: values[0] for name, values in parse_qs(query).items() if name in ADDRESS}
    if found.get("lang", LANGUAGES[0]) not in LANGUAGES:
        del found["lang"]
    if not found.get("draws", "1").isdigit() or int(found.get("draws", "1")) < 1:
        del found["draws"]
    return found


def plans_folder() -> Path:
    """Where plans that are made on the page are kept."""
    return (project_folder() or Path.cwd()) / "outputs" / "plans"


class Page(Parts):
    """The page: `chosen` is what the reader has chosen; plans are saved in `folder`."""

    def __init__(self, study: OpenStudy, folder: Path) -> None:
        super().__init__(study.words.lang)
        self.folder = folder
        self.city, self.book, self.words = study.city, study.book, study.words
        self.scenario_names = {s.id: s.name for s in study.scenarios}
        beliefs = {s.id: s.beliefs for s in study.scenarios}
        book = read_everything(study.file.city).book  # without the beliefs of any scenario
        self.explorer = Explorer(
            self.city, study.plans, book, beliefs, study.file.draws, study.file.seed
        )
        self.limits = limits_of(self.book)
        self._central = self.book.central()
        self.chosen: Chosen = self.explorer.start(study.main_plan)
        self._past: list[Chosen] = []
        self._in_play = in_play(self.city, self.explorer.plans)
        self._said: tuple[str, dict[str, str]] | None = None
        self._beliefs = self.explorer.assumptions(study.main_plan)
        self._levers = levers_of(self.book, self.explorer.plans)
        self._quiet = False
        self._listen()
        self.redraw()

    def _listen(self) -> None:
        """What happens when the reader does something."""
        self.lang.observe(self._unless_quiet(self._speak), "value")
        self.plan.observe(self._unless_quiet(self._start_from), "value")
        self.scenario.observe(self._unless_quiet(self._take_scenario), "value")
        self.outcome.observe(self._unless_quiet(lambda _: self._compare()), "value")
        self.undo.on_click(lambda _: self._back())
        self.reset.on_click(lambda _: self._start_anew())
        self.move.on_click(lambda _: self._move(named(self.city, self.who.value), self.where.value))
        self.save.on_click(lambda _: self._save())
        self.board.when_asked("move", lambda asked: self._move(asked["agencies"], asked["to"]))
        self.beliefs.when_asked("hold", self._hold)
        self.levers.when_asked("hold", self._set_lever)

    def _unless_quiet(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        """Act only on what the reader does, and not while lists are filled anew."""
        return lambda change: None if self._quiet else act(change["new"])

    def _choose(self, chosen: Chosen) -> None:
        if chosen != self.chosen:
            self._past.append(self.chosen)
            self.chosen = chosen
        self.saved.value = ""
        self.redraw()

    def _back(self) -> None:
        if self._past:
            self.chosen, self._said = self._past.pop(), None
            self.redraw()

    def _start_anew(self) -> None:
        """Back to the plan that it started from, in the same scenario."""
        start = self.explorer.start(self.chosen.own.base)
        self._said = None
        self._choose(replace(start, scenario=self.chosen.scenario))

    def _speak(self, lang: str) -> None:
        self.words = Words(lang)
        self.saved.value = ""
        self.redraw()

    def _start_from(self, id: str) -> None:
        plan = next(plan for plan in self.explorer.plans if plan.id == id)
        self._said = None
        self._choose(replace(self.chosen, own=OwnPlan(plan)))

    def _take_scenario(self, id: str) -> None:
        self._choose(replace(self.chosen, scenario=id))

    def _move(self, agencies: list[str], to: str) -> None:
        """Move agencies; what cannot be done is said."""
        local = all(
            self.city.agency(agency).kecamatan in self.city.kecamatan_office for agency in agencies
        )
        if to == KECAMATAN_OFFICE and not local:
            self._said = ("explorer.no_kecamatan", {})
            self._choose(self.chosen)
            return
        own = self.chosen.own.moved(self.city, tuple(agencies), to)
        self._said = ("explorer.moved", {"count": str(len(agencies)), "to": to})
        self._choose(replace(self.chosen, own=own))

    def _hold(self, asked: Mapping[str, Any]) -> None:
        self._choose(self.chosen.holding(asked["name"], _point(self._beliefs, asked)))

    def _set_lever(self, asked: Mapping[str, Any]) -> None:
        own = self.chosen.own.with_lever(asked["name"], _point(self._levers, asked))
        self._choose(replace(self.chosen, own=own))

    @property
    def own_plan(self) -> Plan:
        """The plan as it stands, by the name that the reader gave it."""
        name = self.name.value.strip()
        names = dict.fromkeys(LANGUAGES, name) if name else None
        plan = self.chosen.own.plan(self.city, plan_id(name) if name else OWN)
        return replace(plan, name=names) if names else plan

    def _save(self) -> None:
        """Write the plan as a file that `opdanalysis` can read."""
        plan, words = self.own_plan, self.words
        if plan.id in {known.id for known in self.explorer.plans}:
            self.saved.value = _said(words("explorer.taken"))
            return
        path = self.folder / f"{plan.id}.yaml"
        try:
            write_plan(plan, path)
        except OpdError as error:
            self.saved.value = _said(str(error))
            return
        project = project_folder()
        shown = path.relative_to(project) if project and path.is_relative_to(project) else path
        text = words("explorer.saved", path=shown.as_posix(), city=self.city.id)
        self.saved.value = _said(text) + _download(plan, words)

    def redraw(self) -> None:
        """Everything in the reader's language, as it now stands; the numbers first."""
        words, chosen = self.words, self.chosen
        self._gains = self.explorer.gains(chosen)
        today = self.explorer.today(chosen)
        self.answers.value = answers_html(self._gains, today, self.limits, words)
        self.summary.value = summary_html(self._gains, self.limits, words)
        self._draw_board()
        self._label()
        self._compare()
        plan = chosen.own.plan(self.city)
        self.changes.value = changes_html(self.city, plan, words)

    def _compare(self) -> None:
        others = self.explorer.gains_of_all(self.chosen)
        names = {plan.id: self.words.of(plan.name, plan.id) for plan in self.explorer.plans[1:]}
        self.comparison.value = comparison_html(
            self.outcome.value, self._gains, others, names, self.limits, self.words
        )

    def _draw_board(self) -> None:
        words, plan = self.words, self.chosen.own.plan(self.city)
        said = ""
        if self._said:
            key, about = self._said
            if "to" in about:
                about = {**about, "to": place_name(self.city, about["to"], words)}
            said = words(key, **about)
        cards = building_cards(self.city, plan, self._central, self._in_play, words)
        keys = ("put", "picked", "how", "search", "all", "board", "none", "title", "together")
        self.board.show(
            words={key: words(f"explorer.board.{key}") for key in keys},
            buildings=in_order(cards, self.city, self.chosen.own.base, self._in_play),
            agencies=agency_chips(self.city, plan.place(self.city), words),
            said=said,
            lang=words.lang,
        )
        free = {"free": words("explorer.free")}
        held, levers = dict(self.chosen.held), dict(plan.levers)
        self.beliefs.show(words=free, items=slider_items(self._beliefs, held, self.book, words))
        self.levers.show(words=free, items=slider_items(self._levers, levers, self.book, words))

    def _label(self) -> None:
        """Headings, labels and lists in the reader's language."""
        words, lang = self.words, self.words.lang
        place = self.chosen.own.place(self.city)
        city = self.city.name_in(lang)
        badge = f'<span class="opd-badge">{escape(words("study.invented"))}</span>'
        invented = f"<p>{badge}</p>" if self.city.synthetic else ""
        self.head.value = (
            f"<h1>{escape(words('explorer.title', city=city))}</h1>"
            f"<p>{escape(words('explorer.intro'))}</p>{invented}"
        )
        for part, key in (
            (self.move_head, "move"),
            (self.compare_head, "compare"),
            (self.belief_head, "beliefs"),
            (self.lever_head, "levers"),
            (self.own_head, "own_plan"),
        ):
            about = f"explorer.about.{key}"
            text = f"<p>{escape(words(about))}</p>" if about in words else ""
            part.value = f"<h2>{escape(words(f'explorer.head.{key}'))}</h2>{text}"
        for button, key in ((self.undo, "undo"), (self.reset, "reset")):
            button.description = words(f"explorer.{key}")
        self.move.description, self.save.description = (
            words("explorer.move"),
            words("explorer.save"),
        )
        self.undo.disabled = not self._past
        self.reset.disabled = not (self.chosen.own.changed or self.chosen.held)
        self.name.description = words("explorer.name")
        self.name.placeholder = words("explorer.own")
        self.note.value = (
            '<p class="opd-small">'
            + escape(words("explorer.note", draws=words.number(self.explorer.draws)))
            + "</p>"
        )
        plans = [(words.of(plan.name, plan.id), plan.id) for plan in self.explorer.plans]
        scenarios = [(words.of(name, id), id) for id, name in self.scenario_names.items()]
        outcomes = [(words(f"outcome.{id}"), id) for id in SHOWN]
        who, where = movers(self.city, place, words), destinations(self.city, words)
        self._fill(self.plan, "plan", plans, self.chosen.own.base.id)
        self._fill(self.scenario, "scenario", scenarios, self.chosen.scenario)
        self._fill(self.outcome, "outcome", outcomes, self.outcome.value)
        self._fill(self.who, "who", who, self.who.value)
        self._fill(self.where, "where", where, self.where.value)

    def _fill(self, part: Any, key: str, options: list[tuple[str, str]], value: str | None) -> None:
        """A list in the reader's language, with the same entry chosen as before."""
        self._quiet = True
        part.description = self.words(f"explorer.label.{key}")
        if part.options != tuple(options):
            part.options = options
        part.value = options[0][1] if value is None else value
        self._quiet = False


def _point(sliders: list[Assumption], asked: Mapping[str, Any]) -> float | None:
    """The value at the place of a slider that was asked for."""
    if asked["at"] is None:
        return None
    return next(s.points[int(asked["at"])] for s in sliders if s.name == asked["name"])


def _download(plan: Plan, words: Words) -> str:
    """A link that hands over the plan's file without asking any server."""
    text = quote(plan_as_yaml(plan))
    link = f'href="data:text/yaml;charset=utf-8,{text}" download="{plan.id}.yaml"'
    return f"<p><a {link}>{escape(words('explorer.download', file=f'{plan.id}.yaml'))}</a></p>"


def _said(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'
