"""How far it is by road between buildings and from homes, with the river crossed by a bridge."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.methods.disc_distance import disc_distance
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]
KM = 1000.0
"""Metres in a kilometre."""


def road_km(city: City, values: Values, one: NDArray[np.intp], other: NDArray[np.intp]) -> Any:
    """Road between pairs of buildings [km], `(n_draws, n_pairs)` or `(n_pairs,)`.

    The straight line, or over the best bridge where the banks differ, times the detour factor.
    """
    straight = way_metres(city)[one, other] / KM
    return straight * values.beside_entities()["road_detour_factor"]


@lru_cache(maxsize=4)
def way_metres(city: City) -> Floats:
    """Straight line between buildings, over the best bridge across the river [m], square."""
    places = city.metres([building.position for building in city.buildings])
    return _ways_to_buildings(city, places, np.zeros(len(places)))


@lru_cache(maxsize=4)
def home_metres(city: City) -> Floats:
    """Straight line from the homes of a kelurahan to a building, over the best bridge across the
    river [m], `(n_kelurahan, n_buildings)`.

    Homes are spread evenly over a disc of the kelurahan's area around its centre, which also says
    on which bank they are.
    """
    places = city.metres([kelurahan.position for kelurahan in city.kelurahan])
    return _ways_to_buildings(city, places, _radii(city))


def own_kelurahan_metres(city: City) -> Floats:
    """Straight line from homes to the centre of their own kelurahan [m], `(n_kelurahan,)`."""
    radii = _radii(city)
    return disc_distance(np.zeros(len(radii)), radii)


def _radii(city: City) -> Floats:
    """Radius of a disc with the area of each kelurahan [m], `(n_kelurahan,)`."""
    areas = np.array([kelurahan.area_km2 for kelurahan in city.kelurahan])
    return np.asarray(np.sqrt(areas / np.pi) * KM)


def _ways_to_buildings(city: City, starts: Floats, radii: Floats) -> Floats:
    """Mean way to every building from discs around the starts [m], `(n_starts, n_buildings)`."""
    places = city.metres([building.position for building in city.buildings])
    ways = disc_distance(_lengths(starts, places), radii[:, None])
    if not city.river or not city.bridges:
        return ways
    bridges = city.metres([bridge.position for bridge in city.bridges])
    to_bridge = disc_distance(_lengths(starts, bridges), radii[:, None])
    over = (to_bridge[:, None, :] + _lengths(places, bridges)[None, :, :]).min(axis=2)
    here, there = river_bank(city, starts), river_bank(city, places)
    return np.where(here[:, None] == there[None, :], ways, over)


def river_bank(city: City, places: Floats) -> NDArray[np.bool_]:
    """Whether each place lies to the left of the river, seen along its points, `(n_places,)`.

    The nearest stretch decides; the first and the last are taken as going on straight.
    """
    river = city.metres(city.river)
    starts, ways = river[:-1], np.diff(river, axis=0)
    offsets = places[:, None, :] - starts[None, :, :]
    along = (offsets * ways).sum(axis=2) / (ways**2).sum(axis=1)
    inner = np.clip(along, 0, 1)
    inner[:, 0] = np.minimum(along[:, 0], 1)
    inner[:, -1] = np.maximum(inner[:, -1], np.maximum(along[:, -1], 0))
    gaps = offsets - inner[:, :, None] * ways
    nearest = (gaps**2).sum(axis=2).argmin(axis=1)
    way, offset = ways[nearest], offsets[np.arange(len(places)), nearest]
    return way[:, 0] * offset[:, 1] - way[:, 1] * offset[:, 0] > 0


def _lengths(one: Floats, other: Floats) -> Floats:
    gaps = one[:, None, :] - other[None, :, :]
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]))
