"""The best plan and others as tables to print: frontier, changes, and what uncertainty leaves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.tables.forms import PERCENT, POINTS
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

SAVED = ("cost", "coordination", "access", "total")


def frontier_words(frame: pd.DataFrame, names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """One row per plan: moves, buildings, what it saves by criterion, gap, room, efficiency.

    `frame` comes from `search.frontier.frontier_table`.
    """
    scale = scale_of("Rp/year", frame[list(SAVED)].to_numpy().ravel(), words)
    table = pd.DataFrame(
        {
            words("table.plan"): [names[plan] for plan in frame["plan"]],
            words("table.moves"): frame["moves"].to_list(),
            words("table.in_use"): frame["buildings"].to_list(),
        }
    )
    for name in SAVED:
        header = words(f"table.saved_{name}", unit=scale.unit)
        table[header] = (frame[name] / scale.size).to_list()
    # rounded up, so that "at most" stays true
    table[words("table.gap")] = (np.ceil(frame["gap"] / PERCENT * 10) / 10).to_list()
    for name in ("fits", "efficient"):
        table[words(f"table.{name}")] = [
            words("table.yes" if found else "table.no") for found in frame[name]
        ]
    return table


def checks_words(frame: pd.DataFrame, names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """One row per plan: what it saves by the search's sum and by the full model.

    `frame` comes from `search.best_plan.checked`.
    """
    columns = ["total", "total_model", "total_p05", "total_p95"]
    scale = scale_of("Rp/year", frame[columns].to_numpy().ravel(), words)
    table = pd.DataFrame({words("table.plan"): [names[plan] for plan in frame["plan"]]})
    for name in ("total", "total_model", "error"):
        header = words(f"table.check_{name}", unit=scale.unit)
        table[header] = (frame[name] / scale.size).to_list()
    for point in POINTS:
        header = f"{words('table.model_range', unit=scale.unit)}: {words(f'table.{point}')}"
        table[header] = (frame[f"total_{point}"] / scale.size).to_list()
    return table


def improvement_words(frame: pd.DataFrame, city: City, words: Words) -> pd.DataFrame:
    """One row per change to a plan: who goes from where to where, and what that gains.

    `frame` are the steps of `search.improvement.improvement`.
    """
    gains = frame.reindex(columns=["gain", "gain_p05", "gain_p95"]).to_numpy(dtype=float).ravel()
    scale = scale_of("Rp/year", gains, words)
    lang = words.lang
    table = pd.DataFrame(
        {
            words("table.step"): frame["step"].to_list(),
            words("table.agency"): [city.agency(id).name_in(lang) for id in frame["agency"]],
            words("table.from"): [city.building(id).name_in(lang) for id in frame["before"]],
            words("table.to"): [city.building(id).name_in(lang) for id in frame["after"]],
            words("table.gain_sum", unit=scale.unit): (frame["gain"] / scale.size).to_list(),
        }
    )
    for point in POINTS:
        header = f"{words('table.model_range', unit=scale.unit)}: {words(f'table.{point}')}"
        column = frame.get(f"gain_{point}", pd.Series(dtype=float))
        table[header] = (column / scale.size).to_list()
    return table


def robust_words(frame: pd.DataFrame, names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """One row per plan: mean saving, mean of its worst tenth, chance, regret and range.

    `frame` comes from `search.robust.robust_choice`.
    """
    numbers = frame[["mean", "cvar", "p05", "p95"]].to_numpy().ravel()
    scale = scale_of("Rp/year", numbers, words)
    table = pd.DataFrame({words("table.plan"): [names[plan] for plan in frame["plan"]]})
    for name, key in (("mean", "robust_mean"), ("cvar", "robust_cvar"), ("regret", "regret")):
        table[words(f"table.{key}", unit=scale.unit)] = (frame[name] / scale.size).to_list()
    table[words("table.robust_chance")] = (frame["chance"] / PERCENT).to_list()
    for point in POINTS:
        header = f"{words('table.model_range', unit=scale.unit)}: {words(f'table.{point}')}"
        table[header] = (frame[point] / scale.size).to_list()
    return table
