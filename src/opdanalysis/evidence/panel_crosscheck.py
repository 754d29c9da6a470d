"""Our estimates beside those of diff-diff on the same cells, for a reader who trusts neither."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import EFFECT, DiD, FewMovesWarning
from opdanalysis.evidence.panel_robustness import OTHER_ESTIMATORS
from opdanalysis.evidence.panel_synthetic_did import SyntheticDiD
from opdanalysis.methods.did_timing import NEVER, Timing

COLUMNS = {"outcome": "outcome", "unit": "unit", "time": "time"}

PEERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "imputation": ("ImputationDiD", {}),
    "callaway_santanna_not_yet": (
        "CallawaySantAnna",
        {"control_group": "not_yet_treated", "base_period": "universal"},
    ),
    "callaway_santanna_never": (
        "CallawaySantAnna",
        {"control_group": "never_treated", "base_period": "universal"},
    ),
    "sun_abraham": ("SunAbraham", {}),
}
"""Our names of estimators, and the peer with its settings."""


def crosscheck(panel: Panel, design: Design) -> pd.DataFrame:
    """One row per estimator: `own`, `diff_diff`, `difference`, and `note` where one is missing.

    The effect only: diff-diff's errors suppose many clusters (docs/methods/panel.md). Both get the
    same cells. Two-way fixed effects are not among them: diff-diff has none for staggered moves.
    Raises UsageError where diff-diff is not installed.
    """
    try:
        import diff_diff
    except ImportError as missing:
        raise UsageError(
            "the crosscheck needs diff-diff, which is not installed. Run: pip install "
            "'diff-diff>=3.13,<4'"
        ) from missing
    timing = design.timing(panel)
    rows = _rows(panel, timing)
    found = []
    for name, (model, settings) in PEERS.items():
        own = DiD(panel, replace(design, estimator=OTHER_ESTIMATORS[name]))
        ready = getattr(diff_diff, model)(anticipation=design.anticipation, **settings)
        found.append(_row(name, partial(_own, own), partial(_by_event, ready, rows, own)))
    case = SyntheticDiD(panel, design)
    ready = diff_diff.SyntheticDiD(n_bootstrap=20, seed=0)
    found.append(
        _row(
            "synthetic_did",
            lambda: case.fit(1, 0).estimate.effect,
            partial(_synthetic, ready, rows, timing),
        )
    )
    return pd.DataFrame(found)


def _own(model: DiD) -> float:
    return float(model.fit().params[EFFECT])


def _by_event(ready: Any, rows: pd.DataFrame, own: DiD) -> float:
    """The peer's effects from the move on, each month since the move by its number of cells.

    Its own mean counts the months of packing too.
    """
    overall = {} if type(ready).__name__ == "SunAbraham" else {"aggregate": "event_study"}
    effects = ready.fit(rows, **COLUMNS, first_treat="first", **overall).event_study_effects
    timing = own.design.timing(own.panel)
    cells = timing.event[own.design.estimator.identified(timing) & timing.treated]
    events, counts = np.unique(cells, return_counts=True)
    return float(np.average([effects[int(e)]["effect"] for e in events], weights=counts))


def _synthetic(ready: Any, rows: pd.DataFrame, timing: Timing) -> float:
    after = rows["time"] >= int(timing.cohorts[0])
    found = ready.fit(
        rows[rows["kept"]],
        **COLUMNS,
        treatment="mover",
        post_periods=sorted(rows.loc[after, "time"].unique()),
    )
    return float(found.att)


def _row(name: str, own: Callable[[], float], other: Callable[[], float]) -> dict[str, Any]:
    row: dict[str, Any] = {"estimator": name, "own": np.nan, "diff_diff": np.nan}
    notes = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("ignore", FewMovesWarning)
        try:
            row["own"] = own()
        except UsageError as problem:
            notes.append(f"own: {problem}")
        try:
            row["diff_diff"] = other() if not notes else np.nan
        except Exception as problem:  # whatever the peer says no with belongs in the table
            notes.append(f"diff-diff: {problem}")
    return row | {"difference": row["own"] - row["diff_diff"], "note": " ".join(notes)}


def _rows(panel: Panel, timing: Timing) -> pd.DataFrame:
    """The usable cells in the columns of diff-diff, where 0 stands for never."""
    unit, time = np.nonzero(timing.usable)
    moved = timing.moved[unit]
    mover = moved < NEVER
    packing = mover & (time >= moved - timing.anticipation) & (time < moved)
    return pd.DataFrame(
        {
            "unit": unit,
            "time": time,
            "outcome": panel.outcome[unit, time],
            "first": np.where(mover, moved, 0),
            "mover": mover.astype(int),
            "kept": ~np.isin(time, np.unique(time[packing])),
        }
    )
