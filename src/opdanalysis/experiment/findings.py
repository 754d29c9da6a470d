"""The few sentences that a study stands behind, each as the numbers have it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.experiment.claims import Limits, claim_draws, probability, unit_of
from opdanalysis.experiment.result import RANGE, Result
from opdanalysis.plans.finding import Finding


def answer(chance: float, limits: Limits) -> str:
    """Which sentence of a finding holds: `yes`, `open` or `no`, by the share of draws."""
    if chance >= limits.high:
        return "yes"
    return "no" if chance <= limits.low else "open"


def found(result: Result, findings: Sequence[Finding], limits: Limits) -> pd.DataFrame:
    """One row per finding whose plan is in the result.

    Columns: finding, plan, unit, p05, p50 and p95 of what its test measures, `chance` that it holds
    [1] with the Monte Carlo `error`, and the `answer`; in the first scenario.
    """
    rows = []
    for finding in findings:
        test = finding.test
        if test.plan not in result.plan_ids:
            continue
        numbers = claim_draws(result, test)
        chance, error = probability(test.holds(numbers))
        points = np.quantile(numbers, RANGE)
        word = answer(chance, limits)
        rows.append((finding.id, test.plan, unit_of(test), *points, chance, error, word))
    names = ["finding", "plan", "unit", "p05", "p50", "p95", "chance", "error", "answer"]
    return pd.DataFrame(rows, columns=names)
