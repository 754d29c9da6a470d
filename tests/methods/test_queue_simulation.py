"""The simulation agrees with queues that have an answer on paper, within its own sampling error."""

from dataclasses import replace
from math import factorial, sqrt

import numpy as np
import pytest
from scipy import stats

from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_layout import Crew, dedicated
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_sharing import helped_out, pooled, with_express, with_priority
from opdanalysis.methods.queue_simulation import simulate, simulate_trace
from opdanalysis.methods.queue_world import Journey, Stop, World

DAY_WEIGHTS = (0.0,) * 8 + (1.35, 1.6, 1.4, 1.15, 0.7, 0.55, 0.25) + (0.0,) * 9


def open_all_day(points, counters):
    """One building in which nobody goes home."""
    n = len(points)
    return dedicated(points, counters, [0] * n, np.zeros((1, 1)), [0] * n, [1440] * n, "everyone")


def one_stop(layout, arrivals, services, points=None, patience=None):
    """Customers of one stop each; times in any unit, a day is 1440 of them."""
    n = len(arrivals)
    point = np.zeros(n, dtype=int) if points is None else points
    days = int(arrivals[-1] // 1440) + 1
    return simulate_trace(
        layout, days, arrivals, np.arange(n + 1), point, services, np.zeros(n), patience
    )


def poisson(rng, rate, n):
    return np.cumsum(rng.exponential(1 / rate, n))


def agrees(numbers, exact, batches=25):
    """Whether the mean lies within 3.5 standard errors by batch means, which must be small."""
    means = [batch.mean() for batch in np.array_split(numbers, batches)]
    error = np.std(means, ddof=1) / sqrt(batches)
    assert error < 0.04 * exact, "too short a run to say anything"
    assert abs(np.mean(means) - exact) < 3.5 * error, (np.mean(means), exact, error)
    return True


def erlang_wait(servers, load):
    """Mean wait over mean service of M/M/c (Erlang 1917), load in busy servers."""
    full = load**servers / factorial(servers) * servers / (servers - load)
    waits = full / (sum(load**k / factorial(k) for k in range(servers)) + full)
    return waits / (servers - load)


@pytest.mark.parametrize(
    ("servers", "rate", "service", "wait"),
    [
        (1, 1.0, 0.8, 3.2),
        (3, 1.0, 2.4, 2.4 * erlang_wait(3, 2.4)),
        (3, 0.2, 10.0, 4.44444),  # the bank in Ciw's documentation
        (4, 0.2, 10.0, 0.86957),
        (14, 14.0, 0.8, 0.8 * 0.1195),
        (2, 2.0, 0.8, 0.8 * 1.7778),
    ],
)
def test_waits_are_those_of_erlang(servers, rate, service, wait):
    """M/M/c; the last two are one pool of 14 counters and one of 7 pairs at the same load."""
    rng = np.random.default_rng(servers)
    arrivals = poisson(rng, rate, 500_000)
    result = one_stop(
        open_all_day(["bank"], [servers]), arrivals, rng.exponential(service, 500_000)
    )
    assert agrees(result.waiting, wait)


@pytest.mark.parametrize(
    ("shape", "cv"), [("fixed", 0.0), ("gamma", sqrt(0.5)), ("lognormal", 2.0)]
)
def test_waits_are_those_of_pollaczek_and_khinchine(shape, cv):
    """M/G/1 at utilisation 0.8 and 0.5: (1 + cv squared) / 2 times those of M/M/1."""
    rho = 0.5 if cv == 2 else 0.8
    weights = (1.0,) * 24
    world = World(("desk",), (Journey("j", (Stop("desk", cv, shape),), 1440.0),), 700, weights, 0.0)
    customers = draw_customers(world, seed=4)
    result = simulate(customers, open_all_day(["desk"], [1]), Needs([rho]))
    assert agrees(result.waiting / rho, (1 + cv**2) / 2 * rho / (1 - rho))


def test_priority_without_interruption_gives_cobhams_waits():
    """M/M/1 with rates 0.2 and 0.6 (Cobham 1954): times in system 2 and 6."""
    rates = {"urgent": 0.2 * 1440, "other": 0.6 * 1440}
    journeys = tuple(Journey(name, (Stop("desk", 1.0, "gamma"),), r) for name, r in rates.items())
    world = World(("desk",), journeys, 300, (1.0,) * 24, 0.0)
    customers = draw_customers(world, seed=1)
    layout = with_priority(open_all_day(["desk"], [1]), "desk", ["urgent"])
    result = simulate(customers, layout, Needs([1.0, 1.0]))
    stay = result.end - result.arrival
    assert agrees(stay[customers.journey == 0], 2.0)
    assert agrees(stay[customers.journey == 1], 6.0)


def test_impatient_customers_leave_as_often_as_erlangs_formula_says():
    """M/M/1 with exponential patience (Palm 1957), by the birth-death equations."""
    rate, mean, patience = 1.2, 1.0, 2.0
    waiting = np.arange(60)
    going = np.r_[1.0, np.cumprod(rate / (1 / mean + waiting / patience))]
    going /= going.sum()
    leaving = (going[2:] * np.arange(1, 60) / patience).sum() / rate
    rng = np.random.default_rng(7)
    n = 150_000
    result = one_stop(
        open_all_day(["desk"], [1]),
        poisson(rng, rate, n),
        rng.exponential(mean, n),
        patience=rng.exponential(patience, n),
    )
    assert agrees(~np.isnan(result.left), leaving)
    assert np.isnan(result.start[~np.isnan(result.left)]).all()


@pytest.fixture(scope="module")
def jackson():
    """Three facilities with outside arrivals 1, 4, 3, branching routes, 1, 2, 1 servers of 10."""
    onward = np.array([[0, 0.6, 0.3], [0.1, 0, 0.3], [0.4, 0.4, 0]])
    rng = np.random.default_rng(11)
    n = 280_000
    arrivals = poisson(rng, 8.0, n)
    here = rng.choice(3, n, p=[1 / 8, 4 / 8, 3 / 8])
    who, customers, points = np.arange(n), [], []
    while len(who):
        customers.append(who)
        points.append(here)
        next_point = (rng.random(len(who))[:, None] > onward.cumsum(axis=1)[here]).sum(axis=1)
        who, here = who[next_point < 3], next_point[next_point < 3]
    customers, points = np.concatenate(customers), np.concatenate(points)
    order = np.argsort(customers, kind="stable")
    first = np.r_[0, np.cumsum(np.bincount(customers))]
    result = simulate_trace(
        open_all_day(["a", "b", "c"], [1, 2, 1]),
        int(arrivals[-1] // 1440) + 1,
        arrivals,
        first,
        points[order],
        rng.exponential(0.1, len(points)),
        np.zeros(len(points)),
    )
    times = np.arange(100.0, arrivals[-1], 30.0)
    present = [
        np.searchsorted(np.sort(result.arrival[result.visits.point == p]), times)
        - np.searchsorted(np.sort(result.end[result.visits.point == p]), times)
        for p in range(3)
    ]
    return result, np.array(present)


def test_a_jackson_network_has_its_mean_numbers(jackson):
    """Throughput 5, 10, 7.5, numbers 1, 4/3, 3 (Jackson 1957; Hillier and Lieberman's example)."""
    result, _ = jackson
    span = result.arrival.max()
    for point, (flow, number) in enumerate([(5, 1), (10, 4 / 3), (7.5, 3)]):
        stay = (result.end - result.arrival)[result.visits.point == point]
        assert len(stay) / span == pytest.approx(flow, rel=0.02)
        order = np.argsort(result.arrival[result.visits.point == point])
        assert agrees(stay[order], number / flow)


def test_a_jackson_network_has_the_product_form(jackson):
    """Joint numbers at three facilities at distant moments, by chi-square (Jackson 1957)."""
    _, present = jackson
    one, two = 0.5 ** np.arange(200) * 0.5, 0.75 ** np.arange(200) * 0.25
    double = 0.5 ** np.arange(200) * 2 / 3
    double[0] = 1 / 3
    edges = [(1, 2), (1, 2, 3), (1, 3, 6)]
    shares = [
        [part.sum() for part in np.split(p, cut)]
        for p, cut in zip((one, double, two), edges, strict=True)
    ]
    expected = np.einsum("i,j,k->ijk", *shares)
    cell = [np.digitize(n, cut) for n, cut in zip(present, edges, strict=True)]
    seen = np.zeros(expected.shape)
    np.add.at(seen, tuple(cell), 1)
    assert (expected * seen.sum()).min() > 5
    assert stats.chisquare(seen.ravel(), expected.ravel() * seen.sum()).pvalue > 0.001


@pytest.mark.parametrize(
    ("counters", "service", "customers", "wait"),
    [(14, 11.0, 399.84, 10.155), (5, 12.0, 105.0, 5.2375), (5, 12.0, 148.75, 28.3233)],
)
def test_a_day_with_a_peak_has_its_exact_mean_wait(counters, service, customers, wait):
    """M(t)/M/c from 8 to 15 h, everyone inside is served; transient solution by uniformisation."""
    world = World(
        ("hall",), (Journey("j", (Stop("hall", 1.0, "gamma"),), customers),), 1500, DAY_WEIGHTS, 0.0
    )
    drawn = draw_customers(world, seed=5)
    layout = dedicated(["hall"], [counters], [0], np.zeros((1, 1)), [480], [900], "everyone")
    result = simulate(drawn, layout, Needs([service]))
    day = (drawn.entry // 1440).astype(int)
    total, count = np.bincount(day, result.waiting), np.bincount(day)
    mean = total.sum() / count.sum()
    error = sqrt(((total - mean * count) ** 2).sum()) / count.sum()
    assert error < 0.03 * wait
    assert abs(mean - wait) < 3 * error


def van_dijk(change):
    """Short jobs of 1 and long ones of 10, ten to one, each at utilisation 5/6."""
    n = 800_000
    rng = np.random.default_rng(3)
    arrivals = poisson(rng, 11 / 12, n)
    kind = (rng.random(n) < 1 / 11).astype(int)
    layout = change(open_all_day(["short", "long"], [1, 1]))
    result = one_stop(layout, arrivals, np.array([1.0, 10.0])[kind], kind)
    return result.waiting, kind


@pytest.fixture(scope="module")
def separate():
    """Waits with a counter for each kind of job, and the kinds."""
    return van_dijk(lambda layout: layout)


def test_separate_counters_wait_as_khinchine_says(separate):
    waiting, kind = separate
    assert agrees(waiting[kind == 0], 2.5)
    assert agrees(waiting[kind == 1], 25.0)
    assert agrees(waiting, 50 / 11)


@pytest.mark.parametrize(
    ("change", "wait"),
    [
        (lambda both: pooled(both, ["short", "long"], "pool", 2, 1.0), 6.113),
        (
            lambda both: helped_out(helped_out(both, "short", "long", 1.0), "long", "short", 1.0),
            4.112,
        ),
        (lambda both: helped_out(both, "long", "short", 1.0), 3.910),
    ],
    ids=["pooled", "two-way", "one-way"],
)
def test_sharing_counters_changes_waits_as_van_dijk_found(separate, change, wait):
    """van Dijk and van der Sluis (2008) by simulation: 6.15, 4.11 and 3.92; a longer run for ours.

    Against the separate counters of the same customers, whose exact mean is 50/11.
    """
    alone = separate[0]
    shared, _ = van_dijk(change)
    slope = np.cov(shared, alone)[0, 1] / alone.var()
    assert agrees(shared - slope * (alone - 50 / 11), wait)


def test_an_express_queue_is_as_good_as_separate_counters(separate):
    """Jobs of 1 go to the express queue and those of 10 do not, so nothing else is left."""

    def express(layout):
        one = pooled(layout, ["short", "long"], "hall", 1, 1.0)
        return with_express(one, "hall", up_to_minutes=5.0, counters=1)

    assert np.array_equal(van_dijk(express)[0], separate[0])


def test_a_slower_pool_is_a_pool_of_longer_services():
    rng = np.random.default_rng(5)
    arrivals, services = poisson(rng, 1.0, 5000), rng.exponential(1.5, 5000)
    kind = rng.integers(0, 2, 5000)
    both = open_all_day(["a", "b"], [1, 1])
    slow = one_stop(pooled(both, ["a", "b"], "hall", 2, 1.25), arrivals, services, kind)
    longer = one_stop(pooled(both, ["a", "b"], "hall", 2, 1.0), arrivals, services * 1.25, kind)
    assert np.array_equal(slow.end, longer.end)


def test_pace_counts_where_a_crew_helps_out():
    """The long counter takes twice the time for the second of three short jobs."""
    both = helped_out(open_all_day(["short", "long"], [1, 1]), "long", "short", 2.0)
    result = one_stop(both, np.array([0.0, 1.0, 2.0]), np.full(3, 5.0))
    assert result.end.tolist() == [5.0, 11.0, 10.0]
    assert [both.crews[c].name for c in result.crew] == ["short", "long", "short"]


def test_two_crews_at_one_queue_keep_their_pace():
    """Two crews at one queue take turns as they become free."""
    layout = open_all_day(["hall"], [1])
    crews = (Crew("left", 1, ("hall",)), Crew("right", 1, ("hall",), (3.0,)))
    layout = replace(layout, crews=crews)
    result = one_stop(layout, np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 4.0))
    assert result.start.tolist() == [0.0, 1.0, 4.0, 8.0]
    assert result.crew.tolist() == [0, 1, 0, 0]
