"""What the page says: verdicts by the book's limits, changes in their own direction."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest

from opdanalysis.experiment.claims import Limits
from opdanalysis.explorer.assumptions import POSITIONS, levers_of
from opdanalysis.explorer.board import agency_chips, building_cards, in_order, in_play
from opdanalysis.explorer.panels import (
    answers_html,
    change_in_words,
    changes_html,
    comparison_html,
    verdict,
    verdict_in_words,
)
from opdanalysis.explorer.readings import slider_items
from opdanalysis.explorer.state import SHOWN
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.everything import Known
from opdanalysis.text.words import Words

LIMITS = Limits(0.1, 0.9)
ID, EN = Words("id"), Words("en")


@pytest.mark.parametrize(
    ("gain", "word", "share"),
    [
        ([1, 1, 1, 1], "better", 1.0),
        ([-1, -1, -1, -1], "worse", 1.0),
        ([0, 0, 0, 0], "same", 1.0),
        ([1, 1, 1, -1], "open", 0.75),
        ([0, 0, 0, -1], "open", 0.25),
    ],
)
def test_a_verdict_needs_nearly_all_draws_on_one_side(
    gain: list[float], word: str, share: float
) -> None:
    assert verdict(np.array(gain, dtype=float), LIMITS) == (word, share)


def test_what_is_open_says_which_side_has_more_draws() -> None:
    assert (
        verdict_in_words(np.array([1.0, 1, 1, -1]), LIMITS, EN)
        == "not sure; better in 75% of draws"
    )
    assert verdict_in_words(np.array([-1.0, 0, 0]), LIMITS, EN) == "not sure; worse in 33% of draws"


def test_no_chance_is_told_as_certain() -> None:
    assert verdict_in_words(np.ones(200), LIMITS, ID) == "lebih baik (peluang lebih dari 99%)"


def test_a_change_is_told_in_the_direction_of_its_level() -> None:
    saving = np.full(10, 2.5e9)
    assert change_in_words("net_cost", saving, ID) == "Rp −2,5 miliar per tahun"
    assert change_in_words("contacts_one_roof", np.full(10, 0.05), ID) == "5 poin persen"
    assert change_in_words("net_cost", np.zeros(10), EN) == "no change"
    assert change_in_words("elapsed_days", np.full(10, 0.001), EN) == "hardly any change"


def test_every_outcome_and_every_plan_is_shown() -> None:
    gains = {outcome: np.linspace(-1, 3, 20) for outcome in SHOWN}
    answers = unescape(answers_html(gains, gains, LIMITS, EN))
    assert all(EN(f"outcome.{outcome}") in answers for outcome in SHOWN)
    table = comparison_html("net_cost", gains, {"a": gains}, {"a": "Plan <A>"}, LIMITS, EN)
    assert table.count("<tr") == 3
    assert "Plan &lt;A&gt;" in table


def test_a_bar_lies_where_its_numbers_are() -> None:
    better, worse = np.full(9, 1e9), np.full(9, -3e9)
    table = comparison_html(
        "net_cost", {"net_cost": better}, {"b": {"net_cost": worse}}, {"b": "B"}, LIMITS, EN
    )
    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', table)]
    zero = float(re.findall(r'x1="([\d.]+)"', table)[0])
    assert starts[0] < zero < starts[1]
    assert zero == pytest.approx(25)


def test_the_board_holds_every_agency_once_and_says_who_moved(contoh: Known) -> None:
    plan = contoh.plans["merge-in-mawar"]
    chips = agency_chips(contoh.city, plan.place(contoh.city), ID)
    assert [chip["id"] for chip in chips] == [agency.id for agency in contoh.city.agencies]
    moved = {chip["id"] for chip in chips if chip["moved"]}
    assert moved == set(contoh.city.today.movers(plan.place(contoh.city)))


def test_a_card_says_whether_its_tenants_have_room(contoh: Known) -> None:
    central = contoh.book.central()
    cards = {
        card["id"]: card for card in building_cards(contoh.city, TODAY, central, frozenset(), ID)
    }
    assert cards["jalan-mawar-1"]["state"] == "fine"
    assert cards["jalan-seroja-1"]["state"] == "empty"
    for card in cards.values():
        assert (card["state"] == "full") == (card["share"] > 1)


def test_a_building_that_is_left_says_what_becomes_of_it(contoh: Known) -> None:
    plan = contoh.plans["merge-in-mawar"]
    cards = building_cards(contoh.city, plan, contoh.book.central(), frozenset(), EN)
    left = next(card for card in cards if card["id"] == "jalan-melati-5")
    assert left["note"] == "Left: sold"
    assert left["shown"]


def test_the_board_begins_with_the_offices_that_are_no_units(palembang: Known) -> None:
    city = palembang.city
    first = in_play(city, tuple(palembang.plans.values()))
    assert {"merdeka-1", "keramasan-complex"} <= first
    assert "camat-sako" not in first
    cards = [{"id": building.id} for building in city.buildings]
    base = palembang.plans["2025-11-10-regrouping"]
    ordered = [card["id"] for card in in_order(cards, city, base, first)]
    assert sorted(ordered) == sorted(card["id"] for card in cards)
    fills = {base.place(city)[agency] for agency in city.today.movers(base.place(city))}
    assert set(ordered[: len(fills & first)]) == fills & first


def test_the_moves_of_a_plan_are_listed_with_the_buildings_left(contoh: Known) -> None:
    plan = contoh.plans["merge-in-mawar"]
    said = changes_html(contoh.city, plan, EN)
    assert "Melati" in said
    assert "sold" in said
    assert changes_html(contoh.city, TODAY, EN).count("<li>") == 0


def test_a_slider_reads_as_the_language_writes(contoh: Known) -> None:
    levers = levers_of(contoh.book, list(contoh.plans.values()))
    names = [lever.name for lever in levers]
    assert names == ["electronic_letters_share", "delegated_authority_share"]
    item = slider_items(levers, {names[0]: 0.9}, contoh.book, ID)[0]
    assert len(item["texts"]) == POSITIONS
    assert item["held"]
    assert item["texts"][item["at"]] == "90%"
