"""The study as a notebook sees it: city, plans, book, result, and a place to keep what it shows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import networkx as nx
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError
from opdanalysis.experiment.building_costs import building_costs
from opdanalysis.experiment.plan_fit import plan_fit, shared_and_apart
from opdanalysis.experiment.ranking import measure_first
from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import run_experiment
from opdanalysis.models.network_graph import network_graph
from opdanalysis.models.network_structure import NetworkStructure, network_structure
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.parameters import Scenario, chosen_scenario
from opdanalysis.reading.plans import chosen_plans
from opdanalysis.reading.sources import Source
from opdanalysis.reading.studies import StudyFile, read_study
from opdanalysis.study.cache import keep_result, kept_result, result_key
from opdanalysis.study.network_files import write_matrix, write_network
from opdanalysis.study.showing import Said, ShownFigure, ShownTable, keep_figure, keep_table
from opdanalysis.text.words import Words

RANDOM_PLANS = 9_999
"""Random plans that each plan is held against."""

OUTPUTS_VARIABLE = "OPDANALYSIS_OUTPUTS"
"""The environment variable by which the study tells its notebooks where to keep things."""


def open_study(
    study: str | Path = "palembang",
    plans: Sequence[str] | None = None,
    scenario: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    lang: str | None = None,
) -> OpenStudy:
    """A study by its name or file; what is None stays as the file says.

    `scenario` names the scenario that is shown first; the others stay in the result. Raises
    UsageError or DataProblems with all that is wrong.
    """
    file = with_settings(read_study(study), plans, scenario, draws, seed, lang)
    return OpenStudy(file)


def with_settings(
    file: StudyFile,
    plans: Sequence[str] | None = None,
    scenario: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    lang: str | None = None,
) -> StudyFile:
    """The study with other settings; what is None stays as it is."""
    if draws is not None and draws < 1:
        raise UsageError(f"draws is {draws}; at least 1 is needed.")
    if seed is not None and seed < 0:
        raise UsageError(f"seed is {seed}; 0 or more is needed.")
    others = tuple(id for id in file.scenarios if id != scenario)
    return replace(
        file,
        plans=tuple(plans) if plans else file.plans,
        scenarios=(scenario, *others) if scenario else file.scenarios,
        draws=file.draws if draws is None else draws,
        seed=file.seed if seed is None else seed,
        lang=Words(lang).lang if lang else file.lang,
    )


class OpenStudy:
    """What a study is about, and what came out. The first scenario is the one shown by default."""

    def __init__(self, file: StudyFile) -> None:
        self.file = file
        self._known = read_everything(file.city)
        self.plans: list[Plan] = chosen_plans(self._known.plans, file.plans or self._known.plans)
        self.scenarios: list[Scenario] = [
            chosen_scenario(self._known.scenarios, id) for id in file.scenarios
        ]
        self.words = Words(file.lang)

    @property
    def city(self) -> City:
        """The city as it is."""
        return self._known.city

    @property
    def sources(self) -> dict[str, Source]:
        """Every source by its key."""
        return self._known.sources

    @property
    def folder(self) -> Path:
        """The folder of the city's tables."""
        return self._known.folder

    @cached_property
    def book(self) -> ParameterBook:
        """Every belief, as the first scenario has it."""
        first = self.scenarios[0]
        return self._known.book.with_beliefs(first.beliefs, f"scenario '{first.id}'")

    @cached_property
    def values(self) -> Values:
        """The draws of the first scenario."""
        return self.book.sample(self.file.draws, self.file.seed)

    def plan(self, id: str) -> Plan:
        """The plan of that id."""
        return chosen_plans(self._known.plans, [id])[-1]

    @property
    def main_plan(self) -> Plan:
        """The plan that the study is about: the first that was announced, or the first at all."""
        return self._first("announced", 1)

    @property
    def second_plan(self) -> Plan:
        """The plan to hold beside it: the first that was carried out, or the second at all."""
        return self._first("done", 2)

    def _first(self, status: str, otherwise: int) -> Plan:
        chosen = [plan for plan in self.plans if plan.status == status]
        return chosen[0] if chosen else self.plans[min(otherwise, len(self.plans) - 1)]

    @cached_property
    def result(self) -> Result:
        """Every outcome of every plan, scenario and draw: found in the cache, or computed."""
        scenarios = [scenario.id for scenario in self.scenarios]
        draws, seed = self.file.draws, self.file.seed
        key = result_key(self.folder, self.plans, scenarios, draws, seed)
        found = kept_result(key, self.city, self.plans, scenarios, draws, seed)
        if found is None:
            beliefs = {scenario.id: scenario.beliefs for scenario in self.scenarios}
            found = run_experiment(self.city, self.plans, self._known.book, beliefs, draws, seed)
            keep_result(key, found)
        return found

    def scenarios_for(self, outcome: str) -> list[Scenario]:
        """The first scenario, and those under which the outcome is another than in the first."""
        numbers = self.result.numbers[outcome]
        return [
            scenario
            for row, scenario in enumerate(self.scenarios)
            if row == 0 or (numbers[row] != numbers[0]).any()
        ]

    @cached_property
    def building_costs(self) -> pd.DataFrame:
        """What every building costs today by line, with range [Rp/year]."""
        return building_costs(self.city, self.values)

    def measure_first(self, outcome: str, plan: str) -> pd.DataFrame:
        """The inputs that the gain of a plan follows most closely, the closest first."""
        return measure_first(self.book, self.values, self.result.gain(outcome, plan))

    @cached_property
    def network(self) -> nx.DiGraph:
        """Who is in contact with whom today, at middle values; units of a group are one node."""
        graph = network_graph(self.city, self.city.today, self.book.central())
        if self._outputs is not None:
            write_network(graph, self._outputs / "network", "coordination_network")
        return graph

    @cached_property
    def structure(self) -> NetworkStructure:
        """The positions in today's network, and its communities."""
        found = network_structure(self.network, self.file.seed)
        if self._outputs is not None:
            together = pd.DataFrame(found.together, index=list(self.network))
            together.columns = together.index
            write_matrix(together, self._outputs / "network" / "coassignment.csv")
        return found

    def say_structure(self) -> Said:
        """One sentence on the network as a whole, with the proof or the gap of its communities."""
        found, words = self.structure, self.words
        best = found.communities
        key = "network.proved" if best.proved else "network.open"
        numbers = {
            "value": words.number(best.value, 3),
            "bound": words.number(best.bound, 3),
            "count": len(best.sizes),
            "reciprocity": words.percent(found.reciprocity),
            "core_fit": words.number(found.core_fit, 2),
        }
        return Said(words(key, **numbers))

    @property
    def node_names(self) -> dict[str, str]:
        """The name of each node of the network in the study's language."""
        key = "name_en" if self.file.lang == "en" else "name"
        return dict(self.network.nodes(data=key))

    @property
    def communities(self) -> dict[str, int]:
        """The community of each node of the network."""
        found = self.structure.communities.groups
        return dict(zip(self.network, (int(group) for group in found), strict=True))

    @cached_property
    def plan_fit(self) -> pd.DataFrame:
        """Each plan's contacts under one roof against random plans and the best found."""
        values, seed = self.book.central(), self.file.seed
        return plan_fit(self.city, self.plans, values, RANDOM_PLANS, seed)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Pairs of agencies by yearly contact, and whether they share a building."""
        return shared_and_apart(self.city, self.main_plan, self.book.central())

    def figure(self, name: str, axes: object, table: pd.DataFrame) -> ShownFigure:
        """A figure to look at, with the table behind it; within a study both are kept as files."""
        return keep_figure(self._outputs, name, axes, table)

    def table(self, name: str, table: pd.DataFrame) -> ShownTable:
        """A table to read; within a study it is kept as CSV, LaTeX and Markdown."""
        return keep_table(self._outputs, name, table, self.words)

    def say_what_it_is(self) -> Said:
        """One sentence: city, plans, scenario, draws and seed, and whether the city is invented."""
        about = self.words(
            "study.about",
            city=self.city.name_in(self.file.lang),
            agencies=len(self.city.agencies),
            buildings=len(self.city.today.occupied),
            plans=len(self.plans) - 1,
            scenario=self.words.of(self.scenarios[0].name, self.scenarios[0].id),
            draws=self.words.number(self.file.draws),
            seed=self.file.seed,
        )
        invented = self.words("study.invented") if self.city.synthetic else ""
        return Said(f"{about} {invented}".strip())

    @property
    def _outputs(self) -> Path | None:
        folder = os.environ.get(OUTPUTS_VARIABLE)
        return Path(folder) if folder else None

    def _repr_html_(self) -> str:
        plans = ", ".join(plan.id for plan in self.plans)
        return (
            f"<p><b>{self.words.of(self.file.title, self.file.id)}</b>: {len(self.plans)} "
            f"({plans}); {', '.join(self.file.scenarios)}; {self.words.number(self.file.draws)} "
            f"&times; seed {self.file.seed}.</p>"
        )
