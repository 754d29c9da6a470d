"""What may be chosen in the lists of the page, in the reader's language."""

from __future__ import annotations

from opdanalysis.city.city import City
from opdanalysis.city.names import group_name
from opdanalysis.city.placement import Placement
from opdanalysis.plans.plan import KECAMATAN_OFFICE
from opdanalysis.text.words import Words

GROUP = "group:"
"""How an entry of the list of agencies says that it is a whole group."""

Entries = list[tuple[str, str]]
"""Words and what they stand for."""


def movers(city: City, placement: Placement, words: Words) -> Entries:
    """Every agency, with the building where it sits, and every group of units."""
    lang = words.lang
    agencies = [
        (f"{a.name_in(lang)} ({city.building(placement[a.id]).name_in(lang)})", a.id)
        for a in city.agencies
    ]
    groups = []
    for group in city.groups:
        name, count = group_name(city, group, lang), len(city.members(group))
        groups.append((words("explorer.group", group=name, count=count), GROUP + group))
    return agencies + groups


def named(city: City, entry: str) -> list[str]:
    """The agencies that an entry of that list stands for."""
    if entry.startswith(GROUP):
        return [unit.id for unit in city.members(entry.removeprefix(GROUP))]
    return [entry]


def destinations(city: City, words: Words) -> Entries:
    """Every building, and the office of each unit's own kecamatan."""
    ids = [*(building.id for building in city.buildings), KECAMATAN_OFFICE]
    return [(place_name(city, id, words), id) for id in ids]


def place_name(city: City, to: str, words: Words) -> str:
    """What a destination is called."""
    if to == KECAMATAN_OFFICE:
        return words("explorer.kecamatan_office")
    return city.building(to).name_in(words.lang)
