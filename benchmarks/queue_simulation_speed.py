"""Processor time per customer beside Ciw and SimPy on the same trace, and a year of a city.

    python benchmarks/queue_simulation_speed.py            # about two minutes
    python benchmarks/queue_simulation_speed.py 25         # more days for Ciw, default 10

Three programmes read one trace (arrival, service and travel times, multiples of a power of two) and
must end every visit at the same moment. Ciw and SimPy are timed on the first days or customers, and
times are compared per customer. Without the two the script prints our own times alone.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from dataclasses import replace

import numpy as np
from queue_city import (
    BUILDING,
    CLOSES,
    COUNTERS,
    DAYS,
    OPENS,
    city_layout,
    city_needs,
    city_world,
)

from opdanalysis.methods.queue_comparison import compare_layouts
from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_layout import dedicated
from opdanalysis.methods.queue_sharing import helped_out, pooled, with_counters, with_express
from opdanalysis.methods.queue_simulation import simulate, simulate_trace
from opdanalysis.methods.queue_summary import customer_means

DAY = 1440.0
SIMPY_DAYS = 50


def seconds(task, repeats: int = 1):
    """Least processor time of some runs, and what the last one gave."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        found = task()
        times.append(time.process_time() - start)
    return min(times), found


def grid(minutes: np.ndarray) -> np.ndarray:
    """The next multiple of 2 to the power of -26: sums of such minutes are exact."""
    return np.ceil(minutes * 2.0**26) / 2.0**26


def city_trace(days: int) -> dict[str, np.ndarray]:
    """The first days of the city's year."""
    world = city_world()
    customers = draw_customers(world, seed=1)
    visits = simulate(customers, city_layout(), city_needs(world)).visits
    n = int(np.searchsorted(customers.entry, days * DAY))
    last = customers.first[n]
    return {
        "entry": grid(customers.entry[:n]),
        "first": customers.first[: n + 1],
        "point": visits.point[:last],
        "service": grid(visits.service[:last]),
        "travel": grid(visits.travel[:last]),
    }


def bank_trace(n: int) -> dict[str, np.ndarray]:
    """M/M/10 at utilisation 0.9."""
    rng = np.random.default_rng(1)
    return {
        "entry": np.cumsum(grid(rng.exponential(1 / 9, n))),
        "first": np.arange(n + 1),
        "point": np.zeros(n, dtype=int),
        "service": grid(rng.exponential(1.0, n)),
        "travel": np.zeros(n),
    }


def simpys_ends(trace: dict[str, np.ndarray], counters: tuple[int, ...], nights: bool):
    """End of each visit by SimPy; a customer called after closing is served at the next opening."""
    import simpy

    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity) for capacity in counters]
    first, point, service, travel = (
        trace[name].tolist() for name in ("first", "point", "service", "travel")
    )
    ends = [np.nan] * len(point)

    def customer(number):
        for visit in range(first[number], first[number + 1]):
            if visit > first[number]:
                yield env.timeout(travel[visit])
            with desks[point[visit]].request() as turn:
                yield turn
                if nights:
                    minute = env.now % DAY
                    if minute >= CLOSES:
                        yield env.timeout(DAY - minute + OPENS)
                    elif minute < OPENS:
                        yield env.timeout(OPENS - minute)
                yield env.timeout(service[visit])
            ends[visit] = env.now

    def arrivals():
        for number, entry in enumerate(trace["entry"].tolist()):
            yield env.timeout(entry - env.now)
            env.process(customer(number))

    env.process(arrivals())
    env.run()
    return np.array(ends)


def ciws_ends(trace: dict[str, np.ndarray], counters: tuple[int, ...], nights: bool, until: float):
    """End of each visit by Ciw; the way between points is a node with servers for all."""
    import ciw

    first, point, service, travel, entry = (
        trace[name].tolist() for name in ("first", "point", "service", "travel", "entry")
    )
    starters = [[] for _ in counters]
    for number in range(len(entry)):
        starters[point[first[number]]].append(number)
    waiting_to_start = [iter(numbers) for numbers in starters]
    road = len(counters) + 1
    roads = 1 if len(point) > len(entry) else 0

    class Given(ciw.dists.Distribution):
        def sample(self, t=None, ind=None):
            return next(ind.given)

    def route(ind, simulation):
        ind.number = number = next(waiting_to_start[ind.starting_node - 1])
        visits = range(first[number], first[number + 1])
        minutes, nodes = [service[visits[0]]], []
        for visit in visits[1:]:
            minutes += [travel[visit], service[visit]]
            nodes += [road, point[visit] + 1]
        ind.given = iter(minutes)
        return nodes

    def gaps(numbers):
        times = [entry[number] for number in numbers]
        return [now - before for now, before in zip(times, [0.0, *times], strict=False)]

    network = ciw.create_network(
        arrival_distributions=[
            ciw.dists.Sequential([*gaps(numbers), float("inf")]) if numbers else None
            for numbers in starters
        ]
        + [None] * roads,
        service_distributions=[Given() for _ in range(len(counters) + roads)],
        number_of_servers=[
            ciw.Schedule([0, c, 0], [OPENS, CLOSES, DAY]) if nights else c for c in counters
        ]
        + [float("inf")] * roads,
        routing=ciw.routing.ProcessBased(route),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    ends = np.full(len(point), np.nan)
    for ind in simulation.nodes[-1].all_individuals:
        stays = [r.service_end_date for r in ind.data_records if r.node != road]
        ends[first[ind.number] : first[ind.number] + len(stays)] = stays
    return ends


def row(name: str, seconds_per_customer: float, peers: dict[str, float], note: str = "") -> None:
    """One line: microseconds per customer, and how many times as fast as the peers."""
    ratios = "".join(f"{peers[p] / seconds_per_customer:8,.0f} x {p}" for p in peers)
    print(f"  {name:28s}{seconds_per_customer * 1e6:9.3f} us{ratios}  {note}", flush=True)


def peers_of(trace, small, smaller, counters, nights):
    """Seconds per customer of SimPy and Ciw, each on its part, and whether all ends agree."""
    peers = {}
    for name, part, run in (
        ("SimPy", small, simpys_ends),
        ("Ciw", smaller, lambda t, c, n: ciws_ends(t, c, n, t["entry"][-1] + 3 * DAY)),
    ):
        try:
            taken, ends = seconds(lambda run=run, part=part: run(part, counters, nights))
        except ImportError:
            print(f"  {name} is not installed")
            continue
        peers[name] = taken / len(part["entry"])
        ours = simulate_trace(*trace, **part)
        differ = int((ours.end != ends).sum())
        print(
            f"  {name:28s}{peers[name] * 1e6:9.3f} us  on {len(part['entry']):,} customers; "
            f"{differ} of {len(ends):,} visits end at another moment"
        )
    return peers


def compare(title, layout_and_days, whole, small, smaller, counters, nights):
    """Our two kernels and the two peers on one trace."""
    n = len(whole["entry"])
    print(f"{title}: {n:,} customers, {len(whole['point']):,} visits")
    peers = peers_of(layout_and_days, small, smaller, counters, nights)
    simulate_trace(*layout_and_days, **whole)
    fast, compiled = seconds(lambda: simulate_trace(*layout_and_days, **whole), 5)
    row("numba", fast / n, peers, f"{fast:.3f} s in all")
    slow, plain = seconds(lambda: simulate_trace(*layout_and_days, **whole, kernel="python"), 2)
    same = np.array_equal(compiled.end, plain.end, equal_nan=True)
    row("plain Python", slow / n, peers, f"the same bits: {same}")


def eight_plans(world):
    """Layouts of one city, from its own counters to one hall for all."""
    own, needs = city_layout(), city_needs(world)
    moved = np.where(BUILDING == 4, 3, BUILDING)
    shared = pooled(own, ["p3", "p4"], "desk", 14, 1.1)
    plans = {
        "today": own,
        "moved": replace(own, building=moved),
        "one building": replace(own, building=np.zeros(12, dtype=int)),
        "one more counter": with_counters(own, {"p0": 15}),
        "pooled": shared,
        "all pooled": pooled(own, own.points, "hall", 74, 1.1),
        "helped out": helped_out(helped_out(own, "p3", "p4", 1.2), "p4", "p3", 1.2),
        "express": with_express(with_counters(own, {"p0": 12}), "p0", 6.0, 2),
    }
    return {name: (layout, needs) for name, layout in plans.items()}


def most_memory() -> float:
    """The most memory that this process has used so far [MB]; NaN where it cannot be asked."""
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def a_year_alone() -> None:
    """Time and memory of a year from the seed to the means, before anything else is loaded."""
    short = city_world(2)
    simulate(draw_customers(short, seed=1), city_layout(), city_needs(short))
    libraries, world = most_memory(), city_world()

    def drawn():
        customers = draw_customers(world, seed=1)
        return customers, customers.service, customers.travel

    drawing, (customers, *_) = seconds(drawn, 3)
    simulating, result = seconds(lambda: simulate(customers, city_layout(), city_needs(world)), 5)
    summing, means = seconds(lambda: customer_means(result), 3)
    print("The city's year with its own random numbers")
    print(f"  drawn {drawing:.3f} s, simulated {simulating:.3f} s, summed up {summing:.3f} s")
    print(f"  most memory {most_memory():.0f} MB, of it {libraries:.0f} MB libraries with numba")
    print("  " + ", ".join(f"{name} {value:.3f}" for name, value in means.items()))


def main() -> None:
    """Print the tables."""
    ciw_days = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    a_year_alone()
    bank = bank_trace(200_000)

    def some(n):
        return {k: v[: n + (k == "first")] for k, v in bank.items()}

    all_day = dedicated(["bank"], [10], [0], np.zeros((1, 1)), [0], [1440], "everyone")
    days = int(bank["entry"][-1] // DAY) + 1
    compare(
        "M/M/10, utilisation 0.9", (all_day, days), bank, some(40_000), some(20_000), (10,), False
    )

    year = (city_layout(), DAYS + 5)
    compare(
        "The city's year",
        year,
        city_trace(DAYS),
        city_trace(SIMPY_DAYS),
        city_trace(ciw_days),
        COUNTERS,
        True,
    )

    world = city_world()
    begun = time.perf_counter()
    cpu, compared = seconds(lambda: compare_layouts(world, eight_plans(world), 1, 50))
    print(
        f"50 replications of 8 plans: {cpu:.1f} s, {time.perf_counter() - begun:.1f} s by the clock"
    )
    print(compared.means(0.95).xs("waiting_minutes", level="outcome").round(2).to_string())


if __name__ == "__main__":
    main()
