"""The coordination network and the fit of the plans, as tables to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT
from opdanalysis.text.words import Words


def pairs_table(
    pairs: pd.DataFrame, city: City, words: Words, together: bool, top: int = 15
) -> pd.DataFrame:
    """Pairs of agencies that the plan leaves apart, most contact first, or puts together, least.

    `pairs` comes from `experiment.plan_fit.shared_and_apart`; contacts are yearly, both directions.
    """
    chosen = pairs[pairs["together_later"] == together]
    chosen = chosen.iloc[::-1] if together else chosen
    chosen = chosen.head(top)
    return pd.DataFrame(
        {
            words("table.one"): [city.agency(id).name_in(words.lang) for id in chosen["one"]],
            words("table.other"): [city.agency(id).name_in(words.lang) for id in chosen["other"]],
            words("table.contacts_a_year"): chosen["contacts"].to_list(),
            words("table.together_today"): [_yes(flag, words) for flag in chosen["together_today"]],
        }
    )


def structure_table(nodes: pd.DataFrame, names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """The positions of the nodes of the network, the strongest first."""
    ordered = nodes.sort_values(["strength_out", "node"], ascending=[False, True])
    table = pd.DataFrame({words("table.agency"): [names[node] for node in ordered["node"]]})
    for column in ordered.columns.drop("node"):
        values = ordered[column]
        if column == "core":
            values = [_yes(flag, words) for flag in values]
        elif column == "community":
            values = values + 1
        table[words(f"table.{column}")] = list(values)
    return table


def sweep_table(sweep: pd.DataFrame, words: Words) -> pd.DataFrame:
    """How many communities there are at each resolution."""
    return sweep.rename(columns={name: words(f"table.{name}") for name in sweep})


def fit_table(fits: pd.DataFrame, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """Each plan's contacts under one roof against random plans and the best found.

    `fits` comes from `experiment.plan_fit.plan_fit`; contacts are yearly.
    """
    names = {plan.id: words.of(plan.name, plan.id) for plan in plans}
    scopes = [
        words("network.whole") if scope == "plan" else words("network.cluster", id=scope)
        for scope in fits["scope"]
    ]
    shares = zip(fits["share_low"] / PERCENT, fits["share_high"] / PERCENT, strict=True)
    return pd.DataFrame(
        {
            words("table.plan"): [names[plan] for plan in fits["plan"]],
            words("table.scope"): scopes,
            words("table.null"): [words(f"network.{null}") for null in fits["null"]],
            words("table.captured"): fits["captured"].to_list(),
            words("table.random", point=words("table.p05")): fits["low"].to_list(),
            words("table.random", point=words("table.p50")): fits["mean"].to_list(),
            words("table.random", point=words("table.p95")): fits["high"].to_list(),
            words("table.best_found"): fits["best_found"].to_list(),
            words("table.bound"): fits["bound"].to_list(),
            words("table.percentile"): (fits["percentile"] / PERCENT).to_list(),
            words("table.p"): fits["p"].to_list(),
            words("table.attainable"): [
                "" if np.isnan(low) else f"{words.number(low)} – {words.number(high)}"
                for low, high in shares
            ],
        }
    )


def _yes(flag: bool, words: Words) -> str:
    return words("table.yes") if flag else words("table.no")
