"""Networks of stations: published examples, and what holds for every one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.jackson_network import jackson_network
from opdanalysis.methods.queues import mmc


def test_three_facilities_of_a_textbook_have_their_values():
    """Hillier and Lieberman, open Jackson network: arrivals 1, 4, 3, servers 1, 2, 1, 10 served."""
    routing = [[0, 0.6, 0.3], [0.1, 0, 0.3], [0.4, 0.4, 0]]
    network = jackson_network([1, 4, 3], routing, 0.1, [1, 2, 1])
    assert network.throughput == pytest.approx([5, 10, 7.5], rel=1e-12)
    assert network.stations.number_inside == pytest.approx([1, 4 / 3, 3])
    assert network.number_inside == pytest.approx(16 / 3)
    assert network.stay == pytest.approx(2 / 3)


def test_four_stations_of_a_textbook_have_their_values():
    """Bolch and others, example 7.4, as in the test of qnsolve of the Octave package queueing."""
    routing = [[0, 0.5, 0.5, 0], [1, 0, 0, 0], [0.6, 0, 0, 0], [1, 0, 0, 0]]
    network = jackson_network([0, 0, 0, 4], routing, [0.04, 0.03, 0.06, 0.05], 1)
    assert network.throughput == pytest.approx([20, 10, 10, 4], abs=1e-4)
    assert network.visits == pytest.approx([5, 2.5, 2.5, 1])
    stations = network.stations
    assert stations.utilisation == pytest.approx([0.8, 0.3, 0.6, 0.2], abs=1e-12)
    assert stations.stay == pytest.approx([0.2, 0.043, 0.15, 0.0625], abs=1e-3)
    assert stations.number_inside == pytest.approx([4, 0.429, 1.5, 0.25], abs=1e-3)
    assert network.number_inside == pytest.approx(6.1786, abs=5e-5)
    assert network.stay == pytest.approx(1.5446, abs=5e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_as_many_leave_as_come(n, seed):
    rng = np.random.default_rng(seed)
    routing = rng.random((n, n))
    routing *= rng.uniform(0, 0.95, (n, 1)) / routing.sum(axis=1, keepdims=True)
    arrivals = rng.uniform(0, 2, n) + 0.01
    visits = np.linalg.inv(np.eye(n) - routing)
    times = 0.9 / (arrivals @ visits)
    network = jackson_network(arrivals, routing, times, 1)
    leaving = network.throughput * (1 - routing.sum(axis=1))
    assert leaving.sum() == pytest.approx(arrivals.sum())
    assert network.throughput == pytest.approx(arrivals + network.throughput @ routing)


def test_a_network_of_one_station_is_that_station():
    network = jackson_network([3.0], [[0.0]], [0.5], [2])
    assert network.stay == pytest.approx(mmc(3.0, 0.5, 2).stay)


def test_a_station_that_nobody_reaches_stays_empty_even_if_it_traps():
    network = jackson_network([1.0, 0.0], [[0.0, 0.0], [0.0, 1.0]], 0.5, 1)
    assert network.stations.number_inside.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ([1.0, 0.0], [[0, 1.0], [0, 0]], [0.5, 1.5], 1),
            "the network cannot keep up: utilisation of station 1 at 1.5; expected below 1. Add "
            "servers, shorten the service or check the units of arrivals and service times.",
        ),
        (
            ([1.0, 0.0], [[0, 1.0], [1.0, 0]], 0.1, 1),
            "customers never leave from station 0, 1: routing sends all of them on, for ever",
        ),
        (
            ([1.0, 0.0], [[0.7, 0.7], [0, 0]], 0.1, 1),
            "routing sends 1.4 of the customers of station 0 onwards; expected 1 at most",
        ),
        (
            ([1.0, 0.0], [[0.0]], 0.1, 1),
            "arrivals have the shape (2,) and routing (1, 1); expected one number per station, and "
            "a row and a column per station",
        ),
        (
            ([0.0], [[0.0]], 0.1, 1),
            "arrivals are 0 at every station; an open network needs some",
        ),
    ],
)
def test_what_has_no_long_run_is_refused_in_words(arguments, message):
    with pytest.raises(UsageError) as told:
        jackson_network(*arguments)
    assert str(told.value) == message
