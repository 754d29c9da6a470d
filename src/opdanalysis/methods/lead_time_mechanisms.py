"""The mechanisms that make a case wait between agencies, by few numbers that a log can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods.lead_time_laws import Exponential, Geometric, Law, Sometimes, WaitForNext
from opdanalysis.methods.lead_time_moments import Number

SURE = ("dispatch", "transport")
"""Mechanisms that surely depend on where the agencies sit."""

POSSIBLE = ("clarification", "rework", "meeting")
"""Mechanisms that perhaps depend on it."""

MECHANISMS = ("touch", "attention", "sign_off", "registration", *SURE, *POSSIBLE)


def wait_for_next(day_hours: Number, per_day: Number, gap_cv: Number) -> WaitForNext:
    """Wait for the next courier round or signing session [hour]: (1 / 2k)(1 + CV^2) days.

    With equal gaps (`gap_cv` 0) 1 / 2k days, at random (1) 1 / k; `per_day` may be infinite, for
    papers that go at once.
    """
    if np.any(np.less_equal(per_day, 0)):
        raise UsageError(f"there are {np.min(per_day):g} rounds per day; expected more than 0")
    return WaitForNext(day_hours / per_day, gap_cv)


def meeting_search(
    day_hours: Number, slots_per_day: Number, free_share: Number, attendees: Number
) -> Geometric:
    """Until the first slot in which all are free [hour]: 1 / (slots f^n) days on average.

    Everybody is free in a share f of slots, whatever the others and the slot before.
    """
    if np.any(np.less_equal(slots_per_day, 0)):
        raise UsageError(f"there are {np.min(slots_per_day):g} slots per day; expected more than 0")
    return Geometric(day_hours / slots_per_day, free_share**attendees)


def clarification(questions: Number, answer_hours: Number) -> Sometimes:
    """Until the last question is answered [hour]: questions x answer on average.

    Each answer may raise another question, always with the same chance; answers are exponential.
    """
    if np.any(np.less(questions, 0)):
        raise UsageError(f"there are {np.min(questions):g} questions; expected 0 or more")
    more = 1 + questions
    return Sometimes(questions / more, Exponential(answer_hours * more))


@dataclass(frozen=True)
class Tier:
    """What holds between two agencies that sit so near to each other.

    dispatch
        Wait of a paper until it leaves.
    transport
        On its way.
    return_share
        Share of reviews that send the case back [1].
    answer_hours
        Until a question is answered, on average.
    free_share
        Share of slots in which one attendee is free [1].
    """

    dispatch: Law
    transport: Law
    return_share: Number
    answer_hours: Number
    free_share: Number

    def __post_init__(self) -> None:
        back, free = self.return_share, self.free_share
        if not np.all(np.greater_equal(back, 0) & np.less(back, 1)):
            raise UsageError(f"return_share is {np.max(back):g}; expected 0 or more, below 1")
        if not np.all(np.greater(free, 0) & np.less_equal(free, 1)):
            raise UsageError(f"free_share is {np.min(free):g}; expected above 0, at most 1")


@dataclass(frozen=True)
class Mechanisms:
    """The numbers behind every wait, and which tier holds between which agencies.

    day_hours
        Working hours in a day.
    attention
        A document that has arrived lies until it is opened.
    sign_off
        A signed task waits for the next session.
    registration
        At each hand-off between agencies.
    mending
        From a return's arrival at its sender until it is ready again.
    questions
        Questions per hand-off, on average.
    slots_per_day
        Times at which a meeting could begin.
    tiers
        By name, from near to far; an agency is as near as can be to itself.
    nearness
        The tier of two agencies, in either order.
    """

    day_hours: Number
    attention: Law
    sign_off: Law
    registration: Law
    mending: Law
    questions: Number
    slots_per_day: Number
    tiers: Mapping[str, Tier]
    nearness: Mapping[tuple[str, str], str]

    def __post_init__(self) -> None:
        for (one, other), name in self.nearness.items():
            if name not in self.tiers:
                raise UsageError(
                    f"'{one}' and '{other}' are of tier '{name}', which is not given. "
                    f"{did_you_mean(name, self.tiers)}"
                )
            turned = self.nearness.get((other, one), name)
            if turned != name:
                raise UsageError(
                    f"'{one}' and '{other}' are of tier '{name}' in one order and of tier "
                    f"'{turned}' in the other; give the pair once"
                )

    def tier(self, *agencies: str) -> Tier:
        """The tier of the first agency and the farthest of the others."""
        order = list(self.tiers)
        places = [0, *(order.index(self._name(agencies[0], other)) for other in agencies[1:])]
        return self.tiers[order[max(places)]]

    def _name(self, one: str, other: str) -> str:
        if one == other:
            return next(iter(self.tiers))
        found = self.nearness.get((one, other)) or self.nearness.get((other, one))
        if found is None:
            raise UsageError(
                f"nothing says how near '{one}' and '{other}' sit; add the pair to nearness"
            )
        return found
