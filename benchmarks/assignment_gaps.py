"""How near `assign` comes to the best-known values of published problems, beside general solvers.

    python benchmarks/assignment_gaps.py FOLDER            # plans after 1 and 10 s, then bounds
    python benchmarks/assignment_gaps.py FOLDER --long     # plans after 60 s as well
    python benchmarks/assignment_gaps.py FOLDER --seeds 10 # only the time to the best-known value
    python benchmarks/assignment_gaps.py --valid 1000      # bounds of so many small problems

FOLDER holds files as their authors publish them: `.dat` of QAPLIB (n, two square tables, which are
multiplied entry by entry along a permutation), and text files of generalised problems (n, m and a
weight, then contacts n by n, distances m by m, costs n by m, demands, capacities). The two families
of generalised problems differ in the order of the tables only when they are not square, so one
reader serves both. The objective is the sum of the costs plus weight times the sum over ordered
pairs of contacts times distance; the best-known values below come out under this convention.

The peers: for permutation problems scipy's FAQ, restarted and polished by its 2-opt; for the others
OR-Tools CP-SAT with distance variables, and HiGHS on the level-1 linearisation, one thread each. A
missing peer is skipped with a line.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import quadratic_assignment

from opdanalysis.errors import UsageError
from opdanalysis.methods.assignment import assign
from opdanalysis.methods.assignment_pool import search_plans
from opdanalysis.methods.assignment_problem import read_problem, reduce_problem
from opdanalysis.methods.assignment_proof import proved_bound

# QAPLIB (Burkard, Karisch, Rendl); Cordeau and others (2006); Lee and Ma (2004)
BEST_KNOWN = {
    "nug12": 578,
    "nug15": 1150,
    "had20": 6922,
    "tai20a": 703482,
    "sko42": 15812,
    "20-15-35": 1471896,
    "30-06-95": 5160920,
    "30-20-35": 3379359,
    "35-15-55": 4639128,
    "35-15-95": 6670264,
    "40-07-75": 7405793,
    "50-10-65": 10513029,
    "C12X3-E-G": 1323900,
    "C12X3-E-H": 1771450,
    "C12X3-F-G": 1788750,
    "C12X3-F-H": 1970500,
}


def read_instance(path: Path) -> tuple:
    """Flow, distance, cost, demand, capacity, weight."""
    numbers = np.array(path.read_text().split(), dtype=float)
    n = int(numbers[0])
    if path.suffix == ".dat":
        if len(numbers) < 1 + 2 * n * n:
            raise ValueError(f"{path.name} holds {len(numbers)} numbers; expected {1 + 2 * n * n}")
        flow, distance = numbers[1 : 1 + 2 * n * n].reshape(2, n, n)
        return flow, distance, np.zeros((n, n)), np.ones(n), np.ones(n), 1.0
    m, weight = int(numbers[1]), numbers[2]
    shapes = [(n, n), (m, m), (n, m), (n,), (m,)]
    ends = 3 + np.cumsum([int(np.prod(shape)) for shape in shapes])
    if len(numbers) != ends[-1]:
        raise ValueError(f"{path.name} holds {len(numbers)} numbers; expected {ends[-1]}")
    parts = np.split(numbers[3:], ends[:-1] - 3)
    return (*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)), weight)


def instances(folder: Path):
    """Name, tables and best-known value (or nothing) of every readable file."""
    for path in sorted([*folder.glob("*.dat"), *folder.glob("*.txt")]):
        try:
            tables = read_instance(path)
        except ValueError as fault:
            print(f"skipped: {fault}")
            continue
        known = [value for name, value in BEST_KNOWN.items() if path.stem.endswith(name)]
        yield path.stem, tables, known[0] if known else None


def value_after(history: np.ndarray, seconds: float) -> float:
    """The best value of a search after so many seconds."""
    before = history[history[:, 1] <= seconds]
    return before[-1, 2] if len(before) else np.inf


def polished_faq(tables: tuple, seconds: float) -> dict[float, float]:
    """Best value of restarted FAQ with 2-opt, after 1 s and at the end."""
    flow, distance = tables[:2]
    best, at_one, begun, seed = np.inf, np.inf, time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        rng = np.random.default_rng(seed)
        first = quadratic_assignment(flow, distance, options={"P0": "randomized", "rng": rng})
        guess = np.column_stack([np.arange(len(flow)), first.col_ind])
        options = {"partial_guess": guess, "rng": rng}
        second = quadratic_assignment(flow, distance, method="2opt", options=options)
        best = min(best, second.fun)
        if time.perf_counter() - begun <= 1.0:
            at_one = best
        seed += 1
    return {1.0: at_one, seconds: best}


def cp_sat(tables: tuple, seconds: float) -> tuple[float, float] | None:
    """Value and bound of CP-SAT with one distance variable per pair in contact."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return None
    flow, distance, cost, demand, capacity, weight = tables
    n, m = cost.shape
    model = cp_model.CpModel()
    x = [[model.new_bool_var("") for _ in range(m)] for _ in range(n)]
    site = [model.new_int_var(0, m - 1, "") for _ in range(n)]
    for i in range(n):
        model.add_exactly_one(x[i])
        model.add(site[i] == sum(k * x[i][k] for k in range(m)))
    for k in range(m):
        model.add(sum(int(demand[i]) * x[i][k] for i in range(n)) <= int(capacity[k]))
    both = flow + flow.T
    table = [int(gap) for gap in distance.ravel()]
    apart = []
    for i, j in zip(*np.nonzero(np.triu(both, 1)), strict=True):
        gap = model.new_int_var(0, int(distance.max()), "")
        model.add_element(m * site[i] + site[j], table, gap)
        apart.append(int(weight * both[i, j]) * gap)
    linear = [int(cost[i, k]) * x[i][k] for i in range(n) for k in range(m)]
    model.minimize(sum(apart) + sum(linear))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    found = solver.objective_value if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else np.inf
    return found, solver.best_objective_bound


def linearised(tables: tuple, seconds: float) -> tuple[float, float]:
    """Value and bound of HiGHS on the level-1 linearisation of the pairs in contact."""
    problem = reduce_problem(read_problem(*tables)).problem
    bound, plan = proved_bound(problem, np.inf, seconds)
    return (np.inf if plan is None else problem.value(plan)), bound


def percent(value: float, best: float) -> str:
    return "-" if not np.isfinite(value) else f"{100 * (value / best - 1):+.2f}"


def compare(folder: Path, marks: list[float]) -> None:
    """The table of gaps: ours, then the peers."""
    shown = " | ".join(f"{mark:.0f} s" for mark in marks)
    print(f"Gap to best-known in %. Ours after {shown}; bounds within 10 s; peers in 10 s.")
    print(f"| instance | {shown} | bound | by | peer: value | peer: bound |")
    print("| --- |" + " --- |" * (len(marks) + 4))
    for name, tables, known in instances(folder):
        problem = reduce_problem(read_problem(*tables)).problem
        search_plans(problem, 10, 10.0, 0)  # compiles
        history = search_plans(problem, None, marks[-1], 0).history
        ours = [value_after(history, mark) for mark in marks]
        known = known or ours[-1]
        answer = assign(*tables, seconds=10.0)
        by = max(answer.bounds, key=answer.bounds.get)
        cells = [percent(value, known) for value in ours]
        head = f"| {name} | {' | '.join(cells)} | {percent(answer.lower_bound, known)} | {by} |"
        if (np.asarray(tables[2]) == 0).all():
            faq = polished_faq(tables, 10.0)
            print(f"{head} FAQ + 2-opt: {percent(faq[10.0], known)} | - |", flush=True)
            continue
        peers = {"CP-SAT": cp_sat(tables, 10.0), "HiGHS": linearised(tables, 10.0)}
        found = "; ".join(f"{k}: {percent(v[0], known)}" for k, v in peers.items() if v)
        bounds = "; ".join(f"{k}: {percent(v[1], known)}" for k, v in peers.items() if v)
        print(f"{head} {found} | {bounds} |", flush=True)
    if cp_sat_missing():
        print("CP-SAT was skipped: ortools is not installed.")


def cp_sat_missing() -> bool:
    try:
        import ortools  # noqa: F401 -- only asked for
    except ImportError:
        return True
    return False


def time_to_best(folder: Path, seeds: int) -> None:
    """Seconds to the best-known value, for each of several seeds; the search is cut at 20 s."""
    print("| instance | seeds at best-known | median s | 9 of 10 within s | worst s |")
    print("| --- | --- | --- | --- | --- |")
    for name, tables, known in instances(folder):
        problem = reduce_problem(read_problem(*tables)).problem
        search_plans(problem, 10, 10.0, 0)
        if known is None:
            known = search_plans(problem, None, 20.0, 99).values[0]
        times = []
        for seed in range(seeds):
            history = search_plans(problem, None, 20.0, seed, stop_at=known + 1e-6).history
            times.append(history[-1, 1] if history[-1, 2] <= known + 1e-6 else np.inf)
        hits = np.isfinite(times).sum()
        print(
            f"| {name} | {hits}/{seeds} | {np.median(times):.2f} | "
            f"{np.quantile(times, 0.9, method='higher'):.2f} | {max(times):.2f} |",
            flush=True,
        )


def check_bounds(count: int) -> None:
    """Plans and bounds of small random problems against the enumeration of all plans."""
    passed, missed, proved, impossible = 0, 0, 0, 0
    for seed in range(count):
        rng = np.random.default_rng(seed)
        n, m = int(rng.integers(2, 7)), int(rng.integers(2, 5))
        demand = rng.integers(1, 10, n) * 1.0
        flow, distance = rng.integers(0, 10, (n, n)), rng.integers(0, 20, (m, m))
        cost = rng.integers(-50, 150, (n, m)) * (1.0 if seed % 3 else rng.random((n, m)))
        capacity = np.ceil(demand.sum() / m * rng.uniform(0.9, 2, m))
        opening = rng.integers(-100, 200, m) * (seed % 2)
        problem = read_problem(flow, distance, cost, demand, capacity, opening_cost=opening)
        plans = (np.array(plan) for plan in product(range(m), repeat=n))
        values = [problem.value(plan) for plan in plans if problem.fits(plan)]
        try:
            answer = assign(
                flow, distance, cost, demand, capacity, 1.0, opening, iterations=3_000, seconds=5
            )
        except UsageError:
            impossible += 1
            passed += bool(values)  # a plan was overlooked
            continue
        best = min(values)
        tolerance = 1e-6 * (1 + abs(best))
        passed += max(answer.lower_bound, *answer.bounds.values()) > best + tolerance
        missed += answer.objective > best + tolerance
        proved += answer.proved
    print(f"{count} problems, {impossible} of them without a plan: {passed} bounds above the best")
    print(f"plan, {missed} best plans missed, {proved} proved optimal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--long", action="store_true", help="plans after 60 s as well")
    parser.add_argument("--seeds", type=int, help="time to the best-known value")
    parser.add_argument("--valid", type=int, help="so many small problems by enumeration")
    asked = parser.parse_args()
    if asked.valid:
        check_bounds(asked.valid)
    elif asked.folder is None:
        parser.error("give the folder of instances, or --valid")
    elif asked.seeds:
        time_to_best(asked.folder, asked.seeds)
    else:
        compare(asked.folder, [1.0, 10.0, 60.0] if asked.long else [1.0, 10.0])


if __name__ == "__main__":
    main()
