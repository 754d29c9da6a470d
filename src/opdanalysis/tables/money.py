"""The money of the plans as tables to print: parts, pay-back, break-evens, vacated buildings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.net_saving import net_saving_parts
from opdanalysis.experiment.result import Result
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT, POINTS
from opdanalysis.text.ranges import three_digits
from opdanalysis.text.scales import Scale, scale_of
from opdanalysis.text.words import Words


def net_saving_table(result: Result, words: Words, scenario: str | None = None) -> pd.DataFrame:
    """One row per plan and part of its net saving, with the range of each [Rp/year]."""
    plans = result.plans[1:]
    found = [net_saving_parts(result, plan.id, scenario) for plan in plans]
    numbers = pd.concat(found)[["p05", "p95"]].to_numpy().ravel()
    scale = scale_of("Rp/year", numbers, words)
    tables = []
    for plan, parts in zip(plans, found, strict=True):
        table = pd.DataFrame({words("table.plan"): words.of(plan.name, plan.id)}, index=parts.index)
        table[words("table.part")] = [words(f"money.{part}") for part in parts["part"]]
        _add_range(table, parts, "", words("table.yearly", unit=scale.unit), scale, words)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def break_even_words(frame: pd.DataFrame, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """One row per plan: its yearly saving, the one that pays, the chance and the year of pay-back.

    `frame` comes from `experiment.cash_flow.break_even_table`.
    """
    names = {plan.id: words.of(plan.name, plan.id) for plan in plans}
    numbers = frame[["saving_p05", "saving_p95", "needed_p95"]].to_numpy().ravel()
    scale = scale_of("Rp/year", numbers, words)
    table = pd.DataFrame({words("table.plan"): [names[plan] for plan in frame["plan"]]})
    table[words("table.pays")] = (frame["pays"] / PERCENT).to_list()
    table[words("table.pay_back_year")] = [
        words("table.never") if np.isinf(year) else words.number(year)
        for year in frame["pay_back_year"]
    ]
    for kind in ("saving", "needed"):
        header = words(f"table.{kind}_yearly", unit=scale.unit)
        _add_range(table, frame, f"{kind}_", header, scale, words)
    table[words("table.factor")] = frame["factor"].to_list()
    return table


def input_break_even_words(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row per input: its range, the net saving at its ends, and where that is zero.

    `frame` comes from `experiment.break_even.input_break_evens`.
    """
    scale = scale_of("Rp/year", frame[["net_p05", "net_p95"]].to_numpy().ravel(), words)
    shown = {
        name: [three_digits(number, words) for number in frame[name]]
        for name in ("input_p05", "input_p50", "input_p95", "break_even")
    }
    return pd.DataFrame(
        {
            words("table.input"): [words(f"parameter.{name}") for name in frame["parameter"]],
            words("table.unit"): frame["unit"].to_list(),
            words("table.value"): [
                f"{m} ({a} – {b})"
                for a, m, b in zip(
                    shown["input_p05"], shown["input_p50"], shown["input_p95"], strict=True
                )
            ],
            words("table.net_low", unit=scale.unit): (frame["net_p05"] / scale.size).to_list(),
            words("table.net_high", unit=scale.unit): (frame["net_p95"] / scale.size).to_list(),
            words("table.break_even"): [
                words("table.out_of_reach") if np.isnan(number) else text
                for number, text in zip(frame["break_even"], shown["break_even"], strict=True)
            ],
            words("table.below"): (frame["probability"] / PERCENT).to_list(),
        }
    )


def fates_table(
    frame: pd.DataFrame, city: City, plans: Sequence[Plan], words: Words
) -> pd.DataFrame:
    """One row per plan and building that it leaves: fate, the rule that decided, cost and income.

    `frame` comes from `experiment.vacated.vacated_buildings`.
    """
    names = {plan.id: words.of(plan.name, plan.id) for plan in plans}
    frame = frame[frame["plan"].isin(names)].reset_index(drop=True)
    ends = [f"{kind}_{point}" for kind in ("holding", "income") for point in ("p05", "p95")]
    scale = scale_of("Rp/year", frame[ends].to_numpy().ravel(), words)
    reasons = frame["reason_en" if words.lang == "en" else "reason_id"]
    table = pd.DataFrame(
        {
            words("table.plan"): [names[plan] for plan in frame["plan"]],
            words("table.building"): [
                city.building(b).name_in(words.lang) for b in frame["building"]
            ],
            words("table.fate"): [words(f"fate.{fate}") for fate in frame["fate"]],
            words("table.rule"): [
                reason if rule else words("table.by_plan")
                for rule, reason in zip(frame["rule"], reasons, strict=True)
            ],
        }
    )
    for kind in ("holding", "income"):
        header = words(f"table.{kind}_yearly", unit=scale.unit)
        _add_range(table, frame, f"{kind}_", header, scale, words)
    return table


def _add_range(
    table: pd.DataFrame, frame: pd.DataFrame, start: str, header: str, scale: Scale, words: Words
) -> None:
    """Put three columns of a range into a table, in the unit of the scale."""
    for point in POINTS:
        name = f"{header}: {words(f'table.{point}')}"
        table[name] = (frame[f"{start}{point}"] / scale.size).to_list()
