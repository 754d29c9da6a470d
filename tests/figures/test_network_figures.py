"""The pictures of the network and of the fit of plans can be made and show their tables."""

import io

import matplotlib
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from opdanalysis.figures import network, network_layout, plan_fit, style
from opdanalysis.figures.labels import LABEL
from opdanalysis.models.network_graph import network_graph
from opdanalysis.text.words import LANGUAGES, Words

NULLS = ("label permutation", "feasible swaps", "feasible plans")

PLOTS = {
    "network": lambda w, words: network.plot_network(graph_of(w), words),
    "groups": lambda w, words: network.plot_network(graph_of(w), words, groups_of(w)),
    "matrix": lambda w, words: network.plot_network_matrix(graph_of(w), groups_of(w), words),
    "fit": lambda w, words: plan_fit.plot_plan_fit(fits_of(w), w.result.plans, words),
    "clusters": lambda w, words: plan_fit.plot_cluster_fit(fits_of(w), w.mover, words),
}


def graph_of(world):
    return network_graph(world.city, world.city.today, world.book.central())


def groups_of(world):
    return {node: place % 3 for place, node in enumerate(graph_of(world))}


def fits_of(world):
    """Numbers as a test of plans gives them; the middle null has no bound."""
    rows = []
    for order, plan in enumerate(p for p in world.result.plans if p.clusters):
        for scope in ("plan", *(cluster.id for cluster in plan.clusters)):
            for place, null in enumerate(NULLS):
                mean = 900.0 + 100 * place
                bound = np.nan if place == 1 else 1800.0
                numbers = (1200.0 + 10 * order, 6000.0, mean, mean - 200, mean + 200, 1500.0, bound)
                rows.append((plan.id, scope, null, *numbers, 0.9, 10.0 ** -(place + 2), 0.4, 0.6))
    columns = "plan scope null captured total mean low high best_found bound percentile p"
    return pd.DataFrame(rows, columns=[*columns.split(), "share_low", "share_high"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_stays_on_its_page_with_a_title_and_letters_of_eight_points(world, name, lang):
    ax = PLOTS[name](world, Words(lang))
    assert isinstance(ax, Axes)
    ax.figure.draw_without_rendering()
    assert any(text.get_text().startswith(ax.get_label()[:10]) for text in ax.texts)
    page, drawn = ax.figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.y0 >= page.y0 - 1
    assert drawn.x1 <= page.x1 + 1
    assert drawn.y1 <= page.y1 + 1
    texts = [t for t in ax.figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["network", "groups"])
def test_every_agency_has_a_label_and_no_two_overlap(world, name, lang):
    ax = PLOTS[name](world, Words(lang))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_label() == LABEL]
    assert len(boxes) == len(graph_of(world))
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_a_plot_draws_on_the_axes_that_it_is_given(invented):
    graph, groups, words = graph_of(invented), groups_of(invented), Words("id")
    fits = fits_of(invented)
    plots = [
        lambda ax: network.plot_network(graph, words, ax=ax),
        lambda ax: network.plot_network_matrix(graph, groups, words, ax=ax),
        lambda ax: plan_fit.plot_plan_fit(fits, invented.result.plans, words, ax=ax),
        lambda ax: plan_fit.plot_cluster_fit(fits, invented.mover, words, ax=ax),
    ]
    for plot in plots:
        ax = style.new_axes(12)
        assert plot(ax) is ax


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_picture_has_the_same_bytes(invented, name):
    def svg():
        page = io.BytesIO()
        ax = PLOTS[name](invented, Words("id"))
        with style.use_style():
            ax.figure.savefig(page, format="svg", metadata=dict(style.SVG_METADATA))
        return page.getvalue()

    assert svg() == svg()


def test_the_network_table_holds_every_tie_of_the_graph(world):
    graph = graph_of(world)
    table = network.network_table(graph)
    assert len(table) == graph.number_of_edges()
    assert table["contacts"].sum() == pytest.approx(graph.size("weight"))
    assert table["contacts"].is_monotonic_decreasing
    first = table.iloc[0]
    assert graph.edges[first["sender"], first["receiver"]]["weight"] == first["contacts"]


def test_the_lines_are_the_shown_pairs_and_leave_no_agency_out(world):
    graph = graph_of(world)
    table = network.network_table(graph)
    shown = table[table["shown"]]
    pairs = {frozenset(pair) for pair in zip(shown["sender"], shown["receiver"], strict=True)}
    ax = network.plot_network(graph, Words("en"))
    (lines,) = [one for one in ax.collections if isinstance(one, LineCollection)]
    assert len(lines.get_paths()) == len(pairs)
    assert shown["contacts"].sum() >= network.SHOWN * table["contacts"].sum()
    assert set().union(*pairs) == {node for node in graph if graph.degree(node)}


def test_a_network_without_a_backbone_is_drawn_whole():
    graph = nx.complete_graph(["a", "b", "c"], create_using=nx.DiGraph)
    about = {"fields": "", "staff": 10.0, "members": 1, "east_km": 0.0, "north_km": 0.0}
    for node in graph:
        graph.add_node(node, name=node, name_en=node, kind="dinas", building="x", **about)
    nx.set_edge_attributes(graph, 5.0, "weight")
    assert network.network_table(graph)["shown"].all()
    assert network.plot_network(graph, Words("id"))


def test_the_matrix_adds_both_directions_and_stands_by_community(world):
    graph, groups = graph_of(world), groups_of(world)
    table = network.network_matrix_table(graph, groups)
    assert list(table.index) == list(table.columns)
    assert (table.to_numpy() == table.to_numpy().T).all()
    assert table.to_numpy().sum() == pytest.approx(2 * graph.size("weight"))
    communities = [groups[node] for node in table.index]
    assert communities == sorted(communities)


def test_long_names_lose_empty_words_and_short_ones_keep_them(real):
    graph = graph_of(real)
    assert network_layout.short_name(graph, "dinsos", Words("id")) == "Dinas Sosial"
    shortened = network_layout.short_name(graph, "dispora", Words("id"))
    assert shortened == "Kepemudaan dan Olahraga"
    cut = network_layout.short_name(graph, "dp3a", Words("id"), 27)
    assert cut == "Pemberdayaan Perempuan …"
    assert network_layout.short_name(graph, "kecamatan", Words("en")).endswith("(18)")


@pytest.mark.parametrize(("number", "numeral"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV")])
def test_roman_numerals(number, numeral):
    assert network_layout.roman(number) == numeral


def test_the_fit_table_holds_shares_of_all_contacts(invented):
    fits = fits_of(invented)
    table = plan_fit.plan_fit_table(fits)
    assert len(table) == len(fits)
    assert table["captured"].iloc[0] == pytest.approx(0.2)
    assert table["best_found"].iloc[0] == pytest.approx(0.25)
    assert table["p"].equals(fits["p"])


def test_the_fit_figure_marks_the_captured_share_of_every_plan(invented):
    fits = fits_of(invented)
    ax = plan_fit.plot_plan_fit(fits, invented.result.plans, Words("en"))
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "v"]
    whole = plan_fit.plan_fit_table(fits[fits["scope"] == "plan"])
    assert sorted(marks) == pytest.approx(
        sorted(100 * whole["captured"].groupby(whole["plan"]).first())
    )


def test_clusters_are_compared_with_one_null(invented):
    fits = fits_of(invented)
    only = fits[fits["null"] != plan_fit.CLUSTER_NULL]
    for some, null in ((fits, plan_fit.CLUSTER_NULL), (only, NULLS[0])):
        ax = plan_fit.plot_cluster_fit(some, invented.mover, Words("en"))
        texts = [text.get_text() for text in ax.get_legend().get_texts()]
        assert sum(plan_fit.null_name(null, Words("en")) in text for text in texts) == 1
        stars = [line for line in ax.lines if line.get_marker() == "*"]
        assert len(stars) == len(invented.mover.clusters)


def test_fits_of_no_plan_make_an_empty_picture(invented):
    empty = fits_of(invented).iloc[:0]
    assert plan_fit.plot_plan_fit(empty, invented.result.plans, Words("id"))
    assert plan_fit.plot_cluster_fit(empty, invented.mover, Words("id"))


def test_a_null_that_is_not_known_goes_by_its_own_name():
    assert plan_fit.null_name("something else", Words("id")) == "something else"
