"""A lesson: a study to look at, and its questions with the answers that the package finds."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.lessons import tables
from opdanalysis.lessons.feedback import Feedback, compared, is_empty, told
from opdanalysis.lessons.questions import QUESTIONS
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.places import project_folder
from opdanalysis.study.best import write_plan
from opdanalysis.study.open_study import OpenStudy, open_study
from opdanalysis.study.showing import Said


def open_lesson(
    number: int, study: str = "palembang", draws: int | None = None, lang: str = "id"
) -> Lesson:
    """A lesson by its number, in a study. Raises UsageError where there is none of that number."""
    if number not in QUESTIONS:
        raise UsageError(
            f"lesson {number} was not found. Allowed: {', '.join(map(str, QUESTIONS))}."
        )
    return Lesson(number, open_study(study, draws=draws, lang=lang))


class Lesson:
    """What a student works with; `study` is the open study, `mine` a plan of the student's own."""

    def __init__(self, number: int, study: OpenStudy) -> None:
        self.number, self.study, self.words = number, study, study.words
        self.mine: Plan | None = None

    @cached_property
    def central(self) -> Values:
        """The middle value of everything."""
        return self.study.book.central()

    @cached_property
    def links(self) -> pd.DataFrame:
        """Who is in contact with whom; see `tables.links`."""
        return tables.links(self.study.city, self.central)

    @cached_property
    def trips(self) -> pd.DataFrame:
        """Trips today and under the main plan; see `tables.trips`."""
        return tables.trips(self.study.city, self.study.main_plan, self.central)

    @cached_property
    def counter(self) -> pd.Series:
        """The busiest counter; see `tables.counter`."""
        return tables.counter(self.study.city, self.central)

    @cached_property
    def single_moves(self) -> pd.DataFrame:
        """Moves of one agency each; see `tables.single_moves`."""
        return tables.single_moves(self.study.city, self.central)

    def say_what_is_invented(self) -> Said:
        """Which of the numbers are invented, and how many rest on judgement."""
        city, words = self.study.city, self.words
        name = city.name_in(words.lang)
        if city.synthetic:
            return Said(words("lesson.invented", city=name))
        beliefs = self.study.book.to_frame()
        beliefs = beliefs[beliefs["role"] == "belief"]
        judged = float((beliefs["evidence"] == "judgement").mean())
        count = words.number(len(beliefs))
        return Said(words("lesson.judged", city=name, share=words.percent(judged), count=count))

    def check(self, **answers: Any) -> Feedback:
        """What is right in the answers and what is not yet, in the language of the lesson.

        Each name is that of a question of this lesson. Raises UsageError for another name.
        """
        questions = QUESTIONS[self.number]
        results = []
        for name, answer in answers.items():
            if name not in questions:
                fix = did_you_mean(name, questions)
                raise UsageError(f"'{name}' is not a question of lesson {self.number}. {fix}")
            results.append(self._judged(name, answer))
        return Feedback(all(right for right, _ in results), tuple(line for _, line in results))

    def save(self, plan: Any, folder: str | Path | None = None) -> Said:
        """Write a plan as a file that a study can read, and say where it lies.

        Without a folder it goes to outputs/plans. Raises OutputsError where that cannot be written.
        """
        if not isinstance(plan, Plan):
            return Said(self.words("lesson.no_plan"))
        place = Path(folder) if folder else (project_folder() or Path.cwd()) / "outputs" / "plans"
        path = place / f"{plan.id}.yaml"
        write_plan(plan, path)
        return Said(self.words("lesson.saved", file=path.name, city=self.study.city.id))

    def _judged(self, name: str, answer: Any) -> tuple[bool, str]:
        words, question = self.words, QUESTIONS[self.number][name]
        if is_empty(answer):
            return False, f"✗ {name}: {words('lesson.empty')}"
        if isinstance(answer, Plan):
            self.mine = answer
        if question.holds is not None:
            right, why = question.holds(self, answer), ""
        else:
            right, why = compared(answer, question.expected(self), words)
        hint = "" if right else words(f"lesson.hint.{name}")
        return right, told(right, name, [why, hint], words)
