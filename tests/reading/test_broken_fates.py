"""Faults in the table of fates and in the dates of a plan, each named with what to do."""

from __future__ import annotations

import pytest

from opdanalysis.city.fate_rules import DEFAULT_RULES
from opdanalysis.reading.everything import problems, read_everything

FILE = "fates.csv"
RENTED = "1,rented,,rented,,,any,returned"
OTHER = "4,other,,any,,,any,kept"
MERGE = "plans/merge-in-mawar.yaml"

FAULTS = {
    "an unknown fate": (
        (FILE, OTHER, OTHER.replace("kept", "keep")),
        "fates.csv, row 5, column fate: 'keep' is not one of its words. Did you mean 'kept'?",
    ),
    "an unknown building": (
        (FILE, RENTED, "1,rented,jalan-melati-6,rented,,,any,returned"),
        "fates.csv, row 2, column building: 'jalan-melati-6' is not in buildings.csv. "
        "Did you mean 'jalan-melati-5'?",
    ),
    "an unknown tenure": (
        (FILE, RENTED, RENTED.replace("rented,,,any", "leased,,,any")),
        "fates.csv, row 2, column tenure: 'leased' is not one of its words. "
        "Allowed: any, owned, rented, serviced.",
    ),
    "a range the wrong way round": (
        (FILE, RENTED, "1,rented,,rented,500,300,any,returned"),
        "fates.csv, row 2, column floor_area_to: from 500 to 300 m2 there is no building. "
        "Turn them round.",
    ),
    "an order that stands twice": (
        (FILE, "3,shared-site", "1,shared-site"),
        "fates.csv, row 4, column order: '1' stands already in row 2. Each row needs its own.",
    ),
    "a rule that takes all before the others": (
        (FILE, RENTED, "1,rented,,any,,,any,returned"),
        "fates.csv, row 2, column order: rule 'rented' fits every building, so no later rule is "
        "reached. Give it the last place in the order.",
    ),
    "an open end": (
        (FILE, OTHER, "4,other,,owned,,,any,kept"),
        "fates.csv, row 5, column order: the last rule, 'other', does not fit every building. "
        "Add one after it without any condition.",
    ),
    "a source that is not known": (
        (FILE, "Rented space goes back to its owner,invented", "Rented space,inventedd"),
        "fates.csv, row 2, column source: source 'inventedd' is not in sources.yaml. "
        "Did you mean 'invented'?",
    ),
    "a reason that is missing": (
        (FILE, "Its site stays in use,invented", ",invented"),
        "fates.csv, row 4, column reason_en: the cell is empty.",
    ),
    "a date of a cluster that is none": (
        (MERGE, "  - id: B\n", "  - id: B\n    date: early 2026\n"),
        f"{MERGE}, key cluster B.date: 'early 2026' is not a date. "
        "Write year, month and day: 2026-02-12.",
    ),
    "land without a value": (
        ("kecamatan.csv", ",1000000,900000,1100000,", ",,900000,1100000,"),
        "kecamatan.csv, row 2, column land_value_rp_m2: the cell is empty.",
    ),
}


@pytest.mark.parametrize("why", FAULTS)
def test_a_fault_is_named_with_its_place_and_what_to_do(why, broken):
    (file, old, new), line = FAULTS[why]
    broken.replace(file, old, new)
    assert [str(problem) for problem in problems(broken.folder)] == [line]


def test_a_city_without_the_table_has_the_default_rules(broken):
    (broken.folder / FILE).unlink()
    assert read_everything(broken.folder).city.fate_rules == DEFAULT_RULES


def test_the_order_counts_and_not_the_row(broken):
    lines = broken.lines(FILE)
    broken.write(FILE, "\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    ids = [rule.id for rule in read_everything(broken.folder).city.fate_rules]
    assert ids == ["rented", "mall", "shared-site", "other"]


def test_an_edited_rule_changes_the_fate(broken):
    broken.replace(FILE, OTHER, OTHER.replace("kept", "leased"))
    known = read_everything(broken.folder)
    assert known.city.fate_rule("jalan-melati-5", known.city.today).fate == "leased"
