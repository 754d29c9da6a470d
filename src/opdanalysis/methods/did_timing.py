"""Who moved when in a panel, and which cells (unit and period) may be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

NEVER = 10**9
"""The period of a move that never comes."""


@dataclass(frozen=True, eq=False)
class Timing:
    """Periods of the moves of N units over T periods.

    `moved` is the period of each unit's move, counted from 0, `(N,)`; it may lie before or after
    the panel, and is NEVER for those who stay. `usable` says which cells hold an outcome that may
    be used, `(N, T)`. A unit counts as affected already `anticipation` periods before its move:
    these cells are neither untreated nor part of the effect.
    """

    moved: np.ndarray
    usable: np.ndarray
    anticipation: int = 0

    @property
    def n_units(self) -> int:
        """Number of units, N."""
        return self.usable.shape[0]

    @property
    def n_periods(self) -> int:
        """Number of periods, T."""
        return self.usable.shape[1]

    @cached_property
    def affected(self) -> np.ndarray:
        """First period in which a unit is no longer untreated, `(N,)`."""
        return np.where(self.moved >= NEVER, NEVER, self.moved - self.anticipation)

    @cached_property
    def event(self) -> np.ndarray:
        """Periods since the move, `(N, T)`: 0 in the period of the move, negative before it."""
        return np.arange(self.n_periods) - self.moved[:, None]

    @cached_property
    def untreated(self) -> np.ndarray:
        """Usable cells before a unit is affected, `(N, T)`."""
        return self.usable & (np.arange(self.n_periods) < self.affected[:, None])

    @cached_property
    def treated(self) -> np.ndarray:
        """Usable cells from the move on, `(N, T)`."""
        return self.usable & (self.event >= 0)

    @cached_property
    def cohorts(self) -> np.ndarray:
        """Periods in which units with usable cells moved, in order; those who stay are none."""
        present = self.usable.any(axis=1) & (self.moved < NEVER)
        return np.unique(self.moved[present])

    def without(self, units: np.ndarray) -> Timing:
        """The same panel without some units, `(N,)` bool; their rows stay and are not usable."""
        return replace(self, usable=self.usable & ~units[:, None])

    def reassigned(self, role: np.ndarray) -> Timing:
        """The same cells, where unit i moves when unit `role[i]` did."""
        return replace(self, moved=self.moved[role])
