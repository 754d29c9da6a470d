"""A permit through five agencies: grid against simulated cases, means of draws against the grid.

    python benchmarks/lead_time.py

All inputs are invented. The simulation is written without the package: 400,000 cases, followed
hand-off by hand-off. Last come 10,000 draws of every uncertain number, and the error of their
means on some draws, and for the longest of very uneven parallel routes.
"""

from __future__ import annotations

import os
import time
from dataclasses import fields, is_dataclass, replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy loads

import numpy as np

from opdanalysis.methods.lead_time import lead_time, mean_lead_time
from opdanalysis.methods.lead_time_grid import Grid, parallel, rework, series
from opdanalysis.methods.lead_time_laws import (
    NOTHING,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    WaitForNext,
)
from opdanalysis.methods.lead_time_longest import Kinds, in_series, longest_of, reworked
from opdanalysis.methods.lead_time_mechanisms import Mechanisms, Tier, wait_for_next
from opdanalysis.methods.lead_time_process import Meeting, Parallel, Process, Task
from opdanalysis.methods.lead_time_shares import (
    four_corners,
    gain_by_mechanism,
    location_share,
    mean_by_mechanism,
)

CASES, DRAWS, CHECKED, SEED = 400_000, 10_000, 200, 0
DAY, SLOTS, SESSIONS = 7.5, 4, 2
REVIEWERS = ("roads", "environment", "housing")
TOUCH = {"intake": 1.0, "review": 3.0, "meeting": 2.0, "retribution": 1.0, "sign_off": 0.5}
PAIRS = [("counter", agency) for agency in (*REVIEWERS, "revenue")]
APART, TOGETHER = dict.fromkeys(PAIRS, "city"), dict.fromkeys(PAIRS, "building")
ATTENTION, MENDING, QUESTIONS, ANSWER = 3.5, 6.0, 0.2, 4.0


def touch(part: str) -> Lognormal:
    return Lognormal(TOUCH[part], 1.0)


PERMIT = Process(
    "permit",
    (
        Task("intake", "counter", touch("intake")),
        Parallel(
            tuple(
                (Task(f"review_{agency}", agency, touch("review"), signed=True, review=True),)
                for agency in REVIEWERS
            )
        ),
        Task("meeting", "counter", touch("meeting"), meeting=Meeting(0.6, 4, REVIEWERS)),
        Task("retribution", "revenue", touch("retribution")),
        Task("sign_off", "counter", touch("sign_off"), signed=True),
    ),
)


def mechanisms(electronic: bool) -> Mechanisms:
    """Invented numbers; answers and mending are as long near as far."""

    def tier(rounds: float, way: float, returned: float, free: float) -> Tier:
        dispatch = NOTHING if electronic else wait_for_next(DAY, rounds, 0.0)
        transport = NOTHING if electronic else Fixed(way)
        return Tier(dispatch, transport, returned, ANSWER, free)

    return Mechanisms(
        day_hours=DAY,
        attention=Exponential(ATTENTION),
        sign_off=wait_for_next(DAY, SESSIONS, 0.0),
        registration=Exponential(1.0 if electronic else 2.0),
        mending=Exponential(MENDING),
        questions=QUESTIONS,
        slots_per_day=SLOTS,
        tiers={
            "building": tier(7.5, 0.05, 0.20, 0.60 if electronic else 0.55),
            "city": tier(1.0, 0.6, 0.25, 0.50 if electronic else 0.45),
        },
        nearness=APART,
    )


def simulated(cases: int, rng: np.random.Generator) -> np.ndarray:
    """Lead time of each case on paper with offices apart [hour]."""

    def carry(n: int) -> np.ndarray:
        return rng.uniform(0, DAY, n) + 0.6 + rng.exponential(2.0, n)

    def hand_off(n: int) -> np.ndarray:
        asked = rng.geometric(1 / (1 + QUESTIONS), n) - 1
        return carry(n) + rng.standard_gamma(asked) * ANSWER

    def work(part: str, n: int, signed: bool = False) -> np.ndarray:
        spread = np.sqrt(np.log(2.0))
        hours = rng.exponential(ATTENTION, n)
        hours += rng.lognormal(np.log(TOUCH[part]) - spread**2 / 2, spread, n)
        return hours + rng.uniform(0, DAY / SESSIONS, n) if signed else hours

    hours = work("intake", cases)
    ready = np.zeros(cases)
    for _ in REVIEWERS:
        took = hand_off(cases) + work("review", cases, signed=True)
        back = np.flatnonzero(rng.random(cases) < 0.25)
        while back.size:
            n = back.size
            took[back] += carry(n) + rng.exponential(MENDING, n) + carry(n)
            took[back] += work("review", n, signed=True)
            back = back[rng.random(n) < 0.25]
        ready = np.maximum(ready, took + hand_off(cases))
    hours += ready + work("meeting", cases)
    slots = rng.geometric(0.45**4, cases) / SLOTS * DAY
    hours += np.where(rng.random(cases) < 0.6, slots, 0.0)
    hours += hand_off(cases) + work("retribution", cases)
    return hours + hand_off(cases) + work("sign_off", cases, signed=True)


def uncertain(rng: np.random.Generator, draws: int) -> Mechanisms:
    """The same mechanisms, with every number drawn and one reviewer under the same roof."""

    def between(low: float, high: float) -> np.ndarray:
        return rng.uniform(low, high, draws)

    def tier(low: float, high: float) -> Tier:
        return Tier(
            dispatch=wait_for_next(DAY, between(low, high), between(0, 1)),
            transport=Fixed(between(0.3, 1)),
            return_share=between(0.1, 0.35),
            answer_hours=between(2, 8),
            free_share=between(0.4, 0.6),
        )

    return replace(
        mechanisms(electronic=False),
        attention=Exponential(between(2, 8)),
        sign_off=wait_for_next(DAY, between(1, 3), 0.0),
        registration=Exponential(between(0.5, 3)),
        mending=Exponential(between(3, 9)),
        questions=between(0, 0.5),
        tiers={"building": tier(4, 8), "city": tier(0.5, 2)},
        nearness=APART | {("counter", "roads"): "building"},
    )


def one_draw(noun, draw: int):
    """A noun whose arrays are replaced by one of their numbers."""
    if isinstance(noun, np.ndarray):
        return float(noun[draw])
    if isinstance(noun, dict):
        return {name: one_draw(each, draw) for name, each in noun.items()}
    if is_dataclass(noun):
        return replace(
            noun, **{f.name: one_draw(getattr(noun, f.name), draw) for f in fields(noun)}
        )
    return noun


def uneven_errors(rng: np.random.Generator, groups: int, grid: Grid) -> np.ndarray:
    """Error of the mean of the longest of 2 to 6 uneven routes by moments, against the grid [1]."""
    errors = []
    for _ in range(groups):
        on_grid, by_moments = [], []
        for _ in range(rng.integers(2, 7)):
            attention = rng.uniform(1, 12)
            way = [
                WaitForNext(DAY / rng.choice([0.5, 1, 2, 7.5]), 0.0),
                Fixed(rng.uniform(0.05, 1)),
                Exponential(rng.uniform(0.3, 3)),
            ]
            work = [
                [Exponential(attention), Lognormal(attention, 1.5), Gamma(attention, 0.7)][
                    rng.integers(3)
                ],
                Lognormal(rng.uniform(0.5, 8), rng.uniform(0.3, 1.2)),
            ]
            again = [*way, Exponential(rng.uniform(1, 10)), *way, *work]
            returned = rng.choice([0.02, rng.uniform(0, 0.45)])
            for times, of_law, one_after_other, come_back in (
                (on_grid, grid.duration, series, rework),
                (by_moments, lambda law: Kinds.one(law.moments), in_series, reworked),
            ):
                there, first, loop = (
                    one_after_other([of_law(law) for law in laws]) for laws in (way, work, again)
                )
                times.append(one_after_other([there, come_back(first, loop, returned), there]))
        errors.append(longest_of(by_moments).mean / parallel(on_grid).mean - 1)
    return np.array(errors)


def best_seconds(act) -> float:
    """The least of ten times."""
    taken = []
    for _ in range(10):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print one run."""
    paper, electronic = mechanisms(electronic=False), mechanisms(electronic=True)
    grid = lead_time(PERMIT, paper)
    start = time.perf_counter()
    cases = simulated(CASES, np.random.default_rng(SEED)) / DAY
    simulating = time.perf_counter() - start
    error = cases.std() / np.sqrt(CASES)
    mean, ninth = grid.mean / DAY, grid.quantile(0.9) / DAY
    print(f"simulation, {CASES:,} cases: {cases.mean():.3f} ± {1.96 * error:.3f} working days")
    print(f"    P90 {np.quantile(cases, 0.9):.3f}; {simulating:.2f} s")
    print(f"grid: {mean:.3f}, P90 {ninth:.3f}, beyond the horizon {grid.lost:.1e}")
    print(f"    ratio of means {mean / cases.mean():.4f} (limit 0.997 to 1.003)")
    print(f"    {1000 * best_seconds(lambda: lead_time(PERMIT, paper)):.1f} ms (limit 20)")
    finer = lead_time(PERMIT, paper, Grid(cell_hours=1 / 32))
    print(
        f"    with cells of 1/32 hour: {finer.mean / DAY:.3f}, P90 {finer.quantile(0.9) / DAY:.3f}"
    )
    print(f"by moments: {mean_lead_time(PERMIT, paper) / DAY:.3f}")
    print(f"    {1000 * best_seconds(lambda: mean_lead_time(PERMIT, paper)):.1f} ms\n")

    print(four_corners(PERMIT, paper, electronic, APART, TOGETHER, 14.0).round(3).to_string())
    print(f"\n{location_share(PERMIT, paper)}")
    gains = gain_by_mechanism(PERMIT, paper, replace(paper, nearness=TOGETHER))
    parts = mean_by_mechanism(PERMIT, paper)
    print("mechanism: working days of the mean, and saved by sitting together")
    for name, hours in parts.items():
        print(f"    {name:14} {hours / DAY:6.2f} {gains[name] / DAY:6.2f}")

    rng = np.random.default_rng(SEED)
    drawn = uncertain(rng, DRAWS)
    seconds = best_seconds(lambda: mean_lead_time(PERMIT, drawn))
    print(f"\n{DRAWS:,} draws by moments: {1000 * seconds:.0f} ms")
    means, wide = mean_lead_time(PERMIT, drawn), Grid(horizon_hours=4096)
    exact = [lead_time(PERMIT, one_draw(drawn, i), wide).mean for i in range(CHECKED)]
    for name, errors in {
        f"permit, {CHECKED} draws": means[:CHECKED] / exact - 1,
        f"longest route of {CHECKED} uneven groups": uneven_errors(rng, CHECKED, wide),
    }.items():
        middle, most = np.quantile(abs(errors), [0.5, 0.95])
        print(
            f"error, {name}: median {middle:.2%}, 95% below {most:.2%}, "
            f"largest {abs(errors).max():.2%}, mean {errors.mean():+.2%}"
        )


if __name__ == "__main__":
    main()
