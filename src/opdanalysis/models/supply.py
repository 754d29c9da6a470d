"""What a building is known to have: stalls, rooms, toilets, power, bandwidth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse


def known_supply(use: BuildingUse, item: str, places: NDArray[np.intp]) -> Array:
    """How much of an item the buildings at `places` have, in the item's unit; NaN where unknown."""
    known = use.city.known_supplies(item)
    if not len(known):
        return np.full(len(places), np.nan)
    amount = use.v[f"supply_{item}"]
    everywhere = np.full((*amount.shape[:-1], len(use.city.buildings)), np.nan)
    everywhere[..., known] = amount
    return everywhere[..., places]
