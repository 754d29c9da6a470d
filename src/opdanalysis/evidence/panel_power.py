"""What effect a panel could show at all, from the months before any move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.methods.cluster_jackknife import cluster_jackknife
from opdanalysis.methods.detectable_effect import detectable_effect
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.methods.error_process import ErrorProcess, error_process
from opdanalysis.methods.move_assignments import move_assignments


def errors_before(panel: Panel, design: Design) -> ErrorProcess:
    """The errors of units in the periods before anyone is affected; nothing later is looked at."""
    timing = design.timing(panel)
    first = min(
        int(timing.affected.min()),
        int(panel.moved.min()) - design.anticipation,
        int(panel.crowded.min()),
    )
    before = panel.outcome[timing.usable.any(axis=1), : max(first, 0)]
    return error_process(before)


def minimum_detectable_effect(
    panel: Panel, design: Design, power: float, level: float, shared: Sequence[float]
) -> pd.DataFrame:
    """The smallest effect found with probability `power` by tests at `level`, before looking.

    One row per part of the error variance that units of one building may share (`shared`, 0 to 1):
    it cannot be seen before the move, and widens the error where several units moved together.
    Columns `by_t` (jackknife t, the interval), `by_randomisation` (t under reassigned moves; an
    approximation, too pessimistic below six clusters; NaN where the moves could have fallen in too
    few other ways) in units of the outcome, `sd` of the
    estimate, `df`, and the noise seen before the move: `error_sd`, `error_rho`.
    """
    timing, clusters = design.timing(panel), design.clusters(panel)
    if not ((timing.moved < NEVER) & (timing.moved < timing.n_periods)).any():
        raise UsageError(
            f"panel '{panel.label}': no unit moves within it, so nothing can be found."
        )
    # The cells that will hold outcomes are those that the design may use, known or not yet.
    jackknife = cluster_jackknife(design.estimator.overall, timing, clusters)
    errors = errors_before(panel, design)
    possible = move_assignments(timing.moved, design.strata(panel), clusters, 1, 0).possible
    rows = []
    for part in shared:
        if not 0 <= part <= 1:
            raise UsageError(f"shared is {part}; expected a part of the variance from 0 to 1.")
        found = detectable_effect(jackknife, errors, clusters, part, 1 - level, power)
        rows.append(
            {
                "shared": part,
                "by_t": found.by_t,
                "by_randomisation": found.by_randomisation
                if possible * (1 - level) >= 1
                else np.nan,
                "sd": found.sd,
                "df": found.df,
                "error_sd": errors.sd,
                "error_rho": errors.rho,
            }
        )
    return pd.DataFrame(rows)
