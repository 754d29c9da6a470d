"""Public statements about the plan: compared with results, never an input."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from opdanalysis.reading.tables import Faults
from opdanalysis.reading.yaml_files import Fields, read_yaml

CLAIMS_FILE = "claims.yaml"


@dataclass(frozen=True)
class Claim:
    """What was said, what it would mean measurably, and the amount where one was named."""

    id: str
    gist: dict[str, str]
    measurable: dict[str, str]
    number: float | None
    number_low: float | None
    number_high: float | None
    unit: str | None
    date: str | None
    sources: tuple[str, ...]
    confidence: str


def claims_from(folder: Path, sources: Collection[str], faults: Faults) -> tuple[Claim, ...]:
    """The claims of a city; faults are noted. A city without the file has none."""
    path = folder / CLAIMS_FILE
    if not path.is_file():
        return ()
    content = read_yaml(path, faults)
    if not isinstance(content, list):
        faults.add(CLAIMS_FILE, None, None, "a list of claims is expected.")
        return ()
    claims = tuple(_claim(entry, sources, faults) for entry in content)
    for id in sorted({c.id for c in claims if [d.id for d in claims].count(c.id) > 1}):
        faults.add(CLAIMS_FILE, None, id, "the claim stands twice.")
    return claims


def _claim(entry: object, sources: Collection[str], faults: Faults) -> Claim:
    fields = Fields(entry, CLAIMS_FILE, "", faults)
    fields.where = fields.text("id") or "?"
    claim = Claim(
        id=fields.where,
        gist=fields.words("gist"),
        measurable=fields.words("measurable"),
        number=fields.number("number", None),
        number_low=fields.number("number_low", None),
        number_high=fields.number("number_high", None),
        unit=fields.text("unit", None),
        date=fields.text("date", None),
        sources=fields.known_sources("source", sources),
        confidence=fields.text("confidence") or "",
    )
    fields.close()
    return claim
