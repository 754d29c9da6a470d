"""Journeys of citizens and the lines at counters, as tables to print."""

from __future__ import annotations

import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT, POINTS
from opdanalysis.text.words import Words


def journeys_table(
    changes: pd.DataFrame, city: City, plan: Plan, measure: str, words: Words
) -> pd.DataFrame:
    """Every journey in one measure: medians today and under a plan, and the gain with its range.

    `changes` comes from `experiment.service_times.journey_changes`.
    """
    rows = changes[(changes["plan"] == plan.id) & (changes["measure"] == measure)]
    names = {journey.id: journey.name_in(words.lang) for journey in city.journeys}
    table = pd.DataFrame(
        {
            words("table.journey"): [names[id] for id in rows["journey"]],
            words("table.today_level"): rows["today"].to_list(),
            words("table.plan_level"): rows["plan_level"].to_list(),
        }
    )
    for point in POINTS:
        name = words("table.gain_points", point=words(f"table.{point}"))
        table[name] = rows[point].to_list()
    return table


def pooling_words(break_evens: pd.DataFrame, city: City, words: Words) -> pd.DataFrame:
    """From which slow-down pooling the lines of a building no longer helps.

    `break_evens` comes from `experiment.counter_queues.break_even_slow_downs`.
    """
    names = [city.building(id).name_in(words.lang) for id in break_evens["building"]]
    return pd.DataFrame(
        {
            words("table.building"): names,
            words("table.lines"): break_evens["lines"].to_list(),
            words("table.break_even_slow_down"): (break_evens["break_even"] / PERCENT).to_list(),
        }
    )
