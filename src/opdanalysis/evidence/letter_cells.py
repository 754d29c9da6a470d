"""Letters summed by cell, and the likelihood of log-normal times of which some are known by limits.

Letters of one sender, receiver, period and layer are alike to the model, so ten million of them
become a few thousand cells. Only letters that are known by limits (open, or stamped in bulk) are
kept apart, those with the same limits together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, ndtr

from opdanalysis.errors import UsageError
from opdanalysis.evidence.pair_effects import WeightedDesign
from opdanalysis.evidence.response_times import NEVER, ResponseTimes, log_hours

Floats = NDArray[np.float64]

_ROUNDS = 1000
_SETTLED = 1e-7  # of the largest change in a fitted logarithm
_LEAST_MINUTES = 0.5
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class LetterCells:
    """Cells of letters: `place` are sender, receiver, period and layer of each, `(n_cells,)`.

    `letters` counts them; `exact` counts those known to the minute, and `total` and `squares` sum
    their log hours. `cell`, `low`, `high` and `count` describe limits that are alike: their cell,
    the logarithms of the limits, and how many letters.
    """

    place: tuple[NDArray[np.int64], ...]
    letters: Floats
    exact: Floats
    total: Floats
    squares: Floats
    cell: NDArray[np.int64]
    low: Floats
    high: Floats
    count: Floats

    @property
    def open_letters(self) -> int:
        """Letters whose end was not seen."""
        return int(self.count[np.isinf(self.high)].sum())

    def pinned(self, by_pair: bool) -> LetterCells:
        """The cells whose effects the letters hold in place; the others would run off to infinity.

        A pair of which no time is known within two limits has no effect of its own; neither has an
        agency in a period. Letters of other pairs are left out until none is left.
        """
        sender, receiver, period, _ = self.place
        two_sided = np.isfinite(self.low) & np.isfinite(self.high)
        held = self.exact + np.bincount(
            self.cell[two_sided], self.count[two_sided], minlength=len(self.letters)
        )
        n = int(max(sender.max(), receiver.max())) + 1
        kinds = [sender * n + receiver] if by_pair else []
        when = period if by_pair else 0 * period
        kinds += [when * n + sender, when * n + receiver]
        kept = np.ones(len(held), dtype=bool)
        while True:
            before = kept.sum()
            for kind in kinds:
                kept &= np.bincount(kind, held * kept)[kind] > 0
            if kept.sum() == before:
                return self._only(kept)

    def _only(self, kept: NDArray[np.bool_]) -> LetterCells:
        number = np.cumsum(kept) - 1
        rows = kept[self.cell]
        return LetterCells(
            place=tuple(column[kept] for column in self.place),
            letters=self.letters[kept],
            exact=self.exact[kept],
            total=self.total[kept],
            squares=self.squares[kept],
            cell=number[self.cell[rows]],
            low=self.low[rows],
            high=self.high[rows],
            count=self.count[rows],
        )


def letter_cells(times: ResponseTimes) -> LetterCells:
    """The letters by cell. Times below half a minute are known to be below that, no more."""
    cell, shape = times.cells()
    size = int(np.prod(shape))
    counts = np.bincount(cell, minlength=size)
    found = np.flatnonzero(counts)
    number = np.full(size, -1)
    number[found] = np.arange(len(found))
    exact = (times.low == times.high) & (times.low > 0)
    logs = log_hours(times.low[exact] / 60)
    of_exact = number[cell[exact]]

    def summed(values: Any = None) -> Floats:
        return np.bincount(of_exact, values, minlength=len(found)).astype(float)

    limits = ~exact
    of, low, high, count = _alike(
        number[cell[limits]], times.low[limits].astype(np.int64), times.high[limits]
    )
    return LetterCells(
        place=tuple(np.unravel_index(found, shape)),
        letters=counts[found].astype(float),
        exact=summed(),
        total=summed(logs),
        squares=summed(logs**2),
        cell=of,
        low=low,
        high=high,
        count=count,
    )


def _alike(of: Any, low: Any, high: Any) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Limits in logarithms of hours, those that are alike put together."""
    rows = np.column_stack([of, low, high.astype(np.int64)])
    rows, count = np.unique(rows, axis=0, return_counts=True) if len(rows) else (rows, rows[:, 0])
    with np.errstate(divide="ignore"):
        below = np.log(rows[:, 1] / 60)
        upper = np.where(rows[:, 2] == NEVER, np.inf, np.maximum(rows[:, 2], _LEAST_MINUTES))
        above = np.log(upper / 60)
    return rows[:, 0], below, above, count.astype(float)


def maximise(cells: LetterCells, solved: WeightedDesign) -> tuple[Floats, Floats, float]:
    """Coefficients, fitted log hours by cell, and the standard deviation, at the maximum.

    Each round fills in the mean and the square of what limits leave open, and fits again.
    """
    n = cells.letters.sum()
    start = np.where(cells.exact > 0, cells.total / np.maximum(cells.exact, 1), np.nan)
    known = np.isfinite(start)
    if not known.any():
        raise UsageError("no letter has a known response time, so there is nothing to fit")
    mean = np.average(start[known], weights=cells.exact[known])
    sd = np.sqrt(max(cells.squares.sum() / cells.exact.sum() - mean**2, 1e-6))
    eta = np.where(known, start, mean)
    for _ in range(_ROUNDS):
        first, second = _filled(cells, eta, sd)
        filled = cells.total + first
        params, fitted = solved.solve(filled / solved.weights)
        squares = cells.squares.sum() + second.sum() - 2 * filled @ fitted
        sd = float(np.sqrt((squares + cells.letters @ fitted**2) / n))
        change = np.abs(fitted - eta).max()
        eta = fitted
        if change < _SETTLED:
            return params, eta, sd
    raise UsageError(
        f"the log-normal model did not settle in {_ROUNDS} rounds. Too many letters are open: "
        f"{cells.open_letters:,} of {n:,.0f}."
    )


def _filled(cells: LetterCells, eta: Floats, sd: float) -> tuple[Floats, Floats]:
    """Expected sum and sum of squares of the log hours known by limits, by cell."""
    mean, variance = _between(cells, eta, sd)
    value = eta[cells.cell] + sd * mean
    size = len(eta)
    first = np.bincount(cells.cell, cells.count * value, minlength=size)
    square = value**2 + sd**2 * variance
    return first, np.bincount(cells.cell, cells.count * square, minlength=size)


def _between(cells: LetterCells, eta: Floats, sd: float) -> tuple[Floats, Floats]:
    """Mean and variance of a standard normal number between the limits."""
    low = (cells.low - eta[cells.cell]) / sd
    high = (cells.high - eta[cells.cell]) / sd
    # Upper tails are mirrored, so that small shares keep their digits.
    mirrored = low > 0
    a = np.where(mirrored, -high, low)
    b = np.where(mirrored, -low, high)
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.maximum(ndtr(b) - ndtr(a), _TINY)
        below, above = _density(a), _density(b)
        mean = (below - above) / share
        second = (_times(a, below) - _times(b, above)) / share
        far = np.isinf(a) & (b < -8)
        tail = np.sqrt(2 / np.pi) / erfcx(np.where(far, -b, 0) / np.sqrt(2))
        mean = np.where(far, -tail, mean)
        second = np.where(far, tail * b, second)
    narrow = ~far & ((b - a < 1e-4) | (share <= 1e-14))
    middle = np.where(narrow, (np.maximum(a, -1e6) + np.minimum(b, 1e6)) / 2, 0)
    mean = np.where(narrow, middle, mean)
    variance = np.where(narrow, 0, np.clip(1 + second - mean**2, 0, 1))
    return np.where(mirrored, -mean, mean), variance


def _density(z: Floats) -> Floats:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _times(z: Floats, density: Floats) -> Floats:
    return np.where(np.isinf(z), 0, np.where(np.isinf(z), 0, z) * density)


def information(cells: LetterCells, eta: Floats, sd: float) -> tuple[Floats, Floats]:
    """Letters that each cell is worth, and the sum of its residuals, both with limits filled in.

    A letter that is known to the minute is worth one; of one known by limits the spread that is
    left open is taken off.
    """
    mean, variance = _between(cells, eta, sd)
    worth = cells.exact + np.bincount(cells.cell, cells.count * (1 - variance), len(eta))
    residual = cells.total - cells.exact * eta
    return worth, residual + np.bincount(cells.cell, cells.count * sd * mean, len(eta))
