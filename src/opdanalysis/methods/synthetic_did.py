"""Synthetic difference-in-differences: movers of one period against weighted units and periods.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021). Unit weights make the mean of those who
stayed run parallel to the movers before the move; time weights make the periods before it stand for
those after it, as seen among those who stayed. With uniform weights it is two-way
difference-in-differences; without differences it would be a synthetic control. Errors come from
placebos: as many of those who stayed, treated as if they had moved (their algorithm 4), which
supposes that movers and others are equally noisy and that each has its own errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.move_assignments import ALL_UP_TO
from opdanalysis.methods.synthetic_control import simplex_weights

TIME_SHARE = 1e-6
"""Regularisation of the time weights as a part of the noise: enough to make them unique."""

FEWEST_BEFORE = 3
"""Periods before the move that are needed to see noise and weigh them."""


@dataclass(frozen=True, eq=False)
class SyntheticDiDEstimate:
    """The estimate of T periods: `effect`, weights of J units and of the periods before the move.

    `penalty` is what keeps the unit weights spread, zeta in the paper, in units of the outcome.
    """

    effect: float
    unit_weights: np.ndarray
    time_weights: np.ndarray
    penalty: float


@dataclass(frozen=True, eq=False)
class Placebos:
    """Estimates for sets of units that stayed, `(R,)`, and how many sets there are.

    `sd` is their root mean squared distance from their mean, the placebo error.
    """

    effects: np.ndarray = field(repr=False)
    possible: int
    complete: bool

    @property
    def sd(self) -> float:
        """Spread of the placebo effects, the error of the estimate; NaN for fewer than two."""
        return float(self.effects.std()) if len(self.effects) > 1 else np.nan

    def pvalue(self, effect: float) -> float:
        """Share of placebos, the estimate among them, that are at least as large [1], or NaN."""
        if not len(self.effects):
            return np.nan
        larger = int((np.abs(self.effects) >= abs(effect) * (1 - 1e-9)).sum())
        return (1 + larger) / (1 + len(self.effects))


def synthetic_did(moved: np.ndarray, stayed: np.ndarray, n_before: int) -> SyntheticDiDEstimate:
    """The mean effect on outcomes `moved` `(M, T)` beside `stayed` `(J, T)`, from `n_before` on.

    The penalty of the unit weights is (M * periods after)^(1/4) times the standard deviation of the
    changes from one period to the next among those who stayed, before the move. Raises UsageError
    for gaps and for too few units or periods.
    """
    _check(moved, stayed, n_before)
    noise = float(np.diff(stayed[:, :n_before], axis=1).std())
    n_after = stayed.shape[1] - n_before
    penalty = float((len(moved) * n_after) ** 0.25 * noise)
    before, target = stayed[:, :n_before], moved[:, :n_before].mean(axis=0)
    unit_weights = penalised_weights(before.T, target, penalty)
    after = stayed[:, n_before:].mean(axis=1)
    time_weights = penalised_weights(before, after, TIME_SHARE * noise)
    effect = weighted_difference(moved, stayed, unit_weights, time_weights)
    return SyntheticDiDEstimate(effect, unit_weights, time_weights, penalty)


def weighted_difference(
    moved: np.ndarray, stayed: np.ndarray, unit_weights: np.ndarray, time_weights: np.ndarray
) -> float:
    """Change of the movers less the weighted change of the others, for any such weights."""

    def change(outcome: np.ndarray) -> np.ndarray:
        n_before = len(time_weights)
        return np.asarray(
            outcome[..., n_before:].mean(axis=-1) - outcome[..., :n_before] @ time_weights
        )

    return float(change(moved).mean() - unit_weights @ change(stayed))


def penalised_weights(columns: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    """Weights, not negative and summing to one, that bring columns `(n, J)` parallel to a target.

    They minimise |constant + columns w - target|^2 + penalty^2 n |w|^2.
    """
    rows, width = columns.shape
    apart = columns - columns.mean(axis=0)
    ridge = penalty * np.sqrt(rows) * np.eye(width)
    return simplex_weights(
        np.vstack([apart, ridge]), np.concatenate([target - target.mean(), np.zeros(width)])
    )


def placebo_effects(
    stayed: np.ndarray, n_moved: int, n_before: int, draws: int, seed: Any
) -> Placebos:
    """Estimates for `n_moved` of the units that stayed, held against the others.

    All sets are taken where there are at most 10,000 of them and no more than `draws`; otherwise
    `draws` of them are drawn (`seed` or generator). Raises UsageError where as many as moved, and
    two more, did not stay.
    """
    count = len(stayed)
    if count < n_moved + 2:
        raise UsageError(
            f"{count} units stayed; a placebo for {n_moved} that moved needs at least "
            f"{n_moved + 2}."
        )
    possible = comb(count, n_moved)
    complete = possible <= min(ALL_UP_TO, draws)
    if complete:
        sets = [np.array(chosen) for chosen in combinations(range(count), n_moved)]
    else:
        rng = np.random.default_rng(seed)
        sets = [rng.choice(count, n_moved, replace=False) for _ in range(draws)]
    effects = [
        synthetic_did(stayed[chosen], np.delete(stayed, chosen, axis=0), n_before).effect
        for chosen in sets
    ]
    return Placebos(np.array(effects), possible, complete)


def _check(moved: np.ndarray, stayed: np.ndarray, n_before: int) -> None:
    n_periods = stayed.shape[1]
    if not FEWEST_BEFORE <= n_before < n_periods:
        raise UsageError(
            f"{n_before} of {n_periods} periods lie before the move; synthetic "
            f"difference-in-differences needs at least {FEWEST_BEFORE} before and one after."
        )
    if len(stayed) < 2 or not len(moved):
        raise UsageError(
            f"{len(moved)} units moved and {len(stayed)} stayed; synthetic "
            "difference-in-differences needs at least one and two."
        )
    if np.isnan(moved).any() or np.isnan(stayed).any():
        raise UsageError(
            "synthetic difference-in-differences needs every period of every unit; leave out units "
            "with gaps or shorten the panel."
        )
