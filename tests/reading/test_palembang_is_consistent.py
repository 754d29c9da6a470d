"""Palembang's tables agree with the published totals and with the dictionary that explains them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from opdanalysis.reading.schema import TABLES

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDER = DATA / "cities" / "palembang"
DICTIONARY = (DATA / "README.md").read_text(encoding="utf-8")


def table(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ANCHORS = {row["id"]: row for row in table("anchors.csv")}


def anchor(id: str, end: str = "value") -> float:
    return float(ANCHORS[id][end])


def published(id: str, source: str, value: float) -> None:
    assert anchor(id) == value
    assert source in ANCHORS[id]["source"]


def test_anchors_are_the_published_numbers():
    """ASN 19,527 and 9,240 + 10,287 (Sumselpers, 29 Oct 2025); non-ASN 8,756 (Feb 2025)."""
    published("asn_total", "sumselpers-2025-10-29", 19_527)
    assert anchor("pns_total") + anchor("pppk_total") == anchor("asn_total")
    published("non_asn_total", "sriwijayaplus-2025-02-24", 8_756)
    published("kelurahan_count", "github-wilayah", 107)
    published("population_city", "tribun-2025-08-01", 1_718_440)
    published("mpp_floor_area_m2", "republika-2020-02-17", 12_000)
    published("guard_package", "mediaadvokasi-2026-01-guards", 648_000_000)


def office_staff(**moved: float) -> float:
    """The identity of the dictionary, some inputs moved away from their value."""
    x = {id: anchor(id) for id in ANCHORS} | moved
    kelurahan_staff = x["kelurahan_count"] * x["kelurahan_staff_per_office"]
    neither = x["asn_total"] * (1 - x["share_teachers_health"]) - kelurahan_staff
    field_asn = x["share_field_of_rest"] * neither
    office_non_asn = x["share_non_asn_in_offices"] * x["non_asn_total"]
    return neither - field_asn + office_non_asn


def test_the_identity_of_the_anchors_holds():
    kelurahan = anchor("kelurahan_count") * anchor("kelurahan_staff_per_office")
    assert anchor("kelurahan_staff") == kelurahan
    for end in ("value_low", "value_high"):
        ends = anchor("kelurahan_count") * anchor("kelurahan_staff_per_office", end)
        assert anchor("kelurahan_staff", end) == ends
    neither = anchor("asn_total") * (1 - anchor("share_teachers_health")) - kelurahan
    for end in ("value", "value_low", "value_high"):
        field = anchor("share_field_of_rest", end) * neither
        assert anchor("field_asn", end) == pytest.approx(field, abs=1)
        offices = anchor("share_non_asn_in_offices", end) * anchor("non_asn_total")
        assert anchor("office_non_asn", end) == pytest.approx(offices, abs=1)
    assert anchor("office_staff_expected") == pytest.approx(office_staff(), abs=1)


@pytest.mark.parametrize(("end", "worse"), [("value_low", True), ("value_high", False)])
def test_the_range_of_the_expected_staff_is_the_root_of_the_sum_of_squares(end, worse):
    """One of four inputs at a time goes to the end that lowers (or raises) the staff."""
    inputs = (
        "share_teachers_health",
        "kelurahan_staff_per_office",
        "share_field_of_rest",
        "share_non_asn_in_offices",
    )
    steps = []
    for id in inputs:
        moved = [office_staff(**{id: anchor(id, e)}) for e in ("value_low", "value_high")]
        steps.append((min(moved) if worse else max(moved)) - office_staff())
    reach = np.sqrt(np.sum(np.square(steps)))
    expected = office_staff() + (-reach if worse else reach)
    assert anchor("office_staff_expected", end) == pytest.approx(expected, abs=1)


def test_the_judged_staff_lie_inside_the_range_that_the_totals_leave(palembang):
    agencies = palembang.city.agencies
    medians = sum(a.staff.value for a in agencies if a.kind != "partner")
    assert anchor("office_staff_expected", "value_low") <= medians
    assert medians <= anchor("office_staff_expected", "value_high")
    assert f"The medians add to {medians:,.0f}." in DICTIONARY


def test_public_works_has_the_staff_of_its_allowance_budget(palembang):
    """Rp 14.507 billion in 2020 at Rp 6,868,845 a month (Sumselpers, January 2020)."""
    staff = palembang.city.agency("pupr").staff
    assert staff.value == anchor("pupr_asn") == round(14.507e9 / (12 * 6_868_845))
    assert staff.evidence == "derived"


def test_the_kecamatan_add_up_near_the_residents_of_the_city(palembang):
    """BPS 2024; census 2020 and civil registry 2024 are the ends. Shares leave some rounding."""
    people = sum(k.population.value for k in palembang.city.kecamatan)
    assert people == pytest.approx(anchor("population_city"), rel=0.02)
    assert anchor("population_city", "value_low") < people
    assert people < anchor("population_city", "value_high")
    bukit_kecil = next(k for k in palembang.city.kecamatan if k.id == "bukit-kecil")
    assert bukit_kecil.population.value == 38_704  # BPS 2022


def test_there_are_18_kecamatan_and_107_kelurahan(palembang):
    """KPU Palembang and the list of official codes."""
    city = palembang.city
    assert len(city.kecamatan) == 18
    assert len(city.kelurahan) == 107
    assert {ward.kecamatan for ward in city.kelurahan} == {k.id for k in city.kecamatan}
    codes = [row["code"] for row in table("kecamatan.csv")]
    assert len(set(codes)) == 18
    assert all(re.fullmatch(r"16\.71\.\d\d", code) for code in codes)


def test_polygon_areas_add_up_to_the_sums_that_the_dictionary_states(palembang):
    """346.70 km2 for 18 areas rounded to 0.01; 352.52, as BIG has it, for 107 rounded to 0.001."""
    city = palembang.city
    assert sum(k.area_km2 for k in city.kecamatan) == pytest.approx(346.70, abs=18 * 0.005)
    assert sum(w.area_km2 for w in city.kelurahan) == pytest.approx(352.52, abs=107 * 0.0005)


def test_the_mpp_has_12000_square_metres_on_two_hectares(palembang):
    """Republika, 17 Feb 2020, and Suara, 27 Nov 2020."""
    mpp = palembang.city.building("promotion-centre")
    assert mpp.floor_area_m2.value == anchor("mpp_floor_area_m2") == 12_000
    assert mpp.land_area_m2.value == anchor("mpp_land_area_m2") == 20_000


def test_vehicle_inspections_are_those_of_2025(palembang):
    """24,688 registrations (Suara Metropolitan, 5 Jan 2026)."""
    cases = {s.id: s.cases_per_year for s in palembang.city.services}
    inspection = [e for e in cases.values() if e.value == anchor("vehicle_inspections_2025")]
    assert len(inspection) == 1
    assert "suara-metropolitan-2026-01-05" in inspection[0].sources


def test_the_agencies_are_those_of_the_dictionary(palembang):
    kinds = [agency.kind for agency in palembang.city.agencies]
    assert f"{len(kinds)} agencies:" in DICTIONARY
    offices = ("sekretariat", "inspektorat", "dinas", "badan", "satuan")
    assert sum(kinds.count(kind) for kind in offices) == 33
    assert kinds.count("kecamatan") == 18
    assert kinds.count("uptd") == 91
    groups = palembang.city.groups
    assert len(groups) == 5
    assert all(len(palembang.city.members(group)) == 18 for group in groups)


def test_every_agency_event_claim_and_conflict_has_a_source(palembang):
    for file, columns in {
        "agencies.csv": ("source", "staff_source"),
        "events.csv": ("source",),
        "conflicts.csv": ("source_a", "source_b"),
    }.items():
        for row in table(file):
            for column in columns:
                keys = [key.strip() for key in row[column].split(";")]
                assert keys, (file, row["id"])
                assert set(keys) <= set(palembang.sources), (file, row["id"])
    assert len(palembang.claims) == 28
    for claim in palembang.claims:
        assert claim.sources, claim.id
        assert set(claim.sources) <= set(palembang.sources)


def rows_received(file: str) -> int:
    with (DATA / "raw" / "palembang" / file).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))


def test_the_tables_follow_the_raw_tables_row_by_row(palembang):
    """Two events stand in no raw row, for those named an office holder (data/raw/README.md)."""
    assert len(table("conflicts.csv")) == rows_received("conflicts.csv")
    assert len(table("events.csv")) == rows_received("events.csv") + 2
    assert len(palembang.claims) == rows_received("claims.csv")
    facts = ("service_facts.csv", "budget_facts.csv", "travel_facts.csv")
    assert len(table("facts.csv")) == sum(map(rows_received, facts))


WORKING_DAYS = 250
"""Days a year by which the dictionary turns numbers a day into numbers a year."""


def cases(city) -> dict[str, float]:
    return {service.id: service.cases_per_year.value for service in city.services}


def visits_per_day(city, agencies: set[str]) -> float:
    """Visits at the counters of agencies, without the cases that come to units instead."""
    steps = [s for s in city.steps if s.citizen_present and s.agency in agencies]
    visits = [
        cases(city)[s.service] * (1 - (s.share_at_group.value if s.share_at_group else 0))
        for s in steps
    ]
    return sum(visits) / WORKING_DAYS


def test_the_head_office_of_the_civil_registry_has_its_reported_load(palembang):
    """About 300 applications on a normal day (Sumatera Ekspres, 2 May 2023)."""
    published("registry_head_office_per_day", "sumatera-ekspres-9714", 300)
    day = visits_per_day(palembang.city, {"disdukcapil"})
    id = "registry_head_office_per_day"
    assert anchor(id, "value_low") <= day <= anchor(id, "value_high")


def test_the_public_service_mall_has_its_reported_visitors(palembang):
    """150 to 200 a day in October 2021 (Berita Lima)."""
    city = palembang.city
    in_mall = {a.id for a in city.agencies if city.today[a.id] == "promotion-centre"}
    day = visits_per_day(city, in_mall)
    assert anchor("mpp_visitors_per_day", "value_low") <= day
    assert day <= anchor("mpp_visitors_per_day", "value_high")


def test_volumes_of_services_are_those_reported(palembang):
    """Identity cards, birth and death certificates, job-seeker cards; tax notices as a ceiling."""
    found = cases(palembang.city)
    a_day = anchor("id_card_requests_per_day"), anchor("id_card_requests_per_day", "value_high")
    assert a_day[0] <= found["id-card"] / WORKING_DAYS <= a_day[1]
    children = anchor("children_with_birth_certificate")
    births = children / anchor("share_children_with_birth_certificate") / 18
    assert found["birth-certificate"] == pytest.approx(births, rel=0.01)
    assert found["death-certificate"] == anchor("death_certificates")
    cards = found["job-seeker-card"] / WORKING_DAYS
    assert anchor("job_seeker_cards_per_day", "value_low") <= cards
    assert cards <= anchor("job_seeker_cards_per_day", "value_high")
    assert found["land-tax-change"] == pytest.approx(0.03 * anchor("property_tax_notices"), rel=0.1)
    couples = 12 * anchor("marriages_per_month")
    assert found["marriage-certificate"] == pytest.approx(0.07 * couples, rel=0.01)


def test_there_are_at_least_14_journeys_with_official_names(palembang):
    journeys = palembang.city.journeys
    assert len(journeys) >= 14
    assert len({journey.name for journey in journeys}) == len(journeys)
    known = {service.id for service in palembang.city.services}
    assert all(set(journey.services) <= known for journey in journeys)
    travelled = {service for journey in journeys for service in journey.services}
    assert known - travelled == {"mpp-visit"}, "a visit to partners is nobody's journey"


def test_the_journeys_use_no_more_cases_than_a_service_has(palembang):
    found = cases(palembang.city)
    used = dict.fromkeys(found, 0.0)
    for journey in palembang.city.journeys:
        for service in journey.services:
            used[service] += journey.cases_per_year.value
    assert {id for id in found if used[id] > found[id]} == set()


def test_the_standard_of_a_journey_follows_from_those_of_its_services(palembang):
    """The longest where one office does all, the sum where one follows the other, else none."""
    city = palembang.city
    for journey in city.journeys:
        services = [city.service(id) for id in journey.services]
        days = [service.standard_days for service in services]
        one_office = len({step.agency for s in services for step in s.steps}) == 1
        expected = None if None in days else max(days) if one_office else sum(days)
        assert journey.standard_days == expected, journey.id


def test_a_missing_standard_has_its_reason():
    for row in table("services.csv"):
        if not row["standard_days"]:
            assert re.search("standard", row["note"], re.IGNORECASE), row["id"]


UNCERTAIN = [(file, name) for file, t in TABLES.items() for name in t.uncertain]


@pytest.mark.parametrize(("file", "column"), UNCERTAIN)
def test_every_uncertain_cell_says_what_it_rests_on(palembang, file, column):
    optional = {c.name for c in TABLES[file].columns if c.may_be_empty}
    for row in table(file):
        if column in optional and not row[column]:
            continue
        assert row[f"{column}_evidence"], row
        assert row[f"{column}_source"], row
        low, value, high = (float(row[f"{column}{end}"]) for end in ("_low", "", "_high"))
        assert low <= value <= high
        if row[f"{column}_evidence"] == "judgement":
            assert low < high, "a guess without a range"
        if row[f"{column}_evidence"] != "judgement":
            assert row[f"{column}_source"] != "judgement-palembang", row


@pytest.mark.parametrize(("file", "column"), UNCERTAIN)
def test_every_kind_of_judged_cell_has_its_reason_in_the_dictionary(file, column):
    """The section on the file gives the column or its heading, and a reason for the judgement."""
    judged = [row for row in table(file) if row[f"{column}_evidence"] == "judgement"]
    sections = re.split(r"^## ", DICTIONARY, flags=re.MULTILINE)
    section = next(s for s in sections if f"`{file}`" in s.splitlines()[0])
    assert f"`{column}`" in section
    if judged:
        assert REASONS[file, column] in section


# The words with which the dictionary explains each judged column.
REASONS = {
    ("agencies.csv", "staff"): "Staff per agency is not published. The judgement:",
    ("buildings.csv", "floor_area_m2"): "| Building | Value [m2] | Range | Reason |",
    ("buildings.csv", "land_area_m2"): "Land: 1.5 times the floor area",
    ("buildings.csv", "guard_posts"): "Guard posts: OPD office 1 (0.5 to 2)",
    ("kecamatan.csv", "population"): "Population per kecamatan is not published",
    ("kecamatan.csv", "land_value_rp_m2"): "| Kecamatan | Value [Rp million/m2] | Range | Reason |",
    ("services.csv", "cases_per_year"): "are judgements with a factor of 2 to 4 each way",
    ("steps.csv", "share_at_group"): "| Units | `share_at_group` | Range | Reason |",
    ("steps.csv", "counter_minutes"): "All other minutes are judgements, from half to double",
    ("steps.csv", "touch_hours"): "Hours of desk work are judgements, from a third or a quarter",
    ("journeys.csv", "cases_per_year"): "a share of the cases of its services",
    ("ties.csv", "contacts_per_year"): "All rows are judgements, from a quarter to four times",
}


@pytest.mark.parametrize("low_or_high", ["low", "high"])
def test_ties_range_from_a_quarter_to_four_times(palembang, low_or_high):
    for tie in palembang.city.ties:
        contacts = tie.contacts_per_year
        end = getattr(contacts, low_or_high)
        factor = 0.25 if low_or_high == "low" else 4
        assert end == pytest.approx(contacts.value * factor, rel=0.02, abs=0.06), tie.id


@pytest.mark.parametrize(
    ("group", "staff"),
    [
        ("uptd-dukcapil", 5),
        ("uptd-bapenda", 5),
        ("uptd-pupr", 5),
        ("uptd-dlh", 6),
        ("kb-counsellors", 6),
    ],
)
def test_units_have_the_staff_that_the_dictionary_states(palembang, group, staff):
    for unit in palembang.city.members(group):
        assert (unit.staff.value, unit.staff.low, unit.staff.high) == (staff, staff / 2, staff * 2)


def test_kecamatan_offices_have_22_desks_and_0_7_per_kelurahan(palembang):
    """The rule of the dictionary, rounded."""
    city = palembang.city
    for kecamatan, office in city.kecamatan_office.items():
        wards = sum(ward.kecamatan == kecamatan for ward in city.kelurahan)
        assert city.agency(office).staff.value == pytest.approx(22 + 0.7 * wards, abs=0.51)


def test_offices_have_12_square_metres_a_head_and_200_more(palembang):
    """The rule of the dictionary for the ten offices in the centre, rounded to 50 m2."""
    city = palembang.city
    seen = 0
    for building in city.buildings:
        tenants = city.today.tenants(building.id)
        if not building.id.startswith("centre-office") or len(tenants) != 1:
            continue
        staff = city.agency(tenants[0]).staff.value
        assert building.floor_area_m2.value == pytest.approx(12 * staff + 200, abs=25)
        seen += 1
    assert seen == 10
