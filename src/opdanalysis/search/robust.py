"""Which of several good plans to choose when the numbers are uncertain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.experiment.run import every_draw
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.search.best_plan import BestPlan, plan_of
from opdanalysis.search.objective import CRITERIA, MEASURED_BY, Objective

WORST = 0.1
"""The share of the draws over which the worst outcomes are averaged."""

ELITE = 12
"""Plans near the best that are held against each other in the full model."""


def elite(best: BestPlan, most: int = ELITE) -> list[Plan]:
    """The best plan and others near it, spread over those that the search met."""
    others = best.solution.alternatives
    chosen = np.unique(np.linspace(0, len(others) - 1, min(most, len(others))).round().astype(int))
    city = best.objective.city
    plans = {city_plan.place(city): city_plan for city_plan in [best.plan]}
    for number in chosen:
        id = f"{best.plan.id}-near-{number}"
        name = {
            "id": f"Rencana lain di dekatnya, nomor {number}",
            "en": f"Another plan near it, number {number}",
        }
        plan = plan_of(city, others[number], id, name)
        plans.setdefault(plan.place(city), plan)
    return list(plans.values())


def robust_choice(objective: Objective, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """How plans do over the draws in the full model, the highest mean first.

    One row per plan. Columns: plan, and of the yearly saving in all criteria `mean`, `cvar` (the
    mean of its worst tenth), p05, p50, p95 [Rp/year] and `chance`, with which it is above zero [1];
    `regret`, the mean of what the best of these plans saves more in the same draw [Rp/year].
    """
    found = every_draw(objective.city, [TODAY, *plans], values, tuple(MEASURED_BY.values()))
    costs = sum(objective.weights[name] * found[MEASURED_BY[name]] for name in CRITERIA)
    saved = costs[:1] - costs[1:]
    worst = np.sort(saved, axis=1)[:, : max(1, round(WORST * saved.shape[1]))]
    low, middle, high = np.quantile(saved, [0.05, 0.5, 0.95], axis=1)
    table = pd.DataFrame(
        {
            "plan": [plan.id for plan in plans],
            "mean": saved.mean(axis=1),
            "cvar": worst.mean(axis=1),
            "p05": low,
            "p50": middle,
            "p95": high,
            "chance": (saved > 0).mean(axis=1),
            "regret": (saved.max(axis=0) - saved).mean(axis=1),
        }
    )
    return table.sort_values(["mean", "plan"], ascending=[False, True], ignore_index=True)
