"""Public statements about the plans, each with its test and the record that would settle it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from opdanalysis.plans.claim import SAMPLES, Claim, ClaimTest, NeededRecord, Sample
from opdanalysis.reading.claim_tests import claim_test
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import Fields, read_yaml

CLAIMS_FILE = "claims.yaml"


def claims_from(
    folder: Path, sources: Collection[str], plans: Collection[str], faults: Faults
) -> tuple[Claim, ...]:
    """The claims of a city; faults are noted. A city without the file has none."""
    path = folder / CLAIMS_FILE
    if not path.is_file():
        return ()
    content = read_yaml(path, faults)
    if not isinstance(content, list):
        faults.add(CLAIMS_FILE, None, None, "a list of claims is expected.")
        faults.lost.add(CLAIMS_FILE)
        return ()
    claims = tuple(_claim(entry, sources, plans, faults) for entry in content)
    for id in sorted({c.id for c in claims if [d.id for d in claims].count(c.id) > 1}):
        faults.add(CLAIMS_FILE, None, id, "the claim stands twice.")
    return claims


def _claim(
    entry: object, sources: Collection[str], plans: Collection[str], faults: Faults
) -> Claim:
    fields = Fields(entry, CLAIMS_FILE, "", faults)
    fields.where = fields.text("id") or "?"
    low = fields.number("number_low", None)
    test, needs = _test(fields, plans, low), _needs(fields)
    if test is None and needs is None:
        fields.fault("a claim that has no test needs a record. Write 'test' or 'needs'.")
    claim = Claim(
        id=fields.where,
        gist=fields.words("gist"),
        measurable=fields.words("measurable"),
        number=fields.number("number", None),
        number_low=low,
        number_high=fields.number("number_high", None),
        unit=fields.text("unit", None),
        date=fields.text("date", None),
        sources=fields.known_sources("source", sources),
        confidence=fields.text("confidence") or "",
        test=test,
        needs=needs,
    )
    fields.close()
    return claim


def _test(fields: Fields, plans: Collection[str], amount: float | None) -> ClaimTest | None:
    if fields.take("test", None) is None:
        return None
    return claim_test(fields.inner("test"), plans, amount)


def _needs(fields: Fields) -> NeededRecord | None:
    """The record that would settle a claim, or None where none is named."""
    if fields.take("needs", None) is None:
        return None
    inner = fields.inner("needs")
    needs = NeededRecord(
        record=inner.words("record"),
        why=inner.words("why"),
        sample=_sample(inner.inner("observations")),
        notebook=inner.text("notebook") or "",
    )
    inner.close()
    return needs


def _sample(fields: Fields) -> Sample:
    """What the sample is to tell: one of its kinds, with the spread that the kind needs."""
    numbers = {
        key: fields.number(key, None)
        for key in (*SAMPLES, *(spread for spread in SAMPLES.values() if spread))
    }
    kinds = [kind for kind in SAMPLES if numbers[kind] is not None]
    fields.close()
    if len(kinds) != 1:
        fields.fault(f"one of {', '.join(SAMPLES)} is expected.")
        return Sample("all", 1)
    kind = kinds[0]
    spread = SAMPLES[kind]
    if spread is not None and not (numbers[spread] or 0) > 0:
        fields.fault(f"a {kind} needs the spread of the numbers, above 0.", spread)
        return Sample("all", 1)
    if numbers[kind] <= 0 or (kind == "ratio" and numbers[kind] == 1):
        fields.fault(f"{numbers[kind]:g} tells nothing; another number is needed.", kind)
        return Sample("all", 1)
    return Sample(kind, numbers[kind], numbers[spread] if spread else None)
