"""The lines at counters: by the hour, pooled or not, and whether their numbers can be true."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.methods.counter_day import counter_day
from opdanalysis.methods.queue_check import check_counter
from opdanalysis.methods.queue_finding import Finding
from opdanalysis.methods.simulated_wait import FULL_PEAK, OPENS, hourly_weights
from opdanalysis.models.counter_lines import counter_lines, counters_of
from opdanalysis.models.counter_waits import hall_stays, hall_visits, lines_of
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

POINTS = ["p05", "p50", "p95"]

SLOW_DOWNS = np.linspace(0.0, 0.5, 11)
"""Extra times of clerks who serve everybody at which pooling is looked at [1]."""

POOLING = ["building", "lines", "visits_per_day", "slow_down", *POINTS]

TOLERANCE = 0.02
"""How far two numbers of a line that should agree may differ [1]."""


def lines_table(
    city: City, placement: Placement, values: Values, values_today: Values
) -> pd.DataFrame:
    """Every line at middle values, the busiest first; the counters are those of `values_today`.

    Columns: owner (agency, or the group of its units), kind (agency or group), building, counters,
    use [1], minutes of a visit, visits_per_day and wait [minute].
    """
    lines, counters = counter_lines(city, placement), counters_of(city)
    state = lines_of(city, lines, values, values_today)
    services = values["opening_minutes"] / state.minutes
    waits = city.counter_wait.wait(state.counters, state.use, services, values["morning_peak"])
    rows = []
    for line, building in enumerate(lines.hall):
        owner = counters.kinds[int(np.flatnonzero(lines.of_owner == line)[0])]
        rows.append(
            {
                "owner": owner,
                "kind": "group" if owner in counters.groups else "agency",
                "building": city.buildings[building].id,
                "counters": int(state.counters[line]),
                "use": float(state.use[line]),
                "minutes": float(state.minutes[line]),
                "visits_per_day": float(state.use[line] * state.counters[line] * services[line]),
                "wait": float(waits[line] * state.minutes[line]),
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values("visits_per_day", ascending=False, kind="stable", ignore_index=True)


def waiting_by_hour(
    city: City, plan: Plan, values: Values, high_use: float, top: int = 3
) -> pd.DataFrame:
    """The wait in each hour at the busiest counters, at middle values.

    Of each agency or group its busiest line; those that the plan changes come first. Exact for
    exponential service times (`counter_day`). Columns: owner, kind, state, building, counters, use,
    hour of the day, arrivals in it and waiting [minute] of those who come in it. The states are
    today, plan, and `busier`: today with so few counters that clerks are busy for `high_use` of the
    day [1]; the last two only where they differ.
    """
    weights = hourly_weights(float(values["morning_peak"]))
    hour_minutes = float(values["opening_minutes"]) / len(FULL_PEAK)
    today = values.with_numbers({"counter_use_today": high_use})
    tables = {
        "today": lines_table(city, city.today, values, values),
        "plan": lines_table(city, plan.place(city), values.with_numbers(plan.levers), values),
        "busier": lines_table(city, city.today, today, today),
    }
    busiest = {name: table.groupby("owner", sort=False).first() for name, table in tables.items()}
    numbers = ["counters", "visits_per_day", "minutes"]
    before, after = busiest["today"][numbers], busiest["plan"][numbers]
    changed = ~np.isclose(before, after.reindex(before.index)).all(axis=1)
    order = [*before.index[changed], *before.index[~changed]][:top]
    rows = []
    for owner in order:
        for state, table in busiest.items():
            line = table.loc[owner]
            if (
                state != "today"
                and np.isclose(
                    *(t.loc[owner, numbers].astype(float) for t in (busiest["today"], table))
                ).all()
            ):
                continue
            arrivals = line["visits_per_day"] * weights / weights.sum()
            day = counter_day(arrivals, int(line["counters"]), line["minutes"], hour_minutes)
            rows += [
                {
                    "owner": owner,
                    "kind": line["kind"],
                    "state": state,
                    "building": line["building"],
                    "counters": int(line["counters"]),
                    "use": line["use"],
                    "hour": OPENS + at,
                    "arrivals": arrivals[at],
                    "waiting": day.waiting_by_hour[at],
                }
                for at in range(len(weights))
            ]
    return pd.DataFrame(rows)


def pooling(city: City, plan: Plan, values: Values) -> pd.DataFrame:
    """The stay in one line for all counters of a building against separate lines [1].

    One row per building with several lines under a plan and per slow-down of clerks who serve
    everybody. Columns: building, lines, visits_per_day (median), slow_down [1], p05, p50 and p95
    of the ratio; below 1 pooling shortens the stay.
    """
    placement = plan.place(city)
    lines = counter_lines(city, placement)
    if not lines.halls:
        return pd.DataFrame(columns=POOLING)
    rows = []
    for slow_down in SLOW_DOWNS:
        ratios, visits = [], []
        for block in values.blocks(BLOCK):
            chosen = block.with_numbers({**plan.levers, "pooled_slow_down": float(slow_down)})
            separate, pooled = hall_stays(city, placement, chosen, block)
            ratios.append(pooled / separate)
            visits.append(hall_visits(city, placement, chosen, block))
        points = np.quantile(np.concatenate(ratios), RANGE, axis=0)
        busy = np.median(np.concatenate(visits), axis=0)
        for at, hall in enumerate(lines.halls):
            building = city.buildings[lines.hall[hall[0]]].id
            rows.append((building, len(hall), busy[at], slow_down, *points[:, at]))
    return pd.DataFrame(rows, columns=POOLING)


def break_even_slow_downs(table: pd.DataFrame) -> pd.DataFrame:
    """The slow-down from which pooling no longer shortens the median stay, by building [1].

    `table` is that of `pooling`. Columns: building, lines, break_even; not a number where pooling
    helps or hurts at every slow-down that was looked at.
    """
    rows = []
    for building, of_one in table.groupby("building", sort=False):
        rising = of_one["p50"].to_numpy()
        inside = rising[0] < 1 <= rising[-1]
        at = float(np.interp(1.0, rising, of_one["slow_down"])) if inside else np.nan
        rows.append((building, int(of_one["lines"].iloc[0]), at))
    return pd.DataFrame(rows, columns=["building", "lines", "break_even"])


def counter_findings(
    city: City, placement: Placement, values: Values, values_today: Values
) -> list[Finding]:
    """What cannot be in the numbers of the lines at middle values; empty where nothing is amiss.

    A line that is asked for more than it can do, or minutes that look like hours.
    """
    hours = float(values["opening_minutes"]) / 60
    return [
        finding
        for line in lines_table(city, placement, values, values_today).itertuples(index=False)
        for finding in check_counter(
            f"{line.owner}, {line.building}",
            arrivals_per_day=line.visits_per_day,
            opening_hours=hours,
            counters=line.counters,
            minutes_per_customer=line.minutes,
            tolerance=TOLERANCE,
        )
    ]
