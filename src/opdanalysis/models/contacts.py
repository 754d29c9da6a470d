"""How much of the yearly contact between agencies happens close by."""

from __future__ import annotations

from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.ties import ties_of, yearly_contacts
from opdanalysis.parameters.values import Values

WALK_NUMBERS = ("position_error_east", "position_error_north", "walk_limit")
"""The numbers that decide which buildings are within a walk."""


def contacts_close_by(city: City, placement: Placement, values: Values) -> dict[str, Any]:
    """Shares of yearly contacts [1] under one roof, on one site, and within a walk.

    Each wider circle includes the narrower. `(n_draws,)` or floats. A walk is the straight line
    between the two buildings; the error of their places is drawn.
    """
    ties = ties_of(city)
    if not len(ties):
        return {"one_roof": 0.0, "one_site": 0.0, "walk": 0.0}
    contacts = yearly_contacts(ties, values)
    places = city.places(placement)
    one, other = places[ties.sender], places[ties.receiver]
    one_roof = one == other
    one_site = city.sites[one] == city.sites[other]
    near = _within_a_walk(city, values, one, other) | one_site
    total = contacts.sum(axis=-1)
    return {
        "one_roof": contacts @ one_roof.astype(float) / total,
        "one_site": contacts @ one_site.astype(float) / total,
        "walk": np.einsum("...t,...t->...", contacts, near) / total,
    }


def _within_a_walk(city: City, values: Values, one: Any, other: Any) -> Any:
    """Whether each tie's two buildings are within the limit of a walk, for every draw.

    Of a building with itself it says nothing.
    """
    key = ("buildings within a walk", city)
    near = values.once(key, lambda: _near_buildings(city, values), of=WALK_NUMBERS)
    n = len(city.buildings)
    number = np.zeros((n, n), dtype=np.intp)
    pairs = np.triu_indices(n, 1)
    number[pairs] = np.arange(len(pairs[0]))
    return near[..., number[np.minimum(one, other), np.maximum(one, other)]]


def _near_buildings(city: City, values: Values) -> Any:
    """Whether two buildings are within the limit of a walk, for every draw and pair.

    The pairs are those of `np.triu_indices(n, 1)`.
    """
    centres = city.metres([building.position for building in city.buildings])
    east = centres[:, 0] + values["position_error_east"]
    north = centres[:, 1] + values["position_error_north"]
    one, other = np.triu_indices(len(city.buildings), 1)
    to_east = east[..., one] - east[..., other]
    to_north = north[..., one] - north[..., other]
    limit = values.beside_entities()["walk_limit"]
    return to_east**2 + to_north**2 <= limit**2
