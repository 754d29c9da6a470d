"""The first rule that fits a building decides what becomes of it."""

from __future__ import annotations

import dataclasses

import pytest

from opdanalysis.city.fate_rules import DEFAULT_RULES, FateRule, first_fitting
from opdanalysis.plans.plan import Cluster, Move, Plan

REST = FateRule("rest", "kept")


@pytest.mark.parametrize(
    ("rule", "building", "fits"),
    [
        (FateRule("r", "host", building="jalan-melati-5"), "jalan-melati-5", True),
        (FateRule("r", "host", building="jalan-melati-5"), "jalan-mawar-1", False),
        (FateRule("r", "returned", tenure="rented"), "jalan-dahlia-20", True),
        (FateRule("r", "returned", tenure="rented"), "plaza-baru", False),
        (FateRule("r", "leased", floor_area_from=1_200), "jalan-melati-5", True),
        (FateRule("r", "leased", floor_area_from=1_201), "jalan-melati-5", False),
        (FateRule("r", "sold", floor_area_to=1_200), "jalan-melati-5", False),
        (FateRule("r", "sold", floor_area_to=1_201), "jalan-melati-5", True),
    ],
)
def test_a_condition_picks_its_buildings(contoh, rule, building, fits):
    """Jalan Melati 5 has 1,200 m2; a range holds its first number and not its last."""
    assert rule.fits(contoh.city.building(building), site_in_use=False) == fits
    assert not rule.fits_all


def test_a_rule_may_ask_whether_the_site_stays_in_use(contoh):
    """Jalan Mawar 1 and 3 are one site: it stays in use unless both are left."""
    rules = (FateRule("shared", "lent", site_in_use=True), REST)
    city = dataclasses.replace(contoh.city, fate_rules=rules)
    alone = city.today.moved(dict.fromkeys(city.today.tenants("jalan-mawar-1"), "jalan-melati-5"))
    assert city.fate_rule("jalan-mawar-1", alone).fate == "lent"
    both = alone.moved(dict.fromkeys(alone.tenants("jalan-mawar-3"), "jalan-melati-5"))
    assert city.fate_rule("jalan-mawar-1", both).fate == "kept"


def test_the_first_rule_that_fits_decides(contoh):
    melati = contoh.city.building("jalan-melati-5")
    rules = (FateRule("a", "leased", tenure="owned"), FateRule("b", "sold", tenure="owned"), REST)
    assert first_fitting(rules, melati, False).id == "a"
    assert first_fitting(rules[1:], melati, False).id == "b"


def test_without_a_table_what_is_owned_is_kept_and_the_rest_returned(contoh):
    fates = {
        building.tenure: first_fitting(DEFAULT_RULES, building, False).fate
        for building in contoh.city.buildings
    }
    assert fates == {"owned": "kept", "rented": "returned", "serviced": "returned"}


def test_the_table_of_each_city_gives_what_held_without_one(contoh, palembang):
    """But for the old city hall of Palembang, which was to become a museum."""
    for known in (contoh, palembang):
        for building in known.city.buildings:
            rule = known.city.fate_rule(building.id, known.city.today)
            if building.id == "merdeka-1":
                assert rule.fate == "host"
            else:
                assert rule.fate == first_fitting(DEFAULT_RULES, building, False).fate
            assert rule.sources
            assert set(rule.reason) == {"id", "en"}


def test_a_plan_has_the_first_word_and_the_rules_the_rest(contoh):
    moves = (Move("jalan-mawar-1", ("sosial", "izin")), Move("jalan-mawar-1", ("kec-utara",)))
    plan = Plan(
        "p", {}, "idea", clusters=(Cluster("A", {}, moves),), fates={"jalan-melati-5": "sold"}
    )
    situation = plan.situation(contoh.city)
    assert situation.fates == {"jalan-melati-5": "sold", "jalan-kenanga-10": "kept"}
    assert plan.rule_of(contoh.city, "jalan-melati-5", situation.placement) is None
    assert plan.rule_of(contoh.city, "jalan-kenanga-10", situation.placement).id == "other"
