"""How sure the answers of a study are, as a notebook sees it: in its draws, result and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from opdanalysis.experiment.choice import (
    CITY,
    CITY_AND_CITIZENS,
    Choice,
    best_plan_by_scenario,
    choice_among,
    dominance,
)
from opdanalysis.experiment.discovery import Discovery, Event, discover, followed_inputs
from opdanalysis.experiment.discovery_words import discovery_words
from opdanalysis.experiment.information import EVERYTHING, information_values
from opdanalysis.experiment.sensitivity import NET_COST, group_indices
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.input_groups import read_input_groups
from opdanalysis.reading.parameters import Scenario
from opdanalysis.study.showing import Said

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

WEIGHTS = {"city": CITY, "citizens": CITY_AND_CITIZENS}
"""What counts in a choice, by its key in the words."""

Z95 = 1.96


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure a study is: `study` lends the city, plans, book, values, result and words."""

    study: OpenStudy

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The parameters by the group of inputs in which they are varied together."""
        return grouped(read_input_groups(self.study.book), self.study.book)

    @property
    def index_draws(self) -> int:
        """Draws of each sample behind the indices, no more than the draws of the study."""
        return min(self.study.file.index_draws, self.study.file.draws)

    def choice(self, counted: str) -> Choice:
        """The choice among all plans in the first scenario; `counted` is `city` or `citizens`."""
        return choice_among(self.study.result, WEIGHTS[counted])

    def best_plans(self, counted: str) -> pd.DataFrame:
        """How often each option is best and what choosing it would lose, in every scenario."""
        return best_plan_by_scenario(self.study.result, WEIGHTS[counted])

    def dominance(self, counted: str) -> pd.DataFrame:
        """Which options dominate which, in the first scenario."""
        return dominance(self.choice(counted))

    def scenarios(self, counted: str) -> list[Scenario]:
        """The first scenario, and those in which anything that counts is another than in it."""
        other = {
            scenario.id for id in WEIGHTS[counted] for scenario in self.study.scenarios_for(id)
        }
        return [scenario for scenario in self.study.scenarios if scenario.id in other]

    def information(self, counted: str) -> pd.DataFrame:
        """What it is worth to know each group of inputs before choosing."""
        if counted not in self._informed:
            book, values = self.study.book, self.study.values
            found = information_values(self.choice(counted), book, values, self.groups)
            self._informed[counted] = found
        return self._informed[counted]

    @cached_property
    def _informed(self) -> dict[str, pd.DataFrame]:
        return {}

    def group_indices(self, plan: Plan) -> pd.DataFrame:
        """Which groups of inputs make the net yearly saving of a plan unsure."""
        study, base = self.study, self.index_draws
        seed = study.file.seed
        return group_indices(study.city, [plan], study.book, self.groups, [NET_COST], base, seed)

    def discovery(self, plan: Plan, event: Event) -> Discovery:
        """The conditions under which a plan fails to pay, or pays."""
        gain = self.study.result.gain(NET_COST, plan.id)
        book, values = self.study.book, self.study.values
        return discover(book, values, followed_inputs(book, values, gain), gain, event)

    def say_discovery(self, found: Discovery, plan: Plan) -> Said:
        """The conditions as sentences, each in a line of its own."""
        first, *others = discovery_words(found, plan, self.study.words)
        if not found.conditions:
            return Said(" ".join([first, *others]))
        *conditions, last = others
        return Said("\n".join([first, "", *(f"* {line}" for line in conditions), "", last]))

    def say_choice(self, counted: str) -> Said:
        """Which option is best on average, how often, and what choosing it may lose."""
        choice, words = self.choice(counted), self.study.words
        table = self.best_plans(counted)
        best = table[table["scenario"] == choice.scenario].set_index("plan").loc[choice.best]
        names = {plan.id: words.of(plan.name, plan.id) for plan in self.study.result.plans}
        said = words(
            "choice.said",
            plan=names[choice.best],
            share=words.percent(best["probability"]),
            low=words.percent(best["low"], 1),
            high=words.percent(best["high"], 1),
            regret=words.rupiah(best["regret"]),
            draws=words.number(choice.draws),
        )
        idle = [names[id] for id, same in choice.alike.items() if same == choice.options[0]]
        return Said(f"{said} {words('choice.alike', plans='; '.join(idle))}" if idle else said)

    def say_information(self, counted: str) -> Said:
        """What to measure first, and up to which price."""
        table, words = self.information(counted), self.study.words
        whole = table.iloc[0]
        groups = table[table["group"] != EVERYTHING]
        clear = groups[groups["reached"] > Z95 * groups["reached_error"]]
        if not len(clear):
            return Said(words("choice.nothing_to_measure", value=words.rupiah(whole["value"])))
        first = clear.iloc[0]
        return Said(
            words(
                "choice.measure",
                group=words(f"group.{first['group']}"),
                value=words.rupiah(first["value"]),
                once=words.rupiah(first["once"]),
                whole=words.rupiah(whole["value"]),
            )
        )
