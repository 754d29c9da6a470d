"""What a city says that a plan may not do when the best one is looked for."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from opdanalysis.city.city import City
from opdanalysis.errors import did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.sources import Source
from opdanalysis.reading.yaml_files import Fields, read_yaml
from opdanalysis.search.rules import Rules, usual_rules

SEARCH_RULES_FILE = "search_rules.yaml"


def search_rules_from(
    folder: Path, city: City, sources: dict[str, Source], faults: Faults
) -> Rules:
    """The usual rules and those of the city's file; faults are noted. The file may be missing."""
    path = folder / SEARCH_RULES_FILE
    content = read_yaml(path, faults) if path.is_file() else None
    if content is None:
        return usual_rules(city)
    fields = Fields(content, SEARCH_RULES_FILE, "", faults)
    agencies, buildings = city.agency_order, city.building_order
    stay, closed, apart = (
        [_named(entry, key, what, known, sources, faults) for entry in fields.entries(key, [])]
        for key, what, known in (
            ("stay", "agencies", agencies),
            ("closed", "buildings", buildings),
            ("apart", "agencies", agencies),
        )
    )
    fields.close()
    for pair in apart:
        if len(pair) != 2:
            fields.fault(f"two agencies are kept apart, not {len(pair)}.", "apart")
    return usual_rules(
        city, _flat(stay), _flat(closed), [(pair[0], pair[-1]) for pair in apart if pair]
    )


def _named(
    entry: Any,
    key: str,
    what: str,
    known: Collection[str],
    sources: dict[str, Source],
    faults: Faults,
) -> list[str]:
    """The agencies or buildings of one entry that are in the city."""
    fields = Fields(entry, SEARCH_RULES_FILE, key, faults)
    ids = fields.listed(what)
    fields.words("reason")
    fields.known_sources("source", sources)
    fields.close()
    for id in ids:
        if id not in known:
            fields.fault(f"'{id}' is not in the city. {did_you_mean(id, known)}", what)
    return [id for id in ids if id in known]


def _flat(lists: list[list[str]]) -> list[str]:
    return [id for ids in lists for id in ids]
