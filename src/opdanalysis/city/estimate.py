"""A number of a city that is not known exactly, with what it rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A middle value, the limits from 5% to 95%, the evidence and the sources."""

    value: float
    low: float
    high: float
    evidence: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.value, self.low, self.high)):
            raise ValueError("a number is not finite")
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"low {self.low:g}, value {self.value:g}, high {self.high:g} are not in order"
            )
        if self.low <= 0 < self.high:
            raise ValueError("the low end must be above 0, for the draws are log-normal")

    @property
    def is_exact(self) -> bool:
        """Whether nothing is drawn for this number."""
        return self.low == self.high
