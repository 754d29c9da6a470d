"""Groupings of networks: published optima, networkx, and the enumeration of small graphs."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.modularity import modularity, modularity_matrix
from opdanalysis.methods.partition_bounds import triangle_bound
from opdanalysis.methods.partition_search import canonical, grouping_value
from opdanalysis.methods.partitions import (
    best_partition,
    coassignment,
    good_partitions,
    pair_gains,
    proved_partition,
    resolution_sweep,
)
from opdanalysis.methods.promising_sets import promising_sets

KARATE = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
MISERABLES = nx.to_numpy_array(nx.les_miserables_graph())


def random_network(n, seed, share=0.5):
    """Directed, whole weights from 0 to 5, without self-ties."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 6, (n, n)) * (rng.random((n, n)) < share) * 1.0
    np.fill_diagonal(weights, 0)
    return weights


def every_grouping(n):
    """All groupings of n nodes, numbered by first node (restricted growth strings)."""
    rows = [[0]]
    for _ in range(n - 1):
        rows = [[*row, label] for row in rows for label in range(max(row) + 2)]
    return np.array(rows)


networks = st.builds(
    random_network, st.integers(3, 7), st.integers(0, 10_000), st.sampled_from([0.4, 0.7, 1.0])
).filter(lambda weights: weights.any())


def test_karate_club_has_four_groups_and_the_proof_says_so():
    """Zachary (1977), unweighted; optimum 0.4197896121, groups of 5, 6, 11, 12."""
    found = proved_partition(KARATE)
    assert found.proved
    assert found.value == pytest.approx(0.4197896121, abs=1e-9)
    assert sorted(found.sizes) == [5, 6, 11, 12]


def test_karate_clubs_real_split_has_its_known_modularity():
    """The split of Zachary (1977); unweighted."""
    club = nx.get_node_attributes(nx.karate_club_graph(), "club")
    real = np.array([club[node] == "Officer" for node in range(34)], dtype=int)
    assert modularity(KARATE, real) == pytest.approx(0.3582347140, abs=1e-9)


def test_les_miserables_is_proved():
    """Knuth (1993), weighted; optimum 0.566688."""
    found = proved_partition(MISERABLES, kicks=20)
    assert found.proved
    assert found.value == pytest.approx(0.566688, abs=5e-7)


def test_the_integer_programme_agrees_with_column_generation():
    for weights in (KARATE, random_network(16, 3)):
        by_columns = proved_partition(weights, kicks=5)
        by_programme = proved_partition(weights, kicks=5, method="compact")
        assert by_columns.proved
        assert by_programme.proved
        assert by_columns.value == pytest.approx(by_programme.value, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_best_of_a_small_network_is_the_best_of_all_groupings(seed):
    weights = random_network(8, seed)
    resolution = [0.6, 1.0, 1.7][seed % 3]
    gains, alone = pair_gains(weights, resolution)
    best = grouping_value(gains, every_grouping(8)).max() + alone
    assert best_partition(weights, resolution, kicks=5).value == pytest.approx(best, abs=1e-12)
    proof = proved_partition(weights, resolution, kicks=5)
    assert proof.proved
    assert proof.value == pytest.approx(best, abs=1e-12)


def test_a_gap_of_the_linear_programme_is_closed():
    """On these two the prices alone leave 0.4% and 1.3%; the listed groups settle it."""
    for n, seed in ((14, 11), (20, 12)):
        rng = np.random.default_rng(seed)
        weights = rng.integers(0, 5, (n, n)) * (rng.random((n, n)) < 0.5) * 1.0
        np.fill_diagonal(weights, 0)
        assert proved_partition(weights, kicks=5).proved


@pytest.mark.parametrize("method", ["columns", "compact"])
@pytest.mark.parametrize(
    ("weights", "sizes"),
    [(np.ones((1, 1)), [1]), (np.array([[0, 1], [0, 0]]), [2]), (1 - np.eye(4), [4])],
)
def test_the_smallest_networks_are_one_group(weights, sizes, method):
    found = proved_partition(weights, method=method, kicks=2)
    assert found.proved
    assert found.sizes.tolist() == sizes


def test_too_little_effort_gives_a_gap_and_no_proof():
    found = proved_partition(random_network(24, 0), kicks=5, effort=200)
    assert not found.proved
    assert 0 < found.gap < 1
    assert found.value == best_partition(random_network(24, 0), kicks=5).value


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0])
def test_modularity_is_that_of_networkx(directed, resolution):
    weights = random_network(15, 1)
    if not directed:
        weights = weights + weights.T
    groups = np.random.default_rng(2).integers(0, 4, 15)
    kind = nx.DiGraph if directed else nx.Graph
    graph = nx.from_numpy_array(weights, create_using=kind)
    members = [set(np.flatnonzero(groups == label).tolist()) for label in range(4)]
    theirs = nx.community.modularity(graph, members, weight="weight", resolution=resolution)
    assert modularity(weights, groups, resolution) == pytest.approx(theirs, abs=1e-12)


def test_higher_resolution_gives_no_fewer_groups_on_the_karate_club():
    swept = resolution_sweep(KARATE, [0.25, 0.5, 1.0, 2.0, 4.0], kicks=10)
    counts = [len(found.sizes) for found in swept]
    assert all(few <= many for few, many in pairwise(counts))
    assert counts[0] < counts[-1]


def test_a_network_of_single_nodes_at_high_resolution_uses_as_many_groups_as_nodes():
    assert len(best_partition(KARATE, resolution=50.0, kicks=2).sizes) == 34


def test_coassignment_is_the_share_of_groupings_that_agree():
    together = coassignment(np.array([[0, 0, 1], [0, 1, 1]]))
    np.testing.assert_array_equal(together, [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])


def test_good_partitions_are_different_and_near_the_best():
    good = good_partitions(MISERABLES, near=0.99, kicks=10)
    assert len(good.groups) > 1
    assert len(np.unique(good.groups, axis=0)) == len(good.groups)
    assert good.values.min() >= 0.99 * good.values.max()
    assert good.values[0] == good.values.max()
    assert np.array_equal(good.groups, canonical(good.groups))
    assert (np.diagonal(good.together) == 1).all()


def test_a_seed_repeats_the_result_and_zero_is_a_seed():
    weights = random_network(20, 5)
    first, again = (good_partitions(weights, kicks=5, seed=0) for _ in range(2))
    assert np.array_equal(first.groups, again.groups)
    assert np.array_equal(first.values, again.values)


def test_every_promising_set_is_found():
    """Against all subsets of 9 nodes with gains and losses at random."""
    rng = np.random.default_rng(4)
    gains = np.triu(rng.normal(size=(9, 9)), 1)
    gains = gains + gains.T
    own = -2 * rng.random(9)
    subsets = ((np.arange(1, 512)[:, None] >> np.arange(9)) & 1).astype(bool)
    worth = subsets @ own + ((subsets @ gains) * subsets).sum(axis=1) / 2
    for threshold in np.quantile(worth, [0.7, 0.95, 1.0]):
        found = promising_sets(own, gains, threshold, 10_000, 10_000)
        assert found.complete
        assert np.sort(found.worth) == pytest.approx(np.sort(worth[worth > threshold]))


@settings(max_examples=15, deadline=None)
@given(networks, st.permutations(range(7)))
def test_renaming_nodes_changes_nothing(weights, names):
    order = [name for name in names if name < len(weights)]
    found = proved_partition(weights, kicks=3)
    renamed = proved_partition(weights[np.ix_(order, order)], kicks=3)
    assert renamed.value == pytest.approx(found.value, abs=1e-9)
    assert modularity(weights, found.groups + 3) == pytest.approx(found.value, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(networks, st.integers(0, 100))
def test_no_bound_is_below_any_grouping(weights, seed):
    groups = np.random.default_rng(seed).integers(0, 3, len(weights))
    gains, alone = pair_gains(weights)
    value = modularity(weights, groups)
    assert triangle_bound(gains, -np.inf, 10_000) + alone >= value - 1e-9
    for effort in (1, 10_000):
        found = proved_partition(weights, kicks=1, effort=effort)
        assert found.bound >= found.value
        assert found.bound >= value - 1e-9


def test_modularity_of_one_group_is_nothing():
    assert modularity_matrix(random_network(9, 2)).sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros((3, 3)), "all weights are 0; modularity needs at least one tie"),
        (-np.eye(2), "weights go down to -1; expected numbers from 0 up"),
        (
            np.ones((2, 3)),
            "weights have the shape (2, 3); expected one row and one column per node",
        ),
        (
            np.full((2, 2), np.nan),
            "weights hold a missing or infinite number; expected numbers from 0 up",
        ),
    ],
)
def test_what_is_no_network_is_refused_in_words(weights, message):
    with pytest.raises(UsageError) as told:
        best_partition(weights)
    assert str(told.value) == message


def test_an_unknown_method_is_refused_in_words():
    with pytest.raises(UsageError) as told:
        proved_partition(KARATE, method="guess")
    assert str(told.value) == "method is 'guess'; expected one of columns, compact"
