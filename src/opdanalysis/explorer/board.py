"""The board of buildings and agencies, and the sliders: the two widgets that are our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from opdanalysis.city.city import City
from opdanalysis.city.entities import Agency
from opdanalysis.city.names import group_name
from opdanalysis.city.placement import Placement
from opdanalysis.models.building_use import BuildingUse, use_of
from opdanalysis.models.space import Space
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.text.words import Words

HERE = Path(__file__).parent


class _Drawn(anywidget.AnyWidget):
    """A widget that is drawn anew when its version rises."""

    words = traitlets.Dict().tag(sync=True)
    version = traitlets.Int(0).tag(sync=True)

    def show(self, **traits: Any) -> None:
        """Set the traits and draw them, all at once."""
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)
            self.version += 1

    def when_asked(self, kind: str, act: Callable[[dict[str, Any]], None]) -> None:
        """Call `act` with each message of that kind."""

        def heard(_: Any, message: Any, __: Any) -> None:
            if isinstance(message, dict) and message.get("kind") == kind:
                act(message)

        self.on_msg(heard)


class Board(_Drawn):
    """Agencies as chips on cards of buildings; a move arrives as a message `move`."""

    _esm = HERE / "board.js"
    buildings = traitlets.List().tag(sync=True)
    agencies = traitlets.List().tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)
    lang = traitlets.Unicode("id").tag(sync=True)


class Sliders(_Drawn):
    """Native sliders with readings in words; a change arrives as a message `hold`."""

    _esm = HERE / "sliders.js"
    items = traitlets.List().tag(sync=True)
    kind = traitlets.Unicode("belief").tag(sync=True)


def agency_chips(city: City, placement: Placement, words: Words) -> list[dict[str, Any]]:
    """What the board shows of each agency: where it sits, its staff, whether it has moved."""
    lang = words.lang
    groups = {group: group_name(city, group, lang) for group in city.groups}
    chips = []
    for agency in city.agencies:
        home, at = city.today[agency.id], placement[agency.id]
        staff = words("explorer.board.staff", count=words.number(agency.staff.value))
        title = words("explorer.board.stays", staff=staff)
        if at != home:
            title = words("explorer.board.from", place=city.building(home).name_in(lang))
        chips.append(
            {"id": agency.id, "name": agency.name_in(lang), "at": at, "moved": at != home}
            | {"staff": words.number(agency.staff.value), "title": title}
            | {"group": agency.group or "", "group_name": groups.get(agency.group or "", "")}
        )
    return chips


def building_cards(
    city: City, plan: Plan, central: Values, in_play: frozenset[str], words: Words
) -> list[dict[str, Any]]:
    """What the board shows of each building: floor area that is there and that the norm asks for.

    `central` are floats. A building is shown at once when it is `in_play` or the plan fills or
    leaves it; others on demand.
    """
    placement = plan.place(city)
    need, has = _need_and_area(use_of(city, placement, central.with_numbers(plan.levers)))
    cards = []
    for at, building in enumerate(city.buildings):
        used = building.id in placement.occupied
        left = building.id in city.today.occupied and not used
        filled = used and placement.tenants(building.id) != city.today.tenants(building.id)
        state = "empty" if not used else "full" if need[at] > has[at] else "fine"
        needed, area = words.number(need[at]), words.number(has[at])
        key = "empty" if not used else "room"
        note = ""
        if left:
            fate = words(f"fate.{plan.fate_of(city, building.id, placement)}")
            note = words("explorer.board.left", fate=fate)
        elif state == "full":
            note = words("explorer.board.full")
        cards.append(
            {
                "id": building.id,
                "name": building.name_in(words.lang),
                "room": words(f"explorer.board.{key}", need=needed, area=area),
                "share": float(need[at] / has[at]) if used else 0.0,
                "state": state,
                "note": note,
                "shown": building.id in in_play or left or filled,
            }
        )
    return cards


def in_play(city: City, plans: tuple[Plan, ...]) -> frozenset[str]:
    """The buildings to begin with: those of the agencies that are no units, and new ones of plans.

    Units and offices of a kecamatan are many and small; theirs are shown on demand.
    """
    places = [plan.place(city) for plan in plans]
    large = {city.today[agency.id] for agency in city.agencies if not is_local(agency)}
    return frozenset(large.union(*(place.occupied - city.today.occupied for place in places)))


def in_order(
    cards: list[dict[str, Any]], city: City, base: Plan, first: frozenset[str]
) -> list[dict[str, Any]]:
    """The cards of the buildings `first` before the others, and those that a plan fills on top.

    The order is that of the plan to start from, so that no card jumps when somebody is moved.
    """
    placement = base.place(city)
    fills = {placement[agency] for agency in city.today.movers(placement)}
    left = set(city.today.vacated(placement))
    return sorted(
        cards,
        key=lambda card: (card["id"] not in first, card["id"] not in fills, card["id"] not in left),
    )


def is_local(agency: Agency) -> bool:
    """Whether an agency is the office of a kecamatan or a unit for one."""
    return agency.kecamatan is not None


def _need_and_area(use: BuildingUse) -> tuple[Any, Any]:
    """Floor area that the norm asks for and that is there, by building [m2]."""
    space = Space(use, np.arange(len(use.city.buildings)))
    return space.need, space.available
