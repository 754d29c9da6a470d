"""What a city's own records say, as tables to print."""

from __future__ import annotations

import pandas as pd

from opdanalysis.text.words import Words


def beliefs_from_records_table(beliefs: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row per belief that the records would replace: before and after, with 5 to 95%.

    Numbers of different units stand in one column, so they are written out.
    """
    rows = []
    for row in beliefs.to_dict("records"):
        shown = {
            when: _range([row[f"{when}_p05"], row[when], row[f"{when}_p95"]], words)
            for when in ("before", "after")
        }
        rows.append(
            {
                words("records.column.parameter"): words(f"parameter.{row['parameter']}"),
                words("records.column.unit"): row["unit"],
                words("records.column.before"): shown["before"],
                words("records.column.after"): shown["after"],
                words("records.column.source"): row["source"],
            }
        )
    return pd.DataFrame(rows)


def _range(numbers: list[float], words: Words) -> str:
    low, middle, high = (
        words.number(number, 0 if abs(numbers[1]) >= 100 else 2).replace("-", "−")
        for number in numbers
    )
    return middle if low == high else f"{middle} ({low} – {high})"


def satisfaction_change_table(change: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Index and items before and after, and the change with its 95% limits."""
    column = "records.column"
    return pd.DataFrame(
        {
            words(f"{column}.what"): [words(f"records.item.{what}") for what in change["what"]],
            words(f"{column}.before_move"): change["before"],
            words(f"{column}.after_move"): change["after"],
            words(f"{column}.change"): [
                _range([row.low, row.change, row.high], words) for row in change.itertuples()
            ],
            words(f"{column}.p_value"): change["p_value"],
        }
    )


def stage_times_table(stages: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Each part of the wait, together and apart: letters, mean, median and 90% point."""
    column = "records.column"
    return pd.DataFrame(
        {
            words(f"{column}.tie"): [words(f"records.part.{part}") for part in stages["part"]],
            words(f"{column}.where"): [words(f"records.where.{w}") for w in stages["where"]],
            words(f"{column}.letters"): stages["letters"],
            f"{words(f'{column}.hours')}": stages["mean"],
            "P50": stages["p50"],
            "P90": stages["p90"],
        }
    )
