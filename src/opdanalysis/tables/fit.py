"""Whether everybody fits, as tables to print: space, parking, what is ready, hours on buildings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.models.parking import KINDS
from opdanalysis.models.readiness import CRITERIA
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.tables.forms import PERCENT, POINTS
from opdanalysis.text.words import Words

SIGNS: Mapping[str, str] = {"green": "✓", "amber": "!", "red": "✗", "unknown": "?"}
SHOWN = {"staff": 1.0, "need": 1.0, "available": 1.0, "utilisation": PERCENT}
"""The quantities of the table of space, each with what it is divided by."""

OTHER = {"observed_utilisation": PERCENT, "desks_that_fit": 1.0}


def space_table(
    space: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per plan and building that receives somebody: need, area, how full, what would fit.

    `space` is that of `experiment.fit`.
    """
    rows = _rows(space, city, plans, words)
    table = rows.drop(columns=["plan_id", "building_id"])
    keys = list(zip(rows["plan_id"], rows["building_id"], strict=True))
    by_key = space.set_index(["quantity", "plan", "building"])
    for quantity, size in {**SHOWN, **OTHER}.items():
        numbers = by_key.loc[quantity].loc[keys]
        for point in POINTS:
            header = f"{words(f'quantity.{quantity}')}: {words(f'table.{point}')}"
            table[header] = (numbers[point] / size).to_list()
        if quantity.endswith("utilisation"):
            header = words(f"table.p_over_{quantity}")
            table[header] = (numbers["p_over"] / PERCENT).to_list()
    for quantity in ("rooms_apart", "rooms_pooled"):
        table[words(f"quantity.{quantity}")] = by_key.loc[quantity].loc[keys]["p50"].to_list()
    return table


def parking_table(
    parking: pd.DataFrame, space: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per plan, building, kind of vehicle and hour: stalls needed and held, with ranges."""
    rows = _rows(space, city, plans, words)
    merged = rows.merge(
        parking, left_on=["plan_id", "building_id"], right_on=["plan", "building"], how="left"
    )
    assert len(merged) == len(parking[parking["plan"].isin(set(rows["plan_id"]))])
    table = merged[list(rows.columns[:2])].copy()
    table[words("table.vehicle")] = [words(f"vehicle.{kind}") for kind in merged["kind"]]
    table[words("table.until")] = (merged["hour"] + 1).to_list()
    for prefix, name in (("", "needed"), ("available_", "available")):
        for point in POINTS:
            header = words(f"table.stalls_{name}", point=words(f"table.{point}"))
            table[header] = merged[f"{prefix}{point}"].to_list()
    table[words("table.p_short")] = (merged["p_short"] / PERCENT).to_list()
    return table


def busiest_hour_table(
    parking: pd.DataFrame, space: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per plan and building: the hour with the highest chance that stalls run short [%]."""
    rows = _rows(space, city, plans, words)
    table = rows.drop(columns=["plan_id", "building_id"])
    by_key = parking.set_index(["kind", "plan", "building"]).sort_index(kind="stable")
    for kind in KINDS:
        own = [by_key.loc[(kind, *key)] for key in rows[["plan_id", "building_id"]].to_numpy()]
        worst = [hours.iloc[int(hours["p_short"].fillna(0).to_numpy().argmax())] for hours in own]
        vehicle = words(f"vehicle.{kind}")
        for prefix, name in (("", "needed"), ("available_", "available")):
            for point in POINTS:
                header = words(f"table.stalls_{name}", point=words(f"table.{point}"))
                table[f"{vehicle}, {header}"] = [float(hour[f"{prefix}{point}"]) for hour in worst]
        header = f"{vehicle}, {words('table.p_short')}"
        table[header] = [float(hour["p_short"]) / PERCENT for hour in worst]
    return table


def readiness_table(
    readiness: pd.DataFrame, space: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per plan and building, one column per criterion: sign, colour and chance [%]."""
    rows = _rows(space, city, plans, words)
    by_key = readiness.set_index(["criterion", "plan", "building"])
    table = rows.drop(columns=["plan_id", "building_id"])
    keys = list(zip(rows["plan_id"], rows["building_id"], strict=True))
    for criterion in CRITERIA:
        own = by_key.loc[criterion].loc[keys]
        pairs = zip(own["colour"], own["p_short"], strict=True)
        table[words(f"criterion.{criterion}")] = [_cell(*pair, words) for pair in pairs]
    return table


def building_work_table(
    work: pd.DataFrame, city: City, plan: Plan, words: Words, top: int | None = None
) -> pd.DataFrame:
    """One row per agency, the most hours today first: hours on its building today and under a plan.

    `work` comes from `experiment.fit.building_work_by_agency`, for today and the plan.
    """
    today, later = (work[work["plan"] == id].set_index("agency") for id in (TODAY.id, plan.id))
    order = today.sort_values("p50", ascending=False, kind="stable").index[:top]
    names = [city.agency(agency).name_in(words.lang) for agency in order]
    table = pd.DataFrame({words("table.agency"): names})
    for when, frame in (("figure.today", today), ("table.under_plan", later)):
        for point in POINTS:
            header = words("table.hours", when=words(when), point=words(f"table.{point}"))
            table[header] = frame.loc[order, point].to_list()
        header = words("table.hours_share", when=words(when))
        table[header] = (frame.loc[order, "share"] / PERCENT).to_list()
    return table


def _rows(space: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """Names and ids of every plan and building that receives somebody, most staff first."""
    staff = space[space["quantity"] == "staff"]
    found = []
    for plan in plans:
        own = staff[staff["plan"] == plan.id].sort_values("p50", ascending=False, kind="stable")
        name = words.of(plan.name, plan.id)
        found += [
            (name, city.building(id).name_in(words.lang), plan.id, id) for id in own["building"]
        ]
    headers = [words("table.plan"), words("table.building"), "plan_id", "building_id"]
    return pd.DataFrame(found, columns=headers)


def _cell(colour: str, chance: float, words: Words) -> str:
    said = f"{SIGNS[colour]} {words(f'colour_short.{colour}')}"
    return said if pd.isna(chance) else f"{said} ({words.percent(chance)})"
