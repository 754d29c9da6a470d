"""Good plans under different wishes: few moves, close coordination, near counters, least cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.search.best_plan import BestPlan, best_plan
from opdanalysis.search.objective import CRITERIA, Objective
from opdanalysis.search.rooms import has_room
from opdanalysis.search.rules import Rules
from opdanalysis.search.solution import priced_contacts

GIVEN, LIMIT, WISH = "given", "limit", "wish"
"""Kinds of plan in the table: proposed, found for a number of moves, and found for a wish."""

MOVES = (1, 3, 5, 10, 20, 40)
"""Numbers of moves to which a plan is limited along the frontier."""


@dataclass(frozen=True)
class Wish:
    """What a plan of the frontier is made for: how many moves, and what counts how much."""

    id: str
    name: Mapping[str, str]
    weights: Mapping[str, float]
    max_moves: int | None = None


CONTACTS_ALONE = {"cost": 0.0, "coordination": 1.0, "access": 0.0}
"""Weights with which nothing but the contacts of agencies counts."""

ONLY_COORDINATION = "best-coordination"
"""The plan found with those weights."""

WISHES = (
    Wish(
        ONLY_COORDINATION,
        {"id": "Hanya koordinasi yang dihitung", "en": "Only coordination counted"},
        CONTACTS_ALONE,
    ),
    Wish(
        "best-access",
        {"id": "Akses warga dihitung 5 kali", "en": "Access counted 5 times"},
        {"access": 5.0},
    ),
)
"""Plans that weigh one criterion more than a rupiah for a rupiah."""


def frontier(
    objective: Objective,
    rules: Rules,
    moves: Sequence[int] = MOVES,
    wishes: Sequence[Wish] = WISHES,
    seconds: float = 20.0,
    iterations: int | None = None,
    seed: int = 0,
) -> list[BestPlan]:
    """Plans with at most so many moves each, one without a limit, and one for each wish.

    `seconds` are for each plan; with `iterations` no clock is read. More moves never cost more: a
    plan found for fewer moves is kept where the search for more found nothing better. A limit is
    left out where it moves no more than the one before.
    """
    contacts = priced_contacts(objective, rules, seconds, iterations)
    found: list[BestPlan] = []
    for limit in (*sorted(moves), None):
        one = best_plan(objective, rules, limit, seconds, iterations, seed, contacts)
        known = found[-1] if found else None
        if known and known.solution.value < one.solution.value:
            kept = replace(one.solution, sites=known.solution.sites, value=known.solution.value)
            one = replace(one, plan=replace(known.plan, id=one.plan.id, name=one.plan.name))
            one = replace(one, solution=kept)
        fewer = known.moves if known else 0
        if limit is None or one.moves > fewer:
            found.append(one)
    for wish in wishes:
        weighed = objective.weighted(**wish.weights)
        one = best_plan(weighed, rules, wish.max_moves, seconds, iterations, seed, contacts)
        found.append(replace(one, plan=replace(one.plan, id=wish.id, name=wish.name)))
    return found


def frontier_table(
    objective: Objective,
    found: Sequence[BestPlan],
    given: Sequence[Plan],
    values: Values,
    parking: bool,
) -> pd.DataFrame:
    """One row per plan, today first, then the plans given, then those found.

    Columns: plan, kind ("today", "given", "limit" or "wish"), moves, buildings; the saving against
    today in each criterion and in `total` [Rp/year], by the objective; `gap` [1] of those found;
    `fits`, whether every building that receives somebody has room; and `efficient`: no other plan
    that fits is as good in all criteria and moves and better in one. `values` are floats, and
    `parking` says whether stalls count. A plan's levers are left out.
    """
    city = objective.city
    today = objective.parts(city.today)
    rows = []
    gaps = {one.plan.id: one.solution.gap for one in found}
    kinds = {plan.id: GIVEN for plan in given} | {TODAY.id: TODAY.id}
    for one in found:
        plain = all(weight == 1 for weight in one.objective.weights.values())
        kinds[one.plan.id] = LIMIT if plain else WISH
    for plan in (TODAY, *given, *(one.plan for one in found)):
        placement = plan.place(city)
        parts = objective.parts(placement)
        saved = {name: today[name] - parts[name] for name in CRITERIA}
        rows.append(
            {
                "plan": plan.id,
                "kind": kinds[plan.id],
                "moves": len(city.today.movers(placement)),
                "buildings": len(placement.occupied),
                **saved,
                "total": sum(saved.values()),
                "gap": gaps.get(plan.id, np.nan),
                "fits": has_room(city, placement, values, parking),
            }
        )
    table = pd.DataFrame(rows)
    table["efficient"] = _efficient(table)
    return table


def _efficient(table: pd.DataFrame) -> list[bool]:
    """Whether no other plan that fits is at least as good in everything and better in something."""
    good = table[list(CRITERIA)].assign(moves=-table["moves"]).to_numpy(dtype=float)
    fits = table["fits"].to_numpy()
    return [
        bool(fits[row])
        and not any(
            (other >= one).all() and (other > one).any()
            for other, ok in zip(good, fits, strict=True)
            if ok
        )
        for row, one in enumerate(good)
    ]
