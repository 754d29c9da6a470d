"""The study as a notebook sees it: city, plans, book, result, and a place to keep what it shows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import networkx as nx
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.access_changes import (
    kecamatan_changes,
    kelurahan_changes,
    service_changes,
)
from opdanalysis.experiment.break_even import input_break_evens, largest_inputs, tornado
from opdanalysis.experiment.building_costs import building_costs
from opdanalysis.experiment.cash_flow import (
    CashFlows,
    break_even_table,
    cash_flow_table,
    cash_flows,
)
from opdanalysis.experiment.fit import Fit, building_work_by_agency, fit
from opdanalysis.experiment.plan_fit import plan_fit, shared_and_apart
from opdanalysis.experiment.ranking import measure_first
from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import run_experiment
from opdanalysis.experiment.vacated import vacated_buildings
from opdanalysis.models.network_graph import network_graph
from opdanalysis.models.network_structure import NetworkStructure, network_structure
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.parameters import Scenario, chosen_scenario
from opdanalysis.reading.plans import chosen_plans
from opdanalysis.reading.sources import Source
from opdanalysis.reading.studies import StudyFile, read_study, with_settings
from opdanalysis.search.rules import Rules
from opdanalysis.study.best import BestStudy
from opdanalysis.study.cache import kept_or_computed, result_key
from opdanalysis.study.certainty import Certainty
from opdanalysis.study.claim_view import ClaimView
from opdanalysis.study.network_files import write_matrix, write_network
from opdanalysis.study.service_study import ServiceStudy
from opdanalysis.study.showing import Said, ShownFigure, ShownTable, keep_figure, keep_table
from opdanalysis.study.table_notes import TableNotes
from opdanalysis.text.words import Words

RANDOM_PLANS = 9_999
"""Random plans that each plan is held against."""

LISTED = 5
"""Buildings that a sentence names before it only counts the others."""

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

    >>> s = open_study("contoh", draws=100, lang="en")
    >>> len(s.city.agencies), len(s.plans), s.main_plan.id
    (12, 4, 'merge-in-mawar')
    """
    file = with_settings(read_study(study), plans, scenario, draws, seed, lang)
    return OpenStudy(file)


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

    @property
    def newest_day(self) -> str:
        """The day of the newest plan, claim or prediction of the city, or that of its tables."""
        days = [
            self.city.as_of,
            *(plan.date or "" for plan in self._known.plans.values()),
            *(claim.date or "" for claim in self._known.claims),
            *(prediction.stated for prediction in self._known.predictions),
        ]
        return max(day for day in days if len(day) == len("2026-02-12"))

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
        beliefs = {scenario.id: scenario.beliefs for scenario in self.scenarios}
        book = self._known.book
        return kept_or_computed(
            key,
            self.city,
            self.plans,
            scenarios,
            draws,
            seed,
            lambda: run_experiment(self.city, self.plans, book, beliefs, draws, seed),
        )

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
    def cash_flows(self) -> CashFlows:
        """Every plan's money year by year, in the draws of the first scenario."""
        return cash_flows(self.city, self.plans, self.values)

    @property
    def cash_flow(self) -> pd.DataFrame:
        """Flow, discounted total and chance of pay-back of every plan and year."""
        return cash_flow_table(self.cash_flows)

    @property
    def costliest_plan(self) -> Plan:
        """The plan that costs most before it can save anything, by the median."""
        spent = self.result.quantiles(["once_only_cost"], self.scenarios[0].id)
        return self.plan(str(spent.loc[spent["p50"].idxmax(), "plan"]))

    @property
    def break_evens(self) -> pd.DataFrame:
        """What yearly saving each plan brings, and which it would need to pay."""
        return break_even_table(self.cash_flows)

    def largest_inputs(self, outcome: str, plan: str, top: int = 12) -> list[str]:
        """The inputs that the gain of a plan follows most closely, whole columns taken as one."""
        key = (outcome, plan)
        if key not in self._rankings:
            self._rankings[key] = self.measure_first(outcome, plan)
        return largest_inputs(self._rankings[key], self.file.draws, top)

    @cached_property
    def _rankings(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def tornado(self, outcome: str, plan: str) -> pd.DataFrame:
        """The median gain of a plan where one of the largest inputs is low and where it is high."""
        names = self.largest_inputs(outcome, plan)
        return tornado(names, self.values, self.result.gain(outcome, plan))

    def input_break_evens(self, plan: str) -> pd.DataFrame:
        """The value of each of the largest inputs at which a plan neither saves nor costs."""
        names = self.largest_inputs("net_cost", plan)
        return input_break_evens(self.city, self.plan(plan), self.book, names)

    @cached_property
    def vacated(self) -> pd.DataFrame:
        """Every building that a plan leaves: fate, what decided it, what it costs and brings."""
        return vacated_buildings(self.city, self.plans, self.values)

    def kelurahan_changes(self, plan: Plan) -> pd.DataFrame:
        """How much nearer to services, or farther, each kelurahan is under a plan [minute]."""
        return kelurahan_changes(self.city, plan, self.values)

    @cached_property
    def kecamatan_changes(self) -> pd.DataFrame:
        """How much nearer to services, or farther, each kecamatan is under every plan [minute]."""
        return kecamatan_changes(self.city, self.plans[1:], self.values)

    @cached_property
    def service_changes(self) -> pd.DataFrame:
        """How much nearer, or farther, each service is under every plan [minute]."""
        return service_changes(self.city, self.plans[1:], self.values)

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
    def fit(self) -> Fit:
        """Space, parking and what is ready in every building that a plan fills."""
        return fit(self.city, self.plans, self.values)

    @cached_property
    def building_work(self) -> pd.DataFrame:
        """Hours of each agency on its building, today and under the main plan."""
        return building_work_by_agency(self.city, [TODAY, self.main_plan], self.values)

    def say_fit(self, plan: Plan) -> Said:
        """Two sentences: which buildings are too small for a plan, and where cars find no stall."""
        space, ready = (t[t["plan"] == plan.id] for t in (self.fit.space, self.fit.readiness))
        small = ready[(ready["criterion"] == "space") & (ready["colour"] == "red")]
        full = ready[(ready["criterion"] == "parking_car") & (ready["colour"] == "red")]
        order = space[space["quantity"] == "staff"].sort_values("p50", ascending=False)["building"]
        return Said(
            self.words(
                "fit.said",
                plan=self.words.of(plan.name, plan.id),
                hosts=len(order),
                small=self._listed([b for b in order if b in set(small["building"])]),
                full=self._listed([b for b in order if b in set(full["building"])]),
            )
        )

    def _listed(self, buildings: Sequence[str]) -> str:
        """The names of some buildings, the first few of them, or a word for none."""
        names = [self.city.building(id).name_in(self.file.lang) for id in buildings[:LISTED]]
        if len(buildings) > LISTED:
            names.append(self.words("fit.more", count=len(buildings) - LISTED))
        return "; ".join(names) or self.words("fit.nowhere")

    @cached_property
    def service(self) -> ServiceStudy:
        """The journeys of citizens: what each takes, why, and how long people wait."""
        return ServiceStudy(self)

    @property
    def search_rules(self) -> Rules:
        """What a plan may not do when the best one is looked for."""
        return self._known.search_rules

    @cached_property
    def best(self) -> BestStudy:
        """The best plan that is found, the frontier, and how the main plan may be improved."""
        return BestStudy(self)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Pairs of agencies by yearly contact, and whether they share a building."""
        return shared_and_apart(self.city, self.main_plan, self.book.central())

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the answers are: best plan, worth of knowing more, when a plan pays."""
        return Certainty(self)

    @cached_property
    def claims(self) -> ClaimView:
        """The public claims against the result, what is foretold, and what the study says."""
        return ClaimView(
            self._known, self.result, self.book, self.values, self.scenarios, self.words
        )

    def figure(self, name: str, axes: object, table: pd.DataFrame) -> ShownFigure:
        """A figure to look at, with the table behind it; within a study both are kept as files."""
        return keep_figure(self._outputs, name, axes, table)

    def table(self, name: str, table: pd.DataFrame) -> ShownTable:
        """A table to read; within a study it is kept as CSV, LaTeX and Markdown."""
        about = self._notes.about(name, table) if self._outputs else None
        return keep_table(self._outputs, name, table, self.words, about)

    @cached_property
    def _notes(self) -> TableNotes:
        return TableNotes(self)

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
