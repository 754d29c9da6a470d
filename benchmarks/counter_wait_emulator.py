"""Makes data/emulators/counter_wait.csv: the mean wait at a counter, simulated on a grid.

Run it from the root of the project; without `--write` it only measures:

    python benchmarks/counter_wait_emulator.py --write

Every point of the grid is simulated with some 150,000 customers. Points that are not on the grid,
spread over the whole range, are simulated with 400,000 customers each and other random numbers, and
held against what is read off the grid: that error is written into the first line of the file. It
takes some ten minutes with numba.
"""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc

from opdanalysis.city.counter_wait import CounterWait
from opdanalysis.methods.simulated_wait import DAY_MINUTES, simulated_wait
from opdanalysis.models.counter_waits import SERVICE_CV
from opdanalysis.reading.emulators import ERROR

FILE = Path("data/emulators/counter_wait.csv")
COUNTERS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 64)
UTILISATION = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)
SERVICES_PER_DAY = (4, 8, 16, 32, 64, 128)
PEAK = (0.0, 0.4, 0.8, 1.2)
LEAST_WAIT = 0.1
"""Waits below this many services matter to nobody, and their relative error says nothing."""

CUSTOMERS, SEED = 150_000, 0
HELD_OUT, HELD_OUT_CUSTOMERS, HELD_OUT_SEED = 256, 400_000, 1


def grid() -> pd.DataFrame:
    """The simulated waits and their standard errors, one row per point of the grid."""
    points = list(product(COUNTERS, UTILISATION, SERVICES_PER_DAY, PEAK))
    found = [simulated_wait(*point, SERVICE_CV, CUSTOMERS, SEED) for point in points]
    table = pd.DataFrame(points, columns=["counters", "utilisation", "services_per_day", "peak"])
    return table.assign(
        wait=[round(wait, 5) for wait, _ in found],
        standard_error=[round(error, 5) for _, error in found],
    )


def held_out(most_utilisation: float) -> pd.DataFrame:
    """Waits at points that are not on the grid, by longer simulations."""
    unit = qmc.Sobol(4, seed=HELD_OUT_SEED).random(HELD_OUT)
    counters = np.round(np.exp(unit[:, 0] * np.log(COUNTERS[-1]))).astype(int)
    utilisation = 0.1 + unit[:, 1] * (most_utilisation - 0.1)
    services = SERVICES_PER_DAY[0] * (SERVICES_PER_DAY[-1] / SERVICES_PER_DAY[0]) ** unit[:, 2]
    peak = unit[:, 3] * PEAK[-1]
    points = list(zip(counters.tolist(), utilisation, services, peak, strict=True))
    found = [
        simulated_wait(*point, SERVICE_CV, HELD_OUT_CUSTOMERS, HELD_OUT_SEED) for point in points
    ]
    table = pd.DataFrame(points, columns=["counters", "utilisation", "services_per_day", "peak"])
    return table.assign(wait=[wait for wait, _ in found], standard_error=[e for _, e in found])


def read_off(table: pd.DataFrame, points: pd.DataFrame) -> np.ndarray:
    """The waits that the grid gives at these points, in services."""
    emulator = CounterWait.from_columns(*(table[name] for name in table.columns[:5]), error=0.0)
    columns = [points[name].to_numpy(dtype=float) for name in points.columns[:4]]
    return emulator.wait(*columns)


def main() -> None:
    """Print how well the grid does, and write it where that is asked for."""
    start = time.process_time()
    table, points = grid(), held_out(UTILISATION[-1])
    gap = read_off(table, points) - points["wait"]
    minutes = gap / points["services_per_day"] * DAY_MINUTES
    busy, long = points["utilisation"] <= 1, points["wait"] > LEAST_WAIT
    relative = (gap / points["wait"]).abs()[long]
    print(f"{len(table)} points of the grid, {len(points)} others")
    print(f"{time.process_time() - start:.0f} s of the processor")
    print(f"up to a utilisation of 1: mean wait {points['wait'][busy].mean():.3f} services,")
    print(f"  root mean square error {np.sqrt(np.mean(gap[busy] ** 2)):.3f} services,")
    print(f"  or {np.sqrt(np.mean(minutes[busy] ** 2)):.2f} minutes")
    print(f"waits above {LEAST_WAIT} services, relative error: median {relative.median():.1%},")
    print(f"  95% below {relative.quantile(0.95):.1%}, largest {relative.max():.1%}")
    if "--write" in sys.argv:
        FILE.parent.mkdir(exist_ok=True)
        head = f"{ERROR}{relative.quantile(0.95):.4f}\n"
        FILE.write_text(head + table.to_csv(index=False), encoding="utf-8")


if __name__ == "__main__":
    main()
