"""The coordination network as a graph to describe, draw and hand on to other programs."""

from __future__ import annotations

import networkx as nx
import numpy as np

from opdanalysis.city.city import KECAMATAN_OFFICE, City
from opdanalysis.city.entities import Agency
from opdanalysis.city.names import group_name
from opdanalysis.city.placement import Placement
from opdanalysis.models.ties import LAYERS, ties_of, yearly_contacts
from opdanalysis.models.travel import KM, road_km
from opdanalysis.parameters.values import Values

KECAMATAN_NAMES = {"id": "Kantor kecamatan", "en": "Kecamatan offices"}
"""What the node of all kecamatan offices is called."""


def node_of(agency: Agency) -> str:
    """The node that stands for an agency: units of one group share a node, and so do kecamatan."""
    if agency.kind == KECAMATAN_OFFICE:
        return KECAMATAN_OFFICE
    return agency.group or agency.id


def network_graph(city: City, placement: Placement, values: Values) -> nx.DiGraph:
    """Yearly contacts between agencies, as a directed graph; `values` are floats.

    Nodes, sorted by id, carry `name`, `name_en`, `kind`, `fields`, `staff` [person], `members`
    (agencies in the node), `building` (empty for several) and the mean place `east_km` and
    `north_km`. Edges carry `weight` [contact/year], the same by layer, and `km`, the mean road.
    Contacts among the members of one node are left out.
    """
    graph = nx.DiGraph(city=city.id)
    members: dict[str, list[Agency]] = {}
    for agency in city.agencies:
        members.setdefault(node_of(agency), []).append(agency)
    places = city.metres([building.position for building in city.buildings]) / KM
    staff = dict(zip(city.agency_order, values["staff"], strict=True))
    for node in sorted(members):
        own = members[node]
        seats = [city.building_order[placement[agency.id]] for agency in own]
        east, north = places[seats].mean(axis=0)
        graph.add_node(
            node,
            name=_name(city, node, own, "id"),
            name_en=_name(city, node, own, "en"),
            kind=own[0].kind,
            fields=";".join(own[0].fields),
            staff=float(sum(staff[agency.id] for agency in own)),
            members=len(own),
            building=placement[own[0].id] if len(own) == 1 else "",
            east_km=round(float(east), 6),
            north_km=round(float(north), 6),
        )
    _add_edges(graph, city, placement, values)
    return graph


def _name(city: City, node: str, own: list[Agency], lang: str) -> str:
    if node == KECAMATAN_OFFICE:
        return KECAMATAN_NAMES[lang]
    return own[0].name_in(lang) if len(own) == 1 else group_name(city, node, lang)


def _add_edges(graph: nx.DiGraph, city: City, placement: Placement, values: Values) -> None:
    ties = ties_of(city)
    contacts = yearly_contacts(ties, values)
    seats = city.places(placement)
    km = road_km(city, values, seats[ties.sender], seats[ties.receiver])
    nodes = [node_of(agency) for agency in city.agencies]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for place in range(len(ties)):
        pair = nodes[ties.sender[place]], nodes[ties.receiver[place]]
        if pair[0] == pair[1]:
            continue
        edge = found.setdefault(pair, {**dict.fromkeys(LAYERS, 0.0), "weight": 0.0, "km": 0.0})
        edge[str(ties.layer[place])] += float(contacts[place])
        edge["weight"] += float(contacts[place])
        edge["km"] += float(contacts[place] * km[place])
    for pair in sorted(found):
        edge = found[pair]
        edge["km"] = round(edge["km"] / edge["weight"], 6) if edge["weight"] else 0.0
        graph.add_edge(*pair, **edge)


def weight_matrix(graph: nx.DiGraph) -> np.ndarray:
    """Contacts from row to column [contact/year], in the order of the nodes, `(n, n)`."""
    return nx.to_numpy_array(graph, nodelist=list(graph), weight="weight")
