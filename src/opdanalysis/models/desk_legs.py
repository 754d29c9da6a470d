"""The way of a case through the agencies: for each step who sends it, and from how near.

Each service has two ways: the full one, and the one with delegated authority, on which steps that
may be delegated are done by the agency that has the case already, without hand-off or waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.entities import Service, Step
from opdanalysis.city.placement import Placement
from opdanalysis.models.coordination import ELSEWHERE, ONE_BUILDING, ONE_SITE
from opdanalysis.models.counter_lines import counter_lines, counters_of
from opdanalysis.models.travel import KM, way_metres

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

WAYS = ("full", "delegated")
"""All steps at their own agencies, or with delegated authority."""

NONE = -1
INSIDE = -1
"""Stands for the nearness of a case that stays within one agency."""


@dataclass(frozen=True)
class Leg:
    """One step on one way, with the hand-off before it; as data, without numbers that are drawn.

    `sender` and `onward` are agencies, `onward` that which collects the case after steps beside
    each other; None where there is no hand-off. `group_step` is the place of the share of cases
    that come from the units of a group, and then `of_units` says whether this leg is theirs.
    """

    service: int
    way: int
    step: Step
    agency: str
    sender: str | None
    onward: str | None = None
    opened: bool = False
    """Whether the paper lies until opened, and is signed when done."""
    route: int = NONE
    """Number of the group of steps beside each other that it belongs to."""
    group_step: int = NONE
    of_units: bool = False


@dataclass(frozen=True, eq=False)
class Legs:
    """All legs of a city under a placement, `(n_legs,)` each.

    `nearness` and `km` are those of sender and agency, INSIDE and 0 without a hand-off; `onward_*`
    those of the hand-off after it. `touch` is the place among the city's desk steps, NONE without
    work. `weight_column` is the place among group steps of the share of cases that take this leg
    (`of_units`) or do not, NONE where all do; `residents` `(n_kecamatan, n_legs)` is the part of
    the units' cases that take it. `place` numbers service and way, service by service.
    """

    legs: tuple[Leg, ...]
    place: Places
    nearness: Places
    km: Floats
    onward_nearness: Places
    onward_km: Floats
    opened: Flags
    touch: Places
    weight_column: Places
    of_units: Flags
    residents: Floats
    route: Places
    meetings: tuple[Meeting, ...]

    @cached_property
    def in_series(self) -> Flags:
        """Legs that follow each other."""
        return self.route == NONE

    @cached_property
    def step_starts(self) -> Places:
        """The first leg of each step on each way; the legs of a step are alternatives."""
        steps = [(leg.service, leg.way, leg.step.id) for leg in self.legs]
        return np.array([at for at, step in enumerate(steps) if not at or step != steps[at - 1]])


def with_nearness(city: City, legs: Legs, nearness: int) -> Legs:
    """The same legs with all agencies so near to each other.

    Apart they are as far as buildings in use are on average, together there is no way at all.
    """
    used = np.flatnonzero(city.occupied(city.today))
    ways = way_metres(city)[np.ix_(used, used)] / KM
    apart = float(ways[~np.eye(len(used), dtype=bool)].mean()) if len(used) > 1 else 0.0
    km = apart if nearness == ELSEWHERE else 0.0
    handed, onward = legs.nearness != INSIDE, legs.onward_nearness != INSIDE
    return replace(
        legs,
        nearness=np.where(handed, nearness, INSIDE),
        km=np.where(handed, km, 0.0),
        onward_nearness=np.where(onward, nearness, INSIDE),
        onward_km=np.where(onward, km, 0.0),
        meetings=tuple(replace(meeting, nearness=nearness) for meeting in legs.meetings),
    )


@dataclass(frozen=True)
class Meeting:
    """Steps beside each other: the service and way, the legs, and how far the farthest agency sits
    from the one that collects the case.
    """

    place: int
    legs: tuple[int, ...]
    nearness: int


@lru_cache(maxsize=256)
def legs_of(city: City, placement: Placement) -> Legs:
    """The legs of all services under a placement."""
    legs = _plain_legs(city)
    near = [_nearness(city, placement, leg) for leg in legs]
    onward = [_pair(city, placement, leg.agency, leg.onward) for leg in legs]
    return _interned(city, tuple(near), tuple(onward), _meetings(city, placement, legs))


Near = tuple[int, float, bytes | None]


@lru_cache(maxsize=256)
def _interned(
    city: City,
    near: tuple[Near, ...],
    onward: tuple[tuple[int, float], ...],
    meetings: tuple[Meeting, ...],
) -> Legs:
    """One object for the same nearness, so that what is computed of it is found again."""
    legs = _plain_legs(city)
    desk = {step.id: place for place, step in enumerate(city.desk_steps)}
    residents = [
        np.frombuffer(part) if part else np.zeros(len(city.kecamatan)) for _, _, part in near
    ]
    return Legs(
        legs=legs,
        place=np.array([leg.service * len(WAYS) + leg.way for leg in legs], np.intp),
        nearness=np.array([found for found, _, _ in near], np.intp),
        km=np.array([km for _, km, _ in near], float),
        onward_nearness=np.array([found for found, _ in onward], np.intp),
        onward_km=np.array([km for _, km in onward], float),
        opened=np.array([leg.opened for leg in legs], bool),
        touch=np.array([desk.get(leg.step.id, NONE) for leg in legs], np.intp),
        weight_column=np.array([leg.group_step for leg in legs], np.intp),
        of_units=np.array([leg.of_units for leg in legs], bool),
        residents=np.array(residents, float).reshape(len(legs), len(city.kecamatan)).T,
        route=np.array([leg.route for leg in legs], np.intp),
        meetings=meetings,
    )


@lru_cache(maxsize=4)
def _plain_legs(city: City) -> tuple[Leg, ...]:
    """The legs of all services, whatever the placement.

    Where a case may come from the units of a group there are legs from the agency's own counter and
    from units elsewhere in the city, on one site and in one building.
    """
    legs: list[Leg] = []
    for number, service in enumerate(city.services):
        for way in range(len(WAYS)):
            legs += _legs_of_service(city, number, service, way, len(legs))
    return tuple(legs)


def _legs_of_service(city: City, number: int, service: Service, way: int, first: int) -> list[Leg]:
    """The legs on one way, in order; `first` makes the numbers of groups of steps unlike others."""
    legs: list[Leg] = []
    columns = {step.id: place for place, step in enumerate(city.group_steps)}
    holder: str | None = None
    came_to: Step | None = None
    stages = service.stages
    for at, stage in enumerate(stages):
        delegated = [step for step in stage if way and step.may_be_delegated]
        legs += [Leg(number, way, step, holder or step.agency, None) for step in delegated]
        kept = [step for step in stage if step not in delegated]
        receiver = _next_holder(stages[at + 1 :], way)
        beside = len(kept) > 1
        for step in kept:
            leg = Leg(
                number,
                way,
                step,
                step.agency,
                sender=holder if holder != step.agency else None,
                onward=receiver if beside and receiver != step.agency else None,
                opened=not step.citizen_present,
                route=first + len(legs) - kept.index(step) if beside else NONE,
            )
            legs += _from_units(leg, came_to, columns) if came_to and not beside else [leg]
        if kept:
            collected = beside and receiver is not None
            holder = receiver if collected else kept[0].agency
            came_to = kept[0] if kept[0].group and kept[0].citizen_present else None
    return legs


def _next_holder(stages: Sequence[Sequence[Step]], way: int) -> str | None:
    """The agency that has the case next, None where it ends."""
    for stage in stages:
        for step in stage:
            if not (way and step.may_be_delegated):
                return step.agency
    return None


def _from_units(leg: Leg, came_to: Step, columns: dict[str, int]) -> list[Leg]:
    """The leg after a counter that units share in: from the agency, and from its units."""
    column = columns[came_to.id]
    own = Leg(**{**leg.__dict__, "group_step": column})
    group = came_to.group or ""
    return [
        own,
        *(
            Leg(
                **{**leg.__dict__, "group_step": column, "of_units": True, "sender": f"{group}/{n}"}
            )
            for n in (ELSEWHERE, ONE_SITE, ONE_BUILDING)
        ),
    ]


def _nearness(city: City, placement: Placement, leg: Leg) -> Near:
    """Nearness of the sender, the way [km], and for units the part of cases in each kecamatan."""
    if not leg.of_units:
        return (*_pair(city, placement, leg.agency, leg.sender), None)
    group, tier = (leg.sender or "/").rsplit("/", 1)
    counters = counters_of(city)
    units = np.flatnonzero(counters.group_of_unit == counters.groups.index(group))
    parts = counter_lines(city, placement).residents[:, units]
    pairs = [_pair(city, placement, leg.agency, unit.id) for unit in city.members(group)]
    here = np.array([near == int(tier) for near, _ in pairs])
    part = np.ascontiguousarray(parts[:, here].sum(axis=1))
    ways = np.array([km for _, km in pairs])[here]
    km = float(ways.mean()) if len(ways) else 0.0
    return int(tier), km, part.tobytes()


def _pair(city: City, placement: Placement, one: str, other: str | None) -> tuple[int, float]:
    """How near two agencies sit, and the straight way between them, by a bridge [km]."""
    if other is None:
        return INSIDE, 0.0
    places = city.places(placement)
    here, there = places[city.agency_order[one]], places[city.agency_order[other]]
    km = float(way_metres(city)[here, there] / KM)
    if here == there:
        return ONE_BUILDING, km
    return (ONE_SITE if city.sites[here] == city.sites[there] else ELSEWHERE), km


def _meetings(city: City, placement: Placement, legs: tuple[Leg, ...]) -> tuple[Meeting, ...]:
    """The groups of steps beside each other, in which a meeting may be needed."""
    found = []
    for route in dict.fromkeys(leg.route for leg in legs if leg.route != NONE):
        members = tuple(place for place, leg in enumerate(legs) if leg.route == route)
        one = legs[members[0]]
        chair = next(filter(None, (legs[m].onward for m in members)), one.agency)
        near = [
            _pair(city, placement, chair, legs[m].agency)[0] for m in members
            if legs[m].agency != chair
        ]  # fmt: skip
        place = one.service * len(WAYS) + one.way
        found.append(Meeting(place, members, min(near, default=ONE_BUILDING)))
    return tuple(found)
