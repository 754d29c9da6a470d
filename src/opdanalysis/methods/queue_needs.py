"""What customers need: time at the counters, another visit for missing papers, patience."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_world import World

FINITE = sys.float_info.max


@dataclass(frozen=True, eq=False)
class Needs:
    """What customers need from the counters; None where nobody differs from the plain case.

    Attributes
    ----------
    service_minutes
        `(n_stops,)` mean service time at each stop of the world, at normal pace [min].
    rework
        `(n_stops,)` chance that papers are missing after the service, so that the customer comes
        again on another day [1].
    needed
        `(n_stops,)` share of customers who need the stop [1].
    patience_minutes
        `(n_journeys,)` mean time after which a waiting customer gives up and goes home [min].
    demand
        `(n_journeys,)` share of the world's customers who set out at all [1].
    """

    service_minutes: Sequence[float] | np.ndarray
    rework: Sequence[float] | np.ndarray | None = None
    needed: Sequence[float] | np.ndarray | None = None
    patience_minutes: Sequence[float] | np.ndarray | None = None
    demand: Sequence[float] | np.ndarray | None = None

    def checked(self, world: World) -> Needs:
        """The same with arrays of the world's lengths, or an error that names the wrong one."""
        stops, journeys = len(world.point_of_stop), len(world.journeys)
        return Needs(
            checked_numbers("service_minutes", self.service_minutes, stops, "stop", FINITE),
            _perhaps("rework", self.rework, stops, "stop", 1.0),
            _perhaps("needed", self.needed, stops, "stop", 1.0),
            _perhaps("patience_minutes", self.patience_minutes, journeys, "journey", np.inf),
            _perhaps("demand", self.demand, journeys, "journey", 1.0),
        )


def checked_numbers(
    name: str, given: Sequence[float] | np.ndarray, count: int, per: str, most: float
) -> np.ndarray:
    """The numbers as an array, or an error that names the first one not from 0 to `most`."""
    numbers = np.asarray(given, dtype=float)
    if numbers.shape != (count,):
        raise UsageError(f"{name} has the shape {numbers.shape}; expected {count}, one per {per}")
    wrong = np.flatnonzero(~((numbers >= 0) & (numbers <= most)))
    if len(wrong):
        limit = "from 0 to 1" if most == 1 else "from 0 up"
        raise UsageError(
            f"{name} of {per} {wrong[0]} is {numbers[wrong[0]]:g}; expected a number {limit}"
        )
    return numbers


def _perhaps(name, given, count, per, most):
    return None if given is None else checked_numbers(name, given, count, per, most)
