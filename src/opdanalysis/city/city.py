"""A city as it is: its agencies and buildings in a fixed order, and today's placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.counter_wait import CounterWait
from opdanalysis.city.entities import (
    Agency,
    Bridge,
    Building,
    Journey,
    Kecamatan,
    Kelurahan,
    Position,
    Service,
    Step,
    Supply,
    Tie,
)
from opdanalysis.city.fate_rules import DEFAULT_RULES, FateRule, first_fitting
from opdanalysis.city.placement import Placement

KECAMATAN_OFFICE = "kecamatan"
"""The kind of agency that is the office of a kecamatan."""

METRES_PER_DEGREE = 111_195.0
"""Length of one degree of latitude on a sphere of 6,371 km radius."""


@dataclass(frozen=True, eq=False)
class City:
    """What is known of a city. The order of its tuples is the order of every array."""

    id: str
    name: str
    name_en: str
    as_of: str
    centre: Position
    synthetic: bool
    kecamatan: tuple[Kecamatan, ...]
    kelurahan: tuple[Kelurahan, ...]
    agencies: tuple[Agency, ...]
    buildings: tuple[Building, ...]
    services: tuple[Service, ...]
    ties: tuple[Tie, ...]
    today: Placement
    counter_wait: CounterWait
    river: tuple[Position, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    journeys: tuple[Journey, ...] = ()
    fate_rules: tuple[FateRule, ...] = DEFAULT_RULES
    supplies: tuple[Supply, ...] = ()
    description: Mapping[str, str] = field(default_factory=dict)

    def name_in(self, lang: str) -> str:
        """The city's name in Indonesian ("id") or English ("en")."""
        return self.name_en if lang == "en" else self.name

    @cached_property
    def agency_order(self) -> dict[str, int]:
        """Agency id to its place in every array of agencies."""
        return {agency.id: place for place, agency in enumerate(self.agencies)}

    @cached_property
    def building_order(self) -> dict[str, int]:
        """Building id to its place in every array of buildings."""
        return {building.id: place for place, building in enumerate(self.buildings)}

    def agency(self, id: str) -> Agency:
        """The agency of that id."""
        return self.agencies[self.agency_order[id]]

    def building(self, id: str) -> Building:
        """The building of that id."""
        return self.buildings[self.building_order[id]]

    @cached_property
    def kecamatan_office(self) -> dict[str, str]:
        """Kecamatan id to the agency that is its office."""
        return {
            agency.kecamatan: agency.id
            for agency in self.agencies
            if agency.kind == KECAMATAN_OFFICE and agency.kecamatan is not None
        }

    def members(self, group: str) -> tuple[Agency, ...]:
        """The agencies of a group, such as the UPTD Bapenda of every kecamatan."""
        return tuple(agency for agency in self.agencies if agency.group == group)

    def unit_of(self, group: str) -> dict[str, str]:
        """Kecamatan id to the unit of a group that serves it, where there is one."""
        return {unit.kecamatan: unit.id for unit in self.members(group) if unit.kecamatan}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, sorted."""
        return tuple(sorted({agency.group for agency in self.agencies if agency.group}))

    def places(self, placement: Placement) -> NDArray[np.intp]:
        """For each agency the index of its building, `(n_agencies,)`."""
        if placement not in self._places:
            found = [self.building_order[placement[agency.id]] for agency in self.agencies]
            self._places[placement] = np.array(found, dtype=np.intp)
            self._places[placement].setflags(write=False)
        return self._places[placement]

    @cached_property
    def _places(self) -> dict[Placement, NDArray[np.intp]]:
        return {}

    def seats(self, placement: Placement) -> NDArray[np.float64]:
        """One where an agency sits in a building, `(n_agencies, n_buildings)`."""
        if placement not in self._seats:
            seats = np.zeros((len(self.agencies), len(self.buildings)))
            seats[np.arange(len(self.agencies)), self.places(placement)] = 1.0
            seats.setflags(write=False)
            self._seats[placement] = seats
        return self._seats[placement]

    @cached_property
    def _seats(self) -> dict[Placement, NDArray[np.float64]]:
        return {}

    def by_building(self, per_agency: Any, placement: Placement) -> Any:
        """Sums over the agencies in each building, of `(n_draws, n_agencies)` or `(n_agencies,)`.

        Arrays are added group by group, which is many times quicker than the matrix product that
        floats with units and other kinds of numbers go through.
        """
        if type(per_agency) is not np.ndarray or per_agency.ndim == 1:
            return per_agency @ self.seats(placement)
        order, starts, used = self._seating(placement)
        sums = np.zeros((len(per_agency), len(self.buildings)))
        sums[:, used] = np.add.reduceat(per_agency[:, order], starts, axis=1)
        return sums

    def _seating(self, placement: Placement) -> tuple[NDArray[np.intp], ...]:
        """The agencies in the order of their buildings, where each begins, and which are used."""
        if placement not in self._seatings:
            places = self.places(placement)
            order = np.argsort(places, kind="stable")
            used, starts = np.unique(places[order], return_index=True)
            self._seatings[placement] = order, starts, used
        return self._seatings[placement]

    @cached_property
    def _seatings(self) -> dict[Placement, tuple[NDArray[np.intp], ...]]:
        return {}

    def occupied(self, placement: Placement) -> NDArray[np.bool_]:
        """Whether each building has a tenant, `(n_buildings,)`."""
        return np.asarray(self.seats(placement).any(axis=0))

    def receiving(self, placement: Placement) -> NDArray[np.intp]:
        """The buildings that somebody moves into, as places in the order of buildings."""
        return self._shift(placement)[0]

    def touched(self, placement: Placement) -> NDArray[np.intp]:
        """The buildings on every site where somebody comes or goes, as places in their order."""
        return self._shift(placement)[1]

    def _shift(self, placement: Placement) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        if placement not in self._shifts:
            before, after = self.places(self.today), self.places(placement)
            moved = before != after
            sites = self.sites[np.concatenate([before[moved], after[moved]])]
            touched = np.flatnonzero(np.isin(self.sites, sites))
            self._shifts[placement] = np.unique(after[moved]), touched
        return self._shifts[placement]

    @cached_property
    def _shifts(self) -> dict[Placement, tuple[NDArray[np.intp], NDArray[np.intp]]]:
        return {}

    def known_supplies(self, item: str) -> NDArray[np.intp]:
        """The buildings whose supply of an item is known, in the order of `supply_<item>`."""
        found = [self.building_order[s.building] for s in self.supplies if s.item == item]
        return np.array(found, dtype=np.intp)

    @cached_property
    def floors(self) -> NDArray[np.float64]:
        """Floors of each building, `(n_buildings,)`."""
        return np.array([float(building.floors) for building in self.buildings])

    @cached_property
    def tenures(self) -> NDArray[np.str_]:
        """How each building is held: owned, rented or serviced (space in a mall)."""
        return np.array([building.tenure for building in self.buildings])

    @cached_property
    def sites(self) -> NDArray[np.intp]:
        """The site of each building as a number, `(n_buildings,)`."""
        return np.unique([building.site for building in self.buildings], return_inverse=True)[1]

    @cached_property
    def building_kecamatan(self) -> NDArray[np.intp]:
        """The place of each building's kecamatan in arrays of kecamatan, `(n_buildings,)`."""
        order = {kecamatan.id: place for place, kecamatan in enumerate(self.kecamatan)}
        return np.array([order[b.kecamatan] for b in self.buildings], dtype=np.intp)

    @cached_property
    def service_order(self) -> dict[str, int]:
        """Service id to its place in every array of services."""
        return {service.id: place for place, service in enumerate(self.services)}

    def service(self, id: str) -> Service:
        """The service of that id."""
        return self.services[self.service_order[id]]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all services, service by service."""
        return tuple(step for service in self.services for step in service.steps)

    @cached_property
    def counter_steps(self) -> tuple[Step, ...]:
        """The steps whose minutes at a counter are known: the order of `counter_minutes`."""
        return tuple(step for step in self.steps if step.counter_minutes)

    @cached_property
    def desk_steps(self) -> tuple[Step, ...]:
        """The steps whose hours at a desk are known: the order of `touch_hours`."""
        return tuple(step for step in self.steps if step.touch_hours)

    @cached_property
    def group_steps(self) -> tuple[Step, ...]:
        """The steps that the units of a group share in: the order of `share_at_group`."""
        return tuple(step for step in self.steps if step.share_at_group)

    @cached_property
    def has_neighbours(self) -> NDArray[np.bool_]:
        """Whether each building shares its site with others, `(n_buildings,)`."""
        return np.bincount(self.sites)[self.sites] > 1

    @cached_property
    def visit_steps(self) -> NDArray[np.float64]:
        """Visits that a case of each service needs, `(n_services, n_agencies)`."""
        steps = np.zeros((len(self.services), len(self.agencies)))
        for row, service in enumerate(self.services):
            for step in service.steps:
                steps[row, self.agency_order[step.agency]] += step.citizen_present
        return steps

    def fate_rule(self, building: str, placement: Placement) -> FateRule:
        """The rule that decides on a building which has no tenant under the placement."""
        left = self.building(building)
        neighbours = (b.id for b in self.buildings if b.site == left.site and b.id != left.id)
        in_use = not placement.occupied.isdisjoint(neighbours)
        return first_fitting(self.fate_rules, left, in_use)

    def metres(self, positions: Sequence[Position]) -> NDArray[np.float64]:
        """East and north of the city's centre [m], `(n, 2)`, on a local flat map."""
        shrink = np.cos(np.radians(self.centre.lat))
        return np.array(
            [
                (
                    (p.lon - self.centre.lon) * METRES_PER_DEGREE * shrink,
                    (p.lat - self.centre.lat) * METRES_PER_DEGREE,
                )
                for p in positions
            ]
        ).reshape(-1, 2)

    def _repr_html_(self) -> str:
        counts = {
            "agencies": len(self.agencies),
            "buildings": len(self.buildings),
            "kecamatan": len(self.kecamatan),
            "kelurahan": len(self.kelurahan),
            "services": len(self.services),
            "journeys": len(self.journeys),
            "ties": len(self.ties),
        }
        head = "".join(f"<th>{word}</th>" for word in counts)
        row = "".join(f"<td>{count:,}</td>" for count in counts.values())
        invented = " This city is invented." if self.synthetic else ""
        return (
            f"<p><b>{self.name}</b> ({self.name_en}) as of {self.as_of}: "
            f"{len(self.agencies)} agencies in {len(self.today.occupied)} buildings.{invented}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"
        )
