"""Pictures and tables of the best plan: in both languages, with the numbers of the search."""

from __future__ import annotations

from dataclasses import dataclass, replace

import matplotlib
import pandas as pd
import pytest
from matplotlib.axes import Axes

from opdanalysis import tables
from opdanalysis.figures import best_plan as pictures
from opdanalysis.figures import style
from opdanalysis.plans.plan import Plan
from opdanalysis.search.best_plan import BestPlan, checked
from opdanalysis.search.frontier import frontier, frontier_table
from opdanalysis.search.improvement import improvement
from opdanalysis.search.objective import Objective, objective
from opdanalysis.search.robust import elite, robust_choice
from opdanalysis.search.rooms import rooms
from opdanalysis.search.rules import usual_rules
from opdanalysis.study.best import Search, moves_of, verdict
from opdanalysis.text.words import LANGUAGES, Words


@dataclass
class Drawn:
    """What the pictures of a small city are made of."""

    objective: Objective
    search: Search
    found: list[BestPlan]
    plans: list[Plan]
    table: pd.DataFrame
    steps: pd.DataFrame
    robust: pd.DataFrame
    checks: pd.DataFrame

    def names(self, lang: str) -> dict[str, str]:
        plans = [*self.plans, *(one.plan for one in self.found), *elite(self.best)]
        return {plan.id: plan.name.get(lang, plan.id) for plan in plans} | {"today": "Today"}

    @property
    def best(self) -> BestPlan:
        return next(one for one in self.found if one.plan.id == "best")


@pytest.fixture(scope="module")
def drawn(contoh) -> Drawn:
    """The invented city with three times its room, so that there is something to draw."""
    city, values, central = contoh.city, contoh.book.sample(30, 1), contoh.book.central()
    room = rooms(city, central, parking=True)
    made = objective(city, values, replace(room, capacity=3 * room.capacity))
    rules = usual_rules(city)
    found = frontier(made, rules, moves=(1, 2), iterations=300)
    plans = list(contoh.plans.values())
    given = [plan for plan in plans if plan.clusters]
    best = next(one for one in found if one.plan.id == "best")
    return Drawn(
        made,
        Search(made, rules, values, central, parking=True),
        found,
        plans,
        frontier_table(made, found, given, central, parking=True),
        improvement(made, rules, given[0], 3, values).steps,
        robust_choice(made, elite(best), values),
        checked(made, [one.plan for one in found], values),
    )


def shown(drawn: Drawn, words: Words):
    return drawn.table, drawn.plans, drawn.names(words.lang), words, 30, True


PLOTS = {
    "moves": lambda d, words, ax: pictures.plot_moves(*shown(d, words), ax=ax),
    "trade-off": lambda d, words, ax: pictures.plot_trade_off(*shown(d, words), ax=ax),
    "improvement": lambda d, words, ax: pictures.plot_improvement(
        d.steps, d.objective.city, d.plans[1], words, 30, ax=ax
    ),
    "no improvement": lambda d, words, ax: pictures.plot_improvement(
        d.steps.head(0), d.objective.city, d.plans[1], words, 30, ax=ax
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_returns_its_axes_with_a_title_and_nothing_cut_off(drawn, name, lang) -> None:
    ax = PLOTS[name](drawn, Words(lang), None)
    assert isinstance(ax, Axes)
    assert ax.get_label()
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    page, box = figure.bbox, ax.get_tightbbox()
    assert box.x0 >= page.x0 - 1
    assert box.x1 <= page.x1 + 1
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_on_the_axes_that_it_is_given(drawn, name) -> None:
    ax = style.new_axes(14)
    assert PLOTS[name](drawn, Words("id"), ax) is ax


def test_the_line_goes_through_the_plans_found_in_the_order_of_their_moves(drawn) -> None:
    ax = pictures.plot_moves(*shown(drawn, Words("en")))
    line = next(line for line in ax.lines if len(line.get_xdata()) > 2)
    along = drawn.table[drawn.table["kind"].isin(["today", "limit"])].sort_values("moves")
    assert list(line.get_xdata()) == along["moves"].tolist()


def test_the_legend_names_every_plan_and_says_which_has_no_room(drawn) -> None:
    words = Words("en")
    ax = pictures.plot_moves(*shown(drawn, words))
    said = [text.get_text().replace("\n", " ") for text in ax.get_legend().get_texts()]
    names = drawn.names("en")
    for row in drawn.table.itertuples():
        if row.kind == "given":
            name = names[row.plan]
            expected = name if row.fits else words("figure.frontier.small", plan=name)
            assert expected in said
        elif row.kind == "wish" and row.moves:
            assert names[row.plan] in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_has_a_row_for_each_plan_or_change(drawn, lang) -> None:
    words, names = Words(lang), drawn.names(lang)
    assert len(tables.frontier_words(drawn.table, names, words)) == len(drawn.table)
    assert len(tables.checks_words(drawn.checks, names, words)) == len(drawn.found)
    assert len(tables.robust_words(drawn.robust, names, words)) == len(drawn.robust)
    steps = tables.improvement_words(drawn.steps, drawn.objective.city, words)
    assert len(steps) == len(drawn.steps)
    assert tables.improvement_words(drawn.steps.head(0), drawn.objective.city, words).empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_moves_of_the_best_plan_are_listed_with_how_sure_each_is(drawn, lang) -> None:
    listed = moves_of(drawn.best, Words(lang))
    assert len(listed) == drawn.best.moves
    assert listed.iloc[:, 3].str.endswith("%").all()


def test_the_verdict_names_saving_proof_contacts_and_room(drawn) -> None:
    words = Words("en")
    alone = next(one for one in drawn.found if one.plan.id == "best-coordination")
    said = verdict(drawn.best, alone, drawn.search, words)
    assert f"moves {drawn.best.moves} agencies" in said
    assert words.rupiah(drawn.best.saving, 1) in said
    assert "this is proved" in said or "% of the possible saving is missed" in said
    assert words.rupiah(alone.saving, 1) in said
    assert "room by the models" in said
