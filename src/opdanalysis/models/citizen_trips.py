"""By what citizens travel to a counter, and how many minutes and rupiah a trip takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from opdanalysis.parameters.values import Values

MODES = ("motorcycle", "car", "feeder", "lrt")
"""By what citizens travel; feeder stands for angkot, feeder and bus."""

PUBLIC = ("feeder", "lrt")
"""Modes with a stop to walk to, a wait and a fare."""

MINUTES = 60
"""Minutes in an hour."""

NUMBERS = frozenset(
    {
        "road_detour_factor",
        "public_time_value",
        *(f"{mode}_speed" for mode in MODES),
        *(f"{mode}_trip_share" for mode in MODES[1:]),
        *(f"{mode}_{what}" for mode in PUBLIC for what in ("waiting", "fare")),
        *(f"{mode}_{what}" for mode in MODES[:2] for what in ("time_value", "km_cost")),
    }
)
"""The numbers that a trip is made of."""


def citizen_trips(values: Values) -> CitizenTrips:
    """How citizens travel; asked for twice with the same values it is the same."""
    return values.once("citizen trips", lambda: CitizenTrips(values), NUMBERS)


@dataclass(frozen=True, eq=False)
class CitizenTrips:
    """Minutes and rupiah of a trip, as means over the modes, floats or `(n_draws,)`.

    A way is the straight line, over the best bridge where the river lies between; the road is
    longer by the detour factor. What grows with the way is given for a kilometre of it.
    """

    values: Values

    @cached_property
    def shares(self) -> dict[str, Any]:
        """Share of trips by mode [1]; what the others leave goes by motorcycle."""
        others = {mode: self.values[f"{mode}_trip_share"] for mode in MODES[1:]}
        return {MODES[0]: 1 - sum(others.values()), **others}

    def riding(self, mode: str) -> Any:
        """Minutes by a mode for a kilometre of way [minute/km]."""
        return self.values["road_detour_factor"] / self.values[f"{mode}_speed"] * MINUTES

    def waiting(self, mode: str) -> Any:
        """Minutes of a trip besides riding [minute]: walk to the stop, wait and change."""
        return self.values[f"{mode}_waiting"] if mode in PUBLIC else 0.0

    @cached_property
    def minutes_per_km(self) -> Any:
        """Mean minutes for a kilometre of way [minute/km]."""
        return sum(share * self.riding(mode) for mode, share in self.shares.items())

    @cached_property
    def minutes_on_top(self) -> Any:
        """Mean minutes of a trip besides riding [minute]."""
        return sum(share * self.waiting(mode) for mode, share in self.shares.items())

    @cached_property
    def rupiah_per_km(self) -> Any:
        """Mean cost of time and vehicle for a kilometre of way [Rp/km]."""
        return sum(
            share * (self._minute_value(mode) * self.riding(mode) + self._road_cost(mode))
            for mode, share in self.shares.items()
        )

    @cached_property
    def rupiah_on_top(self) -> Any:
        """Mean cost of a trip besides: time of walks and waits, and the fare [Rp/trip]."""
        return sum(
            share * (self._minute_value(mode) * self.waiting(mode) + self._fare(mode))
            for mode, share in self.shares.items()
        )

    def _minute_value(self, mode: str) -> Any:
        """What a minute is worth to a traveller by that mode [Rp/minute]."""
        who = "public" if mode in PUBLIC else mode
        return self.values[f"{who}_time_value"] / MINUTES

    def _road_cost(self, mode: str) -> Any:
        """Cost of a private vehicle for a kilometre of way [Rp/km]."""
        if mode in PUBLIC:
            return 0.0
        return self.values["road_detour_factor"] * self.values[f"{mode}_km_cost"]

    def _fare(self, mode: str) -> Any:
        """Fare of a trip by public transport [Rp/trip]."""
        return self.values[f"{mode}_fare"] if mode in PUBLIC else 0.0

    def reach_km(self, limits: tuple[float, ...]) -> Any:
        """Way that each mode covers within each limit [km], `(..., n_limits, n_modes)`.

        Below zero where the waits alone are longer than the limit [minute].
        """
        if limits not in self._reaches:
            ways = [(t - self.waiting(mode)) / self.riding(mode) for t in limits for mode in MODES]
            flat = np.stack(np.broadcast_arrays(*ways), axis=-1)
            self._reaches[limits] = flat.reshape(*flat.shape[:-1], len(limits), len(MODES))
        return self._reaches[limits]

    @cached_property
    def _reaches(self) -> dict[tuple[float, ...], Any]:
        return {}

    @cached_property
    def mode_shares(self) -> Any:
        """The shares of the modes side by side [1], `(..., n_modes)`."""
        return np.stack(np.broadcast_arrays(*self.shares.values()), axis=-1)
