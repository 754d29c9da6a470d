"""A counter's day against known solutions, matrix exponentials, Little's law and the long run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.linalg import expm
from scipy.stats import poisson

from opdanalysis.errors import UsageError
from opdanalysis.methods.counter_day import counter_day
from opdanalysis.methods.queues import mmc

# Share of the day's arrivals by hour, 8 to 15 h, in proportion.
WEIGHTS = np.array([1.35, 1.6, 1.4, 1.15, 0.7, 0.55, 0.25])
CASES = [(14, 11, 0.748, 10.155), (5, 12, 0.60, 5.2375), (5, 12, 0.85, 28.3233)]


def morning_peak(servers, service_minutes, utilisation):
    """Arrivals by hour that keep the servers this busy over the seven hours."""
    return utilisation * servers * 7 * 60 / service_minutes * WEIGHTS / WEIGHTS.sum()


@pytest.mark.parametrize(("servers", "service_minutes", "utilisation", "waiting"), CASES)
@pytest.mark.parametrize("step_minutes", [60.0, 1.0])
def test_three_days_with_a_morning_peak_wait_as_solved_elsewhere(
    servers, service_minutes, utilisation, waiting, step_minutes
):
    """Exact transient solutions; simulated 10.168 +- .043, 5.2428 +- .015, 28.3065 +- .044."""
    day = counter_day(
        morning_peak(servers, service_minutes, utilisation), servers, service_minutes,
        step_minutes=step_minutes,
    )  # fmt: skip
    assert day.waiting == pytest.approx(waiting, abs=5e-4 if servers == 14 else 5e-5)
    assert day.utilisation == pytest.approx(utilisation)


def test_the_reported_step_changes_nothing_but_the_times():
    arrivals = morning_peak(5, 12, 0.85)
    days = [counter_day(arrivals, 5, 12, step_minutes=step) for step in (60.0, 1.0, 0.5)]
    for day in days[1:]:
        assert day.waiting_by_hour == pytest.approx(days[0].waiting_by_hour, abs=1e-9)
        assert day.left_at_closing == pytest.approx(days[0].left_at_closing, abs=1e-9)
    common = np.searchsorted(days[2].times, days[1].times - 1e-6)
    assert days[2].number_waiting[common] == pytest.approx(days[1].number_waiting, abs=1e-9)


def test_a_small_day_agrees_with_matrix_exponentials():
    """Kolmogorov's equations for 0 to 40 inside, one exponential per hour."""
    arrivals, servers, service_minutes = np.array([6.0, 9.0, 2.0]), np.array([2, 1, 3]), 8.0
    day = counter_day(arrivals, servers, service_minutes)
    n = np.arange(41)
    now = (n == 0).astype(float)
    for i in range(3):
        rates = np.diag(np.full(40, arrivals[i] / 60), 1)
        rates += np.diag(np.minimum(n[1:], servers[i]) / service_minutes, -1)
        now = now @ expm(60 * (rates - np.diag(rates.sum(axis=1))))
        at_end = np.searchsorted(day.times, 60 * (i + 1) - 1e-6)
        assert day.number_inside[at_end] == pytest.approx(now @ n, abs=1e-10)
    assert day.left_at_closing == pytest.approx(now @ n, abs=1e-10)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 20), st.integers(0, 5)), min_size=1, max_size=4),
    st.integers(1, 5),
    st.floats(3, 15),
)
def test_those_in_line_and_those_who_arrive_tell_the_same_story(hours, last, service_minutes):
    """Little: minutes waited by the day's arrivals are the people in line, summed over time.

    The first follow from equations backward in time, the second from forward ones. A last hour of
    1,500 minutes holds all waiting after the doors have closed.
    """
    arrivals = np.array([number for number, _ in hours] + [5.0, 1e-9])
    servers = np.array([number for _, number in hours] + [last, last])
    lengths = np.append(np.full(len(hours) + 1, 60.0), 1_500.0)
    day = counter_day(arrivals, servers, service_minutes, lengths, 1_500.0)
    line = np.maximum(np.arange(day.seen.shape[1]) - servers[:, None], 0)
    in_line = (day.seen * line).sum(axis=1) @ lengths
    assert day.waiting * arrivals.sum() == pytest.approx(in_line, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(("servers", "service_minutes", "utilisation", "waiting"), CASES[1:])
def test_waiting_by_hour_is_that_of_the_numbers_found(
    servers, service_minutes, utilisation, waiting
):
    """With the same servers all day one who finds n inside waits n - servers + 1 departures."""
    day = counter_day(morning_peak(servers, service_minutes, utilisation), servers, service_minutes)
    departures = np.maximum(np.arange(day.seen.shape[1]) - servers + 1, 0)
    assert day.seen.sum(axis=1) == pytest.approx(np.ones(7))
    assert day.waiting_by_hour == pytest.approx(
        day.seen @ departures * service_minutes / servers, abs=1e-9
    )


def test_the_spread_of_waiting_has_the_mean_of_waiting():
    day = counter_day(morning_peak(5, 12, 0.6), 5, 12)
    minutes = np.linspace(0, 200, 2001)
    share = day.share_waiting_longer(minutes)
    assert simpson(share, x=minutes) == pytest.approx(day.waiting, rel=1e-6)
    assert (np.diff(share) <= 0).all()
    assert share[0] == pytest.approx(1 - np.average(
        day.seen[:, :5].sum(axis=1), weights=day.arrivals
    ))  # fmt: skip
    assert day.share_waiting_longer(15.0) == pytest.approx(share[150])


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 0.8), st.integers(1, 4), st.floats(6, 15))
def test_a_long_day_of_equal_hours_becomes_mmc(utilisation, servers, service_minutes):
    per_hour = utilisation * servers * 60 / service_minutes
    lengths = np.array([2_000.0, 60.0])
    day = counter_day(per_hour * lengths / 60, servers, service_minutes, lengths, 600.0)
    queue = mmc(per_hour / 60, service_minutes, servers)
    assert day.waiting_by_hour[-1] == pytest.approx(queue.waiting, rel=2e-3)
    assert day.number_inside[-1] == pytest.approx(queue.number_inside, rel=2e-3)
    longer = day.seen[-1] @ (np.arange(day.seen.shape[1]) >= servers)
    assert longer == pytest.approx(queue.probability_of_waiting, rel=2e-3)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(0, 40), min_size=1, max_size=5).filter(any),
    st.integers(1, 6),
    st.integers(0, 4),
)
def test_another_server_in_any_hour_never_lengthens_waiting(arrivals, servers, hour):
    by_hour = np.full(len(arrivals), servers)
    fewer = counter_day(np.array(arrivals), by_hour, 9.0)
    by_hour[hour % len(arrivals)] += 1
    more = counter_day(np.array(arrivals), by_hour, 9.0)
    assert more.waiting <= fewer.waiting + 1e-9
    assert more.minutes_after_closing <= fewer.minutes_after_closing + 1e-9


def test_one_who_comes_before_opening_waits_until_the_doors_open():
    """A closed hour with hardly anyone: half an hour on average, and no line to speak of."""
    day = counter_day(np.array([1e-6, 1e-6]), np.array([0, 1]), 10.0)
    assert day.waiting_by_hour[0] == pytest.approx(30, abs=1e-4)
    assert day.waiting_by_hour[1] == pytest.approx(0, abs=1e-4)


def test_after_closing_the_last_one_takes_as_long_as_the_slowest():
    """A burst at the doors and a server for each: 10 x (1 + 1/2 + ... + 1/n) minutes for n."""
    day = counter_day(np.array([40.0]), 200, 10.0, 1e-6)
    assert day.left_at_closing == pytest.approx(40, rel=1e-4)
    harmonic = np.array([np.sum(1 / np.arange(1, n + 1)) for n in range(len(day.seen[0]))])
    expected = 10 * poisson.pmf(np.arange(len(harmonic)), 40) @ harmonic
    assert day.minutes_after_closing == pytest.approx(expected, rel=1e-4)


def test_an_hour_without_arrivals_has_no_waiting_and_changes_no_mean():
    day = counter_day(np.array([20.0, 0.0, 20.0]), 3, 8.0)
    assert np.isnan(day.waiting_by_hour[1])
    assert day.waiting == pytest.approx(np.mean(day.waiting_by_hour[[0, 2]]))
    assert day.stay == pytest.approx(day.waiting + 8)
    assert day.utilisation_by_hour == pytest.approx([20 * 8 / 180, 0, 20 * 8 / 180])


def test_a_short_last_hour_ends_the_day_early():
    day = counter_day([20.0, 10.0], 2, 6, hour_minutes=[60.0, 30.0])
    assert day.times[-1] == pytest.approx(90)
    assert day.utilisation == pytest.approx(30 * 6 / (2 * 90))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (40.0, 2, 5.0),
            "arrivals have the shape (); expected one number per hour, such as [40, 35, 20]",
        ),
        (([10.0, -1.0], 2, 5.0), "arrivals hold a negative or missing number, or are all 0"),
        (([0.0, 0.0], 2, 5.0), "arrivals hold a negative or missing number, or are all 0"),
        (
            ([10.0, 10.0], [2, 0], 5.0),
            "nobody works in the last hour; whoever is inside would never be served",
        ),
        (
            ([10.0, 10.0], [2, 2, 2], 5.0),
            "servers and lengths of hours must be one number or one per hour; there are 2 hours",
        ),
        (([10.0], 1.5, 5.0), "servers is 1.5; expected a whole number from 0 up"),
        (([10.0], 1, 0.0), "service_minutes is 0; expected a number above 0"),
        (([10.0], 1, 5.0, -60.0), "hour_minutes is -60; expected a number above 0"),
    ],
)
def test_what_is_no_day_is_refused_in_words(arguments, message):
    with pytest.raises(UsageError) as told:
        counter_day(*arguments)
    assert str(told.value) == message


def test_the_spread_of_waiting_is_refused_where_servers_change():
    with pytest.raises(UsageError) as told:
        counter_day([10.0, 10.0], [1, 2], 5.0).share_waiting_longer(15)
    assert str(told.value) == (
        "the number of servers changes over the day (from 1 to 2); the spread of waiting is known "
        "here only for a day with the same number. Take the simulation."
    )
