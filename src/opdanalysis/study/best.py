"""The best plan as the command and the notebook see it: found, checked, said, and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.errors import OutputsError
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.plans.plan_yaml import plan_as_yaml
from opdanalysis.search.best_plan import BestPlan, best_plan, checked
from opdanalysis.search.frontier import frontier, frontier_table
from opdanalysis.search.improvement import Improvement, improvement
from opdanalysis.search.objective import Objective, objective
from opdanalysis.search.robust import elite, robust_choice
from opdanalysis.search.rooms import has_room, rooms
from opdanalysis.search.rules import Rules
from opdanalysis.study.showing import Said
from opdanalysis.text.words import Words

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

MOST_DRAWS = 300
"""Draws that the search rests on; the mean of its coefficients needs no more."""

STEPS, PATIENCE = 4_000, 120.0
"""Moves of each search in a notebook, which decide its plan, and seconds that it never needs."""

CHANGES = 6
"""Changes to a given plan that are shown."""

DIGITS = 1


@dataclass(frozen=True, eq=False)
class Search:
    """What a best plan is looked for with: objective, rules, draws, and whether parking counts."""

    objective: Objective
    rules: Rules
    values: Values
    central: Values
    parking: bool

    def best(
        self, max_moves: int | None, seconds: float, iterations: int | None, seed: int
    ) -> BestPlan:
        """The best plan that is found; see `search.best_plan`."""
        return best_plan(self.objective, self.rules, max_moves, seconds, iterations, seed)

    def fits(self, plan: Plan) -> bool:
        """Whether a plan has room by the models of space and, where it counts, of parking."""
        city = self.objective.city
        return has_room(city, plan.place(city), self.central, self.parking)

    def checked(self, plans: Sequence[Plan]) -> pd.DataFrame:
        """What plans save by the objective and by the full model; see `search.best_plan`."""
        return checked(self.objective, plans, self.values)


def open_search(
    city: City, book: ParameterBook, draws: int, seed: int, rules: Rules, parking: bool
) -> Search:
    """A search in a city: the mean of that many draws is what a plan is weighed by."""
    values, central = book.sample(draws, seed), book.central()
    made = objective(city, values, rooms(city, central, parking))
    return Search(made, rules, values, central, parking)


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as a YAML file. Raises OutputsError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plan_as_yaml(plan), encoding="utf-8")
    except OSError as error:
        raise OutputsError(
            f"{path} cannot be written ({error.strerror}). Choose another file with --out."
        ) from error


def moves_of(best: BestPlan, words: Words) -> pd.DataFrame:
    """One row per agency that moves: who, from where, to where, in words."""
    city, lang = best.objective.city, words.lang
    rows = [
        (
            city.agency(id).name_in(lang),
            city.building(city.today[id]).name_in(lang),
            city.building(best.placement[id]).name_in(lang),
        )
        for id in city.today.movers(best.placement)
    ]
    rows.sort(key=lambda row: (row[2], row[0]))
    return pd.DataFrame(rows, columns=[words(f"best.columns.{n}") for n in ("who", "before", "to")])


def verdict(best: BestPlan, search: Search, words: Words) -> str:
    """What is known of a plan, in a few sentences."""
    check = search.checked([best.plan]).iloc[0]
    solution = best.solution
    said = [
        words(
            "best.found",
            moves=best.moves,
            saving=words.rupiah(best.saving, DIGITS),
            buildings=len(best.placement.occupied),
            before=len(best.objective.city.today.occupied),
        ),
        words("best.proved")
        if solution.proved
        else words(
            "best.open",
            most=words.rupiah(best.most, DIGITS),
            gap=words.percent(_rounded_up(solution.gap), 1),
        ),
        words(
            "best.checked",
            mean=words.rupiah(check["total_model"], DIGITS),
            low=words.rupiah(check["total_p05"], DIGITS),
            high=words.rupiah(check["total_p95"], DIGITS),
        ),
        words("best.fits" if search.fits(best.plan) else "best.too_small"),
    ]
    return " ".join(said)


def _rounded_up(gap: float) -> float:
    """The gap to a tenth of a percent, upwards, so that what is said stays true."""
    return float(np.ceil(gap * 1000) / 1000)


@dataclass(frozen=True, eq=False)
class BestStudy:
    """The search for the best plan in a study: `study` lends the city, plans, book and words."""

    study: OpenStudy

    @cached_property
    def search(self) -> Search:
        """What the best plan is looked for with, in the draws of the first scenario."""
        study = self.study
        rules, seed = study.search_rules, study.file.seed
        return open_search(study.city, study.book, self.draws, seed, rules, parking=True)

    @property
    def draws(self) -> int:
        """How many draws the search rests on."""
        return min(self.study.file.draws, MOST_DRAWS)

    @property
    def moves(self) -> pd.DataFrame:
        """Who moves from where to where under the best plan, in words."""
        return moves_of(self.best, self.study.words)

    @cached_property
    def frontier(self) -> list[BestPlan]:
        """The best plans found for several limits of moves and for several wishes."""
        search, seed = self.search, self.study.file.seed
        return frontier(
            search.objective, search.rules, seconds=PATIENCE, iterations=STEPS, seed=seed
        )

    @property
    def best(self) -> BestPlan:
        """The best plan found without a limit of moves."""
        return next(one for one in self.frontier if one.plan.id == "best")

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every plan of the study and of the frontier, criterion by criterion."""
        search, given = self.search, [plan for plan in self.study.plans if plan.clusters]
        return frontier_table(
            search.objective, self.frontier, given, search.central, search.parking
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of every plan in the table, in the study's language."""
        words = self.study.words
        plans = [*self.study.plans, *self.near, *(one.plan for one in self.frontier)]
        return {plan.id: words.of(plan.name, plan.id) for plan in plans}

    @cached_property
    def checks(self) -> pd.DataFrame:
        """What the plans of the study and of the frontier save by objective and full model."""
        given = [plan for plan in self.study.plans if plan.clusters]
        return self.search.checked([*given, *(one.plan for one in self.frontier)])

    @cached_property
    def improvement(self) -> Improvement:
        """The main plan after the best single changes."""
        search = self.search
        plan = self.study.main_plan
        return improvement(search.objective, search.rules, plan, CHANGES, search.values)

    @cached_property
    def robust(self) -> pd.DataFrame:
        """Plans near the best one and those of the frontier, over the draws in the full model."""
        plans = [*self.near, *(one.plan for one in self.frontier)]
        each = {plan.place(self.study.city): plan for plan in plans}
        return robust_choice(self.search.objective, list(each.values()), self.search.values)

    @cached_property
    def near(self) -> list[Plan]:
        """Plans near the best one, and that itself."""
        return elite(self.best)

    def say(self) -> Said:
        """What is known of the best plan: saving, gap, the full model, and whether it has room."""
        return Said(verdict(self.best, self.search, self.study.words))
