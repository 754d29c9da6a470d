"""What a student is told: close numbers are right, and a wrong unit is named."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.lessons.feedback import compared
from opdanalysis.lessons.lesson import open_lesson
from opdanalysis.lessons.questions import beats_main, brings_together
from opdanalysis.plans.plan import TODAY
from opdanalysis.text.words import Words

EN = Words("en")


@pytest.mark.parametrize(
    ("answer", "expected", "right"),
    [
        (0.2, 0.2, True),
        (0.2015, 0.2, True),
        (0.21, 0.2, False),
        (np.float64(3), 3, True),
        ([1, 2, 3], (1, 2, 3), True),
        ("setda", "setda", True),
        (" setda ", "setda", True),
        ("Setda", "setda", False),
        (0.0, 0.0, True),
    ],
)
def test_an_answer_may_be_off_by_one_percent(answer: object, expected: object, right: bool) -> None:
    assert compared(answer, expected, EN)[0] is right


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (20, 0.2, "This number is 100 times what is wanted. Check its unit."),
        (0.2, 200, "This number is one part in 1,000 of what is wanted. Check its unit."),
        (5, "setda", "A text in quotation marks is wanted, not int."),
        ("many", 5, "A number is wanted, not str."),
        ([1, 2], (1, 2, 3), "3 numbers are wanted, not 2."),
        (7, 5, ""),
    ],
)
def test_what_is_wrong_is_said(answer: object, expected: object, said: str) -> None:
    assert compared(answer, expected, EN) == (False, said)


def test_a_name_that_is_no_question_is_refused() -> None:
    lesson = open_lesson(1, "contoh", 5)
    with pytest.raises(UsageError, match="'busiets' is not a question of lesson 1"):
        lesson.check(busiets="setda")


def test_a_lesson_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match=r"lesson 7 was not found. Allowed: 1, 2, 3, 4, 5, 6."):
        open_lesson(7, "contoh")


def test_the_first_lesson_says_that_contoh_is_invented_and_palembang_mostly_judged() -> None:
    assert "rekaan" in repr(open_lesson(1, "contoh", 5).say_what_is_invented())
    judged = repr(open_lesson(1, "palembang", 5, "en").say_what_is_invented())
    assert "% of its" in judged


def test_today_is_no_plan_that_brings_anybody_together() -> None:
    lesson = open_lesson(6, "contoh", 5)
    assert not brings_together(lesson, TODAY)
    assert np.isnan(beats_main(lesson))


def test_a_plan_that_crowds_somebody_is_not_accepted() -> None:
    lesson = open_lesson(6, "contoh", 5)
    crowded = lesson.study.plan("merge-in-mawar")
    assert not lesson.check(mine=crowded).right
