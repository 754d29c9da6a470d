"""Seconds for 10,000 double semi-partialling permutations: 50 agencies, directed, 4 predictors.

    OPENBLAS_NUM_THREADS=1 python benchmarks/mrqap_speed.py [permutations of R, default 200]

Prints the processor time with numba and without, and beside them R's sna::netlm where
Rscript and sna are found (Debian: r-base-core, r-cran-sna), on fewer permutations and scaled. netlm
also permutes the constant; its time is counted for the four predictors alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from opdanalysis.methods.dyadic_null import parts_of, permuted_robust, permuted_tvalues
from opdanalysis.methods.dyadic_pairs import Dyads, dyads_of
from opdanalysis.methods.dyadic_permutations import draw_permutations
from opdanalysis.methods.dyadic_regression import mrqap

AGENCIES, PERMUTATIONS, REPEATS = 50, 10_000, 5

R_SCRIPT = """
suppressMessages(library(sna))
here <- commandArgs(TRUE)[1]; reps <- as.integer(commandArgs(TRUE)[2])
read <- function(name) as.matrix(read.csv(file.path(here, name), header = FALSE))
y <- read("y.csv"); n <- nrow(y)
x <- array(0, c(4, n, n)); for (i in 1:4) x[i, , ] <- read(paste0("x", i - 1, ".csv"))
set.seed(1)
cat(system.time(netlm(y, x, nullhyp = "qapspp", reps = reps))[["user.self"]])
"""


def network() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """An outcome with effects of sender, receiver and pair, and four predictors."""
    rng = np.random.default_rng(20240611)
    place = rng.random((AGENCIES, 2))
    field = rng.integers(0, 5, AGENCIES)
    size = rng.lognormal(size=AGENCIES)
    predictors = {
        "distance": np.hypot(*(place[:, None] - place).transpose(2, 0, 1)),
        "same_field": (field[:, None] == field) * 1.0,
        "size": np.log(np.outer(size, size)),
        "programmes": rng.poisson(1, (AGENCIES, AGENCIES)) * 1.0,
    }
    effects = rng.normal(size=(2, AGENCIES))
    y = effects[0][:, None] + effects[1] + rng.normal(size=(AGENCIES, AGENCIES))
    return y - 0.3 * predictors["distance"] + 0.4 * predictors["same_field"], predictors


def seconds(task) -> float:
    """Least processor time of several runs, after one that is not counted."""
    task()
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return min(times)


def seconds_of_r(y: np.ndarray, predictors: dict[str, np.ndarray], count: int) -> float | None:
    """Processor time of netlm for all permutations of four predictors, scaled from `count`."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, matrix in [("y", y), *((f"x{i}", x) for i, x in enumerate(predictors.values()))]:
            np.savetxt(Path(folder) / f"{name}.csv", matrix, delimiter=",", fmt="%.17g")
        script = Path(folder) / "netlm.R"
        script.write_text(R_SCRIPT, encoding="utf-8")
        run = subprocess.run(
            ["Rscript", str(script), folder, str(count)], capture_output=True, text=True
        )
    if run.returncode:
        print("R was found, but netlm did not run:", run.stderr.strip().splitlines()[-1])
        return None
    return float(run.stdout.split()[-1]) * PERMUTATIONS / count * 4 / 5


def tasks(dyads: Dyads) -> dict[str, object]:
    """What is timed, by name."""
    parts = parts_of(dyads)
    draws = draw_permutations(AGENCIES, PERMUTATIONS)
    return {
        f"{what}, {kernel}": (lambda f=f, kernel=kernel: f(dyads, parts, draws, kernel))
        for what, f in (("t", permuted_tvalues), ("robust statistic", permuted_robust))
        for kernel in ("numba", "numpy")
    }


def main() -> None:
    """Print the table."""
    y, predictors = network()
    with_gap = y.copy()
    with_gap[3, 7] = np.nan
    timed = {name: seconds(task) for name, task in tasks(dyads_of(y, predictors)).items()}
    gaps = tasks(dyads_of(with_gap, predictors))
    timed |= {f"t, {k}, a pair missing": seconds(gaps[f"t, {k}"]) for k in ("numba", "numpy")}
    timed["mrqap() in all, numba"] = seconds(lambda: mrqap(y, predictors, PERMUTATIONS))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    of_r = seconds_of_r(y, predictors, count)
    print(f"{AGENCIES} agencies, {PERMUTATIONS:,} permutations, 4 predictors; one thread")
    if of_r is not None:
        print(f"{'R sna::netlm, from ' + str(count):34s} {of_r:9.3f} s")
    for name, taken in timed.items():
        ratio = "" if of_r is None else f"  {of_r / taken:7,.0f} times R"
        print(f"{name:34s} {taken:9.3f} s{ratio}")


if __name__ == "__main__":
    main()
