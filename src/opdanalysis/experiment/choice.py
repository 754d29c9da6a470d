"""How sure is it which plan is best, and how much is lost by choosing another one?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from opdanalysis.errors import UsageError
from opdanalysis.experiment.result import Result

Floats = NDArray[np.float64]
Weights = Mapping[str, float]
"""How much a unit of gain in each outcome counts; the outcomes have one unit."""

CITY: Weights = MappingProxyType({"net_cost": 1.0})
"""Only the city's own money counts."""

CITY_AND_CITIZENS: Weights = MappingProxyType({"net_cost": 1.0, "citizen_cost": 1.0})
"""A rupiah of time and travel that citizens save counts as much as a rupiah of the city."""

LEVEL = 0.95
"""Probability of an interval, and the point of regret that is reported beside the mean."""


@dataclass(frozen=True)
class Choice:
    """The options of a city in one scenario; the first is to do nothing.

    options
        Ids of the plans that differ in at least one draw.
    alike
        Plans that never differ from an earlier option here, each with that option.
    benefit
        What each option brings against doing nothing, `(n_draws, n_options)`, in the unit of the
        outcomes; it is above zero where the option is better.
    """

    scenario: str
    options: tuple[str, ...]
    alike: Mapping[str, str]
    benefit: Floats

    @property
    def draws(self) -> int:
        """The number of draws."""
        return len(self.benefit)

    @property
    def best(self) -> str:
        """The option with the highest mean benefit: what one would choose today."""
        return self.options[int(self.benefit.mean(axis=0).argmax())]


def choice_among(result: Result, weights: Weights, scenario: str | None = None) -> Choice:
    """The choice among all plans of a result by a weighted sum of gains.

    Without a scenario in the first. Raises UsageError when the outcomes differ in unit.
    """
    units = {result.outcome(id).unit for id in weights}
    if len(units) != 1:
        raise UsageError(f"{', '.join(weights)} cannot be added: {', '.join(sorted(units))}.")
    options: dict[str, Floats] = {}
    alike: dict[str, str] = {}
    for plan in result.plan_ids:
        gains = (weight * result.gain(id, plan, scenario) for id, weight in weights.items())
        benefit = np.sum(list(gains), axis=0)
        same = next((id for id, other in options.items() if np.array_equal(benefit, other)), None)
        if same is None:
            options[plan] = benefit
        else:
            alike[plan] = same
    named = result.scenarios[0] if scenario is None else scenario
    return Choice(named, tuple(options), alike, np.stack(list(options.values()), axis=1))


def best_plan_table(choice: Choice) -> pd.DataFrame:
    """One row per option: how often it is best, and what is lost by choosing it.

    Columns: scenario, plan; probability of being best [1] with its standard error and 95% interval
    (`low`, `high`; Wilson 1927, Journal of the American Statistical Association 22(158)); mean
    benefit; and of the regret, which is what the best option of the same draw would bring more,
    the mean with its standard error and the 95% point. Options that are equally good in a draw
    share it. The draws are stratified, so that the errors are rather too large.
    """
    benefit, draws = choice.benefit, choice.draws
    top = benefit.max(axis=1, keepdims=True)
    wins = benefit == top
    share = (wins / wins.sum(axis=1, keepdims=True)).mean(axis=0)
    regret = top - benefit
    z = float(ndtri((1 + LEVEL) / 2))
    middle = (share + z**2 / (2 * draws)) / (1 + z**2 / draws)
    half = z * np.sqrt(share * (1 - share) / draws + z**2 / (4 * draws**2)) / (1 + z**2 / draws)
    return pd.DataFrame(
        {
            "scenario": choice.scenario,
            "plan": choice.options,
            "probability": share,
            "error": np.sqrt(share * (1 - share) / draws),
            "low": np.maximum(middle - half, 0.0),
            "high": np.minimum(middle + half, 1.0),
            "benefit": benefit.mean(axis=0),
            "regret": regret.mean(axis=0),
            "regret_error": regret.std(axis=0) / np.sqrt(draws),
            "regret_p95": np.quantile(regret, LEVEL, axis=0),
        }
    )


def best_plan_by_scenario(result: Result, weights: Weights) -> pd.DataFrame:
    """The tables of `best_plan_table` of every scenario, one below the other."""
    tables = [best_plan_table(choice_among(result, weights, id)) for id in result.scenarios]
    return pd.concat(tables, ignore_index=True)


def dominance(choice: Choice) -> pd.DataFrame:
    """One row per pair of options in which one is at least as good as the other in some order.

    Columns: plan, other, order, better: the plan is better than the other in that share of the
    draws [1], and it dominates the other in the strictest of these orders:

    draws
        In no draw worse.
    first
        First-order stochastic dominance: for every amount, at least as likely to reach it.
        Whoever prefers more prefers it.
    second
        Second-order: the mean of its worst draws, however many are taken, is no lower. Whoever
        also dislikes risk prefers it (Hadar and Russell 1969, American Economic Review 59(1)).

    All by the draws at hand; a rare case that none of them holds may still break an order.
    """
    columns = choice.benefit.T
    ordered = np.sort(columns, axis=1)
    rows = []
    for one, plan in enumerate(choice.options):
        for two, other in enumerate(choice.options):
            order = None
            if one == two:
                continue
            if (columns[one] >= columns[two]).all():
                order = "draws"
            elif (ordered[one] >= ordered[two]).all():
                order = "first"
            elif (ordered[one].cumsum() >= ordered[two].cumsum()).all():
                order = "second"
            if order is not None:
                rows.append((plan, other, order, float((columns[one] > columns[two]).mean())))
    return pd.DataFrame(rows, columns=["plan", "other", "order", "better"])
