"""Who waits in one line for which counters, under a placement.

Every agency with a counter step has counters of its own, and so has every unit of a group that
shares in one. Units of one group in one building serve in one line; other agencies keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.entities import Agency
from opdanalysis.city.placement import Placement
from opdanalysis.models.service_points import REGISTRY, kecamatan_shares, unit_buildings

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Counters:
    """The owners of counters in a city: agencies first, then the units of each group.

    The steps are the city's counter steps, in their order, of which `steps` are owned.
    `agencies` are the owners as places in the city's agencies; `of_agency` has the steps of each
    agency, `(n_steps, n_heads)`, `of_group` the steps that each group shares in, `(n_steps,
    n_groups)`. `share_column` is the place of a step's share at its group among the city's group
    steps, -1 where it has none. `registry` is one for owners whose work a mobile service may take
    over.
    """

    services: NDArray[np.intp]
    heads: tuple[str, ...]
    groups: tuple[str, ...]
    agencies: NDArray[np.intp]
    of_agency: Floats
    of_group: Floats
    share_column: NDArray[np.intp]
    group_of_unit: NDArray[np.intp]
    registry: Floats
    agency_of: NDArray[np.intp]
    firsts: NDArray[np.intp]
    kinds: tuple[str, ...]
    """Who serves together in one building: the group of a unit, or the agency."""

    @property
    def n_heads(self) -> int:
        """How many owners are agencies and not units of a group."""
        return len(self.heads)


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of a placement: `of_owner` has the line of each owner, `(n_owners,)`, and `hall`
    the building of each line, `(n_lines,)`. `residents` is the part of the residents of a
    kecamatan who come to each unit, `(n_kecamatan, n_units)`. `moved` marks lines with an owner
    who sits elsewhere than today. Placements with the same lines share one of these.
    """

    of_owner: NDArray[np.intp]
    hall: NDArray[np.intp]
    residents: Floats
    moved: NDArray[np.bool_]
    halls: tuple[NDArray[np.intp], ...]
    """For each building with more than one line, its lines."""

    @property
    def starts(self) -> Floats:
        """One where an owner works at a line, `(n_owners, n_lines)`."""
        return np.eye(len(self.hall))[self.of_owner]


@lru_cache(maxsize=4)
def counters_of(city: City) -> Counters:
    """The owners of counters, which no placement changes."""
    steps = city.counter_steps
    heads = tuple(dict.fromkeys(step.agency for step in steps))
    groups = tuple(dict.fromkeys(step.group for step in steps if step.group))
    units = [
        (number, unit.id) for number, group in enumerate(groups) for unit in city.members(group)
    ]
    owners = [*heads, *(id for _, id in units)]
    column = {step.id: place for place, step in enumerate(city.group_steps)}
    _, firsts, agency_of = np.unique(owners, return_index=True, return_inverse=True)
    return Counters(
        services=np.array([city.service_order[step.service] for step in steps], np.intp),
        heads=heads,
        groups=groups,
        agencies=np.array([city.agency_order[id] for id in owners], np.intp),
        of_agency=_matrix([[step.agency == head for head in heads] for step in steps], len(heads)),
        of_group=_matrix(
            [[step.group == group for group in groups] for step in steps], len(groups)
        ),
        share_column=np.array([column.get(step.id, -1) for step in steps], np.intp),
        group_of_unit=np.array([number for number, _ in units], np.intp),
        registry=np.array([REGISTRY in city.agency(id).fields for id in owners], float),
        agency_of=agency_of,
        firsts=firsts,
        kinds=tuple(_kind(city.agency(id), groups) for id in owners),
    )


def _kind(agency: Agency, groups: tuple[str, ...]) -> str:
    return agency.group if agency.group in groups else agency.id


def _matrix(rows: list[list[bool]], columns: int) -> Floats:
    return np.array(rows, dtype=float).reshape(len(rows), columns)


@lru_cache(maxsize=256)
def counter_lines(city: City, placement: Placement) -> Lines:
    """The lines at counters under a placement."""
    counters = counters_of(city)
    places = city.places(placement)[counters.agencies]
    order: dict[tuple[int, str], int] = {}
    of_owner = tuple(
        order.setdefault((int(place), kind), len(order))
        for place, kind in zip(places, counters.kinds, strict=True)
    )
    before = city.places(city.today)[counters.agencies]
    moved = np.zeros(len(order), dtype=bool)
    np.logical_or.at(moved, list(of_owner), places != before)
    residents = _residents(city, placement)
    return _interned(
        city,
        of_owner,
        tuple(place for place, _ in order),
        residents.tobytes(),
        residents.shape,
        moved.tobytes(),
    )


@lru_cache(maxsize=256)
def _interned(
    city: City,
    of_owner: tuple[int, ...],
    hall: tuple[int, ...],
    residents: bytes,
    shape: tuple[int, int],
    moved: bytes,
) -> Lines:
    """One object for the same lines, so that what is computed of them is found again."""
    halls = np.array(hall, np.intp)
    shared = [np.flatnonzero(halls == place) for place in dict.fromkeys(hall)]
    return Lines(
        of_owner=np.array(of_owner, np.intp),
        hall=halls,
        residents=np.frombuffer(residents).reshape(shape),
        moved=np.frombuffer(moved, dtype=bool),
        halls=tuple(lines for lines in shared if len(lines) > 1),
    )


def _residents(city: City, placement: Placement) -> Floats:
    """The part of each kecamatan's residents who come to each unit, `(n_kecamatan, n_units)`.

    Where units of one group share a building, each serves its own kecamatan, or an equal part.
    """
    columns = []
    shares = kecamatan_shares(city)
    for group in counters_of(city).groups:
        buildings = np.array(unit_buildings(city, placement, group))
        own = city.unit_of(group)
        units = city.members(group)
        seats = [city.building_order[placement[unit.id]] for unit in units]
        for unit, seat in zip(units, seats, strict=True):
            comes = np.array(
                [
                    float(own[kelurahan.kecamatan] == unit.id)
                    if kelurahan.kecamatan in own
                    else float(building == seat) / seats.count(seat)
                    for kelurahan, building in zip(city.kelurahan, buildings, strict=True)
                ]
            )
            columns.append(shares.T @ comes)
    return np.array(columns).reshape(len(columns), len(city.kecamatan)).T.copy()
