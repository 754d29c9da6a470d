"""What kind of rupiah a saving is: cash avoided, moved, avoided in future, or notional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from opdanalysis.models.operating_cost import LINES
from opdanalysis.parameters.values import Values

KINDS = ("cash", "moved", "future", "notional")

PEOPLE_LINES = ("cleaning", "security", "attendants")
REPAIR_LINES = ("upkeep", "equipment")


def saving_kinds(
    saved: Mapping[str, Any], held: Mapping[str, Any], values: Values
) -> dict[str, Any]:
    """The saving of each line, split into four kinds [Rp/year]; the four add up to the whole.

    cash
        Money that leaves the budget: bills, rents and contracts. Whatever a plan adds is cash too.
    moved
        Guards, cleaners and attendants who are freed but stay in the city's pay.
    future
        Repairs that the norm allows but that were not yet being paid for.
    notional
        Allowances for daily needs that fall on paper.

    `saved` holds for each line today's cost less the plan's, `held` the parts of holding vacated
    buildings, `(n_draws,)` or floats. Guards and repairs of an empty building are set against the
    guards and repairs that were freed, before these are split.
    """
    people = sum(saved[line] for line in PEOPLE_LINES) - held["people"]
    repairs = sum(saved[line] for line in REPAIR_LINES) - held["repairs"]
    allowances = saved["routine_needs"]
    moved = (1 - values["freed_people_leave_share"]) * np.maximum(people, 0)
    future = (1 - values["repair_paid_share"]) * np.maximum(repairs, 0)
    whole = sum(saved[line] for line in LINES)
    return {
        "cash": whole - moved - future - allowances,
        "moved": moved,
        "future": future,
        "notional": allowances,
    }
