"""A city as a plan would have it: who sits where, and what becomes of the buildings left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from opdanalysis.city.placement import Placement


@dataclass(frozen=True, eq=False)
class Situation:
    """What the models need to know of a plan; `fates` has every building that the plan vacates."""

    placement: Placement
    fates: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fates", MappingProxyType(dict(self.fates)))
