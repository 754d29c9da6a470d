"""What each plan does to each journey of a citizen, and which of its parts the gain comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.city.entities import Journey
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.methods.lead_time_shares import shapley
from opdanalysis.models.counter_lines import counter_lines
from opdanalysis.models.journey_sides import Sides
from opdanalysis.models.journey_times import journey_times
from opdanalysis.models.journey_visits import Visits
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

MEASURES = {
    "hours": -1,
    "cost": -1,
    "trips": -1,
    "travel_minutes": -1,
    "waiting_minutes": -1,
    "counter_minutes": -1,
    "days": -1,
    "one_visit": 1,
    "within_standard": 1,
}
"""What is told of a journey, and the sign that turns a rise into a gain."""

PLACEMENT_CAUSES = {
    "distance": ("homes",),
    "fewer_trips": ("trips",),
    "lines": ("counters",),
    "together": ("desks",),
}
"""Causes that lie in who sits where, by the part of a journey that they change."""

LEVER_CAUSES = {
    "delegation": "delegated_authority_share",
    "letters": "electronic_letters_share",
    "pooling": "pooled_counters",
    "mobile": "mobile_service_share",
}
"""Causes that are levers."""

SETTLING = "settling"
"""Movers who are slower while they settle in."""

CAUSES = (*PLACEMENT_CAUSES, *LEVER_CAUSES, SETTLING)

POINTS = ["p05", "p50", "p95"]


def journey_changes(
    city: City, plans: Sequence[Plan], values: Values, measures: Sequence[str] = tuple(MEASURES)
) -> pd.DataFrame:
    """What each journey takes under each plan, and the gain against today.

    One row per plan, journey and measure. Columns: plan, journey, measure, today and plan_level
    (medians), and p05, p50 and p95 of the gain, positive where the plan is better. A journey
    without a promised time has no row `within_standard`.
    """
    rows = []
    for plan in plans:
        sides = Sides.all_of(plan.place(city))
        blocks: list[tuple[Any, Any]] = []
        for block in values.blocks(BLOCK):
            chosen = block.with_numbers(plan.levers)
            blocks.append(
                (
                    journey_times(city, Sides.all_of(city.today), block, block),
                    journey_times(city, sides, chosen, block),
                )
            )
        for measure in measures:
            today, later = (
                np.concatenate([getattr(pair[side], measure) for pair in blocks]) for side in (0, 1)
            )
            gain = MEASURES[measure] * (later - today) + 0.0
            points = np.quantile(gain, RANGE, axis=0).T
            for at, journey in enumerate(city.journeys):
                levels = (np.median(today[:, at]), np.median(later[:, at]))
                rows.append((plan.id, journey.id, measure, *levels, *points[at]))
    table = pd.DataFrame(
        rows, columns=["plan", "journey", "measure", "today", "plan_level", *POINTS]
    )
    return table.dropna(subset=["today"], ignore_index=True)


def gain_split(city: City, plan: Plan, values: Values, measure: str) -> pd.DataFrame:
    """Which causes the gain of a plan comes from, over all cases of a year: `hours` or `days`.

    One row per cause that the plan changes, and one `all`: their sum, in the same draw. Columns:
    cause, and p05, p50, p95 and mean of the gain, positive where the plan is better, in hours of
    all citizens a year [hour/year] or in working days of a mean case [day]. Causes act on each
    other; each has its average over all orders in which they could come (Shapley 1953).

    `settling` is the loss in a year in which movers are not yet settled; later it is gone.
    """
    causes = causes_of(city, plan)
    parts: dict[str, list[Any]] = {cause: [] for cause in causes}
    placement = plan.place(city)
    for block in values.blocks(BLOCK):

        def worth(on: frozenset[str], block: Values = block) -> Any:
            return -_total(city, placement, plan, block, on, measure)

        for cause, gain in shapley(causes, worth).items():
            parts[cause].append(gain)
    found = {cause: np.concatenate(gains) for cause, gains in parts.items()}
    found["all"] = sum(found.values(), np.zeros(values.draws or 1))
    rows = [(cause, *np.quantile(gain, RANGE), gain.mean()) for cause, gain in found.items()]
    return pd.DataFrame(rows, columns=["cause", *POINTS, "mean"])


def causes_of(city: City, plan: Plan) -> list[str]:
    """The causes through which a plan can change a journey."""
    placement = plan.place(city)
    moves = bool(city.today.movers(placement))
    found = list(PLACEMENT_CAUSES) if moves else []
    found += [cause for cause, lever in LEVER_CAUSES.items() if lever in plan.levers]
    if counter_lines(city, placement).moved.any():
        found.append(SETTLING)
    return found


def _total(
    city: City, placement: Any, plan: Plan, block: Values, on: frozenset[str], measure: str
) -> Any:
    """Hours of all citizens in a year, or working days of a mean case, with some causes on."""
    levers = {
        lever: plan.levers[lever]
        for cause, lever in LEVER_CAUSES.items()
        if cause in on and lever in plan.levers
    }
    parts = {
        part: placement
        for cause, parts in PLACEMENT_CAUSES.items()
        if cause in on
        for part in parts
    }
    sides = replace(Sides.all_of(city.today), **parts)
    chosen, cases = block.with_numbers(levers), block["journey_cases"]
    if measure == "days":
        days = journey_times(city, sides, chosen, block).days
        return np.vecdot(cases, days) / cases.sum(axis=-1)
    hours = journey_times(city, sides, chosen, block).hours
    if SETTLING in on:
        # Who moved is slower, whether or not the lines of the new place are counted already.
        after = Visits(city, Sides.all_of(placement), chosen, block)
        hours = hours + (after.settling_waiting - after.waiting) / 60
    return np.vecdot(cases, hours)


def changed_most(changes: pd.DataFrame, city: City, plan: str, measure: str = "days") -> Journey:
    """The journey whose median changes most under a plan, of those that pass between agencies."""
    rows = changes[(changes["plan"] == plan) & (changes["measure"] == measure)]
    several = {
        journey.id
        for journey in city.journeys
        if any(city.service(id).hand_offs for id in journey.services)
    }
    rows = rows[rows["journey"].isin(several)] if several else rows
    chosen = rows.loc[rows["p50"].abs().idxmax(), "journey"]
    return next(journey for journey in city.journeys if journey.id == chosen)
