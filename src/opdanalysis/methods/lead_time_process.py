"""A process between agencies: tasks one after the other, side by side, or only for some cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time_laws import Law
from opdanalysis.methods.lead_time_moments import Number


@dataclass(frozen=True)
class Meeting:
    """A meeting that this share of cases needs [1]: how many people, and from which agencies."""

    share: Number
    attendees: int
    agencies: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.attendees < 1:
            raise UsageError(f"a meeting has {self.attendees} attendees; expected at least 1")


@dataclass(frozen=True)
class Task:
    """One agency's work on a case.

    `signed` tasks wait for the next signing session. A `review` may send the case back to the
    agency that it came from. With a `meeting` a slot has to be found; its own length is touch time.
    """

    id: str
    agency: str
    touch: Law
    signed: bool = False
    review: bool = False
    meeting: Meeting | None = None


@dataclass(frozen=True)
class Parallel:
    """Routes that start together; the case goes on when the last of them has ended."""

    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Branch:
    """Routes of which each case takes one, by shares [1]; what they leave over goes straight on."""

    shares: tuple[Number, ...]
    routes: tuple[Route, ...]


Step = Task | Parallel | Branch
Route = tuple[Step, ...]
"""Steps one after the other; the first and the last of a route inside a group are tasks."""


@dataclass(frozen=True)
class Process:
    """Steps from the first task, which has no sender, to the last.

    Before and after a group stands a task, so that somebody sends the case out and collects it.
    """

    id: str
    steps: Route = field(repr=False)

    def __post_init__(self) -> None:
        if not self.steps or not isinstance(self.steps[0], Task):
            raise UsageError(f"process '{self.id}' must begin with a task, which takes the case in")
        if self.steps[0].review:
            raise UsageError(
                f"process '{self.id}': its first task '{self.steps[0].id}' is a review, "
                "but there is no agency to send the case back to"
            )
        self._check(self.steps)
        ids = [task.id for task in self.tasks]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise UsageError(f"process '{self.id}' has more than one task '{twice[0]}'")

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task, in the order in which they are written."""
        return tuple(_tasks(self.steps))

    def _check(self, route: Route) -> None:
        """Every group stands between tasks, and its routes do too."""
        for before, step in zip((None, *route), route, strict=False):
            if isinstance(step, Task):
                if step.review and isinstance(before, Parallel | Branch):
                    raise UsageError(
                        f"process '{self.id}': review '{step.id}' follows a group, so it is not "
                        "clear whom to send the case back to; put a task between them"
                    )
                continue
            if isinstance(before, Parallel | Branch):
                raise UsageError(
                    f"process '{self.id}': two groups follow each other; put a task between them, "
                    "which collects the case and sends it out again"
                )
            self._check_group(step)

    def _check_group(self, group: Parallel | Branch) -> None:
        if not group.routes:
            raise UsageError(f"process '{self.id}' has a group without a route")
        for route in group.routes:
            if not route or not isinstance(route[0], Task) or not isinstance(route[-1], Task):
                raise UsageError(
                    f"process '{self.id}': each route of a group must begin and end with a task"
                )
            self._check(route)
        if isinstance(group, Branch):
            given, routes = len(group.shares), len(group.routes)
            if given != routes:
                raise UsageError(
                    f"process '{self.id}': a branch has {given} shares for {routes} routes"
                )
            total = sum(group.shares)
            if any(np.any(np.less(s, 0)) for s in group.shares) or np.any(total > 1 + 1e-9):
                raise UsageError(
                    f"process '{self.id}': the shares of a branch must be 0 or more, with a sum "
                    f"of at most 1; their sum is {np.max(total):g}"
                )


def _tasks(route: Route) -> Iterator[Task]:
    for step in route:
        if isinstance(step, Task):
            yield step
        else:
            for inner in step.routes:
                yield from _tasks(inner)
