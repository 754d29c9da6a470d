"""What becomes of a building that is left, by rules that a reviewer can edit; the first decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from opdanalysis.city.entities import Building


@dataclass(frozen=True)
class FateRule:
    """One row of the decision table; a condition that is None fits every building.

    `floor_area_from` and `floor_area_to` [m2] limit the middle value of the floor area, the first
    included and the second not. `site_in_use` asks whether another building of the same site has
    a tenant under the plan. `building` limits the rule to one building, such as a monument.
    `reason` is in words by language ("id", "en").
    """

    id: str
    fate: str
    building: str | None = None
    tenure: str | None = None
    floor_area_from: float | None = None
    floor_area_to: float | None = None
    site_in_use: bool | None = None
    reason: dict[str, str] = field(default_factory=dict, compare=False)
    sources: tuple[str, ...] = ()

    def fits(self, building: Building, site_in_use: bool) -> bool:
        """Whether the rule decides on a building."""
        area = building.floor_area_m2.value
        return (
            self.building in (None, building.id)
            and self.tenure in (None, building.tenure)
            and (self.floor_area_from is None or area >= self.floor_area_from)
            and (self.floor_area_to is None or area < self.floor_area_to)
            and self.site_in_use in (None, site_in_use)
        )

    @property
    def fits_all(self) -> bool:
        """Whether the rule has no condition."""
        conditions = (self.building, self.tenure, self.floor_area_from, self.floor_area_to)
        return all(condition is None for condition in (*conditions, self.site_in_use))


DEFAULT_RULES = (
    FateRule("default-owned", "kept", tenure="owned"),
    FateRule("default-other", "returned"),
)
"""Where a city has no table: what it owns is kept until leased, other space is returned."""


def first_fitting(rules: Sequence[FateRule], building: Building, site_in_use: bool) -> FateRule:
    """The first rule that fits a building; the last of the rules must fit every building."""
    return next(rule for rule in rules if rule.fits(building, site_in_use))
