"""What becomes of each public claim: how often the models bear it out, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.experiment.net_saving import GROSS_LINES
from opdanalysis.experiment.result import RANGE, Result
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.claim import Claim, ClaimTest
from opdanalysis.plans.plan import TODAY

Floats = NDArray[np.float64]

VERDICTS = ("supported", "supported_only_if", "not_supported", "cannot_be_tested")
"""The four words for a claim. None of them says that it is false."""

SAVINGS: Mapping[str, tuple[str, ...]] = {
    "announced": ("announced_cost",),
    "gross": tuple(f"cost_{line}" for line in GROSS_LINES),
    "after_holding": ("operating_cost",),
    "cash": ("saving_cash",),
    "net": ("net_cost",),
}
"""What a saving may mean, each with the outcomes whose gains make it: the eight lines that were
announced; these and equipment; less empty buildings and rent; of that only cash; less all else."""

ROUNDING = 1e-9
"""A gain below this part of today's number is no gain but rounding."""

SURE = 1.96
"""Standard errors that hold 95% of a normal distribution."""


@dataclass(frozen=True)
class Limits:
    """The probabilities between which a claim is supported only if something holds."""

    low: float
    high: float


def limits_of(book: ParameterBook) -> Limits:
    """The limits that the book sets."""
    central = book.central()
    return Limits(float(central["not_supported_to"]), float(central["supported_from"]))


def verdict(probabilities: Sequence[float], limits: Limits) -> str:
    """The word for a claim from its probability in each scenario [1].

    Supported, or not, only where every scenario says so.
    """
    if min(probabilities) >= limits.high:
        return "supported"
    if max(probabilities) <= limits.low:
        return "not_supported"
    return "supported_only_if"


def probability(holds: NDArray[np.bool_]) -> tuple[float, float]:
    """The share of draws in which a claim holds [1], and the Monte Carlo error of that share.

    The error is that of Agresti and Coull (1998, The American Statistician 52(2)), as if two draws
    more had held and two had not, so that it is not zero where all draws agree. The draws are
    stratified, which makes the true error a little smaller.
    """
    draws = len(holds)
    wide = (holds.sum() + 2) / (draws + 4)
    return float(holds.mean()), float(np.sqrt(wide * (1 - wide) / (draws + 4)))


def measured(test: ClaimTest, now: Mapping[str, Floats], then: Mapping[str, Floats]) -> Floats:
    """What a test measures, in the unit of its outcomes, `(n_draws,)`.

    `now` and `then` hold its outcomes today and under the plan.
    """
    if test.measure == "level":
        return np.sum([then[outcome] for outcome in test.outcomes], axis=0) + 0.0
    gains = [_gain(outcome, now[outcome], then[outcome]) for outcome in test.outcomes]
    if test.measure == "count":
        return np.sum([gain > 0 for gain in gains], axis=0).astype(float)
    return np.sum(gains, axis=0) + 0.0


def _gain(outcome: str, now: Floats, then: Floats) -> Floats:
    gain = OUTCOMES[outcome].sign * (then - now)
    return np.where(np.abs(gain) <= ROUNDING * np.abs(now), 0.0, gain)


def claim_draws(
    result: Result, test: ClaimTest, plan: str | None = None, scenario: str | None = None
) -> Floats:
    """What a test measures in every draw of a result, `(n_draws,)`; of its own plan unless another
    is named.
    """
    now, then = (
        {outcome: result.level(outcome, id, scenario) for outcome in test.outcomes}
        for id in (TODAY.id, plan or test.plan)
    )
    return measured(test, now, then)


def unit_of(test: ClaimTest) -> str:
    """The unit in which a test measures; `line` where it counts."""
    return "line" if test.measure == "count" else OUTCOMES[test.outcomes[0]].unit


def testable(result: Result, claims: Sequence[Claim]) -> list[Claim]:
    """The claims that are held against the results and whose plan is among them."""
    return [claim for claim in claims if claim.test and claim.test.plan in result.plan_ids]


def audit(result: Result, claims: Sequence[Claim], limits: Limits) -> pd.DataFrame:
    """One row per claim that can be tested and scenario.

    Columns: claim, plan, scenario, measure, unit, comparison, amount, p05, p50 and p95 of what the
    model finds, `probability` that the claim holds [1] with its Monte Carlo `error`, whether a
    limit lies
    `near`, within 1.96 errors, and the `verdict` over all scenarios.
    """
    rows = []
    for claim in testable(result, claims):
        test = claim.test
        assert test is not None
        found = [claim_draws(result, test, scenario=id) for id in result.scenarios]
        chances = [probability(test.holds(numbers)) for numbers in found]
        word = verdict([chance for chance, _ in chances], limits)
        for scenario, numbers, (chance, error) in zip(
            result.scenarios, found, chances, strict=True
        ):
            near = min(abs(chance - limits.low), abs(chance - limits.high)) < SURE * error
            asked = (scenario, test.measure, unit_of(test), test.comparison, test.amount)
            points = np.quantile(numbers, RANGE)
            rows.append((claim.id, test.plan, *asked, *points, chance, error, near, word))
    names = ["claim", "plan", "scenario", "measure", "unit", "comparison", "amount"]
    found_names = ["p05", "p50", "p95", "probability", "error", "near", "verdict"]
    return pd.DataFrame(rows, columns=[*names, *found_names])


def is_saving(claim: Claim) -> bool:
    """Whether a claim names an amount of yearly saving, which may mean several things."""
    test = claim.test
    return (
        test is not None
        and test.measure == "gain"
        and test.amount > 0
        and test.outcomes in SAVINGS.values()
    )


def definitions(
    result: Result, claims: Sequence[Claim], limits: Limits, scenario: str | None = None
) -> pd.DataFrame:
    """The claims that name a saving, a row for each claim, plan and meaning of the word.

    The claim's plan comes first, then those beside it. Columns: claim, plan, definition, amount,
    p05, p50 and p95 [Rp/year], `probability` with its `error`, the `verdict` by that probability
    alone, and `years`, how long the median saving takes to add up to the amount (infinite where
    nothing is saved).
    """
    rows = []
    for claim in filter(is_saving, testable(result, claims)):
        test = claim.test
        assert test is not None
        for plan in [id for id in (test.plan, *test.beside) if id in result.plan_ids]:
            for name, outcomes in SAVINGS.items():
                meant = replace(test, outcomes=outcomes)
                found = claim_draws(result, meant, plan, scenario)
                points = np.quantile(found, RANGE)
                chance, error = probability(meant.holds(found))
                word, middle = verdict([chance], limits), points[1]
                years = test.amount / middle if middle > 0 else np.inf
                asked = (claim.id, plan, name, test.amount)
                rows.append((*asked, *points, chance, error, word, years))
    names = ["claim", "plan", "definition", "amount", "p05", "p50", "p95"]
    return pd.DataFrame(rows, columns=[*names, "probability", "error", "verdict", "years"])


def saving_draws(result: Result, plan: str, scenario: str | None = None) -> pd.DataFrame:
    """One row per draw of a plan and one column per meaning of a saving [Rp/year]."""
    found = {
        name: np.sum([result.gain(outcome, plan, scenario) for outcome in outcomes], axis=0)
        for name, outcomes in SAVINGS.items()
    }
    frame = pd.DataFrame(found)
    frame.insert(0, "draw", np.arange(1, result.draws + 1))
    return frame


def reach(result: Result, claims: Sequence[Claim]) -> pd.DataFrame:
    """Whether the model could have produced each claim at all: over every plan, scenario and draw.

    One row per claim: `low` and `high`, the least and the most that came out anywhere, the `plan`
    and `scenario` in which a draw comes nearest to the claim or goes farthest beyond it, and
    `share` of all these draws in which the claim holds [1] (a prior predictive check; Gelman et al.
    2013, Bayesian Data Analysis, section 6.3, on predictive checks).
    """
    rows = []
    for claim in testable(result, claims):
        test = claim.test
        assert test is not None
        worlds = [(plan, scenario) for plan in result.plan_ids[1:] for scenario in result.scenarios]
        found = np.array([claim_draws(result, test, *world) for world in worlds])
        best = worlds[int(test.margin(found).max(axis=1).argmax())]
        share = float(test.holds(found).mean())
        rows.append((claim.id, unit_of(test), found.min(), found.max(), *best, share))
    return pd.DataFrame(rows, columns=["claim", "unit", "low", "high", "plan", "scenario", "share"])
