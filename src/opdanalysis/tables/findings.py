"""What the study says, what it foretells, and which records would settle the claims, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.methods.sample_size import observations_for_share, observations_per_group
from opdanalysis.plans.claim import Claim, Sample
from opdanalysis.plans.finding import Finding
from opdanalysis.plans.plan import Plan
from opdanalysis.plans.prediction import Prediction
from opdanalysis.tables.claims import plan_names
from opdanalysis.tables.forms import PERCENT
from opdanalysis.text.ranges import range_in_words
from opdanalysis.text.words import Words


def findings_table(
    found: pd.DataFrame, shares: pd.DataFrame, findings: Sequence[Finding], words: Words
) -> pd.DataFrame:
    """One row per finding: the sentence, the share of judgement, the claims that it answers.

    `found` comes from `experiment.findings.found`, `shares` from
    `experiment.evidence_share.evidence_shares`.
    """
    known = {finding.id: finding for finding in findings}
    judged = shares.set_index("finding")
    rows = []
    for row in found.itertuples():
        own = known[row.finding]
        text = range_in_words(row.unit, words, row.p05, row.p50, row.p95)
        sentence = words.of(own.says[row.answer]).format(
            range=text, chance=words.percent(row.chance)
        )
        share, error = judged.loc[row.finding, ["judged", "error"]]
        rows.append((sentence, share / PERCENT, error / PERCENT, ", ".join(own.answers)))
    keys = ("finding", "judged_share", "judged_error", "answers")
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])


def predictions_table(
    frame: pd.DataFrame, predictions: Sequence[Prediction], plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per prediction: when stated, what it says, its range, how and when to check."""
    names, known = plan_names(plans, words), {p.id: p for p in predictions}
    rows = []
    for row in frame.itertuples():
        own = known[row.prediction]
        rows.append(
            (
                own.id,
                own.stated,
                words.of(own.says),
                names[own.plan],
                words.of(own.period),
                range_in_words(row.unit, words, row.p05, row.p50, row.p95),
                words.of(own.record),
                own.checkable,
            )
        )
    keys = (
        "prediction",
        "stated",
        "foretold",
        "plan",
        "period",
        "predicted",
        "record",
        "checkable",
    )
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])


def needs_table(claims: Sequence[Claim], level: float, power: float, words: Words) -> pd.DataFrame:
    """One row per claim that a record would settle: which, why, how many, and where it is read."""
    rows = [
        (
            claim.id,
            words.of(claim.gist),
            words("table.no" if claim.test is None else "table.in_part"),
            words.of(needs.record),
            words.of(needs.why),
            sample_text(needs.sample, level, power, words),
            needs.notebook,
        )
        for claim in claims
        if (needs := claim.needs) is not None
    ]
    keys = ("claim", "said", "testable", "record", "why", "observations", "notebook")
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])


def sample_text(sample: Sample, level: float, power: float, words: Words) -> str:
    """How many observations a sample needs, and for what."""
    if sample.kind == "all":
        return words("claim.sample.all", count=words.number(sample.size))
    if sample.kind == "half_width":
        count = observations_for_share(sample.size, level)
        points = words.number(sample.size / PERCENT)
        return words("claim.sample.half_width", count=words.number(count), points=points)
    assert sample.spread is not None
    ratio = sample.kind == "ratio"
    difference = float(np.log(sample.size)) if ratio else sample.size
    count = observations_per_group(difference, sample.spread, level, power)
    change = words.percent(sample.size - 1) if ratio else words.number(sample.size)
    return words(f"claim.sample.{sample.kind}", count=words.number(count), change=change)
