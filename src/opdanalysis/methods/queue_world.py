"""What is simulated: service points, the journeys of customers over them, and working days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from opdanalysis.errors import UsageError, did_you_mean

MINUTES_PER_DAY = 1440.0
HOURS_PER_DAY = 24

Shape = Literal["lognormal", "gamma", "fixed"]


@dataclass(frozen=True)
class Stop:
    """One stop of a journey: the point where it is, and how its service times spread.

    `cv` is the standard deviation over the mean [1]. A gamma shape with cv 1 is exponential, with
    cv 1/sqrt(k) an Erlang of k stages; "fixed" has cv 0.
    """

    point: str
    cv: float
    shape: Shape

    def __post_init__(self) -> None:
        if self.shape not in ("lognormal", "gamma", "fixed"):
            raise UsageError(
                f"stop at '{self.point}': shape is '{self.shape}'; "
                "expected one of lognormal, gamma, fixed"
            )
        if not 0 <= self.cv < np.inf or (self.cv == 0) != (self.shape == "fixed"):
            raise UsageError(
                f"stop at '{self.point}': cv is {self.cv:g} with shape '{self.shape}'; "
                "expected a number above 0, and 0 for 'fixed' alone"
            )


@dataclass(frozen=True)
class Journey:
    """A name, the stops in order, and the most customers who set out on a day, on average."""

    name: str
    stops: tuple[Stop, ...]
    customers_per_day: float

    def __post_init__(self) -> None:
        if not self.stops:
            raise UsageError(f"journey '{self.name}' has no stops; at least 1 is needed")
        if not 0 <= self.customers_per_day < np.inf:
            raise UsageError(
                f"journey '{self.name}': customers_per_day is {self.customers_per_day:g}; "
                "expected a number from 0 up"
            )


@dataclass(frozen=True)
class World:
    """What is the same under every plan.

    Days are working days, numbered from 0; time is in minutes from midnight before day 0. Customers
    set out by a Poisson process whose rate over the hours of the day follows `hourly_weights`, 24
    numbers. Travel times spread evenly within `travel_spread` [1] around their mean. A customer who
    is sent back for missing papers comes at most `tries_at_most` times to one stop.
    """

    points: tuple[str, ...]
    journeys: tuple[Journey, ...]
    days: int
    hourly_weights: tuple[float, ...]
    travel_spread: float
    tries_at_most: int = 1

    def __post_init__(self) -> None:
        for what, names in (("point", self.points), ("journey", [j.name for j in self.journeys])):
            twice = sorted({name for name in names if list(names).count(name) > 1})
            if twice:
                raise UsageError(f"{what} '{twice[0]}' stands twice in the world; once is expected")
        for journey in self.journeys:
            for stop in journey.stops:
                if stop.point not in self.points:
                    raise UsageError(
                        f"journey '{journey.name}' stops at '{stop.point}', which is not a point. "
                        + did_you_mean(stop.point, self.points)
                    )
        weights = np.asarray(self.hourly_weights, dtype=float)
        if weights.shape != (HOURS_PER_DAY,) or not (weights >= 0).all() or not weights.any():
            raise UsageError("hourly_weights must be 24 numbers from 0 up, not all of them 0")
        if self.days < 1 or self.tries_at_most < 1:
            raise UsageError(
                f"days is {self.days} and tries_at_most {self.tries_at_most}; "
                "each must be 1 or more"
            )
        if not 0 <= self.travel_spread < 1:
            raise UsageError(f"travel_spread is {self.travel_spread:g}; expected 0 to below 1")

    @cached_property
    def first_stop(self) -> np.ndarray:
        """Number of each journey's first stop, `(n_journeys + 1,)`: all stops are numbered on."""
        return np.cumsum([0, *(len(journey.stops) for journey in self.journeys)])

    @cached_property
    def point_of_stop(self) -> np.ndarray:
        """Number of the point of each stop, `(n_stops,)`."""
        number = {name: place for place, name in enumerate(self.points)}
        return np.array([number[s.point] for j in self.journeys for s in j.stops], dtype=np.intp)

    @cached_property
    def journey_of_stop(self) -> np.ndarray:
        """Number of the journey of each stop, `(n_stops,)`."""
        return np.repeat(np.arange(len(self.journeys)), np.diff(self.first_stop))
