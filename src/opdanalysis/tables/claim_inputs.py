"""What would turn the answers to the public claims, as tables to print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from opdanalysis.experiment.claims import Limits
from opdanalysis.plans.claim import Claim
from opdanalysis.tables.claims import Names, needed
from opdanalysis.text.amounts import amount_in_words
from opdanalysis.text.ranges import range_in_words, three_digits
from opdanalysis.text.words import Words


def conditions_of(
    claims: Sequence[Claim],
    audited: pd.DataFrame,
    break_evens: pd.DataFrame,
    turning: pd.DataFrame,
    scenarios: Names,
    limits: Limits,
    words: Words,
) -> dict[str, str]:
    """For each claim that is supported only if something holds, what that is.

    The scenarios under which its word would be another, and then the input whose break-even lies
    nearest to its middle, or else the fewest inputs that turn the answer.
    """
    tests, found = {claim.id: claim.test for claim in claims}, {}
    for claim, rows in audited[audited["verdict"] == "supported_only_if"].groupby("claim"):
        test = tests[str(claim)]
        assert test is not None
        parts = []
        sides = [_side(chance, limits) for chance in rows["probability"]]
        for scenario, side in zip(rows["scenario"], sides, strict=True):
            if side != sides[0]:
                parts.append(words(f"claim.under.{side}", scenario=scenarios[scenario]))
        own = break_evens[(break_evens["claim"] == claim) & break_evens["break_even"].notna()]
        if len(own):
            row = own.loc[own["way"].idxmin()]
            rising = test.margin(row["at_p95"]) > test.margin(row["at_p05"])
            parts.append(
                words(
                    f"claim.input.{'at_least' if rising else 'at_most'}",
                    input=words(f"parameter.{row['parameter']}"),
                    value=_turning_value(row, words),
                )
            )
        elif not parts:
            row = turning[turning["claim"] == claim].iloc[0]
            key = "unless" if row["holds"] else "given"
            if row["inputs"]:
                parts.append(
                    words(f"claim.set.{key}", inputs=set_text(row["inputs"], row["ends"], words))
                )
        found[str(claim)] = "; ".join(parts)
    return found


def _turning_value(row: pd.Series, words: Words) -> str:
    """The value at which an answer turns, and how large a part of the middle value that is."""
    value = amount_in_words(row["break_even"], row["unit"], words)
    if row["input_middle"] == 0:
        return value
    share = words.percent(row["break_even"] / row["input_middle"])
    return words("claim.of_middle", value=value, share=share)


def _side(chance: float, limits: Limits) -> str:
    return "yes" if chance >= limits.high else "no" if chance <= limits.low else "open"


def turning_table(
    turning: pd.DataFrame, audited: pd.DataFrame, claims: Sequence[Claim], words: Words
) -> pd.DataFrame:
    """One row per claim: its answer at middle inputs, and the fewest inputs that turn it."""
    units = audited.drop_duplicates("claim").set_index("claim")["unit"]
    tests = {claim.id: claim.test for claim in claims if claim.test is not None}
    rows = []
    for row in turning.itertuples():
        unit, test, turned = units[row.claim], tests[row.claim], bool(row.inputs)
        said = partial(range_in_words, unit, words, change=test.measure == "gain")
        rows.append(
            (
                row.claim,
                needed(test, unit, words),
                said(row.middle),
                words("table.yes" if row.holds else "table.no"),
                set_text(row.inputs, row.ends, words) if turned else words("claim.no_set"),
                said(row.amount) if turned else "",
                said(row.farthest),
            )
        )
    keys = ("claim", "needed", "at_middle", "holds_at_middle", "turned_by", "then", "farthest")
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])


def set_text(inputs: Sequence[str], ends: Sequence[str], words: Words) -> str:
    """Inputs at an end of their range: guard posts (high); floor area (high)."""
    parts = [
        f"{words(f'parameter.{name}')} ({words(f'claim.end.{end}')})"
        for name, end in zip(inputs, ends, strict=True)
    ]
    return "; ".join(parts)


def claim_break_evens_table(
    frame: pd.DataFrame, audited: pd.DataFrame, words: Words
) -> pd.DataFrame:
    """One row per claim and input: range, what is found at its ends, and where the answer turns."""
    first = audited.drop_duplicates("claim").set_index("claim")
    rows = []
    for row in frame.itertuples():
        unit, measure = first.loc[row.claim, ["unit", "measure"]]
        said = partial(range_in_words, unit, words, change=measure == "gain")
        middle, low, high = (
            three_digits(n, words) for n in (row.input_middle, row.input_p05, row.input_p95)
        )
        inside = not np.isnan(row.break_even)
        rows.append(
            (
                row.claim,
                words(f"parameter.{row.parameter}"),
                row.unit,
                f"{middle} ({low} – {high})",
                said(row.at_p05),
                said(row.at_p95),
                three_digits(row.break_even, words) if inside else words("table.out_of_reach"),
                words("claim.never") if np.isinf(row.way) else words.number(row.way, 1),
            )
        )
    keys = (
        "claim",
        "input",
        "unit",
        "middle_value",
        "at_low_end",
        "at_high_end",
        "turns_at",
        "way",
    )
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])
