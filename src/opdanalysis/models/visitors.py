"""Visitors over an office day: how many come in an hour, how many are inside, who serves them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse

OPENING_HOURS = tuple(range(8, 16))
"""The hours of an office day by their beginning: 8 to 16 o'clock."""

DAY_NUMBERS: Collection[str] = ("first_hour_share", "visit_hours")
"""The numbers that decide how a day's visitors are spread."""

MINUTES = 60.0
"""Minutes in an hour."""


def arrivals_by_hour(use: BuildingUse) -> Array:
    """Share of a day's visitors who come in each opening hour [1], `(n_draws, n_hours)`.

    The first hour has its own share; from there it falls by the same step every hour, so that
    the shares add up to one.
    """
    first, hours = use.v["first_hour_share"], len(OPENING_HOURS)
    step = (first - 1 / hours) * 2 / (hours - 1)
    return first - step * np.arange(hours)


def inside_by_hour(use: BuildingUse) -> Array:
    """Share of a day's visitors who are inside at the end of each hour [1], `(n_draws, n_hours)`.

    Those who came within the time that a visit takes; within an hour they come evenly.
    """
    return use.values.once(("visitors inside", use.city), lambda: _inside(use), of=DAY_NUMBERS)


def _inside(use: BuildingUse) -> Array:
    arrivals = arrivals_by_hour(use)
    inside = np.zeros_like(arrivals)
    for lag in range(len(OPENING_HOURS)):
        still_here = np.clip(use.v["visit_hours"] - lag, 0, 1)
        came = arrivals[..., : len(OPENING_HOURS) - lag]
        inside[..., lag:] = inside[..., lag:] + came * still_here
    return inside


def fullest_hour(use: BuildingUse) -> Array:
    """Share of a day's visitors who are inside at the end of the fullest hour [1]."""
    return use.values.once(
        ("visitors at the fullest hour", use.city),
        lambda: inside_by_hour(use).max(axis=-1, keepdims=True),
        of=DAY_NUMBERS,
    )


def busy_day_visits(use: BuildingUse, places: NDArray[np.intp]) -> Array:
    """Visits to the buildings at `places` on a busy day [visit/day]."""
    v = use.v
    return use.visits[..., places] * (v["busy_day_factor"] / v["working_days"])


def counters(use: BuildingUse, visits: Array) -> Array:
    """Whole counters with a clerk for the first hour of a day with that many visits.

    Visits of the hour x hours of a clerk for a visit / share of the hour that a clerk is busy.
    """
    v = use.v
    hours = v["first_hour_share"] * v["minutes_per_visit"] / MINUTES
    return np.ceil(visits * (hours / v["clerk_busy_share"]))
