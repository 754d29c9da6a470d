"""Times on a grid: known maxima and loops, and what must hold whatever the parts are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time_grid import Grid, branch, parallel, rework, series
from opdanalysis.methods.lead_time_laws import (
    NOTHING,
    Exponential,
    Fixed,
    Gamma,
    Geometric,
    Lognormal,
    Uniform,
    WaitForNext,
)

GRID = Grid()
SMALL = Grid(cell_hours=0.5, horizon_hours=512, lost_share=1.0)

hours = st.floats(0.1, 12)
laws = st.one_of(
    st.builds(Exponential, hours),
    st.builds(Gamma, hours, st.floats(0.2, 1.5)),
    st.builds(Lognormal, hours, st.floats(0.2, 0.8)),
    st.builds(Fixed, st.floats(0, 12)),
    st.builds(lambda low, width: Uniform(low, low + width), st.floats(0, 5), st.floats(0, 9)),
    st.builds(Geometric, st.floats(0.1, 2), st.floats(0.3, 1)),
    st.builds(WaitForNext, hours, st.floats(0, 1.2)),
)
several = st.lists(laws, min_size=1, max_size=5)
common = settings(max_examples=40, deadline=None)


def durations(found, grid=SMALL):
    return [grid.duration(law) for law in found]


def test_the_longest_of_three_exponentials_is_known():
    """8 (1 + 1/2 + 1/3) hours; the grid may only add a little, since it widens each part."""
    mean = parallel([GRID.duration(Exponential(8.0))] * 3).mean
    assert mean == pytest.approx(14.6667, abs=2e-3)
    finer = Grid(cell_hours=1 / 32)
    assert parallel([finer.duration(Exponential(8.0))] * 3).mean == pytest.approx(
        8 * (1 + 1 / 2 + 1 / 3), abs=3e-5
    )


def test_rework_divides_the_mean_by_the_share_that_passes():
    """6.75 hours, of which a quarter comes back: 6.75 / 0.75 = 9."""
    part = GRID.duration(Exponential(6.75))
    assert rework(part, part, 0.25).mean == pytest.approx(9, abs=1e-6)


def test_exponential_passes_with_rework_are_exponential_again():
    """A geometric sum of exponentials is exponential with the mean divided by 1 - r."""
    grid = Grid(cell_hours=1 / 16)
    part = grid.duration(Exponential(6.0))
    found = rework(part, part, 0.4)
    assert found.quantile(np.array([0.1, 0.5, 0.9])) == pytest.approx(
        -10 * np.log([0.9, 0.5, 0.1]), abs=2e-3
    )


def test_rework_with_a_longer_way_back_adds_it_for_each_return():
    first, again = GRID.duration(Exponential(4.0)), GRID.duration(Fixed(10.0))
    assert rework(first, again, 0.2).mean == pytest.approx(4 + 10 * 0.2 / 0.8, abs=1e-6)


def test_quantiles_of_one_exponential_are_near_its_own():
    duration = GRID.duration(Exponential(8.0))
    shares = np.array([0.25, 0.5, 0.9, 0.99])
    assert duration.quantile(shares) == pytest.approx(-8 * np.log1p(-shares), abs=0.01)
    assert duration.share_within(16.0) == pytest.approx(1 - np.exp(-2), abs=2e-4)
    assert duration.sd == pytest.approx(8, abs=0.01)


@common
@given(several)
def test_a_series_takes_as_long_as_its_parts_together(found):
    total = series(durations(found))
    assert total.shares.sum() == pytest.approx(1, abs=1e-7)
    assert total.mean == pytest.approx(sum(law.mean for law in found), rel=1e-6, abs=1e-6)


@common
@given(several, st.randoms(use_true_random=False))
def test_the_order_of_a_series_does_not_matter(found, random):
    one = series(durations(found))
    random.shuffle(found)
    assert series(durations(found)).shares == pytest.approx(one.shares, abs=1e-10)


@common
@given(several)
def test_the_longest_is_no_shorter_than_any_part(found):
    parts = durations(found)
    together = parallel(parts)
    assert together.shares.sum() == pytest.approx(1, abs=1e-7)
    assert together.mean >= max(part.mean for part in parts) - 1e-9
    assert together.mean <= sum(part.mean for part in parts) + 1e-9


@common
@given(laws, laws, st.floats(0, 0.6))
def test_rework_loses_no_case_and_has_its_mean(first, again, share):
    found = rework(SMALL.duration(first), SMALL.duration(again), share)
    assert found.shares.sum() == pytest.approx(1, abs=1e-6)
    assert found.mean == pytest.approx(
        first.mean + again.mean * share / (1 - share), rel=1e-4, abs=1e-6
    )


@common
@given(laws, laws)
def test_rework_that_never_happens_changes_nothing(first, again):
    one = SMALL.duration(first)
    assert (rework(one, SMALL.duration(again), 0.0).shares == one.shares).all()


@common
@given(laws, laws, st.floats(0, 1))
def test_a_branch_has_the_mean_of_its_shares(one, other, share):
    found = branch([share, 1 - share], durations([one, other]))
    assert found.mean == pytest.approx(
        share * one.mean + (1 - share) * other.mean, rel=1e-6, abs=1e-6
    )


def test_what_a_branch_leaves_over_takes_no_time():
    found = branch([0.3], [GRID.duration(Fixed(10.0))])
    assert found.shares[0] == pytest.approx(0.7)
    assert found.mean == pytest.approx(3)


@common
@given(several, st.floats(0.01, 0.99))
def test_quantile_and_share_within_undo_each_other(found, share):
    total = series([*durations(found), SMALL.duration(Exponential(5.0))])
    assert total.share_within(total.quantile(share)) == pytest.approx(share, abs=1e-9)


def test_what_lies_beyond_the_horizon_does_not_come_back_at_the_start():
    """Half of these cases are lost on the short grid; the rest is as on the long one."""
    short, long = Grid(horizon_hours=100, lost_share=1.0), Grid(horizon_hours=4000)
    found = []
    for grid in (short, long):
        once = series([grid.duration(Exponential(30.0))] * 3)
        found.append(rework(once, once, 0.4))
    assert found[0].lost > 0.4
    assert found[0].shares == pytest.approx(found[1].shares[: short.cells], abs=1e-9)


def test_a_part_that_takes_no_time_changes_nothing():
    part = GRID.duration(Gamma(9.0, 0.6))
    assert series([part, GRID.duration(NOTHING)]).shares == pytest.approx(part.shares, abs=1e-12)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: Grid(horizon_hours=64).duration(Exponential(20.0)).mean,
            "4.10% of cases take longer than the horizon of 64 hours, and at most 0.01% may. "
            "Set a longer one, such as Grid(horizon_hours=128), or look for a part that takes "
            "too long.",
        ),
        (
            lambda: Grid(horizon_hours=64).duration(Exponential(20.0)).quantile(0.99),
            "the quantile of 0.99 lies beyond the horizon: only 95.90% of cases end before "
            "64 hours",
        ),
        (
            lambda: GRID.duration(Fixed(1.0)).share_within(2000.0),
            "a standard of 2000 hours lies outside the grid, which ends at 1024; "
            "set Grid(horizon_hours=...) above it",
        ),
        (
            lambda: GRID.duration(Exponential(np.array([1.0, 2.0]))),
            "Exponential has an array of numbers, but a grid takes one at a time; "
            "use mean_lead_time for draws",
        ),
        (
            lambda: Grid(cell_hours=0.0),
            "a grid has cells of 0 hours and a horizon of 1024; "
            "expected cells above 0 and at least two of them",
        ),
        (lambda: Grid(lost_share=2.0), "lost_share is 2; expected a share from 0 to 1"),
        (lambda: series([]), "there is no part to put together; expected at least one"),
        (
            lambda: series([GRID.duration(NOTHING), SMALL.duration(NOTHING)]),
            f"parts lie on different grids: {GRID} and {SMALL}",
        ),
        (
            lambda: branch([0.8, 0.4], [GRID.duration(NOTHING)] * 2),
            "the shares of a branch are 0.8, 0.4; expected 0 or more, with a sum of at most 1",
        ),
        (
            lambda: rework(GRID.duration(NOTHING), GRID.duration(NOTHING), 1.0),
            "the share that comes back is 1; expected 0 or more, below 1",
        ),
    ],
)
def test_the_grid_says_what_it_cannot_do(act, message):
    with pytest.raises(UsageError) as said:
        act()
    assert str(said.value) == message
