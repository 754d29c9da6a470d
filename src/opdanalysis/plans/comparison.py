"""Plans side by side: who moves where, and which buildings are left."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.plans.plan import Plan


def moves_table(city: City, plans: Sequence[Plan]) -> pd.DataFrame:
    """One row per agency that moves under some plan: its building today and under each plan.

    Columns are `today` and the plans' ids; an empty cell means that the agency stays.
    """
    rows = {}
    placements = {plan.id: plan.place(city) for plan in plans if plan.status != "today"}
    for agency in city.agencies:
        home = city.today[agency.id]
        row = {
            plan: (placement[agency.id] if placement[agency.id] != home else "")
            for plan, placement in placements.items()
        }
        if any(row.values()):
            rows[agency.id] = {"today": home, **row}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["today", *placements])


def plan_summary(city: City, plans: Sequence[Plan]) -> pd.DataFrame:
    """One row per plan: date, status, agencies that move, buildings left, newly used and in use."""
    rows = []
    for plan in plans:
        placement = plan.place(city)
        rows.append(
            {
                "plan": plan.id,
                "date": plan.date or city.as_of,
                "status": plan.status,
                "movers": len(city.today.movers(placement)),
                "vacated": len(city.today.vacated(placement)),
                "newly_used": len(placement.vacated(city.today)),
                "in_use": len(placement.occupied),
            }
        )
    return pd.DataFrame(rows).set_index("plan")
