"""The printed tables of dyadic regressions, in the manner of statsmodels and without a date."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from opdanalysis.methods.dyadic_counts import PoissonDyadsResult
    from opdanalysis.methods.dyadic_result import MrqapResult

WIDTH = 110
"""Characters in a line of the notes."""


def mrqap_summary(result: MrqapResult) -> Any:
    """The table of a dyadic regression with permutation p values, a statsmodels Summary."""
    dyads = result.dyads
    limits = result.conf_int()
    draws = len(result.null)
    head = [
        ["Network", _direction(dyads), "R-squared", f"{result.rsquared:.4f}"],
        ["Agencies", f"{dyads.n_agencies}", "Permutations", f"{draws:,}"],
        ["Pairs used", f"{result.nobs:,}", "Skewness of residuals", f"{result.skewness:.2f}"],
        ["Pairs missing", f"{dyads.missing:,}", "", ""],
    ]
    rows = []
    for name in result.params.index:
        within = result.fixed_effects.loc[name] if name in result.fixed_effects.index else None
        rows.append(
            [
                _number(result.params[name]),
                _number(limits.at[name, "lower"]),
                _number(limits.at[name, "upper"]),
                _number(result.tvalues[name]),
                _share(result.pvalues[name]),
                _share(result.pvalues_se[name]),
                _share(result.pvalues_robust[name]),
                *(["", ""] if within is None else [_number(within["coef"]), _share(within["p"])]),
                _number(result.ols_bse[name]),
                _number(result.dyad_robust_bse[name]),
            ]
        )
    columns = ["coef", "[0.025", "0.975]", "t", "P>|t|", "+-", "P robust"]
    columns += ["within", "P within", "se OLS", "se dyads"]
    notes = [
        "P>|t|: double semi-partialling, t under permutation of the agencies; +-: its Monte Carlo"
        " standard error.",
        "P robust: the same permutations with a statistic that allows uneven spread.",
        "[0.025, 0.975]: jackknife that leaves out one agency at a time, t(n - 1).",
        "within: with fixed effects of the agencies (HC1); nan where they take a predictor up.",
        "se OLS, se dyads: least squares and Aronow-Samii-Assenova, for reference only: both reject"
        " too often.",
    ]
    return _summary(
        "MRQAP: dyadic regression", head, columns, list(result.params.index), rows,
        notes + list(result.notes),
    )  # fmt: skip


def poisson_summary(result: PoissonDyadsResult) -> Any:
    """The table of a Poisson pseudo-likelihood for pairs, a statsmodels Summary."""
    dyads = result.dyads
    limits = result.conf_int()
    kinds = "of senders and receivers" if dyads.directed else "of both agencies"
    head = [
        ["Network", _direction(dyads), "Deviance", f"{result.deviance:,.1f}"],
        ["Agencies", f"{dyads.n_agencies}", "Effects", kinds if result.effects else "none"],
        ["Pairs used", f"{len(dyads.outcome):,}", "Sum of counts", f"{dyads.outcome.sum():,.6g}"],
        ["Pairs missing", f"{dyads.missing:,}", "", ""],
    ]
    rows = [
        [
            _number(result.params[name]),
            _number(np.exp(result.params[name])),
            _number(result.bse[name]),
            _number(result.tvalues[name]),
            _share(result.pvalues[name]),
            _number(limits.at[name, "lower"]),
            _number(limits.at[name, "upper"]),
        ]
        for name in result.params.index
    ]
    notes = ["Errors: jackknife that leaves out one agency at a time, t(n - 1)."]
    if result.left_out:
        notes.append(f"Without any count and left out: {', '.join(result.left_out)}.")
    return _summary(
        "Poisson pseudo-likelihood for pairs",
        head,
        ["coef", "exp(coef)", "std err", "t", "P>|t|", "[0.025", "0.975]"],
        list(result.params.index),
        rows,
        notes,
    )


def _summary(
    title: str,
    head: list[list[str]],
    columns: list[str],
    names: list[str],
    rows: list[list[str]],
    notes: list[str],
) -> Any:
    from statsmodels.iolib.summary import Summary
    from statsmodels.iolib.table import SimpleTable
    from statsmodels.iolib.tableformatting import fmt_2cols, fmt_params

    summary = Summary()
    # Left and right of the head are two tables for statsmodels, put side by side.
    left = SimpleTable(
        [[row[1]] for row in head], stubs=[f"{row[0]}:" for row in head], title=title,
        txt_fmt=fmt_2cols,
    )  # fmt: skip
    left.extend_right(
        SimpleTable(
            [[row[3]] for row in head],
            stubs=[f"  {row[2]}:" if row[2] else "" for row in head],
            txt_fmt=fmt_2cols,
        )
    )
    summary.tables.append(left)
    narrow = fmt_params | {"data_fmts": ["%s"], "colwidths": 7, "colsep": "  "}
    summary.tables.append(SimpleTable(rows, headers=columns, stubs=names, txt_fmt=narrow))
    summary.add_extra_txt(
        [
            "Notes:",
            *(
                textwrap.fill(f"[{i}] {note}", WIDTH, subsequent_indent="    ")
                for i, note in enumerate(notes, 1)
            ),
        ]
    )
    return summary


def _direction(dyads: Any) -> str:
    return "directed" if dyads.directed else "undirected"


def _number(value: float) -> str:
    return f"{value:.4g}"


def _share(value: float) -> str:
    if np.isnan(value):
        return ""
    return "<0.0001" if value < 0.00005 else f"{value:.4f}"
