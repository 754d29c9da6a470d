"""How long a sweep over a country takes, how much memory a worker needs, and what a second brings.

Run it from the root of the project, on a machine that does nothing else:

    python benchmarks/sweep_speed.py [--cities 514] [--draws 10000] [--outcomes all]

Invented regencies with eight plans each are swept by one worker and by two. `busy` is the share of
the workers' time in which they computed; `efficiency` compares the two runs (aim 85%) and says
nothing when other programs use the cores. Both leave out starting the workers, which takes seconds.
With fewer cities or draws the last lines say what the whole country would take, in proportion.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-c", "import sys; from opdanalysis.cli import main; sys.exit(main())"]
CITIES, DRAWS, AIM = 514, 10_000, 0.85


def swept(cities: Path, out: Path, workers: int, options: argparse.Namespace) -> dict:
    """The log of one sweep, with the seconds of the whole command."""
    command = [*COMMAND, "sweep", str(cities), "--out", str(out), "--draws", str(options.draws)]
    if options.outcomes:
        command += ["--outcomes", *options.outcomes]
    start = time.perf_counter()
    subprocess.run(
        [*command, "--workers", str(workers)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    log = json.loads((out / "run-log.json").read_text(encoding="utf-8"))
    return {**log, "command": time.perf_counter() - start}


def main() -> None:
    """Print one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=CITIES)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--outcomes", nargs="+", default=[])
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        cities = Path(folder) / "cities"
        invent = [*COMMAND, "invent", str(cities), "--cities", str(options.cities)]
        subprocess.run(invent, check=True, stdout=subprocess.DEVNULL)
        print(f"{options.cities} cities, 8 plans, 1 scenario, {options.draws:,} draws")
        for workers in (1, 2):
            log = found[workers] = swept(cities, Path(folder) / f"out-{workers}", workers, options)
            busy = sum(log["cities"].values()) / (workers * log["seconds"])
            print(
                f"{workers} worker(s): {log['seconds']:.1f} s"
                f" ({log['command']:.1f} s with starting), {log['cpu_seconds']:.1f} s of the"
                f" processor, busy {busy:.0%}, at most {log['peak_mib']:.0f} MiB per worker",
                flush=True,
            )
    efficiency = found[1]["seconds"] / (2 * found[2]["seconds"])
    print(f"efficiency with two workers: {efficiency:.0%}, {efficiency / AIM:.2f} of the aim")
    whole = CITIES * DRAWS / (options.cities * options.draws)
    print(
        f"{CITIES} cities and {DRAWS:,} draws in proportion: "
        f"{found[1]['cpu_seconds'] * whole / 60:.0f} minutes of one core"
    )


if __name__ == "__main__":
    main()
