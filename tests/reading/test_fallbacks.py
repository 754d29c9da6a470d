"""Empty cells of a city that allows it are filled by national judgements, and each is listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from opdanalysis.errors import DataProblems
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.fallback_rules import NATIONAL, read_fallback_rules
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.schema import AGENCY_KINDS, LAYERS, TABLES, TENURES
from opdanalysis.report.city_template import NEEDED

CITY = """\
id: rawa
name: {id: Kota Rawa, en: Rawa City}
as_of: 2026-01-01
centre: {lat: -1.0, lon: 110.0}
synthetic: true
description: {id: Rekaan, en: Invented}
sources: [city-form]
fallbacks: yes
"""
SOURCES = """\
city-form:
  {title: Form, publisher: City, date: null, address: null, read_on: 2026-11, note: own lists}
"""
LEAST = {
    "kecamatan.csv": "id,name,lat,lon,area_km2\nbarat,Barat,-1.00,110.00,12\n"
    "timur,Timur,-1,110.05,20\n",
    "agencies.csv": "id,name,kind,kecamatan\nsetda,Setda,sekretariat,\ncapil,Dukcapil,dinas,\n"
    "camat,Kantor Camat,kecamatan,barat\n",
    "buildings.csv": "id,name,kecamatan\nbalai,Balai,barat\nruko,Ruko,timur\nkosong,Lahan,timur\n",
    "placement.csv": "agency,building\nsetda,balai\ncamat,balai\ncapil,ruko\n",
    "services.csv": "id,name\nktp,KTP\n",
    "steps.csv": "service,order,agency\nktp,1,camat\nktp,2,capil\n",
}
"""The least that a city must say."""


@pytest.fixture
def rawa(tmp_path: Path) -> Path:
    """A city with nothing but what is needed."""
    folder = tmp_path / "rawa"
    folder.mkdir()
    (folder / "city.yaml").write_text(CITY)
    (folder / "sources.yaml").write_text(SOURCES)
    for file, text in LEAST.items():
        (folder / file).write_text(text)
    return folder


def used(folder: Path) -> dict[tuple[str, str, str], tuple[str, str, str]]:
    """Low end, value and high end of every filled cell, by file, column and row."""
    return {
        (one.file, one.column, row): (one.low, one.value, one.high)
        for one in read_everything(folder).fallbacks
        for row in one.rows
    }


def test_the_least_that_a_city_says_is_enough(rawa):
    known = read_everything(rawa)
    assert [agency.id for agency in known.city.agencies] == ["setda", "capil", "camat"]
    assert len(known.city.kelurahan) == 2
    assert known.city.ties


def test_the_least_names_the_needed_columns_and_no_others():
    for file, text in LEAST.items():
        header = text.splitlines()[0].split(",")
        assert set(NEEDED[file]) <= set(header)
        assert set(header) - set(NEEDED[file]) <= {"kecamatan"}


@pytest.mark.parametrize("file", LEAST)
def test_nothing_stands_in_for_a_needed_cell(rawa, file):
    for column in NEEDED[file]:
        header, first, *rest = LEAST[file].splitlines()
        place = header.split(",").index(column)
        cells = first.split(",")
        cells[place] = ""
        (rawa / file).write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
        with pytest.raises(DataProblems) as refusal:
            read_everything(rawa)
        assert any(
            (p.file, p.row, p.column) == (file, 2, column) for p in refusal.value.problems
        ), refusal.value


def test_a_number_of_the_city_gets_a_range_and_no_other_value(rawa):
    (rawa / "agencies.csv").write_text(
        "id,name,kind,kecamatan,staff\nsetda,Setda,sekretariat,,90\n"
        "capil,Dukcapil,dinas,,\ncamat,Kantor Camat,kecamatan,barat,\n"
    )
    staff = {agency.id: agency.staff for agency in read_everything(rawa).city.agencies}
    assert (staff["setda"].low, staff["setda"].value, staff["setda"].high) == (81, 90, 99)
    assert (staff["setda"].evidence, staff["setda"].sources) == ("reported", ("city-form",))
    assert (staff["capil"].low, staff["capil"].value, staff["capil"].high) == (40, 80, 160)
    assert (staff["capil"].evidence, staff["capil"].sources) == ("judgement", (NATIONAL,))


def test_a_number_with_a_range_is_not_listed(rawa):
    (rawa / "agencies.csv").write_text(
        "id,name,kind,kecamatan,staff,staff_low,staff_high\nsetda,Setda,sekretariat,,90,80,95\n"
        "capil,Dukcapil,dinas,,50,50,50\ncamat,Kantor Camat,kecamatan,barat,20,19,21\n"
    )
    assert not [key for key in used(rawa) if key[:2] == ("agencies.csv", "staff")]


def test_the_floor_area_follows_the_staff_inside(rawa):
    """12 m2 for each employee and 200 m2 more: 200 + 30 in the hall are 2,960 m2."""
    found = used(rawa)
    assert found["buildings.csv", "floor_area_m2", "balai"] == ("1480", "2960", "5920")
    assert found["buildings.csv", "floor_area_m2", "kosong"] == ("300", "1000", "3000")


def test_a_building_without_a_point_lies_in_the_circle_of_its_kecamatan(rawa):
    building = read_everything(rawa).city.building("balai")
    assert (building.position.lat, building.position.lon) == (-1.0, 110.0)
    assert building.position.error_m == pytest.approx(1000 * np.sqrt(12 / np.pi), rel=1e-3)


def test_citizens_come_to_the_agency_of_the_first_step(rawa):
    facing = {a.id: a.public_facing for a in read_everything(rawa).city.agencies}
    assert facing == {"setda": False, "capil": False, "camat": True}


def test_ties_go_both_ways_and_grow_with_the_root_of_the_staff(rawa):
    """60 contacts with the secretariat at 80 employees, so 60 x sqrt(30 / 80) = 36.74 at 30."""
    ties = {tie.id: tie.contacts_per_year.value for tie in read_everything(rawa).city.ties}
    assert len(ties) == 4
    by_pair = {tuple(sorted(id.split(" / ")[:2])): value for id, value in ties.items()}
    values = sorted(set(ties.values()))
    assert values == pytest.approx([36.74, 60], rel=1e-3), by_pair


def test_without_leave_an_empty_cell_stays_a_problem(rawa):
    (rawa / "city.yaml").write_text(CITY.replace("fallbacks: yes\n", ""))
    with pytest.raises(DataProblems) as refusal:
        read_everything(rawa)
    assert "agencies.csv, row 1, column staff: the column is missing." in str(refusal.value)


def test_the_two_cities_of_the_data_use_no_fallback(contoh, palembang):
    assert contoh.fallbacks == palembang.fallbacks == ()


def test_a_wrong_cell_is_told_in_its_own_row(rawa):
    (rawa / "steps.csv").write_text("service,order,agency\nktp,1,camat\nktp,dua,nobody\n")
    with pytest.raises(DataProblems) as refusal:
        read_everything(rawa)
    text = str(refusal.value)
    assert "steps.csv, row 3, column order: 'dua' is not a number." in text
    assert "steps.csv, row 3, column agency: 'nobody' is not in agencies.csv." in text


def test_every_rule_has_a_reason_in_both_languages_and_a_rising_range():
    faults = Faults()
    rules = read_fallback_rules(faults)
    assert faults.found == []
    for file, columns in rules.columns.items():
        assert set(columns) <= set(TABLES[file].uncertain)
        for column in columns.values():
            assert set(column.reason) == {"id", "en"}
            for rule in column.rules.values():
                low, value, high = rule.amount(10.0)
                assert 0 < low < value < high


def test_every_kind_tenure_and_layer_has_a_rule():
    rules = read_fallback_rules(Faults()).columns
    assert set(rules["agencies.csv"]["staff"].rules) == set(AGENCY_KINDS)
    assert set(rules["buildings.csv"]["guard_posts"].rules) == set(TENURES)
    assert set(rules["ties.csv"]["contacts_per_year"].rules) == set(LAYERS)


def test_what_stands_in_is_cited(rawa):
    known = read_everything(rawa)
    assert NATIONAL in known.sources
    share = known.book.evidence_share()
    assert share.loc["agencies", "judgement"] == len(known.city.agencies)


def test_the_flag_must_be_yes_to_count(rawa):
    about = yaml.safe_load(CITY) | {"fallbacks": "perhaps"}
    (rawa / "city.yaml").write_text(yaml.safe_dump(about))
    with pytest.raises(DataProblems):
        read_everything(rawa)
