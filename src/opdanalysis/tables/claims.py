"""The public claims as tables to print: verdicts, how each was tested, and under which meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opdanalysis.experiment.claims import Limits, unit_of
from opdanalysis.plans.claim import Claim, ClaimTest
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT
from opdanalysis.tables.results import Cited
from opdanalysis.text.ranges import needed_in_words, range_in_words
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

Names = Mapping[str, str]
"""What a plan or scenario is called, by its id."""


def plan_names(plans: Sequence[Plan], words: Words) -> Names:
    """The names of plans in a language, by id."""
    return {plan.id: words.of(plan.name, plan.id) for plan in plans}


def needed(test: ClaimTest, unit: str, words: Words) -> str:
    """What a test asks for."""
    return needed_in_words(test.measure, test.comparison, test.amount, unit, words)


def measured_in_words(row: pd.Series, words: Words) -> str:
    """The range of a row of the audit, with its unit."""
    points = (row[point] for point in ("p05", "p50", "p95"))
    return range_in_words(row["unit"], words, *points, change=row["measure"] == "gain")


def measured_text(test: ClaimTest, words: Words) -> str:
    """What a test measures, in words."""
    outcomes = " + ".join(words(f"outcome.{outcome}") for outcome in test.outcomes)
    return words(f"claim.measure.{test.measure}", outcomes=outcomes)


def claims_table(
    claims: Sequence[Claim], audited: pd.DataFrame, conditions: Mapping[str, str], words: Words
) -> pd.DataFrame:
    """One row per claim: what was said and when, what the model finds, chance, verdict, condition.

    `audited` comes from `experiment.claims.audit`, `conditions` from `conditions_of`. Claims whose
    plan is not in the result are left out.
    """
    first = audited.drop_duplicates("claim").set_index("claim")
    rows = []
    for claim in claims:
        if claim.test is None:
            rows.append(
                (claim, "", "", np.nan, np.nan, words("claim.verdict.cannot_be_tested"), "")
            )
        elif claim.id in first.index:
            row = first.loc[claim.id]
            found = measured_in_words(row, words)
            verdict = words(f"claim.verdict.{row['verdict']}")
            if row["near"]:
                verdict = words("claim.near", verdict=verdict)
            asked = needed(claim.test, row["unit"], words)
            chance, error = row["probability"] / PERCENT, row["error"] / PERCENT
            rows.append((claim, asked, found, chance, error, verdict, conditions.get(claim.id, "")))
    return pd.DataFrame(
        {
            words("table.claim"): [row[0].id for row in rows],
            words("table.said"): [words.of(row[0].gist) for row in rows],
            words("table.date"): [row[0].date or "" for row in rows],
            words("table.verdict"): [row[5] for row in rows],
            words("table.condition"): [row[6] for row in rows],
            words("table.needed"): [row[1] for row in rows],
            words("table.found"): [row[2] for row in rows],
            words("table.chance"): [row[3] for row in rows],
            words("table.chance_error"): [row[4] for row in rows],
        }
    )


def claim_tests_table(claims: Sequence[Claim], plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """One row per claim that is tested: plan, quantity, comparison, period, baseline and scope."""
    names = plan_names(plans, words)
    rows = [
        (
            claim.id,
            words.of(claim.measurable),
            names[test.plan],
            measured_text(test, words),
            needed(test, unit_of(test), words),
            words.of(test.period),
            words.of(test.baseline),
            words.of(test.scope),
        )
        for claim in claims
        if (test := claim.test) is not None and test.plan in names
    ]
    keys = ("claim", "measurable", "plan", "quantity", "needed", "period", "baseline", "scope")
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])


def scenarios_table(
    audited: pd.DataFrame, scenarios: Names, limits: Limits, words: Words
) -> pd.DataFrame:
    """One row per claim and scenario: range, chance with its error, the limits and the verdict."""
    table = pd.DataFrame({words("table.claim"): audited["claim"]})
    table[words("table.scenario")] = audited["scenario"].map(scenarios)
    table[words("table.found")] = [measured_in_words(row, words) for _, row in audited.iterrows()]
    table[words("table.chance")] = audited["probability"] / PERCENT
    table[words("table.chance_error")] = audited["error"] / PERCENT
    table[words("table.limits")] = " – ".join(map(words.percent, (limits.low, limits.high)))
    table[words("table.verdict")] = [words(f"claim.verdict.{word}") for word in audited["verdict"]]
    return table


def definitions_table(frame: pd.DataFrame, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """One row per claimed saving, plan and meaning of the word: range, chance, years to add up."""
    names = plan_names(plans, words)
    scale = scale_of("Rp/year", frame[["p05", "p95"]].to_numpy().ravel(), words)
    table = pd.DataFrame({words("table.claim"): frame["claim"]})
    table[words("table.plan")] = frame["plan"].map(names)
    table[words("table.definition")] = [words(f"claim.saving.{d}") for d in frame["definition"]]
    for point in ("p05", "p50", "p95"):
        header = words("table.yearly", unit=scale.unit)
        table[f"{header}: {words(f'table.{point}')}"] = frame[point] / scale.size
    table[words("table.chance")] = frame["probability"] / PERCENT
    table[words("table.chance_error")] = frame["error"] / PERCENT
    table[words("table.years_to_add_up")] = [
        words("claim.never") if np.isinf(years) else words.number(years, 1)
        for years in frame["years"]
    ]
    table[words("table.verdict")] = [words(f"claim.verdict.{word}") for word in frame["verdict"]]
    return table


def reach_table(
    frame: pd.DataFrame,
    claims: Sequence[Claim],
    plans: Sequence[Plan],
    scenarios: Names,
    words: Words,
) -> pd.DataFrame:
    """One row per claim: the range over all plans and scenarios, and whether the claim is in it."""
    names = plan_names(plans, words)
    tests = {claim.id: claim.test for claim in claims if claim.test is not None}
    return pd.DataFrame(
        {
            words("table.claim"): frame["claim"],
            words("table.needed"): [
                needed(tests[row.claim], row.unit, words) for row in frame.itertuples()
            ],
            **{
                words(f"table.{key}"): [
                    range_in_words(unit, words, number, change=tests[claim].measure == "gain")
                    for claim, unit, number in zip(
                        frame["claim"], frame["unit"], frame[end], strict=True
                    )
                ]
                for key, end in (("least", "low"), ("most", "high"))
            },
            words("table.nearest_plan"): frame["plan"].map(names),
            words("table.scenario"): frame["scenario"].map(scenarios),
            words("table.possible"): [
                words("table.yes" if share > 0 else "table.no") for share in frame["share"]
            ],
            words("table.draws_that_hold"): frame["share"] / PERCENT,
        }
    )


def checks_table(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row per claimed saving and rough sum beside it."""
    return pd.DataFrame(
        {
            words("table.claim"): frame["claim"],
            words("table.check"): [words(f"claim.check.{check}") for check in frame["check"]],
            words("table.result"): [
                range_in_words(row.unit, words, row.p05, row.p50, row.p95)
                for row in frame.itertuples()
            ],
        }
    )


def claim_path_table(
    claim: Claim,
    audited: pd.DataFrame,
    plans: Sequence[Plan],
    sources: Mapping[str, Cited],
    limits: Limits,
    draws: int,
    words: Words,
) -> pd.DataFrame:
    """One claim step by step, from the article to the verdict."""
    test = claim.test
    assert test is not None
    row = audited[audited["claim"] == claim.id].iloc[0]
    articles = [sources[key] for key in claim.sources]
    holds = round(row["probability"] * draws)
    steps = [
        ("said", words.of(claim.gist)),
        (
            "article",
            "; ".join(f"{a.title}, {a.publisher}. {a.address or ''}".strip() for a in articles),
        ),
        ("date", claim.date or ""),
        ("measurable", words.of(claim.measurable)),
        ("plan", plan_names(plans, words)[test.plan]),
        ("quantity", measured_text(test, words)),
        ("period", words.of(test.period)),
        ("baseline", words.of(test.baseline)),
        ("scope", words.of(test.scope)),
        ("found", measured_in_words(row, words)),
        ("needed", needed(test, row["unit"], words)),
        (
            "draws_that_hold",
            words("claim.of_draws", count=words.number(holds), draws=words.number(draws)),
        ),
        ("limits", " – ".join(map(words.percent, (limits.low, limits.high)))),
        ("verdict", words(f"claim.verdict.{row['verdict']}")),
    ]
    columns = [words("table.step_of_claim"), words("table.result")]
    return pd.DataFrame([(words(f"table.{key}"), text) for key, text in steps], columns=columns)
