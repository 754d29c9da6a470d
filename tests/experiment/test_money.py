"""Cash flows, break-evens, the tornado and the vacated buildings agree with the result."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from opdanalysis.experiment.break_even import input_break_evens, largest_inputs, tornado
from opdanalysis.experiment.cash_flow import (
    CashFlows,
    break_even_table,
    cash_flow_table,
    cash_flows,
    plan_money,
)
from opdanalysis.experiment.net_saving import GROSS_LINES, ON_TOP, net_saving_parts
from opdanalysis.experiment.run import run_experiment
from opdanalysis.experiment.vacated import vacated_buildings
from opdanalysis.parameters.values import Values

DRAWS, SEED = 160, 5


@pytest.fixture(scope="module")
def plans(contoh):
    return list(contoh.plans.values())


@pytest.fixture(scope="module")
def result(contoh, plans):
    return run_experiment(contoh.city, plans, contoh.book, {"as-budgeted": {}}, DRAWS, SEED)


@pytest.fixture(scope="module")
def values(contoh) -> Values:
    return contoh.book.sample(DRAWS, SEED)


@pytest.fixture(scope="module")
def flows(contoh, plans, values) -> CashFlows:
    return cash_flows(contoh.city, plans, values)


def test_the_flows_are_those_of_the_result(result, flows):
    for plan in result.plan_ids:
        np.testing.assert_allclose(
            flows.net_present_value[plan], result.level("net_present_value", plan), atol=1
        )
        np.testing.assert_allclose(flows.saving[plan], result.gain("operating_cost", plan), atol=1)


def test_plans_that_move_no_money_are_left_out_of_the_table(flows):
    assert flows.moving == ("merge-in-mawar", "new-building-in-seroja")
    table = cash_flow_table(flows)
    assert set(table["plan"]) == set(flows.moving)
    assert (table["total_p05"] <= table["total_p50"]).all()
    assert table.groupby("plan")["paid_back"].apply(lambda s: s.is_monotonic_increasing).all()


def test_the_last_total_is_the_net_present_value_where_nothing_was_built(flows):
    merge = "merge-in-mawar"
    np.testing.assert_allclose(flows.total[merge][:, -1], flows.net_present_value[merge], atol=1)
    seroja = "new-building-in-seroja"
    assert (flows.total[seroja][:, -1] < flows.net_present_value[seroja]).all()


def test_a_plan_pays_where_it_saves_more_than_it_needs(flows):
    for plan in flows.moving:
        pays = flows.net_present_value[plan] > 0
        np.testing.assert_array_equal(pays, flows.saving[plan] > flows.saving_that_pays[plan])
    table = break_even_table(flows).set_index("plan")
    assert table.loc["merge-in-mawar", "pays"] > table.loc["new-building-in-seroja", "pays"]
    assert np.isinf(table.loc["new-building-in-seroja", "pay_back_year"])


def test_the_parts_of_the_net_saving_add_up(result):
    for plan in result.plan_ids[1:]:
        means = net_saving_parts(result, plan).set_index("part")["mean"]
        assert means["gross"] == pytest.approx(means[list(GROSS_LINES)].sum(), abs=1)
        assert means["net"] == pytest.approx(means["gross"] + means[list(ON_TOP)].sum(), abs=1)


def test_the_largest_inputs_are_no_chance_and_no_single_entries():
    ranking = pd.DataFrame(
        {
            "parameter": ["staff", "staff", "rent", "wage", "noise", "nothing"],
            "entity": ["", "capil", "", "", "", ""],
            "share": [0.5, 0.4, 0.2, 0.1, 0.01, 0.0],
        }
    )
    assert largest_inputs(ranking, 100, 12) == ["staff", "rent", "wage"]
    assert largest_inputs(ranking, 100, 1) == ["staff"]
    assert largest_inputs(ranking, 10_000, 12) == ["staff", "rent", "wage", "noise"]


def test_the_first_three_inputs_are_shown_even_if_they_may_be_chance():
    ranking = pd.DataFrame({"parameter": list("abcd"), "entity": "", "share": 0.01})
    assert largest_inputs(ranking, 20, 12) == ["a", "b", "c"]


def test_a_tornado_shows_both_ends_of_a_straight_line():
    """The outcome is three times the first input: 1 to 100 give medians of 5.5 and 95.5."""
    numbers = {"one": np.arange(1.0, 101), "other": np.tile([0.0, 1.0], 50)}
    table = tornado(["other", "one"], Values(numbers, 100), 3 * numbers["one"])
    first = table.iloc[0]
    assert first["parameter"] == "one"
    assert (first["input_low"], first["input_high"]) == (5.5, 95.5)
    assert (first["low"], first["high"], first["median"]) == (16.5, 286.5, 151.5)


def test_the_net_saving_is_zero_where_an_input_breaks_even(contoh):
    """At the break-even value of the rent, the merger neither saves nor costs."""
    plan = contoh.plans["merge-in-mawar"]
    names = ["sale_price_share", "guard_cost", "staff", "moving_cost_per_employee"]
    table = input_break_evens(contoh.city, plan, contoh.book, names).set_index("parameter")
    central = contoh.book.central()
    for name, row in table.iterrows():
        held = central.with_numbers({name: row["input_p50"]}) if name != "staff" else central
        if name != "staff":
            expected = float(plan_money(contoh.city, plan, held).net_saving)
            assert row["net_p50"] == pytest.approx(expected, rel=1e-3)
        if not np.isnan(row["break_even"]):
            at = central.with_numbers({name: row["break_even"]})
            assert abs(float(plan_money(contoh.city, plan, at).net_saving)) < 1e6


def test_an_input_that_cannot_turn_the_answer_says_so(contoh):
    plan = contoh.plans["new-building-in-seroja"]
    table = input_break_evens(contoh.city, plan, contoh.book, ["guard_cost", "discount_rate"])
    assert table[["break_even", "probability"]].isna().all().all()
    assert (table["net_p95"] < 0).all()


def test_a_break_even_within_the_range_is_found(contoh):
    """With a dear fit-out the merger stops paying: then its share has a break-even."""
    plan = contoh.plans["merge-in-mawar"]
    book = contoh.book
    row = input_break_evens(contoh.city, plan, book, ["remaining_value_share"]).iloc[0]
    assert row["net_p05"] < row["net_p50"] < row["net_p95"]


def test_every_vacated_building_has_a_fate_with_its_rule_cost_and_income(contoh, plans, values):
    table = vacated_buildings(contoh.city, plans, values).set_index(["plan", "building"])
    assert len(table) == sum(len(plan.situation(contoh.city).fates) for plan in plans)
    sold = table.loc[("merge-in-mawar", "jalan-melati-5")]
    assert (sold["fate"], sold["rule"]) == ("sold", "")
    assert sold["holding_p95"] == 0
    assert sold["income_p05"] > 0
    lent = table.loc[("new-building-in-seroja", "jalan-melati-5")]
    assert lent["holding_p05"] > 0
    assert lent["income_p95"] == 0


def test_the_table_of_fates_adds_up_to_the_result(contoh, result, values):
    """One vacated building: its income is the plan's."""
    table = vacated_buildings(contoh.city, [contoh.plans["merge-in-mawar"]], values)
    expected = np.quantile(result.level("asset_income", "merge-in-mawar"), (0.05, 0.5, 0.95))
    found = table.loc[0, ["income_p05", "income_p50", "income_p95"]].to_numpy(dtype=float)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_palembang_names_the_rule_of_every_building_that_is_left(palembang):
    values = palembang.book.sample(20, 1)
    plan = palembang.plans["2025-11-10-regrouping"]
    table = vacated_buildings(palembang.city, [plan], values)
    assert set(table["rule"]) == {"small", "other"}
    assert (table["fate"] == "kept").all()
    assert (table["reason_id"] != "").all()
