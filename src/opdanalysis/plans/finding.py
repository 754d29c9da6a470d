"""What the study itself says: a sentence for each way in which the numbers may turn out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opdanalysis.plans.claim import ClaimTest

ANSWERS = ("yes", "open", "no")
"""The test holds in nearly every draw, in some, or in hardly any."""


@dataclass(frozen=True)
class Finding:
    """A test of its own, the claims that it answers, and a sentence by answer and language.

    The sentences may hold `{range}`, the median with its range, and `{chance}`, the share of draws
    in which the test holds.
    """

    id: str
    answers: tuple[str, ...]
    test: ClaimTest
    says: Mapping[str, Mapping[str, str]]
