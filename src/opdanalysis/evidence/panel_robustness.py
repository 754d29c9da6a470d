"""The same question asked in other ways: one row per estimator, choice and left-out move."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import EFFECT, DiD, FewMovesWarning
from opdanalysis.evidence.panel_synthetic_did import SyntheticDiD
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.methods.proportional_effects import proportional_forecast

Check = tuple[str, str, Panel, Design]

OTHER_ESTIMATORS: Mapping[str, Estimator] = {
    "imputation": Estimator("imputation"),
    "callaway_santanna_not_yet": Estimator("callaway_santanna", "not_yet"),
    "callaway_santanna_never": Estimator("callaway_santanna", "never"),
    "sun_abraham": Estimator("sun_abraham"),
    "two_way": Estimator("two_way"),
    "imputation_trends": Estimator("imputation", trends=True),
}


def robustness_table(
    panel: Panel,
    design: Design,
    anticipations: Sequence[int] = (0, 1, 2),
    placebo_periods: Sequence[int] = (6,),
    other_outcomes: Mapping[str, Panel] | None = None,
    alpha: float = 0.05,
    placebos: int = 0,
    seed: Any = None,
) -> pd.DataFrame:
    """The estimate of the design and of every other defensible choice, one row each.

    Columns `kind`, `check`, estimate, error, df, p, limits, `n_treated`, `n_treated_clusters`,
    `share_identified`, `negative_weight` and `note` (why there is no number). Kinds: `main`,
    `estimator`, `anticipation`, `hosts`, `partial`, `moves` (announced), `without` (one building
    left out), `placebo_date` (moves set earlier, true ones cut off), `outcome` (`log` where all are
    above zero, and `other_outcomes` by name, such as a placebo that a move cannot change),
    `proportional` (no outcome below zero: see `proportional_effect`) and `synthetic_did` (one row
    per month of a move, with p and error from `placebos` sets drawn by `seed`; none without).
    """
    rows = []
    checks = _checks(panel, design, anticipations, placebo_periods, other_outcomes or {})
    for kind, name, data, choice in checks:
        row: dict[str, object] = {"kind": kind, "check": name}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FewMovesWarning)
                fit = DiD(data, choice).fit()
        except UsageError as problem:
            rows.append(row | {"note": str(problem)})
            continue
        found = fit.tidy(alpha).iloc[0].drop(["term", "statistic"]).to_dict()
        note = ""
        if np.isnan(fit.bse[EFFECT]):
            note = "no error: one cluster moved, or one cluster decides"
        rows.append(row | found | {"negative_weight": fit.negative_weight, "note": note})
    rows += [_proportional(panel, design)] if not (panel.outcome < 0).any() else []
    rows += _synthetic(panel, design, placebos, seed, alpha)
    columns = ["kind", "check", "estimate", "std_error", "df", "p_value", "lower", "upper"]
    columns += ["n_treated", "n_treated_clusters", "share_identified", "negative_weight", "note"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _checks(
    panel: Panel,
    design: Design,
    anticipations: Sequence[int],
    placebo_periods: Sequence[int],
    other_outcomes: Mapping[str, Panel],
) -> Iterator[Check]:
    yield "main", design.estimator.name, panel, design
    for name, estimator in OTHER_ESTIMATORS.items():
        if estimator != design.estimator:
            yield "estimator", name, panel, replace(design, estimator=estimator)
    for periods in anticipations:
        if periods != design.anticipation:
            yield "anticipation", str(periods), panel, replace(design, anticipation=periods)
    if (panel.crowded < NEVER).any() and design.effect_on == "movers":
        other_hosts = "controls" if design.hosts == "apart" else "apart"
        yield "hosts", other_hosts, panel, replace(design, hosts=other_hosts)
    if (panel.share_moved < 1).any():
        for partial in ("apart", "moved", "still"):
            if partial != design.partial:
                yield "partial", partial, panel, replace(design, partial=partial)
    if (panel.announced < NEVER).any() and not np.array_equal(panel.announced, panel.moved):
        other_moves = "announced" if design.moves == "done" else "done"
        yield "moves", other_moves, panel, replace(design, moves=other_moves)
    timing, clusters = design.timing(panel), design.clusters(panel)
    moves = (timing.moved < timing.n_periods) & timing.usable.any(axis=1)
    for cluster in dict.fromkeys(clusters[moves]):
        members = frozenset(
            unit for unit, label in zip(panel.units, clusters, strict=True) if label == cluster
        )
        name = ", ".join(unit for unit in panel.units if unit in members)
        yield "without", name, panel, replace(design, leave_out=design.leave_out | members)
    for periods in placebo_periods:
        yield "placebo_date", str(periods), panel.earlier_moves(periods), design
    if (panel.outcome[~np.isnan(panel.outcome)] > 0).all():
        logs = panel.with_outcome(np.log(panel.outcome), f"log {panel.name}")
        yield "outcome", "log", logs, design
    for name, other in other_outcomes.items():
        yield "outcome", name, other, design


def proportional_effect(panel: Panel, design: Design) -> float:
    """The mean effect where units and periods multiply, as for counts and rates.

    What the identified cells from the move on are above their forecast, in units of the outcome
    (see `methods.proportional_effects`). A check beside the imputation, without an error. Raises
    UsageError for outcomes below zero and where nothing is identified.
    """
    timing = design.timing(panel)
    forecast = proportional_forecast(panel.outcome, timing.untreated)
    cells = OTHER_ESTIMATORS["imputation"].identified(timing) & timing.treated
    if not cells.any():
        raise UsageError("no unit-month after a move has a comparison.")
    return float((panel.outcome - forecast)[cells].mean())


def _proportional(panel: Panel, design: Design) -> dict[str, object]:
    row: dict[str, object] = {"kind": "estimator", "check": "proportional"}
    try:
        return row | {
            "estimate": proportional_effect(panel, design),
            "note": "no error: a check of the estimate only",
        }
    except UsageError as problem:
        return row | {"note": str(problem)}


def _synthetic(
    panel: Panel, design: Design, placebos: int, seed: Any, alpha: float
) -> list[dict[str, object]]:
    timing = design.timing(panel)
    rows = []
    for month in timing.cohorts[timing.cohorts < timing.n_periods]:
        name = panel.period(month)
        row: dict[str, object] = {"kind": "synthetic_did", "check": name}
        try:
            fit = SyntheticDiD(panel, design, name).fit(placebos, seed)
        except UsageError as problem:
            rows.append(row | {"note": str(problem)})
            continue
        found = fit.tidy(alpha).iloc[0].drop(["term", "n_placebos"]).to_dict()
        rows.append(row | found | {"note": "" if fit.alone else fit.notes[0]})
    if rows and all("estimate" not in row for row in rows):
        return [rows[0] | {"check": ""}]
    return rows
