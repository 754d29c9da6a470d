"""Which placement each part of a journey is taken from, so that a change can be split."""

from __future__ import annotations

from dataclasses import dataclass

from opdanalysis.city.placement import Placement


@dataclass(frozen=True)
class Sides:
    """The placements behind a journey.

    homes
        How far citizens live from counters, and counters from each other.
    trips
        Which counters are near enough for one trip.
    counters
        Who waits in one line.
    desks
        How near agencies sit that hand a case on.
    """

    homes: Placement
    trips: Placement
    counters: Placement
    desks: Placement

    @classmethod
    def all_of(cls, placement: Placement) -> Sides:
        """Everything under one placement."""
        return cls(placement, placement, placement, placement)
