"""The index of public satisfaction by the rule of regulation 14/2017, and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.evidence.satisfaction import ITEMS, SatisfactionIndex, Survey, grade
from opdanalysis.evidence.synthetic_survey import survey_truth, synthetic_survey

TRUTH = survey_truth((0.3, -0.1), (3000.0, 1000.0), 0.4)
SURVEY = synthetic_survey(TRUTH, (150, 100), 2)


def survey_of(answers, weights=None, strata=None) -> Survey:
    answers = np.asarray(answers, dtype=float)
    n = len(answers)
    weights = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    return Survey(answers, weights, np.zeros(n, int) if strata is None else np.asarray(strata))


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        (100, "A"), (88.31, "A"), (88.30, "B"), (76.61, "B"), (76.60, "C"), (65.00, "C"),
        (64.99, "D"), (25.00, "D"),
    ],
)  # fmt: skip
def test_grades_change_where_the_regulation_says(index, letter):
    """Permenpan RB 14/2017, table of grades."""
    assert grade(index) == letter


def test_the_index_is_25_times_the_mean_of_the_items():
    survey = survey_of([[3] * 9, [4] * 8 + [2]])
    fit = SatisfactionIndex(survey, 50, 0).fit()
    assert fit.index == pytest.approx(25 * np.mean([3.5] * 8 + [2.5]))
    assert fit.params["facilities"] == 62.5
    assert fit.grade == "B"


def test_weights_count_respondents_as_often_as_they_stand_for():
    weighted = survey_of([[4] * 9, [2] * 9], weights=[3, 1])
    repeated = survey_of([[4] * 9] * 3 + [[2] * 9])
    results = [SatisfactionIndex(survey, 10, 0).fit().index for survey in (weighted, repeated)]
    assert results[0] == results[1] == 87.5


def test_an_item_without_an_answer_is_left_out_of_its_mean():
    answers = np.full((3, 9), 3.0)
    answers[0, 0] = np.nan
    answers[1, 0] = 1.0
    assert SatisfactionIndex(survey_of(answers), 10, 0).fit().means[0] == 2


def test_the_bootstrap_error_is_the_textbook_error_of_a_mean():
    answers = np.repeat(np.random.default_rng(1).integers(1, 5, 120)[:, None], 9, axis=1)
    fit = SatisfactionIndex(survey_of(answers), 4000, 3).fit()
    textbook = 25 * answers[:, 0].std(ddof=1) / np.sqrt(120)
    assert fit.bse["index"] == pytest.approx(textbook, rel=0.05)


def test_one_seed_gives_one_interval():
    one, two = (SatisfactionIndex(SURVEY, 200, 0).fit().conf_int() for _ in range(2))
    assert one.equals(two)


def test_the_invented_index_lies_in_the_interval():
    """Coverage over 1,000 worlds stands in benchmarks/records_recovery.py."""
    limits = SatisfactionIndex(SURVEY, 1000, 1).fit().conf_int(0.01).loc["index"]
    assert limits["lower"] < TRUTH.index < limits["upper"]


def test_the_weak_items_are_those_that_were_made_weak():
    weak = SatisfactionIndex(SURVEY, 1000, 1).fit().weak_items()
    assert set(weak["item"]) == {"time", "complaints"}
    assert (weak["gap"] < 0).all()


def test_items_alike_have_no_weak_one():
    alike = survey_of(np.random.default_rng(4).integers(2, 5, (200, 9)))
    assert len(SatisfactionIndex(alike, 1000, 1).fit().weak_items()) == 0


def test_a_survey_compared_with_itself_has_not_changed():
    fit = SatisfactionIndex(SURVEY, 300, 1).fit()
    table = fit.compared_with(fit)
    assert (table["change"] == 0).all()
    assert (table["low"] < 0).all()
    assert table["what"].tolist() == ["index", *ITEMS]


def test_chances_of_grades_add_up():
    chances = SatisfactionIndex(SURVEY, 300, 1).fit().grade_chances()
    assert sum(chances.values()) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=2, max_size=30))
def test_index_and_interval_stay_on_the_scale(answers):
    fit = SatisfactionIndex(survey_of(answers), 20, 0).fit()
    limits = fit.conf_int()
    assert 25 <= fit.index <= 100
    assert (limits["lower"] >= 25).all()
    assert (limits["upper"] <= 100).all()
    assert (limits["lower"] <= fit.params + 1e-9).all()


def test_an_answer_off_the_scale_is_refused():
    with pytest.raises(UsageError, match="an answer is 5; expected 1 to 4"):
        survey_of([[5] * 9, [3] * 9])


def test_a_stratum_of_one_is_refused():
    with pytest.raises(UsageError, match="stratum 1 has one respondent"):
        SatisfactionIndex(survey_of([[3] * 9] * 3, strata=[0, 0, 1]), 10, 0).fit()
