"""Draws keep the stated points, cover their range, and depend on their name and seed alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.parameters.book import SHARED_ERROR, ParameterBook
from opdanalysis.parameters.distribution import Distribution, two_sided_logit
from opdanalysis.parameters.parameter import Parameter, VectorParameter
from opdanalysis.parameters.sampling import stratified, vector_draws

DRAWS = 4_000


def belief(name: str, kind: str = "uniform", **numbers: float) -> Parameter:
    numbers = numbers or {"low": 0.0, "high": 1.0}
    return Parameter(
        name=name,
        description="",
        value=0.5,
        unit="1",
        distribution=Distribution(kind, **numbers),
        evidence="judgement",
        sources=(),
        as_of="2026",
        topic="trial",
    )


def column(shared: bool = True, evidence: str = "judgement", entities: int = 3) -> VectorParameter:
    return VectorParameter(
        name="staff",
        description="",
        unit="person",
        entities=tuple(f"e{n}" for n in range(entities)),
        values=np.linspace(100.0, 120, entities),
        lows=np.linspace(50.0, 60, entities),
        highs=np.linspace(300.0, 360, entities),
        evidence=(evidence,) * entities,
        sources=((),) * entities,
        as_of="2026",
        common_error=shared,
    )


def standard_error(p: float, draws: int, numbers: np.ndarray) -> float:
    """Of an empirical quantile of independent draws: sqrt(p (1 - p) / n) / density.

    The density is read from the draws around the quantile.
    """
    low, high = np.quantile(numbers, [p - 0.01, p + 0.01])
    return np.sqrt(p * (1 - p) / draws) * (high - low) / 0.02


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_columns_of_a_city_keep_their_5_50_and_95_percent_points(city, request):
    """Within four standard errors of an independent sample; stratified draws do better."""
    book = request.getfixturevalue(city).book
    values = book.sample(DRAWS, 1)
    for vector in book.vectors:
        drawn = values[vector.name]
        assert drawn.shape == (DRAWS, len(vector.entities))
        for p, points in ((0.05, vector.lows), (0.5, vector.values), (0.95, vector.highs)):
            for place in range(0, len(vector.entities), 7):
                numbers = drawn[:, place]
                found = np.quantile(numbers, p)
                allowed = 4 * standard_error(p, DRAWS, numbers) + 1e-9
                assert abs(found - points[place]) <= allowed, (vector.name, place, p)


def test_single_numbers_keep_their_5_50_and_95_percent_points(palembang):
    """Stratified: the empirical quantile lies within the two strata around the true one."""
    book = palembang.book
    values = book.sample(DRAWS, 1)
    for parameter in book.scalars:
        for p in (0.05, 0.5, 0.95):
            below, above = parameter.distribution.quantile(
                np.array([p - 2 / DRAWS, p + 2 / DRAWS]), parameter.value
            )
            assert below <= np.quantile(values[parameter.name], p) <= above, parameter.name


@pytest.mark.parametrize("draws", [1, 2, 7, 1_000])
def test_each_stratum_is_hit_exactly_once(draws):
    """McKay, Beckman and Conover 1979: one point in each of n equal strata."""
    points = stratified(3, "anything", draws)
    assert sorted(np.floor(points * draws).astype(int)) == list(range(draws))


def test_the_order_of_the_strata_is_random():
    """Rank correlation of position and point: within four standard errors, 1 / sqrt(n - 1)."""
    points = stratified(3, "anything", 1_000)
    assert abs(stats.spearmanr(np.arange(1_000), points).statistic) < 4 / np.sqrt(999)


def test_points_lie_anywhere_in_their_stratum():
    """Kolmogorov's test of the places inside the strata against the uniform distribution."""
    inside = stratified(3, "anything", 1_000) * 1_000 % 1
    assert stats.kstest(inside, "uniform").pvalue > 1e-4


def test_two_names_are_drawn_independently():
    """Rank correlation within four standard errors."""
    one, other = stratified(3, "one", 1_000), stratified(3, "other", 1_000)
    assert abs(stats.spearmanr(one, other).statistic) < 4 / np.sqrt(999)


def test_adding_a_parameter_changes_no_other_draws():
    few = ParameterBook([belief("a"), belief(SHARED_ERROR), column()])
    many = ParameterBook([belief("z"), belief("a"), belief(SHARED_ERROR), column(), belief("b")])
    for name in few:
        np.testing.assert_array_equal(few.sample(50, 9)[name], many.sample(50, 9)[name])


def test_numbers_do_not_depend_on_the_order_in_which_they_are_asked_for(contoh):
    forwards, backwards = contoh.book.sample(20, 5), contoh.book.sample(20, 5)
    names = list(contoh.book)
    drawn = {name: forwards[name] for name in names}
    for name in reversed(names):
        np.testing.assert_array_equal(backwards[name], drawn[name])


def test_draws_of_one_entity_do_not_depend_on_the_others():
    few, many = column(entities=3), column(entities=3)
    many = dataclasses.replace(
        many,
        entities=("new", *few.entities),
        values=np.concatenate([[7.0], few.values]),
        lows=np.concatenate([[6.0], few.lows]),
        highs=np.concatenate([[9.0], few.highs]),
        evidence=("measured", *few.evidence),
        sources=((), *few.sources),
    )
    np.testing.assert_array_equal(
        vector_draws(few, 30, 2, 0.5), vector_draws(many, 30, 2, 0.5)[:, 1:]
    )


def test_a_seed_is_one_set_of_draws_and_0_is_a_seed(contoh):
    book = contoh.book
    again, same, other = (book.sample(30, seed)["staff"] for seed in (0, 0, 1))
    np.testing.assert_array_equal(again, same)
    assert not np.array_equal(again, other)


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.5, 1.0])
def test_a_shared_judgement_error_gives_the_stated_correlation(shared):
    """Normal scores of two judged entries; standard error (1 - r^2) / sqrt(n), Fisher 1921."""
    drawn = vector_draws(column(), DRAWS, 4, shared)
    scores = stats.norm.ppf(stats.rankdata(drawn, axis=0) / (DRAWS + 1))
    found = np.corrcoef(scores[:, 0], scores[:, 2])[0, 1]
    assert found == pytest.approx(shared, abs=4 * (1 - shared**2) / np.sqrt(DRAWS) + 0.001)


@pytest.mark.parametrize(
    "independent", [column(evidence="measured"), column(shared=False)], ids=["measured", "apart"]
)
def test_entries_that_were_not_judged_err_each_for_itself(independent):
    drawn = vector_draws(independent, DRAWS, 4, 0.9)
    found = stats.spearmanr(drawn[:, 0], drawn[:, 2]).statistic
    assert abs(found) < 4 / np.sqrt(DRAWS - 1)


def test_the_error_of_a_place_is_round_and_holds_95_percent_within_its_radius(palembang):
    """Rayleigh: 95% of a round normal scatter lies within 2.448 standard deviations.

    The standard error of a share of 0.95 in n draws is sqrt(0.95 x 0.05 / n).
    """
    values = palembang.book.sample(DRAWS, 6)
    radius = np.array([b.position.error_m for b in palembang.city.buildings])
    off = np.hypot(values["position_error_east"], values["position_error_north"])
    inside = (off <= radius).mean(axis=0)[radius > 0]
    assert np.abs(inside - 0.95).max() < 5 * np.sqrt(0.95 * 0.05 / DRAWS)


def test_exact_numbers_are_never_drawn():
    exact = dataclasses.replace(
        column(), values=np.full(3, 5.0), lows=np.full(3, 5.0), highs=np.full(3, 5.0)
    )
    np.testing.assert_array_equal(vector_draws(exact, 10, 0, 0.5), 5)
    fixed = ParameterBook([belief("a", "fixed").at(3.0)])
    np.testing.assert_array_equal(fixed.sample(10, 0)["a"], 3)


def test_draws_cannot_be_written_over(contoh):
    with pytest.raises(ValueError, match="read-only"):
        contoh.book.sample(5, 0)["guard_cost"][0] = 1


def test_a_name_that_is_not_in_the_book_is_answered_with_the_nearest(contoh):
    with pytest.raises(UsageError, match=r"^'guard_costs' is not a parameter\. Did you mean 'gua"):
        contoh.book.sample(5, 0)["guard_costs"]


def test_blocks_are_the_draws_in_order(contoh):
    values = contoh.book.sample(10, 0)
    blocks = list(values.blocks(4))
    assert [len(block["guard_cost"]) for block in blocks] == [4, 4, 2]
    for name in ("guard_cost", "staff"):
        joined = np.concatenate([block[name] for block in blocks])
        np.testing.assert_array_equal(joined, values[name])


def test_a_number_for_all_stands_beside_the_entities(contoh):
    values = contoh.book.sample(10, 0).beside_entities()
    assert values["guard_cost"].shape == (10, 1)
    assert values["staff"].shape == (10, len(contoh.city.agencies))
    central = contoh.book.central().beside_entities()
    assert np.ndim(central["guard_cost"]) == 0


def test_a_held_number_is_the_same_in_every_draw(contoh):
    held = contoh.book.sample(10, 0).with_numbers({"guard_cost": 1.0})
    assert held["guard_cost"] == 1.0
    assert list(held) == list(contoh.book)
    np.testing.assert_array_equal(held["staff"], contoh.book.sample(10, 0)["staff"])


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_shares_stay_between_nothing_and_all(share):
    """Even far out, and the 5%, 50% and 95% points are those that were given."""
    points = share / 2, share, (1 + share) / 2
    far = two_sided_logit(np.array([-9.0, 9.0]), *points)
    assert 0 < far[0] < far[1] < 1
    scores = stats.norm.ppf([0.05, 0.5, 0.95])
    np.testing.assert_allclose(two_sided_logit(scores, *points), points)
