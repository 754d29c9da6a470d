"""Whether a plan follows the network: against random plans, the best found, and a bound."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.experiment.plan_fit import contact_matrix, plan_fit, shared_and_apart
from opdanalysis.methods.captured import captured, captured_bound, improved_grouping


@pytest.fixture(scope="module")
def fits(contoh):
    """The plans of the example city, held against few random plans."""
    plans = list(contoh.plans.values())
    return plan_fit(contoh.city, plans, contoh.book.central(), 199, 0)


def test_the_plan_lies_between_nothing_and_the_bound(fits) -> None:
    whole = fits[fits["scope"] == "plan"]
    assert (whole["captured"] <= whole["best_found"] + 1e-9).all()
    assert (whole["best_found"] <= whole["bound"] + 1e-9).all()
    assert (whole["bound"] <= whole["total"] + 1e-9).all()


def test_a_plan_that_sends_all_to_one_place_cannot_be_told_from_a_reordering(fits) -> None:
    """In the new building every order of the movers is the same plan, so p is 1."""
    row = fits[(fits["plan"] == "new-building-in-seroja") & (fits["null"] == "label permutation")]
    assert row["p"].item() == 1.0
    assert np.isnan(row["share_low"].item())


def test_plans_that_move_nobody_are_left_out(fits) -> None:
    assert "letters-and-delegation" not in set(fits["plan"])


def test_what_is_captured_is_the_contacts_within_buildings(contoh, fits) -> None:
    city = contoh.city
    placement = contoh.plans["merge-in-mawar"].place(city)
    matrix = contact_matrix(city, contoh.book.central())
    places = city.places(placement)
    by_hand = sum(
        matrix[i, j]
        for i in range(len(places))
        for j in range(len(places))
        if i != j and places[i] == places[j]
    )
    row = fits[(fits["plan"] == "merge-in-mawar") & (fits["scope"] == "plan")].iloc[0]
    assert row["captured"] == pytest.approx(by_hand)


def test_pairs_are_listed_once_and_by_contact(contoh) -> None:
    pairs = shared_and_apart(contoh.city, contoh.plans["merge-in-mawar"], contoh.book.central())
    assert pairs["contacts"].is_monotonic_decreasing
    assert len(pairs) == 5 * 4 / 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_found_and_bound_enclose_the_best_of_all_orders(seed: int, moves: bool) -> None:
    """Against full enumeration of six nodes with two fixed tenants."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 9, (6, 6)).astype(float)
    groups = np.array([0, 0, 1, 1, 2, 2])
    movable = np.array([True, False, True, True, False, True])
    sizes, capacity = np.ones(6), np.full(3, 6.0)
    nodes = np.flatnonzero(movable)
    if moves:
        labels = [tuple(v) for v in np.ndindex(3, 3, 3, 3)]
    else:
        labels = list(set(permutations(groups[nodes].tolist())))
    values = []
    for chosen in labels:
        tried = groups.copy()
        tried[nodes] = chosen
        values.append(captured(weights, tried))
    found = improved_grouping(weights, groups, movable, sizes, capacity, moves=moves, seed=seed)
    assert captured(weights, found) <= max(values) + 1e-9
    assert captured_bound(weights, groups, movable, moves=moves) >= max(values) - 1e-9
    assert captured(weights, found) >= captured(weights, groups) - 1e-9
