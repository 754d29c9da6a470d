"""The list of what to measure first names the input that was planted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from opdanalysis.experiment.ranking import measure_first

DRAWS = 500


@pytest.fixture(scope="module")
def values(contoh):
    return contoh.book.sample(DRAWS, 3)


def test_a_planted_driver_comes_first(contoh, values):
    ranking = measure_first(contoh.book, values, -(values["guard_cost"] ** 3))
    first = ranking.iloc[0]
    assert (first["parameter"], first["entity"]) == ("guard_cost", "")
    assert first["correlation"] == pytest.approx(-1)
    assert first["share"] == pytest.approx(1)
    assert ranking["share"].iloc[1] < 0.2


def test_a_planted_entity_comes_first(contoh, values):
    place = contoh.city.building_order["jalan-melati-5"]
    ranking = measure_first(contoh.book, values, np.log(values["floor_area_m2"][:, place]))
    first = ranking.iloc[0]
    assert (first["parameter"], first["entity"]) == ("floor_area_m2", "jalan-melati-5")
    assert first["correlation"] == pytest.approx(1)


def test_a_planted_sum_comes_first_as_a_column(contoh, values):
    ranking = measure_first(contoh.book, values, values["staff"].sum(axis=1))
    assert tuple(ranking.iloc[0][["parameter", "entity"]]) == ("staff", "")


def test_of_two_planted_drivers_the_stronger_comes_first(contoh, values):
    strong, weak = (
        stats.zscore(values[name]) for name in ("electricity_intensity", "working_days")
    )
    ranking = measure_first(contoh.book, values, 3 * strong + weak)
    assert list(ranking["parameter"][:2]) == ["electricity_intensity", "working_days"]


def test_correlations_are_those_of_spearman(contoh, values):
    """scipy.stats.spearmanr."""
    outcome = values["office_rent"] + values["mall_rent"]
    ranking = measure_first(contoh.book, values, outcome).set_index(["parameter", "entity"])
    for name in ("office_rent", "mall_rent", "guard_cost"):
        expected = stats.spearmanr(values[name], outcome).statistic
        assert ranking.loc[(name, ""), "correlation"] == pytest.approx(expected, abs=1e-12)


def test_what_never_varies_explains_nothing(contoh, values):
    ranking = measure_first(contoh.book, values, values["guard_cost"])
    fixed = ranking[ranking["parameter"] == "guards_per_post"]
    assert list(fixed["share"]) == [0]
    constant = measure_first(contoh.book, values, np.ones(DRAWS))
    assert (constant["share"] == 0).all()


def test_every_input_has_a_row_with_topic_and_evidence(contoh, values):
    ranking = measure_first(contoh.book, values, values["guard_cost"])
    entities = sum(1 + len(vector.entities) for vector in contoh.book.vectors)
    assert len(ranking) == len(contoh.book.scalars) + entities
    assert not ranking.duplicated(["parameter", "entity"]).any()
    first = ranking.iloc[0]
    assert (first["topic"], first["evidence"]) == ("operating_cost", "reported")
