"""Erlang's formulas and their kin: published values, other ways to the same number, and order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import poisson

from opdanalysis.errors import UsageError
from opdanalysis.methods.queues import (
    erlang_a,
    erlang_b,
    erlang_c,
    mg1,
    mmc,
    servers_needed,
)

loads = st.floats(0.01, 60)
server_numbers = st.integers(1, 60)


def long_run(arrival_rate, service_time, servers, patience=np.inf, states=5_000):
    """Probability of waiting and mean waiting by the birth-death chain itself."""
    n = np.arange(1, states)
    leaving = np.minimum(n, servers) / service_time + np.maximum(n - servers, 0) / patience
    weight = np.cumsum(np.concatenate([[0.0], np.log(arrival_rate / leaving)]))
    share = np.exp(weight - weight.max())
    share /= share.sum()
    n = np.arange(states)
    return share[n >= servers].sum(), (np.maximum(n - servers, 0) @ share) / arrival_rate


@pytest.mark.parametrize(
    ("servers", "blocking", "load", "digits"),
    [
        (15, 0.01, 8.1080, 5e-5),
        (5, 0.01, 1.3608, 5e-5),
        (10, 0.01, 4.4612, 5e-5),
        (20, 0.01, 12.0306, 5e-5),
        (100, 0.01, 84.0642, 5e-5),
        (10, 0.02, 5.0840, 5e-5),
        (30, 0.02, 21.9316, 5e-5),
    ],
)
def test_loads_of_the_traffic_tables_are_met(servers, blocking, load, digits):
    """Erlang B tables at 1% and 2%; 15 lines as in the manual of erlang.com (8.108)."""
    found = brentq(lambda a: erlang_b(a, servers) - blocking, 0.01, 2.0 * servers, xtol=1e-12)
    assert found == pytest.approx(load, abs=digits)


@pytest.mark.parametrize(
    ("load", "servers", "blocking"),
    [(1, 1, 0.5), (1, 2, 0.2), (4.461, 10, 0.009998), (5.084, 10, 0.020000)],
)
def test_erlang_b_has_its_published_values(load, servers, blocking):
    """The first two stand in the tests of pyworkforce, the others in the tables (4.46 and 5.08)."""
    assert erlang_b(load, servers) == pytest.approx(blocking, abs=1e-6)


@pytest.mark.parametrize(
    ("load", "servers", "must_wait", "digits"),
    [
        (1, 2, 1 / 3, 1e-15),
        (2, 3, 4 / 9, 1e-15),
        (2, 4, 0.17391, 5e-6),
        (8, 10, 0.409180, 5e-7),
        (9, 10, 0.668731524108, 5e-13),
        (45, 50, 0.363864, 5e-7),
        (90, 100, 0.216940, 5e-7),
    ],
)
def test_erlang_c_has_its_closed_form_values(load, servers, must_wait, digits):
    assert erlang_c(load, servers) == pytest.approx(must_wait, abs=digits)


def test_a_call_centre_of_the_literature_is_reproduced():
    """The README and tests of pyworkforce: 100 calls of 3 minutes in 30, 14 or 15 agents."""
    queue = mmc(100 / 30, 3, 14)
    assert queue.probability_of_waiting == pytest.approx(0.1741319335950498, abs=1e-14)
    assert queue.service_level(20 / 60) == pytest.approx(0.8883500191794669, abs=1e-14)
    assert queue.utilisation == pytest.approx(0.7142857, abs=5e-8)
    more = mmc(100 / 30, 3, 15)
    assert more.probability_of_waiting == pytest.approx(0.1020423670, abs=5e-11)
    assert more.service_level(20 / 60) == pytest.approx(0.941, abs=5e-4)


def test_a_larger_call_centre_has_its_closed_form_values():
    """360 calls of 4 minutes in 30, 55 agents: 23.87% wait, 8.18 s on average."""
    queue = mmc(12, 4, 55)
    assert queue.probability_of_waiting == pytest.approx(0.2387, abs=5e-5)
    assert queue.waiting * 60 == pytest.approx(8.18, abs=5e-3)
    assert queue.service_level(0.25) == pytest.approx(0.8459, abs=5e-5)


def test_two_servers_of_a_lecture_have_their_published_values():
    """The test of qsmmm in the GNU Octave package queueing (ETH slides): 9 per hour, 5 served."""
    queue = mmc(9, 1 / 5, 2)
    assert queue.number_waiting == pytest.approx(7.674, abs=1e-3)
    assert queue.stay == pytest.approx(1.053, abs=1e-3)


@pytest.mark.parametrize(("servers", "waiting"), [(3, 4.44444), (4, 0.86957)])
def test_the_bank_of_the_ciw_manual_waits_as_theory_says(servers, waiting):
    """The manual prints 5.62649 and 0.79868 from short runs; these are the exact values."""
    assert mmc(0.2, 10, servers).waiting == pytest.approx(waiting, abs=5e-6)


def test_single_servers_have_their_textbook_values():
    assert mmc(1, 0.8, 1).waiting == pytest.approx(3.2)
    assert mmc(8, 1, 10).waiting == pytest.approx(0.204590, abs=1e-6)
    assert mmc(3, 1 / 5, 1).stay == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("cv2", "expected"), [(0, (0.5, 2, 4.5)), (0.5, (0.75, 3, 6.75)), (4, (2.5, 10, 22.5))]
)
def test_one_server_waits_as_pollaczek_and_khinchine_say(cv2, expected):
    """M/D/1, M/E2/1 and CV^2 = 4 at utilisations 0.5, 0.8 and 0.9, in service times."""
    waiting = mg1(np.array([0.5, 0.8, 0.9]), 1.0, cv2**0.5).waiting
    assert waiting == pytest.approx(expected, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(loads, server_numbers)
def test_erlang_b_is_a_truncated_poisson_distribution(load, servers):
    numbers = np.arange(servers + 1)
    share = poisson.pmf(numbers, load) / poisson.cdf(servers, load)
    assert erlang_b(load, servers) == pytest.approx(share[-1], rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(loads, server_numbers)
def test_erlang_b_falls_with_every_server_and_erlang_c_lies_above_it(load, servers):
    blocking, must_wait = erlang_b(load, servers), erlang_c(load, servers)
    assert erlang_b(load, servers + 1) < blocking
    assert blocking <= must_wait <= 1


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.97), st.integers(1, 30), st.floats(0.1, 20))
def test_mmc_agrees_with_its_birth_death_chain(utilisation, servers, service_time):
    rate = utilisation * servers / service_time
    queue = mmc(rate, service_time, servers)
    must_wait, waiting = long_run(rate, service_time, servers)
    assert queue.probability_of_waiting == pytest.approx(must_wait, rel=1e-9)
    assert queue.waiting == pytest.approx(waiting, rel=1e-8)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 5), st.floats(0.1, 20), server_numbers)
def test_mmc_obeys_little_and_another_server_never_lengthens_waiting(rate, service_time, servers):
    queue, more = mmc(rate, service_time, servers), mmc(rate, service_time, servers + 1)
    assert more.waiting <= queue.waiting
    assert queue.number_waiting == rate * queue.waiting
    if np.isfinite(queue.waiting):
        assert queue.number_inside == pytest.approx(rate * queue.stay)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.1, 5), st.floats(0.1, 10), st.integers(1, 25), st.floats(0.1, 50)
)  # fmt: skip
def test_erlang_a_agrees_with_its_birth_death_chain(rate, service_time, servers, patience):
    queue = erlang_a(rate, service_time, servers, patience)
    must_wait, waiting = long_run(rate, service_time, servers, patience)
    assert queue.probability_of_waiting == pytest.approx(must_wait, rel=1e-8)
    assert queue.waiting == pytest.approx(waiting, rel=1e-8)
    assert 0 <= queue.share_leaving <= 1 + 1e-12
    assert queue.utilisation <= 1 + 1e-12


def test_endless_patience_is_mmc():
    patient, queue = erlang_a(0.9, 10, 10, 1e5), mmc(0.9, 10, 10)
    assert patient.waiting == pytest.approx(queue.waiting, rel=1e-2)
    assert patient.probability_of_waiting == pytest.approx(queue.probability_of_waiting, rel=1e-2)


def test_of_an_overloaded_counter_those_leave_whom_it_cannot_serve():
    """20 per hour come, 10 can be served; with much patience half must give up."""
    assert erlang_a(20, 1, 10, 100).share_leaving == pytest.approx(0.5, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(loads, server_numbers), min_size=1, max_size=6))
def test_floats_and_arrays_agree(pairs):
    load, servers = np.array(pairs).T
    servers = servers.astype(int)
    for function in (erlang_b, erlang_c):
        one_by_one = [function(a, c) for a, c in pairs]
        assert function(load, servers).tolist() == one_by_one
    assert mmc(load, 1.0, servers).waiting.tolist() == [mmc(a, 1.0, c).waiting for a, c in pairs]
    together = erlang_a(load, 1.0, servers, 3.0)
    for i, (a, c) in enumerate(pairs):
        assert together.waiting[i] == pytest.approx(erlang_a(a, 1.0, c, 3.0).waiting, rel=1e-12)
    needed = servers_needed(load, 0.05)
    assert needed.tolist() == [servers_needed(a, 0.05) for a, _ in pairs]


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 80), st.floats(0.001, 0.9))
def test_servers_needed_are_enough_and_one_fewer_is_not(load, blocking):
    needed = servers_needed(load, blocking)
    assert erlang_b(load, needed) <= blocking
    assert needed == 0 or erlang_b(load, needed - 1) > blocking


def test_an_idle_queue_needs_nobody_and_blocks_nobody():
    assert (
        servers_needed(0.0, 0.01) == 1
    )  # with no server at all, whoever came would be turned away
    assert erlang_b(0.0, 3) == 0
    assert mmc(0.0, 5.0, 2).waiting == 0


def test_a_queue_that_cannot_keep_up_waits_for_ever():
    queue = mmc(np.array([0.5, 1.0, 2.0]), 1.0, 1)
    assert queue.waiting.tolist() == [1.0, np.inf, np.inf]
    assert queue.probability_of_waiting.tolist() == [0.5, 1.0, 1.0]
    assert queue.service_level(10.0)[1:].tolist() == [0.0, 0.0]
    assert mg1(1.0, 1.0, 0.5).waiting == np.inf


def test_ten_thousand_lines_do_not_overflow():
    assert erlang_b(10_000.0, 10_000) == pytest.approx(0.0079, abs=5e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_c(3.0, 2.5), "servers is 2.5; expected a whole number from 1 up"),
        (lambda: erlang_c(3.0, 0), "servers is 0; expected a whole number from 1 up"),
        (lambda: erlang_b(-1.0, 2), "offered_load is -1; expected a number from 0 up"),
        (lambda: mmc(float("nan"), 1.0, 2), "arrival_rate is nan; expected a number from 0 up"),
        (lambda: mmc(1.0, 0.0, 2), "service_time is 0; expected a number above 0"),
        (
            lambda: servers_needed(3.0, 0.0),
            "blocking must lie above 0 and not above 1; no number of servers gives 0",
        ),
    ],
)
def test_what_is_no_queue_is_refused_in_words(call, message):
    with pytest.raises(UsageError) as told:
        call()
    assert str(told.value) == message
