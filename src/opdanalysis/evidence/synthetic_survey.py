"""Invented answers to a satisfaction survey with a known index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.evidence.satisfaction import ITEMS, POINTS, Survey


@dataclass(frozen=True)
class SurveyTruth:
    """Strata of users, each with the chances of the answers 1 to 4 for each item.

    `chances` is `(n_strata, 9, 4)`; `users` how many users each stratum has. `alike` from 0 to
    1 says how much one respondent's answers go together.
    """

    chances: NDArray[np.float64]
    users: NDArray[np.float64]
    alike: float

    @property
    def index(self) -> float:
        """The index if every user had answered."""
        means = self.chances @ np.arange(1, 5)
        return float(POINTS * np.average(means, axis=0, weights=self.users).mean())


def survey_truth(middles: Sequence[float], users: Sequence[float], alike: float) -> SurveyTruth:
    """Chances from a middle by stratum on a hidden scale; `time` and `complaints` are weaker."""
    from scipy.special import ndtr

    shift = np.array([-0.7 if item in ("time", "complaints") else 0.1 for item in ITEMS])
    cuts = np.array([-np.inf, -2.2, -1.0, 0.6, np.inf])
    middle = np.asarray(middles, dtype=float)[:, None] + shift
    chances = np.diff(ndtr(cuts - middle[..., None]), axis=-1)
    return SurveyTruth(chances, np.asarray(users, dtype=float), alike)


def synthetic_survey(truth: SurveyTruth, respondents: Sequence[int], seed: Any) -> Survey:
    """Invented answers: so many respondents of each stratum, weighted to its users."""
    from scipy.special import ndtr

    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(len(respondents)), respondents)
    own = rng.normal(size=(len(strata), 1)) * np.sqrt(truth.alike)
    hidden = own + rng.normal(size=(len(strata), len(ITEMS))) * np.sqrt(1 - truth.alike)
    steps = truth.chances.cumsum(axis=-1)[strata, :, :-1]
    answers = 1 + (ndtr(hidden)[..., None] > steps).sum(axis=-1)
    weights = (truth.users / np.asarray(respondents))[strata]
    return Survey(answers.astype(float), weights, strata, synthetic=True)
