"""The things of a city: kecamatan, kelurahan, agencies, buildings, services, journeys, ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from opdanalysis.city.estimate import Estimate


@dataclass(frozen=True)
class Position:
    """A point on the map and the radius [m] that holds the true place with 95%."""

    lat: float
    lon: float
    error_m: float = 0.0


@dataclass(frozen=True)
class Kecamatan:
    """A subdistrict of the city."""

    id: str
    name: str
    position: Position
    area_km2: float
    population: Estimate
    land_value_rp_m2: Estimate


@dataclass(frozen=True)
class Kelurahan:
    """A ward of a kecamatan, by its centre."""

    id: str
    name: str
    kecamatan: str
    position: Position
    area_km2: float


@dataclass(frozen=True)
class Agency:
    """A unit with staff that sits somewhere: an OPD, a kecamatan office, an UPTD or a counter."""

    id: str
    name: str
    name_en: str
    kind: str
    staff: Estimate
    parent: str | None = None
    group: str | None = None
    kecamatan: str | None = None
    fields: tuple[str, ...] = ()
    public_facing: bool = False
    sources: tuple[str, ...] = ()
    note: str = ""

    def name_in(self, lang: str) -> str:
        """The official name, or its English rendering."""
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True)
class Building:
    """A place to sit, named for its place and never for a tenant."""

    id: str
    name: str
    name_en: str
    site: str
    kecamatan: str
    position: Position
    position_basis: str
    floors: int
    tenure: str
    status: str
    floor_area_m2: Estimate
    land_area_m2: Estimate
    guard_posts: Estimate
    sources: tuple[str, ...] = ()
    note: str = ""

    def name_in(self, lang: str) -> str:
        """The official name, or its English rendering."""
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True)
class Step:
    """One agency's part in a service; a counter step has the citizen present.

    `share_at_group` of the cases [1] come to the units of `group` instead, each citizen to one of
    them; without a group all come to the agency. `parallel` means beside the desk step before it.
    `may_be_delegated` means that with delegated authority the case need not be handed to this
    agency. `counter_minutes` [minute/case] are spent with a clerk, `touch_hours` [hour/case] are
    work at a desk; each is None where there is none or where it is not known.
    """

    service: str
    order: int
    agency: str
    citizen_present: bool
    group: str | None = None
    share_at_group: Estimate | None = None
    parallel: bool = False
    may_be_delegated: bool = False
    counter_minutes: Estimate | None = None
    touch_hours: Estimate | None = None

    @property
    def id(self) -> str:
        """A name for the step that never changes."""
        return f"{self.service}/{self.order}"


@dataclass(frozen=True)
class Service:
    """What a citizen asks for, and the agencies that act on it in order.

    `standard_days` are the working days that a rule or the agency promises, or None.
    """

    id: str
    name: str
    name_en: str
    cases_per_year: Estimate
    steps: tuple[Step, ...]
    standard_days: float | None = None
    standard_evidence: str | None = None
    standard_sources: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[tuple[Step, ...], ...]:
        """The steps in order; those that act beside each other make one stage."""
        stages: list[tuple[Step, ...]] = []
        for step in self.steps:
            if step.parallel and stages:
                stages[-1] += (step,)
            else:
                stages.append((step,))
        return tuple(stages)

    @property
    def hand_offs(self) -> tuple[tuple[str, str], ...]:
        """From which agency to which a case passes: from all of a stage to all of the next."""
        return tuple(
            (one.agency, other.agency)
            for stage, following in pairwise(self.stages)
            for one in stage
            for other in following
            if one.agency != other.agency
        )

    def name_in(self, lang: str) -> str:
        """The official name, or its English rendering."""
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True)
class Journey:
    """What one person goes through in a life event: services, one after the other.

    `standard_days` are the working days promised for the whole of it, or None.
    """

    id: str
    name: str
    name_en: str
    cases_per_year: Estimate
    services: tuple[str, ...]
    standard_days: float | None = None
    standard_evidence: str | None = None
    standard_sources: tuple[str, ...] = ()
    note: str = ""

    def name_in(self, lang: str) -> str:
        """The official name, or its English rendering."""
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True)
class Tie:
    """Yearly contacts that one agency makes with another, within one layer."""

    from_agency: str
    to_agency: str
    layer: str
    nature: str
    contacts_per_year: Estimate

    @property
    def id(self) -> str:
        """A name for the tie that never changes."""
        return f"{self.from_agency}>{self.to_agency}:{self.layer}"


SUPPLY_UNITS: Mapping[str, str] = {
    "parking_car": "stall",
    "parking_motorcycle": "stall",
    "meeting_rooms": "room",
    "toilets": "toilet",
    "connected_power": "kVA",
    "bandwidth": "Mbps",
}
"""What a building may be known to have, and in which unit it is counted."""


@dataclass(frozen=True)
class Supply:
    """How much of an item a building is known to have, such as its stalls for cars."""

    building: str
    item: str
    amount: Estimate


@dataclass(frozen=True)
class Bridge:
    """A bridge over the river, for sketches."""

    id: str
    name: str
    position: Position
