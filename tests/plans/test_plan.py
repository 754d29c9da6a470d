"""Plans place agencies all at once, follow their rules, and say in words why they cannot."""

from __future__ import annotations

import dataclasses

import pytest

from opdanalysis.errors import UsageError
from opdanalysis.plans.comparison import moves_table, plan_summary
from opdanalysis.plans.plan import KECAMATAN_OFFICE, TODAY, Cluster, Move, Plan


def plan(*moves: Move, **more) -> Plan:
    """A plan with one cluster for each move: A, B, C."""
    clusters = tuple(Cluster(id, {}, (m,)) for id, m in zip("ABC", moves, strict=False))
    return Plan("trial", {"id": "Uji", "en": "Trial"}, "idea", clusters=clusters, **more)


SELL_MELATI = {"jalan-melati-5": "sold"}
BOTH_TENANTS = Move("jalan-mawar-1", ("sosial", "izin"))

REFUSED = {
    "an unknown agency": (
        plan(Move("jalan-mawar-1", ("sosiall",))),
        "plan trial, cluster A: agency 'sosiall' is not in the city. Did you mean 'sosial'?",
    ),
    "an unknown building": (
        plan(Move("jalan-mawar-2", ("sosial",))),
        "plan trial, cluster A: building 'jalan-mawar-2' is not in the city. "
        "Did you mean 'jalan-mawar-3'?",
    ),
    "a slip in the rule": (
        plan(Move("kecamatan-ofice", groups=("uptd-capil",))),
        "plan trial, cluster A: building 'kecamatan-ofice' is not in the city. "
        "Did you mean 'kecamatan-office'?",
    ),
    "an unknown group": (
        plan(Move(KECAMATAN_OFFICE, groups=("uptd-capill",))),
        "plan trial, cluster A: group 'uptd-capill' has no agency. Did you mean 'uptd-capil'?",
    ),
    "an unknown kecamatan": (
        plan(Move(KECAMATAN_OFFICE, groups=("uptd-capil",), kecamatan=("barat", "utara"))),
        "plan trial, cluster A: kecamatan 'barat' is not in the city. Did you mean 'utara'?",
    ),
    "two places": (
        plan(Move("jalan-mawar-1", ("sosial",)), Move("plaza-baru", ("izin", "sosial"))),
        "plan trial, cluster B: agency 'sosial' is sent to two places, 'jalan-mawar-1' by "
        "cluster A and 'plaza-baru' by cluster B. Take it out of one of them.",
    ),
    "two places, one of them by rule": (
        plan(
            Move(KECAMATAN_OFFICE, groups=("uptd-capil",)),
            Move("plaza-baru", ("uptd-capil-utara",)),
        ),
        "plan trial, cluster A: agency 'uptd-capil-utara' is sent to two places, 'plaza-baru' by "
        "cluster B and 'jalan-kenanga-10' by cluster A. Take it out of one of them.",
    ),
    "a unit without a kecamatan": (
        plan(Move(KECAMATAN_OFFICE, ("capil-plaza",))),
        "plan trial, cluster A: agency 'capil-plaza' is sent to the office of its kecamatan, but "
        "agencies.csv gives it none. Fill its column kecamatan, or name a building.",
    ),
    "a tenant in a sold building": (
        plan(Move("jalan-mawar-1", ("sosial",)), fates=SELL_MELATI),
        "plan trial, fates: building 'jalan-melati-5' is to be sold, but 'izin' would still sit "
        "in it. Move it in a cluster, or choose another fate.",
    ),
    "many tenants in a sold building": (
        plan(fates={"jalan-mawar-1": "demolished"}),
        "plan trial, fates: building 'jalan-mawar-1' is to be demolished, but 'sekda', 'capil', "
        "'pu' and 3 more would still sit in it. Move them in a cluster, or choose another fate.",
    ),
    "a fate of a building that is not left": (
        plan(fates={"jalan-melati-5": "kept"}),
        "plan trial, fates: building 'jalan-melati-5' is given the fate 'kept', but the plan does "
        "not leave it: 'sosial', 'izin' would sit in it. Take it out of the fates.",
    ),
    "a fate of a building that nobody uses today": (
        plan(fates={"jalan-seroja-1": "sold"}),
        "plan trial, fates: building 'jalan-seroja-1' has no tenant today, so the plan does not "
        "leave it. Take it out of the fates.",
    ),
    "a fate of an unknown building": (
        plan(BOTH_TENANTS, fates={"jalan-melati-50": "sold"}),
        "plan trial, fates: building 'jalan-melati-50' is not in the city. "
        "Did you mean 'jalan-melati-5'?",
    ),
    "an unknown fate": (
        plan(BOTH_TENANTS, fates={"jalan-melati-5": "burnt"}),
        "plan trial, fates: 'burnt' of building 'jalan-melati-5' is not a fate. "
        "Allowed: demolished, host, kept, leased, lent, partnered, returned, sold.",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_an_impossible_plan_is_refused_in_words(why, contoh):
    impossible, message = REFUSED[why]
    with pytest.raises(UsageError) as refusal:
        impossible.place(contoh.city)
    assert str(refusal.value) == message


def test_a_group_in_a_city_without_groups_is_answered_so(contoh):
    alone = tuple(dataclasses.replace(agency, group=None) for agency in contoh.city.agencies)
    city = dataclasses.replace(contoh.city, agencies=alone)
    with pytest.raises(UsageError) as refusal:
        plan(Move(KECAMATAN_OFFICE, groups=("uptd-capil",))).place(city)
    assert str(refusal.value) == (
        "plan trial, cluster A: group 'uptd-capil' has no agency. There is none."
    )


def test_a_plan_that_was_read_is_named_by_its_file(contoh):
    lost = dataclasses.replace(REFUSED["an unknown agency"][0], file="plans/trial.yaml")
    with pytest.raises(UsageError, match=r"^plans/trial\.yaml, cluster A: agency 'sosiall' is"):
        lost.place(contoh.city)


def test_an_agency_may_be_named_twice_for_one_place(contoh):
    placement = plan(Move("plaza-baru", ("sosial",)), Move("plaza-baru", ("sosial",)))
    assert placement.place(contoh.city)["sosial"] == "plaza-baru"


def test_two_agencies_may_change_places_at_once(contoh):
    swap = plan(
        Move("jalan-kenanga-10", ("sosial", "izin")), Move("jalan-melati-5", ("kec-utara",))
    )
    placement = swap.place(contoh.city)
    assert placement["sosial"] == placement["izin"] == "jalan-kenanga-10"
    assert placement["kec-utara"] == "jalan-melati-5"
    assert contoh.city.today.vacated(placement) == ()


@pytest.mark.parametrize("rule_first", [True, False])
def test_a_rule_follows_an_office_that_moves_in_the_same_plan(contoh, rule_first):
    moves = [
        Move(KECAMATAN_OFFICE, groups=("uptd-capil",)),
        Move("jalan-melati-5", ("kec-utara",)),
    ]
    placement = plan(*(moves if rule_first else reversed(moves))).place(contoh.city)
    assert placement["uptd-capil-utara"] == "jalan-melati-5"
    assert placement["uptd-capil-tengah"] == "jalan-mawar-3"
    assert placement["uptd-capil-selatan"] == "jalan-dahlia-20"


def test_a_rule_may_be_limited_to_some_kecamatan(contoh):
    some = plan(Move(KECAMATAN_OFFICE, groups=("uptd-capil",), kecamatan=("utara", "selatan")))
    placement = some.place(contoh.city)
    assert contoh.city.today.movers(placement) == ("uptd-capil-utara", "uptd-capil-selatan")


def test_one_unit_may_follow_the_rule_alone(contoh):
    placement = plan(Move(KECAMATAN_OFFICE, ("uptd-capil-utara",))).place(contoh.city)
    assert contoh.city.today.movers(placement) == ("uptd-capil-utara",)
    assert placement["uptd-capil-utara"] == "jalan-kenanga-10"


def test_an_office_sent_to_the_office_of_its_kecamatan_stays(contoh):
    placement = plan(Move(KECAMATAN_OFFICE, ("kec-utara",))).place(contoh.city)
    assert placement == contoh.city.today


def test_today_moves_nobody(contoh):
    assert TODAY.place(contoh.city) == contoh.city.today


def test_a_building_without_a_fate_is_kept_and_rented_space_returned(contoh):
    city = contoh.city
    assert plan().fate_of(city, "jalan-melati-5", city.today) == "kept"
    assert plan().fate_of(city, "jalan-dahlia-20", city.today) == "returned"
    assert plan().fate_of(city, "plaza-baru", city.today) == "returned"
    assert plan(fates=SELL_MELATI).fate_of(city, "jalan-melati-5", city.today) == "sold"


def test_the_example_plans_place_as_their_notes_say(contoh):
    city = contoh.city
    merged = contoh.plans["merge-in-mawar"].place(city)
    seroja = contoh.plans["new-building-in-seroja"].place(city)
    staff = {agency.id: agency.staff.value for agency in city.agencies}
    assert sum(staff[a] for a in merged.tenants("jalan-mawar-1")) == 200
    assert city.today.vacated(merged) == ("jalan-melati-5",)
    assert sum(staff[a] for a in seroja.tenants("jalan-seroja-1")) == 240
    assert contoh.plans["letters-and-delegation"].place(city) == city.today


def test_a_table_shows_who_moves_where_under_each_plan(contoh):
    table = moves_table(contoh.city, list(contoh.plans.values()))
    assert list(table.columns) == [
        "today",
        "letters-and-delegation",
        "merge-in-mawar",
        "new-building-in-seroja",
    ]
    assert list(table.loc["sosial"]) == ["jalan-melati-5", "", "jalan-mawar-1", "jalan-seroja-1"]
    assert "kec-utara" not in table.index


def test_the_summary_counts_movers_and_buildings(contoh):
    """Under the merger five move and one of six buildings is left; the new one is then unused."""
    summary = plan_summary(contoh.city, list(contoh.plans.values()))
    counts = summary[["movers", "vacated", "newly_used", "in_use"]]
    assert list(counts.loc["today"]) == [0, 0, 0, 6]
    assert list(counts.loc["merge-in-mawar"]) == [5, 1, 0, 5]
    assert list(counts.loc["new-building-in-seroja"]) == [9, 3, 1, 4]


def test_a_notebook_shows_clusters_and_levers(contoh):
    shown = contoh.plans["merge-in-mawar"]._repr_html_()
    assert "<td>A</td><td>sosial, izin</td><td>jalan-mawar-1</td>" in shown
    letters = contoh.plans["letters-and-delegation"]._repr_html_()
    assert "electronic_letters_share = 0.9" in letters
