"""A public statement about the plans, and how it is held against what the models find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MEASURES = ("gain", "level", "count")
"""How a plan is measured: against today, as it is, or by how many outcomes are better."""

COMPARISONS = ("at_least", "at_most", "above", "below")

Words = Mapping[str, str]
"""A text by language ("id", "en")."""


@dataclass(frozen=True)
class ClaimTest:
    """What of a plan is compared with which amount.

    measure
        `gain`: the outcomes' gains against today, added up; positive is better. `level`: the
        outcomes as they are under the plan, added up. `count`: how many of them are better than
        today.
    comparison, amount
        Where the claim holds: `at_least`, `at_most`, `above` or `below` the amount.
    beside
        Plans that are shown next to it and do not decide.
    period, baseline, scope
        What the statement left open, as the study takes it.
    """

    plan: str
    outcomes: tuple[str, ...]
    measure: str
    comparison: str
    amount: float
    period: Words
    baseline: Words
    scope: Words
    beside: tuple[str, ...] = ()

    def margin(self, number: Any) -> Any:
        """How far a number lies on the side where the claim holds; negative on the other."""
        if self.comparison in ("at_least", "above"):
            return number - self.amount
        return self.amount - number

    def holds(self, number: Any) -> Any:
        """Whether a number bears the claim out."""
        margin = self.margin(number)
        return margin >= 0 if self.comparison.startswith("at_") else margin > 0


@dataclass(frozen=True)
class Sample:
    """What a sample is to tell, from which its size follows; numbers in the unit of the record.

    With `difference` and `spread`, a difference between two groups, each of which is a sample; with
    `ratio` and `log_spread`, a ratio of their typical values; with `half_width`, a share within so
    many points either way; with `all`, every record there is, so many of them.
    """

    kind: str
    size: float
    spread: float | None = None


SAMPLES: Mapping[str, str | None] = {
    "difference": "spread",
    "ratio": "log_spread",
    "half_width": None,
    "all": None,
}
"""Kinds of sample, each with the key of the spread that it needs."""


@dataclass(frozen=True)
class NeededRecord:
    """Which record would settle a claim, and which notebook would read it.

    `why` says what public data lack, and what the spread of the sample rests on.
    """

    record: Words
    why: Words
    sample: Sample
    notebook: str


@dataclass(frozen=True)
class Claim:
    """What was said, what it would mean measurably, and the amount where one was named.

    `test` says how it is held against the results, `needs` which record would settle it. Without a
    test, no public data can tell.
    """

    id: str
    gist: Words
    measurable: Words
    number: float | None
    number_low: float | None
    number_high: float | None
    unit: str | None
    date: str | None
    sources: tuple[str, ...]
    confidence: str
    test: ClaimTest | None = None
    needs: NeededRecord | None = None
