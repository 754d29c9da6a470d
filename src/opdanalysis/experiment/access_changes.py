"""Who gets nearer to services and who gets farther, by kelurahan, kecamatan and service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.methods.inequality import weighted_quantile
from opdanalysis.models.access import access_by_kelurahan, access_by_service
from opdanalysis.models.service_points import kecamatan_shares, residents
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

PARTS = (0.1, 0.5, 0.9)
"""Parts of the residents up to which trips are reported, from the nearest on."""

POINTS = ["p05", "p50", "p95"]


def kelurahan_changes(
    city: City, plan: Plan, values: Values, service: str | None = None
) -> pd.DataFrame:
    """Minutes of a trip from each kelurahan, to all counters or for one service.

    One row per kelurahan whose residents make such trips. Columns: kelurahan, kecamatan,
    residents (median) [person], today and plan (medians) [minute], and p05, p50 and p95 of the
    gain [minute], positive where the plan is nearer.
    """
    placement = plan.place(city)

    def of_block(block: Values, chosen: Values) -> tuple[Any, Any]:
        today = access_by_kelurahan(city, city.today, block, service)
        return today, access_by_kelurahan(city, placement, chosen, service)

    today, later = _all_draws(plan, values, of_block)
    people = np.median(residents(city, values), axis=0)
    table = pd.DataFrame(
        {
            "kelurahan": [kelurahan.id for kelurahan in city.kelurahan],
            "kecamatan": [kelurahan.kecamatan for kelurahan in city.kelurahan],
            "residents": people,
            "today": np.median(today, axis=0),
            "plan": np.median(later, axis=0),
        }
    )
    table[POINTS] = np.quantile(today - later, RANGE, axis=0).T
    return table.dropna(subset=["today"], ignore_index=True)


def kecamatan_changes(city: City, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """Gain in the mean trip of the residents of each kecamatan, to all counters [minute].

    One row per plan and kecamatan. Columns: plan, kecamatan, today (median) [minute], and p05, p50
    and p95 of the gain, positive where the plan is nearer.
    """
    shares = kecamatan_shares(city)
    tables = []
    for plan in plans:
        placement = plan.place(city)

        def of_block(block: Values, chosen: Values, placement: Any = placement) -> tuple[Any, Any]:
            today = access_by_kelurahan(city, city.today, block)
            return today @ shares, access_by_kelurahan(city, placement, chosen) @ shares

        today, later = _all_draws(plan, values, of_block)
        table = pd.DataFrame(
            {
                "plan": plan.id,
                "kecamatan": [kecamatan.id for kecamatan in city.kecamatan],
                "today": np.median(today, axis=0),
            }
        )
        table[POINTS] = np.quantile(today - later, RANGE, axis=0).T
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def service_changes(city: City, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """Gain in the mean trip for each service, and for all of them together [minute].

    One row per plan and service, and one with the service `all`. Columns: plan, service, today
    (median) [minute], and p05, p50 and p95 of the gain, positive where the plan is nearer.
    """
    rows = []
    for plan in plans:
        placement = plan.place(city)

        def of_block(block: Values, chosen: Values, placement: Any = placement) -> tuple[Any, Any]:
            today = access_by_service(city, city.today, block)
            later = access_by_service(city, placement, chosen)
            return _side_by_side(today), _side_by_side(later)

        today, later = _all_draws(plan, values, of_block)
        ids = access_by_service(city, city.today, next(values.blocks(1)))
        points = np.quantile(today - later, RANGE, axis=0).T
        medians = np.median(today, axis=0)
        rows += [(plan.id, *row) for row in zip(ids, medians, *points.T, strict=True)]
    return pd.DataFrame(rows, columns=["plan", "service", "today", *POINTS])


def residents_by_minutes(city: City, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """Within how many minutes of their counters the nearest residents live, under each plan.

    One row per plan and part of the residents: a tenth, half, nine tenths. Columns: plan, part
    [1], and p05, p50 and p95 of the minutes of a trip.
    """
    rows = []
    for plan in plans:
        placement = plan.place(city)

        def of_block(block: Values, chosen: Values, placement: Any = placement) -> tuple[Any]:
            minutes = access_by_kelurahan(city, placement, chosen)
            people = residents(city, block)
            return (np.stack([weighted_quantile(minutes, people, p) for p in PARTS], axis=-1),)

        (minutes,) = _all_draws(plan, values, of_block)
        points = np.quantile(minutes, RANGE, axis=0).T
        rows += [(plan.id, part, *of_part) for part, of_part in zip(PARTS, points, strict=True)]
    return pd.DataFrame(rows, columns=["plan", "part", *POINTS])


def _all_draws(
    plan: Plan, values: Values, of_block: Callable[[Values, Values], tuple[Any, ...]]
) -> tuple[Any, ...]:
    """The arrays that `of_block` makes of the values before and under a plan, over all draws."""
    blocks = [of_block(block, block.with_numbers(plan.levers)) for block in values.blocks(BLOCK)]
    return tuple(np.concatenate(parts) for parts in zip(*blocks, strict=True))


def _side_by_side(numbers: dict[str, Any]) -> Any:
    return np.stack(list(numbers.values()), axis=-1)
