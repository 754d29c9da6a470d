"""The things of a city: kecamatan, kelurahan, agencies, buildings, services, ties."""

from __future__ import annotations

from dataclasses import dataclass

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
    """One agency's part in a service; a counter step has the citizen present."""

    agency: str
    citizen_present: bool


@dataclass(frozen=True)
class Service:
    """What a citizen asks for, and the agencies that act on it in order."""

    id: str
    name: str
    name_en: str
    cases_per_year: Estimate
    steps: tuple[Step, ...]

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


@dataclass(frozen=True)
class Bridge:
    """A bridge over the river, for sketches."""

    id: str
    name: str
    position: Position
