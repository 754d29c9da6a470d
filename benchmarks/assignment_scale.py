"""How the search behaves at scale: 200 agencies in 60 sites, and the time per move against theory.

    python benchmarks/assignment_scale.py

First an invented problem of 200 by 60 is improved from a random plan within 60 s. Then moves are
timed over sizes: a move looks at n m shifts and n (n - 1) / 2 swaps and updates at most n m entries
of the table, so the time per move over (n m + n^2 / 2) should stay about level.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time

import numpy as np

from opdanalysis.methods.assignment_instances import make_instance
from opdanalysis.methods.assignment_pool import random_plan, search_plans
from opdanalysis.methods.assignment_problem import read_problem, reduce_problem
from opdanalysis.methods.assignment_search import (
    Archive,
    Walk,
    tabu,
)
from opdanalysis.methods.assignment_tables import make_tables

SIZES = ((25, 8), (50, 10), (50, 25), (100, 25), (100, 50), (200, 60))
MOVES = 3_000


def large() -> None:
    instance = make_instance("offices", 200, 60, 0.85, 1)
    problem = reduce_problem(read_problem(*instance.tables)).problem
    tables = make_tables(problem)
    rng = np.random.default_rng(0)
    starts = (random_plan(tables, rng) for _ in range(1_000))
    start = next(plan for plan in starts if problem.fits(plan))
    search_plans(problem, 10, 60.0, 0)  # compiles
    found = search_plans(problem, None, 60.0, 0, first=start)
    print(f"200 x 60: a random plan costs {problem.value(start):,.0f}")
    for mark in (1, 10, 60):
        before = found.history[found.history[:, 1] <= mark]
        if len(before):
            print(f"  after {mark:2d} s: {before[-1, 2]:,.0f}")
    print(f"  {found.moves / 60:,.0f} moves per second")


def per_move() -> None:
    print("| n | m | microseconds per move | nanoseconds per cell of n m + n^2 / 2 |")
    print("| --- | --- | --- | --- |")
    for n, m in SIZES:
        instance = make_instance("dense", n, m, 0.85, 1)
        problem = reduce_problem(read_problem(*instance.tables)).problem
        tables = make_tables(problem)
        sites = random_plan(tables, np.random.default_rng(0))
        spent = []
        for _ in range(3):
            walk = Walk.begun(tables, sites.copy(), np.array([7]))
            begun = time.perf_counter()
            tabu(tables, walk, Archive.empty(n), MOVES, MOVES, (n // 2, n))
            spent.append((time.perf_counter() - begun) / MOVES)
        cells = n * m + n * n / 2
        print(f"| {n} | {m} | {1e6 * min(spent):.1f} | {1e9 * min(spent) / cells:.2f} |")


if __name__ == "__main__":
    large()
    per_move()
