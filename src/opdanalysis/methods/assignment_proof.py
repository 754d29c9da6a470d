"""Proof for small problems: the level-1 linearisation of pairs in contact, by a solver.

A variable for each product of two choices is tied to both choices by sums (Adams and Johnson 1994);
only pairs of agencies with contacts need them. Where the solver's own bound reaches the best plan
known, the plan is proved; where it meets a better plan, that is handed back.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from opdanalysis.methods.assignment_outer import SAFETY, outer_rows, work_limit
from opdanalysis.methods.assignment_problem import AssignmentProblem
from opdanalysis.methods.assignment_tables import Tables, make_tables

MOST_PRODUCTS = 12_000  # beyond, the solver hardly gets past its first linear programme


def proved_bound(
    problem: AssignmentProblem, target: float, seconds: float, nodes: int | None = None
) -> tuple[float, np.ndarray | None]:
    """A value up to `target` that no plan beats, and the plan that was found on the way, if any.

    The value is `target` where no plan is below it, and minus infinite where nothing was proved in
    time and within `nodes` of the solver's tree.
    """
    tables = make_tables(problem)
    first, second = _pairs_in_contact(tables)
    agency, site = np.nonzero(problem.allowed)
    ties, cost = _ties(problem, tables, first, second, agency, site)
    rows, lower, upper = outer_rows(problem, agency, site)
    padded = hstack([rows, coo_array((rows.shape[0], len(cost)))])
    equal = np.zeros(ties.shape[0])
    choices = rows.shape[1]
    answer = milp(
        np.concatenate([problem.cost[agency, site], problem.opening, cost]),
        constraints=LinearConstraint(
            csr_array(vstack([padded, ties])),
            np.concatenate([lower, equal]),
            np.concatenate([upper, equal]),
        ),
        integrality=np.concatenate([np.ones(choices), np.zeros(len(cost))]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0} | work_limit(seconds, nodes),
    )
    plan = None
    if answer.x is not None:
        chosen = np.zeros((problem.n, problem.m))
        chosen[agency, site] = answer.x[: len(agency)]
        plan = chosen.argmax(axis=1)
    if answer.mip_dual_bound is None or not np.isfinite(answer.mip_dual_bound):
        return (target if answer.status == 2 else -np.inf), plan
    margin = SAFETY * (abs(answer.mip_dual_bound) + np.abs(problem.cost[agency, site]).max())
    return float(min(answer.mip_dual_bound - margin, target)), plan


def can_be_proved(problem: AssignmentProblem) -> bool:
    """Is the programme small enough to be worth the solver's time?"""
    first, second = _pairs_in_contact(make_tables(problem))
    options = problem.allowed.sum(axis=1)
    return bool((options[first] * options[second]).sum() <= MOST_PRODUCTS)


def _pairs_in_contact(tables: Tables):
    contact = tables.tie != 0
    if len(tables.lean):
        contact |= tables.lean != 0
    return np.nonzero(np.triu(contact, 1))


def _ties(problem, tables, first, second, agency, site):
    """Rows that tie products to choices, and what each product costs."""
    m, count = problem.m, len(agency)
    number = np.full((problem.n, m), -1)
    number[agency, site] = np.arange(count)
    rows, columns, signs, costs = [], [], [], []
    at, row = count + m, 0
    for i, j in zip(first, second, strict=True):
        own, other = np.flatnonzero(problem.allowed[i]), np.flatnonzero(problem.allowed[j])
        cost = tables.tie[i, j] * tables.gap[np.ix_(own, other)]
        if len(tables.lean):
            cost = cost + tables.lean[i, j] * tables.slope[np.ix_(own, other)]
        product = at + np.arange(cost.size).reshape(cost.shape)
        by_own = row + np.repeat(np.arange(len(own)), len(other))
        by_other = row + len(own) + np.tile(np.arange(len(other)), len(own))
        choice_rows = row + np.arange(len(own) + len(other))
        choices = np.concatenate([number[i, own], number[j, other]])
        rows += [by_own, by_other, choice_rows]
        columns += [product.ravel(), product.ravel(), choices]
        signs += [np.ones(2 * cost.size), -np.ones(len(choices))]
        costs.append(cost.ravel())
        at += cost.size
        row += len(own) + len(other)
    if not costs:
        return coo_array((0, at)), np.zeros(0)
    cells = np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))
    return coo_array(cells, shape=(row, at)), np.concatenate(costs)
