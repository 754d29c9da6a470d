"""Laws of a part's time: their moments, and that a grid leaves their mean alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time_grid import Grid
from opdanalysis.methods.lead_time_laws import (
    NOTHING,
    Exponential,
    Fixed,
    Gamma,
    Geometric,
    Lognormal,
    Observed,
    Sometimes,
    Uniform,
    WaitForNext,
)
from opdanalysis.methods.lead_time_mechanisms import clarification, meeting_search, wait_for_next

FINE = Grid(cell_hours=1 / 16, horizon_hours=1024)

LAWS = [
    NOTHING,
    Fixed(3.3),
    Exponential(8.0),
    Gamma(6.0, 0.7),
    Gamma(6.0, 1.4),
    Lognormal(5.0, 0.8),
    Uniform(1.0, 4.5),
    Geometric(1.875, 0.3),
    WaitForNext(7.5, 0.0),
    WaitForNext(7.5, 0.6),
    WaitForNext(3.0, 1.3),
    Sometimes(0.6, Geometric(1.875, 0.45**4)),
    clarification(0.7, 5.0),
    Observed([0.5, 2.0, 2.0, 30.0], [1, 1, 1, 2]),
]


def on_the_grid(law):
    """Mean and further cumulants, summed over the points."""
    shares = FINE.duration(law).shares
    mean = shares @ FINE.hours
    variance, third, fourth = (shares @ (FINE.hours - mean) ** n for n in (2, 3, 4))
    return mean, variance, third, fourth - 3 * variance**2


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_every_law_has_the_moments_that_its_shares_have(law):
    """Cells of h widen a law by h^2 / 4 at most, hence the tolerances of the later moments."""
    moments = law.moments
    mean, variance, third, fourth = on_the_grid(law)
    assert mean == pytest.approx(moments.mean, rel=1e-8, abs=1e-12)
    assert moments.variance - 1e-6 * moments.variance <= variance
    assert variance <= 1.0001 * moments.variance + FINE.cell_hours**2 / 4
    assert third == pytest.approx(moments.third, rel=1e-3, abs=0.02)
    assert fourth == pytest.approx(moments.fourth, rel=1e-3, abs=0.1)


@pytest.mark.parametrize(
    ("law", "theirs"),
    [
        (Exponential(8.0), stats.expon(scale=8)),
        (Gamma(6.0, 0.7), stats.gamma(0.7**-2, scale=6 * 0.7**2)),
        (Lognormal(5.0, 0.8), stats.lognorm(np.log(1.64) ** 0.5, scale=5 / 1.64**0.5)),
        (Uniform(1.0, 4.5), stats.uniform(1, 3.5)),
        (Geometric(1.0, 0.3), stats.geom(0.3)),
    ],
    ids=repr,
)
def test_cumulants_are_those_of_scipy(law, theirs):
    mean, variance, skewness, excess = theirs.stats(moments="mvsk")
    moments = law.moments
    assert moments.mean == pytest.approx(mean)
    assert moments.variance == pytest.approx(variance)
    assert moments.third == pytest.approx(skewness * variance**1.5)
    assert moments.fourth == pytest.approx(excess * variance**2)


@pytest.mark.parametrize("law", [law for law in LAWS if not isinstance(law, Observed)], ids=repr)
def test_the_mean_beyond_a_limit_is_the_integral_of_what_is_still_open(law):
    """E[(X - x)+] falls with the share still open, so its slope lies between -1 and 0."""
    beyond = law.mean_beyond(FINE.hours)
    slopes = np.diff(beyond) / FINE.cell_hours
    assert beyond[0] == pytest.approx(law.mean)
    assert slopes.min() >= -1 - 1e-9
    assert slopes.max() <= 1e-9
    assert (np.diff(slopes) >= -1e-9).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=20),
    st.integers(1, 5),
)
def test_a_log_keeps_its_mean_on_the_grid(times, repeated):
    law = Observed(times * repeated, np.ones(len(times) * repeated))
    duration = Grid().duration(law)
    assert duration.lost == pytest.approx(0, abs=1e-12)
    assert duration.mean == pytest.approx(np.mean(times), abs=1e-7)


def test_a_daily_courier_takes_half_a_day_on_average():
    wait = Grid().duration(wait_for_next(7.5, 1, 0.0))
    assert wait.mean == pytest.approx(3.75, abs=1e-12)
    assert wait.quantile(0.9) == pytest.approx(6.75, abs=0.01)


@pytest.mark.parametrize(("per_day", "cv"), [(1, 0.0), (2, 0.5), (0.5, 1.0), (3, 2.0)])
def test_uneven_rounds_make_papers_wait_longer(per_day, cv):
    """The inspection paradox: (1 / 2k)(1 + CV^2) days (Feller 1971, volume 2, section XI.4)."""
    wait = wait_for_next(7.5, per_day, cv)
    assert wait.mean == pytest.approx(7.5 / (2 * per_day) * (1 + cv**2))
    assert Grid().duration(wait).mean == pytest.approx(wait.mean, rel=1e-6)


def test_sessions_at_random_times_are_waited_for_without_memory():
    """Gaps with CV 1 are exponential, and so is what is left of them."""
    random, exponential = wait_for_next(7.5, 2, 1.0), Exponential(3.75)
    hours = np.linspace(0, 40, 50)
    assert random.mean_beyond(hours) == pytest.approx(exponential.mean_beyond(hours), abs=1e-12)


def test_with_rounds_without_end_nothing_waits():
    assert wait_for_next(7.5, np.inf, 0.0).mean == 0
    assert Grid().duration(wait_for_next(7.5, np.inf, 0.0)).shares[0] == 1


@pytest.mark.parametrize(
    ("free", "days"),
    [(0.45, [1.2, 2.7, 6.1, 13.5, 30.1]), (0.55, [0.8, 1.5, 2.7, 5.0, 9.0])],
)
def test_a_slot_for_two_to_six_people_is_found_after_so_many_days(free, days):
    """1 / (4 f^n) days with four slots a day; grid and formula."""
    grid = Grid(horizon_hours=8192)
    for attendees, expected in zip(range(2, 7), days, strict=True):
        search = meeting_search(7.5, 4, free, attendees)
        assert search.mean / 7.5 == pytest.approx(1 / (4 * free**attendees))
        assert search.mean / 7.5 == pytest.approx(expected, abs=0.05)
        assert grid.duration(search).mean == pytest.approx(search.mean, rel=1e-4)


def test_four_people_need_six_days():
    assert meeting_search(7.5, 4, 0.45, 4).mean / 7.5 == pytest.approx(6.097, abs=5e-4)


def test_questions_cost_their_number_times_the_answer():
    assert clarification(0.3, 5.0).mean == pytest.approx(1.5)
    assert clarification(0.0, 5.0).mean == 0


def test_questions_and_their_answers_add_up_like_a_sum_of_random_length():
    """One answer after another, drawn: a share has none, the others a geometric number."""
    rng = np.random.default_rng(0)
    asked = rng.geometric(1 / 1.8, 200_000) - 1
    hours = rng.standard_gamma(asked) * 5.0
    law = clarification(0.8, 5.0).moments
    assert law.mean == pytest.approx(hours.mean(), abs=4 * hours.std() / len(hours) ** 0.5)
    assert law.variance == pytest.approx(hours.var(), rel=0.03)


def test_a_law_written_for_floats_works_for_draws():
    means = np.array([2.0, 5.0])
    for law in (Exponential, lambda m: Gamma(m, 0.5), lambda m: WaitForNext(m, 0.5)):
        together, apart = law(means).moments, [law(mean).moments for mean in means]
        for name in ("mean", "variance", "third", "fourth"):
            assert getattr(together, name) == pytest.approx([getattr(m, name) for m in apart])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Exponential(-1.0),
            "Exponential has mean_hours -1; expected a finite number of at least 0",
        ),
        (
            lambda: Sometimes(1.2, NOTHING),
            "Sometimes has share 1.2; expected a share from 0 to 1",
        ),
        (
            lambda: Geometric(1.0, 0.0),
            "a Geometric has chance 0 and would never end; expected above 0",
        ),
        (
            lambda: Uniform(3.0, 2.0),
            "a Uniform has high_hours 2 below its low_hours; exchange the two",
        ),
        (
            lambda: Observed([1.0, 2.0], [1.0]),
            "an Observed has 2 hours and 1 weights; "
            "expected one weight for each time, and at least one",
        ),
        (
            lambda: Observed([1.0, -2.0], [1.0, 1.0]),
            "an Observed has a time of -2 hours; expected 0 or more. "
            "Was a letter received before it was sent, or is a stamp missing?",
        ),
        (
            lambda: Observed([1.0], [0.0]),
            "the weights of an Observed must be 0 or more, and not all 0",
        ),
        (
            lambda: wait_for_next(7.5, 0, 0.0),
            "there are 0 rounds per day; expected more than 0",
        ),
        (
            lambda: meeting_search(7.5, 0, 0.5, 3),
            "there are 0 slots per day; expected more than 0",
        ),
        (lambda: clarification(-0.1, 3.0), "there are -0.1 questions; expected 0 or more"),
    ],
)
def test_a_law_says_what_is_wrong_with_its_numbers(make, message):
    with pytest.raises(UsageError) as said:
        make()
    assert str(said.value) == message
