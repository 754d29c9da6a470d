"""Answers are chosen by the numbers, and say which way they lean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.experiment.claims import Limits
from opdanalysis.report.answers import FIRST, answer, answers
from opdanalysis.report.decisions import decisions
from opdanalysis.report.material import Material
from opdanalysis.report.standing import WORDS, amount_of, standing, word_of
from opdanalysis.text.words import Words
from tests.report.conftest import Made

LIMITS = Limits(0.1, 0.9)
TODAY = np.full(100, 10.0)


def gains(better: int, size: float = 5.0) -> np.ndarray:
    """A hundred draws of which so many are better by some size, and the others worse."""
    return np.where(np.arange(100) < better, size, -size)


@pytest.mark.parametrize(
    ("gain", "word"),
    [
        (gains(100), "yes"),
        (gains(90), "yes"),
        (gains(89), "open"),
        (gains(11), "open"),
        (gains(10), "no"),
        (gains(100, 0.1), "same"),
        (gains(50, 0.1), "same"),
        (np.zeros(100), "unchanged"),
    ],
)
def test_the_word_follows_the_share_of_draws_and_the_size_of_the_change(
    gain: np.ndarray, word: str
) -> None:
    assert word_of(gain, TODAY, 0.05, LIMITS) == word


def test_money_counts_however_small() -> None:
    assert word_of(gains(100, 0.1), TODAY, 0.0, LIMITS) == "yes"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_gain_turned_into_a_loss_turns_the_word(numbers: list[float]) -> None:
    gain, today = np.array(numbers), np.full(len(numbers), 100.0)
    turned = {"yes": "no", "no": "yes"}
    word = word_of(gain, today, 0.05, LIMITS)
    assert word in WORDS
    assert word_of(-gain, today, 0.05, LIMITS) == turned.get(word, word)


def with_gain(material: Material, outcome: str, numbers: np.ndarray) -> Material:
    """The material with the draws of the main plan set to today's with a change."""
    result = material.result
    changed = result.numbers[outcome].copy()
    place = result.plan_ids.index(material.main.id)
    sign = result.outcome(outcome).sign
    changed[:, place] = changed[:, 0] + sign * numbers
    return replace(material, result=replace(result, numbers={**result.numbers, outcome: changed}))


@pytest.mark.parametrize(
    ("size", "word"),
    [(1e9, "Ya"), (-1e9, "Tidak"), (0.0, "Tidak berubah")],
)
def test_the_first_answer_turns_with_the_numbers(indonesian: Made, size: float, word: str) -> None:
    draws = indonesian.material.result.draws
    changed = with_gain(indonesian.material, "net_cost", np.full(draws, size))
    assert answer(changed, changed.main, "money").word == word


def test_what_is_open_says_which_way_it_leans(indonesian: Made) -> None:
    draws = indonesian.material.result.draws
    words = {}
    for share in (0.25, 0.75):
        gain = np.where(np.arange(draws) < share * draws, 1e9, -1e9)
        changed = with_gain(indonesian.material, "net_cost", gain)
        words[share] = answer(changed, changed.main, "money").word
    assert words == {0.25: "Belum pasti, condong tidak", 0.75: "Belum pasti, condong ya"}


def test_residents_who_end_up_farther_are_never_called_a_gain(indonesian: Made) -> None:
    draws = indonesian.material.result.draws
    changed = with_gain(indonesian.material, "residents_farther", np.full(draws, -1000.0))
    found = answer(changed, changed.main, "loses")
    assert (found.word, found.tone) == ("Ada yang dirugikan", "bad")
    assert "1.000 orang" in found.sentence


def test_each_plan_gets_four_answers_with_number_range_and_word(either: Made) -> None:
    for plan in either.material.plans:
        found = answers(either.material, plan)
        assert [one.question for one in found] == list(FIRST)
        for one in found:
            assert one.word
            assert one.standing.amount.text
            number = one.standing.amount.text in one.sentence
            assert number or one.standing.word in ("unchanged", "same")


def test_a_plan_that_costs_more_in_nearly_every_draw_is_not_to_be_done_as_it_is(
    indonesian: Made,
) -> None:
    found = {one.plan.id: one for one in decisions(indonesian.material)}
    for id, one in found.items():
        costs = standing(indonesian.material, one.plan, "net_cost").word == "no"
        assert (one.group == "not_as_is") == costs, id
    assert {one.group for one in found.values()} <= {"now", "if", "not_as_is", "nothing"}


def test_a_plan_that_lengthens_the_way_of_residents_has_a_condition(indonesian: Made) -> None:
    draws = indonesian.material.result.draws
    changed = with_gain(indonesian.material, "residents_farther", np.full(draws, -1000.0))
    found = next(one for one in decisions(changed) if one.plan.id == changed.main.id)
    assert found.group == "if"
    assert any("1.000 orang" in condition for condition in found.conditions)


def test_amounts_are_said_with_their_range_in_the_largest_unit() -> None:
    numbers = np.linspace(-1e9, 9e9, 101)
    said = amount_of("Rp/year", numbers, Words("id")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Rp 4,0 (−0,5 – 8,5) miliar per tahun"
    lost = amount_of("Rp/year", numbers, Words("id")).turned.text
    assert lost.replace("\N{NO-BREAK SPACE}", " ") == "Rp −4,0 (−8,5 – 0,5) miliar per tahun"
    share = amount_of("1", np.full(3, 0.125), Words("en")).text
    assert share == "12.5%"
