"""How long it takes to say how sure the answers are: draws, grouped indices, worth of information.

Run it from the root of the project, on a machine that does nothing else:

    python benchmarks/uncertainty_speed.py [--workers 2] [--draws 20000] [--base 2048] [--plans 8]

It computes every outcome of eight plans and today in 20,000 draws; the Sobol and distribution
indices of the main outcomes by group of inputs with a base sample of 2,048 (waiting at counters by
the emulator); and the value of information of every group. With two workers a second process
computes the worlds of the indices; no number depends on that, as one block shows. Seconds
on the clock depend on what else the machine does, seconds of the processor less. The aim is 60
seconds on the clock with two workers, so 60 seconds of the processor for the busier one.
"""

from __future__ import annotations

import argparse
import os
import time
from multiprocessing import get_context

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

import numpy as np
import pandas as pd

from opdanalysis.experiment.choice import CITY, choice_among
from opdanalysis.experiment.information import information_values
from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import BLOCK, every_draw, keep_memory
from opdanalysis.experiment.sensitivity import gains_in_worlds, indices_of_worlds
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.input_groups import read_input_groups

AIM, SEED = 60, 1
MAIN = (
    "net_cost",
    "operating_cost",
    "once_only_cost",
    "contacts_one_roof",
    "staff_hours",
    "access_hours",
    "citizen_cost",
    "elapsed_days",
)
"""The outcomes that get indices; the worlds hold these and cost as much as all."""

known = read_everything("palembang")
groups = grouped(read_input_groups(known.book), known.book)


class Clock:
    """Seconds on the clock and of this process since it was made."""

    def __init__(self) -> None:
        self.began = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        clock, used = self.began
        spent = time.perf_counter() - clock, time.process_time() - used
        return f"{spent[0]:7.2f} s {spent[1]:7.2f} s CPU"


def worlds(plans: tuple[str, ...], base: int, part: slice) -> np.ndarray:
    """The gains in all worlds, in some blocks of the base sample."""
    chosen = [known.plans[id] for id in plans]
    return gains_in_worlds(known.city, chosen, known.book, groups, MAIN, base, SEED, part)


def indices(plans: tuple[str, ...], base: int) -> tuple[np.ndarray, pd.DataFrame, list[str], float]:
    """The worlds, their indices, the lines that say how long both took, and seconds used."""
    before = time.process_time()
    clock = Clock()
    gains = worlds(plans, base, slice(None))
    lines = [f"{f'{len(gains)} worlds x {base:,} draws x {len(plans)} plans':52s} {clock}"]
    clock = Clock()
    table = indices_of_worlds(gains, [known.plans[id] for id in plans], groups, MAIN, SEED)
    lines.append(f"{f'indices with intervals, {len(table):,} rows':52s} {clock}")
    return gains, table, lines, time.process_time() - before


def draws_and_information(plans: tuple[str, ...], draws: int) -> None:
    """Every outcome in every draw, and what it is worth to know each group."""
    everyone = [TODAY, *(known.plans[id] for id in plans)]
    clock = Clock()
    values = known.book.sample(draws, SEED)
    for name in known.book:
        values[name]
    print(f"{f'drawing {draws:,} draws':52s} {clock}", flush=True)
    clock = Clock()
    numbers = {id: n[None] for id, n in every_draw(known.city, everyone, values).items()}
    print(f"{f'{draws:,} draws x {len(plans)} plans x {len(OUTCOMES)} outcomes':52s} {clock}")
    clock = Clock()
    result = Result(known.city, tuple(everyone), ("book",), draws, SEED, numbers)
    information_values(choice_among(result, CITY), known.book, values, groups)
    print(f"{f'worth of information of {len(groups)} groups':52s} {clock}", flush=True)


def main() -> None:
    """Print one run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, choices=(1, 2), default=2)
    options.add_argument("--draws", type=int, default=20_000)
    options.add_argument("--base", type=int, default=2_048)
    options.add_argument("--plans", type=int, default=8)
    chosen = options.parse_args()
    plans = tuple(id for id in known.plans if id != TODAY.id)[: chosen.plans]
    keep_memory()
    start, before = time.perf_counter(), time.process_time()
    if chosen.workers == 1:
        draws_and_information(plans, chosen.draws)
        gains, _, lines, _ = indices(plans, chosen.base)
        busier = time.process_time() - before
    else:
        with get_context("fork").Pool(1) as pool:
            beside = pool.apply_async(indices, (plans, chosen.base))
            draws_and_information(plans, chosen.draws)
            used = time.process_time() - before
            gains, _, lines, used_beside = beside.get()
            busier = max(used, used_beside)
    print(*lines, sep="\n")
    print(f"{'busier process':52s} {'':9s} {busier:7.2f} s CPU  (aim {AIM} s)")
    print(f"{'together':52s} {time.perf_counter() - start:7.2f} s  (aim {AIM} s)")
    last = -(-chosen.base // BLOCK) - 1
    again = worlds(plans, chosen.base, slice(last, None))
    same = np.array_equal(again, gains[..., last * BLOCK :])
    print(f"one block again in this process: {'the same bits' if same else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
