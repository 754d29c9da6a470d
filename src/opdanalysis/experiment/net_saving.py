"""How the net saving of a plan comes about, part by part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.experiment.result import RANGE, Result
from opdanalysis.models.operating_cost import ANNOUNCED_LINES

GROSS_LINES = (*ANNOUNCED_LINES, "equipment")
"""The lines of running the buildings whose saving makes the gross saving."""

ON_TOP = {
    "holding": "cost_holding",
    "rent": "cost_rent",
    "moving": "moving_annuity",
    "construction": "construction_annuity",
    "income": "asset_income",
}
"""What comes between the gross and the net saving, and its outcome."""

SUMS = ("gross", "net")
"""The parts that are sums of those before them."""


def net_saving_parts(result: Result, plan: str, scenario: str | None = None) -> pd.DataFrame:
    """One row per part of a plan's net saving: mean, p05, p50 and p95 of the gain [Rp/year].

    In every draw, and so by their means, the lines add up to `gross`, and with what comes on top to
    `net`.
    """
    parts = {line: result.gain(f"cost_{line}", plan, scenario) for line in GROSS_LINES}
    parts["gross"] = np.sum([parts[line] for line in GROSS_LINES], axis=0)
    parts |= {part: result.gain(outcome, plan, scenario) for part, outcome in ON_TOP.items()}
    parts["net"] = result.gain("net_cost", plan, scenario)
    rows = [(part, float(gain.mean()), *np.quantile(gain, RANGE)) for part, gain in parts.items()]
    return pd.DataFrame(rows, columns=["part", "mean", "p05", "p50", "p95"])
