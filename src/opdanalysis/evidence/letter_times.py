"""Models of response times: Kaplan-Meier, Cox, and log-normal with effects of agencies or pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError
from opdanalysis.evidence.letter_cells import LetterCells, information, letter_cells, maximise
from opdanalysis.evidence.pair_effects import PairDesign
from opdanalysis.evidence.pair_result import PairResult
from opdanalysis.evidence.response_times import ResponseTimes

Floats = NDArray[np.float64]
Effects = Literal["agencies", "pairs"]

TOGETHER = "together"
"""The term for both agencies sitting in one building."""


def kaplan_meier(times: ResponseTimes, together: bool | None = None) -> pd.DataFrame:
    """Share of letters still without an answer after so many working hours.

    Columns `hours`, `open`, `low`, `high` (95%, log-log). Letters whose end was not seen count as
    long as they were seen; one stamped in bulk counts with the middle of its limits. `together`
    keeps the letters of agencies in one building, or of the others. Independent letters are taken
    for granted, so the limits are too narrow where letters of a pair are alike. Shares are those of
    statsmodels, limits follow Greenwood (statsmodels leaves out the weights there).
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    kept = np.ones(len(times), bool) if together is None else times.together == together
    if not kept.any():
        raise UsageError("there is no letter of this kind, so nothing to draw")
    half_minutes = np.rint(times.hours[kept] * 120).astype(np.int64)
    key = half_minutes * 2 + ~times.is_open[kept]
    values, counts = np.unique(key, return_counts=True)
    found = SurvfuncRight(
        np.maximum(values // 2, 1) / 120, values % 2, freq_weights=counts.astype(float)
    )
    share = np.asarray(found.surv_prob)
    died, at_risk = np.asarray(found.n_events), np.asarray(found.n_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(died / (at_risk * (at_risk - died)))
        factor = np.exp(np.minimum(1.96 * np.sqrt(greenwood) / np.abs(np.log(share)), 100))
    low, high = (np.where(share > 0, share**power, 0) for power in (factor, 1 / factor))
    return pd.DataFrame({"hours": found.surv_times, "open": share, "low": low, "high": high})


def cox(times: ResponseTimes, most: int, seed: Any) -> Any:
    """Cox regression of being answered on `together` and layers, strata by receiver and period.

    A hazard ratio above 1 means quicker answers. At most `most` letters, drawn by `seed`, enter.
    Returns the result of statsmodels' PHReg with errors clustered by pair. It takes no effect of
    the sender, and is meant as a second opinion beside `LogNormalTimes`.
    """
    from statsmodels.duration.hazard_regression import PHReg

    log = times.log
    chosen = np.arange(len(times))
    if len(chosen) > most:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, most, replace=False))
    columns = {TOGETHER: times.together[chosen].astype(float)}
    for place, name in enumerate(log.layers[1:], start=1):
        columns[name] = (log.layer[chosen] == place).astype(float)
    low = np.minimum(log.sender, log.receiver)[chosen].astype(np.int64)
    high = np.maximum(log.sender, log.receiver)[chosen]
    model = PHReg(
        np.maximum(times.hours[chosen], 0.5 / 60),
        pd.DataFrame(columns),
        status=(~times.is_open[chosen]).astype(int),
        strata=log.receiver[chosen].astype(np.int64) * times.places.periods + times.period[chosen],
    )
    return model.fit(groups=low * len(log.agencies) + high)


@dataclass(frozen=True, eq=False)
class LogNormalTimes:
    """Log-normal response times with effects of agencies, or of pairs.

    effects="pairs"
        log hours = together + layer + pair + sender in period + receiver in period + error:
        before against after, within pairs, beside all that moving did to the agencies as such.
        Needs `Places` with a move.
    effects="agencies"
        log hours = together + layer + sender + receiver + period + error: pairs in one building
        against others. Pairs that sit together may differ in other ways too.

    `fit()` is maximum likelihood with open letters and answers stamped in bulk as known between
    limits, by expectation and maximisation over cells.
    """

    times: ResponseTimes
    effects: Effects = "pairs"

    def fit(self) -> PairResult:
        """The fit. Raises UsageError where the effects leave nothing of `together`."""
        everything = letter_cells(self.times)
        cells = everything.pinned(self.effects == "pairs")
        silent = int(everything.letters.sum() - cells.letters.sum())
        terms, columns = self._columns(cells)
        design = PairDesign(
            terms, columns, *cells.place[:3], len(self.times.log.agencies), self.effects == "pairs"
        )
        solved = design.weighted(cells.letters)
        params, eta, sd = maximise(cells, solved)
        weights, score = information(cells, eta, sd)
        final = design.weighted(np.maximum(weights, 1e-12 * weights.max()))
        covariance, df = final.clustered(score / final.weights)
        unseen = cells.open_letters
        sd *= np.sqrt(len(self.times) / max(len(self.times) - solved.rank, 1))
        return PairResult(
            title=f"Log-normal response times, effects of {self.effects}",
            params=pd.Series(params, index=terms),
            covariance=pd.DataFrame(covariance, index=terms, columns=terms),
            df=pd.Series(df, index=terms),
            nobs=len(self.times),
            facts={
                "Letters": f"{len(self.times):,}",
                "Without an answer seen": f"{unseen:,}",
                "Stamped in bulk": f"{int(self.times.bulk.sum()):,}",
                "Pairs": f"{len(np.unique(design.clusters)):,}",
                "SD of log hours": f"{sd:.3f}",
            },
            notes=("A ratio below 1 means quicker answers.",)
            + ((f"{silent:,} letters of pairs without any known time left out.",) * (silent > 0))
            + (("Invented letters.",) if self.times.log.synthetic else ()),
            log_sd=sd,
        )

    def _columns(self, cells: LetterCells) -> tuple[tuple[str, ...], Floats]:
        sender, receiver, period, layer = cells.place
        together = self.times.places.together(period, sender, receiver)
        present = np.unique(layer)
        names = [self.times.log.layers[place] for place in present[1:]]
        others = [(layer == place).astype(float) for place in present[1:]]
        return (TOGETHER, *names), np.column_stack([together.astype(float), *others])
