"""Packs with a planted fault: the check names file, row and column, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from opdanalysis.cli import main
from opdanalysis.reading.everything import problems, read_everything

Plant = Callable[..., None]

PARAMETER = """\
guard_cost:
  description: Yearly cost of a guard in the example
  value: 40000000
  unit: Rp/person/year
  price_year: 2026
  distribution: {kind: pert, low: 34200000, mode: 40000000, high: 46000000}
  evidence: judgement
  source: invented
  reason: Invented
  as_of: 2026
"""

SCENARIO = """\
id: hard-times
name: {id: Masa sulit, en: Hard times}
description: {id: Rekaan, en: Invented}
beliefs:
"""


def change(file: str, old: str, new: str) -> Plant:
    return lambda pack: pack.replace(file, old, new)


def write(file: str, content: str | bytes) -> Plant:
    return lambda pack: pack.write(file, content)


def remove(file: str) -> Plant:
    return lambda pack: (pack.folder / file).unlink()


def parameter(old: str, new: str) -> Plant:
    assert PARAMETER.count(old) == 1
    return write("parameters.yaml", PARAMETER.replace(old, new))


def each_line(file: str, altered: Callable[[int, str], str]) -> Plant:
    """Write every line anew, given its number, the header being 0."""

    def plant(pack) -> None:
        lines = [altered(number, line) for number, line in enumerate(pack.lines(file))]
        pack.write(file, "\n".join(lines) + "\n")

    return plant


def as_bytes(file: str, altered: Callable[[bytes], bytes]) -> Plant:
    return lambda pack: pack.write(file, altered((pack.folder / file).read_bytes()))


AREA = "103.4910,4,invented,1 km west of"  # of the kelurahan Pasar Lama, row 4
ALONE = ",,,,,,,no,no"  # of a step: no group, not parallel, not delegated
GUESS = ",judgement,invented"
MERGE = "plans/merge-in-mawar.yaml"
LETTERS = "plans/letters-and-delegation.yaml"

# What is planted, and the line that the check prints.
FAULTS: dict[str, tuple[Plant, str]] = {
    # files
    "a file is missing": (
        remove("agencies.csv"),
        "agencies.csv: the file is missing. Put agencies.csv into kota.",
    ),
    "a file is not UTF-8": (
        as_bytes("agencies.csv", lambda b: b.replace(b"Dinas Sosial", b"Dinas S\xf3sial")),
        "agencies.csv, row 4: a letter is not UTF-8. Save the file as UTF-8.",
    ),
    "a file is UTF-16": (
        write("ties.csv", "from_agency,to_agency".encode("utf-16")),
        "ties.csv: it is UTF-16. Save it as UTF-8.",
    ),
    "a file starts with a byte-order mark": (
        as_bytes("bridges.csv", lambda b: b"\xef\xbb\xbf" + b),
        "bridges.csv: it starts with a byte-order mark (BOM). Save it as UTF-8 without BOM.",
    ),
    "a file holds a NUL byte": (
        as_bytes("bridges.csv", lambda b: b + b"\0"),
        "bridges.csv: it holds NUL bytes, so it is not a text file.",
    ),
    "a file is a web page": (
        write("kelurahan.csv", "\n<!DOCTYPE html><html><body>Not found</body></html>"),
        "kelurahan.csv: it is a web page, not a table. Download the file itself.",
    ),
    "a file is a spreadsheet": (
        write("buildings.csv", b"PK\x03\x04\x14\x00"),
        "buildings.csv: it is a spreadsheet or zip file. Export the sheet as CSV.",
    ),
    "a file is a Git LFS pointer": (
        write("placement.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\n"),
        "placement.csv: it is a Git LFS pointer, not the data. Fetch the file itself.",
    ),
    "a file is empty": (
        write("ties.csv", "\n"),
        "ties.csv: the file is empty. Write its header and its rows.",
    ),
    "a file has a header only": (
        lambda pack: pack.write("buildings.csv", pack.lines("buildings.csv")[0] + "\n"),
        "buildings.csv: the table has a header and no row. Fill it.",
    ),
    # columns and rows
    "cells are parted by semicolons": (
        as_bytes("agencies.csv", lambda b: b.replace(b",", b";")),
        "agencies.csv, row 1: cells are parted by semicolons. Save it with commas.",
    ),
    "cells are parted by tabs": (
        as_bytes("kelurahan.csv", lambda b: b.replace(b",", b"\t")),
        "kelurahan.csv, row 1: cells are parted by tabs. Save it with commas.",
    ),
    "a column is missing": (
        each_line("placement.csv", lambda n, line: line.rpartition(",")[0]),
        "placement.csv, row 1, column note: the column is missing.",
    ),
    "a column is not known": (
        each_line("kelurahan.csv", lambda n, line: line + (",red" if n else ",colour")),
        "kelurahan.csv, row 1, column colour: the column is not known. Delete it.",
    ),
    "a column stands twice": (
        each_line("kelurahan.csv", lambda n, line: line + ("," if n else ",note")),
        "kelurahan.csv, row 1, column note: the column stands twice.",
    ),
    "a row has too few cells": (
        change("agencies.csv", "pu,Dinas Pekerjaan Umum dan Penataan Ruang,", "pu,"),
        "agencies.csv, row 6: 15 cells, but the header has 16. "
        "A text with a comma needs quotation marks around it.",
    ),
    "a row has too many cells": (
        change("kelurahan.csv", "Pasar Lama,", "Pasar, Lama,"),
        "kelurahan.csv, row 4: 9 cells, but the header has 8. "
        "A text with a comma needs quotation marks around it.",
    ),
    "a row is blank": (
        change("kelurahan.csv", "\npasar-lama", "\n\npasar-lama"),
        "kelurahan.csv, row 4: the row is empty. Delete it.",
    ),
    "a row has only commas": (
        change("kelurahan.csv", "\npasar-lama", "\n,,,,,,,\npasar-lama"),
        "kelurahan.csv, row 4: the row is empty. Delete it.",
    ),
    "a quotation mark swallows the rows that follow": (
        change("kelurahan.csv", AREA, AREA.replace("1 km", '"1 km')),
        "kelurahan.csv, row 4: a quotation mark is opened and not closed, or a text follows it.",
    ),
    "a cell is empty": (
        change("kelurahan.csv", "Pasar Lama", ""),
        "kelurahan.csv, row 4, column name: the cell is empty.",
    ),
    # ids and references
    "an id stands twice": (
        change("agencies.csv", "\nizin,", "\nsosial,"),
        "agencies.csv, row 5, column id: 'sosial' stands already in row 4. Each row needs its own.",
    ),
    "an id is a path": (
        change("agencies.csv", "\nizin,", "\n../izin,"),
        "agencies.csv, row 5, column id: '../izin' is not an id. "
        "Use lower-case letters, digits, hyphens and underscores.",
    ),
    "a pair of agencies has two ties of one layer": (
        change("ties.csv", "izin,sosial,field,informal", "pu,izin,field,informal"),
        "ties.csv, row 14, column from_agency: 'pu / izin / field' stands already in row 13. "
        "Each row needs its own.",
    ),
    "a reference leads nowhere": (
        change("placement.csv", "izin,jalan-melati-5", "izin,jalan-melatti-5"),
        "placement.csv, row 5, column building: 'jalan-melatti-5' is not in buildings.csv. "
        "Did you mean 'jalan-melati-5'?",
    ),
    "a source is not known": (
        change("kelurahan.csv", AREA, AREA.replace("invented", "inventd")),
        "kelurahan.csv, row 4, column source: source 'inventd' is not in sources.yaml. "
        "Did you mean 'invented'?",
    ),
    "an agency has no place": (
        change("placement.csv", "izin,jalan-melati-5,2,judgement,invented,\n", ""),
        "placement.csv, column agency: agency 'izin' has no place. Add a row with its building.",
    ),
    "a service has no step": (
        change(
            "steps.csv",
            f"bantuan-sosial,1,sosial,yes{ALONE},20,16,24{GUESS},2,1.6,2.4{GUESS},Application\n"
            f"bantuan-sosial,2,capil,no{ALONE},,,,,,0.5,0.4,0.6{GUESS},"
            "Check of the family record\n",
            "",
        ),
        "steps.csv, column service: service 'bantuan-sosial' has no step. Add its agencies.",
    ),
    "a step is shared with a group that is not there": (
        change("steps.csv", "yes,uptd-capil,0.4", "yes,uptd-capill,0.4"),
        "steps.csv, row 8, column group: 'uptd-capill' is not a group of agencies.csv. "
        "Did you mean 'uptd-capil'?",
    ),
    "a step is shared with a group by no share": (
        change("steps.csv", f"yes,uptd-capil,0.4,0.3,0.5{GUESS}", "yes,uptd-capil,,,,,"),
        "steps.csv, row 8, column share_at_group: the cell is empty, but group is filled. "
        "Fill both or neither.",
    ),
    "units share in a step to which no citizen comes": (
        change(
            "steps.csv",
            f"usaha,4,izin,no{ALONE}",
            f"usaha,4,izin,no,uptd-capil,0.4,0.3,0.5{GUESS},no,no",
        ),
        "steps.csv, row 15, column group: units of a group share in a step only where the citizen "
        "comes to them. Empty the cell, or write yes in citizen_present.",
    ),
    "a share may be everybody": (
        change("steps.csv", "0.4,0.3,0.5", "0.4,0.3,1"),
        "steps.csv, row 8, column share_at_group_high: the high end must be below 1. "
        "Write the largest share that is likely.",
    ),
    "the first step acts beside another": (
        change(
            "steps.csv",
            "izin-usaha,1,kec-tengah,yes,,,,,,,no",
            "izin-usaha,1,kec-tengah,yes,,,,,,,yes",
        ),
        "steps.csv, row 12, column parallel: "
        "the first step of a service cannot act beside another. Write no.",
    ),
    "desk work acts beside a counter": (
        change("steps.csv", "izin-usaha,3,pu,no,,,,,,,no", "izin-usaha,3,pu,no,,,,,,,yes"),
        "steps.csv, row 14, column parallel: the step before has the citizen present, and only "
        "desk work has other desk work beside it. Write no.",
    ),
    "a counter is delegated": (
        change("steps.csv", f"usaha,2,izin,yes{ALONE}", "usaha,2,izin,yes,,,,,,,no,yes"),
        "steps.csv, row 13, column may_be_delegated: "
        "a step with the citizen present cannot be delegated. Write no here or in citizen_present.",
    ),
    "nobody spends minutes at a counter": (
        change(
            "steps.csv", f"usaha,4,izin,no{ALONE},,,,,", f"usaha,4,izin,no{ALONE},9,8,10{GUESS}"
        ),
        "steps.csv, row 15, column counter_minutes: nobody is at the counter, for citizen_present "
        "is no. Empty the cell and its four neighbours, or write yes there.",
    ),
    "a number that may be empty is half empty": (
        change("steps.csv", "15,12,18", "15,,18"),
        "steps.csv, row 8, column counter_minutes_low: the cell is empty, but counter_minutes is "
        "filled. Fill both or neither.",
    ),
    "a journey passes a counter without minutes": (
        change("steps.csv", f"15,12,18{GUESS}", ",,,,"),
        "steps.csv, row 8, column counter_minutes: the cell is empty, but a journey needs "
        "'akta-lahir'. Write how long the step takes, if only as a judgement.",
    ),
    "a journey passes a desk without hours": (
        change("steps.csv", f"4,3.2,4.8{GUESS}", ",,,,"),
        "steps.csv, row 14, column touch_hours: the cell is empty, but a journey needs "
        "'izin-usaha'. Write how long the step takes, if only as a judgement.",
    ),
    "a standard has no source": (
        change(
            "services.csv",
            "1200,judgement,invented,3,judgement,invented",
            "1200,judgement,invented,3,judgement,",
        ),
        "services.csv, row 5, column standard_source: "
        "the cell is empty, but standard_days is filled. Fill both or neither.",
    ),
    "a journey has more people than a service has cases": (
        change("journeys.csv", "800,640,960", "1800,640,2960"),
        "journeys.csv, row 3, column cases_per_year: 1800 people a year ask for 'akta-lahir', "
        "which has 1000 cases. Lower the one, or raise the other in services.csv.",
    ),
    "a journey has no service": (
        change("journey_services.csv", "\nbantuan,1,bantuan-sosial,\n", "\n"),
        "journey_services.csv, column journey: journey 'bantuan' has no service. Add its services.",
    ),
    "a journey has a service twice": (
        change("journey_services.csv", "usaha-baru,2,izin-usaha", "usaha-baru,2,ktp-tengah"),
        "journey_services.csv, row 8, column service: 'ktp-tengah' stands already in row 7 of "
        "journey 'usaha-baru'. A service belongs to a journey once.",
    ),
    "a journey needs a service that is not there": (
        change("journey_services.csv", "usaha-baru,2,izin-usaha", "usaha-baru,2,izin-usahaa"),
        "journey_services.csv, row 8, column service: 'izin-usahaa' is not in services.csv. "
        "Did you mean 'izin-usaha'?",
    ),
    "an agency has a tie with itself": (
        change("ties.csv", "izin,sosial,", "izin,izin,"),
        "ties.csv, row 14, column to_agency: 'izin' has a tie with itself.",
    ),
    "a kecamatan has two offices": (
        change("agencies.csv", "kecamatan,,,selatan", "kecamatan,,,tengah"),
        "agencies.csv, row 9, column kecamatan: 'kec-tengah' is already the office of 'tengah'.",
    ),
    "a kecamatan office serves no kecamatan": (
        change("agencies.csv", "kecamatan,,,selatan", "kecamatan,,,"),
        "agencies.csv, row 9, column kecamatan: a kecamatan office needs its own.",
    ),
    # numbers and words
    "a number has a decimal comma": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ',"4,5",')),
        "kelurahan.csv, row 4, column area_km2: '4,5' has a decimal comma. "
        "Write a point, and no separator of thousands.",
    ),
    "a number has commas between thousands": (
        change("kecamatan.csv", ",30000,", ',"30,000",'),
        "kecamatan.csv, row 3, column population: '30,000' has separators of thousands. "
        "Write the digits only.",
    ),
    "a number has points between thousands": (
        change("kecamatan.csv", ",30000,", ",1.030.000,"),
        "kecamatan.csv, row 3, column population: '1.030.000' has separators of thousands. "
        "Write the digits only.",
    ),
    "a number of people may be an Indonesian thousand": (
        change("kecamatan.csv", ",30000,", ",30.000,"),
        "kecamatan.csv, row 3, column population: '30.000' may mean 30 or 30000. "
        "Write one of the two.",
    ),
    "a number carries a unit": (
        change("buildings.csv", ",1200,1080,", ",1200 m2,1080,"),
        "buildings.csv, row 4, column floor_area_m2: '1200 m2' carries a unit, 'm2'. "
        "The header implies it; write the number.",
    ),
    "a number was turned into a date": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ",04-Mar,")),
        "kelurahan.csv, row 4, column area_km2: '04-Mar' is a date; "
        "a spreadsheet may have turned a number into it. Type it again.",
    ),
    "a number is a formula": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ",=2*2,")),
        "kelurahan.csv, row 4, column area_km2: '=2*2' is a formula. Write its value.",
    ),
    "a text is a formula": (
        change("kelurahan.csv", "Pasar Lama", "=A1"),
        "kelurahan.csv, row 4, column name: '=A1' is a formula. Write its value.",
    ),
    "a number is a word of Python": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ",nan,")),
        "kelurahan.csv, row 4, column area_km2: 'nan' is not a number.",
    ),
    "a number has an underscore": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ",4_000,")),
        "kelurahan.csv, row 4, column area_km2: '4_000' is not a number.",
    ),
    "a number is beyond all measure": (
        change("kelurahan.csv", AREA, AREA.replace(",4,", ",1e999,")),
        "kelurahan.csv, row 4, column area_km2: '1e999' is not a finite number.",
    ),
    "an area is negative": (
        change("buildings.csv", ",1200,1080,", ",-1200,1080,"),
        "buildings.csv, row 4, column floor_area_m2: -1200 is below the least possible, 0 m2.",
    ),
    "a latitude is off the globe": (
        change("kelurahan.csv", "tengah,-2.5000,103.4910", "tengah,250,103.4910"),
        "kelurahan.csv, row 4, column lat: 250 is above the largest possible, 90.",
    ),
    "a floor is not whole": (
        change("placement.csv", "izin,jalan-melati-5,2", "izin,jalan-melati-5,2.5"),
        "placement.csv, row 5, column floor: 2.5 is not a whole number.",
    ),
    "low is above high": (
        change("kecamatan.csv", "30000,27000,33000", "30000,33000,27000"),
        "kecamatan.csv, row 3, column population: "
        "low 33000, value 30000 and high 27000 are not in rising order.",
    ),
    "the low end is zero": (
        change("kecamatan.csv", "30000,27000,33000", "30000,0,33000"),
        "kecamatan.csv, row 3, column population_low: the low end must be above 0. "
        "Write the smallest amount that is likely.",
    ),
    "a word of evidence is not known": (
        change("kecamatan.csv", "27000,33000,judgement", "27000,33000,guessed"),
        "kecamatan.csv, row 3, column population_evidence: 'guessed' is not one of its words. "
        "Allowed: derived, judgement, literature, measured, official, reported.",
    ),
    "a flag is neither yes nor no": (
        change("steps.csv", "izin-usaha,4,izin,no", "izin-usaha,4,izin,false"),
        "steps.csv, row 15, column citizen_present: 'false' is neither yes nor no.",
    ),
    # YAML of the city, its sources and claims
    "YAML is not well formed": (
        change(MERGE, "[sosial, izin]", "[sosial, izin"),
        f"{MERGE}, line 18: expected ',' or ']', but got '}}'.",
    ),
    "the sources cannot be read": (
        change("sources.yaml", "title: Invented", "title: [Invented"),
        "sources.yaml, line 3: expected ',' or ']', but got ':'.",
    ),
    "a key stands twice": (
        change("city.yaml", "synthetic: true", "synthetic: true\nsynthetic: false"),
        "city.yaml, line 6: key 'synthetic' stands twice.",
    ),
    "a date is impossible": (
        change(MERGE, "date: 2025-11-01", "date: 2025-11-31"),
        f"{MERGE}, line 3: '2025-11-31' is not a date (day is out of range for month).",
    ),
    "a source has no address and no reason": (
        change("sources.yaml", "  note: not a real city\n", ""),
        "sources.yaml, key invented.note: a source without an address needs a note that says why.",
    ),
    "the centre of the city is a word": (
        change("city.yaml", "{lat: -2.5, lon: 103.5}", "nowhere"),
        "city.yaml, key centre: a mapping of keys to values is expected.",
    ),
    "the claims are no list": (
        write("claims.yaml", "c01: cheaper\n"),
        "claims.yaml: a list of claims is expected.",
    ),
    # plans
    "a plan names an unknown agency": (
        change(MERGE, "[sosial, izin]", "[sosiall, izin]"),
        f"{MERGE}: cluster A: agency 'sosiall' is not in the city. Did you mean 'sosial'?",
    ),
    "a plan has an unknown key": (
        change(MERGE, "status: announced", "status: announced\ncolour: red"),
        f"{MERGE}, key colour: the key is not known. "
        "Allowed: clusters, date, fates, id, levers, name, note, proposed_by, source, status.",
    ),
    "a plan sets an unknown lever": (
        change(LETTERS, "electronic_letters_share", "electronic_leters_share"),
        f"{LETTERS}: sets 'electronic_leters_share', which is not a parameter. "
        "Did you mean 'electronic_letters_share'?",
    ),
    "a plan sets a lever beyond its end": (
        change(LETTERS, "electronic_letters_share: 0.9", "electronic_letters_share: 90"),
        f"{LETTERS}, key levers.electronic_letters_share: 90 is not between 0 and 1.",
    ),
    "the fates of a plan are no mapping": (
        change(MERGE, "fates:\n  jalan-melati-5: sold", "fates: [jalan-melati-5]"),
        f"{MERGE}, key fates: a mapping of keys to values is expected.",
    ),
    "the clusters of a plan are a number": (
        change(LETTERS, "clusters: []", "clusters: 2"),
        f"{LETTERS}, key clusters: a list is expected.",
    ),
    "two plans have one id": (
        change(LETTERS, "id: letters-and-delegation", "id: merge-in-mawar"),
        f"{MERGE}, key id: a plan 'merge-in-mawar' exists already.",
    ),
    "an announced plan has no source": (
        change(MERGE, "source: [invented]\n", ""),
        f"{MERGE}, key source: a plan needs a source, unless it is a rival that nobody proposed.",
    ),
    # parameters and scenarios
    "a unit is not on the list": (
        parameter("Rp/person/year", "Rp/person/yr"),
        "parameters.yaml, key guard_cost.unit: 'Rp/person/yr' is not one of its words. "
        "Did you mean 'Rp/person/year'?",
    ),
    "a unit is not that of the parameter": (
        parameter("Rp/person/year", "Rp/building/year"),
        "parameters.yaml, key guard_cost.unit: "
        "'Rp/building/year' is not the unit of this parameter, 'Rp/person/year'.",
    ),
    "a value is outside its distribution": (
        parameter("value: 40000000", "value: 50000000"),
        "parameters.yaml, key guard_cost.value: the value 50000000 lies outside its distribution.",
    ),
    "a value is no number": (
        parameter("value: 40000000", "value: 40 juta"),
        "parameters.yaml, key guard_cost.value: '40 juta' is not a number.",
    ),
    "a value is not finite": (
        parameter("value: 40000000", "value: .nan"),
        "parameters.yaml, key guard_cost.value: 'nan' is not a number.",
    ),
    "a distribution falls": (
        parameter("mode: 40000000", "mode: 60000000"),
        "parameters.yaml, key guard_cost.distribution: low, mode, high are not in rising order.",
    ),
    "a judgement has no reason": (
        parameter("  reason: Invented\n", ""),
        "parameters.yaml, key guard_cost.reason: a judgement needs a reason.",
    ),
    "rupiah have no price year": (
        parameter("  price_year: 2026\n", ""),
        "parameters.yaml, key guard_cost.price_year: "
        "an amount of rupiah needs the year of its prices.",
    ),
    "a price year lies before the inflation that is known": (
        parameter("price_year: 2026", "price_year: 1998"),
        "parameters.yaml, key guard_cost.price_year: "
        "the inflation of 1999 is not in inflation.yaml.",
    ),
    "a parameter has no source": (
        parameter("source: invented", "source: []"),
        "parameters.yaml, key guard_cost.source: at least one source is needed.",
    ),
    "a key has no value": (
        parameter("evidence: judgement", "evidence:"),
        "parameters.yaml, key guard_cost.evidence: the key has no value.",
    ),
    "a city adds a parameter that no model knows": (
        parameter("guard_cost:", "guard_costs:"),
        "parameters.yaml, key guard_costs: this is not a parameter. Did you mean 'guard_cost'?",
    ),
    "the parameters are a list": (
        write("parameters.yaml", "- guard_cost\n"),
        "parameters.yaml: a mapping of names to parameters is expected.",
    ),
    "a scenario sets a lever": (
        write("scenarios/hard-times.yaml", SCENARIO + "  pooled_daily_needs: {value: 1}\n"),
        "scenarios/hard-times.yaml, key beliefs: the scenario sets 'pooled_daily_needs', "
        "which is a lever. A plan may set it, a scenario may not.",
    ),
    "a scenario sets a column of the city": (
        write("scenarios/hard-times.yaml", SCENARIO + "  staff: {value: 1}\n"),
        "scenarios/hard-times.yaml, key beliefs: the scenario sets 'staff', "
        "which is a column of the city. Change it in its table.",
    ),
    "a scenario has no beliefs": (
        write("scenarios/hard-times.yaml", SCENARIO.replace("beliefs:\n", "")),
        "scenarios/hard-times.yaml, key beliefs: the key is missing.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_one_line_that_names_the_place(fault, broken, capsys):
    plant, line = FAULTS[fault]
    plant(broken)
    code = main(["check", str(broken.folder)])
    printed = capsys.readouterr()
    assert printed.err == f"1 problem in the data:\n  {line}\n"
    assert printed.out == ""
    assert code == 3


def test_faults_in_every_corner_are_reported_at_once(broken, capsys):
    corners = [
        "a cell is empty",
        "a flag is neither yes nor no",
        "low is above high",
        "a source has no address and no reason",
        "a plan sets a lever beyond its end",
        "an announced plan has no source",
        "a judgement has no reason",
        "the claims are no list",
    ]
    for fault in corners:
        FAULTS[fault][0](broken)
    assert main(["check", str(broken.folder)]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "8 problems in the data:"
    assert lines[1:] == sorted("  " + FAULTS[fault][1] for fault in corners)


def test_two_faults_of_one_row_are_two_lines(broken):
    broken.replace("kelurahan.csv", "pasar-lama,Pasar Lama,tengah,", "pasar-lama,,tenggah,")
    assert [str(problem) for problem in problems(broken.folder)] == [
        "kelurahan.csv, row 4, column kecamatan: 'tenggah' is not in kecamatan.csv. "
        "Did you mean 'tengah'?",
        "kelurahan.csv, row 4, column name: the cell is empty.",
    ]


def test_a_misspelt_column_is_named_with_the_one_that_is_missed(broken):
    broken.replace("kelurahan.csv", ",area_km2,", ",area_km,")
    assert [str(problem) for problem in problems(broken.folder)] == [
        "kelurahan.csv, row 1, column area_km: the column is not known. Did you mean 'area_km2'?",
        "kelurahan.csv, row 1, column area_km2: the column is missing.",
    ]


def test_a_folder_without_city_yaml_is_no_city(broken, capsys):
    (broken.folder / "city.yaml").unlink()
    assert main(["check", str(broken.folder)]) == 2
    assert capsys.readouterr().err == (
        f"the folder {broken.folder} has no city.yaml, so it is not a city. "
        "See data/README.md for the files that a city needs.\n"
    )


def test_an_unknown_city_is_answered_with_the_nearest_name(capsys):
    assert main(["check", "palembangg"]) == 2
    assert capsys.readouterr().err == (
        "city 'palembangg' was not found. Did you mean 'palembang'?\n"
    )


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_a_good_pack_has_no_problem(city, capsys):
    assert problems(city) == ()
    assert main(["check", city]) == 0
    assert capsys.readouterr().err == ""


def test_a_copy_of_a_good_pack_is_good_wherever_it_lies(broken):
    assert problems(broken.folder) == ()


def test_a_city_may_replace_a_belief_by_its_own(broken):
    broken.write("parameters.yaml", PARAMETER)
    assert read_everything(broken.folder).book["guard_cost"].value == 40_000_000


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_the_line_endings_of_other_systems_are_read(broken, ending):
    text = (broken.folder / "kelurahan.csv").read_text(encoding="utf-8")
    broken.write("kelurahan.csv", text.replace("\n", ending))
    assert problems(broken.folder) == ()


def test_a_file_that_is_not_needed_may_be_missing(broken):
    for file in ("river.csv", "bridges.csv"):
        Path(broken.folder / file).unlink()
    assert problems(broken.folder) == ()


def test_a_city_may_have_no_journeys(broken):
    for file in ("journeys.csv", "journey_services.csv"):
        (broken.folder / file).unlink()
    assert problems(broken.folder) == ()
    known = read_everything(broken.folder)
    assert known.city.journeys == ()
    assert known.book.sample(3, 0)["journey_cases"].shape == (3, 0)


def test_steps_that_no_journey_passes_need_no_times(broken):
    for file in ("journeys.csv", "journey_services.csv"):
        (broken.folder / file).unlink()
    broken.replace("steps.csv", f"15,12,18{GUESS}", ",,,,")
    assert problems(broken.folder) == ()
    assert "akta-lahir/1" not in read_everything(broken.folder).book["counter_minutes"].entities
