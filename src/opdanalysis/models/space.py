"""How much floor area the tenants of a building need, and whether it has as much.

Two measures stand side by side. By the norm every room is added up (Permendagri 7/2006): suites,
desks, archive, counters, meeting rooms, shared rooms, and the circulation between them. By observed
use it is the area that an occupant of a joint office was seen to take, and counters.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse
from opdanalysis.models.meeting_rooms import rooms_pooled
from opdanalysis.models.shared_area import shared_area
from opdanalysis.models.visitors import busy_day_visits, counters, fullest_hour

ROOM_NUMBERS: Collection[str] = (
    "staff",
    "staff_per_section",
    "desks_per_employee",
    "section_head_area",
    "desk_area",
    "archive_area_per_employee",
    "head_suite_area",
    "secretary_suite_area",
)
"""The numbers that the rooms of an agency are made of."""


@dataclass(frozen=True, eq=False)
class Space:
    """The floor area that the tenants of the buildings at `places` need and have [m2].

    Arrays are `(n_draws, n_places)` or `(n_places,)`, in the order of `places`.
    """

    use: BuildingUse
    places: NDArray[np.intp]

    @cached_property
    def rooms(self) -> dict[str, Array]:
        """Net area by kind of room, by the norm [m2]."""
        v = self.use.v
        per_room = v["seats_per_meeting_room"] * v["area_per_seat"]
        indoors = sum(area for kind, area in self.shared.items() if kind != "garden")
        return {
            "agencies": self.use.of_tenants(agency_rooms(self.use), self.places),
            "public": self.public,
            "meetings": rooms_pooled(self.use, self.places) * per_room,
            "shared": indoors,
        }

    @cached_property
    def visits(self) -> Array:
        """Visits on a busy day [visit/day]."""
        return busy_day_visits(self.use, self.places)

    @cached_property
    def public(self) -> Array:
        """Net area of counters and of the room in which visitors wait [m2]."""
        v = self.use.v
        waiting = self.visits * (fullest_hour(self.use) * v["waiting_area"])
        return counters(self.use, self.visits) * v["counter_area"] + waiting

    @cached_property
    def shared(self) -> dict[str, Array]:
        """Net area of lobby, canteen, toilets and garden [m2]."""
        return shared_area(self.use, self.places)

    @cached_property
    def need(self) -> Array:
        """Gross floor area that the norm asks for [m2]: net rooms / (1 - circulation)."""
        return self._gross(sum(self.rooms.values()))

    @cached_property
    def observed_need(self) -> Array:
        """Gross floor area at observed use [m2]: desks x area of an occupant, and counters."""
        v = self.use.v
        per_employee = v["desks_per_employee"] * v["observed_area_per_employee"]
        return self.use.staff[..., self.places] * per_employee + self._gross(self.public)

    @cached_property
    def available(self) -> Array:
        """Floor area of the buildings [m2]."""
        return self.use.v["floor_area_m2"][..., self.places]

    @property
    def overfull_staff(self) -> Array:
        """Employees in the buildings that have less floor area than the norm asks for [person]."""
        return self.use.staff[..., self.places] * (self.need > self.available)

    @cached_property
    def desks_that_fit(self) -> Array:
        """Desks per employee at which the norm would just be met [1]; below 0 where nothing helps.

        Each desk saved frees its own area and the circulation around it.
        """
        v = self.use.v
        staff = self.use.staff[..., self.places]
        desks = (staff - staff / v["staff_per_section"]) * v["desk_area"]
        spare = self.available - self.need
        return v["desks_per_employee"] + spare / self._gross(desks)

    def _gross(self, net: Array) -> Array:
        return net / (1 - self.use.v["circulation_share"])


def agency_rooms(use: BuildingUse) -> Array:
    """Net area of the rooms of each agency by the norm [m2], `(n_draws, n_agencies)`.

    A head of section for every few employees, a desk for each of the others as far as desks are
    not shared, archive, and the suites of head and secretary where there is a budget.
    """
    return use.values.once(("agency rooms", use.city), lambda: _agency_rooms(use), of=ROOM_NUMBERS)


def _agency_rooms(use: BuildingUse) -> Array:
    v, staff = use.v, use.v["staff"]
    heads = staff / v["staff_per_section"]
    desks = (staff - heads) * v["desks_per_employee"]
    suites = use.holds_budget * (v["head_suite_area"] + v["secretary_suite_area"])
    rooms = heads * v["section_head_area"] + desks * v["desk_area"]
    return suites + rooms + staff * v["archive_area_per_employee"]
