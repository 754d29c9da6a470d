"""How long a case takes between agencies [working hour], by mean and variance, for many draws.

The mechanisms and their laws are those of `methods/lead_time`; there are no simulations and no
grid. Steps one after the other add up exactly; of steps beside each other the longest counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.methods.longest_lognormal import longest_lognormal
from opdanalysis.models.desk_legs import INSIDE, NONE, WAYS, Legs, legs_of
from opdanalysis.parameters.values import Values

PAPER, ELECTRONIC = "paper", "electronic"
LETTERS = (PAPER, ELECTRONIC)

SURE = frozenset({"dispatch", "transport"})
"""Mechanisms that surely depend on where agencies sit."""

POSSIBLE = SURE | {"clarification", "rework", "meeting"}
"""All mechanisms that may."""

LETTER_NUMBERS = frozenset(
    {
        "attention_hours",
        "attention_electronic_ratio",
        "sign_off_sessions",
        "sign_off_gap_cv",
        "dispatches_per_year",
        "working_days",
        "working_hours_per_day",
        "dispatch_gap_cv",
        "site_dispatch_ratio",
        "building_dispatch_ratio",
        "registration_hours",
        "registration_electronic_ratio",
        "return_share",
        "mending_hours",
        "clarification_share",
        "answer_hours",
        "together_return_change",
        "together_answer_change",
        "together_free_change",
        "together_site_share",
        "joint_meeting_share",
        "meeting_attendees",
        "meeting_slots",
        "free_slot_share",
        "desk_work_cv",
        "touch_hours",
        "share_at_group",
        "population",
        "road_detour_factor",
        "travel_speed",
    }
)
"""The numbers that the time between agencies is made of, besides the levers."""


@dataclass(frozen=True, eq=False)
class Times:
    """Mean [hour] and variance [hour^2] of times."""

    mean: Any
    variance: Any

    def __add__(self, other: Times) -> Times:
        return Times(self.mean + other.mean, self.variance + other.variance)

    def at(self, places: Any) -> Times:
        """The times of some entries of the last axis."""
        return Times(self.mean[..., places], self.variance[..., places])


def mixed(share: Any, one: Times, other: Times) -> Times:
    """The first in a share of cases [1], the second in the others."""
    mean = share * one.mean + (1 - share) * other.mean
    apart = share * (1 - share) * (one.mean - other.mean) ** 2
    return Times(mean, share * one.variance + (1 - share) * other.variance + apart)


def desk_times(city: City, placement: Placement, values: Values) -> Times:
    """Time of a case of each service between its counters [hour], `(..., n_services)`.

    Under the shares of electronic letters and of delegated authority.
    """
    v, legs = values.beside_entities(), legs_of(city, placement)
    paper, electronic = (way_times(city, legs, values, letters) for letters in LETTERS)
    both = mixed(v["electronic_letters_share"], electronic, paper)
    full, delegated = both.at(np.s_[:: len(WAYS)]), both.at(np.s_[1 :: len(WAYS)])
    return mixed(v["delegated_authority_share"], delegated, full)


def way_times(
    city: City,
    legs: Legs,
    values: Values,
    letters: str,
    without: Collection[str] = (),
) -> Times:
    """Time of a case on each way of each service [hour], `(..., n_services x 2)`.

    All letters on paper, or all electronic; `without` names mechanisms that take no time.
    """
    key = ("way times", legs, letters, tuple(sorted(without)))
    return values.once(
        key, lambda: _way_times(leg_times(city, legs, values, letters, without)), LETTER_NUMBERS
    )


@dataclass(frozen=True, eq=False)
class LegTimes:
    """The parts of each leg `(..., n_legs)`, its share of cases [1], and the meetings of groups.

    What a return costs on top of the parts of the first pass is `rework`.
    """

    legs: Legs
    weights: Any
    parts: dict[str, Times]
    meetings: tuple[Times, ...]

    @property
    def total(self) -> Times:
        """Time of each leg."""
        return sum(self.parts.values(), Times(0.0, 0.0))


def leg_times(
    city: City, legs: Legs, values: Values, letters: str, without: Collection[str] = ()
) -> LegTimes:
    """The parts of every leg with letters on paper or electronic [hour]."""
    v = values.beside_entities()
    tier = _Tiers(values, letters, without)
    handed = legs.nearness != INSIDE
    near = np.where(handed, legs.nearness, 0)
    onward = legs.onward_nearness != INSIDE
    onward_near = np.where(onward, legs.onward_nearness, 0)

    def twice(of_tier: Times) -> Times:
        """The same at the hand-off before a leg and at the one after it."""
        before, after = of_tier.at(near), of_tier.at(onward_near)
        return Times(
            before.mean * handed + after.mean * onward,
            before.variance * handed + after.variance * onward,
        )

    km = legs.km * handed + legs.onward_km * onward
    touch = _touch(city, legs, values)
    opened = legs.opened.astype(float)
    carried = Times(
        tier.carry.mean[..., near] * handed + tier.hours_per_km * legs.km * handed,
        tier.carry.variance[..., near] * handed,
    )
    first = Times(
        touch + (tier.attention.mean + tier.sign_off.mean) * opened,
        (touch * v["desk_work_cv"]) ** 2
        + (tier.attention.variance + tier.sign_off.variance) * opened,
    )
    again = Times(
        2 * carried.mean + v["mending_hours"] + first.mean,
        2 * carried.variance + v["mending_hours"] ** 2 + first.variance,
    )
    back = tier.returned[..., near] * (handed & legs.opened)
    odds = back / (1 - back)
    parts = {
        "dispatch": twice(tier.dispatch),
        "transport": Times(tier.hours_per_km * km, 0.0 * km),
        "registration": twice(tier.registration),
        "clarification": twice(tier.clarification),
        "attention": Times(tier.attention.mean * opened, tier.attention.variance * opened),
        "touch": Times(touch, (touch * v["desk_work_cv"]) ** 2),
        "sign_off": Times(tier.sign_off.mean * opened, tier.sign_off.variance * opened),
        "rework": Times(
            odds * again.mean, odds * again.variance + odds * (1 + odds) * again.mean**2
        ),
    }
    meetings = tuple(tier.meeting.at(max(group.nearness, 0)) for group in legs.meetings)
    return LegTimes(legs, _weights(legs, values), parts, meetings)


def _way_times(times: LegTimes) -> Times:
    """The legs put together: alternatives mixed, then added up, of groups the longest."""
    legs, total = times.legs, times.total
    kept = times.weights * legs.in_series
    starts = np.flatnonzero(np.diff(legs.place, prepend=-1))
    steps = legs.step_starts
    mean = np.add.reduceat(kept * total.mean, steps, axis=-1)
    square = np.add.reduceat(kept * (total.variance + total.mean**2), steps, axis=-1)
    firsts = np.searchsorted(steps, starts)
    summed = np.add.reduceat(mean, firsts, axis=-1)
    spread = np.add.reduceat(square - mean**2, firsts, axis=-1)
    for group, meeting in zip(legs.meetings, times.meetings, strict=True):
        members = list(group.legs)
        longest, apart = longest_lognormal(total.mean[..., members], total.variance[..., members])
        summed[..., group.place] += longest + meeting.mean
        spread[..., group.place] += apart + meeting.variance
    return Times(summed, spread)


def _weights(legs: Legs, values: Values) -> Any:
    """Share of the cases of a service that take each leg [1]."""
    split = legs.weight_column != NONE
    if not split.any():
        return np.ones(len(split))
    at_units = values["share_at_group"][..., np.where(split, legs.weight_column, 0)]
    people = values["population"]
    part = (people @ legs.residents) / people.sum(axis=-1)[..., None]
    return np.where(split, np.where(legs.of_units, at_units * part, 1 - at_units), 1.0)


def _touch(city: City, legs: Legs, values: Values) -> Any:
    """Hours of work at each leg."""
    worked = legs.touch != NONE
    if not city.desk_steps:
        return np.zeros(len(worked))
    return values["touch_hours"][..., np.where(worked, legs.touch, 0)] * worked


class _Tiers:
    """The laws of each mechanism by how near two agencies sit, `(..., 3)`, or for all."""

    def __init__(self, values: Values, letters: str, without: Collection[str]) -> None:
        electronic = letters == ELECTRONIC
        v, off = values, frozenset(without)
        day = v["working_hours_per_day"]
        on_paper = 0.0 if electronic else 1.0

        def times(mechanism: str, mean: Any, variance: Any) -> Times:
            return Times(0.0 * mean, 0.0 * mean) if mechanism in off else Times(mean, variance)

        rounds = v["dispatches_per_year"] / v["working_days"]
        on_site = rounds * v["site_dispatch_ratio"]
        gaps = _beside(day / rounds, day / on_site, day / (on_site * v["building_dispatch_ratio"]))
        near = _beside(0.0, v["together_site_share"], 1.0)
        dispatch = _wait_for_next(gaps * on_paper, _beside(v["dispatch_gap_cv"]))
        self.dispatch = times("dispatch", dispatch.mean, dispatch.variance)
        ratio = v["registration_electronic_ratio"] if electronic else 1.0
        entry = _beside(v["registration_hours"] * ratio) + 0.0 * near
        self.registration = times("registration", entry, entry**2)
        self.carry = self.dispatch + self.registration
        self.hours_per_km = _beside(
            0.0 * v["travel_speed"]
            if electronic or "transport" in off
            else v["road_detour_factor"] / v["travel_speed"]
        )
        ratio = v["attention_electronic_ratio"] if electronic else 1.0
        lying = _beside(v["attention_hours"] * ratio)
        self.attention = times("attention", lying, lying**2)
        sessions = _wait_for_next(
            _beside(day / v["sign_off_sessions"]), _beside(v["sign_off_gap_cv"])
        )
        self.sign_off = times("sign_off", sessions.mean, sessions.variance)
        questions = _beside(v["clarification_share"])
        answer = _beside(v["answer_hours"]) * (1 + _beside(v["together_answer_change"]) * near)
        asked = questions * answer
        self.clarification = times(
            "clarification", asked, 2 * questions * (1 + questions) * answer**2 - asked**2
        )
        returned = _beside(v["return_share"]) * (1 + _beside(v["together_return_change"]) * near)
        self.returned = 0.0 * returned if "rework" in off else returned
        self.meeting = self._meeting(values, near, times)

    @staticmethod
    def _meeting(v: Values, near: Any, times: Any) -> Times:
        """Until all who must meet are free, for the share of cases that need it."""
        free = _beside(v["free_slot_share"]) + _beside(v["together_free_change"]) * near
        chance = free ** _beside(v["meeting_attendees"])
        slot = _beside(v["working_hours_per_day"] / v["meeting_slots"])
        share = _beside(v["joint_meeting_share"])
        mean = share * slot / chance
        square = share * slot**2 * (2 - chance) / chance**2
        return times("meeting", mean, square - mean**2)


def _wait_for_next(gap: Any, gap_cv: Any) -> Times:
    """From any instant to the next of events with this mean gap and spread (gamma)."""
    uneven = gap_cv**2
    mean = gap / 2 * (1 + uneven)
    return Times(mean, gap**2 * (1 + uneven) * (1 + 2 * uneven) / 3 - mean**2)


def _beside(*numbers: Any) -> Any:
    """Numbers for all, side by side: `(..., n)`."""
    return np.stack(np.broadcast_arrays(*numbers), axis=-1)
