"""Best grouping, bound and time on planted-partition networks, beside the best of 100 Louvain runs.

    python benchmarks/partitions.py           # 40 nodes, then 50 and 60; several minutes
    python benchmarks/partitions.py 40        # only this size

The networks: node i belongs to planted group i mod 7; each pair is tied with one probability inside
a group and another between groups; a tie's weight is max(1, Poisson(3)); undirected.
"""

from __future__ import annotations

import sys
import time

import networkx as nx
import numpy as np

from opdanalysis.methods.partitions import best_partition, proved_partition

PLANTED_GROUPS = 7
TIE_SHARES = {"clear": (0.6, 0.05), "medium": (0.5, 0.15), "weak": (0.4, 0.25)}
SEEDS = {40: (1, 2, 3), 50: (1, 2), 60: (1,)}
LOUVAIN_RUNS = 100


def planted_network(n: int, structure: str, seed: int) -> np.ndarray:
    """Weights `(n, n)` of one network."""
    inside, between = TIE_SHARES[structure]
    rng = np.random.default_rng(seed)
    planted = np.arange(n) % PLANTED_GROUPS
    share = np.where(planted[:, None] == planted[None, :], inside, between)
    tied = rng.random((n, n)) < share
    weight = np.maximum(1, rng.poisson(3, (n, n)))
    upper = np.triu(tied * weight, 1).astype(float)
    return upper + upper.T


def louvain_values(weights: np.ndarray) -> np.ndarray:
    """Modularity of each of 100 runs of networkx."""
    graph = nx.from_numpy_array(weights)
    values = []
    for seed in range(LOUVAIN_RUNS):
        groups = nx.community.louvain_communities(graph, seed=seed)
        values.append(nx.community.modularity(graph, groups))
    return np.array(values)


def line(name: str, weights: np.ndarray) -> str:
    """One row of the table."""
    begun = time.perf_counter()
    best = best_partition(weights)
    searched = time.perf_counter()
    proof = proved_partition(weights)
    proved = time.perf_counter()
    louvain = louvain_values(weights)
    louvained = time.perf_counter()
    verdict = "proved" if proof.proved else f"gap {proof.gap / proof.value:.1%}"
    return (
        f"| {name} | {best.value:.6f} | {searched - begun:.1f} | {proof.bound:.6f} | {verdict} "
        f"| {proved - searched:.1f} | {louvain.max():.6f} | {louvain.mean() / best.value - 1:.1%} "
        f"| {louvained - proved:.1f} |"
    )


def main(sizes: list[int]) -> None:
    print("| network | best found | s | bound | verdict | s | best of 100 Louvain | mean | s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    if not sizes:
        karate = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
        print(line("karate club", karate), flush=True)
        print(line("Les Misérables", nx.to_numpy_array(nx.les_miserables_graph())), flush=True)
    for n in sizes or SEEDS:
        for structure in TIE_SHARES:
            for seed in SEEDS[n]:
                name = f"{structure} {n}, seed {seed}"
                print(line(name, planted_network(n, structure, seed)), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
