"""The pictures and tables of certainty: in both languages, with the numbers of the result."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from opdanalysis import tables
from opdanalysis.experiment.choice import (
    CITY,
    Choice,
    best_plan_by_scenario,
    choice_among,
    dominance,
)
from opdanalysis.experiment.discovery import Condition, Discovery
from opdanalysis.experiment.information import information_values
from opdanalysis.experiment.sensitivity import group_indices
from opdanalysis.figures import style, uncertainty
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.reading.input_groups import read_input_groups
from opdanalysis.text.words import LANGUAGES, Words

BOX = Discovery(
    "fails",
    0.8,
    (
        Condition("internet_price", "Rp/Mbps/year", np.nan, 5.42e6, 0.0, 0.05, 1e-4),
        Condition("staff", "person", 3000, 4423.4, 0.11, 0.31, 1e-9),
        Condition("least_duty", "person", 0.9, np.nan, 0.95, 0.0, 1e-9),
    ),
    0.45,
    0.9,
    0.4,
)
NO_BOX = Discovery("pays", 1.0, (), 1.0, 1.0, 1.0)


@dataclass
class Frames:
    """The frames of certainty of a small world."""

    choice: Choice
    best: pd.DataFrame
    order: pd.DataFrame
    information: pd.DataFrame
    indices: pd.DataFrame


@pytest.fixture(scope="module")
def frames(real) -> Frames:
    choice = choice_among(real.result, CITY)
    groups = grouped(read_input_groups(real.book), real.book)
    plan = real.mover
    return Frames(
        choice,
        best_plan_by_scenario(real.result, CITY),
        dominance(choice),
        information_values(choice, real.book, real.book.sample(40, 1), groups),
        group_indices(real.city, [plan], real.book, groups, ["net_cost"], 40, 1),
    )


PLOTS = {
    "indices": lambda w, f, words, ax: uncertainty.plot_group_indices(
        f.indices, w.mover, 40, words, ax=ax
    ),
    "no indices": lambda w, f, words, ax: uncertainty.plot_group_indices(
        f.indices.assign(total=0.0), w.mover, 40, words, True, ax=ax
    ),
    "best": lambda w, f, words, ax: uncertainty.plot_probability_best(
        f.best, f.choice, w.result, w.scenarios, "city", words, ax=ax
    ),
    "information": lambda w, f, words, ax: uncertainty.plot_information_value(
        f.information, w.result, "city", words, ax=ax
    ),
    "no information": lambda w, f, words, ax: uncertainty.plot_information_value(
        f.information.assign(value=0.0), w.result, "citizens", words, ax=ax
    ),
    "a box": lambda w, f, words, ax: uncertainty.plot_box(BOX, w.mover, words, ax=ax),
    "no box": lambda w, f, words, ax: uncertainty.plot_box(NO_BOX, w.mover, words, True, ax=ax),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_returns_its_axes_with_a_title_and_nothing_cut_off(real, frames, name, lang):
    ax = PLOTS[name](real, frames, Words(lang), None)
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
def test_a_plot_draws_on_the_axes_that_it_is_given(real, frames, name):
    ax = style.new_axes(14)
    assert PLOTS[name](real, frames, Words("id"), ax) is ax


def test_the_bars_of_a_box_lie_where_its_conditions_hold():
    class Any:
        id, name = "any", {"en": "Any plan"}

    ax = uncertainty.plot_box(BOX, Any(), Words("en"))
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches[1::2]]
    np.testing.assert_allclose(bars, [(0, 95), (11, 69), (95, 100)])


def test_the_largest_group_stands_on_top(frames):
    shown = uncertainty.group_indices_table(frames.indices)
    assert shown["total"].is_monotonic_decreasing
    assert (shown["total"] > 0).all()


TABLES = {
    "best": lambda w, f, words: tables.best_plan_words(f.best, w.result, w.scenarios, words),
    "dominance": lambda w, f, words: tables.dominance_words(f.order, w.result, words),
    "information": lambda w, f, words: tables.information_words(f.information, words),
    "indices": lambda w, f, words: tables.group_indices_words(f.indices, words),
    "conditions": lambda w, f, words: tables.conditions_words([BOX, NO_BOX], w.mover, words),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_read_and_written_in_both_languages(real, frames, name, lang):
    words = Words(lang)
    table = TABLES[name](real, frames, words)
    assert len(table)
    assert table.columns.is_unique
    assert len(tables.readable(table, words)) == len(table)
    assert tables.written(table, words)["md"].startswith("|")


def test_the_table_of_conditions_says_when_there_are_none(real):
    table = tables.conditions_words([BOX, NO_BOX], real.mover, Words("en"))
    assert list(table["Condition"])[-1] == "That is the same in every draw."
    assert list(table["Event"]) == ["Does not pay"] * 3 + ["Pays"]
