"""How much the same customers in every plan cut the variance of the difference between two plans.

    python benchmarks/common_random_numbers.py          # 40 replications, about a minute
    python benchmarks/common_random_numbers.py 100

Each plan of the invented city is held against today, once with the same customers and once with
others of the same law. The factor says how many times more replications the second way needs.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from dataclasses import replace

import numpy as np
from queue_city import city_layout, city_needs, city_world

from opdanalysis.methods.queue_comparison import compare_layouts
from opdanalysis.methods.queue_sharing import helped_out, pooled, with_counters

DAYS = 50
OUTCOMES = ("waiting_minutes", "travel_minutes", "trips")


def main() -> None:
    """Print the table."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    world = city_world(DAYS)
    own, needs = city_layout(), city_needs(world)
    plans = {
        "today": (own, needs),
        "one counter more at p0": (with_counters(own, {"p0": 15}), needs),
        "services 3% longer": (own, replace(needs, service_minutes=1.03 * needs.service_minutes)),
        "p9 to p11 move to building 0": (
            replace(own, building=np.where(np.arange(12) > 8, 0, own.building)),
            needs,
        ),
        "p0 and p2 pooled, 5% slower": (pooled(own, ["p0", "p2"], "hall", 23, 1.05), needs),
        "p4 helps p9": (helped_out(own, "p4", "p9", 1.2), needs),
    }
    same = compare_layouts(world, plans, seed=1, replications=replications)
    other = compare_layouts(world, {"today": plans["today"]}, seed=2, replications=replications)
    print(f"{DAYS} days, {replications} replications; difference to today, its error, and how many")
    print("times the variance is smaller with the same customers than with others")
    print(f"{'':30s}" + "".join(f"{outcome:>32s}" for outcome in OUTCOMES))
    for name in plans:
        if name == "today":
            continue
        cells = []
        for outcome in OUTCOMES:
            difference = same.difference(name, "today", outcome)
            with_others = same.of(name, outcome) - other.of("today", outcome)
            error = difference.std(ddof=1) / np.sqrt(replications)
            if difference.std() < 1e-9:
                cells.append("none")
                continue
            factor = with_others.var() / difference.var()
            shown = f"{factor:8.1f}x" if factor < 1000 else "  >1,000x"
            cells.append(f"{difference.mean():12.4f} ±{error:8.4f}{shown}")
        print(f"{name:30s}" + "".join(f"{cell:>32s}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
