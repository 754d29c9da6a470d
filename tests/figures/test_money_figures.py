"""The pictures and tables of money: in both languages, with the numbers of the result."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from opdanalysis import tables
from opdanalysis.experiment.break_even import input_break_evens, tornado
from opdanalysis.experiment.cash_flow import break_even_table, cash_flow_table, cash_flows
from opdanalysis.experiment.vacated import vacated_buildings
from opdanalysis.figures import cash_flow, money, style
from opdanalysis.figures import tornado as tornado_figure
from opdanalysis.text.words import LANGUAGES, Words

INPUTS = ["office_rent", "building_price", "staff", "discount_rate"]


@dataclass
class Money:
    """The frames of money of a small world."""

    yearly: pd.DataFrame
    break_evens: pd.DataFrame
    swings: pd.DataFrame
    inputs: pd.DataFrame
    vacated: pd.DataFrame


@pytest.fixture(scope="module")
def frames(invented) -> Money:
    values = invented.book.sample(200, 1)
    plans = list(invented.plans.values())
    flows = cash_flows(invented.city, plans, values)
    plan = invented.mover
    return Money(
        cash_flow_table(flows),
        break_even_table(flows),
        tornado(INPUTS, values, invented.result.gain("net_cost", plan.id)),
        input_break_evens(invented.city, plan, invented.book, INPUTS),
        vacated_buildings(invented.city, plans, values),
    )


PLOTS = {
    "waterfall": lambda w, f, words, ax: money.plot_waterfall(
        w.result, w.mover.id, words, w.scenarios[0], ax=ax
    ),
    "cash flow": lambda w, f, words, ax: cash_flow.plot_cash_flow(
        f.yearly, w.result.plans, words, 200, True, ax=ax
    ),
    "no cash flow": lambda w, f, words, ax: cash_flow.plot_cash_flow(
        f.yearly.head(0), w.result.plans, words, ax=ax
    ),
    "pay-back": lambda w, f, words, ax: cash_flow.plot_payback(
        f.yearly, w.result.plans, words, 200, True, ax=ax
    ),
    "tornado": lambda w, f, words, ax: tornado_figure.plot_tornado(
        f.swings, w.result, "net_cost", w.mover, words, ax=ax
    ),
    "an empty tornado": lambda w, f, words, ax: tornado_figure.plot_tornado(
        f.swings.head(0), w.result, "net_cost", w.mover, words, ax=ax
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_returns_its_axes_with_a_title_and_nothing_cut_off(invented, frames, name, lang):
    ax = PLOTS[name](invented, frames, Words(lang), None)
    assert isinstance(ax, Axes)
    assert ax.get_label()
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    page, drawn = figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.x1 <= page.x1 + 1
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_on_the_axes_that_it_is_given(invented, frames, name):
    ax = style.new_axes(14)
    assert PLOTS[name](invented, frames, Words("id"), ax) is ax


def test_the_waterfall_ends_at_the_mean_net_saving(invented, frames):
    plan = invented.mover.id
    ax = money.plot_waterfall(invented.result, plan, Words("en"))
    last = ax.patches[-1]
    expected = invented.result.gain("net_cost", plan).mean() / 1e9
    assert last.get_x() + last.get_width() == pytest.approx(expected)
    assert (last.get_x(), last.get_width()) == pytest.approx((0, expected))


def test_the_pay_back_lines_are_the_chances_of_the_table(invented, frames):
    ax = cash_flow.plot_payback(frames.yearly, invented.result.plans, Words("en"))
    lines = {line.get_label().replace("\n", " "): line for line in ax.get_lines()}
    own = frames.yearly[frames.yearly["plan"] == "merge-in-mawar"]
    np.testing.assert_allclose(lines["Merge at Jalan Mawar"].get_ydata(), 100 * own["paid_back"])


TABLES = {
    "parts": lambda w, f, words: tables.net_saving_table(w.result, words),
    "break-evens": lambda w, f, words: tables.break_even_words(
        f.break_evens, w.result.plans, words
    ),
    "inputs": lambda w, f, words: tables.input_break_even_words(f.inputs, words),
    "fates": lambda w, f, words: tables.fates_table(f.vacated, w.city, w.result.plans, words),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_read_and_written_in_both_languages(invented, frames, name, lang):
    words = Words(lang)
    table = TABLES[name](invented, frames, words)
    assert len(table)
    assert table.columns.is_unique
    assert len(tables.readable(table, words)) == len(table)
    assert tables.written(table, words)["md"].startswith("|")


def test_the_table_of_fates_says_what_decided(invented, frames):
    table = tables.fates_table(frames.vacated, invented.city, invented.result.plans, Words("en"))
    row = table.set_index("Plan").loc["Merge at Jalan Mawar"]
    assert (row["Fate"], row["What decided"]) == ("sold", "Named in the plan")
