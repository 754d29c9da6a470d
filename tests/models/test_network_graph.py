"""The network as a graph: what it holds, what it says, and that other programs can read it."""

from __future__ import annotations

import networkx as nx
import pytest

from opdanalysis.models.network_graph import network_graph, weight_matrix
from opdanalysis.models.network_structure import network_structure
from opdanalysis.models.ties import LAYERS
from opdanalysis.study.network_files import write_network


@pytest.fixture(scope="module")
def graph(palembang) -> nx.DiGraph:
    """Today's network of Palembang."""
    return network_graph(palembang.city, palembang.city.today, palembang.book.central())


def test_units_of_a_group_are_one_node(graph: nx.DiGraph, palembang) -> None:
    assert graph.nodes["uptd-bapenda"]["members"] == 18
    assert graph.nodes["kecamatan"]["members"] == 18
    assert sum(members for _, members in graph.nodes(data="members")) == len(
        palembang.city.agencies
    )


def test_the_weight_is_the_sum_of_the_layers(graph: nx.DiGraph) -> None:
    for _, _, edge in graph.edges(data=True):
        assert edge["weight"] == pytest.approx(sum(edge[layer] for layer in LAYERS))


def test_the_strongest_agencies_are_those_that_oversee_all(graph: nx.DiGraph) -> None:
    nodes = network_structure(graph, 0).nodes.set_index("node")
    city_agencies = nodes.drop(index=["kecamatan"])
    assert city_agencies["strength_out"].idxmax() == "setda"


def test_communities_are_proved_or_the_gap_is_known(graph: nx.DiGraph) -> None:
    found = network_structure(graph, 0).communities
    assert found.proved or found.gap < 0.1
    whole = nx.community.modularity(
        nx.from_numpy_array((weight_matrix(graph) + weight_matrix(graph).T) / 2),
        [set((found.groups == group).nonzero()[0]) for group in range(len(found.sizes))],
    )
    assert found.value == pytest.approx(whole)


def test_what_is_written_is_read_again_by_networkx(graph: nx.DiGraph, tmp_path) -> None:
    write_network(graph, tmp_path, "net")
    for read in (
        nx.read_graphml(tmp_path / "net.graphml"),
        nx.read_gexf(tmp_path / "net.gexf"),
    ):
        assert set(read.edges) == set(graph.edges)
        assert read.edges["setda", "pupr"]["weight"] == pytest.approx(
            graph.edges["setda", "pupr"]["weight"]
        )
    assert "lastmodified" not in (tmp_path / "net.gexf").read_text()
    assert (tmp_path / "net_edges.csv").read_text().count("\n") == graph.number_of_edges() + 1
