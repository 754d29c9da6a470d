"""Who sits where: every agency in exactly one building."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType


@dataclass(frozen=True)
class Placement:
    """Agency to building, complete. "Today" is a placement like any other.

    `floors` holds the floor where it is known.

    >>> today = Placement({"registry": "old-hall", "permits": "annex"})
    >>> later = today.moved({"permits": "old-hall"})
    >>> later.tenants("old-hall")
    ('registry', 'permits')
    >>> today.vacated(later)
    ('annex',)
    """

    buildings: Mapping[str, str]
    floors: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "buildings", MappingProxyType(dict(self.buildings)))
        object.__setattr__(self, "floors", MappingProxyType(dict(self.floors)))

    def __getitem__(self, agency: str) -> str:
        return self.buildings[agency]

    def __iter__(self) -> Iterator[str]:
        return iter(self.buildings)

    def __len__(self) -> int:
        return len(self.buildings)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Placement):
            return NotImplemented
        return dict(self.buildings) == dict(other.buildings)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.buildings.items()))

    def tenants(self, building: str) -> tuple[str, ...]:
        """The agencies in one building, in the order of the placement."""
        return tuple(agency for agency, place in self.buildings.items() if place == building)

    @property
    def occupied(self) -> frozenset[str]:
        """The buildings that have at least one tenant."""
        return frozenset(self.buildings.values())

    def moved(self, moves: Mapping[str, str]) -> Placement:
        """A new placement with some agencies elsewhere; the floors of movers are forgotten."""
        return Placement(
            {agency: moves.get(agency, place) for agency, place in self.buildings.items()},
            {agency: floor for agency, floor in self.floors.items() if agency not in moves},
        )

    def movers(self, later: Placement) -> tuple[str, ...]:
        """The agencies that sit elsewhere in the later placement."""
        return tuple(a for a in self.buildings if self.buildings[a] != later.buildings[a])

    def vacated(self, later: Placement) -> tuple[str, ...]:
        """The buildings that have tenants here and none in the later placement, sorted."""
        return tuple(sorted(self.occupied - later.occupied))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{building}</td><td>{', '.join(self.tenants(building))}</td></tr>"
            for building in sorted(self.occupied)
        )
        return (
            f"<p>{len(self)} agencies in {len(self.occupied)} buildings.</p>"
            f"<table><thead><tr><th>Building</th><th>Tenants</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
