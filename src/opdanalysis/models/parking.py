"""Stalls that staff and visitors need, hour by hour, against those that the yard holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from opdanalysis.models.building_use import Array, BuildingUse
from opdanalysis.models.supply import known_supply
from opdanalysis.models.visitors import (
    OPENING_HOURS,
    busy_day_visits,
    fullest_hour,
    inside_by_hour,
)

KINDS = ("car", "motorcycle")
LUNCH_HOUR = 12
"""The opening hour in which some of the staff drive off to eat."""


@dataclass(frozen=True, eq=False)
class Parking:
    """Stalls of the buildings at `places`, by kind of vehicle.

    Arrays are `(n_draws, n_places)` or `(n_places,)`; those by hour have the hours last.
    """

    use: BuildingUse
    places: NDArray[np.intp]

    @cached_property
    def staff(self) -> Array:
        """Employees with a desk in the buildings [person]."""
        return self.use.staff[..., self.places]

    @cached_property
    def visits(self) -> Array:
        """Visits on a busy day [visit/day]."""
        return busy_day_visits(self.use, self.places)

    @cached_property
    def per_employee(self) -> dict[str, Array]:
        """Stalls that the vehicle of an employee takes, present or not [stall/person].

        Nobody is present without a desk.
        """
        v = self.use.v
        present = np.minimum(v["staff_present_share"], v["desks_per_employee"])
        return _by_kind(present * v["stalls_per_employee"], v["staff_car_share"])

    @cached_property
    def per_visit(self) -> dict[str, Array]:
        """Stalls that the vehicle of a visitor takes [stall/visit]."""
        return _by_kind(self.use.v["stalls_per_visitor"], self.use.v["visitor_car_share"])

    @cached_property
    def city_cars(self) -> dict[str, Array]:
        """Stalls that the city's own cars take all day, for each employee [stall/person]."""
        cars = self.use.v["official_cars_per_employee"]
        return {"car": cars, "motorcycle": 0 * cars}

    @cached_property
    def needed(self) -> dict[str, Array]:
        """Stalls needed at the busiest hour of a busy day [stall].

        It never is the lunch hour, for the visitors are fewer then than in an hour before it.
        """
        fullest = fullest_hour(self.use)
        return {
            kind: self.staff * (self.per_employee[kind] + self.city_cars[kind])
            + self.visits * (self.per_visit[kind] * fullest)
            for kind in KINDS
        }

    @cached_property
    def needed_by_hour(self) -> dict[str, Array]:
        """Stalls needed at the end of each opening hour of a busy day [stall], hours last."""
        at_lunch = np.array(OPENING_HOURS) == LUNCH_HOUR
        here = 1 - self.use.v["lunch_away_share"] * at_lunch
        inside = inside_by_hour(self.use)
        return {
            kind: _each_hour(self.staff, self.per_employee[kind] * here + self.city_cars[kind])
            + _each_hour(self.visits, self.per_visit[kind] * inside)
            for kind in KINDS
        }

    @cached_property
    def area(self) -> Array:
        """Yard that vehicles may use [m2], unknown (NaN) for space in a mall."""
        usable = self.use.yard[..., self.places] * self.use.v["yard_parking_share"]
        return np.where(self.use.city.tenures[self.places] == "serviced", np.nan, usable)

    @cached_property
    def available(self) -> dict[str, Array]:
        """Stalls at the busiest hour [stall], NaN where unknown.

        As known, or as the yard holds: motorcycles find room first, cars get what they leave.
        """
        return self._available(self.needed["motorcycle"])

    @cached_property
    def available_by_hour(self) -> dict[str, Array]:
        """Stalls at the end of each opening hour [stall], hours last, NaN where unknown."""
        motorcycles = np.moveaxis(self.needed_by_hour["motorcycle"], -1, 0)
        available = self._available(motorcycles)
        return {kind: np.moveaxis(stalls, 0, -1) for kind, stalls in available.items()}

    @property
    def short(self) -> Array:
        """Stalls of both kinds that are missing at the busiest hour [stall].

        Where the stalls are unknown none is missing.
        """
        cars, motorcycles = (self.needed[kind] - self.available[kind] for kind in KINDS)
        return np.fmax(cars, 0) + np.fmax(motorcycles, 0)

    def _available(self, motorcycles: Array) -> dict[str, Array]:
        """Stalls where so many motorcycles stand, `(..., n_places)`."""
        v = self.use.v
        left = np.maximum(self.area - motorcycles * v["area_per_motorcycle_stall"], 0)
        in_yard = {
            "car": left / v["area_per_car_stall"],
            "motorcycle": self.area / v["area_per_motorcycle_stall"] + 0 * motorcycles,
        }
        for kind in KINDS:
            known = known_supply(self.use, f"parking_{kind}", self.places)
            in_yard[kind] = np.where(np.isnan(known), in_yard[kind], known)
        return in_yard


def _by_kind(stalls: Array, car_share: Array) -> dict[str, Array]:
    return {"car": stalls * car_share, "motorcycle": stalls * (1 - car_share)}


def _each_hour(number: Array, per_hour: Array) -> Array:
    """`(..., n_places)` and `(..., n_hours)` to `(..., n_places, n_hours)`."""
    return number[..., :, None] * per_hour[..., None, :]
