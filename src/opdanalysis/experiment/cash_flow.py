"""Every plan's money by year in every draw: when it pays, and what saving would make it pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.net_cost import PlanMoney
from opdanalysis.models.present_value import cumulative, pay_back_year
from opdanalysis.outcomes import cost_by_line
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CashFlows:
    """By plan and draw; `flow` and `total` are `(n_draws, n_years)`, year 0 first, others
    `(n_draws,)`.

    `flow` [Rp] is what a plan brings against today in each year, without what new buildings are
    still worth at the end; `total` the same discounted and added up. `paid_back` [year] is the
    first year from which `total` is not below zero, infinite where there is none. `saving` is the
    settled yearly saving in running the buildings, `saving_that_pays` the one at which the net
    present value would be zero [Rp/year].
    """

    flow: Mapping[str, Floats]
    total: Mapping[str, Floats]
    paid_back: Mapping[str, Floats]
    net_present_value: Mapping[str, Floats]
    saving: Mapping[str, Floats]
    saving_that_pays: Mapping[str, Floats]

    @property
    def moving(self) -> tuple[str, ...]:
        """The plans that cost or bring anything."""
        return tuple(plan for plan, flow in self.flow.items() if flow.any())


def cash_flows(city: City, plans: Sequence[Plan], values: Values) -> CashFlows:
    """The money of every plan, in the draws of `values`."""
    found = {
        plan.id: [_of_block(city, plan, block) for block in values.blocks(BLOCK)] for plan in plans
    }
    joined = {
        plan: [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
        for plan, blocks in found.items()
    }
    columns = zip(*joined.values(), strict=True)
    return CashFlows(*(dict(zip(joined, column, strict=True)) for column in columns))


def _of_block(city: City, plan: Plan, block: Values) -> tuple[Floats, ...]:
    money = plan_money(city, plan, block)
    flow = money.flow.flow
    return (
        flow,
        cumulative(flow, money.rate),
        pay_back_year(flow, money.rate),
        money.net_present_value,
        money.saving,
        money.saving_that_pays,
    )


def plan_money(city: City, plan: Plan, values: Values) -> PlanMoney:
    """The money of a plan against today, under the plan's levers."""
    situation, chosen = plan.situation(city), values.with_numbers(plan.levers)
    today = sum(cost_by_line(city, city.today, values, {}).values())
    later = sum(cost_by_line(city, situation.placement, chosen, situation.fates).values())
    return PlanMoney(city, situation, chosen, today - later)


def cash_flow_table(flows: CashFlows) -> pd.DataFrame:
    """One row per plan and year: flow and discounted total at p05, p50 and p95 [Rp], and the share
    of draws in which the plan is paid back by then [1].
    """
    rows = []
    for plan in flows.moving:
        each = np.quantile(flows.flow[plan], RANGE, axis=0)
        added = np.quantile(flows.total[plan], RANGE, axis=0)
        for year in range(each.shape[1]):
            share = float((flows.paid_back[plan] <= year).mean())
            rows.append((plan, year, *each[:, year], *added[:, year], share))
    points = ("p05", "p50", "p95")
    columns = [*(f"flow_{p}" for p in points), *(f"total_{p}" for p in points)]
    return pd.DataFrame(rows, columns=["plan", "year", *columns, "paid_back"])


def break_even_table(flows: CashFlows) -> pd.DataFrame:
    """One row per plan that costs or brings anything: what it would take to pay over the years.

    Columns: the settled yearly saving and the one that pays at p05, p50 and p95 [Rp/year], the
    factor between their medians [1] (missing where there is no saving), the share of draws with a
    net present value above zero [1], and the median year of pay-back (infinite: not within them).
    """
    rows = []
    for plan in flows.moving:
        saved = np.quantile(flows.saving[plan], RANGE)
        needed = np.quantile(flows.saving_that_pays[plan], RANGE)
        factor = needed[1] / saved[1] if saved[1] > 0 else np.nan
        pays = float((flows.net_present_value[plan] > 0).mean())
        year = float(np.quantile(flows.paid_back[plan], 0.5, method="lower"))
        rows.append((plan, *saved, *needed, factor, pays, year))
    points = ("p05", "p50", "p95")
    columns = [*(f"saving_{p}" for p in points), *(f"needed_{p}" for p in points)]
    return pd.DataFrame(rows, columns=["plan", *columns, "factor", "pays", "pay_back_year"])
