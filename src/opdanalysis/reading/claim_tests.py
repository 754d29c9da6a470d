"""How a statement is held against the results: the key `test` of claims and findings."""

from __future__ import annotations

from collections.abc import Collection

from opdanalysis.errors import did_you_mean
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.plans.claim import COMPARISONS, MEASURES, ClaimTest
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.plans import PLANS_FOLDER
from opdanalysis.reading.yaml_files import Fields


def claim_test(fields: Fields, plans: Collection[str], amount: float | None = None) -> ClaimTest:
    """The test of a mapping of keys; faults are noted. `amount` is that of the claim, if any.

    Comparisons are `at least`, `at most`, `above` and `below`.
    """
    written = tuple(word.replace("_", " ") for word in COMPARISONS)
    comparison = fields.chosen("is", written) or written[0]
    given = fields.number("amount", amount)
    if given is None:
        fields.fault("the claim has no number, so the test needs an amount.", "amount")
    test = ClaimTest(
        plan=known_plan(fields, "plan", plans),
        outcomes=_outcomes(fields),
        measure=fields.chosen("measure", MEASURES) or MEASURES[0],
        comparison=comparison.replace(" ", "_"),
        amount=given or 0.0,
        period=fields.words("period"),
        baseline=fields.words("baseline"),
        scope=fields.words("scope"),
        beside=tuple(_known(fields, "beside", plan, plans) for plan in fields.listed("beside", ())),
    )
    fields.close()
    return test


def known_plan(fields: Fields, key: str, plans: Collection[str]) -> str:
    """The plan that a key names; it must exist, and be another than today."""
    plan = fields.text(key)
    return _known(fields, key, plan, plans) if plan else ""


def _known(fields: Fields, key: str, plan: str, plans: Collection[str]) -> str:
    others = [id for id in plans if id != TODAY.id]
    if plan not in others and PLANS_FOLDER not in fields.faults.lost:
        fields.fault(f"plan '{plan}' was not found. {did_you_mean(plan, others)}", key)
    return plan


def _outcomes(fields: Fields) -> tuple[str, ...]:
    """The outcomes that are added up; all must exist and share one unit."""
    outcomes = fields.listed("outcomes")
    known = [id for id in outcomes if id in OUTCOMES]
    for id in outcomes:
        if id not in known:
            fields.fault(
                f"outcome '{id}' is not reported. {did_you_mean(id, OUTCOMES)}", "outcomes"
            )
    units = sorted({OUTCOMES[id].unit for id in known})
    if len(units) > 1:
        fields.fault(
            f"outcomes in different units ({', '.join(units)}) cannot be added. Name some of them.",
            "outcomes",
        )
    return outcomes
