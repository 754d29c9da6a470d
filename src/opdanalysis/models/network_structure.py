"""Who stands where in the network: strength, centrality, brokerage, core, communities."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from opdanalysis.methods.partitions import Partition, good_partitions, proved_partition
from opdanalysis.methods.structure import (
    brokerage_roles,
    core_periphery,
    effective_size,
    weighted_reciprocity,
)
from opdanalysis.models.network_graph import weight_matrix

RESOLUTIONS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Resolutions of the sweep: a higher one asks for smaller communities."""


@dataclass(frozen=True)
class NetworkStructure:
    """A network described: a table of its nodes, a few numbers of the whole, and its communities.

    `together` is the share [1] of near-best groupings over all resolutions that put two nodes
    together, in the order of `nodes`, `(n, n)`.
    """

    nodes: pd.DataFrame
    reciprocity: float
    core_fit: float
    communities: Partition
    sweep: pd.DataFrame
    together: np.ndarray


def network_structure(graph: nx.DiGraph, seed: int) -> NetworkStructure:
    """The positions of the nodes of a contact network.

    Columns of `nodes`: strength_out and strength_in [contact/year]; betweenness and closeness with
    the distance 1 / contacts, so that frequent contact is near (Newman 2001, Physical Review E 64);
    pagerank; constraint and effective_size (Burt 1992); the five brokerage roles between policy
    fields (Gould and Fernandez 1989), counted; core, whether in the core (Borgatti and Everett
    2000); community, of the grouping with the greatest modularity.
    """
    ordered = list(graph)
    weights = weight_matrix(graph)
    far = {(a, b): 1 / w for a, b, w in graph.edges(data="weight") if w > 0}
    nx.set_edge_attributes(graph, far, "distance")
    fields = [graph.nodes[node]["fields"].split(";")[0] for node in ordered]
    groups = np.unique(fields, return_inverse=True)[1]
    core = core_periphery(weights)
    both = (weights + weights.T) / 2
    best = proved_partition(both, seed=seed)
    table = pd.DataFrame(
        {
            "node": ordered,
            "strength_out": weights.sum(axis=1),
            "strength_in": weights.sum(axis=0),
            "betweenness": _column(nx.betweenness_centrality(graph, weight="distance"), ordered),
            "closeness": _column(nx.closeness_centrality(graph, distance="distance"), ordered),
            "pagerank": _column(nx.pagerank(graph, weight="weight"), ordered),
            "constraint": _column(nx.constraint(graph, weight="weight"), ordered),
            "effective_size": effective_size(weights),
            **brokerage_roles(weights, groups),
            "core": core.core,
            "community": best.groups,
        }
    )
    sweep, together = _sweep(both, seed)
    reciprocity = weighted_reciprocity(weights)
    return NetworkStructure(table, reciprocity, core.core_fit, best, sweep, together)


def _column(numbers: dict[str, float], ordered: list[str]) -> np.ndarray:
    return np.array([numbers[node] for node in ordered])


def _sweep(both: np.ndarray, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Communities at each resolution, and how often near-best groupings put a pair together."""
    rows, together = [], np.zeros_like(both)
    for resolution in RESOLUTIONS:
        good = good_partitions(both, resolution, seed=seed)
        together += good.together / len(RESOLUTIONS)
        best = good.groups[0]
        rows.append((resolution, int(best.max()) + 1, len(good.groups), float(good.values[0])))
    columns = ["resolution", "communities", "near_best_groupings", "modularity"]
    return pd.DataFrame(rows, columns=columns), together
