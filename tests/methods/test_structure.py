"""Positions in networks: worked graphs, definitions by loops, networkx where it is right."""

from itertools import permutations, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.structure import (
    ROLES,
    backbone,
    brokerage_roles,
    core_periphery,
    disparity,
    effective_size,
    weighted_reciprocity,
)

FLORENCE = nx.florentine_families_graph()


def random_weights(n, seed, share=0.4):
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 6, (n, n)) * (rng.random((n, n)) < share) * 1.0
    np.fill_diagonal(weights, 0)
    return weights


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (nx.degree_centrality, 0.428571),
        (nx.betweenness_centrality, 0.521978),
        (nx.closeness_centrality, 0.56),
        (nx.eigenvector_centrality, 0.4303),
    ],
)
def test_the_medici_have_their_known_centralities(measure, value):
    """Padgett and Ansell (1993), 15 families; that networkx still says so."""
    assert measure(FLORENCE)["Medici"] == pytest.approx(value, abs=1e-4)


def test_the_guadagni_come_second_in_betweenness():
    assert nx.betweenness_centrality(FLORENCE)["Guadagni"] == pytest.approx(0.2546, abs=1e-4)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_effective_size_is_that_of_networkx_node_by_node(kind):
    """With `nodes` given networkx takes its loop, which is right."""
    weights = random_weights(12, 1)
    if kind is nx.Graph:
        weights = np.maximum(weights, weights.T)
    graph = nx.from_numpy_array(weights, create_using=kind)
    theirs = nx.effective_size(graph, nodes=list(graph), weight="weight")
    assert effective_size(weights) == pytest.approx([theirs[i] for i in graph], abs=1e-12)


def test_effective_size_of_a_star_is_its_number_of_leaves():
    """Burt (1992): no contact of the hub is redundant; each leaf has one contact."""
    star = nx.to_numpy_array(nx.star_graph(5))
    assert effective_size(star).tolist() == [5, 1, 1, 1, 1, 1]


def test_a_node_without_ties_has_no_effective_size():
    assert np.isnan(effective_size(np.zeros((2, 2)))).all()


@pytest.mark.parametrize("seed", range(3))
def test_networkx_constraint_is_burts_formula(seed):
    """Burt (1992): sum over contacts j of (p_ij + sum_q p_iq p_qj)^2; no need to write it anew."""
    weights = random_weights(12, seed)
    ties = weights + weights.T
    share = ties / ties.sum(axis=1, keepdims=True)
    ours = ((share + share @ share) ** 2 * (ties > 0)).sum(axis=1)
    graph = nx.from_numpy_array(weights, create_using=nx.DiGraph)
    theirs = nx.constraint(graph, weight="weight")
    assert ours == pytest.approx([theirs[i] for i in graph], abs=1e-12)


def test_brokerage_of_a_graph_worked_by_hand():
    """Groups {0, 1, 2}, {3, 4}, {5}. Ties 0>1, 1>2, 1>3, 3>4, 4>5, 5>0, 3>1.

    Over 1: 0>1>2 coordinator, 0>1>3 representative, 3>1>2 gatekeeper. Over 3: 1>3>4 gatekeeper.
    Over 4: 3>4>5 representative. Over 5: 4>5>0 liaison. Over 0: 5>0>1 gatekeeper.
    """
    weights = np.zeros((6, 6))
    for sender, receiver in [(0, 1), (1, 2), (1, 3), (3, 4), (4, 5), (5, 0), (3, 1)]:
        weights[sender, receiver] = 2.0
    roles = brokerage_roles(weights, np.array([0, 0, 0, 1, 1, 2]))
    assert roles["coordinator"].tolist() == [0, 1, 0, 0, 0, 0]
    assert roles["consultant"].tolist() == [0, 0, 0, 0, 0, 0]
    assert roles["gatekeeper"].tolist() == [1, 1, 0, 1, 0, 0]
    assert roles["representative"].tolist() == [0, 1, 0, 0, 1, 0]
    assert roles["liaison"].tolist() == [0, 0, 0, 0, 0, 1]


def test_a_consultant_stands_outside_the_group_that_it_connects():
    weights = np.zeros((3, 3))
    weights[0, 1] = weights[1, 2] = 1
    assert brokerage_roles(weights, np.array([0, 1, 0]))["consultant"].tolist() == [0, 1, 0]
    weights[0, 2] = 1  # a direct tie needs no broker
    assert not any(count.any() for count in brokerage_roles(weights, np.array([0, 1, 0])).values())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_brokerage_follows_the_definitions_triple_by_triple(seed):
    """Gould and Fernandez (1989), table 1, with loops."""
    weights = random_weights(8, seed)
    groups = np.random.default_rng(seed).integers(0, 3, 8)
    by_loops = {role: np.zeros(8, dtype=int) for role in ROLES}
    for i, j, k in permutations(range(8), 3):
        if weights[i, j] and weights[j, k] and not weights[i, k]:
            a, b, c = groups[[i, j, k]]
            if a == b == c:
                role = "coordinator"
            elif a == c:
                role = "consultant"
            elif b == c:
                role = "gatekeeper"
            elif a == b:
                role = "representative"
            else:
                role = "liaison"
            by_loops[role][j] += 1
    for role, counts in brokerage_roles(weights, groups).items():
        assert counts.tolist() == by_loops[role].tolist()


def test_an_ideal_core_is_found_and_fits_perfectly():
    """The idealised pattern of Borgatti and Everett (2000): all ties that touch the core."""
    core = np.array([True, False, True, False, False, True, False, False])
    ties = (core[:, None] | core[None, :]).astype(float)
    np.fill_diagonal(ties, 0)
    found = core_periphery(ties)
    assert found.core.tolist() == core.tolist()
    assert found.core_fit == pytest.approx(1)
    assert found.coreness[core].min() > found.coreness[~core].max()


def test_coreness_behind_the_ties_is_recovered():
    """Ties that are products of coreness leave nothing unexplained."""
    coreness = np.array([0.9, 0.7, 0.5, 0.3, 0.2, 0.1])
    ties = np.outer(coreness, coreness)
    found = core_periphery(ties)
    assert found.fit == pytest.approx(1)
    assert found.coreness == pytest.approx(coreness / np.linalg.norm(coreness), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_core_of_a_small_network_is_the_best_of_all_cores(seed):
    ties = random_weights(8, seed)
    both = ties + ties.T
    pairs = np.triu_indices(8, 1)
    fits = []
    for chosen in product([False, True], repeat=8):
        core = np.array(chosen)
        pattern = (core[:, None] | core[None, :])[pairs]
        if 0 < pattern.sum() < len(pattern):
            fits.append(np.corrcoef(both[pairs], pattern)[0, 1])
    assert core_periphery(ties).core_fit == pytest.approx(max(fits))


def test_reciprocity_weighs_what_is_returned():
    """0>1 three, 1>0 one, 1>2 two: of six, one is returned each way."""
    weights = np.array([[0, 3, 0], [1, 0, 2], [0, 0, 0]], dtype=float)
    assert weighted_reciprocity(weights) == pytest.approx(2 / 6)
    assert weighted_reciprocity(weights + weights.T) == 1


def test_disparity_of_a_graph_worked_by_hand():
    """Node 0 sends 8, 1, 1; the first is (1 - 0.8)^2 = 0.04 from its side, 1 from its end's."""
    weights = np.zeros((4, 4))
    weights[0, 1:] = [8, 1, 1]
    chance = disparity(weights)
    assert chance[0, 1:] == pytest.approx([0.04, 0.81, 0.81])
    assert (np.delete(chance.ravel(), [1, 2, 3]) == 1).all()
    assert np.argwhere(backbone(weights, 0.05)).tolist() == [[0, 1]]


def test_a_tie_is_kept_when_it_matters_to_either_end():
    weights = np.zeros((5, 5))
    weights[0, 4], weights[1, 4], weights[2, 4] = 8, 1, 1
    assert disparity(weights)[0, 4] == pytest.approx(0.04)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(8)))
def test_renaming_nodes_renames_positions(seed, names):
    weights, order = random_weights(8, seed, 0.6), list(names)
    groups = np.arange(8) % 3
    renamed = weights[np.ix_(order, order)]
    np.testing.assert_allclose(effective_size(renamed), effective_size(weights)[order])
    np.testing.assert_allclose(disparity(renamed), disparity(weights)[np.ix_(order, order)])
    assert weighted_reciprocity(renamed) == pytest.approx(weighted_reciprocity(weights))
    roles, roles_renamed = brokerage_roles(weights, groups), brokerage_roles(renamed, groups[order])
    for role in ROLES:
        assert roles_renamed[role].tolist() == roles[role][order].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: core_periphery(np.ones((3, 3))),
            "a core needs three nodes or more, and ties that differ",
        ),
        (
            lambda: weighted_reciprocity(np.zeros((3, 3))),
            "all weights are 0; reciprocity needs at least one tie",
        ),
        (
            lambda: brokerage_roles(np.ones((3, 3)), np.zeros(2)),
            "groups have the shape (2,); expected (3,)",
        ),
    ],
)
def test_what_has_no_structure_is_refused_in_words(call, message):
    with pytest.raises(UsageError) as told:
        call()
    assert str(told.value) == message
