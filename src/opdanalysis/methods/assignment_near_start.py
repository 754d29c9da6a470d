"""Prices for plans that differ from the start in few agencies.

A plan costs what the start costs, plus what each moved agency changes while the others stay, plus a
correction for each pair in contact of which both moved. With at most M moves a moved agency is part
of at most M - 1 corrections; each of the two pays half of the lowest that it could have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.assignment_problem import AssignmentProblem
from opdanalysis.methods.assignment_tables import make_tables


@dataclass(frozen=True)
class NearStart:
    """A plan costs at least `base`, the prices of its sites and its openings."""

    base: float
    prices: np.ndarray  # (n, m), nothing for the site of the start


def near_start_prices(problem: AssignmentProblem) -> NearStart | None:
    """The prices, or nothing where moves have no limit or some agency cannot stay."""
    n, m, start = problem.n, problem.m, problem.start
    if problem.max_moves >= n or (start < 0).any() or problem.max_moves < 1:
        return None
    tables = make_tables(problem)
    table = tables.fresh_table(start)
    agency = np.arange(n)
    prices = table - table[agency, start][:, None]
    home = problem.flow * problem.distance[np.ix_(start, start)]
    base = float(problem.cost[agency, start].sum() + home.sum())
    for i in range(n):
        partner = np.flatnonzero((tables.tie[i] != 0) | _leans(tables, i))
        partner = partner[partner != i]
        if not len(partner):
            continue
        lowest = np.zeros((m, len(partner)))
        for at, j in enumerate(partner):
            cost = tables.tie[i, j] * tables.gap
            if len(tables.lean):
                cost = cost + tables.lean[i, j] * tables.slope
            here, there = start[i], start[j]
            change = cost - cost[:, there, None] - cost[here] + cost[here, there]
            moved = problem.allowed[j] & (np.arange(m) != there)
            lowest[:, at] = np.where(moved, change, 0.0).min(axis=1)
        kept = np.sort(np.minimum(lowest, 0.0), axis=1)[:, : problem.max_moves - 1]
        away = np.arange(m) != start[i]
        prices[i] += np.where(away, kept.sum(axis=1) / 2, 0.0)
    return NearStart(base, prices)


def _leans(tables, agency):
    return tables.lean[agency] != 0 if len(tables.lean) else np.zeros(len(tables.tie), dtype=bool)
