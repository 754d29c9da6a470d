"""A reader's own plan: a plan of the city with agencies moved by hand and other levers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.plans.plan import KECAMATAN_OFFICE, Cluster, Move, Plan

OWN = "own"
"""The id of the plan, and of the cluster that holds the moves made by hand."""

OWN_NAME: Mapping[str, str] = {"id": "Rencana saya", "en": "My plan"}
OWN_MOVES: Mapping[str, str] = {"id": "Pindahan sendiri", "en": "Own moves"}


@dataclass(frozen=True)
class OwnPlan:
    """A plan to start from, and what was changed: buildings by agency, and levers by name."""

    base: Plan
    places: Mapping[str, str] = field(default_factory=dict)
    levers: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("places", "levers"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def changed(self) -> bool:
        """Whether anything is other than in the plan that it started from."""
        return bool(self.places or self.levers)

    def moved(self, city: City, agencies: tuple[str, ...], to: str) -> OwnPlan:
        """The plan with some agencies in one building, or each in the office of its kecamatan.

        Raises UsageError for an agency or a building that the city does not have, and for an agency
        without a kecamatan that is sent to the office of its own.
        """
        known = [*city.building_order, KECAMATAN_OFFICE]
        if to not in known:
            raise UsageError(f"building '{to}' is not in the city. {did_you_mean(to, known)}")
        before, now = self.base.place(city), self.place(city)
        places = dict(self.places)
        for agency in agencies:
            if agency not in city.agency_order:
                fix = did_you_mean(agency, city.agency_order)
                raise UsageError(f"agency '{agency}' is not in the city. {fix}")
            places[agency] = to
            if to == KECAMATAN_OFFICE:
                places[agency] = now[city.kecamatan_office[_kecamatan(city, agency)]]
            if places[agency] == before[agency]:
                del places[agency]
        return replace(self, places=places)

    def with_lever(self, lever: str, value: float | None) -> OwnPlan:
        """The plan with a lever set, or as the plan that it started from has it (None)."""
        others = {name: number for name, number in self.levers.items() if name != lever}
        if value is None or self.base.levers.get(lever) == value:
            return replace(self, levers=others)
        return replace(self, levers={**others, lever: value})

    def place(self, city: City) -> Placement:
        """Who sits where."""
        return self.base.place(city).moved(self.places)

    def plan(self, city: City, id: str = OWN, name: Mapping[str, str] = OWN_NAME) -> Plan:
        """The plan itself; where nothing was changed it moves everyone as the one it started from.

        Moves of the base keep their cluster and its date, agency by agency; those made by hand are
        a cluster of their own. Fates of buildings that are not left are dropped.
        """
        before, after = self.base.place(city), self.place(city)
        moved = set(city.today.movers(after))
        by_hand = [a for a in city.agency_order if a in moved and after[a] != before[a]]
        clusters = []
        for cluster in self.base.clusters:
            own = [a for a in _named(cluster, city) if a in moved and after[a] == before[a]]
            if own:
                clusters.append(replace(cluster, moves=_moves(own, after)))
        if by_hand:
            free = OWN if OWN not in {c.id for c in clusters} else f"{OWN}-{len(clusters) + 1}"
            clusters.append(Cluster(free, OWN_MOVES, _moves(by_hand, after)))
        left = city.today.vacated(after)
        return Plan(
            id=id,
            name=name,
            status="rival",
            date=self.base.date or city.as_of,
            clusters=tuple(clusters),
            levers={**self.base.levers, **self.levers},
            fates={b: fate for b, fate in self.base.fates.items() if b in left},
        )


def plan_id(name: str) -> str:
    """The id of a plan by that name: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or OWN


def _kecamatan(city: City, agency: str) -> str:
    kecamatan = city.agency(agency).kecamatan
    if kecamatan is None or kecamatan not in city.kecamatan_office:
        raise UsageError(
            f"agency '{agency}' has no kecamatan of its own, so no office of one can take it. "
            "Choose a building."
        )
    return kecamatan


def _named(cluster: Cluster, city: City) -> list[str]:
    """The agencies that a cluster speaks of, in the order of the city."""
    named: set[str] = set()
    for move in cluster.moves:
        named.update(move.agencies)
        for group in move.groups:
            named.update(
                unit.id
                for unit in city.members(group)
                if not move.kecamatan or unit.kecamatan in move.kecamatan
            )
    return [agency for agency in city.agency_order if agency in named]


def _moves(agencies: list[str], placement: Placement) -> tuple[Move, ...]:
    """One move for each building that they go to."""
    buildings = dict.fromkeys(placement[agency] for agency in agencies)
    return tuple(
        Move(to=building, agencies=tuple(a for a in agencies if placement[a] == building))
        for building in buildings
    )
