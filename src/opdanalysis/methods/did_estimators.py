"""The five estimators behind one face: overall effect, event times, cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods import did_weights as did
from opdanalysis.methods.did_timing import Timing

Name = Literal["imputation", "callaway_santanna", "sun_abraham", "two_way"]
NAMES: tuple[str, ...] = get_args(Name)


@dataclass(frozen=True)
class Estimator:
    """A way to hold those who moved against those who did not (yet).

    `controls` ("not_yet" or "never") and `base` ("universal": the last period before the effect;
    "varying": before the move always the period before) concern Callaway and Sant'Anna; `trends`,
    a straight line per unit, the imputation.
    """

    name: Name
    controls: did.Controls = "not_yet"
    base: did.Base = "universal"
    trends: bool = False

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise UsageError(
                f"there is no estimator '{self.name}'. {did_you_mean(self.name, NAMES)}"
            )
        for word, allowed in (
            (self.controls, get_args(did.Controls)),
            (self.base, get_args(did.Base)),
        ):
            if word not in allowed:
                raise UsageError(f"'{word}' is not known. {did_you_mean(word, allowed)}")
        if self.trends and self.name != "imputation":
            raise UsageError("trends per unit go with the estimator 'imputation' only.")

    def identified(self, timing: Timing) -> np.ndarray:
        """Cells of movers for which this estimator has a comparison, `(N, T)` bool."""
        if self.name == "imputation":
            return did.imputation_identified(timing, self.trends) & timing.treated
        if self.name == "callaway_santanna":
            return did.callaway_santanna_identified(timing, self.controls, self.base)
        if self.name == "sun_abraham":
            return did.sun_abraham_identified(timing)
        return timing.usable & (timing.event > -timing.n_periods)

    def share_identified(self, timing: Timing) -> float:
        """Share of the cells from the move on that have a comparison [1]."""
        treated = timing.treated
        return float((self.identified(timing) & treated).sum() / max(treated.sum(), 1))

    def overall(self, timing: Timing) -> np.ndarray:
        """Weights of the mean effect over all cells from the move on, `(1, N, T)`.

        The mean is over the identified ones; two-way fixed effects weigh them in their own way.
        """
        if self.name == "two_way":
            return did.two_way_weights(timing)
        return self._weights(timing, (self.identified(timing) & timing.treated)[None])

    def by_event(self, timing: Timing, events: Sequence[int]) -> np.ndarray:
        """Weights of the mean effect at each event time, `(K, N, T)`; zero at the base period."""
        if self.name == "two_way":
            return did.two_way_events(timing, events)
        identified = self.identified(timing)
        cells = np.stack([identified & (timing.event == event) for event in events])
        if self.name != "imputation":
            return self._weights(timing, cells)
        weights = self._weights(timing, cells)
        leads = [event for event in events if event < -timing.anticipation]
        if leads:
            before = [event < -timing.anticipation for event in events]
            weights[before] = did.imputation_leads(timing, leads, self.trends)
        return weights

    def by_cohort(self, timing: Timing, cohorts: Sequence[int]) -> np.ndarray:
        """Weights of the mean effect on each cohort from its move on, `(K, N, T)`."""
        if self.name == "two_way":
            raise UsageError(
                "two-way fixed effects know one effect for all; take another estimator for cohorts."
            )
        identified = self.identified(timing) & timing.treated
        cells = np.stack([identified & (timing.moved == cohort)[:, None] for cohort in cohorts])
        return self._weights(timing, cells)

    def _weights(self, timing: Timing, cells: np.ndarray) -> np.ndarray:
        targets = did.equal_parts(cells)
        if self.name == "imputation":
            return did.imputation_weights(timing, targets, self.trends)
        if self.name == "callaway_santanna":
            return did.callaway_santanna_weights(timing, targets, self.controls, self.base)
        return did.sun_abraham_weights(timing, targets)
