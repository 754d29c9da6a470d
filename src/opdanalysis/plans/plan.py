"""A plan: dated and sourced moves, levers and fates of the buildings that it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from opdanalysis.city.city import City
from opdanalysis.city.fate_rules import FateRule
from opdanalysis.city.placement import Placement
from opdanalysis.city.situation import Situation
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.plans.dates import years_between

KECAMATAN_OFFICE = "kecamatan-office"
"""The destination of a rule: each unit goes to the office of its own kecamatan."""

FATES = ("kept", "lent", "leased", "partnered", "sold", "demolished", "host", "returned")
"""What may become of a building that a plan leaves."""

EMPTY_FATES = ("leased", "partnered", "sold", "demolished", "returned")
"""Fates under which no agency may stay in the building."""

STATUSES = ("today", "announced", "done", "idea", "rival")


@dataclass(frozen=True)
class Move:
    """Some agencies, or whole groups, go to one place.

    A group that goes to "kecamatan-office" is a rule: each of its units goes to the office of its
    own kecamatan. `kecamatan` limits a move of groups to some of them; empty means all.
    """

    to: str
    agencies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cluster:
    """Moves that belong together in an announcement; `date` says when they are made, if known."""

    id: str
    name: Mapping[str, str]
    moves: tuple[Move, ...]
    date: str | None = None


@dataclass(frozen=True)
class Plan:
    """What the city may choose. Moves of all clusters happen at once.

    `name`, `note` and `proposed_by` are words by language ("id", "en"); `proposed_by` is empty
    where nobody proposed it. `file` names where it was read, for messages.

    >>> from opdanalysis import read_everything
    >>> known = read_everything("contoh")
    >>> placement = known.plans["merge-in-mawar"].place(known.city)
    >>> placement["sosial"]
    'jalan-mawar-1'
    """

    id: str
    name: Mapping[str, str]
    status: str
    date: str | None = None
    clusters: tuple[Cluster, ...] = ()
    levers: Mapping[str, float] = field(default_factory=dict)
    fates: Mapping[str, str] = field(default_factory=dict)
    proposed_by: Mapping[str, str] = field(default_factory=dict)
    note: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    file: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "levers", "fates", "proposed_by", "note"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def where(self) -> str:
        """How messages name the plan."""
        return self.file or f"plan {self.id}"

    def place(self, city: City) -> Placement:
        """Who sits where under the plan.

        Raises UsageError, with the cluster and the likely fix, when an agency or building is not
        known, an agency is sent to two places, or a tenant stays in a building that is given up.
        """
        destinations = self._destinations(city)
        placement = city.today.moved({agency: to for agency, (to, _) in destinations.items()})
        self._check_fates(city, placement, destinations)
        return placement

    def _destinations(self, city: City) -> dict[str, tuple[str, str]]:
        """Agency to its new building and the cluster that sends it there."""
        destinations: dict[str, tuple[str, str]] = {}
        for rules in (False, True):
            offices = {
                kecamatan: destinations[office][0] if office in destinations else city.today[office]
                for kecamatan, office in city.kecamatan_office.items()
            }
            for cluster, move in self._moves():
                if (move.to == KECAMATAN_OFFICE) != rules:
                    continue
                where = f"{self.where}, cluster {cluster}"
                for agency, building in _expanded(move, city, offices, where).items():
                    earlier, by = destinations.setdefault(agency, (building, cluster))
                    if earlier != building:
                        raise UsageError(
                            f"{where}: agency '{agency}' is sent to two places, '{earlier}' by "
                            f"cluster {by} and '{building}' by cluster {cluster}. "
                            "Take it out of one of them."
                        )
        return destinations

    def situation(self, city: City) -> Situation:
        """The city as the plan would have it; raises as `place` does."""
        placement = self.place(city)
        left = city.today.vacated(placement)
        dates = {cluster.id: cluster.date for cluster in self.clusters}
        moves_after = {
            agency: years_between(city.as_of, date)
            for agency, (_, cluster) in self._destinations(city).items()
            if (date := dates[cluster]) is not None
        }
        fates = {building: self.fate_of(city, building, placement) for building in left}
        return Situation(placement, fates, moves_after)

    def _moves(self) -> tuple[tuple[str, Move], ...]:
        return tuple((cluster.id, move) for cluster in self.clusters for move in cluster.moves)

    def _check_fates(
        self, city: City, placement: Placement, destinations: Mapping[str, tuple[str, str]]
    ) -> None:
        for building, fate in self.fates.items():
            where = f"{self.where}, fates"
            if building not in city.building_order:
                raise UsageError(
                    f"{where}: building '{building}' is not in the city. "
                    f"{did_you_mean(building, city.building_order)}"
                )
            if fate not in FATES:
                raise UsageError(
                    f"{where}: '{fate}' of building '{building}' is not a fate. "
                    f"{did_you_mean(fate, FATES)}"
                )
            stays = placement.tenants(building)
            brought = sorted({by for to, by in destinations.values() if to == building})
            by = f" ({'cluster' if len(brought) == 1 else 'clusters'} {', '.join(brought)})"
            whom = _listed(stays) + (by if brought else "")
            if stays and fate in EMPTY_FATES:
                raise UsageError(
                    f"{where}: building '{building}' is to be {fate}, but {whom} "
                    f"would still sit in it. Move {'them' if len(stays) > 1 else 'it'} in a "
                    "cluster, or choose another fate."
                )
            if not stays and building not in city.today.occupied:
                raise UsageError(
                    f"{where}: building '{building}' has no tenant today, so the plan does not "
                    "leave it. Take it out of the fates."
                )
            if stays:
                raise UsageError(
                    f"{where}: building '{building}' is given the fate '{fate}', but the plan does "
                    f"not leave it: {whom} would sit in it. Take it out of the fates."
                )

    def fate_of(self, city: City, building: str, placement: Placement) -> str:
        """What becomes of a building that the plan leaves: its own word, or the city's rules."""
        rule = self.rule_of(city, building, placement)
        return self.fates[building] if rule is None else rule.fate

    def rule_of(self, city: City, building: str, placement: Placement) -> FateRule | None:
        """The rule of the city that decides on a building, or None where the plan itself does.

        `placement` is that of the plan.
        """
        return None if building in self.fates else city.fate_rule(building, placement)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{cluster.id}</td><td>{', '.join(move.agencies + move.groups)}</td>"
            f"<td>{move.to}</td></tr>"
            for cluster in self.clusters
            for move in cluster.moves
        )
        levers = ", ".join(f"{name} = {value:g}" for name, value in self.levers.items())
        return (
            f"<p><b>{self.name.get('id', self.id)}</b> ({self.name.get('en', self.id)}), "
            f"{self.status}, {self.date or ''}. {f'Levers: {levers}.' if levers else ''}</p>"
            "<table><thead><tr><th>Cluster</th><th>Who</th><th>To</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


TODAY = Plan(
    id="today", name={"id": "Keadaan sekarang", "en": "Today"}, status="today", file="today"
)
"""Nothing moves: what every plan is compared with."""


def _expanded(move: Move, city: City, offices: Mapping[str, str], where: str) -> dict[str, str]:
    """Agency to building for one move, rules written out with the office of each kecamatan."""
    movers = {agency: _kecamatan_of(city, agency, where) for agency in move.agencies}
    known = [kecamatan.id for kecamatan in city.kecamatan]
    for chosen in move.kecamatan:
        if chosen not in known:
            raise UsageError(
                f"{where}: kecamatan '{chosen}' is not in the city. {did_you_mean(chosen, known)}"
            )
    for group in move.groups:
        members = city.members(group)
        if not members:
            raise UsageError(
                f"{where}: group '{group}' has no agency. {did_you_mean(group, city.groups)}"
            )
        movers |= {
            agency.id: agency.kecamatan
            for agency in members
            if not move.kecamatan or agency.kecamatan in move.kecamatan
        }
    if move.to != KECAMATAN_OFFICE:
        if move.to not in city.building_order:
            raise UsageError(
                f"{where}: building '{move.to}' is not in the city. "
                f"{did_you_mean(move.to, [*city.building_order, KECAMATAN_OFFICE])}"
            )
        return dict.fromkeys(movers, move.to)
    found = {}
    for agency, kecamatan in movers.items():
        if kecamatan is None or kecamatan not in offices:
            raise UsageError(
                f"{where}: agency '{agency}' is sent to the office of its kecamatan, but "
                "agencies.csv gives it none. Fill its column kecamatan, or name a building."
            )
        found[agency] = offices[kecamatan]
    return found


def _kecamatan_of(city: City, agency: str, where: str) -> str | None:
    """The kecamatan of an agency that a plan names; unknown agencies are refused."""
    if agency not in city.agency_order:
        raise UsageError(
            f"{where}: agency '{agency}' is not in the city. "
            f"{did_you_mean(agency, city.agency_order)}"
        )
    return city.agency(agency).kecamatan


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:3])
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")
