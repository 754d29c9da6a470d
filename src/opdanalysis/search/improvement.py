"""The best changes to a given plan, one agency at a time, with the gain of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import every_draw
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.search.best_plan import placed, plan_of
from opdanalysis.search.objective import CRITERIA, MEASURED_BY, Objective
from opdanalysis.search.rules import Rules

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Improvement:
    """A plan after some changes, and what each of them gains.

    `steps` has one row per change, in the order in which they are made. Columns: step, agency,
    before, after (buildings), gain by the objective, and gain_p05, gain_p50, gain_p95 and
    gain_model (mean) by the full model against the plan before the change [Rp/year].
    """

    plan: Plan
    steps: pd.DataFrame


def improvement(
    objective: Objective, rules: Rules, plan: Plan, changes: int, values: Values
) -> Improvement:
    """The plan after at most `changes` single changes, each the best at its turn.

    A change puts one agency into another building that the rules allow and that has room. What the
    plan itself does against the rules, or beyond the room, may stay as it is.
    """
    city = objective.city
    sites = np.array(city.places(plan.place(city)))
    allowed = rules.allowed(city)
    allowed[np.arange(len(sites)), sites] = True
    versions, rows = [sites.copy()], []
    for step in range(1, changes + 1):
        gains = single_gains(objective, sites)
        gains[~(allowed & _fits(objective, rules, sites))] = -np.inf
        agency, site = np.unravel_index(gains.argmax(), gains.shape)
        if gains[agency, site] <= 0:
            break
        before, sites = sites, sites.copy()
        sites[agency] = site
        versions.append(sites)
        moved = city.agencies[agency].id, city.buildings[before[agency]].id, city.buildings[site].id
        rows.append((step, *moved, float(gains[agency, site])))
    steps = pd.DataFrame(rows, columns=["step", "agency", "before", "after", "gain"])
    plans = [plan, *(_changed(city, plan, later, n) for n, later in enumerate(versions[1:], 1))]
    found = every_draw(city, plans, values, tuple(MEASURED_BY.values()))
    costs = np.sum([found[MEASURED_BY[name]] for name in CRITERIA], axis=0)
    won = costs[:-1] - costs[1:]
    if len(won):
        steps[["gain_p05", "gain_p50", "gain_p95"]] = np.quantile(won, RANGE, axis=1).T
        steps["gain_model"] = won.mean(axis=1)
    return Improvement(plans[-1], steps)


def single_gains(objective: Objective, sites: NDArray[np.intp]) -> Floats:
    """What is saved when one agency goes to another building, `(n_agencies, n_buildings)`
    [Rp/year]; weighted, and nothing where it sits.
    """
    everyone = np.arange(len(sites))
    flow, opening = objective.flow, objective.weights["cost"] * objective.opening
    both = objective.weights["coordination"] * (flow + flow.T)
    cost = objective.linear + both @ objective.distance[sites]
    tenants = np.bincount(sites, minlength=len(opening))
    closing = np.where(tenants[sites] == 1, opening[sites], 0.0)
    saved = cost[everyone, sites][:, None] - cost + closing[:, None]
    saved -= np.where(tenants == 0, opening, 0.0)
    saved[everyone, sites] = 0.0
    return saved


def _fits(objective: Objective, rules: Rules, sites: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether one agency may go to a building, by room and by pairs that are kept apart."""
    rooms = objective.rooms
    load = np.zeros_like(rooms.capacity)
    np.add.at(load, sites, rooms.demand)
    fits = (load[None] + rooms.demand[:, None] <= rooms.capacity[None] + ROUNDING).all(axis=2)
    for one, other in rules.pairs(objective.city):
        fits[one, sites[other]] = fits[other, sites[one]] = False
    return fits


ROUNDING = 1e-6
"""Room that a sum may be above its limit because of rounding [m2]."""


def _changed(city: City, plan: Plan, sites: NDArray[np.intp], steps: int) -> Plan:
    """The placement as a plan with the levers of the first one, and its fates where they hold."""
    name = {
        "id": f"{plan.name.get('id', plan.id)}, dengan {steps} perubahan",
        "en": f"{plan.name.get('en', plan.id)}, with {steps} changes",
    }
    later = plan_of(city, sites, f"{plan.id}-improved-{steps}", name)
    left = city.today.vacated(placed(city, sites))
    fates = {building: fate for building, fate in plan.fates.items() if building in left}
    return Plan(
        id=later.id,
        name=name,
        status="rival",
        date=later.date,
        clusters=later.clusters,
        levers=plan.levers,
        fates=fates,
    )
