"""The printed table of a fitted panel, in the manner of statsmodels and without a date."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from opdanalysis.evidence.panel_did import DiDFit

WIDTH = 100
"""Characters in a line of the notes."""


def did_summary(fit: DiDFit, alpha: float) -> Any:
    """The table of a fitted difference-in-differences, a statsmodels Summary."""
    from statsmodels.iolib.summary import Summary
    from statsmodels.iolib.table import SimpleTable
    from statsmodels.iolib.tableformatting import fmt_2cols, fmt_params

    estimator = fit.design.estimator
    head = [
        ["Outcome", fit.panel.label, "Unit-months", f"{fit.nobs:,}"],
        ["Estimator", estimator.name, "Units moved", f"{fit.n_treated:,}"],
        [
            "Moves",
            fit.design.moves,
            "Clusters moved",
            f"{fit.n_treated_clusters} of {fit.n_clusters}",
        ],
        [
            "Anticipation",
            f"{fit.design.anticipation} periods",
            "Share identified",
            f"{fit.share_identified:.2f}",
        ],
    ]
    left = SimpleTable(
        [[row[1]] for row in head],
        stubs=[f"{row[0]}:" for row in head],
        title="What the move did: difference-in-differences",
        txt_fmt=fmt_2cols,
    )
    left.extend_right(
        SimpleTable(
            [[row[3]] for row in head], stubs=[f"  {row[2]}:" for row in head], txt_fmt=fmt_2cols
        )
    )
    limits = fit.conf_int(alpha)
    row = [
        fit.params.iloc[0],
        fit.bse.iloc[0],
        fit.df.iloc[0],
        fit.tvalues.iloc[0],
        fit.pvalues.iloc[0],
        limits["lower"].iloc[0],
        limits["upper"].iloc[0],
    ]
    narrow = fmt_params | {"data_fmts": ["%s"], "colwidths": 9, "colsep": "  "}
    table = SimpleTable(
        [["" if np.isnan(number) else f"{number:.4g}" for number in row]],
        headers=["coef", "std err", "df", "t", "P>|t|", f"[{alpha / 2:g}", f"{1 - alpha / 2:g}]"],
        stubs=["effect"],
        txt_fmt=narrow,
    )
    summary = Summary()
    summary.tables.extend([left, table])
    notes = [
        "Error: jackknife that leaves out one cluster (the units of one building) at a time; t "
        "with Satterthwaite degrees of freedom.",
        *fit.notes,
    ]
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
