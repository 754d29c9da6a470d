"""Times without a grid: exact sums and loops, and the longest of several held against the grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.methods.lead_time_grid import Grid, branch, parallel, rework, series
from opdanalysis.methods.lead_time_laws import (
    NOTHING,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    WaitForNext,
)
from opdanalysis.methods.lead_time_longest import (
    KINDS,
    Kinds,
    branched,
    in_series,
    longest_of,
    reworked,
)
from opdanalysis.methods.lead_time_moments import Moments, one_of, repeated, sum_of

GRID = Grid(lost_share=1e-3)
NAMES = ("mean", "variance", "third", "fourth")

hours = st.floats(0.5, 12)
laws = st.one_of(
    st.builds(Exponential, hours),
    st.builds(Gamma, hours, st.floats(0.3, 1.3)),
    st.builds(Lognormal, hours, st.floats(0.3, 1.0)),
    st.builds(WaitForNext, hours, st.floats(0, 1)),
)


def time(law):
    return Kinds.one(law.moments)


def cumulants(duration):
    """Mean and further cumulants of a time on a grid."""
    points = duration.grid.hours
    mean = duration.shares @ points
    variance, third, fourth = (duration.shares @ (points - mean) ** n for n in (2, 3, 4))
    return Moments(mean, variance, third, fourth - 3 * variance**2)


def assert_near(one, other, tolerance):
    for name in NAMES:
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=tolerance), name


def test_raw_moments_lead_back_to_the_cumulants():
    moments = Gamma(6.0, 0.7).moments
    assert_near(Moments.from_raw(*moments.raw), moments, 1e-9)


def test_a_geometric_sum_of_exponentials_is_exponential():
    """First pass and all further ones together have the moments of the mean divided by 1 - r."""
    part = Exponential(6.0).moments
    assert_near(sum_of([part, repeated(part, 0.4)]), Exponential(10.0).moments, 1e-12)


def test_a_loop_has_the_moments_that_the_grid_gives_it():
    first, again = Gamma(5.0, 0.7), Exponential(7.0)
    on_grid = rework(GRID.duration(first), GRID.duration(again), 0.35)
    found = reworked(time(first), time(again), 0.35)
    assert_near(found.moments, cumulants(on_grid), 2e-3)
    assert_near(found.moments, sum_of([first.moments, repeated(again.moments, 0.35)]), 1e-12)


def test_a_branch_has_the_moments_that_the_grid_gives_it():
    parts = [Gamma(5.0, 0.7), Fixed(20.0)]
    on_grid = branch([0.3, 0.5], [GRID.duration(law) for law in parts])
    found = branched([0.3, 0.5], [time(law) for law in parts])
    assert found.shares == pytest.approx((0.3, 0.5, 0.2))
    assert_near(found.moments, cumulants(on_grid), 2e-3)


def test_merging_kinds_of_cases_changes_no_moment():
    """Three reviews in series make eight kinds, of which four at most are kept apart."""
    review = reworked(time(Gamma(5.0, 0.7)), time(Exponential(30.0)), 0.1)
    found = in_series([time(Exponential(2.0)), review, review, review])
    assert len(found.parts) == KINDS
    assert_near(found.moments, sum_of([Exponential(2.0).moments, *[review.moments] * 3]), 1e-9)


def test_a_branch_of_many_routes_is_merged():
    parts = [Fixed(float(n)) for n in range(6)]
    found = branched([0.1] * 6, [time(law) for law in parts])
    assert len(found.parts) == 1
    assert_near(found.moments, one_of([0.1] * 6, [law.moments for law in parts]), 1e-12)


def test_the_longest_of_three_exponentials_has_its_known_moments():
    """It is a sum of exponentials with means 8, 4 and 8/3 (Renyi 1953)."""
    found = longest_of([time(Exponential(8.0))] * 3)
    parts = sum_of([Exponential(8.0 / n).moments for n in (1, 2, 3)])
    assert found.mean == pytest.approx(14.6667, abs=1e-3)
    assert_near(found.moments, parts, 2e-3)


@pytest.mark.parametrize("means", [(8.0, 3.0), (8.0, 8.0), (1.0, 40.0)])
def test_the_longer_of_two_exponentials_is_their_sum_less_the_shorter(means):
    a, b = means
    found = longest_of([time(Exponential(mean)) for mean in means])
    assert found.mean == pytest.approx(a + b - a * b / (a + b), rel=1e-3)


def test_a_fixed_time_cuts_off_what_is_shorter():
    """E[max(X, 5)] = 5 + E[(X - 5)+] for an exponential X of mean 3."""
    found = longest_of([time(Fixed(5.0)), time(Exponential(3.0))])
    assert found.mean == pytest.approx(5 + 3 * np.exp(-5 / 3), rel=1e-3)


def test_the_longest_of_fixed_times_is_the_longest():
    found = longest_of([time(Fixed(5.0)), time(Fixed(7.0)), time(NOTHING)])
    assert found.mean == pytest.approx(7)
    assert found.moments.variance == pytest.approx(0, abs=1e-9)


def test_equal_routes_count_as_often_as_they_occur():
    """Given as one object or as equal numbers, in any order, and beside a different one."""
    one, other = time(Gamma(6.0, 0.5)), time(Exponential(4.0))
    expected = longest_of([one, one, other]).mean
    assert longest_of([other, time(Gamma(6.0, 0.5)), one]).mean == pytest.approx(expected)
    assert longest_of([one, other]).mean < expected


def test_a_rare_return_that_takes_long_is_kept_apart():
    """2% of cases take 40 hours more than the 2 hours of the others; the grid says how long."""
    first, again, third = Gamma(2.0, 0.5), Gamma(40.0, 0.5), Exponential(2.0)
    on_grid = parallel(
        [
            rework(GRID.duration(first), GRID.duration(again), 0.02),
            rework(GRID.duration(third), GRID.duration(again), 0.02),
        ]
    )
    found = longest_of(
        [reworked(time(first), time(again), 0.02), reworked(time(third), time(again), 0.02)]
    )
    assert found.mean == pytest.approx(on_grid.mean, rel=0.01)


route = st.tuples(
    st.lists(laws, min_size=3, max_size=5),
    st.lists(laws, min_size=3, max_size=5),
    st.floats(0, 0.4),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(route, min_size=2, max_size=4))
def test_the_longest_of_uneven_routes_is_within_two_percent_of_the_grid(routes):
    """Each route is several laws and a loop; benchmarks/lead_time.py measures how near it comes."""
    on_grid, found = [], []
    for there, again, share in routes:
        first = series([GRID.duration(law) for law in there])
        loop = series([GRID.duration(law) for law in again])
        on_grid.append(rework(first, loop, share))
        first, loop = (in_series([time(law) for law in each]) for each in (there, again))
        found.append(reworked(first, loop, share))
    longest = longest_of(found).mean
    assert longest == pytest.approx(parallel(on_grid).mean, rel=0.02)
    assert longest >= 0.998 * np.max([part.mean for part in found])


def test_draws_and_floats_agree():
    means, shares = np.array([2.0, 5.0, 9.0]), np.array([0.1, 0.0, 0.3])

    def longest(mean, share):
        part = reworked(time(Exponential(mean)), time(Gamma(9.0, 0.5)), share)
        return longest_of([part, time(Gamma(6.0, 0.5)), part]).moments

    together = longest(means, shares)
    for place, (mean, share) in enumerate(zip(means, shares, strict=True)):
        alone = longest(mean, share)
        for name in NAMES:
            assert getattr(together, name)[place] == pytest.approx(getattr(alone, name), rel=1e-12)
