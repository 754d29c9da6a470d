"""Where each service is given under a placement, as seen from every kelurahan.

A counter step is given at the agency, and for a share of the cases at the units of a group: each
citizen goes to the unit of the own kecamatan, or to the nearest where it has none. An agency that
serves one kecamatan is visited from there only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.entities import Step
from opdanalysis.city.placement import Placement
from opdanalysis.models.travel import KM, home_metres, own_kelurahan_metres
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]

REGISTRY = "registry"
"""The policy field of agencies whose counters a mobile service can bring to the kelurahan."""

EVERYWHERE = ""
"""Stands for the kecamatan of a point that serves the whole city."""

HOME = -1
"""Stands for the building of a mobile service in the own kelurahan."""


@dataclass(frozen=True, eq=False)
class ServicePoint:
    """The building to which the residents of each kelurahan come for a step.

    The same building for all, the unit of each kecamatan, or the own kelurahan. `km` is the way
    there, without the detour of the road, and `serves` is one where residents come, both
    `(n_kelurahan,)`. `shares` is the part of its kecamatan that lives in each kelurahan,
    `(n_kelurahan, n_kecamatan)`.
    """

    km: Floats
    serves: Floats
    shares: Floats

    @cached_property
    def distances(self) -> Floats:
        """The ways of the kelurahan that are served, from the nearest to the farthest [km]."""
        return np.sort(self.km[self.serves > 0])

    @cached_property
    def nearer(self) -> Floats:
        """Part of each kecamatan that is served and among the nearest 0, 1, ... kelurahan [1].

        `(n_served + 1, n_kecamatan)`.
        """
        served = np.flatnonzero(self.serves)
        order = served[np.argsort(self.km[served], kind="stable")]
        nothing = np.zeros((1, self.shares.shape[1]))
        return np.vstack([nothing, np.cumsum(self.shares[order], axis=0)])


@dataclass(frozen=True, eq=False)
class ServicePoints:
    """All service points of a placement, and which part of the cases comes to which.

    `at_agency` has the counter steps of a case, `(n_services, n_counters)`; `to_group` moves those
    of each of the city's group steps from the agency to the units, `(n_group_steps, n_counters)`.
    The first points are the counters, then comes the mobile service that stands in for each of
    the counters `registry`.
    """

    points: tuple[ServicePoint, ...]
    services: dict[str, Floats]
    """One at the place of each service that has a counter step, `(n_services,)`."""
    at_agency: Floats
    to_group: Floats
    group_service: NDArray[np.intp]
    registry: NDArray[np.intp]

    @cached_property
    def serves(self) -> Floats:
        """One where the residents of a kelurahan come to a point, `(n_kelurahan, n_points)`."""
        return np.stack([point.serves for point in self.points], axis=1)

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether the residents of a kelurahan have any point to come to, `(n_kelurahan,)`."""
        return np.asarray(self.serves.any(axis=1))

    @cached_property
    def served_km(self) -> Floats:
        """The way where residents come to a point, zero elsewhere [km], as `serves`."""
        return np.stack([point.km for point in self.points], axis=1) * self.serves


def yearly_visits(points: ServicePoints, values: Values, service: str | None = None) -> Any:
    """Visits of citizens to each point [visit/year], `(..., n_points)`; of one service if given."""
    v = values.beside_entities()
    cases = v["cases_per_year"]
    if service is not None:
        cases = cases * points.services[service]
    counters = cases @ points.at_agency
    if len(points.group_service):
        counters = counters + (v["share_at_group"] * cases[..., points.group_service]) @ (
            points.to_group
        )
    counters = counters * v["visits_per_case"]
    mobile = counters[..., points.registry] * v["mobile_service_share"]
    counters[..., points.registry] -= mobile
    return np.concatenate([counters, mobile], axis=-1)


def residents(city: City, values: Values) -> Any:
    """Residents of every kelurahan [person], `(..., n_kelurahan)`.

    Those of its kecamatan, shared out by area: the population of a kelurahan is not in the data.
    """
    return values.once(
        ("residents", city),
        lambda: values.beside_entities()["population"] @ kecamatan_shares(city).T,
        {"population"},
    )


@lru_cache(maxsize=4)
def kecamatan_shares(city: City) -> Floats:
    """Part of a kecamatan's residents in each kelurahan [1], `(n_kelurahan, n_kecamatan)`."""
    ids = [kecamatan.id for kecamatan in city.kecamatan]
    inside = np.array([[k.kecamatan == id for id in ids] for k in city.kelurahan], dtype=float)
    areas = inside * np.array([[kelurahan.area_km2] for kelurahan in city.kelurahan])
    total = areas.sum(axis=0)
    return np.divide(areas, total, out=np.zeros_like(areas), where=total > 0)


@lru_cache(maxsize=64)
def service_points(city: City, placement: Placement) -> ServicePoints:
    """Where the counter steps of all services are given under a placement."""
    keys: dict[tuple[tuple[int, ...], str, bool], int] = {}

    def column(buildings: tuple[int, ...], kecamatan: str, step: Step) -> int:
        registry = REGISTRY in city.agency(step.agency).fields
        return keys.setdefault((buildings, kecamatan, registry), len(keys))

    counters = [step for step in city.steps if step.citizen_present]
    at: list[tuple[int, int]] = []
    moved: dict[str, tuple[int, int]] = {}
    for step in counters:
        agency = city.agency(step.agency)
        building = city.building_order[placement[agency.id]]
        kecamatan = agency.kecamatan or EVERYWHERE
        here = column((building,) * len(city.kelurahan), kecamatan, step)
        at.append((city.service_order[step.service], here))
        if step.share_at_group and step.group:
            units = unit_buildings(city, placement, step.group)
            moved[step.id] = here, column(units, EVERYWHERE, step)
    registry = [place for place, (_, _, is_registry) in enumerate(keys) if is_registry]
    at_agency = np.zeros((len(city.services), len(keys)))
    for service, here in at:
        at_agency[service, here] += 1
    to_group = np.zeros((len(city.group_steps), len(keys)))
    for row, step in enumerate(city.group_steps):
        if step.id in moved:
            here, there = moved[step.id]
            to_group[row, here] -= 1
            to_group[row, there] += 1
    points = [_point(city, buildings, kecamatan) for buildings, kecamatan, _ in keys]
    at_home = (HOME,) * len(city.kelurahan)
    mobile = [_point(city, at_home, list(keys)[place][1]) for place in registry]
    with_counter = {step.service: city.service_order[step.service] for step in counters}
    return ServicePoints(
        points=(*points, *mobile),
        services={id: np.eye(len(city.services))[place] for id, place in with_counter.items()},
        at_agency=at_agency,
        to_group=to_group,
        group_service=np.array([city.service_order[s.service] for s in city.group_steps], np.intp),
        registry=np.array(registry, dtype=np.intp),
    )


def unit_buildings(city: City, placement: Placement, group: str) -> tuple[int, ...]:
    """For each kelurahan the building of the unit that its residents go to."""
    of_kecamatan = {
        kecamatan: city.building_order[placement[unit]]
        for kecamatan, unit in city.unit_of(group).items()
    }
    places = [city.building_order[placement[unit.id]] for unit in city.members(group)]
    nearest = np.array(places)[home_metres(city)[:, places].argmin(axis=1)]
    return tuple(
        of_kecamatan.get(kelurahan.kecamatan, int(nearest[row]))
        for row, kelurahan in enumerate(city.kelurahan)
    )


@lru_cache(maxsize=1024)
def _point(city: City, buildings: tuple[int, ...], kecamatan: str) -> ServicePoint:
    """The point of those buildings; asked for twice it is the same, whatever the placement."""
    rows = np.arange(len(city.kelurahan))
    if buildings[0] == HOME:
        metres = own_kelurahan_metres(city)
    else:
        metres = home_metres(city)[rows, list(buildings)]
    serves = [kecamatan in (EVERYWHERE, kelurahan.kecamatan) for kelurahan in city.kelurahan]
    return ServicePoint(metres / KM, np.array(serves, dtype=float), kecamatan_shares(city))
