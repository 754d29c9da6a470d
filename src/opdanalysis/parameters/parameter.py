"""One belief about the world, or one lever of the city, with all that a reader may ask about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from opdanalysis.parameters.distribution import Distribution

Role = Literal["belief", "lever"]


@dataclass(frozen=True)
class Parameter:
    """One number: a belief that a scenario may change, or a lever that a plan may change.

    `price_year` is the year of its rupiah; `reason` says why, and is needed for a judgement;
    `verify` marks a number that was recalled and not read in its source.
    """

    name: str
    description: str
    value: float
    unit: str
    distribution: Distribution
    evidence: str
    sources: tuple[str, ...]
    as_of: str
    topic: str
    role: Role = "belief"
    price_year: int | None = None
    reason: str = ""
    verify: bool = False

    def at(self, value: float) -> Parameter:
        """The same parameter held at one value."""
        return replace(self, value=value, distribution=Distribution("fixed"))

    @property
    def interval(self) -> tuple[float, float]:
        """The 5% and 95% points, in its unit."""
        return self.distribution.interval(self.value)


@dataclass(frozen=True)
class VectorParameter:
    """One number for each entity of a kind, such as the staff of every agency.

    `values`, `lows` (5%) and `highs` (95%) have one entry per entity, `(n_entities,)`. The shape
    is log-normal on each side of the middle, normal for numbers that may be below zero, or logit
    for shares, whose odds are log-normal.
    `common_error` says whether judged entries share a part of their error.
    """

    name: str
    description: str
    unit: str
    entities: tuple[str, ...]
    values: NDArray[np.float64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    evidence: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...]
    as_of: str
    topic: str = "city"
    shape: Literal["lognormal", "normal", "logit"] = "lognormal"
    common_error: bool = True

    def __post_init__(self) -> None:
        for column in (self.values, self.lows, self.highs):
            column.setflags(write=False)
            if column.shape != (len(self.entities),):
                raise ValueError(f"{self.name}: one number is needed for each entity")

    @property
    def shares_its_error(self) -> NDArray[np.bool_]:
        """Where an entry was judged or derived, so that its error is partly common to all."""
        judged = [word in ("judgement", "derived") for word in self.evidence]
        return np.array(judged, dtype=bool) & self.common_error
