"""Waits that are read off a table are those of the simulation, and behave beyond its edges."""

import numpy as np
import pytest

from opdanalysis.city.counter_wait import CounterWait
from opdanalysis.errors import UsageError
from opdanalysis.methods.counter_day import counter_day
from opdanalysis.methods.simulated_wait import FULL_PEAK, hourly_weights, simulated_wait
from opdanalysis.models.counter_waits import SERVICE_CV


@pytest.fixture(scope="module")
def waits(contoh):
    return contoh.city.counter_wait


@pytest.mark.parametrize(
    ("counters", "utilisation", "services", "peak"),
    [(1, 0.45, 28.0, 0.7), (3, 0.72, 35.0, 0.9), (5, 0.85, 40.0, 0.3), (9, 0.95, 25.0, 1.1)],
)
def test_a_wait_off_the_grid_is_that_of_a_simulation(waits, counters, utilisation, services, peak):
    """Within the stated error, which 95% of such points kept, and that of the simulation."""
    found, error = simulated_wait(counters, utilisation, services, peak, SERVICE_CV, 60_000, 7)
    read = waits.wait(counters, utilisation, services, peak)
    assert read == pytest.approx(found, abs=3 * error + 1.5 * waits.error * found)


def test_the_simulation_behind_it_agrees_with_the_exact_day():
    """Exponential service (CV 1) would be exact; a lognormal with the same CV is close to it."""
    arrivals = np.array(FULL_PEAK) * 5 * 60 * 0.6 / 12
    exact = counter_day(arrivals, 5, 12.0).waiting / 12
    found, error = simulated_wait(5, 0.6, 420 / 12, 1.0, 1.0, 200_000, 0)
    assert found == pytest.approx(exact, abs=4 * error + 0.05 * exact)


def test_waits_grow_with_use_and_peak_and_fall_with_counters(waits):
    use = waits.wait(4, np.linspace(0.3, 1.4, 12), 35, 0.8)
    peaks = waits.wait(4, 0.7, 35, np.linspace(0, 1.2, 7))
    counters = waits.wait(np.arange(1, 40), 0.7, 35, 0.8)
    assert (np.diff(use) > 0).all()
    assert (np.diff(peaks) > 0).all()
    assert (np.diff(counters) < 0.01).all()


def test_beyond_the_table_a_wait_vanishes_with_the_load_and_grows_with_the_rest(waits):
    assert waits.wait(1, 0.0, 35, 0.8) == 0
    assert waits.wait(1, 0.05, 35, 0.8) == pytest.approx(waits.wait(1, 0.1, 35, 0.8) / 2)
    assert waits.wait(3, 3.0, 35, 0.8) == pytest.approx(2 * waits.wait(3, 2.0, 35, 0.8))


def test_at_a_point_of_the_table_the_wait_is_the_simulated_one(waits):
    counters, use, services, peak = (axis[2] for axis in waits.axes)
    assert waits.wait(counters, use, services, peak) == pytest.approx(waits.waits[2, 2, 2, 2])


def test_a_table_with_a_hole_is_refused():
    columns = [[1, 2, 1], [0.1, 0.1, 0.2], [4, 4, 4], [0, 0, 0], [0.1, 0.1, 0.1]]
    with pytest.raises(ValueError, match="not a whole grid"):
        CounterWait.from_columns(*columns, error=0.0)


def test_a_peak_that_would_need_negative_arrivals_is_refused():
    with pytest.raises(UsageError, match=r"peak is 1.5; expected 0 to 1.2"):
        hourly_weights(1.5)
    assert hourly_weights(1.2).min() > 0
