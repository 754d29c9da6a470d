"""Palembang's plans say what was published; each test names the report that it follows."""

from __future__ import annotations

import pytest

MPP = "promotion-centre"
SUKARELA, TANGGA_BUNTUNG = "sukarela-129a", "tangga-buntung"
UNITS_OF_THE_PLAN = ("uptd-dukcapil", "uptd-bapenda", "uptd-pupr")


@pytest.fixture(scope="module")
def places(palembang):
    """Where everybody sits today and under every plan."""
    return {id: plan.place(palembang.city) for id, plan in palembang.plans.items()}


def places_of(city, placement, group: str) -> list[str]:
    return [placement[agency.id] for agency in city.members(group)]


def test_every_plan_can_be_placed(places):
    assert set(places) == {
        "today",
        "2017-single-building",
        "2020-keramasan",
        "2025-11-10-regrouping",
        "2026-02-12-as-done",
        "2026-02-12-confirmed",
        "rival-electronic-letters",
        "rival-kecamatan-counters",
        "rival-meetings",
        "rival-mobile-service",
    }


def test_every_plan_has_a_date_and_all_but_rivals_a_source(palembang):
    for plan in palembang.plans.values():
        if plan.status == "today":
            continue
        assert plan.date
        assert bool(plan.sources) == (plan.status != "rival"), plan.id
        assert set(plan.name) == set(plan.note) == {"id", "en"}


@pytest.mark.parametrize(
    ("agencies", "host"),
    [
        (("disdukcapil", "kesbangpol", "disperin", "dispar", "dispora"), MPP),
        (("dlh", "pupr", "perkimtan"), SUKARELA),
        (("dishub", "satpolpp", "bpbd", "uptd-kir"), TANGGA_BUNTUNG),
        (("dpmptsp",), "sports-office-hall"),
        (("dinkes-mpp", "mpp-partners"), "mall-unnamed"),
    ],
    ids=["A", "B", "C", "E, one-stop office", "E, counters"],
)
def test_the_plan_of_10_november_2025_names_these_agencies(places, agencies, host):
    """Clusters A, B, C and E: rilis of 10 Nov 2025, Palpos 37212, Radar Palembang 19435."""
    placement = places["2025-11-10-regrouping"]
    assert {placement[agency] for agency in agencies} == {host}


def test_nobody_else_moves_by_the_plan_of_10_november_2025(palembang, places):
    city = palembang.city
    movers = set(city.today.movers(places["2025-11-10-regrouping"]))
    units = {a.id for group in UNITS_OF_THE_PLAN for a in city.members(group)}
    assert movers - units == {
        *("disdukcapil", "kesbangpol", "disperin", "dispar", "dispora"),
        *("pupr", "perkimtan", "satpolpp", "bpbd", "uptd-kir"),
        *("dpmptsp", "dinkes-mpp", "mpp-partners"),
    }


def test_the_hosts_of_clusters_b_and_c_stay(palembang, places):
    """Cluster B meets at the environment office, C at the transport office."""
    placement, today = places["2025-11-10-regrouping"], palembang.city.today
    assert placement["dlh"] == today["dlh"] == SUKARELA
    assert placement["dishub"] == today["dishub"] == TANGGA_BUNTUNG


@pytest.mark.parametrize("group", UNITS_OF_THE_PLAN)
@pytest.mark.parametrize("plan", ["2025-11-10-regrouping", "rival-kecamatan-counters"])
def test_cluster_d_brings_each_unit_to_the_office_of_its_own_kecamatan(
    palembang, places, plan, group
):
    city, placement = palembang.city, places[plan]
    for unit in city.members(group):
        assert placement[unit.id] == placement[city.kecamatan_office[unit.kecamatan]]


def test_the_civil_registry_has_nine_zones_today_and_eighteen_places_after(palembang, places):
    """Nine UPTD Dukcapil since June 2019 (Detak Palembang); cluster D names every kecamatan."""
    city = palembang.city
    zones = places_of(city, city.today, "uptd-dukcapil")
    assert len(zones) == 18
    assert len(set(zones)) == 9
    after = places_of(city, places["2025-11-10-regrouping"], "uptd-dukcapil")
    assert len(set(after)) == 18
    assert sorted(map(zones.count, set(zones))) == [2] * 9


def test_seven_kecamatan_had_no_registry_seat_of_their_own(palembang):
    """Sumatera Ekspres, early 2024: these seven without a UPTD Dukcapil."""
    city = palembang.city
    seats = set(places_of(city, city.today, "uptd-dukcapil"))
    with_seat = {city.building(seat).kecamatan for seat in seats}
    without = {
        *("gandus", "ilir-barat-ii", "bukit-kecil", "plaju", "kertapati"),
        *("alang-alang-lebar", "sematang-borang"),
    }
    assert not with_seat & without


def test_disaster_management_was_planned_for_tangga_buntung_and_went_to_the_mpp(places):
    """Plan of 10 Nov 2025, cluster C; report of 12 Feb 2026."""
    assert places["2025-11-10-regrouping"]["bpbd"] == TANGGA_BUNTUNG
    assert places["2026-02-12-as-done"]["bpbd"] == MPP


def test_social_affairs_moved_without_being_in_the_plan(palembang, places):
    """Report of 12 Feb 2026: in the MPP; no cluster of 10 Nov 2025 names it."""
    assert places["2025-11-10-regrouping"]["dinsos"] == palembang.city.today["dinsos"]
    assert places["2026-02-12-as-done"]["dinsos"] == MPP


def test_four_agencies_were_in_the_mpp_in_february_2026(palembang, places):
    """Report of 12 Feb 2026: youth and sports, tourism, disaster management, social affairs."""
    done = places["2026-02-12-as-done"]
    came = {a for a in palembang.city.today.movers(done) if done[a] == MPP}
    assert came == {"dispora", "dispar", "bpbd", "dinsos"}


def test_five_kinds_of_unit_began_to_join_kecamatan_offices_in_february_2026(palembang, places):
    """Report of 12 Feb 2026: UPTD Dukcapil, Bapenda, DLH and PUPR, and the KB counsellors."""
    city, done = palembang.city, places["2026-02-12-as-done"]
    for group in (*UNITS_OF_THE_PLAN, "uptd-dlh", "kb-counsellors"):
        for unit in city.members(group):
            assert done[unit.id] == done[city.kecamatan_office[unit.kecamatan]]


def test_only_the_plan_for_keramasan_moves_every_office(palembang, places):
    """2020: all offices of agencies in one complex, city hall to become a museum."""
    city = palembang.city
    opd = {
        agency.id
        for agency in city.agencies
        if agency.kind in ("sekretariat", "inspektorat", "dinas", "badan", "satuan")
    }
    assert len(opd) == 33
    assert set(city.today.movers(places["2020-keramasan"])) == opd
    assert {places["2020-keramasan"][agency] for agency in opd} == {"keramasan-complex"}
    assert palembang.plans["2020-keramasan"].fates["merdeka-1"] == "host"
    assert city.building("keramasan-complex").status == "planned"


def test_the_idea_of_2017_gathers_every_public_facing_agency(palembang, places):
    """About 2017: one building for all agencies that serve the public; kecamatan offices stay."""
    city = palembang.city
    facing = {
        agency.id
        for agency in city.agencies
        if agency.public_facing and agency.kind in ("dinas", "badan", "satuan")
    }
    assert set(city.today.movers(places["2017-single-building"])) == facing


@pytest.mark.parametrize(
    "rival", ["rival-electronic-letters", "rival-meetings", "rival-mobile-service"]
)
def test_rivals_without_moves_move_nobody_and_set_a_lever(palembang, places, rival):
    assert places[rival] == palembang.city.today
    assert palembang.plans[rival].levers


def test_today_has_eighteen_offices_in_eighteen_kecamatan(palembang):
    """KPU Palembang and the official codes: 18 kecamatan."""
    city = palembang.city
    assert set(city.kecamatan_office) == {kecamatan.id for kecamatan in city.kecamatan}
    assert len(city.kecamatan_office) == 18
    for kecamatan, office in city.kecamatan_office.items():
        assert city.building(city.today[office]).kecamatan == kecamatan


def test_all_units_of_the_environment_office_are_registered_at_its_head_office(palembang):
    """Register of Oct to Dec 2023: 18 UPTD DLH at Jl. Sukarela 129 A."""
    city = palembang.city
    assert places_of(city, city.today, "uptd-dlh") == [SUKARELA] * 18
