"""How much of the yearly contact between agencies happens close by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.coordination import moved_ties
from opdanalysis.models.ties import CONTACT_NUMBERS, ties_of, yearly_contacts
from opdanalysis.parameters.values import Values

Places = NDArray[np.intp]

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
    total = contacts.sum(axis=-1)
    everyone = np.arange(len(ties))
    close = values.once(
        ("contacts close by today", city),
        lambda: _close_by(city, city.today, contacts, everyone, values),
        of=CONTACT_NUMBERS + WALK_NUMBERS,
    )
    moved = moved_ties(city, placement)
    if len(moved):
        of_moved = contacts[..., moved]
        before, after = (
            _close_by(city, sits, of_moved, moved, values) for sits in (city.today, placement)
        )
        close = {circle: close[circle] - before[circle] + after[circle] for circle in close}
    # The sums of before and after may differ from each other in their last digits.
    return {circle: np.maximum(number, 0.0) / total for circle, number in close.items()}


def _close_by(
    city: City, placement: Placement, contacts: Any, which: Places, values: Values
) -> dict[str, Any]:
    """Contacts of some ties under one roof, on one site, and within a walk [contact/year]."""
    ties = ties_of(city)
    places = city.places(placement)
    one, other = places[ties.sender[which]], places[ties.receiver[which]]
    one_roof = one == other
    one_site = city.sites[one] == city.sites[other]
    near = _within_a_walk(city, values, one, other) | one_site
    return {
        "one_roof": contacts @ one_roof.astype(float),
        "one_site": contacts @ one_site.astype(float),
        "walk": np.einsum("...t,...t->...", contacts, near),
    }


def _within_a_walk(city: City, values: Values, one: Places, other: Places) -> Any:
    """Whether each tie's two buildings are within the limit of a walk, for every draw."""
    centres = city.metres([building.position for building in city.buildings])
    east = centres[:, 0] + values["position_error_east"]
    north = centres[:, 1] + values["position_error_north"]
    pairs, of_tie = np.unique(one * len(city.buildings) + other, return_inverse=True)
    here, there = np.divmod(pairs, len(city.buildings))
    to_east = east[..., here] - east[..., there]
    to_north = north[..., here] - north[..., there]
    limit = values.beside_entities()["walk_limit"]
    return (to_east**2 + to_north**2 <= limit**2)[..., of_tie]
