"""The money of a plan year by year: worked by hand, and what must hold whatever moves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.city.situation import Situation
from opdanalysis.experiment.cash_flow import plan_money
from opdanalysis.models.cash_flow import reached
from opdanalysis.models.net_cost import PlanMoney
from opdanalysis.models.present_value import HORIZON, real_rate
from opdanalysis.outcomes import OUTCOMES, cost_by_line, outcomes
from opdanalysis.plans.plan import FATES, Cluster, Move, Plan
from opdanalysis.reading.everything import read_everything

CITY = read_everything("contoh").city
AGENCIES = [agency.id for agency in CITY.agencies]
BUILDINGS = [building.id for building in CITY.buildings]
DRAWS = 4

seeds = st.integers(0, 2**32 - 1)
moves = st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(BUILDINGS))
fates = st.fixed_dictionaries({building: st.sampled_from(FATES) for building in BUILDINGS})
dates = st.dictionaries(st.sampled_from(AGENCIES), st.floats(0, 5))
look_for_trouble = settings(max_examples=40, deadline=None)


def test_a_saving_that_begins_in_a_year_and_rises_over_one_is_half_reached_in_the_next():
    """Start at 1, full at 2: nothing in year 1, the triangle of a half in year 2, then all."""
    assert reached(1.0, 1.0) == pytest.approx([0, 0, 0.5, *[1] * (HORIZON - 2)])
    assert reached(0.0, 2.0) == pytest.approx([0, 0.25, 0.75, *[1] * (HORIZON - 2)])
    assert reached(0.5, 0.0) == pytest.approx([0, 0.5, *[1] * (HORIZON - 1)])


def test_a_merger_is_paid_in_the_year_of_the_move_and_sells_two_years_later(contoh):
    """At middle values: the move after 1 year, the saving in full after 2, the sale in year 3."""
    plan, central = contoh.plans["merge-in-mawar"], contoh.book.central()
    money = plan_money(contoh.city, plan, central)
    flow = money.flow.flow
    assert flow[0] == 0
    assert flow[1] == pytest.approx(-sum(money.once.values()))
    assert flow[2] == pytest.approx(money.saving / 2)
    assert flow[3] == pytest.approx(money.saving + money.income["sale"])
    assert flow[4:] == pytest.approx(money.saving)
    factors = 1.10 / 1.025
    by_hand = sum(amount / factors**year for year, amount in enumerate(flow))
    assert money.net_present_value == pytest.approx(by_hand)


def test_a_new_building_is_paid_until_it_opens_and_what_it_is_then_worth_is_counted(contoh):
    """2.6 years to build: 1/2.6 in years 1 and 2, the rest in year 3; the move is then too, and
    after 7.4 years of use at 2% a year 85.2% of the price is left.
    """
    plan, central = contoh.plans["new-building-in-seroja"], contoh.book.central()
    money = plan_money(contoh.city, plan, central)
    price, flow = money.construction["building"], money.flow.flow
    assert flow[1] == pytest.approx(-price / 2.6)
    assert flow[2] == pytest.approx(-price / 2.6)
    assert money.flow.saving_share[:3] == pytest.approx(0)
    assert money.flow.residual == pytest.approx(price * (1 - 0.02 * 7.4))


def test_a_plan_with_a_date_moves_at_its_date(contoh):
    """The city is as of 1 July 2025; a move on 1 January 2027 is 1.5 years later."""
    dated = dataclasses.replace(contoh.plans["merge-in-mawar"].clusters[0], date="2027-01-01")
    plan = Plan("p", {}, "idea", clusters=(dated,))
    situation = plan.situation(contoh.city)
    assert situation.moves_after == pytest.approx({"sosial": 1.503, "izin": 1.503}, abs=1e-3)
    flow = plan_money(contoh.city, plan, contoh.book.central()).flow.flow
    assert flow[1] == 0
    assert flow[2] < 0


def test_those_who_move_earlier_bring_their_part_earlier(contoh):
    """60 of 90 employees move at the start and 30 after two years: two thirds, then all."""
    first, second = contoh.plans["merge-in-mawar"].clusters
    plan = Plan(
        "p",
        {},
        "idea",
        clusters=(
            dataclasses.replace(first, date="2025-07-01"),
            dataclasses.replace(second, date="2027-07-01"),
        ),
    )
    money = plan_money(contoh.city, plan, contoh.book.central())
    assert money.flow.saving_share[1] == pytest.approx(2 / 3 * 0.5)
    assert money.flow.saving_share[2] == pytest.approx(2 / 3, abs=1e-3)
    assert money.flow.saving_share[4] == pytest.approx(1)
    assert money.flow.flow[0] == pytest.approx(-sum(money.once.values()) * 2 / 3)


def test_the_saving_that_pays_makes_the_net_present_value_zero(contoh):
    values = contoh.book.sample(50, 3)
    for plan in ("merge-in-mawar", "new-building-in-seroja"):
        money = plan_money(contoh.city, contoh.plans[plan], values)
        again = PlanMoney(contoh.city, money.situation, values, money.saving_that_pays)
        assert again.net_present_value == pytest.approx(0, abs=100)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates, after=dates)
def test_the_parts_add_up_to_the_net_cost_in_every_draw(contoh, seed, moves, fates, after):
    draws = contoh.book.sample(DRAWS, seed)
    situation = Situation(CITY.today.moved(moves), fates, after)
    found = outcomes(CITY, situation, draws, draws)
    today = outcomes(CITY, Situation(CITY.today), draws, draws)
    gross = sum(
        today[f"cost_{line}"] - found[f"cost_{line}"]
        for line in ("electricity", "water", "internet", "cleaning", "security", "attendants")
    ) + sum(
        today[f"cost_{line}"] - found[f"cost_{line}"]
        for line in ("upkeep", "routine_needs", "equipment")
    )
    net = (
        gross
        - found["cost_holding"]
        - (found["cost_rent"] - today["cost_rent"])
        - found["moving_annuity"]
        - found["construction_annuity"]
        + found["asset_income"]
    )
    np.testing.assert_allclose(today["net_cost"] - found["net_cost"], net, rtol=0, atol=1)


@look_for_trouble
@given(seed=seeds, fates=fates)
def test_where_nobody_moves_nothing_is_paid_or_earned(contoh, seed, fates):
    draws = contoh.book.sample(DRAWS, seed)
    found = outcomes(CITY, Situation(CITY.today, fates), draws, draws)
    for outcome in ("moving_annuity", "construction_annuity", "asset_income", "once_only_cost"):
        np.testing.assert_array_equal(found[outcome], 0)
    for outcome in ("net_present_value", "partner_value", "service_dip_hours"):
        np.testing.assert_array_equal(found[outcome], 0)
    np.testing.assert_array_equal(found["net_cost"], found["operating_cost"])


@look_for_trouble
@given(seed=seeds, moves=moves, fates=fates, after=dates)
def test_money_and_hours_have_the_sign_that_they_must_have(contoh, seed, moves, fates, after):
    draws = contoh.book.sample(DRAWS, seed)
    situation = Situation(CITY.today.moved(moves), fates, after)
    found = outcomes(CITY, situation, draws, draws)
    for outcome in ("once_only_cost", "asset_income", "partner_value", "service_dip_hours"):
        assert np.isfinite(found[outcome]).all()
        assert (np.asarray(found[outcome]) >= 0).all()
    assert set(found) == set(OUTCOMES)


once_only = st.fixed_dictionaries(
    {b: st.sampled_from(("sold", "demolished", "returned", "lent")) for b in BUILDINGS}
)


@look_for_trouble
@given(seed=seeds, moves=moves, fates=once_only, after=dates)
def test_the_years_take_up_the_whole_of_every_payment(contoh, seed, moves, fates, after):
    """Undiscounted and without saving, the flow is the price of sales less all once-only costs."""
    draws = contoh.book.sample(DRAWS, seed)
    situation = Situation(CITY.today.moved(moves), fates, after)
    money = PlanMoney(CITY, situation, draws, np.zeros(DRAWS))
    flow, share = money.flow.flow, money.flow.saving_share
    assert ((share >= -1e-9) & (share <= 1 + 1e-9)).all()
    expected = money.income["sale"] - money.once_only_cost
    np.testing.assert_allclose(flow.sum(axis=-1), expected, rtol=1e-9, atol=1)


@look_for_trouble
@given(seed=seeds, later=st.floats(0, 4))
def test_a_later_move_of_a_plan_that_saves_is_worth_less(contoh, seed, later):
    """Where the saving and the cost both wait, a plan that pays is worth less when it waits."""
    draws = contoh.book.sample(DRAWS, seed)
    placement = CITY.today.moved({"sosial": "jalan-mawar-1", "izin": "jalan-mawar-1"})
    fates = {"jalan-melati-5": "returned"}
    saving = np.full(DRAWS, 5e9)
    worth = [
        PlanMoney(
            CITY,
            Situation(placement, fates, dict.fromkeys(("sosial", "izin"), wait)),
            draws,
            saving,
        ).net_present_value
        for wait in (later, later + 1)
    ]
    assert (worth[1] < worth[0]).all()


def test_a_higher_discount_rate_makes_an_investment_worth_less(contoh):
    plan, central = contoh.plans["new-building-in-seroja"], contoh.book.central()
    worth = []
    for rate in (0.06, 0.10, 0.12):
        values = central.with_numbers({"discount_rate": rate})
        money = plan_money(contoh.city, plan, values)
        pays = PlanMoney(contoh.city, money.situation, values, 20e9)
        assert real_rate(values) > 0
        worth.append(float(pays.net_present_value))
    assert worth == sorted(worth, reverse=True)


def test_levers_alone_may_save_without_a_move(contoh):
    plan = Plan("p", {}, "rival", levers={"pooled_daily_needs": 1.0})
    money = plan_money(contoh.city, plan, contoh.book.central())
    assert money.saving > 0
    assert money.once_only_cost == 0
    assert money.net_present_value > 0
    cost = cost_by_line(contoh.city, contoh.city.today, contoh.book.central(), {})
    assert money.saving < sum(cost.values())


def test_a_move_of_one_agency_that_empties_nothing_earns_nothing(contoh):
    plan = Plan("p", {}, "idea", clusters=(Cluster("A", {}, (Move("jalan-mawar-3", ("pu",)),)),))
    money = plan_money(contoh.city, plan, contoh.book.central())
    assert money.yearly_income == 0
    assert money.once["double_running"] == 0
    assert money.once["moving"] > 0
