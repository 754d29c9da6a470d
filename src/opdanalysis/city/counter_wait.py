"""How long people wait at a counter over a day with a morning peak, read off a simulated table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SMALL = 0.01
"""Added to a wait before its logarithm is taken: a hundredth of a service matters to nobody."""

AXES = ("counters", "utilisation", "services_per_day", "peak")
"""What a wait depends on, in the order of the table."""


@dataclass(frozen=True, eq=False)
class CounterWait:
    """Mean waits in services on a grid, `(n_counters, n_utilisation, n_services, n_peak)`.

    `counters` work on one line; `utilisation` is the work that arrives in a day over what they can
    do in it [1]; `services_per_day` is how many services one counter can give between opening and
    closing; `peak` is 0 for an even day and 1 for the full morning peak. `error` is the relative
    error that 95% of waits off the grid stayed within when they were simulated anew [1].
    """

    axes: tuple[Floats, Floats, Floats, Floats]
    waits: Floats
    error: float

    def __post_init__(self) -> None:
        shape = tuple(len(axis) for axis in self.axes)
        if self.waits.shape != shape:
            raise ValueError(f"the waits have the shape {self.waits.shape}; expected {shape}")
        if self.axes[1][0] <= 0 or self.axes[1][-1] <= 1:
            raise ValueError(
                f"utilisation goes from {self.axes[1][0]:g} to {self.axes[1][-1]:g}; expected from "
                "above 0 to above 1, so that waits beyond can be told"
            )
        for array in (*self.axes, self.waits):
            array.setflags(write=False)

    @classmethod
    def from_columns(
        cls,
        counters: ArrayLike,
        utilisation: ArrayLike,
        services_per_day: ArrayLike,
        peak: ArrayLike,
        wait: ArrayLike,
        error: float,
    ) -> CounterWait:
        """The table from columns, one row per point of a whole grid in any order."""
        columns = [np.asarray(c, float) for c in (counters, utilisation, services_per_day, peak)]
        axes, places = zip(*(np.unique(c, return_inverse=True) for c in columns), strict=True)
        waits = np.full([len(axis) for axis in axes], np.nan)
        waits[tuple(places)] = np.asarray(wait, float)
        if np.isnan(waits).any() or len(columns[0]) != waits.size:
            raise ValueError("the points are not a whole grid, each of them once")
        return cls(tuple(axes), waits, error)

    def wait(self, counters: Any, utilisation: Any, services_per_day: Any, peak: Any) -> Any:
        """Mean wait of a day's arrivals, in services, of the shape of the arguments together.

        The logarithm of the waits is interpolated, along the logarithms of counters and services.
        Beyond the grid a wait falls to zero with the utilisation, grows in proportion to the work
        that is left over, and is otherwise that of the nearest point.
        """
        busy = np.asarray(utilisation, dtype=float)
        asked = np.log(counters), busy, np.log(services_per_day), np.asarray(peak, dtype=float)
        places = [np.interp(x, axis, np.arange(len(axis))) for x, axis in zip(
            asked, self._scaled, strict=True)]  # fmt: skip
        below = [np.minimum(p.astype(np.intp), len(axis) - 2) for p, axis in zip(
            places, self._scaled, strict=True)]  # fmt: skip
        parts = [(1 - (p - b), p - b) for p, b in zip(places, below, strict=True)]
        strides = np.array(self._logs.strides) // self._logs.itemsize
        start = sum(b * stride for b, stride in zip(below, strides, strict=True))
        flat, found = self._logs.ravel(), 0.0
        for ends in product((0, 1), repeat=2):
            line = self._along(flat, start + ends[0] * strides[0] + ends[1] * strides[1],
                               strides, parts)  # fmt: skip
            found = found + parts[0][ends[0]] * parts[1][ends[1]] * line
        low, high = self.axes[1][0], self.axes[1][-1]
        beyond = np.minimum(busy / low, 1) * np.maximum((busy - 1) / (high - 1), 1)
        return np.maximum(np.exp(found) - SMALL, 0.0) * beyond

    def _along(self, flat: Floats, at: Any, strides: Any, parts: Any) -> Any:
        """The logarithms between the four points that differ in services and peak."""
        third, fourth = parts[2], parts[3]
        near = third[0] * flat[at] + third[1] * flat[at + strides[2]]
        far_at = at + strides[3]
        far = third[0] * flat[far_at] + third[1] * flat[far_at + strides[2]]
        return fourth[0] * near + fourth[1] * far

    @cached_property
    def _scaled(self) -> tuple[Floats, ...]:
        """The axes on which the interpolation is linear."""
        counters, utilisation, services, peak = self.axes
        return np.log(counters), utilisation, np.log(services), peak

    @cached_property
    def _logs(self) -> Floats:
        return np.log(self.waits + SMALL)
