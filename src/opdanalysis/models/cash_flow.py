"""When a plan's costs are paid and its savings reached: its money year by year [Rp]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.models.construction_cost import years_to_build
from opdanalysis.models.present_value import HORIZON, YEARS
from opdanalysis.models.relocation import Wave, relocation
from opdanalysis.parameters.values import Values


@dataclass(frozen=True, eq=False)
class CashFlow:
    """A plan against today, `(n_draws, n_years)` or `(n_years,)`; year 0 is the start.

    `flow` [Rp] is what comes in less what goes out in each year. `saving_share` [1] is which part
    of the settled yearly saving is reached in each year. `residual` [Rp] is what new buildings are
    still worth at the end; it is not in the flow.
    """

    flow: Any
    saving_share: Any
    residual: Any


def cash_flow(
    city: City,
    situation: Situation,
    values: Values,
    saving: Any,
    once: Mapping[str, Any],
    construction: Mapping[str, Any],
    income: Mapping[str, Any],
) -> CashFlow:
    """The money of a plan year by year, in prices of one year.

    `saving` is the settled yearly saving, today's cost less the plan's [Rp/year]; `once`,
    `construction` and `income` are those of the models of these names. The saving is reached wave
    by wave: those who move, move at their date (or after a lag, or when their building opens), and
    their part of the saving, by staff, rises to its full size over some years. Moving is paid in
    the year of the move, building in equal parts until it opens. Rent begins, and the cost of an
    empty building ends, after a lag; so does the price of a sold building come in.
    """
    v = values.beside_entities()
    years = YEARS
    starts = _starts(city, situation, values)
    settled = let = paid = sold = 0.0
    for weight, start in starts:
        settled = settled + weight * reached(start, v["saving_ramp_years"])
        let = let + weight * reached(start + v["lease_lag"], 0.0)
        paid = paid + weight * (years == _year(start))
        sold = sold + weight * (years == _year(start + v["sale_lag"]))
    opened = years_to_build(v)
    works = np.diff(np.minimum(years / opened, 1.0), axis=-1, prepend=0.0)
    yearly_income = income["rent"] + income["contribution"] + income["relief"]
    built = construction["building"] + construction["land"]
    flow = (
        settled * _column(saving - income["relief"])
        + let * _column(yearly_income)
        + sold * _column(income["sale"])
        - paid * _column(sum(once.values()))
        - works * _column(built)
    )
    in_use = np.maximum(HORIZON - years_to_build(values), 0)
    left = np.maximum(1 - values["depreciation"] * in_use, 0)
    return CashFlow(flow, settled, construction["building"] * left + construction["land"])


def reached(start: Any, ramp: Any) -> Any:
    """Which part of a full year falls into each year [1], for a thing that begins at `start` years
    and rises evenly to its full size within `ramp` years.
    """
    since = np.maximum(YEARS - start, 0)
    rising = np.minimum(since, ramp)
    slope = np.where(np.asarray(ramp) > 0, ramp, 1.0)
    whole = rising**2 / (2 * slope) + (since - rising)
    return np.diff(whole, axis=-1, prepend=0.0)


def _starts(city: City, situation: Situation, values: Values) -> list[tuple[Any, Any]]:
    """Of each wave its share of the staff that moves, and the years until it moves.

    Without movers, one wave that begins after the usual lag.
    """
    v = values.beside_entities()
    waves, movers = relocation(city, situation).waves, relocation(city, situation).movers
    if not waves:
        return [(1.0, v["years_until_move"])]
    if len(waves) == 1:
        return [(1.0, _start(waves[0], v))]
    staff = values["staff"]
    whole = staff[..., movers].sum(axis=-1)
    return [
        (_column(staff[..., wave.movers].sum(axis=-1) / whole), _start(wave, v)) for wave in waves
    ]


def _start(wave: Wave, v: Values) -> Any:
    after = v["years_until_move"] if wave.after is None else wave.after
    return np.maximum(after, years_to_build(v)) if wave.waits else after


def _year(start: Any) -> Any:
    """The year of the flow into which a moment falls; the last year where it is later."""
    return np.minimum(np.ceil(start), HORIZON)


def _column(amount: Any) -> Any:
    return np.asarray(amount)[..., None]
