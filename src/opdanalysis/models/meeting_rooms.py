"""How many meeting rooms are needed: by each agency alone, and by all tenants of a building.

A meeting that finds every room taken is held elsewhere or not at all, so Erlang's loss formula
holds: rooms are the lines, meetings the calls (Erlang 1917).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from opdanalysis.methods.queues import servers_needed
from opdanalysis.models.building_use import Array, BuildingUse

MEETING_NUMBERS: Collection[str] = ("staff", "least_staff_for_meeting_room")
"""The numbers that decide whose meetings need a room."""


def load_per_employee(use: BuildingUse) -> Array:
    """Meeting rooms that an employee keeps busy, as a share of office hours [1].

    Meetings a week x hours of a meeting / (people in a meeting x office hours a week).
    """
    v = use.v
    seated = v["meetings_per_employee"] * v["meeting_hours"]
    return seated / (v["people_per_meeting"] * v["office_hours_per_week"])


def with_meetings(use: BuildingUse) -> Array:
    """Employees of each agency whose meetings need a room; small units meet at their desks."""
    v, staff = use.v, use.v["staff"]
    return use.values.once(
        ("staff with meetings", use.city),
        lambda: staff * (staff >= v["least_staff_for_meeting_room"]),
        of=MEETING_NUMBERS,
    )


def rooms_pooled(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Meeting rooms of the buildings at `places` when all tenants share them [room]."""
    return _rooms(use, use.of_tenants(with_meetings(use), places))


def rooms_apart(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Meeting rooms of the buildings at `places` when each agency keeps its own [room]."""
    rooms = use.values.once(
        ("rooms of agencies", use.city), lambda: _rooms(use, with_meetings(use))
    )
    return use.of_tenants(rooms, places)


def _rooms(use: BuildingUse, people: Array) -> Array:
    """The fewest rooms with which no more meetings than accepted find none; none for nobody."""
    load = people * load_per_employee(use)
    blocking = np.broadcast_to(use.v["accepted_blocking"], load.shape)
    rooms, some = np.zeros(load.shape), load > 0
    rooms[some] = servers_needed(load[some], blocking[some])
    return rooms
