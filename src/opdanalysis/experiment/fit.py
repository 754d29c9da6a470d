"""Whether everybody fits: every building that receives somebody under each plan, in every draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.building_use import BuildingUse, use_of
from opdanalysis.models.building_work import staff_hours, work_by_agency
from opdanalysis.models.meeting_rooms import rooms_apart, rooms_pooled
from opdanalysis.models.parking import KINDS, Parking
from opdanalysis.models.readiness import colour, needs_and_supplies, standing_colours
from opdanalysis.models.space import Space
from opdanalysis.models.visitors import OPENING_HOURS
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

POINTS = ["p05", "p50", "p95"]
MEASURES = {"utilisation": "need", "observed_utilisation": "observed_need"}
"""The two measures of how full a building is, each with the need that it is made of."""

Found = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Fit:
    """Three frames with a row for each plan, building that receives somebody, and more.

    space
        By quantity: p05, p50 and p95 of staff, areas needed and available [m2], utilisation [1] by
        the norm and at observed use with `p_over`, the chance that it is above one, meeting rooms
        pooled and apart, and the desks per employee at which the norm would be met.
    parking
        By kind of vehicle and hour: p05, p50 and p95 of stalls needed and (`available_`) held, and
        `p_short`, the chance that they fall short; NaN where stalls are unknown.
    readiness
        By criterion: `p_short` and the colour.
    """

    space: pd.DataFrame
    parking: pd.DataFrame
    readiness: pd.DataFrame


def fit(city: City, plans: Sequence[Plan], values: Values) -> Fit:
    """How every plan that moves somebody fits its buildings, over all draws of `values`."""
    space, parking, readiness = [], [], []
    for plan in plans:
        placement = plan.place(city)
        places = city.receiving(placement)
        if not len(places):
            continue

        def of_places(v: Values, placement: Placement = placement) -> Found:
            return _of_places(use_of(city, placement, v))

        found = _over_draws(values, plan, of_places)
        ids = [city.buildings[place].id for place in places]
        space.append(_space(found, ids).assign(plan=plan.id))
        parking.append(_parking(found, ids).assign(plan=plan.id))
        table = _readiness(found, city, places, values)
        readiness.append(table.assign(plan=plan.id))
    return Fit(_joined(space), _joined(parking), _joined(readiness))


def building_work_by_agency(city: City, plans: Sequence[Plan], values: Values) -> pd.DataFrame:
    """Hours of each agency on the building where it sits, a row per plan and agency.

    Columns are plan, agency, p05, p50 and p95 [hour/year], and `share`, the median of the hours as
    a share of all working hours of the agency's staff [1]. Vacated buildings are in no row.
    """
    rows = []
    for plan in plans:
        placement = plan.place(city)

        def hours(v: Values, placement: Placement = placement) -> Found:
            use = use_of(city, placement, v)
            work = work_by_agency(use)
            return {"work": work, "share": work / staff_hours(use)}

        found = _over_draws(values, plan, hours)
        table = _quantiles(found["work"], POINTS)
        table.insert(0, "agency", [agency.id for agency in city.agencies])
        table["share"] = np.median(found["share"], axis=0)
        rows.append(table.assign(plan=plan.id))
    return _joined(rows)


def _over_draws(values: Values, plan: Plan, model: Callable[[Values], Found]) -> Found:
    """What a model says of every draw under the plan's levers, one block after another."""
    parts = []
    for block in values.blocks(BLOCK):
        chosen = block.with_numbers(plan.levers)
        parts.append(model(chosen))
        chosen.forget()
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _of_places(use: BuildingUse) -> Found:
    """Every number of the buildings that receive somebody, `(n_draws, n_places)` and by hour."""
    places = use.city.receiving(use.placement)
    space, parking = Space(use, places), Parking(use, places)
    needs = needs_and_supplies(space, parking)
    shape = space.need.shape
    found = {
        "staff": parking.staff,
        "need": space.need,
        "observed_need": space.observed_need,
        "available": space.available,
        "rooms_pooled": rooms_pooled(use, places),
        "rooms_apart": rooms_apart(use, places),
        "desks_that_fit": space.desks_that_fit,
        **{f"need:{one}": np.broadcast_to(need, shape) for one, (need, _) in needs.items()},
        **{f"supply:{one}": np.broadcast_to(have, shape) for one, (_, have) in needs.items()},
        **{f"needed:{kind}": parking.needed_by_hour[kind] for kind in KINDS},
        **{f"available:{kind}": parking.available_by_hour[kind] for kind in KINDS},
    }
    for measure, need in MEASURES.items():
        found[measure] = found[need] / found["available"]
    return found


def _space(found: Found, ids: Sequence[str]) -> pd.DataFrame:
    quantities = [name for name, numbers in found.items() if ":" not in name]
    tables = []
    for quantity in quantities:
        table = _quantiles(found[quantity], POINTS)
        table.insert(0, "building", ids)
        table.insert(1, "quantity", quantity)
        over = (found[quantity] > 1).mean(axis=0) if quantity in MEASURES else np.nan
        tables.append(table.assign(p_over=over))
    return pd.concat(tables, ignore_index=True)


def _parking(found: Found, ids: Sequence[str]) -> pd.DataFrame:
    tables = []
    for kind in KINDS:
        needed, available = found[f"needed:{kind}"], found[f"available:{kind}"]
        for place, building in enumerate(ids):
            table = _quantiles(needed[:, place], POINTS)
            stalls = _quantiles(available[:, place], [f"available_{p}" for p in POINTS])
            table = pd.concat([table, stalls], axis=1)
            table["p_short"] = _chance_short(needed[:, place], available[:, place])
            table.insert(0, "building", building)
            table.insert(1, "kind", kind)
            table.insert(2, "hour", list(OPENING_HOURS))
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _readiness(found: Found, city: City, places: NDArray[np.intp], values: Values) -> pd.DataFrame:
    amber, red = (float(np.mean(values[f"{word}_limit"])) for word in ("amber", "red"))
    criteria = [name.removeprefix("need:") for name in found if name.startswith("need:")]
    ids = [city.buildings[place].id for place in places]
    rows = []
    for criterion in criteria:
        chances = _chance_short(found[f"need:{criterion}"], found[f"supply:{criterion}"])
        for building, chance in zip(ids, chances, strict=True):
            rows.append((building, criterion, chance, colour(chance, amber, red)))
    for building, word in zip(ids, standing_colours(city, places), strict=True):
        rows.append((building, "standing", np.nan, word))
    return pd.DataFrame(rows, columns=["building", "criterion", "p_short", "colour"])


def _chance_short(need: NDArray[np.float64], supply: NDArray[np.float64]) -> Any:
    """Share of draws in which supply falls short of need [1]; NaN where the supply is unknown."""
    return np.where(np.isnan(supply).any(axis=0), np.nan, (need > supply).mean(axis=0))


def _quantiles(numbers: NDArray[np.float64], names: Sequence[str]) -> pd.DataFrame:
    """The three quantiles over the draws, a row per entry, `(n_draws, n_entries)`."""
    return pd.DataFrame(np.quantile(numbers, RANGE, axis=0).T, columns=list(names))


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The tables one under the other, the plan first; empty when no plan moves anybody."""
    if not tables:
        return pd.DataFrame(columns=["plan"])
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "plan", table.pop("plan"))
    return table
