"""The questions of the lessons, each with the answer as the package works it out.

An answer is worked out by the models and not by the way that the lesson teaches, so that a right
answer is also a test of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opdanalysis.errors import OpdError
from opdanalysis.experiment.run import run_experiment
from opdanalysis.methods.pooling import break_even_slow_down, pooled_waiting_ratio
from opdanalysis.methods.queues import mmc
from opdanalysis.models.access import access
from opdanalysis.models.building_use import use_of
from opdanalysis.models.contacts import contacts_close_by
from opdanalysis.models.fit import fit_totals
from opdanalysis.models.ties import ties_of, yearly_contacts
from opdanalysis.plans.plan import Plan

if TYPE_CHECKING:
    from opdanalysis.lessons.lesson import Lesson

PLAN_DRAWS = 200
"""Draws in which a student's own plan is held against the main plan."""


@dataclass(frozen=True)
class Question:
    """What is asked: an `expected` answer, or what `holds` of one where many are right."""

    expected: Callable[[Lesson], Any] = lambda lesson: None
    holds: Callable[[Lesson, Any], bool] | None = None


def busiest(lesson: Lesson) -> str:
    """The agency with most contacts a year, made and received."""
    city, ties = lesson.study.city, ties_of(lesson.study.city)
    contacts, size = yearly_contacts(ties, lesson.central), len(city.agencies)
    both = np.bincount(ties.sender, contacts, size) + np.bincount(ties.receiver, contacts, size)
    return city.agencies[int(both.argmax())].id


def one_roof(lesson: Lesson) -> float:
    """Share of today's contacts within one building [1]."""
    city = lesson.study.city
    return float(contacts_close_by(city, city.today, lesson.central)["one_roof"])


def largest_line(lesson: Lesson) -> str:
    """The outcome of the line that costs most today, by its median over the draws."""
    result = lesson.study.result
    lines = [id for id in result.numbers if id.startswith("cost_")]
    medians = {line: float(np.median(result.level(line, "today"))) for line in lines}
    return max(medians, key=lambda line: medians[line])


def saving_range(lesson: Lesson) -> Any:
    """5%, 50% and 95% of the main plan's net saving [Rp/year]."""
    study = lesson.study
    table = study.result.quantiles(["net_cost"], study.scenarios[0].id, gains=True)
    row = table[table["plan"] == study.main_plan.id]
    return row[["p05", "p50", "p95"]].to_numpy()[0]


def saving_chance(lesson: Lesson) -> float:
    """Share of the draws in which the main plan saves [1]."""
    study = lesson.study
    return float((study.result.gain("net_cost", study.main_plan.id) > 0).mean())


def utilisation(lesson: Lesson) -> float:
    """Share of the opening hours in which the clerks of the busiest counter serve [1]."""
    return float(_queue(lesson).utilisation)


def waiting(lesson: Lesson) -> float:
    """Mean wait at the busiest counter, were arrivals even over the day [minute]."""
    return float(_queue(lesson).waiting)


def _queue(lesson: Lesson) -> Any:
    line = lesson.counter
    rate = line["visits_per_day"] / line["opening_minutes"]
    return mmc(rate, line["minutes"], int(line["counters"]))


def pooling_ratio(lesson: Lesson) -> float:
    """Wait in one line over the wait in two, where both are as busy as that counter [1]."""
    counters = int(lesson.counter["counters"])
    return float(pooled_waiting_ratio(utilisation(lesson), 2, counters))


def slow_down(lesson: Lesson) -> float:
    """How much slower clerks may become before one line no longer shortens the stay [1]."""
    return break_even_slow_down(utilisation(lesson), 2, int(lesson.counter["counters"]))


def farther(lesson: Lesson) -> float:
    """Residents who notice that their trips take longer under the main plan [person]."""
    return float(_access(lesson)["residents_farther"])


def unevenness(lesson: Lesson) -> float:
    """The Gini coefficient of trips under the main plan [1]."""
    return float(_access(lesson)["access_gini"])


def _access(lesson: Lesson) -> Any:
    plan, values = lesson.study.main_plan, lesson.central
    city = lesson.study.city
    return access(city, plan.place(city), values.with_numbers(plan.levers), values)


def claim_chance(lesson: Lesson) -> float:
    """Share of the draws of the first scenario in which the first claimed saving is reached [1]."""
    return float(_audit(lesson)["probability"].iloc[0])


def claim_verdict(lesson: Lesson) -> str:
    """The word for the first claimed saving over all scenarios."""
    return str(_audit(lesson)["verdict"].iloc[0])


def _audit(lesson: Lesson) -> Any:
    claims = lesson.study.claims
    return claims.audit[claims.audit["claim"] == claims.first_saving.id]


def brings_together(lesson: Lesson, plan: Any) -> bool:
    """Whether a plan brings more contacts under one roof and crowds nobody, at middle values."""
    city, values = lesson.study.city, lesson.central
    if not isinstance(plan, Plan):
        return False
    try:
        placement = plan.place(city)
    except OpdError:
        return False
    later = values.with_numbers(plan.levers)
    share = contacts_close_by(city, placement, later)["one_roof"]
    crowded = fit_totals(use_of(city, placement, later))["overfull_staff"]
    return bool(share > one_roof(lesson) and crowded == 0)


def beats_main(lesson: Lesson) -> float:
    """Share of the draws in which the student's plan saves more than the main plan [1]."""
    study = lesson.study
    if lesson.mine is None:
        return float("nan")
    draws = min(PLAN_DRAWS, study.file.draws)
    plans = [study.main_plan, lesson.mine]
    result = run_experiment(study.city, plans, study.book, {"": {}}, draws, study.file.seed)
    gains = [result.gain("net_cost", plan.id) for plan in plans]
    return float((gains[1] > gains[0]).mean())


QUESTIONS: Mapping[int, Mapping[str, Question]] = {
    1: {"busiest": Question(busiest), "one_roof": Question(one_roof)},
    2: {
        "largest_line": Question(largest_line),
        "saving_range": Question(saving_range),
        "saving_chance": Question(saving_chance),
    },
    3: {
        "utilisation": Question(utilisation),
        "waiting": Question(waiting),
        "pooling_ratio": Question(pooling_ratio),
        "slow_down": Question(slow_down),
    },
    4: {"farther": Question(farther), "unevenness": Question(unevenness)},
    5: {"claim_chance": Question(claim_chance), "claim_verdict": Question(claim_verdict)},
    6: {"mine": Question(holds=brings_together), "beats_main": Question(beats_main)},
}
"""The questions of each lesson by name."""
