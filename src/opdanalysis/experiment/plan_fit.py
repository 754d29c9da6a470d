"""Does a plan put together agencies that work together, or only agencies that fit?

A plan's contacts under one roof are held against random plans of three kinds and against the best
that could be found. The kinds answer different questions and may disagree, so each is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.methods.captured import captured, captured_bound, improved_grouping
from opdanalysis.methods.partition_tests import (
    GroupingTest,
    attainable_share,
    feasible_plan_test,
    feasible_swap_tests,
    label_permutation_test,
)
from opdanalysis.models.ties import ties_of, yearly_contacts
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

WHOLE = "plan"
"""The scope of a row that is about the whole plan; other rows are about a cluster."""

STEPS = 500
"""Proposals between the observed plan and each random one."""


def plan_fit(
    city: City, plans: Sequence[Plan], values: Values, draws: int, seed: int
) -> pd.DataFrame:
    """Contacts under one roof of each plan, against random plans and against the best found.

    `values` are floats. One row per plan, scope (the whole plan, or one of its clusters) and null.
    Columns: captured, total, mean, low and high (5% and 95%) [contact/year] of the null,
    best_found and bound [contact/year], percentile and p, and share_low and share_high, between
    which the share of the attainable gain lies [1]. Movers change places with each other; who stays
    is fixed. Nulls: "label permutation" keeps how many go to each building; "feasible swaps" keeps
    that and the room of the buildings; "feasible plans" keeps only the room (Besag and Clifford
    1989, Biometrika 76(4), for the exact p of the last two).
    """
    rows: list[dict[str, Any]] = []
    weights = contact_matrix(city, values)
    sizes = np.asarray(values["staff"] * values["area_per_employee"], dtype=float)
    capacity = np.asarray(values["floor_area_m2"], dtype=float)
    for plan in plans:
        placement = plan.place(city)
        movers = set(city.today.movers(placement))
        if len(movers) < 2:
            continue
        groups = city.places(placement)
        movable = np.array([agency.id in movers for agency in city.agencies])
        best = {
            moves: improved_grouping(
                weights, groups, movable, sizes, capacity, moves=moves, seed=seed
            )
            for moves in (False, True)
        }
        shared = {"movable": movable, "draws": draws, "seed": seed}
        room = {"sizes": sizes, "capacity": capacity, "steps": STEPS}
        closeness = np.eye(len(capacity))
        clusters = _clusters(city, plan)
        swaps, *inside = feasible_swap_tests(
            weights, groups, closenesses=[closeness, *clusters.values()], **room, **shared
        )
        for test in (
            label_permutation_test(weights, groups, closeness=closeness, **shared),
            swaps,
            feasible_plan_test(weights, groups, closeness=closeness, **room, **shared),
        ):
            moves = test.null == "feasible plans"
            limit = captured_bound(weights, groups, movable, moves=moves)
            limits = (captured(weights, best[moves]), limit)
            rows.append({"plan": plan.id, "scope": WHOLE} | _row(test, *limits))
        for cluster, test in zip(clusters, inside, strict=True):
            rows.append({"plan": plan.id, "scope": cluster} | _row(test, np.nan, np.nan))
    return pd.DataFrame(rows, columns=COLUMNS)


CITY_AGENCIES = ("sekretariat", "inspektorat", "dinas", "badan", "satuan")
"""Kinds of agency that work for the whole city."""

COLUMNS = ["plan", "scope", "null", "captured", "total", "mean", "low", "high"]
COLUMNS += ["best_found", "bound", "percentile", "p", "share_low", "share_high"]


def contact_matrix(city: City, values: Values) -> np.ndarray:
    """Yearly contacts from row to column [contact/year], in the order of the agencies."""
    ties = ties_of(city)
    matrix = np.zeros((len(city.agencies), len(city.agencies)))
    np.add.at(matrix, (ties.sender, ties.receiver), yearly_contacts(ties, values))
    return matrix


def shared_and_apart(city: City, plan: Plan, values: Values) -> pd.DataFrame:
    """Pairs of city agencies by yearly contact, the most first, with where they sit.

    Columns: one, other (ids), contacts [contact/year, both directions], and whether the two share
    a building today and under the plan. Units of the kecamatan and counters are left out.
    """
    matrix = contact_matrix(city, values)
    both = matrix + matrix.T
    today, later = city.places(city.today), city.places(plan.place(city))
    whole = [i for i, agency in enumerate(city.agencies) if agency.kind in CITY_AGENCIES]
    rows = []
    for place, i in enumerate(whole):
        for j in whole[place + 1 :]:
            together = bool(today[i] == today[j]), bool(later[i] == later[j])
            rows.append((city.agencies[i].id, city.agencies[j].id, both[i, j], *together))
    columns = ["one", "other", "contacts", "together_today", "together_later"]
    frame = pd.DataFrame(rows, columns=columns)
    order = ["contacts", "one", "other"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _clusters(city: City, plan: Plan) -> dict[str, np.ndarray]:
    """For each cluster what counts as together: only buildings to which it sends agencies."""
    placement = plan.place(city)
    found: dict[str, np.ndarray] = {}
    if len(plan.clusters) < 2:
        return found
    for cluster in plan.clusters:
        alone = replace(plan, clusters=(cluster,), fates={}).place(city)
        buildings = {placement[agency] for agency in city.today.movers(alone)}
        inside = [float(building.id in buildings) for building in city.buildings]
        if any(inside):
            found[cluster.id] = np.diag(inside)
    return found


def _row(test: GroupingTest, best_found: float, bound: float) -> dict[str, Any]:
    low, high = np.quantile(test.draws, [0.05, 0.95])
    room = best_found > test.mean * (1 + 1e-9)
    shares = (
        attainable_share(test.value, test.mean, best_found, bound) if room else (np.nan, np.nan)
    )
    return {
        "null": test.null,
        "captured": test.value,
        "total": test.total,
        "mean": test.mean,
        "low": float(low),
        "high": float(high),
        "best_found": best_found,
        "bound": bound,
        "percentile": test.percentile,
        "p": test.p,
        "share_low": shares[0],
        "share_high": shares[1],
    }
