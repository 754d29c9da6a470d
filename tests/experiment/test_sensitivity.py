"""Shares of variance by group: worlds are shared, skipped and split without changing a number."""

import numpy as np
import pytest

from opdanalysis.experiment import sensitivity
from opdanalysis.experiment.run import BLOCK, every_draw
from opdanalysis.experiment.sensitivity import (
    SECOND_SAMPLE,
    gains_in_worlds,
    group_indices,
    indices_of_worlds,
)
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.input_groups import grouped
from opdanalysis.plans.plan import TODAY
from opdanalysis.reading.input_groups import read_input_groups

BASE = BLOCK + 40


@pytest.fixture(scope="module")
def groups(contoh):
    return grouped(read_input_groups(contoh.book), contoh.book)


@pytest.fixture(scope="module")
def plans(contoh):
    return [plan for plan in contoh.plans.values() if plan.id != TODAY.id]


def plainly(known, plans, groups, outcomes, base, seed):
    """Every world computed on its own, with nothing shared."""
    one, other = known.book.sample(base, seed), known.book.sample(base, seed + SECOND_SAMPLE)
    worlds = [
        {name: one[name] for name in known.book},
        {name: other[name] for name in known.book},
        *(
            {name: (other if name in own else one)[name] for name in known.book}
            for own in groups.values()
        ),
    ]
    gains = []
    for numbers in worlds:
        from opdanalysis.parameters.values import Values

        levels = every_draw(known.city, [TODAY, *plans], Values(numbers, base), outcomes)
        gains.append([OUTCOMES[id].sign * (levels[id][1:] - levels[id][0]) for id in outcomes])
    return np.array(gains)


def test_what_worlds_share_changes_no_number(contoh, plans, groups):
    ids = list(OUTCOMES)
    found = gains_in_worlds(contoh.city, plans, contoh.book, groups, ids, BASE, 2)
    expected = plainly(contoh, plans, groups, ids, BASE, 2)
    scale = np.abs(expected).max(axis=(0, 3), keepdims=True) + 1e-300
    np.testing.assert_allclose(found / scale, expected / scale, atol=1e-9)


def test_net_cost_alone_is_the_same_number_as_among_all(contoh, plans, groups):
    alone = gains_in_worlds(contoh.city, plans, contoh.book, groups, ["net_cost"], BASE, 2)
    among = gains_in_worlds(
        contoh.city, plans, contoh.book, groups, ["net_cost", "staff_km"], BASE, 2
    )
    np.testing.assert_allclose(alone[:, 0], among[:, 0], rtol=1e-9, atol=1e-3)


def test_the_parts_of_several_workers_are_the_same_bits(contoh, plans, groups):
    whole = gains_in_worlds(contoh.city, plans, contoh.book, groups, ["net_cost"], BASE, 2)
    parts = [
        gains_in_worlds(contoh.city, plans, contoh.book, groups, ["net_cost"], BASE, 2, part)
        for part in (slice(0, 1), slice(1, None))
    ]
    np.testing.assert_array_equal(np.concatenate(parts, axis=-1), whole)
    one = indices_of_worlds(whole, plans, groups, ["net_cost"], 2)
    assert one.equals(group_indices(contoh.city, plans, contoh.book, groups, ["net_cost"], BASE, 2))


def test_a_group_that_is_never_asked_for_is_not_computed(contoh, plans, groups, monkeypatch):
    asked = []
    plain = sensitivity.plan_money
    monkeypatch.setattr(sensitivity, "plan_money", lambda *given: asked.append(1) or plain(*given))
    few = {"wages": groups["wages"], "distance": groups["distance"]}
    found = group_indices(contoh.city, plans, contoh.book, few, ["net_cost"], 50, 2)
    assert len(asked) == 3 * len(plans)  # two samples and one swap
    distance = found[found["group"] == "distance"].drop(columns=["plan", "outcome", "group"])
    assert (distance.to_numpy() == 0).all()


def test_groups_that_make_all_the_difference_add_up(contoh, plans, groups):
    """Nearly additive: first-order shares add up to about one, within their errors."""
    plan = next(plan for plan in plans if plan.id == "merge-in-mawar")
    found = group_indices(contoh.city, [plan], contoh.book, groups, ["net_cost"], 1_500, 2)
    error = np.sqrt((found["first_error"] ** 2).sum())
    assert found["first"].sum() == pytest.approx(1, abs=3 * error)
    assert (found["total"] >= found["first"] - 2 * found["first_error"] - 0.02).all()
