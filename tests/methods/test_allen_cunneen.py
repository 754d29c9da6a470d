"""The approximation errs as its table says, and says so itself."""

import numpy as np
import pytest
from scipy.stats import poisson

from opdanalysis.methods.allen_cunneen import allen_cunneen
from opdanalysis.methods.queues import mg1, mmc

# Exact waiting in service times by a matrix-analytic solution (fixed service times: embedded
# chain); the last column is the error of the approximation [% of the exact value].
EXACT = [
    ("M/D", 1, 0, 2, 0.8, 0.903284, -1.6),
    ("M/D", 1, 0, 5, 0.8, 0.289060, -4.2),
    ("M/D", 1, 0, 10, 0.9, 0.344582, -3.0),
    ("M/E2", 1, 0.5, 5, 0.8, 0.423226, -1.8),
    ("M/E2", 1, 0.5, 10, 0.8, 0.158122, -3.0),
    ("M/H2", 1, 2.25, 5, 0.8, 0.851123, 5.8),
    ("E2/M", 0.5, 1, 5, 0.8, 0.367361, 13.1),
    ("E2/E2", 0.5, 0.5, 10, 0.8, 0.083787, 22.1),
    ("E2/E2", 0.5, 0.5, 20, 0.9, 0.122337, 12.6),
    ("H2/M", 2.25, 1, 10, 0.8, 0.393426, -15.5),
    ("M/M", 1, 1, 10, 0.9, 0.668731524108, 0.0),
]


def exact_mdc(servers, utilisation):
    """Waiting of M/D/c in service times: numbers inside one service time apart are a chain."""
    states = int(servers + 60 / (1 - utilisation))
    n = np.arange(states)
    left_over = np.maximum(n - servers, 0)
    step = poisson.pmf(n[None, :] - left_over[:, None], servers * utilisation)
    step[:, -1] += 1 - step.sum(axis=1)
    equations = step.T - np.eye(states)
    equations[-1] = 1
    share = np.linalg.solve(equations, np.eye(states)[-1])
    return left_over @ share / (servers * utilisation)


@pytest.mark.parametrize(
    ("name", "arrival_cv2", "service_cv2", "servers", "utilisation", "waiting", "error"), EXACT
)
def test_the_error_is_that_of_the_table(
    name, arrival_cv2, service_cv2, servers, utilisation, waiting, error
):
    queue = allen_cunneen(servers * utilisation, 1.0, servers, arrival_cv2**0.5, service_cv2**0.5)
    assert 100 * (queue.waiting / waiting - 1) == pytest.approx(error, abs=0.06)
    assert abs(queue.waiting - waiting) <= queue.largest_error * waiting + 1e-12
    assert queue.use_simulation == (arrival_cv2 != 1 or service_cv2 > 1)


@pytest.mark.parametrize("servers", [1, 2, 5, 8, 10, 15, 20])
@pytest.mark.parametrize("utilisation", [0.7, 0.8, 0.9, 0.95])
def test_fixed_service_times_stay_within_the_stated_error(servers, utilisation):
    """Against the chain of Crommelin (1932), solved here."""
    exact = exact_mdc(servers, utilisation)
    queue = allen_cunneen(servers * utilisation, 1.0, servers, 1.0, 0.0)
    assert abs(queue.waiting / exact - 1) <= queue.largest_error + 1e-9
    assert queue.use_simulation == (queue.largest_error > 0.07)


def test_the_chain_of_fixed_service_times_has_its_published_values():
    """So that the yardstick of the test above is itself measured."""
    assert exact_mdc(2, 0.8) == pytest.approx(0.903284, abs=5e-7)
    assert exact_mdc(10, 0.9) == pytest.approx(0.344582, abs=5e-7)


def test_one_server_and_exponential_times_are_exact():
    one = allen_cunneen(0.8, 1.0, 1, 1.0, 1.7)
    assert one.waiting == pytest.approx(mg1(0.8, 1.0, 1.7).waiting)
    several = allen_cunneen(4.0, 1.0, 5, 1.0, 1.0)
    assert several.waiting == mmc(4.0, 1.0, 5).waiting
    assert (one.largest_error, several.largest_error) == (0, 0)


@pytest.mark.parametrize(
    ("arrival_cv", "service_cv", "servers", "utilisation", "error"),
    [
        (1.0, 0.7, 10, 0.8, 0.07),
        (1.0, 0.7, 11, 0.8, 0.19),
        (1.0, 0.7, 10, 0.75, 0.19),
        (1.0, 2.0, 5, 0.8, 0.52),
        (0.8, 1.0, 5, 0.8, 0.88),
        (1.5, 1.0, 5, 0.8, 0.41),
        (1.0, 2.1, 5, 0.8, np.nan),
        (1.0, 0.7, 10, 0.6, np.nan),
        (1.0, 0.7, 21, 0.8, np.nan),
        (0.0, 1.0, 5, 0.8, np.nan),
        (1.5, 1.5, 5, 0.8, np.nan),
    ],
)
def test_the_stated_error_is_the_largest_measured_or_unknown(
    arrival_cv, service_cv, servers, utilisation, error
):
    queue = allen_cunneen(servers * utilisation, 1.0, servers, arrival_cv, service_cv)
    assert queue.largest_error == pytest.approx(error, nan_ok=True)
    assert queue.use_simulation == (not error <= 0.07)


def test_draws_and_floats_agree():
    rates = np.array([3.0, 4.5, 5.5])
    together = allen_cunneen(rates, 1.0, 5, 1.0, 0.6)
    for i, rate in enumerate(rates):
        alone = allen_cunneen(rate, 1.0, 5, 1.0, 0.6)
        assert together.waiting[i] == alone.waiting
        assert together.largest_error[i] == pytest.approx(alone.largest_error, nan_ok=True)
    assert together.waiting[2] == np.inf
