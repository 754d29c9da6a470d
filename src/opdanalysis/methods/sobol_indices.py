"""Shares of a variance that groups of inputs explain, from two samples and their swaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 200
"""Bootstrap samples behind each interval."""

LEVEL = 0.90
"""Probability of an interval."""

COLUMNS = {"S1": "first", "S1_conf": "first_error", "ST": "total", "ST_conf": "total_error"}
"""What SALib calls the columns, and what they are called here."""


def sobol_indices(
    one: Floats, other: Floats, swapped: Sequence[Floats], groups: Sequence[str], seed: int
) -> pd.DataFrame:
    """First-order and total indices of each group [1], with half their 90% intervals.

    `one` and `other` are the outcomes of two independent samples, `(n_draws,)`; `swapped` has for
    each group the outcomes of the first sample with that group's inputs from the other. Columns:
    group, first, first_error, total, total_error. The first-order index is the share of the
    variance that the group explains alone, the total one the share that it takes part in
    (Saltelli et al. 2010, Computer Physics Communications 181(2)). The estimators are SALib's.
    Of an outcome that never varies all are 0.
    """
    from SALib.analyze import sobol

    names = list(groups)
    sample = np.stack([one, *swapped, other], axis=1).ravel()
    if np.ptp(sample) == 0:
        return pd.DataFrame({"group": names, **dict.fromkeys(COLUMNS.values(), 0.0)})
    found = sobol.analyze(
        {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)},
        sample,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=seed + 1,  # SALib takes 0 for no seed
    )
    return pd.DataFrame({"group": names} | {ours: found[key] for key, ours in COLUMNS.items()})
