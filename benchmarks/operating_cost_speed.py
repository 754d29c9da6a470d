"""How fast the yearly cost of Palembang is computed: draws a second, and against a plain loop.

Run it from the root of the project:

    python benchmarks/operating_cost_speed.py

It computes the cost of every plan, by building and by line, in 10,000 draws, in one process. The
plain loop calls the same model with one draw at a time, on some of the draws, scaled up to all.
Drawing the numbers is timed apart, for it is done once for all plans.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

from opdanalysis.experiment.run import BLOCK, keep_memory
from opdanalysis.models.operating_cost import operating_cost
from opdanalysis.parameters.values import Values
from opdanalysis.reading.everything import Known, read_everything

DRAWS, SEED, LOOPED = 10_000, 0, 50


def seconds(known: Known, worlds: Iterable[Values]) -> float:
    """Time to compute every plan in every world."""
    situations = [(plan.levers, plan.situation(known.city)) for plan in known.plans.values()]
    start = time.perf_counter()
    for values in worlds:
        for levers, situation in situations:
            chosen = values.with_numbers(levers)
            operating_cost(known.city, situation.placement, chosen, situation.fates)
    return time.perf_counter() - start


def used_in_cost(known: Known) -> list[str]:
    """The numbers that the cost asks for, found out by asking once."""
    asked: dict[str, None] = {}

    class Noted(dict):
        def __getitem__(self, name: str):
            asked[name] = None
            return super().__getitem__(name)

    central = known.book.central()
    seconds(known, [Values(Noted({name: central[name] for name in known.book}))])
    return list(asked)


def main() -> None:
    """Print one run."""
    keep_memory()  # as the experiment does
    known = read_everything("palembang")
    plans = len(known.plans)
    names = used_in_cost(known)
    draws = known.book.sample(DRAWS, SEED)
    start = time.perf_counter()
    numbers = {name: draws[name] for name in names}
    drawing = time.perf_counter() - start

    together = seconds(known, draws.blocks(BLOCK))
    one_by_one = (
        Values({name: number[draw] for name, number in numbers.items()}) for draw in range(LOOPED)
    )
    loop = seconds(known, one_by_one) * DRAWS / LOOPED

    agencies, buildings = len(known.city.agencies), len(known.city.buildings)
    print(f"{agencies} agencies, {buildings} buildings, {plans} plans")
    print(f"drawing {DRAWS:,} draws of {len(names)} inputs: {drawing:.2f} s")
    print(f"{DRAWS:,} draws x {plans} plans: {together:.2f} s")
    print(f"{DRAWS * plans / together:,.0f} draws of a plan a second")
    print(f"one draw at a time: {loop:.0f} s, {loop / together:.0f} times as long")


if __name__ == "__main__":
    main()
