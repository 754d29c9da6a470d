"""How long papers take between agencies: the whole distribution on a grid, or the mean of draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import numpy as np

from opdanalysis.methods import lead_time_grid as on_grid
from opdanalysis.methods.lead_time_grid import Duration, Grid
from opdanalysis.methods.lead_time_laws import NOTHING, Law, Sometimes
from opdanalysis.methods.lead_time_longest import (
    Kinds,
    branched,
    in_series,
    longest_of,
    reworked,
)
from opdanalysis.methods.lead_time_mechanisms import (
    MECHANISMS,
    Mechanisms,
    clarification,
    meeting_search,
)
from opdanalysis.methods.lead_time_moments import Number
from opdanalysis.methods.lead_time_process import Branch, Parallel, Process, Route, Task

T = TypeVar("T")

Sources = Mapping[str, Mechanisms | None]
"""From where the numbers of each mechanism are taken; None where it takes no time."""


def lead_time(process: Process, mechanisms: Mechanisms, grid: Grid | None = None) -> Duration:
    """How long a process takes, as a distribution [working hour].

    Raises `UsageError` where more cases than the grid allows take longer than its horizon.
    """
    grid = Grid() if grid is None else grid
    sources = dict.fromkeys(MECHANISMS, mechanisms)
    return elapsed(process, sources, calculus_on(grid)).within_horizon()


def mean_lead_time(process: Process, mechanisms: Mechanisms) -> Number:
    """How long a process takes on average [working hour], a float or `(n_draws,)`.

    Exact, except where tasks run in parallel: there it goes by four moments of each route, with an
    error of about 0.1% of the longest route's mean, rarely above 1%.
    """
    return elapsed(process, dict.fromkeys(MECHANISMS, mechanisms), MOMENTS).mean


@dataclass(frozen=True)
class Calculus(Generic[T]):
    """How times are put together: by their moments, or on a grid."""

    of_law: Callable[[Law], T]
    series: Callable[[Sequence[T]], T]
    parallel: Callable[[Sequence[T]], T]
    branch: Callable[[Sequence[Number], Sequence[T]], T]
    rework: Callable[[T, T, Number], T]


MOMENTS: Calculus[Kinds] = Calculus(
    of_law=lambda law: Kinds.one(law.moments),
    series=in_series,
    parallel=longest_of,
    branch=branched,
    rework=reworked,
)


def calculus_on(grid: Grid) -> Calculus[Duration]:
    """The calculus of distributions on a grid; it lays equal laws on the grid once."""
    known = cache(grid.duration)

    def of_law(law: Law) -> Duration:
        return grid.duration(law) if np.ndim(law.moments.variance) else known(law)

    return Calculus(of_law, on_grid.series, on_grid.parallel, on_grid.branch, on_grid.rework)


def elapsed(process: Process, sources: Sources, calculus: Calculus[T]) -> T:
    """How long a process takes, each mechanism with the numbers of its own source."""
    walk = _Walk(sources, calculus)
    return walk.series(walk.route(process.steps, sender=None))


@dataclass(frozen=True)
class _Walk(Generic[T]):
    """The way through a process, task by task and hand-off by hand-off."""

    sources: Sources
    calculus: Calculus[T]

    def series(self, parts: Sequence[T]) -> T:
        return self.calculus.series(parts) if parts else self.calculus.of_law(NOTHING)

    def route(self, route: Route, sender: str | None) -> list[T]:
        """The parts of a route that begins with a hand-off from its sender, if it has one."""
        parts: list[T] = []
        collected = False  # a task after a group has been handed the case by the group
        for place, step in enumerate(route):
            if isinstance(step, Task):
                if not collected:
                    parts += self.hand_off(sender, step.agency)
                parts += self.work(step, sender)
                sender, collected = step.agency, False
            else:
                following = route[place + 1] if place + 1 < len(route) else None
                parts.append(self.group(step, sender, following))
                collected = True
        return parts

    def group(self, group: Parallel | Branch, sender: str | None, following: object) -> T:
        """All or one of the routes, with the hand-offs from the sender and to what follows."""
        receiver = following.agency if isinstance(following, Task) else None
        routes = [
            self.series([*self.route(route, sender), *self.hand_off(_last(route), receiver)])
            for route in group.routes
        ]
        if isinstance(group, Parallel):
            return self.calculus.parallel(routes)
        straight = 1 - sum(group.shares)
        if np.all(np.less(straight, 1e-9)):
            return self.calculus.branch(group.shares, routes)
        routes.append(self.series(self.hand_off(sender, receiver)))
        return self.calculus.branch([*group.shares, np.maximum(straight, 0)], routes)

    def work(self, task: Task, sender: str | None) -> list[T]:
        """What a task takes; a review comes back after its return, mending and another way there.

        Questions are asked when a case arrives for the first time.
        """
        parts = self.laws("attention", lambda m: [m.attention])
        parts += self.laws("touch", lambda _: [task.touch])
        parts += self.laws("meeting", lambda m: _search(m, task))
        parts += self.laws("sign_off", lambda m: [m.sign_off] if task.signed else [])
        rework = self.sources["rework"]
        if not task.review or sender is None or rework is None:
            return parts
        returned = rework.tier(sender, task.agency).return_share
        again = self.carry(task.agency, sender) + self.laws("rework", lambda m: [m.mending])
        again += self.carry(sender, task.agency) + parts
        return [self.calculus.rework(self.series(parts), self.series(again), returned)]

    def hand_off(self, sender: str | None, receiver: str | None) -> list[T]:
        """A case on its way to the next agency, and the questions that it raises there."""
        if sender is None or receiver is None or sender == receiver:
            return []
        return self.carry(sender, receiver) + self.laws(
            "clarification",
            lambda m: [clarification(m.questions, m.tier(sender, receiver).answer_hours)],
        )

    def carry(self, sender: str, receiver: str) -> list[T]:
        """Dispatch, transport and registration, which nobody needs within one agency."""
        if sender == receiver:
            return []
        parts = self.laws("dispatch", lambda m: [m.tier(sender, receiver).dispatch])
        parts += self.laws("transport", lambda m: [m.tier(sender, receiver).transport])
        return parts + self.laws("registration", lambda m: [m.registration])

    def laws(self, mechanism: str, of: Callable[[Mechanisms], list[Law]]) -> list[T]:
        """The laws of a mechanism in its source; none where it takes no time."""
        source = self.sources[mechanism]
        return [] if source is None else [self.calculus.of_law(law) for law in of(source)]


def _search(mechanisms: Mechanisms, task: Task) -> list[Law]:
    """Finding a slot for the task's meeting, which depends on the farthest agency invited."""
    meeting = task.meeting
    if meeting is None:
        return []
    free = mechanisms.tier(task.agency, *meeting.agencies).free_share
    slots = mechanisms.slots_per_day
    search = meeting_search(mechanisms.day_hours, slots, free, meeting.attendees)
    return [Sometimes(meeting.share, search)]


def _last(route: Route) -> str:
    """The agency of the last task of a group's route."""
    last = route[-1]
    assert isinstance(last, Task)
    return last.agency
