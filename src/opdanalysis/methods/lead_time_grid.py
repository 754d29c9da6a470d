"""Distributions of times on a grid of working hours: one after the other, together, or again.

Exact up to the grid and to independence of the parts; no law needs to be assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time_laws import Law
from opdanalysis.methods.lead_time_moments import Number

Floats = NDArray[np.float64]

TILT = 20.0
"""Shares are damped by exp(-20) over the length of a transform before they are multiplied.

What runs past its end comes back at the start; damping makes that 2e-9 of what it was, at the cost
of rounding errors of 2e-12 (Embrechts and Frei 2009).
"""


@dataclass(frozen=True)
class Grid:
    """Cells of working time up to a horizon, and the share [1] of cases that may take longer."""

    cell_hours: float = 0.25
    horizon_hours: float = 1024.0
    lost_share: float = 1e-4

    def __post_init__(self) -> None:
        if not 0 < self.cell_hours <= self.horizon_hours / 2 < np.inf:
            raise UsageError(
                f"a grid has cells of {self.cell_hours:g} hours and a horizon of "
                f"{self.horizon_hours:g}; expected cells above 0 and at least two of them"
            )
        if not 0 <= self.lost_share <= 1:
            raise UsageError(f"lost_share is {self.lost_share:g}; expected a share from 0 to 1")

    @property
    def cells(self) -> int:
        """Number of points 0, h, 2h, ... up to the horizon."""
        return round(self.horizon_hours / self.cell_hours)

    @cached_property
    def hours(self) -> Floats:
        """The points [hour], `(cells,)`."""
        return self.cell_hours * np.arange(self.cells, dtype=np.float64)

    @cached_property
    def damping(self) -> Floats:
        """What each point is multiplied with before a transform, `(cells,)`."""
        return np.exp(-TILT / self._length * np.arange(self.cells, dtype=np.float64))

    @property
    def _length(self) -> int:
        return fft.next_fast_len(2 * self.cells, real=True)

    def duration(self, law: Law) -> Duration:
        """A law laid on the grid; the mean stays, the variance grows by cell^2 / 4 at most."""
        _single(type(law).__name__, law.moments.variance)
        return Duration(self, law.masses(self.cell_hours, self.cells))

    def transform(self, shares: Floats) -> NDArray[np.complex128]:
        """The Fourier transform of damped shares."""
        return fft.rfft(shares * self.damping, self._length)

    def from_transform(self, transform: NDArray[np.complex128]) -> Duration:
        """The distribution that has this transform, as far as the horizon."""
        shares = fft.irfft(transform, self._length)[: self.cells] / self.damping
        return Duration(self, np.maximum(shares, 0.0))


@dataclass(frozen=True, eq=False)
class Duration:
    """How long something takes: the share of cases [1] at each point of a grid, `(cells,)`."""

    grid: Grid
    shares: Floats = field(repr=False)

    @property
    def lost(self) -> float:
        """Share of cases beyond the horizon [1]."""
        return max(0.0, 1.0 - float(self.shares.sum()))

    def within_horizon(self) -> Duration:
        """The same, once it is sure that hardly a case lies beyond the horizon."""
        if self.lost > self.grid.lost_share:
            hours = self.grid.horizon_hours
            raise UsageError(
                f"{self.lost:.2%} of cases take longer than the horizon of {hours:g} hours, and at "
                f"most {self.grid.lost_share:.2%} may. Set a longer one, such as "
                f"Grid(horizon_hours={2 * hours:g}), or look for a part that takes too long."
            )
        return self

    @property
    def mean(self) -> float:
        """Mean [hour]; cases beyond the horizon count as ending there."""
        self.within_horizon()
        return float(self.shares @ self.grid.hours) + self.lost * self.grid.horizon_hours

    @property
    def sd(self) -> float:
        """Standard deviation [hour], with the same reading of cases beyond the horizon."""
        apart = (self.grid.hours - self.mean) ** 2
        beyond = self.lost * (self.grid.horizon_hours - self.mean) ** 2
        return float(np.sqrt(self.shares @ apart + beyond))

    def share_within(self, hours: Number) -> Number:
        """Share of cases [1] that end within so many hours.

        A point's share is read as spread over half a cell to both sides.
        """
        if np.any(np.less(hours, 0)) or np.any(np.greater(hours, self.grid.horizon_hours)):
            raise UsageError(
                f"a standard of {np.max(hours):g} hours lies outside the grid, which ends at "
                f"{self.grid.horizon_hours:g}; set Grid(horizon_hours=...) above it"
            )
        return np.interp(hours, *self._steps)

    def quantile(self, share: Number) -> Number:
        """Time within which this share of cases ends [hour]."""
        if np.any(np.less(share, 0)) or np.any(np.greater(share, 1 - self.lost)):
            raise UsageError(
                f"the quantile of {np.max(share):g} lies beyond the horizon: only "
                f"{1 - self.lost:.2%} of cases end before {self.grid.horizon_hours:g} hours"
            )
        edges, ended = self._steps
        place = np.clip(np.searchsorted(ended, share, side="left"), 1, len(ended) - 1)
        rise = ended[place] - ended[place - 1]
        part = (share - ended[place - 1]) / np.where(rise > 0, rise, 1)
        return edges[place - 1] + np.clip(part, 0, 1) * np.diff(edges)[place - 1]

    @cached_property
    def transform(self) -> NDArray[np.complex128]:
        """The Fourier transform of the damped shares."""
        return self.grid.transform(self.shares)

    @cached_property
    def _steps(self) -> tuple[Floats, Floats]:
        """Edges between points [hour] and the share ended by each, both from 0."""
        edges = np.append(0.0, self.grid.hours + self.grid.cell_hours / 2)
        return edges, np.append(0.0, np.minimum(np.cumsum(self.shares), 1.0))


def series(parts: Sequence[Duration]) -> Duration:
    """One after the other."""
    grid = _one_grid(parts)
    transform = parts[0].transform
    for part in parts[1:]:
        transform = transform * part.transform
    return grid.from_transform(transform)


def parallel(parts: Sequence[Duration]) -> Duration:
    """All at once, until the last has ended."""
    grid = _one_grid(parts)
    ended = np.cumsum(parts[0].shares)
    for part in parts[1:]:
        ended = ended * np.cumsum(part.shares)
    return Duration(grid, np.maximum(np.diff(ended, prepend=0.0), 0.0))


def branch(shares: Sequence[float], parts: Sequence[Duration]) -> Duration:
    """One of several, each in its share of cases [1]; what they leave over takes no time."""
    grid = _one_grid(parts)
    total = sum(_single("a share of a branch", share) for share in shares)
    if min(shares) < 0 or total > 1 + 1e-9:
        raise UsageError(
            f"the shares of a branch are {', '.join(f'{s:g}' for s in shares)}; "
            "expected 0 or more, with a sum of at most 1"
        )
    mixed = sum(share * part.shares for share, part in zip(shares, parts, strict=True))
    straight_on = np.zeros(grid.cells)
    straight_on[0] = max(0.0, 1 - total)
    return Duration(grid, mixed + straight_on)


def rework(first: Duration, again: Duration, share: float) -> Duration:
    """A first pass, and another one each time that the case comes back, with this chance [1].

    In transforms: first (1 - r) / (1 - r again). The mean is first + again r / (1 - r), which is
    first / (1 - r) where each pass takes as long as the first.
    """
    grid = _one_grid([first, again])
    if not 0 <= _single("the share that comes back", share) < 1:
        raise UsageError(f"the share that comes back is {share:g}; expected 0 or more, below 1")
    if share == 0:
        return first
    return grid.from_transform(first.transform * (1 - share) / (1 - share * again.transform))


def _one_grid(parts: Sequence[Duration]) -> Grid:
    """The grid that all parts share."""
    if not parts:
        raise UsageError("there is no part to put together; expected at least one")
    grid = parts[0].grid
    for part in parts:
        if part.grid != grid:
            raise UsageError(f"parts lie on different grids: {grid} and {part.grid}")
    return grid


def _single(name: str, number: Number) -> Number:
    """The number, if it is one."""
    if np.ndim(number):
        raise UsageError(
            f"{name} has an array of numbers, but a grid takes one at a time; "
            "use mean_lead_time for draws"
        )
    return number
