"""What must hold for every placement, fate and draw; Hypothesis looks for one that breaks it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.city.situation import Situation
from opdanalysis.experiment.run import run_experiment
from opdanalysis.models.building_use import BuildingUse
from opdanalysis.models.holding_cost import empty_building_cost
from opdanalysis.models.operating_cost import LINES, operating_cost
from opdanalysis.models.running_cost import cleaning, electricity, electricity_tariff, security
from opdanalysis.outcomes import OUTCOMES, cost_by_line, outcomes
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import FATES, TODAY, Cluster, Move, Plan
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
AGENCIES = [agency.id for agency in CITY.agencies]
BUILDINGS = [building.id for building in CITY.buildings]
DRAWS = 4

seeds = st.integers(0, 2**32 - 1)
moves = st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BUILDINGS))
fates = st.fixed_dictionaries({building: st.sampled_from(FATES) for building in BUILDINGS})
look_for_trouble = settings(max_examples=40, deadline=None)


def plan_of(moves: dict[str, str], order: list[int] | None = None) -> Plan:
    """A plan with one cluster for every move, in the given order."""
    found = [Cluster(agency, {}, (Move(to, (agency,)),)) for agency, to in moves.items()]
    return Plan(
        "p", {}, "idea", clusters=tuple(found[place] for place in order or range(len(found)))
    )


def sample(contoh, seed: int) -> Values:
    return contoh.book.sample(DRAWS, seed)


@look_for_trouble
@given(seed=seeds)
def test_moving_everyone_to_where_they_sit_gains_nothing(contoh, seed):
    nowhere = dataclasses.replace(plan_of(dict(CITY.today.buildings)), id="nowhere")
    result = run_experiment(CITY, [nowhere], contoh.book, {"as-budgeted": {}}, DRAWS, seed)
    for outcome in OUTCOMES:
        np.testing.assert_array_equal(result.gain(outcome, "nowhere"), 0)
        if outcome.startswith("saving_"):
            np.testing.assert_array_equal(result.level(outcome, "today"), 0)


@look_for_trouble
@given(moves=moves)
def test_nobody_is_lost_in_a_move(contoh, moves):
    placement = plan_of(moves).place(CITY)
    assert list(placement) == AGENCIES
    assert {agency: placement[agency] for agency in moves} == moves
    assert set(CITY.today.movers(placement)) == {a for a in moves if moves[a] != CITY.today[a]}
    tenants = [agency for building in BUILDINGS for agency in placement.tenants(building)]
    assert sorted(tenants) == sorted(AGENCIES)
    central = contoh.book.central()
    assert BuildingUse(CITY, placement, central).staff.sum() == pytest.approx(
        sum(agency.staff.value for agency in CITY.agencies)
    )


@look_for_trouble
@given(data=st.data(), moves=moves)
def test_order_of_clusters_and_moves_does_not_matter(data, moves):
    order = data.draw(st.permutations(range(len(moves))))
    one_by_one = plan_of(moves, order)
    at_once = Plan(
        "p",
        {},
        "idea",
        clusters=(Cluster("all", {}, tuple(Move(to, (a,)) for a, to in moves.items())),),
    )
    assert one_by_one.place(CITY) == plan_of(moves).place(CITY) == at_once.place(CITY)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates)
def test_floats_and_draws_agree(contoh, seed, moves, fates):
    placement = CITY.today.moved(moves)
    draws = sample(contoh, seed)
    numbers = {name: draws[name] for name in contoh.book}
    together = outcomes(CITY, Situation(placement, fates), draws, draws)
    for draw in range(DRAWS):
        alone = Values({name: number[draw] for name, number in numbers.items()})
        situation = Situation(placement, fates)
        for outcome, number in outcomes(CITY, situation, alone, alone).items():
            assert np.ndim(number) == 0
            np.testing.assert_allclose(number, together[outcome][draw], rtol=1e-12, atol=1e-3)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates)
def test_no_line_of_cost_is_ever_negative(contoh, seed, moves, fates):
    lines = operating_cost(CITY, CITY.today.moved(moves), sample(contoh, seed), fates)
    assert set(lines) == set(LINES)
    for line, cost in lines.items():
        assert np.isfinite(cost).all(), line
        assert (cost >= 0).all(), line


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates)
def test_an_empty_building_only_costs_holding_and_one_in_use_none(contoh, seed, moves, fates):
    placement = CITY.today.moved(moves)
    lines = operating_cost(CITY, placement, sample(contoh, seed), fates)
    in_use = CITY.occupied(placement)
    vacated = np.isin(BUILDINGS, CITY.today.vacated(placement))
    for line, cost in lines.items():
        cost = np.broadcast_to(cost, (DRAWS, len(BUILDINGS)))
        nothing = ~vacated if line == "holding" else ~in_use
        np.testing.assert_array_equal(cost[:, nothing], 0, err_msg=line)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates, pooled=st.floats(0, 1))
def test_the_four_kinds_of_saving_add_up_to_the_whole(contoh, seed, moves, fates, pooled):
    draws = sample(contoh, seed)
    today = cost_by_line(CITY, CITY.today, draws, {})
    lever = draws.with_numbers({"pooled_daily_needs": pooled})
    found = outcomes(CITY, Situation(CITY.today.moved(moves), fates), lever, draws)
    kinds = sum(found[f"saving_{kind}"] for kind in ("cash", "moved", "future", "notional"))
    np.testing.assert_allclose(kinds, sum(today.values()) - found["operating_cost"], atol=1)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates)
def test_selling_a_building_never_costs_more_than_keeping_it(contoh, seed, moves, fates):
    draws, placement = sample(contoh, seed), CITY.today.moved(moves)
    for building in CITY.today.vacated(placement):
        kept, leased, sold = (
            operating_cost(CITY, placement, draws, {**fates, building: fate})
            for fate in ("kept", "leased", "sold")
        )
        for dearer in (kept, leased):
            assert (sum_of(dearer) >= sum_of(sold)).all()
        assert (sum_of(kept) > sum_of(sold)).any()


def sum_of(lines: dict[str, np.ndarray]) -> np.ndarray:
    return sum(cost.sum(axis=-1) for cost in lines.values())


@look_for_trouble
@given(area=st.floats(10, 20_000), share=st.floats(0.1, 1))
def test_the_tariff_steps_down_above_200_kva_and_nowhere_else(contoh, area, share):
    """PLN: P-1 up to 200 kVA, P-2 above (B01, B02 of data/raw/unit_costs.csv)."""
    central = contoh.book.central()
    owned = CITY.building_order["jalan-melati-5"]

    def of(area: float) -> tuple[float, float, float]:
        areas = np.full(len(BUILDINGS), area)
        use = BuildingUse(CITY, CITY.today, central.with_numbers({"floor_area_m2": areas}))
        kva = float(use.connected_power[owned])
        return kva, float(electricity_tariff(use)[owned]), float(electricity(use)[owned])

    kva, tariff, cost = of(area)
    assert tariff == (1_699.53 if kva <= 200 else 1_522.88)
    smaller_kva, smaller_tariff, smaller_cost = of(area * share)
    if (kva > 200) == (smaller_kva > 200):
        assert smaller_tariff == tariff
        assert smaller_cost == pytest.approx(cost * share)


def test_the_step_of_the_tariff_lies_between_3225_and_3226_square_metres(contoh):
    """200 kVA at 62 VA/m2 are 3,225.8 m2 (B19)."""
    owned = CITY.building_order["jalan-melati-5"]
    tariffs = []
    for area in (3_225.0, 3_226.0):
        areas = {"floor_area_m2": np.full(len(BUILDINGS), area)}
        values = contoh.book.central().with_numbers(areas)
        tariffs.append(float(electricity_tariff(BuildingUse(CITY, CITY.today, values))[owned]))
    assert tariffs == [1_699.53, 1_522.88]


@look_for_trouble
@given(seed=seeds, moves=moves)
def test_guards_and_cleaners_are_whole_people(contoh, seed, moves):
    draws = sample(contoh, seed)
    use = BuildingUse(CITY, CITY.today.moved(moves), draws)
    for cost, wage in ((security(use), "guard_cost"), (cleaning(use), "cleaner_cost")):
        people = cost / draws[wage][:, None]
        np.testing.assert_allclose(people, np.round(people), atol=1e-9)
    guards = security(use) / draws["guard_cost"][:, None]
    needed = draws["guard_posts"] * draws["guards_per_post"][:, None] * use.own_services
    assert (guards >= needed - draws["least_duty"][:, None]).all()
    assert (guards < needed + 1).all()


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates, factor=st.floats(1, 3))
def test_dearer_guards_never_lower_the_cost(contoh, seed, moves, fates, factor):
    draws, placement = sample(contoh, seed), CITY.today.moved(moves)
    dearer = draws.with_numbers({"guard_cost": draws["guard_cost"] * factor})
    before = sum_of(operating_cost(CITY, placement, draws, fates))
    after = sum_of(operating_cost(CITY, placement, dearer, fates))
    assert (after >= before).all()


@look_for_trouble
@given(seed=seeds, moves=moves)
def test_units_that_keep_their_budgets_need_as_much_wherever_they_sit(contoh, seed, moves):
    draws = sample(contoh, seed).with_numbers({"pooled_daily_needs": 0})
    today = cost_by_line(CITY, CITY.today, draws, {})["routine_needs"]
    later = cost_by_line(CITY, CITY.today.moved(moves), draws, {})["routine_needs"]
    np.testing.assert_allclose(later, today, rtol=1e-12)


def _needs(placement, draws: Values, pooled: float) -> np.ndarray:
    lever = draws.with_numbers({"pooled_daily_needs": pooled})
    return operating_cost(CITY, placement, lever, {})["routine_needs"]


@look_for_trouble
@given(seed=seeds, moves=moves)
def test_budgeting_per_building_raises_daily_needs_by_the_step_of_the_norm_at_most(
    contoh, seed, moves
):
    """The norm steps up above 40 employees: 41 x 1.51 million is more than 60.02 million.

    So two units of 40 get Rp 120.04 million apart and Rp 120.8 million together. Pooling can raise
    the needs by no more than that step, 40 heads less one lump sum, for each small unit.
    """
    draws, placement = sample(contoh, seed), CITY.today.moved(moves)
    rise = (_needs(placement, draws, 1) - _needs(placement, draws, 0)).sum(axis=-1)
    step = draws["daily_needs_staff_limit"] * draws["daily_needs_per_head"]
    step = np.maximum(step - draws["daily_needs_lump_sum"], 0)
    use = BuildingUse(CITY, placement, draws)
    limit = draws["daily_needs_staff_limit"][:, None]
    small_units = ((draws["staff"] <= limit) * use.holds_budget).sum(axis=-1)
    assert (rise <= small_units * step + 1).all()


@look_for_trouble
@given(seed=seeds, moves=moves)
def test_budgeting_per_building_never_raises_daily_needs_where_the_norm_has_no_step_up(
    contoh, seed, moves
):
    placement, draws = CITY.today.moved(moves), sample(contoh, seed)
    smooth = draws["daily_needs_staff_limit"] * draws["daily_needs_per_head"]
    draws = draws.with_numbers({"daily_needs_lump_sum": smooth})
    assert (_needs(placement, draws, 1) <= _needs(placement, draws, 0) + 1).all()


@look_for_trouble
@given(seed=seeds)
def test_an_empty_building_costs_less_than_the_same_building_in_use(contoh, seed):
    """For buildings that the city serves itself, without what follows the staff."""
    draws = sample(contoh, seed)
    use = BuildingUse(CITY, CITY.today, draws)
    empty = sum(empty_building_cost(use).values())
    in_use = sum(operating_cost(CITY, CITY.today, draws, {}).values())
    assert (empty < in_use)[:, use.own_services].all()


def test_today_is_what_stands_when_no_plan_is_given(contoh):
    situation = TODAY.situation(CITY)
    assert situation.placement == CITY.today
    assert situation.fates == {}
