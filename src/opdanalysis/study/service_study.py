"""The journeys of citizens as a notebook sees them, in the draws and words of one study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from opdanalysis.city.entities import Journey
from opdanalysis.experiment.counter_queues import (
    break_even_slow_downs,
    counter_findings,
    pooling,
    waiting_by_hour,
)
from opdanalysis.experiment.journey_parts import journey_parts
from opdanalysis.experiment.lead_times import four_corners, location_shares
from opdanalysis.experiment.service_times import changed_most, gain_split, journey_changes
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.study.showing import Said

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy


MOST_DRAWS = 1_000
"""Draws of what is computed here: journeys, causes, corners and pooling need no more."""


@dataclass(frozen=True, eq=False)
class ServiceStudy:
    """Service time in a study: `study` lends the city, plans, book, result and words."""

    study: OpenStudy

    @property
    def draws(self) -> int:
        """How many draws the tables here rest on."""
        return min(self.study.file.draws, MOST_DRAWS)

    @cached_property
    def values(self) -> Values:
        """The draws of the first scenario, no more than are needed here."""
        return self.study.book.sample(self.draws, self.study.file.seed)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What each journey takes today and under the main plan, with the gain."""
        return journey_changes(self.study.city, [self.study.main_plan], self.values)

    @cached_property
    def location_shares(self) -> pd.DataFrame:
        """The part of the time between agencies that moving offices could end at most [1]."""
        return location_shares(self.study.city, self.values)

    @cached_property
    def four_corners(self) -> pd.DataFrame:
        """Working days between agencies with offices apart or together, paper or electronic."""
        return four_corners(self.study.city, self.values)

    @cached_property
    def journey(self) -> Journey:
        """The journey between agencies whose days the main plan changes most."""
        return changed_most(self.changes, self.study.city, self.study.main_plan.id)

    @cached_property
    def rival(self) -> Plan:
        """The plan without moves that shortens a mean case most, or else the main plan."""
        result = self.study.result
        days = {
            plan.id: float(np.median(result.gain("elapsed_days", plan.id)))
            for plan in self.study.plans[1:]
            if not plan.clusters
        }
        best = max(days, key=lambda id: days[id], default=self.study.main_plan.id)
        return self.study.plan(best)

    def parts(self, plan: Plan) -> pd.DataFrame:
        """The course of the journey today and under a plan, at middle values."""
        return journey_parts(self.study.city, plan, self.journey, self.study.book.central())

    def split(self, plan: Plan, measure: str) -> pd.DataFrame:
        """Which causes a plan's gain comes from, in `hours` of citizens or `days` of a case."""
        return gain_split(self.study.city, plan, self.values, measure)

    @cached_property
    def waiting_by_hour(self) -> pd.DataFrame:
        """The wait in each hour at the busiest counters, today and under the main plan."""
        study = self.study
        high = study.book["counter_use_today"].interval[1]
        return waiting_by_hour(study.city, study.main_plan, study.book.central(), high)

    @cached_property
    def pooling(self) -> pd.DataFrame:
        """The stay in one line for all counters of a building of the main plan."""
        return pooling(self.study.city, self.study.main_plan, self.values)

    @property
    def pooling_break_evens(self) -> pd.DataFrame:
        """From which slow-down of clerks pooling no longer helps, by building."""
        return break_even_slow_downs(self.pooling)

    def say_waits(self) -> Said:
        """How good the waits are, and whether the numbers of the lines can be true."""
        study, words = self.study, self.study.words
        low, high = np.quantile(study.result.level("waiting_minutes", "today"), (0.05, 0.95))
        plan, values = study.main_plan, study.book.central()
        later = values.with_numbers(plan.levers)
        findings = [
            *counter_findings(study.city, study.city.today, values, values),
            *counter_findings(study.city, plan.place(study.city), later, values),
        ]
        said = words(
            "service.emulator",
            error=words.percent(study.city.counter_wait.error),
            low=words.number(low, 1),
            high=words.number(high, 1),
        )
        checked = words(
            f"service.{'counters_wrong' if findings else 'counters_fine'}",
            plan=words.of(plan.name, plan.id),
            count=len(findings),
            findings="; ".join(str(finding) for finding in findings),
        )
        return Said(f"{said} {checked}")

    def say_bound(self) -> Said:
        """What moving offices could end at most of the time between agencies."""
        shares, words = self.location_shares, self.study.words
        cases = {s.id: s.cases_per_year.value for s in self.study.city.services}
        found = {}
        for name in ("sure", "possible"):
            rows = shares[(shares["letters"] == "today") & (shares["mechanisms"] == name)]
            weights = rows["service"].map(cases)
            found[name] = words.percent(float(np.average(rows["p50"], weights=weights)))
        return Said(words("service.bound", **found))
