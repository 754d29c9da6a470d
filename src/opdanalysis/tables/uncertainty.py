"""How sure the answers are, as tables: best plan, dominance, information, indices, conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from opdanalysis.experiment.discovery import Discovery
from opdanalysis.experiment.discovery_words import condition_words, summary_words
from opdanalysis.experiment.result import Result
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words


class Scenario(Protocol):
    """Anything with an id and names by language."""

    @property
    def id(self) -> str:
        """The id by which a result knows it."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its names by language."""


def best_plan_words(
    frame: pd.DataFrame, result: Result, scenarios: Sequence[Scenario], words: Words
) -> pd.DataFrame:
    """One row per scenario and option: how often it is best, and what choosing it would lose.

    `frame` comes from `experiment.choice.best_plan_by_scenario`, of net benefits in Rp/year;
    `scenarios` are those that are shown.
    """
    titles = {scenario.id: words.of(scenario.name, scenario.id) for scenario in scenarios}
    frame = frame[frame["scenario"].isin(titles)].reset_index(drop=True)
    names = {plan.id: words.of(plan.name, plan.id) for plan in result.plans}
    scale = scale_of("Rp/year", frame["regret_p95"], words)
    interval = [
        f"{words.number(low / PERCENT, 1)} – {words.number(high / PERCENT, 1)}"
        for low, high in zip(frame["low"], frame["high"], strict=True)
    ]
    return pd.DataFrame(
        {
            words("table.scenario"): [titles[id] for id in frame["scenario"]],
            words("table.plan"): [names[id] for id in frame["plan"]],
            words("table.best_share"): (frame["probability"] / PERCENT).to_list(),
            words("table.best_interval"): interval,
            words("table.regret", unit=scale.unit): (frame["regret"] / scale.size).to_list(),
            words("table.regret_error", unit=scale.unit): (
                frame["regret_error"] / scale.size
            ).to_list(),
            words("table.regret_p95", unit=scale.unit): (
                frame["regret_p95"] / scale.size
            ).to_list(),
        }
    )


def dominance_words(frame: pd.DataFrame, result: Result, words: Words) -> pd.DataFrame:
    """One row per pair of plans of which one dominates the other, in the strictest order.

    `frame` comes from `experiment.choice.dominance`.
    """
    names = {plan.id: words.of(plan.name, plan.id) for plan in result.plans}
    return pd.DataFrame(
        {
            words("table.plan"): [names[id] for id in frame["plan"]],
            words("table.beats"): [names[id] for id in frame["other"]],
            words("table.order"): [words(f"dominance.{order}") for order in frame["order"]],
            words("table.better_share"): (frame["better"] / PERCENT).to_list(),
        }
    )


def information_words(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row per group of inputs: the most that it is worth to measure it first.

    `frame` comes from `experiment.information.information_values`.
    """
    yearly = scale_of("Rp/year", frame["value"], words)
    once = scale_of("Rp", frame["once"], words)
    return pd.DataFrame(
        {
            words("table.input_group"): [words(f"group.{id}") for id in frame["group"]],
            words("table.worth", unit=yearly.unit): (frame["value"] / yearly.size).to_list(),
            words("table.error", unit=yearly.unit): (frame["error"] / yearly.size).to_list(),
            words("table.reached", unit=yearly.unit): (frame["reached"] / yearly.size).to_list(),
            words("table.reached_error", unit=yearly.unit): (
                frame["reached_error"] / yearly.size
            ).to_list(),
            words("table.worth_once", unit=once.unit): (frame["once"] / once.size).to_list(),
        }
    )


def group_indices_words(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row per group of inputs: its shares of the variance and of the distribution.

    `frame` comes from `experiment.sensitivity.group_indices`, for one plan and outcome.
    """
    ordered = frame.sort_values("total", ascending=False, kind="stable")
    table = pd.DataFrame(
        {words("table.input_group"): [words(f"group.{id}") for id in ordered["group"]]}
    )
    for name in ("first", "total", "free_first", "free_total"):
        table[words(f"table.index_{name}")] = (ordered[name] / PERCENT).to_list()
        table[words(f"table.index_{name}_error")] = (ordered[f"{name}_error"] / PERCENT).to_list()
    return table


def conditions_words(found: Sequence[Discovery], plan: Plan, words: Words) -> pd.DataFrame:
    """One row per event and condition, with coverage, density and mass of all its conditions."""
    rows = []
    for each in found:
        numbers = [n / PERCENT for n in (each.coverage, each.density, each.mass, each.share)]
        conditions = [condition_words(condition, words) for condition in each.conditions]
        for condition in conditions or [summary_words(each, plan, words)[1]]:
            rows.append((words(f"discovery.event_{each.event}"), condition, *numbers))
    keys = ("event", "condition", "coverage", "density", "mass", "all_draws")
    return pd.DataFrame(rows, columns=[words(f"table.{key}") for key in keys])
