"""What kind of rupiah a saving is: cash avoided, moved, avoided in future, or notional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opdanalysis.models.operating_cost import LINES
from opdanalysis.parameters.values import Values

KINDS = ("cash", "moved", "future", "notional")

PEOPLE_LINES = ("cleaning", "security", "attendants")
REPAIR_LINES = ("upkeep", "equipment")


def saving_kinds(saved: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """The saving of each line, split into four kinds [Rp/year]; the four add up to the whole.

    cash
        Money that leaves the budget: bills, rents and contracts; holding an empty building counts
        against it.
    moved
        Guards, cleaners and attendants who are freed but stay in the city's pay.
    future
        Repairs that the norm allows but that were not yet being paid for.
    notional
        Allowances for daily needs that fall on paper.

    `saved` holds for each line today's cost less the plan's, `(n_draws,)` or floats.
    """
    leaving = values["freed_people_leave_share"]
    paid = values["repair_paid_share"]
    people = sum(saved[line] for line in PEOPLE_LINES)
    repairs = sum(saved[line] for line in REPAIR_LINES)
    allowances = saved["routine_needs"]
    bills = sum(saved[line] for line in LINES) - people - repairs - allowances
    return {
        "cash": bills + leaving * people + paid * repairs,
        "moved": (1 - leaving) * people,
        "future": (1 - paid) * repairs,
        "notional": allowances,
    }
