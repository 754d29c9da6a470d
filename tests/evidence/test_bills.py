"""The cost function, its outliers and forecast, and what is believed after measuring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.evidence.bills import DRIVERS, Bills, BuildingCosts
from opdanalysis.evidence.records_to_beliefs import intensity, mean_by_agency
from opdanalysis.evidence.shrinkage import Measured, shrunk, wider
from opdanalysis.evidence.synthetic_bills import BILL_LESSON, invented_buildings, synthetic_bills
from opdanalysis.parameters.distribution import Z95, Distribution
from opdanalysis.parameters.parameter import Parameter

BUILDINGS = invented_buildings(40, 3)
BILLS = synthetic_bills(BUILDINGS, (2024, 2025), BILL_LESSON, 5)
SOUND = synthetic_bills(BUILDINGS, (2024, 2025), replace(BILL_LESSON, wrong_buildings=0), 5)


def belief(distribution: Distribution) -> Parameter:
    return Parameter("x", "", 1.0, "1", distribution, "judgement", (), "", "bills")


def test_a_year_with_missing_months_is_brought_to_twelve():
    rows = [("a", 2025, month, "water", 10.0, np.nan) for month in range(1, 10)]
    rows += [("b", 2025, month, "water", 10.0, np.nan) for month in range(1, 6)]
    table = pd.DataFrame(rows, columns=["building", "year", "month", "line", "rupiah", "kwh"])
    known = pd.DataFrame({"building": ["a", "b"], "floor_area_m2": [1.0, 2.0]})
    yearly = Bills(table, known).yearly("water", "rupiah")
    assert yearly[["building", "amount", "months"]].values.tolist() == [["a", 120.0, 9]]


def test_the_cost_function_is_that_of_statsmodels_with_uneven_spread():
    fit = BuildingCosts(SOUND, "electricity", "kwh", DRIVERS, "ols").fit()
    data = SOUND.yearly("electricity", "kwh")
    design = sm.add_constant(np.log(data[list(DRIVERS)]))
    theirs = sm.OLS(np.log(data["amount"]), design).fit(cov_type="HC3", use_t=True)
    assert np.allclose(fit.params, theirs.params)
    assert np.allclose(fit.conf_int(), theirs.conf_int())


@pytest.mark.parametrize("kind", ["ols", "robust", "quantile"])
def test_the_invented_elasticities_are_found_again(kind):
    fit = BuildingCosts(SOUND, "electricity", "kwh", ("floor_area_m2", "staff"), kind).fit()
    truth = [BILL_LESSON.area_elasticity, BILL_LESSON.staff_elasticity]
    assert (np.abs(fit.params.iloc[1:] - truth) < 3.5 * fit.bse.iloc[1:]).all()


def test_the_building_with_the_wrong_meter_is_named():
    fit = BuildingCosts(BILLS, "electricity", "kwh", ("floor_area_m2", "staff"), "ols").fit()
    clean = BuildingCosts(SOUND, "electricity", "kwh", ("floor_area_m2", "staff"), "ols").fit()
    both = BILLS.yearly("electricity", "kwh")["amount"]
    wrong = (both / SOUND.yearly("electricity", "kwh")["amount"]).idxmax()
    assert fit.outliers()["building"].tolist() == [BUILDINGS["building"][wrong]]
    assert fit.outliers()["times"].iloc[0] > 2.5
    assert clean.outliers().empty


def test_robust_weights_bear_a_wrong_bill_better():
    wrong, right = (
        [BuildingCosts(bills, "electricity", "kwh", ("floor_area_m2",), kind).fit() for bills in
         (BILLS, SOUND)] for kind in ("ols", "robust")
    )  # fmt: skip
    moved = [abs(a.params["const"] - b.params["const"]) for a, b in (wrong, right)]
    assert moved[1] < moved[0]


def test_a_forecast_beyond_what_was_seen_says_so():
    fit = BuildingCosts(SOUND, "electricity", "kwh", ("floor_area_m2", "staff"), "ols").fit()
    new = pd.DataFrame({"floor_area_m2": [1500.0, 90_000.0], "staff": [120.0, 130.0]})
    found = fit.forecast(new)
    assert found["beyond"].tolist() == [False, True]
    assert (found["low"] < found["median"]).all()
    assert (found["median"] < found["mean"]).all()
    assert found["high"][1] / found["low"][1] > found["high"][0] / found["low"][0]


def test_too_few_buildings_are_refused():
    few = replace(BILLS, buildings=BUILDINGS.iloc[:6])
    with pytest.raises(UsageError, match="6 buildings have bills for half a year or more"):
        BuildingCosts(few, "electricity", "kwh", DRIVERS, "ols").fit()


def test_an_unknown_line_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"no line 'electrisity'\. Did you mean 'electricity'"):
        BILLS.yearly("electrisity", "kwh")


@given(st.floats(-2, 2), st.floats(0.05, 2), st.floats(0.1, 3))
def test_a_shrunk_estimate_lies_between_both_and_knows_more(value, error, spread):
    prior = belief(Distribution("pert", low=-spread, mode=0, high=spread))
    found = shrunk(Measured(value, error, False), prior)
    low, high = sorted((0.0, value))
    assert low - 1e-9 <= found.value <= high + 1e-9
    assert found.error < error
    assert 0 < found.kept < 1


def test_an_equal_belief_halves_the_distance():
    prior = belief(Distribution("quantiles", p05=np.exp(-Z95), p50=1, p95=np.exp(Z95)))
    found = shrunk(Measured(1.0, 1.0, True), prior)
    assert found.value == pytest.approx(0.5)
    assert found.error == pytest.approx(np.sqrt(0.5))


def test_nothing_is_drawn_towards_a_fixed_number():
    with pytest.raises(UsageError, match="'x' has no range"):
        shrunk(Measured(0.1, 0.1, False), belief(Distribution("fixed")))


@pytest.mark.parametrize("logarithm", [True, False])
def test_a_measurement_as_a_belief_keeps_its_5_and_95(logarithm):
    measured = Measured(0.3, 0.1, logarithm)
    low, _, high = measured.interval
    assert measured.distribution().interval(0.0) == pytest.approx((low, high), rel=2e-3)


def test_few_degrees_of_freedom_make_a_belief_wider():
    assert wider(1.0, 3) > wider(1.0, 30) > wider(1.0, 10_000) > 1


def test_intensity_is_all_by_all():
    found = intensity(np.array([100.0, 300.0]), np.array([1.0, 3.0]))
    assert np.exp(found.value) == pytest.approx(100)
    assert found.error == pytest.approx(0, abs=1e-12)


def test_letters_of_one_agency_count_once_in_the_error():
    values, agency = np.array([1.0] * 50 + [3.0] * 50), np.repeat([0, 1], 50)
    mean, error = mean_by_agency(values, agency)
    assert mean == 2
    assert error > 10 * values.std() / np.sqrt(100) / 2
