"""What a city's study itself says: sentences with their tests."""

from __future__ import annotations

import string
from collections.abc import Collection
from pathlib import Path

from opdanalysis.errors import did_you_mean
from opdanalysis.plans.finding import ANSWERS, Finding
from opdanalysis.reading.claim_tests import claim_test
from opdanalysis.reading.claims import CLAIMS_FILE
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import Fields, read_yaml

FINDINGS_FILE = "findings.yaml"

BLANKS = ("range", "chance")
"""What a sentence may leave open for numbers."""


def findings_from(
    folder: Path, claims: Collection[str], plans: Collection[str], faults: Faults
) -> tuple[Finding, ...]:
    """The findings of a city; faults are noted. A city without the file has none."""
    path = folder / FINDINGS_FILE
    if not path.is_file():
        return ()
    content = read_yaml(path, faults)
    if not isinstance(content, list):
        faults.add(FINDINGS_FILE, None, None, "a list of findings is expected.")
        return ()
    return tuple(_finding(entry, claims, plans, faults) for entry in content)


def _finding(
    entry: object, claims: Collection[str], plans: Collection[str], faults: Faults
) -> Finding:
    fields = Fields(entry, FINDINGS_FILE, "", faults)
    fields.where = fields.text("id") or "?"
    answers = fields.listed("answers", ())
    for id in answers:
        if id not in claims and CLAIMS_FILE not in faults.lost:
            fields.fault(
                f"claim '{id}' is not in claims.yaml. {did_you_mean(id, claims)}", "answers"
            )
    says = fields.inner("says")
    finding = Finding(
        id=fields.where,
        answers=answers,
        test=claim_test(fields.inner("test"), plans),
        says={answer: _sentence(says, answer) for answer in ANSWERS},
    )
    says.close()
    fields.close()
    return finding


def _sentence(fields: Fields, answer: str) -> dict[str, str]:
    """The sentence for one answer in both languages; it may hold only known blanks."""
    found = fields.words(answer)
    for sentence in found.values():
        blanks = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        for blank in sorted(blanks - set(BLANKS)):
            fields.fault(f"'{{{blank}}}' is not filled in. {did_you_mean(blank, BLANKS)}", answer)
    return found
