"""The best plan of a city that is found, how good it is, and what the full model says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import every_draw
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Cluster, Move, Plan
from opdanalysis.search.contact_prices import ContactPrices
from opdanalysis.search.objective import CRITERIA, MEASURED_BY, Objective
from opdanalysis.search.rules import Rules
from opdanalysis.search.solution import Solution, solved


@dataclass(frozen=True, eq=False)
class BestPlan:
    """A plan that was found, with the objective it was found by and its bound."""

    plan: Plan
    objective: Objective
    solution: Solution
    max_moves: int | None

    @cached_property
    def placement(self) -> Placement:
        """Who sits where under the plan."""
        return placed(self.objective.city, self.solution.sites)

    @cached_property
    def parts(self) -> dict[str, float]:
        """Each criterion of the plan by the objective [Rp/year]."""
        return self.objective.parts(self.placement)

    @property
    def moves(self) -> int:
        """How many agencies the plan moves."""
        return len(self.objective.city.today.movers(self.placement))

    @property
    def saving(self) -> float:
        """What the plan saves against today, weighted [Rp/year]."""
        return self.solution.today - self.solution.value

    @property
    def most(self) -> float:
        """What no plan can save more than, weighted [Rp/year]."""
        return self.solution.today - self.solution.lower_bound


def best_plan(
    objective: Objective,
    rules: Rules,
    max_moves: int | None = None,
    seconds: float = 20.0,
    iterations: int | None = None,
    seed: int = 0,
    contacts: ContactPrices | None = None,
) -> BestPlan:
    """The best plan found with at most `max_moves` agencies moved, and how good it is.

    `seconds`, `iterations`, `seed` and `contacts` are those of `solution.solved`.
    """
    found = solved(objective, rules, max_moves, seconds, iterations, seed, contacts)
    id = "best" if max_moves is None else f"best-{max_moves}-moves"
    return BestPlan(
        plan_of(objective.city, found.sites, id, best_name(max_moves)), objective, found, max_moves
    )


def best_name(max_moves: int | None) -> dict[str, str]:
    """The name of a plan that was found, by language."""
    if max_moves is None:
        return {"id": "Rencana terbaik yang ditemukan", "en": "Best plan found"}
    return {
        "id": f"Rencana terbaik yang ditemukan, perpindahan: paling banyak {max_moves}",
        "en": f"Best plan found, moves: at most {max_moves}",
    }


def placed(city: City, sites: NDArray[np.intp]) -> Placement:
    """The placement in which agencies sit in the buildings of these numbers."""
    return city.today.moved(
        {
            agency.id: city.buildings[site].id
            for agency, site in zip(city.agencies, sites, strict=True)
            if city.today[agency.id] != city.buildings[site].id
        }
    )


def plan_of(city: City, sites: NDArray[np.intp], id: str, name: Mapping[str, str]) -> Plan:
    """A placement as a plan: one cluster for each building that receives agencies.

    It bears the date of the city's data, for it begins with today.
    """
    later = placed(city, sites)
    movers = city.today.movers(later)
    clusters = []
    for building in city.buildings:
        agencies = tuple(agency for agency in movers if later[agency] == building.id)
        if agencies:
            names = {"id": building.name, "en": building.name_en}
            clusters.append(Cluster(building.id, names, (Move(building.id, agencies),)))
    return Plan(id=id, name=name, status="rival", date=city.as_of, clusters=tuple(clusters))


def checked(objective: Objective, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """What plans save against today, by the objective and by the full model [Rp/year].

    One row per plan. Columns: plan, moves, buildings (in use); for each criterion and `total` the
    saving by the objective and, with `_model`, the mean of the full model; `total_p05`, `total_p50`
    and `total_p95` of the model; `error`, objective less model.
    """
    city = objective.city
    everyone = [TODAY, *plans]
    found = every_draw(city, everyone, values, tuple(MEASURED_BY.values()))
    saved = {name: found[out][:1] - found[out][1:] for name, out in MEASURED_BY.items()}
    today = objective.parts(city.today)
    rows = []
    for row, plan in enumerate(plans):
        placement = plan.place(city)
        later = objective.parts(placement)
        line = {
            "plan": plan.id,
            "moves": len(city.today.movers(placement)),
            "buildings": len(placement.occupied),
        }
        line |= {name: today[name] - later[name] for name in CRITERIA}
        line["total"] = sum(line[name] for name in CRITERIA)
        line |= {f"{name}_model": float(saved[name][row].mean()) for name in CRITERIA}
        in_all = np.sum([saved[name][row] for name in CRITERIA], axis=0)
        line["total_model"] = float(in_all.mean())
        points = np.quantile(in_all, RANGE)
        line |= dict(zip(("total_p05", "total_p50", "total_p95"), map(float, points), strict=True))
        line["error"] = line["total"] - line["total_model"]
        rows.append(line)
    return pd.DataFrame(rows)
