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
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.plans.plan_yaml import plan_as_yaml
from opdanalysis.search.best_plan import BestPlan, best_plan, checked
from opdanalysis.search.frontier import (
    CONTACTS_ALONE,
    ONLY_COORDINATION,
    frontier,
    frontier_table,
)
from opdanalysis.search.improvement import Improvement, improvement
from opdanalysis.search.objective import CRITERIA, Objective, objective
from opdanalysis.search.robust import elite, robust_choice
from opdanalysis.search.rooms import has_room, rooms
from opdanalysis.search.rules import Rules
from opdanalysis.search.solution import priced_contacts
from opdanalysis.study.showing import Said
from opdanalysis.text.words import Words

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy

MOST_DRAWS = 300
"""Draws that the search rests on; the mean of its coefficients needs no more."""

MOVES = 4_000
"""Moves of each search in a notebook; they decide its plan, and no clock does."""

SHARE_ALONE = 0.2
"""The share of the seconds of a search for the plan in which nothing but contacts counts."""

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

    def best_and_contacts(
        self, max_moves: int | None, seconds: float | None, seed: int
    ) -> tuple[BestPlan, BestPlan]:
        """The best plan found, and the best one if nothing but contacts counted.

        Without `seconds` as many moves decide as in a notebook, and no clock.
        """
        limit = np.inf if seconds is None else seconds
        moves = MOVES if seconds is None else None
        contacts = None
        if max_moves is None:
            contacts = priced_contacts(self.objective, self.rules, limit, moves)
        alone = self.objective.weighted(**CONTACTS_ALONE)
        found = [
            best_plan(each, self.rules, max_moves, share * limit, moves, seed, contacts)
            for each, share in ((self.objective, 1 - SHARE_ALONE), (alone, SHARE_ALONE))
        ]
        return found[0], found[1]

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
    """One row per agency that moves, in words: who, from where, to where, and how sure that is.

    The last column is the share of the plans within 1% of the saving that put it there too.
    """
    city, lang = best.objective.city, words.lang
    others = best.solution.alternatives
    rows = []
    for id in city.today.movers(best.placement):
        there = best.placement[id]
        same = others[:, city.agency_order[id]] == city.building_order[there]
        rows.append(
            (
                city.agency(id).name_in(lang),
                city.building(city.today[id]).name_in(lang),
                city.building(there).name_in(lang),
                words.percent(float(same.mean())),
            )
        )
    rows.sort(key=lambda row: (row[2], row[0]))
    names = [words(f"best.columns.{name}") for name in ("who", "before", "to", "same")]
    return pd.DataFrame(rows, columns=names)


def verdict(best: BestPlan, alone: BestPlan, search: Search, words: Words) -> str:
    """What is known of a plan, in a few sentences; `alone` is found for contacts alone."""
    if best.moves == 0:
        return " ".join([words("best.today"), _proof(best, words), _contacts(alone, words)])
    check = search.checked([best.plan]).iloc[0]
    said = [
        words(
            "best.found",
            moves=best.moves,
            saving=words.rupiah(best.saving, DIGITS),
            buildings=len(best.placement.occupied),
            before=len(best.objective.city.today.occupied),
        ),
        _proof(best, words),
        _contacts(alone, words),
        words("best.near", count=words.number(len(best.solution.alternatives))),
        words(
            "best.checked",
            mean=words.rupiah(check["total_model"], DIGITS),
            low=words.rupiah(check["total_p05"], DIGITS),
            high=words.rupiah(check["total_p95"], DIGITS),
        ),
        words("best.fits" if search.fits(best.plan) else "best.too_small"),
    ]
    return " ".join(said)


def _proof(best: BestPlan, words: Words) -> str:
    """How much better another plan could be, in a sentence."""
    if best.solution.proved:
        return words("best.proved")
    most, gap = words.rupiah(best.most, DIGITS), words.percent(_rounded_up(best.solution.gap), 1)
    return words("best.open", most=most, gap=gap)


def _contacts(alone: BestPlan, words: Words) -> str:
    """How good the plan for contacts alone is, in a sentence."""
    saving = words.rupiah(max(alone.saving, 0.0), DIGITS)
    if alone.solution.proved:
        return words("best.contacts_proved", saving=saving)
    most, gap = words.rupiah(alone.most, DIGITS), words.percent(_rounded_up(alone.solution.gap), 1)
    return words("best.contacts_open", saving=saving, most=most, gap=gap)


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
        return frontier(search.objective, search.rules, iterations=MOVES, seed=seed)

    @property
    def best(self) -> BestPlan:
        """The best plan found without a limit of moves."""
        return self._found("best")

    @property
    def alone(self) -> BestPlan:
        """The best plan found if nothing but contacts counted."""
        return self._found(ONLY_COORDINATION)

    def _found(self, id: str) -> BestPlan:
        return next(one for one in self.frontier if one.plan.id == id)

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

    def say_difference(self) -> Said:
        """Why the best plan is another than the main one: what each criterion adds."""
        words, plan = self.study.words, self.study.main_plan
        rows, names = self.table.set_index("plan"), [*CRITERIA, "total"]
        # a plan that moves nobody is today in the table
        given = rows.loc[plan.id if plan.id in rows.index else TODAY.id]
        more = rows.loc["best", names] - given[names]
        official, best = plan.place(self.study.city), self.best.placement
        text = words(
            "best.differs",
            plan=words.of(plan.name, plan.id),
            same=sum(official[agency] == best[agency] for agency in official),
            agencies=len(official),
            buildings=int(rows.loc["best", "buildings"]),
            before=int(given["buildings"]),
            **{name: words.rupiah(float(more[name]), DIGITS) for name in names},
        )
        return Said(text if given["fits"] else f"{text} {words('best.differs_room')}")

    def say(self) -> Said:
        """What is known of the best plan: saving, gap, the full model, and whether it has room."""
        return Said(verdict(self.best, self.alone, self.search, self.study.words))
