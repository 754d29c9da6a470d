"""How fast the trips of Palembang's citizens are computed: time of a plan and draw, and its parts.

Run it from the root of the project:

    python benchmarks/access_speed.py

It computes access for every plan in 2,000 draws, in one process, in the blocks of the experiment,
five times, and prints the best; time is the processor's. The sort that the Gini coefficient needs
is timed alone, as a yardstick, and a plain loop calls the model with one draw at a time.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

import numpy as np

from opdanalysis.experiment.run import BLOCK, keep_memory
from opdanalysis.models.access import access
from opdanalysis.parameters.values import Values
from opdanalysis.reading.everything import Known, read_everything

DRAWS, SEED, LOOPED, TIMES = 2_000, 0, 20, 5
EXPERIMENT = 10_000 * 10 * 2
"""Plan-draws of an experiment: 10,000 draws of ten plans in two scenarios."""


def seconds(known: Known, draws: Values) -> float:
    """Time to compute every plan in every draw."""
    placements = [(plan.levers, plan.place(known.city)) for plan in known.plans.values()]
    start = time.process_time()
    for block in draws.blocks(BLOCK):
        for levers, placement in placements:
            access(known.city, placement, block.with_numbers(levers), block)
    return time.process_time() - start


def seconds_of_sort(kelurahan: int) -> float:
    """Time to sort the kelurahan of a plan-draw, best of several."""
    minutes = np.random.default_rng(SEED).random((BLOCK, kelurahan))
    found = []
    for _ in range(200):
        start = time.process_time()
        np.argsort(minutes, axis=-1)
        found.append(time.process_time() - start)
    return min(found) / BLOCK


def main() -> None:
    """Print one run."""
    keep_memory()  # as the experiment does
    known = read_everything("palembang")
    draws = known.book.sample(DRAWS, SEED)
    seconds(known, draws)
    plan_draws = DRAWS * len(known.plans)
    each = min(seconds(known, draws) for _ in range(TIMES)) / plan_draws
    sort = seconds_of_sort(len(known.city.kelurahan))
    loop = sum(seconds(known, known.book.central()) for _ in range(LOOPED))
    loop = loop / LOOPED / len(known.plans)
    print(f"{len(known.city.kelurahan)} kelurahan, {len(known.plans)} plans, {DRAWS:,} draws")
    print(f"a plan and draw: {each * 1e6:.1f} microseconds, {each / sort:.1f} times the sort in it")
    print(f"an experiment of {EXPERIMENT:,} plan-draws: {each * EXPERIMENT:.1f} s")
    print(f"one draw at a time: {loop * 1e6:.0f} microseconds, {loop / each:.0f} times as long")


if __name__ == "__main__":
    main()
