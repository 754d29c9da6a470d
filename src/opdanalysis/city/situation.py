"""A city as a plan would have it: who sits where and since when, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from opdanalysis.city.placement import Placement


@dataclass(frozen=True, eq=False)
class Situation:
    """What the models need to know of a plan.

    `fates` has every building that the plan vacates. `moves_after` has the years from the day that
    "today" means to the move of each agency whose date is known.
    """

    placement: Placement
    fates: Mapping[str, str] = field(default_factory=dict)
    moves_after: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("fates", "moves_after"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
