"""The mean distance from a disc to a point: known constants, and integrals done by numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad

from opdanalysis.methods.disc_distance import SMALL, disc_distance


@pytest.mark.parametrize(("distance", "mean"), [(0.0, 2 / 3), (1.0, 32 / (9 * np.pi))])
def test_middle_and_rim_have_their_known_constants(distance, mean):
    """From the middle 2 x the integral of r^2; from the rim chords of 2 cos(t) in every direction
    t give the integral of (2 cos t)^3 / 3 over half a turn, divided by pi.
    """
    assert disc_distance(distance, 1.0) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("distance", [0.3, 0.9, 1.1, 2.0, 5.0])
def test_the_closed_form_is_the_integral(distance):
    def gap(angle, radius):
        return radius * np.hypot(radius * np.cos(angle) - distance, radius * np.sin(angle))

    total, _ = dblquad(gap, 0, 1, 0, np.pi, epsabs=1e-9)
    assert disc_distance(distance, 1.0) == pytest.approx(2 * total / np.pi, rel=1e-6)


def test_far_away_the_series_takes_over_without_a_step():
    edge = 1 / np.sqrt(SMALL)
    near, far = disc_distance(np.array([edge * (1 - 1e-9), edge * (1 + 1e-9)]), 1.0)
    assert near == pytest.approx(far, rel=1e-8)
    assert far == pytest.approx(edge + 1 / (8 * edge), rel=1e-8)


def test_a_disc_without_radius_is_a_point():
    assert disc_distance(np.array([0.0, 3.5]), 0.0) == pytest.approx([0.0, 3.5])


@given(st.floats(0, 50), st.floats(0, 20), st.floats(0.1, 10))
def test_spread_homes_are_never_nearer_than_their_middle(distance, radius, factor):
    found = disc_distance(distance, radius)
    assert max(distance, 2 / 3 * radius) - 1e-9 <= found <= distance + radius
    scaled = disc_distance(factor * distance, factor * radius)
    assert scaled == pytest.approx(factor * found, rel=1e-9, abs=1e-12)
