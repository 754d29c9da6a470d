"""The simpler formulas give what their own definitions give, and miss the truth as published."""

import numpy as np
import pytest

from opdanalysis.methods.counter_day import counter_day
from opdanalysis.methods.counter_day_references import day_references, unlimited_servers
from opdanalysis.methods.queues import mmc

WEIGHTS = np.array([1.35, 1.6, 1.4, 1.15, 0.7, 0.55, 0.25])
INF = float("inf")


@pytest.mark.parametrize(
    ("servers", "service_minutes", "utilisation", "stationary", "hours", "load", "fluid"),
    [
        (14, 11, 0.748, 0.714, INF, INF, 5.84),
        (5, 12, 0.60, 1.417, 16.16, 12.23, 0.0),
        (5, 12, 0.85, 10.47, INF, INF, 19.31),
    ],
)
def test_the_references_of_three_days_are_those_of_another_computation(
    servers, service_minutes, utilisation, stationary, hours, load, fluid
):
    """That one took the offered load and the fluid in steps of a minute: up to 0.02 minutes off."""
    arrivals = utilisation * servers * 420 / service_minutes * WEIGHTS / WEIGHTS.sum()
    found = day_references(counter_day(arrivals, servers, service_minutes, step_minutes=60.0))
    assert found.stationary == pytest.approx(stationary, abs=5e-3)
    assert found.hour_by_hour == pytest.approx(hours, abs=5e-3)
    assert found.offered_load == pytest.approx(load, abs=0.022)
    assert found.fluid == pytest.approx(fluid, abs=0.015)


def test_a_sinusoidal_rate_fills_unlimited_servers_as_published():
    """Eick, Massey and Whitt (1993): rate 100 + 40 sin(pi t / 6), service 1, at t = 200."""
    gamma, time, step = np.pi / 6, 200.0, 0.0005
    swing = np.sin(gamma * time) - gamma * np.cos(gamma * time)
    closed_form = 100 + 40 / (1 + gamma**2) * swing
    assert closed_form == pytest.approx(81.03132838, abs=5e-9)
    middles = np.arange(0, time, step) + step / 2
    arrivals = (100 + 40 * np.sin(gamma * middles)) * step
    lengths = np.full(len(middles), step)
    found = unlimited_servers(arrivals, 1.0, lengths, np.array([time]))
    assert found[0] == pytest.approx(closed_form, abs=1e-6)


def test_with_a_server_for_everyone_the_exact_day_is_that_of_unlimited_servers():
    arrivals = np.array([20.0, 35.0, 5.0])
    day = counter_day(arrivals, 200, 25.0)
    found = unlimited_servers(arrivals, 25.0, day.hour_minutes, day.times)
    assert day.number_inside == pytest.approx(found, abs=1e-10)
    assert day.waiting == pytest.approx(0, abs=1e-12)


def test_the_fluid_is_that_of_small_steps():
    arrivals, servers = np.array([40.0, 15.0, 10.0, 3.0]), np.array([4, 3, 0, 6])
    lengths, service_minutes, step = np.array([60.0, 60.0, 30.0, 60.0]), 9.0, 0.005
    day = counter_day(arrivals, servers, service_minutes, lengths, 60.0)
    inside = waited = 0.0
    for hour in range(5):
        rate = arrivals[hour] / lengths[hour] if hour < 4 else 0.0
        at_work = servers[min(hour, 3)]
        for _ in range(int((lengths[hour] if hour < 4 else 600.0) / step)):
            waited += max(inside - at_work, 0.0) * step
            inside += (rate - min(inside, at_work) / service_minutes) * step
    assert day_references(day).fluid == pytest.approx(waited / arrivals.sum(), rel=1e-3)


def test_long_equal_hours_with_the_same_servers_agree_on_mmc():
    day = counter_day(np.array([800.0, 800.0]), 3, 6.0, 2_000.0, 2_000.0)
    found = day_references(day)
    exact = mmc(0.4, 6.0, 3).waiting
    assert found.stationary == found.hour_by_hour == pytest.approx(exact)
    assert found.offered_load == pytest.approx(exact, rel=0.01)


def test_a_day_that_changes_its_servers_has_no_stationary_reference():
    day = counter_day(np.array([0.0, 10.0, 10.0]), np.array([0, 2, 3]), 5.0)
    found = day_references(day)
    assert np.isnan(found.stationary)
    assert found.hour_by_hour == pytest.approx(
        (mmc(1 / 6, 5.0, 2).waiting + mmc(1 / 6, 5.0, 3).waiting) / 2
    )


def test_who_comes_before_opening_breaks_the_long_run_formulas():
    found = day_references(counter_day(np.array([5.0, 10.0]), np.array([0, 2]), 5.0))
    assert found.hour_by_hour == found.offered_load == INF
    assert 0 < found.fluid < INF
