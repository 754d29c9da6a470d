"""How many more letters two agencies write to each other when they sit in one building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.evidence.letter_times import TOGETHER, Effects
from opdanalysis.evidence.letters import LetterLog, Places
from opdanalysis.evidence.pair_effects import PairDesign
from opdanalysis.evidence.pair_result import PairResult

_STEPS = 100
_SETTLED = 1e-9
_FAR = 30.0  # logarithms of counts farther than this from the start are cut


@dataclass(frozen=True, eq=False)
class LetterCounts:
    """Poisson pseudo-likelihood for letters by pair and period, with effects as `LogNormalTimes`.

    Only that the mean is a product is taken from Poisson; the errors allow any spread. Pairs that
    never write say nothing where pairs have effects, and are left out. `among` keeps some pairs,
    `(n_agencies, n_agencies)` of truth, such as those with a tie by duty.
    """

    log: LetterLog
    places: Places
    effects: Effects = "pairs"
    among: NDArray[np.bool_] | None = None

    def fit(self) -> PairResult:
        """The fit. Raises UsageError where the effects leave nothing of `together`."""
        counts, exposure, cells = self._cells()
        n = len(self.log.agencies)
        sender, receiver, period = cells
        together = self.places.together(period, sender, receiver).astype(float)
        design = PairDesign(
            (TOGETHER,), together[:, None], sender, receiver, period, n, self.effects == "pairs"
        )
        offset = np.log(exposure[period])
        eta = np.log(np.maximum(counts, 0.5))
        for _ in range(_STEPS):
            mu = np.exp(eta)
            weighted = design.weighted(mu)
            params, fitted = weighted.solve(eta - offset + (counts - mu) / mu)
            new = np.clip(fitted + offset, -_FAR, _FAR)
            change = np.abs(np.exp(new / 2) - np.exp(eta / 2)).max()
            eta = new
            if change < _SETTLED * max(1.0, np.exp(eta.max() / 2)):
                break
        else:
            raise UsageError(
                "the Poisson fit does not settle: some pairs write only while together, or only "
                "while apart, so that no finite ratio is best"
            )
        mu = np.exp(eta)
        final = design.weighted(mu)
        covariance, df = final.clustered((counts - mu) / mu)
        terms = list(design.terms)
        return PairResult(
            title=f"Letters by pair and period (Poisson), effects of {self.effects}",
            params=pd.Series(params, index=terms),
            covariance=pd.DataFrame(covariance, index=terms, columns=terms),
            df=pd.Series(df, index=terms),
            nobs=len(counts),
            facts={
                "Letters": f"{counts.sum():,.0f}",
                "Cells of pair and period": f"{len(counts):,}",
                "Pairs": f"{len(np.unique(design.clusters)):,}",
            },
            notes=("A ratio above 1 means more letters when together.",)
            + (("Invented letters.",) if self.log.synthetic else ()),
        )

    def _cells(self) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple]:
        """Letters of each used pair and period, days by period, and the places of the cells."""
        n, periods = len(self.log.agencies), self.places.periods
        period = self.places.period(self.log.sent)
        key = (self.log.sender.astype(np.int64) * n + self.log.receiver) * periods + period
        counts = np.bincount(key, minlength=n * n * periods).reshape(n, n, periods)
        edges = [int(self.log.sent.min()), *self.places.starts.tolist(), self.log.exported]
        exposure = np.diff(np.array(edges, dtype=float)) / (24 * 60)
        if (exposure <= 0).any():
            raise UsageError("a move lies outside the time of the log; leave it out of the places")
        used = ~np.eye(n, dtype=bool) if self.among is None else self.among & ~np.eye(n, dtype=bool)
        used &= (counts.sum(axis=(1, 2)) > 0)[:, None] & (counts.sum(axis=(0, 2)) > 0)[None, :]
        if self.effects == "pairs":
            used &= counts.sum(axis=2) > 0
        chosen = np.repeat(used[:, :, None], periods, axis=2)
        if self.effects == "pairs":  # agencies silent for a whole later period have no effect in it
            for later in range(1, periods):
                now = counts[:, :, later] * used
                silent = (now.sum(axis=1) == 0)[:, None] | (now.sum(axis=0) == 0)[None, :]
                chosen[:, :, later] &= ~silent
        sender, receiver, of_period = np.nonzero(chosen)
        return counts[chosen].astype(float), exposure, (sender, receiver, of_period)
