"""The range of everything that the study foretells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE, Result
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.building_use import use_of
from opdanalysis.models.operating_cost import LINES, operating_cost
from opdanalysis.models.parking import Parking
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan
from opdanalysis.plans.prediction import Prediction

Floats = NDArray[np.float64]

COUNTED: Mapping[str, str] = {
    "staff": "person",
    "visits_per_day": "visit/day",
    "cars_at_peak": "stall",
    "motorcycles_at_peak": "stall",
    "electricity_used": "kWh/year",
}
"""What is counted at a building, with its unit: employees, visits on a mean working day, vehicles
at the busiest hour of a busy day, electricity."""


def unit_of(prediction: Prediction) -> str:
    """The unit of what is foretold."""
    if prediction.building is None:
        return OUTCOMES[prediction.quantity].unit
    return COUNTED.get(prediction.quantity, "Rp/year")


def quantities_of(building: str | None) -> tuple[str, ...]:
    """What may be foretold of the city, or of a building."""
    return tuple(OUTCOMES) if building is None else (*LINES, *COUNTED)


def predicted(result: Result, values: Values, predictions: Sequence[Prediction]) -> pd.DataFrame:
    """One row per prediction whose plan is in the result: prediction, unit, p05, p50 and p95.

    Levels under the plan in the first scenario, in prices of one year, with all movers settled;
    `values` are the draws of that scenario.
    """
    plans = {plan.id: plan for plan in result.plans}
    rows = []
    for prediction in predictions:
        if prediction.plan in plans:
            plan = plans[prediction.plan]
            if prediction.building is None:
                numbers = result.level(prediction.quantity, plan.id)
            else:
                place = result.city.building_order[prediction.building]
                numbers = _draws(result.city, plan, values, prediction.quantity, place)
            rows.append((prediction.id, unit_of(prediction), *np.quantile(numbers, RANGE)))
    return pd.DataFrame(rows, columns=["prediction", "unit", "p05", "p50", "p95"])


def _draws(city: City, plan: Plan, values: Values, quantity: str, place: int) -> Floats:
    """A quantity of a building in every draw, `(n_draws,)`."""
    parts = []
    for block in values.blocks(BLOCK):
        chosen = block.with_numbers(plan.levers)
        parts.append(_at_building(city, plan, chosen, quantity, place))
        chosen.forget()
    return np.concatenate(parts)


def _at_building(city: City, plan: Plan, values: Values, quantity: str, place: int) -> Floats:
    """One number of one building, `(n_draws,)`."""
    situation = plan.situation(city)
    if quantity in LINES:
        costs = operating_cost(city, situation.placement, values, situation.fates)
        return np.broadcast_to(costs[quantity], values["floor_area_m2"].shape)[:, place]
    use = use_of(city, situation.placement, values)
    here = np.array([place])
    if quantity == "staff":
        return use.staff[..., place]
    if quantity == "electricity_used":
        return use.electricity_used[..., place]
    if quantity == "visits_per_day":
        return use.visits[..., place] / values["working_days"]
    kind = "car" if quantity == "cars_at_peak" else "motorcycle"
    return Parking(use, here).needed[kind][..., 0]
