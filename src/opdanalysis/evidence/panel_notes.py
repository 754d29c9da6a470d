"""What a reader of a fitted panel has to know: few buildings, missing comparisons, noisy movers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from opdanalysis.evidence.panel_did import DiDFit

FEW_CLUSTERS = 6
"""Below this many treated clusters the reader is warned and told the degrees of freedom."""

NOISE_LIMIT = 1.5
"""Movers whose errors spread this much wider or narrower before the move are called out."""


def unevenly_noisy(ratio: float) -> bool:
    """Whether movers and others are not equally noisy; False where the ratio is not known."""
    return not np.isnan(ratio) and not 1 / NOISE_LIMIT < ratio < NOISE_LIMIT


def notes_of(fit: DiDFit) -> tuple[str, ...]:
    """The notes of a fit, the gravest first."""
    return tuple(
        note
        for note in (_few(fit), _missing(fit), _negative(fit), _noisy(fit), _early(fit))
        if note
    )


def _few(fit: DiDFit) -> str:
    clusters, df = fit.n_treated_clusters, fit.jackknife.df[0]
    if clusters < 2:
        return (
            f"{_many(fit.n_treated, 'unit')} moved to one building, which is one move: no standard "
            "error can be had, for its effect cannot be told from whatever else happened there. "
            "Read the randomisation test, or a synthetic control as a case."
        )
    if clusters < FEW_CLUSTERS:
        return (
            f"Only {clusters} buildings were moved to: the error has {df:.1f} degrees of freedom, "
            f"and the 95% interval reaches {stats.t.ppf(0.975, df):.1f} errors to either side."
        )
    return ""


def _missing(fit: DiDFit) -> str:
    if fit.share_identified == 1:
        return ""
    return (
        f"{fit.share_identified:.0%} of the unit-months from the move on have a comparison; the "
        "estimate is the mean over those."
    )


def _negative(fit: DiDFit) -> str:
    if fit.negative_weight > -1e-9:
        return ""
    return (
        "Some moved unit-months count negatively (their weights sum to "
        f"{fit.negative_weight:.2f}): effects that grow are understated, or change sign."
    )


def _noisy(fit: DiDFit) -> str:
    if not unevenly_noisy(fit.noise_ratio):
        return ""
    return (
        f"Before the move the errors of movers spread {fit.noise_ratio:.1f} times as wide as those "
        "of the others: do not randomise on the coefficient."
    )


def _early(fit: DiDFit) -> str:
    early = int(((fit.timing.moved <= 0) & fit.timing.usable.any(axis=1)).sum())
    if not early:
        return ""
    return (
        f"{_many(early, 'unit')} moved before the second month of the panel and cannot be held "
        "against an own past."
    )


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
