"""How long it takes to say how sure the answers are: all draws, grouped indices, worth of information.

Run it from the root of the project, on a machine that does nothing else:

    python benchmarks/uncertainty_speed.py [--workers 2] [--draws 20000] [--base 2048] [--plans 8]

It computes every outcome of eight plans and today in 20,000 draws, Sobol and distribution indices of
every outcome and plan by group of inputs with a base sample of 2,048 (waiting at counters by the
emulator), and the value of information of every group. Blocks of draws are shared among the worker
processes; the numbers do not depend on how many there are, which is checked on some of them. Seconds
on the clock depend on what else the machine does, seconds of the processor less. The aim is 60
seconds on the clock with two workers.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from multiprocessing import get_context

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

import numpy as np

from opdanalysis.experiment.choice import CITY, choice_among
from opdanalysis.experiment.information import information_values
from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import BLOCK, every_draw, keep_memory
from opdanalysis.experiment.sensitivity import gains_in_worlds, indices_of_worlds
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.input_groups import read_input_groups

AIM, SEED = 60, 1
known = read_everything("palembang")
groups = grouped(read_input_groups(known.book), known.book)


def draws_of(task: tuple[tuple[str, ...], int, int, int]) -> dict[str, np.ndarray]:
    """Every outcome in some of the draws."""
    plans, draws, start, stop = task
    values = known.book.sample(draws, SEED)
    part = Values({name: values[name][start:stop] for name in known.book}, stop - start)
    return every_draw(known.city, [TODAY, *(known.plans[id] for id in plans)], part)


def worlds_of(task: tuple[tuple[str, ...], int, slice]) -> np.ndarray:
    """The gains in all worlds, in some blocks of the base sample."""
    plans, base, part = task
    chosen = [known.plans[id] for id in plans]
    ids = list(OUTCOMES)
    return gains_in_worlds(known.city, chosen, known.book, groups, ids, base, SEED, part)


def used() -> float:
    """Seconds of the processor, children that have ended included."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def shared(work, tasks: list, workers: int) -> list:
    """The results of all tasks in order."""
    if workers == 1:
        return [work(task) for task in tasks]
    with get_context("fork").Pool(workers) as pool:
        found = pool.map(work, tasks, chunksize=1)
        pool.close()
        pool.join()
    return found


def main() -> None:
    """Print one run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--draws", type=int, default=20_000)
    options.add_argument("--base", type=int, default=2_048)
    options.add_argument("--plans", type=int, default=8)
    chosen = options.parse_args()
    plans = tuple(id for id in known.plans if id != TODAY.id)[: chosen.plans]
    keep_memory()
    begun = time.perf_counter()

    def told(name: str, start: float, before: float) -> None:
        clock = time.perf_counter() - start
        print(f"{name:52s} {clock:7.2f} s {used() - before:7.2f} s CPU", flush=True)

    start, before = time.perf_counter(), used()
    ends = np.linspace(0, chosen.draws, chosen.workers + 1).astype(int) // BLOCK * BLOCK
    ends[-1] = chosen.draws
    tasks = [(plans, chosen.draws, *map(int, pair)) for pair in zip(ends, ends[1:])]
    parts = shared(draws_of, tasks, chosen.workers)
    numbers = {id: np.concatenate([part[id] for part in parts], axis=1)[None] for id in OUTCOMES}
    told(f"{chosen.draws:,} draws x {len(plans)} plans x {len(OUTCOMES)} outcomes", start, before)

    start, before = time.perf_counter(), used()
    blocks = -(-chosen.base // BLOCK)
    ends = np.linspace(0, blocks, chosen.workers + 1).astype(int)
    tasks = [(plans, chosen.base, slice(int(a), int(b))) for a, b in zip(ends, ends[1:])]
    gains = np.concatenate(shared(worlds_of, tasks, chosen.workers), axis=-1)
    told(f"{gains.shape[0]} worlds x {chosen.base:,} draws, every outcome", start, before)

    start, before = time.perf_counter(), used()
    chosen_plans = [known.plans[id] for id in plans]
    table = indices_of_worlds(gains, chosen_plans, groups, list(OUTCOMES), SEED)
    told(f"indices with intervals, {len(table):,} rows", start, before)

    start, before = time.perf_counter(), used()
    everyone = (TODAY, *chosen_plans)
    result = Result(known.city, everyone, ("book",), chosen.draws, SEED, numbers)
    values = known.book.sample(chosen.draws, SEED)
    information_values(choice_among(result, CITY), known.book, values, groups)
    told("worth of information of every group", start, before)
    print(f"{'together':52s} {time.perf_counter() - begun:7.2f} s  (aim {AIM} s)")

    again = worlds_of((plans, chosen.base, slice(blocks - 1, blocks)))
    same = np.array_equal(again, gains[..., -again.shape[-1] :])
    print(f"one block again in one process: {'the same bits' if same else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
