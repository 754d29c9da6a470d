"""Tables of an evaluation: who moved when, what could be found, other choices, and drift.

Each takes `synthetic`, which marks the first column of a table of invented records.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.evidence.panel_sensitivity import DriftSensitivity
from opdanalysis.text.words import Words


def movers_table(movers: pd.DataFrame, words: Words, synthetic: bool) -> pd.DataFrame:
    """One row per month of a move, and one for those who stay."""
    stay = words("evaluate.stay")
    return pd.DataFrame(
        {
            _first("moved", words, synthetic): [
                stay if month == "not" else month for month in movers["moved"]
            ],
            words("evaluate.column.units"): movers["units"],
            words("evaluate.column.clusters"): movers["clusters"],
            words("evaluate.column.periods_before"): movers["periods_before"],
            words("evaluate.column.periods_after"): movers["periods_after"],
            words("evaluate.column.share_identified"): _percents(movers["share_identified"], words),
        }
    )


def power_table(power: pd.DataFrame | str, words: Words, synthetic: bool) -> pd.DataFrame:
    """The smallest effect found, by how much agencies of one building share; empty for a reason."""
    columns = ("by_t", "by_randomisation", "sd", "df")
    if isinstance(power, str):
        power = pd.DataFrame(columns=["shared", *columns], dtype=float)
    table = {_first("shared", words, synthetic): _percents(power["shared"], words)}
    return pd.DataFrame(table | {words(f"evaluate.column.{name}"): power[name] for name in columns})


def robustness_words(robustness: pd.DataFrame, words: Words, synthetic: bool) -> pd.DataFrame:
    """One row per choice: estimate, limits, p, units, buildings, and why there is no number."""
    named = {"estimator", "main", "hosts", "partial", "moves"}
    checks = [
        words(f"evaluate.check.{row.check}") if row.kind in named else row.check
        for row in robustness.itertuples()
    ]
    kinds = [words(f"evaluate.kind.{kind}") for kind in robustness["kind"]]
    notes = np.where(
        robustness["estimate"].isna(),
        words("evaluate.no_estimate"),
        np.where(robustness["std_error"].isna(), words("evaluate.no_error"), ""),
    ).astype(object)
    numbers = {
        words(f"evaluate.column.{name}"): robustness[name].astype(float)
        for name in ("estimate", "lower", "upper", "p_value")
    }
    counts = {
        words(f"evaluate.column.{name}"): robustness[source].astype("Int64")
        for name, source in (("units", "n_treated"), ("clusters", "n_treated_clusters"))
    }
    table = pd.DataFrame(
        {
            _first("choice", words, synthetic): kinds,
            words("evaluate.column.check"): checks,
            **numbers,
            **counts,
        }
    )
    return table.assign(**{words("evaluate.column.note"): notes}) if notes.any() else table


def drift_table(drift: DriftSensitivity | str, words: Words, synthetic: bool) -> pd.DataFrame:
    """The interval under each bound on the bend of a drift; empty where there is only a reason."""
    columns = ("estimate", "worst_bias", "lower", "upper")
    table = (
        pd.DataFrame(columns=["bound", *columns], dtype=float)
        if isinstance(drift, str)
        else drift.table
    )
    first = {_first("bound", words, synthetic): table["bound"]}
    return pd.DataFrame(first | {words(f"evaluate.column.{name}"): table[name] for name in columns})


def _first(name: str, words: Words, synthetic: bool) -> str:
    """The name of the first column, marked where the records are invented."""
    column = words(f"evaluate.column.{name}")
    return f"{column} ({words('evaluate.mark')})" if synthetic else column


def _percents(shares: pd.Series, words: Words) -> list[str]:
    return ["" if pd.isna(share) else words.percent(share) for share in shares]
