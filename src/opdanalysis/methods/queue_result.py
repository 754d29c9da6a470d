"""The result of a simulation: when each visit took place, and what that means for whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opdanalysis.methods.queue_events import Times
from opdanalysis.methods.queue_halls import Halls
from opdanalysis.methods.queue_layout import Layout
from opdanalysis.methods.queue_visits import COMES, NO_SHOW, Visits
from opdanalysis.methods.queue_world import MINUTES_PER_DAY

ENDINGS = ("served", "left", "still to come", "no-show", "stayed away")
SERVED, LEFT, STILL_TO_COME, NOT_SHOWN, AWAY = range(5)


@dataclass(frozen=True, eq=False)
class Simulation:
    """Times in minutes from midnight before day 0; NaN where it did not happen.

    The arrays per visit follow `visits`.
    """

    visits: Visits
    layout: Layout
    days: int
    halls: Halls
    times: Times

    @property
    def start(self) -> np.ndarray:
        """`(n_visits,)` begin of the service."""
        return self.times.start

    @property
    def end(self) -> np.ndarray:
        """`(n_visits,)` end of the service."""
        return self.times.end

    @cached_property
    def arrival(self) -> np.ndarray:
        """`(n_visits,)` when the customer came to the point."""
        locked = self.times.locked
        return np.where(np.isnan(locked), self.times.joined, locked) if len(locked) else self.joined

    @cached_property
    def joined(self) -> np.ndarray:
        """`(n_visits,)` when the customer stood in the queue.

        This is the arrival, or the next opening for one who found the door locked.
        """
        joined = self.times.joined
        return np.where(np.isinf(joined), np.nan, joined) if len(self.times.locked) else joined

    @cached_property
    def left(self) -> np.ndarray:
        """`(n_visits,)` when the customer gave up."""
        left = np.full(len(self.start), np.nan)
        if len(self.times.deadline):
            gave_up = np.isnan(self.start) & np.isfinite(self.times.deadline)
            left[gave_up] = self.times.deadline[gave_up]
        return left

    @cached_property
    def crew(self) -> np.ndarray:
        """`(n_visits,)` number of the layout's crew that served, -1 for none."""
        by = self.halls.arrays.plain_crew[self.visits.queue]
        if len(self.times.crew):
            by = np.where(by < 0, self.times.crew, by)
        return np.where(np.isnan(self.start), -1, self.halls.crews[by])

    @cached_property
    def _until(self) -> np.ndarray:
        """When the waiting ended, by being called or by giving up."""
        if not len(self.times.deadline):
            return self.start
        return np.where(np.isnan(self.left), self.start, self.left)

    @cached_property
    def customer(self) -> np.ndarray:
        """`(n_visits,)` number of the customer of each visit."""
        return np.repeat(np.arange(self.visits.n), np.diff(self.visits.first))

    @cached_property
    def ending(self) -> np.ndarray:
        """`(n,)` place in `ENDINGS` of each customer: what became of them until the last day."""
        finished = np.full(self.visits.n, AWAY)
        finished[self.visits.absent == NO_SHOW] = NOT_SHOWN
        comes = self.visits.absent == COMES
        finished[comes] = np.where(np.isnan(self.finished[comes]), STILL_TO_COME, SERVED)
        if len(self.times.deadline):
            finished[self.customer[~np.isnan(self.left)]] = LEFT
        return finished

    @cached_property
    def finished(self) -> np.ndarray:
        """`(n,)` when the last service of the journey ended; NaN where it did not."""
        last = self.visits.first[1:] - 1
        some = last >= self.visits.first[:-1]
        out = self.visits.entry.copy()
        out[some] = self.end[last[some]]
        return out

    @property
    def finished_day(self) -> np.ndarray:
        """`(n,)` number of the day on which the journey was finished; NaN where it was not."""
        return self.finished // MINUTES_PER_DAY

    @cached_property
    def waiting(self) -> np.ndarray:
        """`(n_visits,)` minutes in the queue until served or given up, without nights."""
        minutes = self._until - self.joined
        if self.layout.closing == "cut":
            minutes[self._overnight] -= self._nights_between
        return minutes

    @cached_property
    def returns(self) -> np.ndarray:
        """`(n_visits,)` later days on which the customer came again for this visit.

        It was closed already, or closed before the customer's turn.
        """
        again = (self.arrival != self.joined) & ~np.isnan(self.joined)
        counts = again.astype(np.intp)
        if self.layout.closing == "cut":
            counts[self._overnight] = self._openings_between
        return counts

    @cached_property
    def _overnight(self) -> np.ndarray:
        """Visits that ended their waiting on a later day than they began it."""
        with np.errstate(invalid="ignore"):
            day = np.floor(self.joined / MINUTES_PER_DAY)
            return np.flatnonzero(np.floor(self._until / MINUTES_PER_DAY) > day)

    @property
    def _openings_between(self) -> np.ndarray:
        """Openings after the day of arrival, for overnight visits."""
        out = np.empty(len(self._overnight), dtype=np.intp)
        for mine, opens, _, since, until in self._overnight_by_hall():
            tomorrow = (since // MINUTES_PER_DAY + 1) * MINUTES_PER_DAY
            out[mine] = np.searchsorted(opens, until, "right") - np.searchsorted(opens, tomorrow)
        return out

    @property
    def _nights_between(self) -> np.ndarray:
        """Minutes between closing and opening, for overnight visits."""
        out = np.empty(len(self._overnight))
        for mine, opens, shuts, since, until in self._overnight_by_hall():
            nights = np.concatenate([[0.0], np.cumsum(opens[1:-1] - shuts[:-2])])
            first = np.searchsorted(shuts, since, "right")
            last = np.searchsorted(opens, until, "right") - 1
            early = since // MINUTES_PER_DAY == opens[first] // MINUTES_PER_DAY
            at_door = np.where(early, since, np.maximum(since, opens[first]))
            out[mine] = at_door - since + nights[last] - nights[first]
        return out

    def _overnight_by_hall(self):
        over = self._overnight
        until, since = self._until[over], self.joined[over]
        hall = self.halls.of_queue[self.visits.queue[over]]
        for number, doors in enumerate(self.halls.doors):
            mine = hall == number
            yield mine, doors.opens, doors.shuts, since[mine], until[mine]

    def per_customer(self, numbers: np.ndarray) -> np.ndarray:
        """Sums of numbers per visit over each customer's visits that took place, `(n,)`."""
        happened = np.where(np.isnan(self.joined), 0.0, numbers)
        return np.bincount(self.customer, np.nan_to_num(happened), self.visits.n)

    @cached_property
    def trips(self) -> np.ndarray:
        """`(n,)` times that each customer left home, at least 1 for those who came."""
        trips = self.per_customer(self.returns) + (self.visits.absent == COMES)
        if len(self.visits.back):
            trips += self.per_customer(self.visits.back >= 0)
        return trips
