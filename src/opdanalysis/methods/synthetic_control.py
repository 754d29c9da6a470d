"""One unit that moved against a weighted mean of units that did not, judged by placebo ranks.

Abadie, Diamond and Hainmueller (2010). Weights are not negative and sum to one, so that the control
never leaves the range of its donors. There is no standard error with one unit: the rank of its
ratio of errors after and before among all donors treated as if they had moved is all there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import optimize

from opdanalysis.errors import UsageError


@dataclass(frozen=True, eq=False)
class SyntheticControl:
    """A control for one unit: `weights` over J donors, and `gap` = outcome - control, `(T,)`.

    `importance` are the weights of the predictors, one each where only the outcomes before the
    move were matched. `ratio` is the root mean squared gap after the move over that before.
    """

    weights: np.ndarray
    importance: np.ndarray
    gap: np.ndarray
    n_before: int

    @property
    def effect(self) -> float:
        """Mean gap from the move on."""
        return float(self.gap[self.n_before :].mean())

    @property
    def error_before(self) -> float:
        """Root mean squared gap before the move."""
        return float(np.sqrt((self.gap[: self.n_before] ** 2).mean()))

    @property
    def error_after(self) -> float:
        """Root mean squared gap from the move on."""
        return float(np.sqrt((self.gap[self.n_before :] ** 2).mean()))

    @property
    def ratio(self) -> float:
        """Error after over error before; infinite for a perfect fit before."""
        return self.error_after / self.error_before if self.error_before > 0 else np.inf


def synthetic_control(
    outcome: np.ndarray,
    donors: np.ndarray,
    n_before: int,
    predictors: np.ndarray | None = None,
    donor_predictors: np.ndarray | None = None,
    starts: int = 0,
    seed: Any = None,
) -> SyntheticControl:
    """The synthetic control of outcomes `(T,)` from donors `(J, T)`, matched before `n_before`.

    Without predictors the weights are those that fit the outcomes before the move best. With
    `predictors` `(P,)` and `donor_predictors` `(J, P)` they fit the predictors, whose importance is
    chosen, from `starts` starting points (`seed` or generator), so that the outcomes are fitted
    best. Raises UsageError for gaps in the outcomes, and for too few donors or periods.
    """
    _check(outcome, donors, n_before)
    before, donors_before = outcome[:n_before], donors[:, :n_before]
    if predictors is None or donor_predictors is None:
        importance = np.ones(n_before)
        weights = simplex_weights(donors_before.T, before)
    else:
        importance, weights = _nested(
            before, donors_before, predictors, donor_predictors, starts, seed
        )
    return SyntheticControl(weights, importance, outcome - weights @ donors, n_before)


@dataclass(frozen=True, eq=False)
class PlaceboRanks:
    """Where a unit stands among donors that are treated as if they had moved.

    `ratios` holds the unit first, then the donors. `rank` 1 is the largest ratio of errors after
    and before; `pvalue` is rank over `n_units`, which cannot be below 1 over their number. `gaps`
    is `(1 + J, T)`.
    """

    ratios: np.ndarray
    rank: int
    pvalue: float
    n_units: int
    gaps: np.ndarray = field(repr=False)


def placebo_ranks(outcome: np.ndarray, donors: np.ndarray, n_before: int) -> PlaceboRanks:
    """The rank of the unit among all donors, each matched by the other donors before the move.

    The unit itself is never a donor of a placebo. All are matched on outcomes before the move.
    """
    found = [synthetic_control(outcome, donors, n_before)]
    found += [
        synthetic_control(donors[donor], np.delete(donors, donor, axis=0), n_before)
        for donor in range(len(donors))
    ]
    ratios = np.array([control.ratio for control in found])
    rank = int((ratios >= ratios[0] * (1 - 1e-9)).sum())
    return PlaceboRanks(
        ratios, rank, rank / len(found), len(found), np.array([control.gap for control in found])
    )


def simplex_weights(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights, not negative and summing to one, of columns `(n, J)` that come nearest to a target.

    With D the columns less the target, the least |D w| over the simplex is, up to its sum, the
    non-negative w with the least |D w|^2 + (sum of w - 1)^2.
    """
    apart = columns - target[:, None]
    size = np.abs(apart).max()
    tall = np.vstack([apart / (size or 1.0), np.ones(columns.shape[1])])
    found, _ = optimize.nnls(tall, np.concatenate([np.zeros(len(target)), [1.0]]))
    return np.asarray(found / found.sum())


def _nested(
    before: np.ndarray,
    donors_before: np.ndarray,
    predictors: np.ndarray,
    donor_predictors: np.ndarray,
    starts: int,
    seed: Any,
) -> tuple[np.ndarray, np.ndarray]:
    spread = np.vstack([predictors, donor_predictors]).std(axis=0, ddof=1)
    if (spread == 0).any():
        raise UsageError("a predictor is the same for every unit; leave it out.")
    own, others = predictors / spread, (donor_predictors / spread).T
    count = len(own)

    def weights_of(logs: np.ndarray) -> np.ndarray:
        root = np.exp((logs - logs.max()) / 2)
        return simplex_weights(root[:, None] * others, root * own)

    def misfit(logs: np.ndarray) -> float:
        return float(((before - weights_of(logs) @ donors_before) ** 2).mean())

    rng = np.random.default_rng(seed)
    points = [np.zeros(count), *rng.normal(scale=2.0, size=(starts, count))]
    best = min(
        (
            optimize.minimize(
                misfit, point, method="Nelder-Mead",
                options={"maxiter": 400 * count, "xatol": 1e-6, "fatol": 1e-12},
            )
            for point in points
        ),
        key=lambda found: float(found.fun),
    )  # fmt: skip
    importance = np.exp(best.x - best.x.max())
    return importance / importance.sum(), weights_of(best.x)


def _check(outcome: np.ndarray, donors: np.ndarray, n_before: int) -> None:
    if not 2 <= n_before < len(outcome):
        raise UsageError(
            f"{n_before} of {len(outcome)} periods lie before the move; expected at least two "
            "before and one after."
        )
    if len(donors) < 2:
        raise UsageError(f"{len(donors)} donors are too few for a synthetic control; expected two.")
    if np.isnan(outcome).any() or np.isnan(donors).any():
        raise UsageError(
            "a synthetic control needs every period of the unit and of its donors; leave out "
            "donors with gaps or shorten the panel."
        )
