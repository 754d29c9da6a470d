"""Claims, findings and predictions with a planted fault: the check names file, claim and key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opdanalysis.reading.everything import problems, read_everything

Plant = Callable[..., None]

CLAIMS, FINDINGS, PREDICTIONS = "claims.yaml", "findings.yaml", "predictions.yaml"
MINUTES = "outcomes: [access_minutes]\n    measure: gain"
PLANS = "Allowed: letters-and-delegation, merge-in-mawar, new-building-in-seroja."


def change(file: str, old: str, new: str) -> Plant:
    return lambda pack: pack.replace(file, old, new)


FAULTS: dict[str, tuple[Plant, str]] = {
    "a claim names an unknown outcome": (
        change(CLAIMS, "[announced_cost]", "[announced_costs]"),
        f"{CLAIMS}, key k01.test.outcomes: outcome 'announced_costs' is not reported. "
        "Did you mean 'announced_cost'?",
    ),
    "a claim names an unknown plan": (
        change(CLAIMS, "plan: merge-in-mawar", "plan: merge-in-mawarr"),
        f"{CLAIMS}, key k01.test.plan: plan 'merge-in-mawarr' was not found. "
        "Did you mean 'merge-in-mawar'?",
    ),
    "a claim is about today": (
        change(CLAIMS, "plan: merge-in-mawar", "plan: today"),
        f"{CLAIMS}, key k01.test.plan: plan 'today' was not found. {PLANS}",
    ),
    "a plan beside a claim is unknown": (
        change(CLAIMS, "beside: [new-building-in-seroja]", "beside: [elsewhere]"),
        f"{CLAIMS}, key k01.test.beside: plan 'elsewhere' was not found. {PLANS}",
    ),
    "outcomes of different units are added": (
        change(CLAIMS, "[access_minutes]", "[access_minutes, elapsed_days]"),
        f"{CLAIMS}, key k02.test.outcomes: outcomes in different units (day, minute) cannot be "
        "added. Name some of them.",
    ),
    "a comparison is not known": (
        change(CLAIMS, "is: at least", "is: at leest"),
        f"{CLAIMS}, key k01.test.is: 'at leest' is not one of its words. Did you mean 'at least'?",
    ),
    "a measure is not known": (
        change(CLAIMS, MINUTES, MINUTES.replace("gain", "loss")),
        f"{CLAIMS}, key k02.test.measure: 'loss' is not one of its words. "
        "Allowed: count, gain, level.",
    ),
    "neither claim nor test has an amount": (
        change(CLAIMS, "    amount: 0\n", ""),
        f"{CLAIMS}, key k02.test.amount: the claim has no number, so the test needs an amount.",
    ),
    "a scope is said in one language": (
        change(CLAIMS, "      id: semua gedung kantor kota\n", ""),
        f"{CLAIMS}, key k01.test.scope: a text in both languages is expected: "
        "{id: ..., en: ...}.",
    ),
    "a test has an unknown key": (
        change(CLAIMS, "    is: at least\n", "    is: at least\n    unit: Rp\n"),
        f"{CLAIMS}, key k01.test.unit: the key is not known. Did you mean 'amount'?",
    ),
    "a sample has two questions": (
        change(CLAIMS, "{ratio: 1.2, log_spread: 1.2}", "{ratio: 1.2, half_width: 0.1}"),
        f"{CLAIMS}, key k03.needs.observations: one of difference, ratio, half_width, all is "
        "expected.",
    ),
    "a sample has no spread": (
        change(CLAIMS, "{ratio: 1.2, log_spread: 1.2}", "{ratio: 1.2}"),
        f"{CLAIMS}, key k03.needs.observations.log_spread: a ratio needs the spread of the "
        "numbers, above 0.",
    ),
    "a sample tells nothing": (
        change(CLAIMS, "{ratio: 1.2, log_spread: 1.2}", "{ratio: 1, log_spread: 1.2}"),
        f"{CLAIMS}, key k03.needs.observations.ratio: 1 tells nothing; another number is needed.",
    ),
    "a claim stands twice": (
        change(CLAIMS, "- id: k02", "- id: k01"),
        f"{CLAIMS}, key k01: the claim stands twice.",
    ),
    "a finding answers an unknown claim": (
        change(FINDINGS, "answers: [k01]", "answers: [k09]"),
        f"{FINDINGS}, key t1.answers: claim 'k09' is not in claims.yaml. Did you mean 'k03'?",
    ),
    "a sentence has an unknown blank": (
        change(FINDINGS, "The merge at Jalan Mawar pays, {range}.", "It pays, {rnge}."),
        f"{FINDINGS}, key t1.says.yes: '{{rnge}}' is not filled in. Did you mean 'range'?",
    ),
    "a prediction is of an unknown building": (
        change(PREDICTIONS, "building: jalan-mawar-1", "building: jalan-mawar-2"),
        f"{PREDICTIONS}, key r1.building: building 'jalan-mawar-2' is not in buildings.csv. "
        "Did you mean 'jalan-mawar-3'?",
    ),
    "a city-wide quantity is asked of a building": (
        change(PREDICTIONS, "quantity: electricity", "quantity: electricty"),
        f"{PREDICTIONS}, key r1.quantity: 'electricty' is not one of its words. "
        "Did you mean 'electricity'?",
    ),
    "a prediction looks back": (
        change(PREDICTIONS, "stated: 2025-11-01", "stated: 2027-06-01"),
        f"{PREDICTIONS}, key r1.checkable: 2027-01-31 is not after 2027-06-01, when it was "
        "stated: no prediction.",
    ),
    "a date of statement is no date": (
        change(PREDICTIONS, "stated: 2025-11-01", "stated: soon"),
        f"{PREDICTIONS}, key stated: 'soon' is not a date. Write year, month and day: 2026-02-12.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_and_likely_fix(fault, broken):
    plant, line = FAULTS[fault]
    plant(broken)
    assert line in [str(problem) for problem in problems(broken.folder)]


def test_a_claim_needs_a_test_or_a_record(broken):
    text = (broken.folder / CLAIMS).read_text(encoding="utf-8")
    broken.write(CLAIMS, text[: text.index("  needs:")])
    assert [str(problem) for problem in problems(broken.folder)] == [
        f"{CLAIMS}, key k03: a claim that has no test needs a record. Write 'test' or 'needs'."
    ]


def test_nobody_is_blamed_for_naming_a_plan_that_cannot_be_read(broken):
    broken.replace("plans/merge-in-mawar.yaml", "status: announced", "status: rumoured")
    assert {problem.file for problem in problems(broken.folder)} == {"plans/merge-in-mawar.yaml"}


def test_a_city_may_have_no_claims_findings_or_predictions(broken):
    for file in (CLAIMS, FINDINGS, PREDICTIONS):
        (broken.folder / file).unlink()
    known = read_everything(broken.folder)
    assert known.claims == known.findings == known.predictions == ()


def test_an_amount_that_is_not_said_again_is_that_of_the_claim(contoh, palembang):
    first = {claim.id: claim for claim in (*contoh.claims, *palembang.claims)}
    assert first["k01"].test.amount == 500_000_000
    assert first["c07"].test.amount == first["c07"].number_low == 50e9


def test_every_claim_of_palembang_is_tested_or_says_which_record_would(palembang):
    assert [claim.id for claim in palembang.claims] == [f"c{n:02d}" for n in range(1, 29)]
    for claim in palembang.claims:
        assert claim.test or claim.needs
    answered = {id for finding in palembang.findings for id in finding.answers}
    assert answered <= {claim.id for claim in palembang.claims}
