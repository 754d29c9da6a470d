"""Letters between agencies: who wrote to whom, when, whether an answer came, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.evidence.letter_calendar import DAY, Stamps

MISSING = np.int32(np.iinfo(np.int32).min)
"""The stamp of what has not happened, such as the answer to an open letter."""

STAGES = ("received", "opened", "dispositioned")
"""Stamps between sending and answering that a log may have."""

DAYS_PER_YEAR = 365.25
MONTH = 30.4375 * DAY

Whole = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Places:
    """Where each agency sat, period by period; a period begins when somebody moves.

    `starts` are the stamps at which the second and later periods begin, `(n_periods - 1,)`;
    `building` says where each agency sat, `(n_periods, n_agencies)`.
    """

    starts: Stamps
    building: Whole

    def __post_init__(self) -> None:
        if len(self.building) != len(self.starts) + 1:
            raise UsageError("there must be one row of places more than there are moves")
        if (np.diff(self.starts) <= 0).any():
            raise UsageError("the periods do not begin in rising order")

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return len(self.building)

    def period(self, stamps: Stamps) -> NDArray[np.int16]:
        """The period of each stamp."""
        return np.searchsorted(self.starts, stamps, side="right").astype(np.int16)

    def together(self, period: Whole, one: Whole, other: Whole) -> NDArray[np.bool_]:
        """Whether two agencies sat in one building."""
        return self.building[period, one] == self.building[period, other]

    def next_move(self, period: Whole, one: Whole, other: Whole) -> Stamps:
        """The stamp at which one of two agencies next leaves its building; far off if none does."""
        leaves = np.full(self.building.shape, np.iinfo(np.int32).max, dtype=np.int32)
        for place in range(self.periods - 2, -1, -1):
            moves = self.building[place + 1] != self.building[place]
            leaves[place] = np.where(moves, self.starts[place], leaves[place + 1])
        return np.minimum(leaves[period, one], leaves[period, other])


@dataclass(frozen=True, eq=False)
class LetterLog:
    """Letters as columns, `(n_letters,)` each.

    `sender`, `receiver` and `layer` are places in `agencies` and `layers`; `sent`, `answered` and
    the `stages` are stamps, `MISSING` where there is none. `exported` is the stamp up to which the
    log runs: an open letter was still open then. `returned` says whether the letter came back
    before it was answered, if the log has it.
    """

    agencies: tuple[str, ...]
    layers: tuple[str, ...]
    sender: Whole
    receiver: Whole
    layer: Whole
    sent: Stamps
    answered: Stamps
    exported: int
    stages: Mapping[str, Stamps]
    returned: NDArray[np.bool_] | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        sizes = {len(c) for c in (self.sender, self.receiver, self.layer, self.sent, self.answered)}
        if len(sizes) != 1:
            raise UsageError(f"the columns of the log have different lengths: {sorted(sizes)}")

    def __len__(self) -> int:
        return len(self.sent)

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether a letter had no answer when the log was exported."""
        return self.answered == MISSING

    @property
    def years(self) -> float:
        """Time from the first letter to the export [year]."""
        return float(self.exported - self.sent.min()) / DAY / DAYS_PER_YEAR

    @cached_property
    def share_open(self) -> float:
        """Letters without an answer, as a share [1]."""
        return float(self.is_open.mean())

    def ties(self) -> pd.DataFrame:
        """Letters a year by sender, receiver and layer, with their 5% and 95% limits.

        `contacts_per_year` is letters by years. Limits: a gamma law with as many letters, spread by
        the dispersion of the counts of months (1 where letters come independently of each other).
        """
        n, kinds = len(self.agencies), len(self.layers)
        key = self.sender.astype(np.int64)
        for size, column in ((n, self.receiver), (kinds, self.layer)):
            key *= size
            key += column
        letters = np.bincount(key, minlength=n * n * kinds)
        found = np.flatnonzero(letters)
        counts = letters[found]
        spread = self.dispersion(key, letters)
        low, high = _gamma_limits(counts / spread)
        return pd.DataFrame(
            {
                "from_agency": np.array(self.agencies)[found // kinds // n],
                "to_agency": np.array(self.agencies)[found // kinds % n],
                "layer": np.array(self.layers)[found % kinds],
                "letters": counts,
                "contacts_per_year": counts / self.years,
                "low": low * spread / self.years,
                "high": high * spread / self.years,
            }
        )

    def dispersion(self, key: NDArray[np.int64], letters: Whole) -> float:
        """How much more the counts of months vary than independent letters would; at least 1."""
        month = ((self.sent - self.sent.min()) // MONTH).astype(np.int64)
        months = int(month.max()) + 1
        if months < 3:
            return 1.0
        whole = month < months - 1  # the last month is cut off by the export
        month += key * (months - 1)
        counted = np.bincount(month[whole])
        squares = np.bincount(np.flatnonzero(counted) // (months - 1), counted[counted > 0] ** 2.0)
        totals = np.add.reduceat(counted, np.arange(0, len(counted), months - 1)).astype(float)
        seen = totals > 0
        mean = totals[seen] / (months - 1)
        pearson = (squares[seen] - (months - 1) * mean**2) / mean
        return max(1.0, float(pearson.sum() / (seen.sum() * (months - 2))))


def _gamma_limits(counts: NDArray[np.float64]) -> tuple[Any, Any]:
    from scipy.special import gammaincinv

    return gammaincinv(counts + 0.5, 0.05), gammaincinv(counts + 0.5, 0.95)


def letters_needed(log_sd: float, ratio: float, level: float, power: float) -> float:
    """Answered letters that each of two groups needs to tell a ratio of times from 1.

        n = 2 (z(1 - level / 2) + z(power))^2 (log_sd / log ratio)^2

    For log-normal times and independent letters; letters of one pair are less than independent.
    """
    from scipy.special import ndtri

    reach = ndtri(1 - level / 2) + ndtri(power)
    return float(2 * (reach * log_sd / np.log(ratio)) ** 2)
