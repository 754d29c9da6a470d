"""How fast the journeys of Palembang's citizens are computed: time of a plan and draw.

Run it from the root of the project:

    python benchmarks/service_time_speed.py

It computes service time for every plan in 2,000 draws, in one process, in the blocks of the
experiment, five times, and prints the best; time is the processor's. A plain loop calls the model
with one draw at a time, and one counter is simulated as a yardstick for the table of waits.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

from opdanalysis.experiment.run import BLOCK, keep_memory
from opdanalysis.methods.simulated_wait import simulated_wait
from opdanalysis.models.counter_waits import SERVICE_CV
from opdanalysis.models.service_time import service_time
from opdanalysis.parameters.values import Values
from opdanalysis.reading.everything import Known, read_everything

DRAWS, SEED, LOOPED, TIMES = 2_000, 0, 10, 5
EIGHT_PLANS = 8 * 10_000
LIMIT_SECONDS = 30.0
LIMIT_MICROSECONDS = 60.0


def seconds(known: Known, draws: Values) -> float:
    """Time to compute every plan in every draw."""
    placements = [(plan.levers, plan.place(known.city)) for plan in known.plans.values()]
    start = time.process_time()
    for block in draws.blocks(BLOCK):
        for levers, placement in placements:
            service_time(known.city, placement, block.with_numbers(levers), block, 0.0)
    return time.process_time() - start


def seconds_of_simulation() -> float:
    """Time to simulate one counter with 20,000 customers, best of five."""
    found = []
    for _ in range(TIMES):
        start = time.process_time()
        simulated_wait(4, 0.7, 35.0, 0.8, SERVICE_CV, 20_000, SEED)
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print one run."""
    keep_memory()  # as the experiment does
    known = read_everything("palembang")
    draws = known.book.sample(DRAWS, SEED)
    seconds(known, draws)
    each = min(seconds(known, draws) for _ in range(TIMES)) / (DRAWS * len(known.plans))
    loop = sum(seconds(known, known.book.central()) for _ in range(LOOPED))
    loop = loop / LOOPED / len(known.plans)
    print(f"{len(known.city.journeys)} journeys, {len(known.plans)} plans, {DRAWS:,} draws")
    print(f"a plan and draw: {each * 1e6:.1f} microseconds, "
          f"{each * 1e6 / LIMIT_MICROSECONDS:.2f} of the limit")  # fmt: skip
    print(f"8 plans x 10,000 draws: {each * EIGHT_PLANS:.1f} s on one core, "
          f"{each * EIGHT_PLANS / LIMIT_SECONDS:.2f} of the limit")  # fmt: skip
    print(f"one draw at a time: {loop / each:.0f} times as long")
    print(
        f"one counter simulated: {seconds_of_simulation() / each:.0f} times a whole plan and draw"
    )


if __name__ == "__main__":
    main()
