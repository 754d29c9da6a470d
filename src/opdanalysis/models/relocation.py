"""Who moves under a plan, which buildings are left, and which must first be built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Wave:
    """Movers who go at the same time: `after` years, or None where the date is not known.

    `waits` says that they go into a building which must first be built.
    """

    movers: Places
    after: float | None
    waits: bool


@dataclass(frozen=True, eq=False)
class Relocation:
    """The plan's part of the world, as places in the arrays of agencies and of buildings.

    `movers` sit elsewhere than today, `refitted` of them in a building that stands already;
    `public` is how many of the movers serve citizens. `vacated` are the buildings left, each with
    its fate and whether the city owns it; `built` those that the city must build.
    """

    movers: Places
    refitted: Places
    public: int
    waves: tuple[Wave, ...]
    vacated: Places
    fates: NDArray[np.str_]
    owned: NDArray[np.bool_]
    built: Places


@lru_cache(maxsize=256)
def relocation(city: City, situation: Situation) -> Relocation:
    """What moves, is left and is built in a situation, against today."""
    later = situation.placement
    to = city.places(later)
    movers = np.flatnonzero(city.places(city.today) != to)
    left = city.today.vacated(later)
    vacated = np.array([city.building_order[id] for id in left], dtype=np.intp)
    planned = np.array([b.status == "planned" for b in city.buildings])
    owned = city.tenures == "owned"
    built = planned & owned & city.occupied(later) & ~city.occupied(city.today)
    waits = built[to]
    return Relocation(
        movers=movers,
        refitted=movers[~waits[movers]],
        public=sum(city.agencies[place].public_facing for place in movers),
        waves=_waves(city, situation, movers, waits),
        vacated=vacated,
        fates=np.array([situation.fates.get(id, "kept") for id in left], dtype=str),
        owned=owned[vacated],
        built=np.flatnonzero(built),
    )


def _waves(
    city: City, situation: Situation, movers: Places, waits: NDArray[np.bool_]
) -> tuple[Wave, ...]:
    """The movers by date and by whether they wait for a building."""
    found: dict[tuple[float | None, bool], list[int]] = {}
    for place in movers:
        after = situation.moves_after.get(city.agencies[place].id)
        found.setdefault((after, bool(waits[place])), []).append(int(place))
    return tuple(
        Wave(np.array(places, dtype=np.intp), after, wait)
        for (after, wait), places in found.items()
    )
