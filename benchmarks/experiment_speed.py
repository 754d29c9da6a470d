"""How long the whole experiment of Palembang takes, how much memory, and where the time goes.

Run it from the root of the project:

    python benchmarks/experiment_speed.py [DRAWS]

Ten plans, two scenarios and 10,000 draws of every outcome, in one process. The limit is 10 seconds
and 2 GB without the outcomes of service time, which have a limit of their own
(`benchmarks/service_time_speed.py`). The parts are taken from a second, profiled run, which is
slower; their shares are what to look at. What is computed once for all plans counts for the model
that asks first, and drawing the numbers is a part of its own.
"""

from __future__ import annotations

import os
import resource
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

import cProfile
import pstats

from opdanalysis.experiment.run import run_experiment
from opdanalysis.reading.everything import read_everything

SCENARIOS = ("as-budgeted", "compliant-wages")
LIMIT_SECONDS, LIMIT_GB = 10.0, 2.0
PARTS = {
    "drawing": ("book.py", "_draw"),
    "running cost": ("running_cost.py", "running_cost"),
    "moving, building, income": ("outcomes.py", "money"),
    "contacts close by": ("contacts.py", "contacts_close_by"),
    "coordination": ("coordination.py", "coordination"),
    "access": ("access.py", "access"),
    "service time": ("service_time.py", "service_time"),
    "space and parking": ("fit.py", "fit_totals"),
}


def main() -> None:
    """Print one run."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    known = read_everything("palembang")
    plans = list(known.plans.values())
    beliefs = {id: known.scenarios[id].beliefs for id in SCENARIOS}

    def run(size: int) -> None:
        run_experiment(known.city, plans, known.book, beliefs, size, 0)

    run(50)
    start, used = time.perf_counter(), time.process_time()
    run(draws)
    wall, used = time.perf_counter() - start, time.process_time() - used
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    profile = cProfile.Profile()
    profile.enable()
    run(max(draws // 5, 1))
    profile.disable()
    stats = pstats.Stats(profile).stats
    total = max(row[3] for row in stats.values())
    print(f"{len(plans)} plans, {len(SCENARIOS)} scenarios, {draws:,} draws")
    print(f"{wall:.1f} s on the clock, {used:.1f} s of processor time, {gigabytes:.2f} GB at most")
    shares = {}
    for part, (file, name) in PARTS.items():
        found = [
            row[3] for (path, _, of), row in stats.items() if path.endswith(file) and of == name
        ]
        shares[part] = sum(found) / total
        print(f"  {part:26s} {shares[part]:5.0%}")
    print(f"  {'everything else':26s} {1 - sum(shares.values()):5.0%}")
    rest = used * (1 - shares["service time"])
    print(f"without service time about {rest:.1f} s: {rest / LIMIT_SECONDS:.2f} of the limit")
    print(f"memory: {gigabytes / LIMIT_GB:.2f} of the limit")


if __name__ == "__main__":
    main()
