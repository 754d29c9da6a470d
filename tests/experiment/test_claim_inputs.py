"""What is said to turn an answer does turn it, and nothing smaller does."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.experiment.claim_inputs import (
    ENDS,
    claim_inputs,
    turning_point,
    uncertain,
    worlds_at,
)
from opdanalysis.experiment.claims import measured
from opdanalysis.experiment.run import every_draw
from opdanalysis.parameters.sampling import quantiles_of
from opdanalysis.plans.plan import TODAY


@pytest.fixture(scope="module")
def inputs(contoh):
    return claim_inputs(contoh.city, list(contoh.plans.values()), contoh.book, contoh.claims)


def amounts_at(known, claim: str, points):
    test = next(c.test for c in known.claims if c.id == claim)
    values = worlds_at(known.book, points)
    levels = every_draw(known.city, [TODAY, known.plans[test.plan]], values, test.outcomes)
    now, then = ({id: level[row] for id, level in levels.items()} for row in (0, 1))
    return test, measured(test, now, then)


def test_a_world_moves_only_what_its_point_names(contoh):
    values, central = worlds_at(contoh.book, [{}, {"staff": 0.95}]), contoh.book.central()
    np.testing.assert_array_equal(values["staff"][0], central["staff"])
    np.testing.assert_allclose(values["staff"][1], contoh.book["staff"].highs)
    np.testing.assert_array_equal(values["guard_cost"], [central["guard_cost"]] * 2)


def test_the_smallest_set_turns_the_answer_and_no_single_input_does(contoh, inputs):
    row = inputs.turning.set_index("claim").loc["k01"]
    point = {name: ENDS[end] for name, end in zip(row["inputs"], row["ends"], strict=True)}
    assert len(point) == 2
    alone = [{name: u} for name in uncertain(contoh.book) for u in ENDS.values()]
    test, amounts = amounts_at(contoh, "k01", [{}, point, *alone])
    assert (test.holds(amounts[0]), test.holds(amounts[1])) == (row["holds"], not row["holds"])
    assert (test.holds(amounts[2:]) == row["holds"]).all()
    assert amounts[0] == pytest.approx(row["middle"])
    assert amounts[1] == pytest.approx(row["amount"])


def test_where_nothing_turns_an_answer_the_farthest_amount_says_so(contoh, inputs):
    row = inputs.turning.set_index("claim").loc["k02"]
    assert row["inputs"] == ()
    assert np.isnan(row["amount"])
    assert row["middle"] < row["farthest"] < 0


def test_the_strongest_inputs_come_with_their_ends(contoh, inputs):
    own = inputs.break_evens[inputs.break_evens["claim"] == "k01"]
    name = own["parameter"].iloc[0]
    _, amounts = amounts_at(contoh, "k01", [{name: u} for u in ENDS.values()])
    np.testing.assert_allclose(own.iloc[0][["at_p05", "at_p95"]].to_numpy(float), amounts)
    assert (own["way"] > 1).all()
    assert own["break_even"].isna().all()


@pytest.mark.parametrize(
    ("margins", "expected"),
    [
        ([-2.0, -1.0, 1.0, 2.0], 2.5),
        ([2.0, 1.0, -1.0, -2.0], 2.5),
        ([1.0, 2.0, 3.0, 4.0], np.nan),
        # What cannot fall below nothing: the line through (3, -1) and (4, -3) meets zero at 2.5.
        ([0.0, 0.0, -1.0, -3.0], 2.5),
        ([-3.0, -1.0, 0.0, 0.0], 2.5),
    ],
)
def test_an_answer_turns_where_its_margin_meets_zero(margins, expected):
    margins = np.array(margins)
    found = turning_point(np.array([1.0, 2.0, 3.0, 4.0]), margins, margins >= 0)
    assert found == pytest.approx(expected, nan_ok=True)


def test_the_value_at_which_a_claim_turns_brings_it_to_its_amount(palembang):
    """c06: with that much floor area, or so many guard posts, the eight lines save 10 billion."""
    plans = [palembang.plans["2026-02-12-as-done"]]
    found = claim_inputs(palembang.city, plans, palembang.book, palembang.claims)
    rows = found.break_evens[found.break_evens["claim"] == "c06"].dropna(subset="break_even")
    assert len(rows)
    row = rows.iloc[0]
    chances = np.linspace(0.01, 0.99, 99)
    sums = quantiles_of(palembang.book[row["parameter"]], chances).sum(axis=1)
    chance = float(np.interp(row["break_even"], sums, chances))
    test, amounts = amounts_at(palembang, "c06", [{row["parameter"]: chance}])
    assert amounts[0] == pytest.approx(test.amount, rel=0.05)
