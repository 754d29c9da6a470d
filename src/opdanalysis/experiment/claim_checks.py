"""Rough sums beside a claimed saving: how many buildings, how much of today's cost, what became of
promises elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.claims import is_saving, testable
from opdanalysis.experiment.result import RANGE, Result
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.sampling import quantiles_of
from opdanalysis.parameters.values import Values
from opdanalysis.plans.claim import Claim
from opdanalysis.plans.plan import TODAY

CHECKS = ("buildings_needed", "buildings_left", "share_of_today", "usually_realised")
"""What is held beside a claimed saving."""


def saving_checks(
    city: City,
    result: Result,
    claims: Sequence[Claim],
    values: Values,
    realised: tuple[float, float, float],
) -> pd.DataFrame:
    """One row per claim that names a saving, and check: p05, p50, p95 and unit.

    buildings_needed
        Vacated buildings that would bring the amount, at a judged cost of each and the part of it
        that is really avoided [building]; nothing here comes from the models.
    buildings_left
        Buildings of that kind, by their floor area, that the claim's plan leaves [building].
    share_of_today
        The amount as a share of what its cost lines come to today in the whole city [1].
    usually_realised
        What a promise of that amount became in the few programmes elsewhere that were followed up:
        by
        `realised`, the least, the usual and the largest part of a promise [Rp/year].
    """
    rows = []
    each = values["vacated_building_cost"] * values["avoidable_share"]
    for claim in filter(is_saving, testable(result, claims)):
        test = claim.test
        assert test is not None
        plan = next(plan for plan in result.plans if plan.id == test.plan)
        places = [city.building_order[id] for id in city.today.vacated(plan.place(city))]
        large = values["floor_area_m2"][:, places] >= values["agency_building_area"][:, None]
        today = sum(result.level(outcome, TODAY.id) for outcome in _costs(test.outcomes))
        found = {
            "buildings_needed": (test.amount / each, "building"),
            "buildings_left": (large.sum(axis=1), "building"),
            "share_of_today": (test.amount / today, "1"),
        }
        rows += [
            (claim.id, check, *np.quantile(numbers, RANGE), unit)
            for check, (numbers, unit) in found.items()
        ]
        promised = (test.amount * part for part in realised)
        rows.append((claim.id, "usually_realised", *promised, "Rp/year"))
    return pd.DataFrame(rows, columns=["claim", "check", "p05", "p50", "p95", "unit"])


def _costs(outcomes: Sequence[str]) -> Sequence[str]:
    """The cost behind a meaning of saving; that of the buildings where it is no cost line."""
    return outcomes if all("cost" in outcome for outcome in outcomes) else ("operating_cost",)


def realised_parts(book: ParameterBook) -> tuple[float, float, float]:
    """What part of promised savings came about: the least, the usual and the largest [1]."""
    parameter = book["realised_share"]
    low, high = quantiles_of(parameter, np.array([0.0, 1.0]))
    return float(low), float(book.central()["realised_share"]), float(high)
