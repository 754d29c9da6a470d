"""What it is worth to know more: ceilings, floors, and what enters a group."""

import numpy as np
import pytest

from opdanalysis.experiment.choice import CITY, Choice, choice_among
from opdanalysis.experiment.information import EVERYTHING, group_inputs, information_values
from opdanalysis.experiment.run import run_experiment
from opdanalysis.models.present_value import annuity_factor
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.reading.input_groups import read_input_groups

DRAWS = 1_000


@pytest.fixture(scope="module")
def values(contoh):
    return contoh.book.sample(DRAWS, 3)


@pytest.fixture(scope="module")
def groups(contoh):
    return grouped(read_input_groups(contoh.book), contoh.book)


def planted(values, *names):
    """A choice between nothing and a plan that gains with each of the named inputs."""
    scores = [(values[name] - values[name].mean()) / values[name].std() for name in names]
    benefit = 1e9 * np.sum(scores, axis=0)
    return Choice("any", ("today", "a"), {}, np.stack([0 * benefit, benefit], axis=1))


def test_the_group_that_decides_is_worth_all_of_perfect_information(contoh, values, groups):
    found = information_values(planted(values, "guard_cost"), contoh.book, values, groups)
    assert list(found["group"][:2]) == [EVERYTHING, "wages"]
    whole, wages = found.iloc[0], found.iloc[1]
    assert wages["value"] == pytest.approx(whole["value"], rel=0.05)
    assert wages["reached"] == pytest.approx(whole["value"], rel=0.01)
    assert found["reached"][2:].abs().max() < 0.15 * whole["value"]


def test_no_group_is_worth_more_than_everything_beyond_error(palembang):
    """Raiffa and Schlaifer 1961: a part of the information is worth no more than the whole."""
    groups = grouped(read_input_groups(palembang.book), palembang.book)
    plans = [plan for plan in palembang.plans.values() if plan.clusters]
    result = run_experiment(palembang.city, plans, palembang.book, {"any": {}}, 250, 1)
    values = palembang.book.sample(250, 1)
    found = information_values(choice_among(result, CITY), palembang.book, values, groups)
    whole, parts = found.iloc[0], found.iloc[1:]
    errors = np.hypot(parts["error"], whole["error"])
    assert (parts["value"] <= whole["value"] + 3 * errors).all()
    assert (parts["reached"] <= whole["value"] + 1e-6).all()
    assert set(found["group"]) == {EVERYTHING, *groups}


def test_a_measurement_paid_once_may_cost_ten_years_of_its_worth(contoh, values, groups):
    """The annuity factor at (1 + 10%) / (1 + inflation) - 1, as `numpy_financial.pv` has it."""
    import numpy_financial

    found = information_values(planted(values, "guard_cost"), contoh.book, values, groups).iloc[0]
    book = contoh.book
    rate = (1 + book["discount_rate"].value) / (1 + book["expected_inflation"].value) - 1
    assert found["once"] / found["value"] == pytest.approx(-numpy_financial.pv(rate, 10, 1))
    assert found["once"] / found["value"] == pytest.approx(annuity_factor(rate, 10))


def test_where_one_plan_is_always_best_nothing_is_worth_knowing(contoh, values, groups):
    benefit = np.stack([np.zeros(DRAWS), 1 + values["guard_cost"]], axis=1)
    choice = Choice("any", ("today", "a"), {}, benefit)
    found = information_values(choice, contoh.book, values, groups)
    assert found["value"].iloc[0] == 0
    assert (found["value"] < 1e-3 * benefit[:, 1].mean()).all()
    assert (found["reached"] <= 0).all()


def test_a_column_enters_as_its_sum_and_its_entries(contoh, values):
    inputs, entries = group_inputs(
        contoh.book, values, ["guard_cost", "guard_posts", "lift_floors"]
    )
    assert inputs.shape[1] == 2  # one number that varies, and one sum
    np.testing.assert_array_equal(inputs[:, 1], values["guard_posts"].sum(axis=1))
    varying = np.ptp(values["guard_posts"], axis=0) > 0
    np.testing.assert_array_equal(entries, values["guard_posts"][:, varying])


def test_of_a_long_column_the_widest_entries_enter(palembang):
    values = palembang.book.sample(5, 1)
    inputs, entries = group_inputs(palembang.book, values, ["contacts_per_year"])
    vector = palembang.book["contacts_per_year"]
    assert (inputs.shape[1], entries.shape[1]) == (1, 120)
    spread = np.sort(vector.highs - vector.lows)
    chosen = [
        (values["contacts_per_year"] == column[:, None]).all(axis=0).argmax()
        for column in entries.T
    ]
    assert min((vector.highs - vector.lows)[chosen]) >= spread[-121]
