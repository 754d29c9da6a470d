"""When agencies moved: a small table beside the records."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems, did_you_mean
from opdanalysis.evidence.letter_calendar import stamp
from opdanalysis.evidence.letters import Places
from opdanalysis.reading.faults import Faults

MOVES_FILE = "moves.csv"
COLUMNS = ("agency", "from_building", "to_building", "date")


def read_places(path: Path, city: City) -> Places:
    """Where each agency sat, period by period, from a table of moves.

    Columns: `agency`, `from_building`, `to_building`, `date`. Agencies that are not named sit where
    they sit today. A building that is not in the city may be named, for an office outside it.
    Without the file nobody has moved. Raises DataProblems.
    """
    today = city.places(city.today)
    if not path.is_file():
        return Places(np.empty(0, dtype=np.int32), today[None, :])
    faults = Faults()
    moves = _moves(path, city, faults)
    if faults.found:
        raise DataProblems(faults.found)
    outside = sorted({b for move in moves for b in move[2:] if b not in city.building_order})
    number = dict(city.building_order)
    number |= {name: len(city.buildings) + place for place, name in enumerate(outside)}
    starts = sorted({stamp(day) for day, *_ in moves})
    rows = np.tile(today, (len(starts) + 1, 1))
    moved: set[str] = set()
    for day, agency, origin, target in moves:
        place, at = starts.index(stamp(day)) + 1, city.agency_order[agency]
        if agency not in moved:
            rows[:place, at] = number[origin]
        rows[place:, at] = number[target]
        moved.add(agency)
    return Places(np.array(starts, dtype=np.int32), rows)


def _moves(path: Path, city: City, faults: Faults) -> list[tuple[date, str, str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        for name in missing:
            faults.add(path.name, 1, name, "the column is missing.")
        if missing:
            return []
        found = []
        for number, row in enumerate(reader, start=2):
            agency, origin, target, day = ((row[name] or "").strip() for name in COLUMNS)
            if agency not in city.agency_order:
                words = f"'{agency}' is not in the city. {did_you_mean(agency, city.agency_order)}"
                faults.add(path.name, number, "agency", words)
                continue
            if origin == target or not origin or not target:
                faults.add(path.name, number, "to_building", "two buildings are expected.")
                continue
            try:
                found.append((date.fromisoformat(day), agency, origin, target))
            except ValueError:
                faults.add(path.name, number, "date", f"'{day}' is not a date such as 2026-02-12.")
    return sorted(found)
