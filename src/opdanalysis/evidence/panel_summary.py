"""The printed tables of fitted panels, in the manner of statsmodels and without a date."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from opdanalysis.evidence.panel_did import DiDFit
    from opdanalysis.evidence.panel_synthetic_did import SyntheticDiDFit

WIDTH = 100
"""Characters in a line of the notes."""

Head = Sequence[tuple[str, str, str, str]]
"""Rows of the upper table: a name and what it is, twice."""


def did_summary(fit: DiDFit, alpha: float) -> Any:
    """The table of a fitted difference-in-differences, a statsmodels Summary."""
    head = [
        ("Outcome", fit.panel.label, "Unit-months", f"{fit.nobs:,}"),
        ("Estimator", fit.design.estimator.name, "Units moved", f"{fit.n_treated:,}"),
        ("Moves", fit.design.moves, "Clusters moved", f"{fit.n_treated_clusters} of "
         f"{fit.n_clusters}"),
        ("Anticipation", f"{fit.design.anticipation} periods", "Share identified",
         f"{fit.share_identified:.2f}"),
    ]  # fmt: skip
    limits = fit.conf_int(alpha).iloc[0]
    numbers = {
        "coef": fit.params.iloc[0],
        "std err": fit.bse.iloc[0],
        "df": fit.df.iloc[0],
        "t": fit.tvalues.iloc[0],
        "P>|t|": fit.pvalues.iloc[0],
        f"[{alpha / 2:g}": limits["lower"],
        f"{1 - alpha / 2:g}]": limits["upper"],
    }
    notes = [
        "Error: jackknife that leaves out one cluster (the units of one building) at a time; t "
        "with Satterthwaite degrees of freedom.",
        *fit.notes,
    ]
    return _summary("What the move did: difference-in-differences", head, numbers, notes)


def synthetic_did_summary(fit: SyntheticDiDFit, alpha: float) -> Any:
    """The table of a fitted synthetic difference-in-differences, a statsmodels Summary."""
    head = [
        ("Outcome", fit.panel.label, "Units moved", f"{fit.n_treated:,}"),
        ("Estimator", "synthetic_did", "Clusters moved", f"{fit.n_treated_clusters:,}"),
        ("Moved", str(fit.periods[fit.n_before]), "Units that stayed", f"{len(fit.donors):,}"),
        ("Periods before", f"{fit.n_before:,}", "Placebos", f"{len(fit.placebos.effects):,}"),
    ]
    limits = fit.conf_int(alpha).iloc[0]
    numbers = {
        "coef": fit.params.iloc[0],
        "std err": fit.bse.iloc[0],
        "P (rank)": fit.pvalues.iloc[0],
        f"[{alpha / 2:g}": limits["lower"],
        f"{1 - alpha / 2:g}]": limits["upper"],
    }
    notes = ["Error: spread of placebos; P: rank among them.", *fit.notes]
    return _summary("What the move did: synthetic difference-in-differences", head, numbers, notes)


def _summary(title: str, head: Head, numbers: dict[str, float], notes: Sequence[str]) -> Any:
    from statsmodels.iolib.summary import Summary
    from statsmodels.iolib.table import SimpleTable
    from statsmodels.iolib.tableformatting import fmt_2cols, fmt_params

    left, right = (
        SimpleTable(
            [[row[place + 1]] for row in head],
            stubs=[f"{indent}{row[place]}:" for row in head],
            title=title if not place else None,
            txt_fmt=fmt_2cols,
        )
        for place, indent in ((0, ""), (2, "  "))
    )
    left.extend_right(right)
    narrow = fmt_params | {"data_fmts": ["%s"], "colwidths": 9, "colsep": "  "}
    table = SimpleTable(
        [["" if np.isnan(number) else f"{number:.4g}" for number in numbers.values()]],
        headers=list(numbers),
        stubs=["effect"],
        txt_fmt=narrow,
    )
    summary = Summary()
    summary.tables.extend([left, table])
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
