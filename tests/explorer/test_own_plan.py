"""A plan made by hand: what it moves, what it keeps of the plan it started from, and its file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.explorer.own_plan import OWN, OwnPlan, plan_id
from opdanalysis.plans.plan import KECAMATAN_OFFICE, TODAY
from opdanalysis.reading.everything import Known
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.plans import read_plan
from opdanalysis.study.best import write_plan


def test_a_plan_that_nobody_changed_places_everyone_as_the_one_it_started_from(
    palembang: Known,
) -> None:
    for plan in palembang.plans.values():
        own = OwnPlan(plan).plan(palembang.city)
        before, after = plan.situation(palembang.city), own.situation(palembang.city)
        assert after.placement == before.placement
        assert after.fates == before.fates
        assert after.moves_after == before.moves_after
        assert own.levers == plan.levers


def test_a_move_by_hand_gets_a_cluster_of_its_own(contoh: Known) -> None:
    own = OwnPlan(contoh.plans["merge-in-mawar"]).moved(contoh.city, ("izin",), "jalan-kenanga-10")
    plan = own.plan(contoh.city)
    assert plan.place(contoh.city)["izin"] == "jalan-kenanga-10"
    assert [cluster.id for cluster in plan.clusters] == ["A", "B", OWN]
    assert plan.clusters[0].moves[0].agencies == ("sosial",)


def test_moving_an_agency_back_leaves_no_trace(contoh: Known) -> None:
    start = OwnPlan(TODAY)
    there = start.moved(contoh.city, ("sosial",), "jalan-mawar-1")
    assert there.changed
    assert there.moved(contoh.city, ("sosial",), contoh.city.today["sosial"]) == start


def test_a_building_that_is_used_again_loses_its_fate(contoh: Known) -> None:
    base = contoh.plans["merge-in-mawar"]
    assert base.fates == {"jalan-melati-5": "sold"}
    own = OwnPlan(base).moved(contoh.city, ("sosial",), "jalan-melati-5")
    plan = own.plan(contoh.city)
    assert plan.fates == {}
    assert plan.place(contoh.city)["sosial"] == "jalan-melati-5"


def test_a_unit_is_sent_to_the_office_of_its_own_kecamatan(contoh: Known) -> None:
    city = contoh.city
    units = tuple(unit.id for unit in city.members("uptd-capil"))
    placed = OwnPlan(TODAY).moved(city, units, KECAMATAN_OFFICE).place(city)
    for unit in units:
        office = city.kecamatan_office[str(city.agency(unit).kecamatan)]
        assert placed[unit] == city.today[office]


def test_an_agency_without_a_kecamatan_is_refused(contoh: Known) -> None:
    with pytest.raises(UsageError, match="agency 'sosial' has no kecamatan of its own"):
        OwnPlan(TODAY).moved(contoh.city, ("sosial",), KECAMATAN_OFFICE)


def test_an_unknown_building_is_refused_with_the_likely_one(contoh: Known) -> None:
    with pytest.raises(UsageError, match="building 'jalan-mawar-2' is not in the city"):
        OwnPlan(TODAY).moved(contoh.city, ("sosial",), "jalan-mawar-2")


def test_a_lever_set_as_the_plan_has_it_is_no_change(contoh: Known) -> None:
    base = contoh.plans["letters-and-delegation"]
    own = OwnPlan(base).with_lever("electronic_letters_share", 0.5)
    assert own.plan(contoh.city).levers["electronic_letters_share"] == 0.5
    assert own.with_lever("electronic_letters_share", 0.9) == OwnPlan(base)


@given(data=st.data())
def test_what_is_written_reads_back_as_the_same_plan(
    contoh: Known, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    city = contoh.city
    own = OwnPlan(data.draw(st.sampled_from(list(contoh.plans.values()))))
    for _ in range(data.draw(st.integers(0, 4))):
        agency = data.draw(st.sampled_from([agency.id for agency in city.agencies]))
        building = data.draw(st.sampled_from([building.id for building in city.buildings]))
        own = own.moved(city, (agency,), building)
    plan = own.plan(city, "mine", {"id": "Rencana kami", "en": "Our plan"})
    assert set(plan.place(city)) == {agency.id for agency in city.agencies}
    path = tmp_path_factory.mktemp("plans") / "mine.yaml"
    write_plan(plan, path)
    faults = Faults()
    back = read_plan(path, contoh.sources, faults)
    assert not faults.found
    assert back is not None
    assert back.place(city) == plan.place(city)
    assert (back.id, back.levers, back.fates) == (plan.id, plan.levers, plan.fates)
    assert back.situation(city).moves_after == plan.situation(city).moves_after


def test_the_id_of_a_plan_is_made_of_its_name() -> None:
    assert plan_id("Rencana Kelompok 3: Mawar!") == "rencana-kelompok-3-mawar"
    assert plan_id("  ") == OWN
