"""One journey from the first visit to the result, step by step, at middle values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.city.entities import Journey, Service, Step
from opdanalysis.city.placement import Placement
from opdanalysis.methods.longest_lognormal import longest_lognormal
from opdanalysis.models.desk_hours import LETTERS, leg_times
from opdanalysis.models.desk_legs import NONE, legs_of
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_stops import stops_of_journey
from opdanalysis.models.journey_visits import Visits
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

PARTS = {
    "again": ("again",),
    "counter": ("counter",),
    "carried": ("dispatch", "transport", "registration"),
    "lying": ("attention",),
    "work": ("touch",),
    "signing": ("sign_off",),
    "questions": ("clarification", "rework"),
    "meeting": ("meeting",),
}
"""What a journey is shown to consist of, in the order of a step, and the mechanisms behind it."""

COLUMNS = ["state", "row", "service", "agency", "part", "start", "end"]


@dataclass
class Clock:
    """Where the journey has come to, while its parts are put together [day]."""

    state: str
    now: float
    rows: list[tuple[Any, ...]]

    def add(self, row: int, step: Step, part: str, start: float, days: float) -> float:
        """Note a part that takes some time; returns when it ends."""
        if days > 0:
            self.rows.append(
                (self.state, row, step.service, step.agency, part, start, start + days)
            )
        return start + days


def journey_parts(city: City, plan: Plan, journey: Journey, values: Values) -> pd.DataFrame:
    """The parts of a journey today and under a plan, at middle values.

    Columns: state (today or plan), row (number of the step), service, agency, part, start and end
    in working days from the first visit. Parts are means over cases: what only some need takes its
    share of the time. The last end is the mean of `days` in `journey_times`.
    """
    later = values.with_numbers(plan.levers)
    tables = [
        _parts(city, city.today, journey, values, values, "today"),
        _parts(city, plan.place(city), journey, later, values, "plan"),
    ]
    return pd.DataFrame([row for rows in tables for row in rows], columns=COLUMNS)


def _parts(
    city: City, placement: Placement, journey: Journey, values: Values, today: Values, state: str
) -> list[tuple[Any, ...]]:
    visits = Visits(city, Sides.all_of(placement), values, today)
    stages, day = _Stages(city, placement, values), values["working_hours_per_day"]
    clock = Clock(state, 0.0, [])
    at = next(n for n, other in enumerate(city.journeys) if other.id == journey.id)
    places = np.flatnonzero(visits.stops.journey == at)
    begins = {
        stop.steps[0].id: place
        for stop, place in zip(stops_of_journey(city, journey), places, strict=True)
        if not stop.fetches
    }
    minutes = dict(zip((s.id for s in city.counter_steps), values["counter_minutes"], strict=True))
    row = 0
    for service in (city.service(id) for id in journey.services):
        for stage in service.stages:
            if stage[0].citizen_present:
                step = stage[0]
                if step.id in begins:
                    place = begins[step.id]
                    again = visits.coming_again[place] * values["return_days"]
                    clock.now = clock.add(row, step, "again", clock.now, again)
                    wait = visits.wait_of_stop[place] / 60 / day
                    clock.now = clock.add(row, step, "counter", clock.now, wait)
                counter = minutes[step.id] / 60 / day
                clock.now = clock.add(row, step, "counter", clock.now, counter)
            row = stages.add(clock, service, stage, row, day)
    return clock.rows


class _Stages:
    """The parts of each step, as means over letters and authority [hour]."""

    def __init__(self, city: City, placement: Placement, values: Values) -> None:
        self.legs = legs_of(city, placement)
        electronic = float(values["electronic_letters_share"])
        self.delegated = float(values["delegated_authority_share"])
        self.letters = dict(zip(LETTERS, (1 - electronic, electronic), strict=True))
        self.times = {name: leg_times(city, self.legs, values, name) for name in LETTERS}

    def add(
        self, clock: Clock, service: Service, stage: tuple[Step, ...], row: int, day: float
    ) -> int:
        """Note the parts of steps beside each other, each in a row; returns the next row."""
        start = clock.now
        for step in stage:
            at = start
            for part, mechanisms in PARTS.items():
                hours = sum(self._hours(step, name) for name in mechanisms)
                at = clock.add(row, step, part, at, hours / day)
            row += 1
        clock.now = start + self._duration(stage) / day
        meeting = self._meeting(stage) / day
        clock.add(row - 1, stage[-1], "meeting", clock.now - meeting, meeting)
        return row

    def _hours(self, step: Step, mechanism: str) -> float:
        """Hours of one mechanism at a step."""
        return sum(
            share * float(np.sum((times.weights * times.parts[mechanism].mean)[places]))
            for share, times, places in self._states(step)
            if mechanism in times.parts
        )

    def _states(self, step: Step) -> Iterator[tuple[float, Any, Any]]:
        for name, share in self.letters.items():
            for way, of_way in ((0, 1 - self.delegated), (1, self.delegated)):
                places = [
                    at
                    for at, leg in enumerate(self.legs.legs)
                    if leg.step.id == step.id and leg.way == way
                ]
                yield share * of_way, self.times[name], places

    def _duration(self, stage: tuple[Step, ...]) -> float:
        """Hours until the last of the steps has ended."""
        total = 0.0
        for name, share in self.letters.items():
            times = self.times[name]
            means, spreads = times.total.mean, times.total.variance
            for way, of_way in ((0, 1 - self.delegated), (1, self.delegated)):
                mine = [
                    at
                    for at, leg in enumerate(self.legs.legs)
                    if leg.way == way and leg.step in stage
                ]
                one_by_one = [at for at in mine if self.legs.route[at] == NONE]
                beside = [at for at in mine if self.legs.route[at] != NONE]
                hours = float(np.sum((times.weights * means)[one_by_one]))
                if beside:
                    hours += float(longest_lognormal(means[beside], spreads[beside])[0])
                    hours += self._meeting_hours(times, mine[0])
                total += share * of_way * hours
        return total

    def _meeting(self, stage: tuple[Step, ...]) -> float:
        """Hours of the search for a joint meeting."""
        return sum(
            share * self._meeting_hours(times, places[0])
            for share, times, places in self._states(stage[-1])
            if places
        )

    def _meeting_hours(self, times: Any, leg: int) -> float:
        for group, meeting in zip(self.legs.meetings, times.meetings, strict=True):
            if self.legs.route[leg] != NONE and leg in group.legs:
                return float(meeting.mean)
        return 0.0
