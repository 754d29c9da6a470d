"""How far it is between buildings by road, with the river crossed by a bridge."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
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
    ways = _lengths(places, places)
    if not city.river or not city.bridges:
        return ways
    bridges = city.metres([bridge.position for bridge in city.bridges])
    to_bridge = _lengths(places, bridges)
    over = (to_bridge[:, None, :] + to_bridge[None, :, :]).min(axis=2)
    banks = river_bank(city, places)
    return np.where(banks[:, None] == banks[None, :], ways, over)


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
