"""Every building that a plan leaves: its fate, the rule that decided, what it costs and brings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.asset_income import building_income
from opdanalysis.models.building_use import use_today
from opdanalysis.models.holding_cost import holding_cost
from opdanalysis.models.present_value import real_rate
from opdanalysis.models.relocation import relocation
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

Floats = NDArray[np.float64]


def vacated_buildings(city: City, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """One row per plan and building that it leaves.

    Columns: plan, building, fate, rule (empty where the plan itself says the fate), reason_id and
    reason_en, and the p05, p50 and p95 of its yearly holding cost and of what it brings in a year
    [Rp/year], a price counted by its yearly yield.
    """
    rows = []
    for plan in plans:
        situation = plan.situation(city)
        left = relocation(city, situation).vacated
        if not len(left):
            continue
        blocks = [_of_block(city, situation, left, block) for block in values.blocks(BLOCK)]
        held, brought = (
            np.quantile(np.concatenate(parts), RANGE, axis=0) for parts in zip(*blocks, strict=True)
        )
        for column, place in enumerate(left):
            building = city.buildings[place].id
            rule = plan.rule_of(city, building, situation.placement)
            reason = rule.reason if rule else {}
            rows.append(
                (
                    plan.id,
                    building,
                    situation.fates[building],
                    rule.id if rule else "",
                    reason.get("id", ""),
                    reason.get("en", ""),
                    *held[:, column],
                    *brought[:, column],
                )
            )
    points = ("p05", "p50", "p95")
    columns = [*(f"holding_{p}" for p in points), *(f"income_{p}" for p in points)]
    named = ["plan", "building", "fate", "rule", "reason_id", "reason_en"]
    return pd.DataFrame(rows, columns=[*named, *columns])


def _of_block(
    city: City, situation: Situation, left: NDArray[np.intp], block: Values
) -> tuple[Floats, Floats]:
    """Holding cost and income of the buildings left, each `(n_draws, n_vacated)`."""
    ids = [city.buildings[place].id for place in left]
    held = holding_cost(use_today(city, block), ids, situation.fates)[..., left]
    income = building_income(city, situation, block)
    rate = real_rate(block.beside_entities())
    return held, income["rent"] + income["contribution"] + income["sale"] * rate
