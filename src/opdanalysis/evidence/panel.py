"""A panel: units by months, an outcome, and when each unit moved, was to move, or got crowded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.methods.did_timing import NEVER


@dataclass(frozen=True, eq=False)
class Panel:
    """Outcomes of N units over T months (or years), and their moves as period numbers from 0.

    A period number is NEVER for a move that did not come; it may lie before or after the panel.
    `outcome` is `(N, T)` with NaN where nothing is known. `moved` is the move as done, `announced`
    the move as announced, `crowded` the month from which others sit in the unit's own building.
    `moved_to` and `announced_to` name the building ("" for none); for a unit that is crowded and
    stays, `moved_to` is its own building. `share_moved` is the part of the unit that moved: 1, or
    less where only a counter did. Units of one `stratum` could have changed places.
    """

    units: tuple[str, ...]
    periods: pd.PeriodIndex
    outcome: np.ndarray
    moved: np.ndarray
    moved_to: tuple[str, ...]
    announced: np.ndarray
    announced_to: tuple[str, ...]
    share_moved: np.ndarray
    crowded: np.ndarray
    stratum: tuple[str, ...]
    name: str
    synthetic: bool = False

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.periods))
        if self.outcome.shape != shape:
            raise UsageError(
                f"the outcome of a panel of {shape[0]} units and {shape[1]} periods has the shape "
                f"{self.outcome.shape}; expected {shape}."
            )

    @property
    def n_units(self) -> int:
        """Number of units, N."""
        return len(self.units)

    @property
    def n_periods(self) -> int:
        """Number of periods, T."""
        return len(self.periods)

    @property
    def label(self) -> str:
        """Name of the outcome, with a word where the data are synthetic."""
        return f"{self.name} (synthetic data)" if self.synthetic else self.name

    def period(self, number: int) -> str:
        """A period number as a date: 2026-02; "" for NEVER."""
        return "" if number >= NEVER else str(self.periods[0] + int(number))

    def with_outcome(self, outcome: np.ndarray, name: str) -> Panel:
        """The same units and moves with another outcome, `(N, T)`."""
        return replace(self, outcome=outcome, name=name)

    def earlier_moves(self, periods: int) -> Panel:
        """A placebo: the moves that many periods earlier, without what came after the true ones."""
        first = np.minimum(np.minimum(self.moved, self.announced), self.crowded)
        before = np.arange(self.n_periods) < first[:, None]

        def earlier(moved: np.ndarray) -> np.ndarray:
            return np.where(moved >= NEVER, NEVER, moved - periods)

        return replace(
            self,
            outcome=np.where(before, self.outcome, np.nan),
            moved=earlier(self.moved),
            announced=earlier(self.announced),
            crowded=earlier(self.crowded),
        )

    def frame(self) -> pd.DataFrame:
        """The panel as `panel_from_frame` reads it: one row per unit and month with an outcome."""
        rows, columns = np.nonzero(~np.isnan(self.outcome))

        def dates(numbers: np.ndarray) -> list[str]:
            return [self.period(number) for number in numbers[rows]]

        def words(names: tuple[str, ...]) -> list[str]:
            return [names[row] for row in rows]

        return pd.DataFrame(
            {
                "unit": words(self.units),
                "month": self.periods.astype(str)[columns],
                "outcome": self.outcome[rows, columns],
                "moved": dates(self.moved),
                "moved_to": words(self.moved_to),
                "announced": dates(self.announced),
                "announced_to": words(self.announced_to),
                "share_moved": self.share_moved[rows],
                "crowded": dates(self.crowded),
                "stratum": words(self.stratum),
            }
        )
