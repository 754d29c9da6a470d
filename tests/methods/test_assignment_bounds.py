"""Lower bounds of assignments never pass the best plan, and the loops run without numba."""

from itertools import product

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.methods import assignment_dual, assignment_search
from opdanalysis.methods.assignment_bounds import gilmore_lawler_prices, lower_bound
from opdanalysis.methods.assignment_cuts import cut_bound, site_splits
from opdanalysis.methods.assignment_dual import LevelOneDual, dual_bound
from opdanalysis.methods.assignment_instances import KINDS, make_instance
from opdanalysis.methods.assignment_near_start import near_start_prices
from opdanalysis.methods.assignment_outer import outer_bound
from opdanalysis.methods.assignment_pool import random_plan, relinked, search_plans
from opdanalysis.methods.assignment_problem import read_problem, reduce_problem
from opdanalysis.methods.assignment_proof import proved_bound
from opdanalysis.methods.assignment_tables import make_tables


def small_problem(seed):
    """A reduced problem with any mix of rules and its best value; nothing where it has no plan."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 6)), int(rng.integers(2, 4))
    demand = rng.integers(1, 10, (n, 2)) * 1.0
    capacity = np.ceil(demand.sum(axis=0) / m * rng.uniform(0.9, 1.8, (m, 2)) + 2)
    flow, distance = rng.integers(0, 9, (n, n)), rng.integers(0, 15, (m, m))
    cost = rng.integers(-30, 90, (n, m)) * (1.0 if seed % 3 else rng.random((n, m)))
    rules = {}
    if seed % 2:
        rules["opening_cost"] = rng.integers(-80, 150, m)
    if seed % 5 == 0:
        rules.update(start=rng.integers(0, m, n), max_moves=n - 2)
    if seed % 4 == 0:
        rules["forbidden_pairs"] = [[0, 1]]
    try:
        whole = read_problem(flow, distance, cost, demand, capacity, **rules)
        problem = reduce_problem(whole).problem
    except UsageError:
        return None
    plans = (np.array(plan) for plan in product(range(problem.m), repeat=problem.n))
    values = [problem.value(plan) for plan in plans if problem.fits(plan)]
    return (problem, min(values)) if values and problem.n > 1 else None


SMALL = [case for case in map(small_problem, range(40)) if case is not None]


def test_no_bound_passes_the_best_plan_of_a_small_problem():
    assert len(SMALL) > 20
    for problem, best in SMALL:
        limit = best + 1e-6 * (1 + abs(best))
        prices = gilmore_lawler_prices(problem)
        assert outer_bound(problem, prices, 1.0) <= limit
        assert dual_bound(problem, np.inf, 1.0, steps=40).value <= limit
        assert dual_bound(problem, best, 1.0, steps=40).value <= limit
        cuts = cut_bound(problem, 1.0, steps=10)
        assert cuts is None or cuts <= limit
        near = near_start_prices(problem)
        assert near is None or near.base + outer_bound(problem, near.prices, 1.0) <= limit


def test_prices_of_the_dual_never_charge_a_plan_more_than_it_costs():
    for problem, best in SMALL[:15]:
        prices = dual_bound(problem, np.inf, 1.0, steps=60).prices
        assert outer_bound(problem, prices, 1.0) <= best + 1e-6 * (1 + abs(best))


def test_the_integer_programme_proves_what_enumeration_finds():
    for problem, best in SMALL[:8]:
        # asked for a plan below a value that is too high, it comes back with the optimum
        assert proved_bound(problem, best + 100, 5.0)[0] == pytest.approx(best, rel=1e-5, abs=1e-3)
        assert proved_bound(problem, best - 0.5, 5.0)[0] == pytest.approx(best - 0.5)


def test_sites_that_are_struck_out_hold_no_better_plan():
    for problem, best in SMALL[:15]:
        found = dual_bound(problem, best + 1, 1.0, steps=80)
        for plan in map(np.array, product(range(problem.m), repeat=problem.n)):
            if problem.fits(plan) and problem.value(plan) < best + 0.9:
                assert found.open[np.arange(problem.n), plan].all()


def test_the_slope_of_the_smooth_dual_is_its_change():
    """Finite differences in random directions."""
    instance = make_instance("offices", 6, 3, 0.8, 1)
    problem = read_problem(*instance.tables)
    dual = LevelOneDual(problem)
    point, least = dual.origin()
    rng = np.random.default_rng(2)
    point = np.maximum(point + rng.normal(0, 20, len(point)), least)
    _, slope = dual.smooth(point, 30.0)
    for _ in range(5):
        way = rng.normal(0, 1, len(point))
        ahead, behind = (dual.smooth(point + step * way, 30.0)[0] for step in (1e-4, -1e-4))
        assert (ahead - behind) / 2e-4 == pytest.approx(slope @ way, rel=1e-4)


def test_the_level_one_bound_of_a_dense_problem_is_close():
    """Within a tenth on this problem."""
    instance = make_instance("dense", 12, 4, 0.8, 0)
    problem = read_problem(*instance.tables)
    best = search_plans(problem, 20_000, 5.0, 0).values[0]
    assert 0.9 * best < dual_bound(problem, np.inf, 5.0, steps=400).value <= best


def test_the_dual_of_a_permutation_problem_passes_the_quick_bound():
    instance = make_instance("permutation", 8, 8, 1.0, 2)
    problem = read_problem(*instance.tables)
    quick = outer_bound(problem, gilmore_lawler_prices(problem), 1.0)
    best = search_plans(problem, 20_000, 5.0, 0).values[0]
    assert quick < dual_bound(problem, best, 5.0, steps=400).value <= best


def test_cuts_beat_the_level_one_bound_where_contacts_are_sparse_and_room_is_tight():
    instance = make_instance("offices", 16, 6, 0.9, 2)
    problem = read_problem(*instance.tables)
    best = search_plans(problem, 20_000, 5.0, 0).values[0]
    cuts = cut_bound(problem, 4.0, steps=2_000)
    quick = outer_bound(problem, gilmore_lawler_prices(problem), 1.0)
    assert quick < cuts <= best


def test_prices_near_the_start_never_charge_a_plan_of_few_moves_more_than_it_costs():
    """All plans of up to three moves of random problems with directed contacts and distances."""
    rng = np.random.default_rng(4)
    for _ in range(10):
        flow, distance = rng.integers(0, 9, (5, 5)), rng.integers(0, 15, (3, 3))
        cost, start = rng.integers(-30, 90, (5, 3)), rng.integers(0, 3, 5)
        rules = {"start": start, "max_moves": 3, "opening_cost": rng.integers(-50, 90, 3)}
        problem = read_problem(flow, distance, cost, np.ones(5), np.full(3, 5), **rules)
        near = near_start_prices(problem)
        for plan in map(np.array, product(range(3), repeat=5)):
            if problem.fits(plan):
                opened = problem.opening[np.unique(plan)].sum()
                charged = near.base + near.prices[np.arange(5), plan].sum() + opened
                assert charged <= problem.value(plan) + 1e-9
        assert near.base + problem.opening[np.unique(start)].sum() == problem.value(start)


def test_with_one_move_the_prices_near_the_start_are_exact():
    instance = make_instance("city", 40, 30, 0.7, 3)
    rules = {**instance.rules, "max_moves": 1}
    problem = reduce_problem(read_problem(*instance.tables, **rules)).problem
    best = search_plans(problem, 5_000, 5.0, 0).values[0]
    near = near_start_prices(problem)
    bound = near.base + outer_bound(problem, near.prices, 2.0)
    assert bound == pytest.approx(best, rel=1e-4)


def test_every_split_of_a_few_sites_is_used_once():
    splits = site_splits(np.ones((5, 5)))
    assert len(splits) == 2**4 - 1
    both = {tuple(side) for split in splits for side in (split, ~split)}
    assert len(both) == 2 * len(splits)


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_has_the_same_bits_without_numba(kind, monkeypatch):
    size = (40, 30) if kind == "city" else (12, 12)
    instance = make_instance(kind, *size, 0.8, 6)
    problem = reduce_problem(read_problem(*instance.tables, **instance.rules)).problem
    fast = search_plans(problem, 400, 20.0, 3)
    monkeypatch.setattr(assignment_search, "compiled", lambda function: function)
    slow = search_plans(problem, 400, 20.0, 3)
    assert (fast.plans == slow.plans).all()
    assert (fast.values == slow.values).all()


def test_the_dual_is_the_same_without_numba(monkeypatch):
    instance = make_instance("city", 30, 20, 0.8, 6)
    problem = reduce_problem(read_problem(*instance.tables, **instance.rules, max_moves=5)).problem
    dual = LevelOneDual(problem)
    point, least = dual.origin()
    point = np.maximum(point + np.random.default_rng(1).normal(0, 5, len(point)), least)
    fast = dual.smooth(point, 10.0)
    monkeypatch.setattr(assignment_dual, "compiled", lambda function: function)
    slow = dual.smooth(point, 10.0)
    assert slow[0] == pytest.approx(fast[0], rel=1e-12)
    assert slow[1] == pytest.approx(fast[1], rel=1e-9, abs=1e-9)


def test_the_stored_table_agrees_with_the_objective():
    """Moving one agency changes the objective by the difference of two entries of the table."""
    rng = np.random.default_rng(5)
    flow, distance = rng.integers(0, 9, (6, 6)), rng.integers(0, 9, (4, 4))
    problem = read_problem(flow, distance, rng.random((6, 4)), np.ones(6), np.full(4, 6))
    sites = rng.integers(0, 4, 6)
    table = make_tables(problem).fresh_table(sites)
    for agency, site in product(range(6), range(4)):
        moved = sites.copy()
        moved[agency] = site
        change = problem.value(moved) - problem.value(sites)
        assert change == pytest.approx(table[agency, site] - table[agency, sites[agency]])


def test_relinking_stops_between_its_two_ends():
    instance = make_instance("offices", 20, 6, 0.8, 3)
    tables = make_tables(read_problem(*instance.tables))
    rng = np.random.default_rng(8)
    for _ in range(20):
        origin, goal = random_plan(tables, rng), random_plan(tables, rng)
        middle = relinked(tables, origin, goal, rng)
        length = (origin != goal).sum()
        assert 0 < (middle != goal).sum() < length


def test_a_bound_reaches_the_plan_where_linear_costs_decide():
    instance = make_instance("city", 40, 30, 0.7, 1)
    problem = reduce_problem(read_problem(*instance.tables, **instance.rules)).problem
    best = search_plans(problem, 20_000, 5.0, 0).values[0]
    bound = lower_bound(problem, best, 4.0, steps=300)
    assert 0.9 * best <= bound.value <= best
