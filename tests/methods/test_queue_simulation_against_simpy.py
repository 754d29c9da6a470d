"""The same trace gives the same times in SimPy, customer by customer and to the last bit.

Minutes are multiples of a power of two, so that no sum is rounded, in whatever order it is made.
"""

from dataclasses import replace

import numpy as np
import pytest

from opdanalysis.methods.queue_layout import Crew, dedicated
from opdanalysis.methods.queue_sharing import pooled
from opdanalysis.methods.queue_simulation import simulate_trace

simpy = pytest.importorskip("simpy")

DAY, OPENS, CLOSES = 1440.0, 480.0, 900.0
BUILDING = np.array([0, 0, 1])
COUNTERS = [3, 2, 2]
TRAVEL = np.array([[2.0, 20.0], [20.0, 2.0]])


def grid(minutes):
    return np.ceil(np.asarray(minutes) * 2.0**30) / 2.0**30


@pytest.fixture(scope="module")
def trace():
    """1,200 customers with 1 to 4 visits to three points, on six days of rush."""
    rng = np.random.default_rng(8)
    n = 1200
    entry = np.sort(grid(rng.integers(0, 6, n) * DAY + 450 + 470 * rng.beta(1, 2, n)))
    first = np.concatenate([[0], np.cumsum(rng.integers(1, 5, n))])
    visits = first[-1]
    return {
        "entry": entry,
        "first": first,
        "point": rng.integers(0, 3, visits),
        "service": grid(rng.gamma(2, 4, visits)),
        "travel": grid(rng.uniform(1, 30, visits)),
    }


def simpys_ends(trace, point_counter, counters, closing):
    """End of each visit by SimPy: a customer keeps the counter overnight where it closed before."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity) for capacity in counters]
    ends = np.full(len(trace["point"]), np.nan)

    def to_opening():
        minute = env.now % DAY
        if OPENS <= minute < CLOSES:
            return 0.0
        return OPENS - minute if minute < OPENS else DAY - minute + OPENS

    def customer(number):
        yield env.timeout(trace["entry"][number])
        for visit in range(trace["first"][number], trace["first"][number + 1]):
            point = trace["point"][visit]
            inside = False
            if visit > trace["first"][number]:
                yield env.timeout(trace["travel"][visit])
                inside = BUILDING[point] == BUILDING[trace["point"][visit - 1]]
            gated = closing == "tickets" or (closing == "everyone" and not inside)
            if gated and to_opening() > 0:
                yield env.timeout(to_opening())
            with desks[point_counter[point]].request() as turn:
                yield turn
                if closing == "cut" and to_opening() > 0:
                    yield env.timeout(to_opening())
                yield env.timeout(trace["service"][visit])
            ends[visit] = env.now

    for number in range(len(trace["entry"])):
        env.process(customer(number))
    env.run()
    return ends


def layout(closing):
    return dedicated(
        ["a", "b", "c"], COUNTERS, BUILDING, TRAVEL, [OPENS] * 3, [CLOSES] * 3, closing
    )


@pytest.mark.parametrize("kernel", ["auto", "python"])
@pytest.mark.parametrize("closing", ["cut", "tickets", "everyone"])
def test_every_customer_is_done_when_simpy_says(trace, closing, kernel):
    ours = simulate_trace(layout(closing), days=40, **trace, kernel=kernel)
    theirs = simpys_ends(trace, [0, 1, 2], COUNTERS, closing)
    assert np.array_equal(ours.end, theirs)
    assert (ours.returns > 0).sum() > 15, "too few were sent home to say anything"


def test_pooled_points_are_one_resource_of_simpy(trace):
    shared = pooled(layout("cut"), ["a", "b"], "hall", 5, 1.0)
    ours = simulate_trace(shared, days=40, **trace)
    assert np.array_equal(ours.end, simpys_ends(trace, [0, 0, 1], [5, 2], "cut"))


def test_priority_is_simpys_priority_resource():
    """Two classes at three counters, without interruption; all day long."""
    rng = np.random.default_rng(2)
    n = 3000
    entry = np.cumsum(grid(rng.exponential(1.0, n)))
    service = grid(rng.exponential(2.7, n))
    kind = rng.integers(0, 2, n)
    one = dedicated(["a", "b"], [3, 1], [0, 0], np.zeros((1, 1)), [0, 0], [1440, 1440], "everyone")
    both = replace(one, crews=(Crew("desk", 3, ("a", "b")),))
    ours = simulate_trace(both, 10, entry, np.arange(n + 1), kind, service, np.zeros(n))

    env = simpy.Environment()
    desk = simpy.PriorityResource(env, 3)
    ends = np.empty(n)

    def customer(number):
        yield env.timeout(entry[number])
        with desk.request(priority=kind[number]) as turn:
            yield turn
            yield env.timeout(service[number])
        ends[number] = env.now

    for number in range(n):
        env.process(customer(number))
    env.run()
    assert np.array_equal(ours.end, ends)
    assert ours.waiting[kind == 0].mean() < ours.waiting[kind == 1].mean() / 2
