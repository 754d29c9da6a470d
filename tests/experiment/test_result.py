"""What came out: gains that mean better, quantiles that anyone can redo, and known names."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.experiment.building_costs import building_costs
from opdanalysis.experiment.run import run_experiment
from opdanalysis.models.operating_cost import LINES, operating_cost
from opdanalysis.outcomes import OUTCOMES

DRAWS = 101


@pytest.fixture(scope="module")
def result(contoh):
    scenarios = {id: scenario.beliefs for id, scenario in contoh.scenarios.items()}
    plans = list(contoh.plans.values())
    return run_experiment(contoh.city, plans, contoh.book, scenarios, DRAWS, 0)


def test_a_gain_is_positive_when_a_cost_falls_and_when_contacts_rise(result):
    """The merger leaves and sells a building, and 660 of 1,000 contacts are under one roof."""
    for outcome, sign in (("operating_cost", -1), ("contacts_one_roof", 1)):
        today = result.level(outcome, "today")
        merged = result.level(outcome, "merge-in-mawar")
        gain = result.gain(outcome, "merge-in-mawar")
        np.testing.assert_allclose(gain, sign * (merged - today), atol=1e-6)
        assert np.median(gain) > 0


SPENT = (
    *("cost", "annuity", "partner_value", "hours", "km", "minutes", "ede", "gini", "farther"),
    *("overfull", "short", "need", "gas", "trips", "days", "given_up"),
)
"""What stands in the ids of outcomes of which less is better."""


def test_every_outcome_says_which_direction_is_better(result):
    for id, outcome in OUTCOMES.items():
        assert result.outcome(id) is outcome
        assert (outcome.better, outcome.sign) in {("lower", -1), ("higher", 1)}
        spent = any(word in id for word in SPENT)
        assert (outcome.better == "lower") == spent, id


def test_a_gain_in_cost_is_the_sum_of_the_four_kinds_of_saving(result):
    for plan in result.plan_ids[1:]:
        kinds = [k for k in OUTCOMES if k.startswith("saving_")]
        together = sum(result.level(kind, plan) for kind in kinds)
        np.testing.assert_allclose(together, result.gain("operating_cost", plan), atol=1)


def test_the_lines_add_up_to_the_cost(result):
    for plan in result.plan_ids:
        lines = sum(result.level(f"cost_{line}", plan) for line in LINES)
        np.testing.assert_allclose(lines, result.level("operating_cost", plan), rtol=1e-12)


def test_the_announced_cost_has_eight_lines(result):
    """Office boys, security, upkeep, electricity, water, internet, routine needs, cleaning."""
    beyond = ("equipment", "rent", "holding")
    rest = sum(result.level(f"cost_{line}", "today") for line in beyond)
    announced = result.level("operating_cost", "today") - rest
    np.testing.assert_allclose(result.level("announced_cost", "today"), announced, rtol=1e-12)


def test_quantiles_are_those_of_numpy_on_the_table_of_all_draws(result):
    table = result.to_frame(["operating_cost", "contacts_walk"]).sort_index()
    quantiles = result.quantiles(["operating_cost", "contacts_walk"])
    assert len(quantiles) == len(result.scenarios) * len(result.plans) * 2
    for row in quantiles.itertuples():
        draws = table.loc[(row.scenario, row.plan), row.outcome]
        assert len(draws) == DRAWS
        expected = np.quantile(draws, [0.05, 0.5, 0.95])
        np.testing.assert_array_equal([row.p05, row.p50, row.p95], expected)
        assert row.unit == OUTCOMES[row.outcome].unit


def test_quantiles_of_gains_leave_today_out(result):
    quantiles = result.quantiles(["operating_cost"], "as-budgeted", True, (0.1, 0.9))
    assert list(quantiles["plan"]) == list(result.plan_ids[1:])
    for row in quantiles.itertuples():
        expected = np.quantile(result.gain("operating_cost", row.plan, "as-budgeted"), [0.1, 0.9])
        np.testing.assert_array_equal([row.p10, row.p90], expected)


def test_the_table_of_all_draws_has_a_row_for_each_scenario_plan_and_draw(result):
    table = result.to_frame()
    assert list(table.columns) == list(OUTCOMES)
    assert table.index.names == ["scenario", "plan", "draw"]
    assert table.shape[0] == len(result.scenarios) * len(result.plans) * DRAWS
    seventh = table.loc[("compliant-wages", "merge-in-mawar", 7), "operating_cost"]
    assert seventh == result.level("operating_cost", "merge-in-mawar", "compliant-wages")[7]


def test_without_a_scenario_the_first_is_meant(result):
    first = result.level("operating_cost", "today", result.scenarios[0])
    np.testing.assert_array_equal(result.level("operating_cost", "today"), first)


UNKNOWN = {
    "plan": (
        lambda r: r.gain("operating_cost", "merge-in-mawr"),
        "plan 'merge-in-mawr' is not in the result. Did you mean 'merge-in-mawar'?",
    ),
    "outcome": (
        lambda r: r.level("operating_costs", "today"),
        "outcome 'operating_costs' is not in the result. Did you mean 'operating_cost'?",
    ),
    "outcome of a table": (
        lambda r: r.to_frame(["contacts_one_rof"]),
        "outcome 'contacts_one_rof' is not in the result. Did you mean 'contacts_one_roof'?",
    ),
    "scenario": (
        lambda r: r.quantiles(["operating_cost"], "as-budgetted"),
        "scenario 'as-budgetted' is not in the result. Did you mean 'as-budgeted'?",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_name_is_answered_with_the_nearest(result, what):
    ask, message = UNKNOWN[what]
    with pytest.raises(UsageError) as refusal:
        ask(result)
    assert str(refusal.value) == message


def test_numbers_of_a_result_cannot_be_written_over(result):
    with pytest.raises(ValueError, match="read-only"):
        result.level("operating_cost", "today")[0] = 0


def test_a_notebook_is_told_how_many_draws(result):
    assert "4 plans, 3 scenarios, 101 draws, seed 0." in result._repr_html_()


def test_the_cost_of_each_building_is_that_of_the_model(contoh):
    """Quantiles over draws, building by building; the total is taken draw by draw."""
    draws = contoh.book.sample(40, 0)
    costs = building_costs(contoh.city, draws).set_index(["building", "line"])
    assert set(costs.index.levels[0]) == contoh.city.today.occupied
    lines = operating_cost(contoh.city, contoh.city.today, draws, {})
    for building in contoh.city.today.occupied:
        place = contoh.city.building_order[building]
        of_building = {line: lines[line][:, place] for line in ("electricity", "rent")}
        of_building["total"] = sum(cost[:, place] for cost in lines.values())
        for line, cost in of_building.items():
            expected = np.quantile(cost, [0.05, 0.5, 0.95])
            found = costs.loc[(building, line), ["p05", "p50", "p95"]]
            np.testing.assert_allclose(list(found), expected, rtol=1e-12)
