"""Which plan is best, by hand and against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from opdanalysis.errors import UsageError
from opdanalysis.experiment.choice import (
    CITY,
    CITY_AND_CITIZENS,
    Choice,
    best_plan_by_scenario,
    best_plan_table,
    choice_among,
    dominance,
)
from opdanalysis.experiment.run import run_experiment


def choice_of(*columns):
    ids = ("today", *"abcdefgh")[: len(columns)]
    return Choice("any", ids, {}, np.stack([np.asarray(c, dtype=float) for c in columns], axis=1))


@pytest.fixture(scope="module")
def result(contoh):
    scenarios = {id: scenario.beliefs for id, scenario in contoh.scenarios.items()}
    return run_experiment(contoh.city, list(contoh.plans.values()), contoh.book, scenarios, 60, 4)


def test_probability_and_regret_can_be_counted_by_hand():
    """Four draws: a wins in one, b in one, today in one, and a and b share one."""
    found = best_plan_table(choice_of([0, 0, 0, 0], [5, -1, -2, 3], [1, 4, -6, 3]))
    assert list(found["probability"]) == [0.25, 0.375, 0.375]
    # Regret today: 5, 4, 0, 3; of a: 0, 5, 2, 0; of b: 4, 0, 6, 0.
    assert list(found["regret"]) == [3, 1.75, 2.5]
    assert found["regret_p95"][0] == pytest.approx(np.quantile([5, 4, 0, 3], 0.95))
    assert found["error"][0] == pytest.approx(np.sqrt(0.25 * 0.75 / 4))
    assert list(found["benefit"]) == [0, 1.25, 0.5]


@pytest.mark.parametrize("seed", range(5))
def test_the_probability_is_that_of_the_closed_form_within_its_error(seed):
    """By hand: of N(1, 1) and N(0, 2) the first is larger with probability Phi(1 / sqrt(5))."""
    one, two = np.random.default_rng(seed).standard_normal((2, 4_000))
    found = best_plan_table(choice_of(1 + one, 2 * two))
    exact = norm.cdf(1 / np.sqrt(5))
    assert found["probability"][0] == pytest.approx(exact, abs=3.5 * found["error"][0])


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Agresti and Coull 1998: Wilson's interval covers 93 to 97% also for a rare event."""
    rng = np.random.default_rng(9)
    inside = []
    for _ in range(600):
        wins = np.where(rng.random(200) < 0.03, 1.0, -1.0)
        row = best_plan_table(choice_of(np.zeros(200), wins)).iloc[1]
        inside.append(row["low"] <= 0.03 <= row["high"])
    assert 0.925 <= np.mean(inside) <= 0.985


def test_an_option_that_is_never_best_may_still_be_best_sometimes():
    found = best_plan_table(choice_of(np.ones(100), np.zeros(100)))
    assert (found["low"][1], found["high"][0]) == pytest.approx((0, 1), abs=1e-12)
    assert found["high"][1] == pytest.approx(1.96**2 / (100 + 1.96**2), rel=1e-3)  # Wilson at 0


def test_probabilities_add_up_and_the_best_has_the_least_regret(result):
    for weights in (CITY, CITY_AND_CITIZENS):
        table = best_plan_by_scenario(result, weights)
        assert table.groupby("scenario")["probability"].sum().to_numpy() == pytest.approx(1)
        for _, own in table.groupby("scenario"):
            assert own["regret"].idxmin() == own["benefit"].idxmax()


def test_a_plan_that_never_differs_from_today_counts_as_today(result):
    choice = choice_among(result, CITY)
    assert choice.alike["letters-and-delegation"] == "today"
    assert "letters-and-delegation" not in choice.options
    assert (choice.benefit[:, 0] == 0).all()


def test_the_benefit_is_the_weighted_sum_of_gains(result):
    choice = choice_among(result, {"net_cost": 1.0, "citizen_cost": 0.5}, "compliant-wages")
    plan = "merge-in-mawar"
    expected = result.gain("net_cost", plan, "compliant-wages") + 0.5 * result.gain(
        "citizen_cost", plan, "compliant-wages"
    )
    np.testing.assert_allclose(choice.benefit[:, choice.options.index(plan)], expected)


def test_outcomes_of_different_units_are_not_added(result):
    with pytest.raises(UsageError) as told:
        choice_among(result, {"net_cost": 1.0, "access_minutes": 1.0})
    assert str(told.value) == "net_cost, access_minutes cannot be added: Rp/year, minute."


def orders(choice):
    return {(row.plan, row.other): row.order for row in dominance(choice).itertuples()}


def test_dominance_can_be_seen_by_hand():
    """Sorted: a 1, 2, 3; b 1, 2, 4 (first order over a); c 0, 3, 4: no order with a or b but that
    b's worst sums 1, 3, 7 are at or above c's 0, 3, 7 (second order).
    """
    found = orders(choice_of([0, 0, 0], [1, 2, 3], [2, 4, 1], [4, 0, 3]))
    assert found == {
        ("a", "today"): "draws",
        ("b", "today"): "draws",
        ("c", "today"): "draws",
        ("b", "a"): "first",
        ("b", "c"): "second",
    }


def test_a_mean_preserving_spread_is_dominated_in_second_order():
    """Rothschild and Stiglitz 1970: more spread around the same mean is worse for the cautious."""
    calm = np.random.default_rng(2).standard_normal(500)
    spread = calm.mean() - 1e-9 + 2 * (calm - calm.mean())
    assert orders(choice_of(calm, spread)) == {("today", "a"): "second"}


@settings(max_examples=60, deadline=None)
@given(arrays(float, (12, 3), elements=st.integers(-4, 4)))
def test_a_stricter_order_has_all_that_a_weaker_one_has(benefit):
    choice = Choice("any", ("today", "a", "b"), {}, benefit)
    for row in dominance(choice).itertuples():
        one, two = (benefit[:, choice.options.index(id)] for id in (row.plan, row.other))
        assert one.mean() >= two.mean() - 1e-12
        assert one.min() >= two.min()
        if row.order != "second":
            assert (np.sort(one) >= np.sort(two)).all()
