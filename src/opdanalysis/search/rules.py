"""What a plan may not do when the best one is looked for: who stays, and where nobody moves in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError, did_you_mean

STAYING_KINDS = ("sekretariat", "kecamatan", "counter", "partner")
"""Kinds of agency that keep their place: the mayor's and the council's staff, whose seat is that
of whom they serve, kecamatan offices, and counters that sit with somebody else by agreement.
"""


@dataclass(frozen=True)
class Rules:
    """Agencies that stay, buildings that take nobody in, and pairs that may not share a building.

    An agency that may move goes to any open building; one that serves a kecamatan stays within it.
    """

    stay: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def with_more(
        self,
        stay: Collection[str],
        closed: Collection[str],
        apart: Collection[Sequence[str]],
    ) -> Rules:
        """These rules and more of them."""
        pairs = [(one, other) for one, other in apart]
        return Rules(
            _each_once(self.stay, stay), _each_once(self.closed, closed), (*self.apart, *pairs)
        )

    def allowed(self, city: City) -> NDArray[np.bool_]:
        """Where each agency may sit, `(n_agencies, n_buildings)`; today's place is always allowed.

        Raises UsageError when an agency or a building is not in the city.
        """
        _check(self.stay, city.agency_order, "agency")
        _check(self.closed, city.building_order, "building")
        _check([agency for pair in self.apart for agency in pair], city.agency_order, "agency")
        open_ones = np.array([building.id not in self.closed for building in city.buildings])
        kecamatan = np.array([building.kecamatan for building in city.buildings])
        allowed = np.zeros((len(city.agencies), len(city.buildings)), dtype=bool)
        for row, agency in enumerate(city.agencies):
            if agency.id not in self.stay:
                nearby = agency.kecamatan is None or kecamatan == agency.kecamatan
                allowed[row] = open_ones & nearby
        allowed[np.arange(len(city.agencies)), city.places(city.today)] = True
        return allowed

    def pairs(self, city: City) -> NDArray[np.intp]:
        """The pairs kept apart as places in the order of agencies, `(n_pairs, 2)`."""
        order = city.agency_order
        found = [(order[one], order[other]) for one, other in self.apart]
        return np.array(found, dtype=np.intp).reshape(-1, 2)


def usual_rules(
    city: City,
    stay: Collection[str] = (),
    closed: Collection[str] = (),
    apart: Collection[Sequence[str]] = (),
) -> Rules:
    """The rules of a city, and more of them.

    Kinds that keep their place stay. Nobody moves into a building that is only planned, into space
    of another owner, or into a monument: a building to which the city's fates give a rule of its
    own.
    """
    staying = [agency.id for agency in city.agencies if agency.kind in STAYING_KINDS]
    monuments = {rule.building for rule in city.fate_rules if rule.building}
    shut = [
        building.id
        for building in city.buildings
        if building.status == "planned" or building.tenure != "owned" or building.id in monuments
    ]
    return Rules(tuple(staying), tuple(shut)).with_more(stay, closed, apart)


def _each_once(some: Collection[str], more: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*some, *more]))


def _check(ids: Collection[str], known: Collection[str], word: str) -> None:
    for id in ids:
        if id not in known:
            raise UsageError(
                f"rules of the search: {word} '{id}' is not in the city. {did_you_mean(id, known)}"
            )
