"""Who is in contact with whom in a year, in four layers.

Layer `handoff` follows from the steps of the services; oversight, field and territory are the
ties of the city's table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.parameters.values import Values

HANDOFF = "handoff"
LAYERS = (HANDOFF, "oversight", "field", "territory")
"""The four layers of the network."""

CONTACT_NUMBERS = (
    "cases_per_year",
    "dispatches_per_year",
    "clarification_share",
    "contacts_per_year",
)
"""The numbers that the yearly contacts are made of."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Directed ties: sender and receiver as places in the city's agencies, `(n_ties,)` each."""

    sender: NDArray[np.intp]
    receiver: NDArray[np.intp]
    layer: NDArray[np.str_]
    informal: NDArray[np.bool_]
    cases: NDArray[np.float64]
    """Hand-offs that a case of each service makes on each hand-off tie, `(n_services, n_hand)`."""

    def __len__(self) -> int:
        return len(self.sender)


@lru_cache(maxsize=4)
def ties_of(city: City) -> Ties:
    """The ties of a city: those of its table, then one for each pair that hands cases on."""
    pairs: dict[tuple[int, int], NDArray[np.float64]] = {}
    for row, service in enumerate(city.services):
        for one, other in service.hand_offs:
            pair = city.agency_order[one], city.agency_order[other]
            pairs.setdefault(pair, np.zeros(len(city.services)))[row] += 1
    listed = city.ties
    order = city.agency_order
    return Ties(
        sender=np.array([order[t.from_agency] for t in listed] + [a for a, _ in pairs], np.intp),
        receiver=np.array([order[t.to_agency] for t in listed] + [b for _, b in pairs], np.intp),
        layer=np.array([t.layer for t in listed] + [HANDOFF] * len(pairs)),
        informal=np.array([t.nature == "informal" for t in listed] + [False] * len(pairs), bool),
        cases=np.array(list(pairs.values())).reshape(len(pairs), len(city.services)).T,
    )


def yearly_contacts(ties: Ties, values: Values) -> Any:
    """Contacts of every tie [contact/year], `(n_draws, n_ties)` or `(n_ties,)`.

    Cases that are handed on travel together, at most once a day of dispatch, and some need a
    contact of their own to be cleared up.
    """
    key = ("yearly contacts", ties)
    return values.once(key, lambda: _yearly_contacts(ties, values), of=CONTACT_NUMBERS)


def _yearly_contacts(ties: Ties, values: Values) -> Any:
    v = values.beside_entities()
    cases = v["cases_per_year"] @ ties.cases
    handed = np.minimum(cases, v["dispatches_per_year"]) + v["clarification_share"] * cases
    return np.concatenate([v["contacts_per_year"], handed], axis=-1)
