"""The network as files that Gephi, igraph and UCINET read."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import pandas as pd

DIGITS = "%.6g"


def write_network(graph: nx.DiGraph, folder: Path, name: str) -> None:
    """A graph as GraphML (igraph, Gephi), GEXF (Gephi) and two CSV lists (UCINET, everything)."""
    folder.mkdir(parents=True, exist_ok=True)
    graphml = "\n".join(nx.generate_graphml(graph)) + "\n"
    gexf = "\n".join(nx.generate_gexf(graph)) + "\n"
    gexf = re.sub(r' lastmodifieddate="[^"]*"', "", gexf)  # the day would change the bytes
    _write(folder / f"{name}.graphml", graphml)
    _write(folder / f"{name}.gexf", gexf)
    edges = nx.to_pandas_edgelist(graph)
    nodes = pd.DataFrame([{"node": node, **data} for node, data in graph.nodes(data=True)])
    for kind, table in (("edges", edges), ("nodes", nodes)):
        text = table.to_csv(index=False, float_format=DIGITS, lineterminator="\n")
        _write(folder / f"{name}_{kind}.csv", text)


def write_matrix(matrix: pd.DataFrame, path: Path) -> None:
    """A square table with the nodes in its first column and in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, matrix.to_csv(index_label="node", float_format=DIGITS, lineterminator="\n"))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
