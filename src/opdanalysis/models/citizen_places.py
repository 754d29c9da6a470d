"""How far citizens live from the counters of agencies and groups, and counters from each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.counter_lines import counters_of
from opdanalysis.models.service_points import REGISTRY, kecamatan_shares, unit_buildings
from opdanalysis.models.travel import KM, home_metres, own_kelurahan_metres, way_metres
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]

MALL = "serviced"
"""The tenure of space in a mall."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where citizens come to, agencies with counters first and then groups, `(n_places,)`.

    `km` and `serves` are sums over each kecamatan of its residents' parts: the way [km] and whether
    they come there, `(n_kecamatan, n_places)`; `own_km` is the way to a post in the own kelurahan.
    `registry` is one where a mobile service may come instead. `between_km` is the way from one
    place to another and `near` how often they share a site [1], both square and means over the
    kelurahan. `mall` is like `serves`, of those who come to a mall.
    """

    km: Floats
    serves: Floats
    own_km: Floats
    registry: Floats
    between_km: Floats
    near: Floats
    mall: Floats


def ways_home(city: City, placement: Placement, values: Values) -> Any:
    """Mean way from home to each place, one way and without the detour [km], `(..., n_places)`."""
    places, people = places_of(city, placement), values["population"]
    km = people @ places.km
    mobile = values.beside_entities()["mobile_service_share"] * places.registry
    own = people @ places.own_km
    return (km + mobile * (own - km)) / (people @ places.serves)


@lru_cache(maxsize=256)
def places_of(city: City, placement: Placement) -> Places:
    """The places of counters under a placement."""
    counters = counters_of(city)
    n = len(city.kelurahan)
    columns = []
    for id in counters.heads:
        agency = city.agency(id)
        serves = [agency.kecamatan in (None, k.kecamatan) for k in city.kelurahan]
        building = city.building_order[placement[id]]
        columns.append(([building] * n, serves, REGISTRY in agency.fields))
    for group in counters.groups:
        buildings = list(unit_buildings(city, placement, group))
        registry = any(REGISTRY in unit.fields for unit in city.members(group))
        columns.append((buildings, [True] * n, registry))
    shares, homes = kecamatan_shares(city).T, home_metres(city) / KM
    rows, own = np.arange(n), own_kelurahan_metres(city) / KM
    served = np.array([serves for _, serves, _ in columns], float).T
    km = np.array([homes[rows, buildings] for buildings, _, _ in columns]).T
    malls = city.tenures == MALL
    in_mall = np.array([malls[buildings] for buildings, _, _ in columns], float).T
    between, near = _between(city, [buildings for buildings, _, _ in columns])
    return Places(
        km=shares @ (km * served),
        serves=shares @ served,
        own_km=shares @ (own[:, None] * served),
        registry=np.array([registry for _, _, registry in columns], float),
        between_km=between,
        near=near,
        mall=shares @ (in_mall * served),
    )


def _between(city: City, buildings: list[list[int]]) -> tuple[Floats, Floats]:
    """Ways between places [km], and whether they share a site, as means over the kelurahan."""
    seats = np.array(buildings).reshape(len(buildings), -1)
    ways = way_metres(city)[seats[:, None, :], seats[None, :, :]] / KM
    sites = city.sites[seats]
    return ways.mean(axis=2), (sites[:, None, :] == sites[None, :, :]).mean(axis=2)
