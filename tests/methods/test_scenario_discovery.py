"""Boxes that were planted must be found again."""

import numpy as np
import pytest

from opdanalysis.methods.scenario_discovery import PeelingRules, discover_box

RULES = PeelingRules(share=0.05, least_mass=0.03, chance=0.001)


@pytest.mark.parametrize("seed", range(10))
def test_a_planted_box_is_found(seed):
    """Ten cases: two or three of eight inputs decide, with noise inside and outside."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((4_000, 8))
    decide = rng.choice(8, size=2 + seed % 2, replace=False)
    low = rng.uniform(0.15, 0.4, size=len(decide)) * (rng.random(len(decide)) < 0.5)
    high = np.where(low > 0, 1, rng.uniform(0.5, 0.7, size=len(decide)))
    planted = ((inputs[:, decide] >= low) & (inputs[:, decide] <= high)).all(axis=1)
    cases = np.where(planted, rng.random(4_000) < 0.95, rng.random(4_000) < 0.05)
    box = discover_box(inputs, [f"x{i}" for i in range(8)], cases, RULES)
    assert {limit.name for limit in box.limits} == {f"x{i}" for i in decide}
    for column, at_least, at_most in zip(decide, low, high, strict=True):
        found = next(limit for limit in box.limits if limit.name == f"x{column}")
        assert found.low == pytest.approx(at_least, abs=0.05)
        assert found.high == pytest.approx(at_most, abs=0.05)
    assert box.density > 0.85
    assert box.coverage > 0.75


def test_chance_alone_gives_no_box():
    rng = np.random.default_rng(3)
    found = discover_box(rng.random((2_000, 5)), list("abcde"), rng.random(2_000) < 0.3, RULES)
    assert found is None or found.coverage < 0.2


def test_numbers_of_a_box_can_be_counted_by_hand():
    """100 draws of one input; the cases are the 30 largest. A step cuts a twentieth."""
    inputs = np.arange(100.0)[:, None]
    (limit,) = (box := discover_box(inputs, ["x"], inputs[:, 0] >= 70, RULES)).limits
    assert limit.low in (69, 70, 71)
    assert limit.high == 99
    inside = 100 - limit.low
    assert box.coverage == pytest.approx(min(inside, 30) / 30)
    assert box.density == pytest.approx(min(inside, 30) / inside)
    assert box.mass == pytest.approx(inside / 100)


def test_where_all_or_none_are_cases_there_is_nothing_to_discover():
    inputs = np.random.default_rng(1).random((50, 2))
    assert discover_box(inputs, ["a", "b"], np.ones(50, bool), RULES) is None
    assert discover_box(inputs, ["a", "b"], np.zeros(50, bool), RULES) is None


def test_shapes_that_do_not_agree_are_refused():
    with pytest.raises(ValueError, match=r"inputs are \(5, 2\), expected \(5, 3\)"):
        discover_box(np.zeros((5, 2)), ["a", "b", "c"], np.zeros(5, bool), RULES)
