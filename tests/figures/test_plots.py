"""Every picture can be made, in both languages, for both cities, and shows the result's numbers."""

import io
import re

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from opdanalysis.figures import contacts, cost, evidence, fit, gain, map, moves, style
from opdanalysis.figures.labels import LABEL
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.text.words import LANGUAGES, Words

PLOTS = {
    "city": lambda w, words: map.plot_city(w.city, words),
    "moves": lambda w, words: map.plot_moves(w.city, w.mover, words),
    "no moves": lambda w, words: map.plot_moves(w.city, w.result.plans[0], words),
    "matrix": lambda w, words: moves.plot_moves_matrix(w.city, w.result.plans, words),
    "lines": lambda w, words: cost.plot_cost_by_line(w.result, words, w.scenarios[0]),
    "buildings": lambda w, words: cost.plot_building_costs(w.buildings, w.city, words),
    "kinds": lambda w, words: cost.plot_saving_kinds(w.result, words, w.scenarios[0]),
    "gain": lambda w, words: gain.plot_gain(w.result, "operating_cost", words, w.scenarios),
    "contacts": lambda w, words: contacts.plot_contacts(w.result, words),
    "utilisation": lambda w, words: fit.plot_utilisation(
        w.fit.space, w.city, w.mover, words, draws=40
    ),
    "parking": lambda w, words: fit.plot_parking_by_hour(
        w.fit.parking, w.fit.space, w.city, w.mover, words, draws=40
    ),
    "readiness": lambda w, words: fit.plot_readiness(
        w.fit.readiness, w.fit.space, w.city, w.mover, words, draws=40
    ),
    "evidence": lambda w, words: evidence.plot_evidence(w.book, words),
    "first": lambda w, words: evidence.plot_measure_first(
        w.ranking, w.city, w.book, words, outcome="operating_cost", plan=w.mover, draws=40
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_returns_its_axes_with_a_title_in_words(world, name, lang):
    ax = PLOTS[name](world, Words(lang))
    assert isinstance(ax, Axes)
    assert ax.get_label()
    assert any(text.get_text().startswith(ax.get_label()[:10]) for text in ax.texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plot_draws_on_the_axes_that_it_is_given(invented, lang):
    city, result, ready, words = invented.city, invented.result, invented.fit, Words(lang)
    plots = [
        lambda ax: map.plot_city(city, words, ax=ax),
        lambda ax: map.plot_moves(city, invented.mover, words, ax=ax),
        lambda ax: moves.plot_moves_matrix(city, result.plans, words, ax=ax),
        lambda ax: cost.plot_cost_by_line(result, words, ax=ax),
        lambda ax: cost.plot_building_costs(invented.buildings, city, words, ax=ax),
        lambda ax: cost.plot_saving_kinds(result, words, ax=ax),
        lambda ax: gain.plot_gain(result, "contacts_walk", words, ax=ax),
        lambda ax: contacts.plot_contacts(result, words, ax=ax),
        lambda ax: fit.plot_utilisation(ready.space, city, invented.mover, words, ax=ax),
        lambda ax: fit.plot_parking_by_hour(
            ready.parking, ready.space, city, invented.mover, words, ax=ax
        ),
        lambda ax: fit.plot_readiness(
            ready.readiness, ready.space, city, invented.mover, words, ax=ax
        ),
        lambda ax: evidence.plot_evidence(invented.book, words, ax=ax),
        lambda ax: evidence.plot_measure_first(invented.ranking, city, invented.book, words, ax=ax),
    ]
    for plot in plots:
        ax = style.new_axes(12)
        assert plot(ax) is ax


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_whole_column_can_be_what_to_measure_first(invented, lang):
    vectors = invented.book.vectors
    rows = pd.concat([invented.ranking.head(1)] * len(vectors), ignore_index=True)
    rows = rows.assign(
        parameter=[vector.name for vector in vectors],
        topic=[vector.topic for vector in vectors],
        entity="",
        share=0.5,
    )
    words = Words(lang)
    ax = evidence.plot_measure_first(rows, invented.city, invented.book, words, top=len(vectors))
    shown = {label.get_text().replace("\n", " ") for label in ax.get_yticklabels()}
    assert len(shown) == len(vectors)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_gain_of_every_outcome_can_be_shown(invented, outcome):
    assert gain.plot_gain(invented.result, outcome, Words("id"), invented.scenarios)


@pytest.mark.parametrize("name", PLOTS)
def test_no_letter_is_smaller_than_eight_points(invented, name):
    ax = PLOTS[name](invented, Words("id"))
    ax.figure.draw_without_rendering()
    texts = [t for t in ax.figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_is_cut_off_at_the_edge(world, name):
    ax = PLOTS[name](world, Words("id"))
    ax.figure.draw_without_rendering()
    page, drawn = ax.figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.y0 >= page.y0 - 1
    assert drawn.x1 <= page.x1 + 1
    assert drawn.y1 <= page.y1 + 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["city", "moves"])
def test_no_two_labels_of_a_map_overlap(world, name, lang):
    ax = PLOTS[name](world, Words(lang))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_label() == LABEL]
    assert len(boxes) >= 2
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_a_map_names_every_kecamatan(world):
    ax = map.plot_city(world.city, Words("id"))
    names = {text.get_text() for text in ax.texts}
    assert {kecamatan.name for kecamatan in world.city.kecamatan} <= names


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_picture_has_the_same_bytes(invented, name):
    def svg():
        page = io.BytesIO()
        ax = PLOTS[name](invented, Words("id"))
        with style.use_style():
            ax.figure.savefig(page, format="svg", metadata=dict(style.SVG_METADATA))
        return page.getvalue()

    assert svg() == svg()


def test_making_a_picture_leaves_the_settings_of_others_alone(invented):
    before = dict(matplotlib.rcParams)
    gain.plot_gain(invented.result, "operating_cost", Words("id"))
    assert dict(matplotlib.rcParams) == before


def test_the_gain_table_holds_the_quantiles_of_the_result(invented):
    table = gain.gain_table(invented.result, "operating_cost")
    for row in table.itertuples():
        numbers = invented.result.gain("operating_cost", row.plan, row.scenario)
        expected = np.quantile(numbers, [0.05, 0.5, 0.95])
        assert [row.p05, row.p50, row.p95] == pytest.approx(expected)


def test_the_gain_figure_draws_the_medians_of_its_table(invented):
    ax = gain.plot_gain(invented.result, "operating_cost", Words("en"), invented.scenarios)
    table = gain.gain_table(invented.result, "operating_cost")
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "s", "^")]
    assert sorted(marks) == pytest.approx(sorted(table["p50"] / 1e9))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_that_moves_nobody_is_said_to_change_nothing(real, lang):
    words = Words(lang)
    ax = gain.plot_gain(real.result, "operating_cost", words, real.scenarios[:1])
    said = [text.get_text() for text in ax.texts]
    resting = [plan for plan in real.result.plans[1:] if not plan.clusters]
    assert said.count(words("figure.no_change")) == len(resting) > 0


def test_the_note_of_contacts_says_that_all_are_judgements(real):
    ax = contacts.plot_contacts(real.result, Words("id"), book=real.book)
    assert any("Semua angka kontak" in " ".join(t.get_text().split()) for t in ax.texts)


def test_the_note_of_a_map_says_how_far_marks_were_moved(world):
    for ax in (map.plot_city(world.city, Words("en")), PLOTS["moves"](world, Words("en"))):
        note = " ".join(" ".join(text.get_text().split()) for text in ax.texts)
        assert re.search(r"at most \d\.\d km", note)


def test_the_cost_lines_of_a_table_are_those_of_the_result(invented):
    table = cost.cost_by_line_table(invented.result).set_index(["plan", "line"])
    median = np.median(invented.result.level("cost_rent", "today"))
    assert table.loc[("today", "rent"), "p50"] == pytest.approx(median)


def test_the_dearest_building_comes_first(invented):
    table = cost.building_costs_table(invented.buildings, 3)
    assert len(table) == 3
    assert table["p50"].is_monotonic_decreasing
    assert table["building"][0] == "jalan-mawar-1"


def test_the_moves_matrix_of_the_invented_city_by_hand(invented):
    """merge-in-mawar moves two agencies to Jalan Mawar 1 and three units to their kecamatan."""
    table = moves.moves_matrix_table(invented.city, invented.result.plans)
    merge = table[table["plan"] == "merge-in-mawar"].set_index("row")
    assert merge["host"].to_dict() == {
        "sosial": "jalan-mawar-1",
        "izin": "jalan-mawar-1",
        "uptd-capil": "kecamatan-office",
    }
    assert merge.loc["uptd-capil", ["movers", "size"]].to_list() == [3, 3]


def test_plan_and_practice_of_palembang_differ_for_the_disaster_agency(real):
    table = moves.moves_matrix_table(real.city, real.result.plans)
    hosts = table[table["row"] == "bpbd"].set_index("plan")["host"]
    assert hosts["2025-11-10-regrouping"] == "tangga-buntung"
    assert hosts["2026-02-12-as-done"] == "promotion-centre"


def test_arrows_between_the_same_buildings_are_one(invented):
    table = map.moves_table(invented.city, invented.plans["merge-in-mawar"])
    merged = table.set_index(["from", "to"]).loc[("jalan-melati-5", "jalan-mawar-1")]
    assert (merged["agencies"], merged["staff"], merged["small"]) == (2, 60, False)


def test_evidence_shares_count_every_belief(invented):
    beliefs = (invented.book.to_frame()["role"] == "belief").sum()
    assert evidence.evidence_table(invented.book).drop(columns="topic").to_numpy().sum() == beliefs


def test_chance_alone_rarely_passes_its_line():
    """The largest of 300 squared rank correlations of independent numbers, 200 times."""
    chance = np.random.default_rng(1).standard_normal((200, 300)) ** 2 / 199
    passed = (chance.max(axis=1) > evidence.chance_share(300, 200)).mean()
    assert 0.01 < passed < 0.10


def test_the_utilisation_figure_draws_the_medians_of_its_table(invented):
    plan = invented.plans["merge-in-mawar"]
    ax = fit.plot_utilisation(invented.fit.space, invented.city, plan, Words("en"))
    table = fit.utilisation_table(invented.fit.space, plan.id)
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "s")]
    assert sorted(marks) == pytest.approx(sorted(table["p50"] * 100))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_parking_figure_says_the_worst_chance_of_every_panel(invented, lang):
    plan, words = invented.plans["merge-in-mawar"], Words(lang)
    ready = invented.fit
    ax = fit.plot_parking_by_hour(ready.parking, ready.space, invented.city, plan, words)
    table = fit.parking_table(ready.parking, ready.space, plan.id)
    heads = [panel.get_title(loc="left") for panel in ax.child_axes]
    worst = table.groupby(["building", "kind"], sort=False)["p_short"].max()
    assert len(heads) == len(worst) == 8
    for head, (place, chance) in zip(heads, worst.items(), strict=True):
        assert words(f"vehicle.{place[1]}") in head
        assert words.percent(chance) in head


def test_every_cell_of_the_readiness_figure_has_a_sign_besides_its_colour(invented):
    plan = invented.plans["merge-in-mawar"]
    ready = invented.fit
    ax = fit.plot_readiness(ready.readiness, ready.space, invented.city, plan, Words("en"))
    table = fit.readiness_table(ready.readiness, ready.space, plan.id)
    signs = [text.get_text()[0] for text in ax.texts if text.get_text()[:1] in "✓!✗?"]
    expected = [fit.COLOUR_LOOKS[colour][1] for colour in table["colour"]]
    assert sorted(signs) == sorted(expected)
    assert set(signs) == set("✓!✗?")


def test_the_fills_of_readiness_differ_in_grey_print():
    fills = [matplotlib.colors.to_rgb(fill) for fill, _ in fit.COLOUR_LOOKS.values()]
    greys = sorted(0.299 * r + 0.587 * g + 0.114 * b for r, g, b in fills)
    assert min(np.diff(greys)) > 0.08
