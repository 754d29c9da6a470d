"""How many observations a question needs agrees with statsmodels and with a worked example."""

from __future__ import annotations

import math

import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower

from opdanalysis.methods.sample_size import observations_for_share, observations_per_group


@pytest.mark.parametrize(("difference", "spread"), [(0.2, 1.2), (3.0, 12.0), (-0.5, 0.4)])
def test_two_groups_need_what_statsmodels_says(difference, spread):
    exact = NormalIndPower().solve_power(
        effect_size=abs(difference) / spread, alpha=0.05, power=0.8
    )
    assert observations_per_group(difference, spread, 0.05, 0.8) == math.ceil(exact)


def test_student_asks_for_one_or_two_more():
    by_t = TTestIndPower().solve_power(effect_size=0.25, alpha=0.05, power=0.8)
    assert 0 <= math.ceil(by_t) - observations_per_group(0.25, 1.0, 0.05, 0.8) <= 2


@pytest.mark.parametrize(("ratio", "expected"), [(1.2, 679), (1.1, 2486)])
def test_letters_need_the_numbers_that_were_published(ratio, expected):
    """Letters per group at a log standard deviation of 1.2, worked with z = 1.96 and 0.84."""
    found = observations_per_group(math.log(ratio), 1.2, 0.05, 0.8)
    assert found == pytest.approx(expected, rel=0.003)


def test_a_share_within_five_points_needs_385():
    """The number that every textbook on surveys prints (Cochran 1977)."""
    assert observations_for_share(0.05, 0.05) == 385


@pytest.mark.parametrize(("difference", "spread"), [(0, 1), (1, 0)])
def test_nothing_cannot_be_found(difference, spread):
    with pytest.raises(ValueError, match="neither may be zero"):
        observations_per_group(difference, spread, 0.05, 0.8)


def test_a_share_is_told_within_a_part_of_one():
    with pytest.raises(ValueError, match="a part of one is needed"):
        observations_for_share(5, 0.05)
