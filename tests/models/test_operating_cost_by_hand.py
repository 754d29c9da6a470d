"""The yearly cost of buildings of the invented city, worked by hand from the public figures.

Every amount is typed in from its origin: A19, B01 and so on are rows of `data/raw/unit_costs.csv`;
areas, floors, posts and staff are those of `data/cities/contoh`. Where no figure was found the
judgement of `data/parameters/operating_cost.yaml` is typed in and called so.
"""

from __future__ import annotations

from functools import partial

import pytest

from opdanalysis.models.operating_cost import LINES, operating_cost

MILLION = 1_000_000
approx = partial(pytest.approx, rel=1e-9)

GUARD = 36 * MILLION  # A19: a package of Rp 648 million for 18 guards
CLEANER = 46_032_000  # A13: a package of a kecamatan office, per cleaner
ATTENDANT = 13 * 3_574_000  # A05 and A07: 13 months at the standard of South Sumatra
P1, P2, B2 = 1_699.53, 1_522.88, 1_444.70  # B01, B02, B04: tariffs in Rp/kWh
INTENSITY = 110  # B18, kWh/m2/year
KVA_PER_M2 = 0.062  # B19: 62 VA/m2
MINIMUM_HOURS = 12 * 40  # B06: 40 hours a month
WATER = 4_573  # C01, Rp/m3
SEWERAGE = 12 * 10_700  # C03: class 2A
DAILY_WATER = 0.05  # C05: 50 litres per employee and day
VISITOR_WATER = 0.005  # C06: 5 litres
MBPS = 12 * 107_500  # C13, C14: Rp 107,500 per Mbps and month
UPKEEP_STOREYS, UPKEEP_FLAT, UPKEEP_YARD = 213_000, 160_000, 10_000  # A22, A26, A27
LUMP_SUM, PER_HEAD = 60_020_000, 1_510_000  # A29 up to 40 employees, A30 above

# From the end of 2020 to the start of 2026 by consumer prices, H11 to H15 (December on December).
PRICES_SINCE_2020 = 1.0187 * 1.0551 * 1.0261 * 1.0157 * 1.0292
MALL_CHARGE = 100_000 * 1.0157 * 1.0292  # G12, of 2023
COOLER = 610_000 * PRICES_SINCE_2020  # A35, of 2020
GENERATOR = 7_190_000 * PRICES_SINCE_2020  # A36, of 2020
LIFT = 50 * MILLION  # judgement

# Judgements without a row: 240 working days, 2 Mbps per employee (C15) of which 3 employees share
# one, at least 20 Mbps a line, 706 m2 per cleaner (A18), 30 employees per attendant, 60% of the
# upkeep norm is funded, 25 m2 per air conditioner, 10 m2 per employee (D01), and 40% of a load
# follows the employees.
DAYS, FUNDED, FOLLOWS, PER_EMPLOYEE = 240, 0.6, 0.4, 10


UNITS = ("uptd-capil-utara", "uptd-capil-tengah", "uptd-capil-selatan")


@pytest.fixture(scope="module")
def cost_of(contoh):
    """The cost of one building by line at the middle values, under a plan or today."""

    def cost(building: str, plan: str = "today") -> dict[str, float]:
        later = contoh.plans[plan].situation(contoh.city)
        central = contoh.book.central()
        lines = operating_cost(contoh.city, later.placement, central, later.fates)
        place = contoh.city.building_order[building]
        return {line: float(amount[place]) for line, amount in lines.items()}

    return cost


def test_a_small_owned_building_in_use_costs_what_the_reviewer_adds_up(cost_of):
    """Jalan Melati 5: 1,200 m2 on two floors, 1,000 m2 of land, one post, two agencies of 30.

    74.4 kVA is tariff class P-1. The need of 132,000 kWh is above the minimum bill.
    Citizens come for 1,500 cases of social assistance and 500 permits.
    """
    assert cost_of("jalan-melati-5") == approx(
        {
            "electricity": 1_200 * INTENSITY * P1,
            "water": (60 * DAILY_WATER * DAYS + 2_000 * VISITOR_WATER) * WATER + SEWERAGE,
            "internet": 40 * MBPS,  # 60 employees x 2 Mbps / 3
            "cleaning": 2 * CLEANER,  # 1,200 / 706 = 1.7
            "security": 5 * GUARD,  # 1 post x 4.2
            "attendants": 2 * ATTENDANT,  # 60 / 30
            "upkeep": (1_200 * UPKEEP_STOREYS + (1_000 - 600) * UPKEEP_YARD) * FUNDED,
            "routine_needs": 2 * LUMP_SUM,  # both agencies have 30 employees
            "equipment": 48 * COOLER,  # 1,200 / 25; below 2,000 m2 without a generator
            "rent": 0,
            "holding": 0,
        }
    )


def test_a_building_above_200_kva_pays_tariff_p2_and_has_a_generator_and_lifts(cost_of):
    """Jalan Mawar 1: 4,000 m2 on four floors with 248 kVA, 3,000 m2 of land, two posts.

    Secretariat 50, registry 40, public works 50, three units of 10: 170 employees. The units serve
    2,000 + 3,000 + 1,000 identity cards at the counter.
    """
    assert cost_of("jalan-mawar-1") == approx(
        {
            "electricity": 4_000 * INTENSITY * P2,
            "water": (170 * DAILY_WATER * DAYS + 6_000 * VISITOR_WATER) * WATER + SEWERAGE,
            "internet": 340 / 3 * MBPS,
            "cleaning": 6 * CLEANER,  # 5.7
            "security": 9 * GUARD,  # 2 posts x 4.2 = 8.4
            "attendants": 6 * ATTENDANT,  # 170 / 30 = 5.7
            "upkeep": (4_000 * UPKEEP_STOREYS + (3_000 - 1_000) * UPKEEP_YARD) * FUNDED,
            "routine_needs": 50 * PER_HEAD + LUMP_SUM + 50 * PER_HEAD + 30 * PER_HEAD,
            "equipment": 160 * COOLER + GENERATOR + LIFT,
            "rent": 0,
            "holding": 0,
        }
    )


def test_a_rented_building_pays_rent_and_all_services(cost_of):
    """Jalan Dahlia 20: 400 m2 on two floors, 300 m2 of land, one post, 20 employees.

    Rent Rp 75,000 a m2 and month (G10, assumed). No citizen comes for a service here.
    """
    assert cost_of("jalan-dahlia-20") == approx(
        {
            "electricity": 400 * INTENSITY * P1,
            "water": 20 * DAILY_WATER * DAYS * WATER + SEWERAGE,
            "internet": 20 * MBPS,  # 13.3 Mbps wanted, the smallest line has 20
            "cleaning": 1 * CLEANER,  # 0.6
            "security": 5 * GUARD,
            "attendants": 1 * ATTENDANT,  # 0.7
            "upkeep": (400 * UPKEEP_STOREYS + (300 - 200) * UPKEEP_YARD) * FUNDED,
            "routine_needs": LUMP_SUM,
            "equipment": 16 * COOLER,
            "rent": 400 * 12 * 75_000,
            "holding": 0,
        }
    )


def test_space_in_a_mall_pays_a_service_charge_and_hires_nobody(cost_of):
    """Plaza Baru: 100 m2, ten employees of a counter that lives on the budget of the registry.

    Rent Rp 150,000 and service charge Rp 100,000 of 2023 a m2 and month (G11, G12); tariff B-2.
    Citizens come for 1,000 birth certificates.
    """
    assert cost_of("plaza-baru") == approx(
        {
            "electricity": 100 * INTENSITY * B2,
            "water": (10 * DAILY_WATER * DAYS + 1_000 * VISITOR_WATER) * WATER + SEWERAGE,
            "internet": 20 * MBPS,
            "cleaning": 0,
            "security": 0,
            "attendants": 0,  # 10 / 30 is less than half a duty
            "upkeep": 0,
            "routine_needs": 10 * PER_HEAD,  # no lump sum of its own
            "equipment": 0,
            "rent": 100 * 12 * (150_000 + MALL_CHARGE),
            "holding": 0,
        }
    )


def test_the_host_of_a_merger_serves_a_part_of_the_load_that_newcomers_bring(cost_of):
    """Jalan Mawar 1 with 200 employees: 60 come, 30 leave, so 30 x 10 m2 x 0.4 more is served."""
    served = 4_000 + FOLLOWS * PER_EMPLOYEE * (60 - 30)
    cost = cost_of("jalan-mawar-1", "merge-in-mawar")
    assert cost["electricity"] == approx(served * INTENSITY * P2)
    assert cost["cleaning"] == approx(6 * CLEANER)  # 4,120 / 706 = 5.8
    assert cost["security"] == approx(9 * GUARD)  # posts do not follow people
    assert cost["attendants"] == approx(7 * ATTENDANT)  # 200 / 30 = 6.7
    assert cost["internet"] == approx(400 / 3 * MBPS)


def test_a_building_that_nobody_used_before_is_served_whole(cost_of):
    """Jalan Seroja 1, new: 6,000 m2 on five floors, 5,000 m2 of land, two posts, 240 employees."""
    cost = cost_of("jalan-seroja-1", "new-building-in-seroja")
    assert cost["electricity"] == approx(6_000 * INTENSITY * P2)  # 372 kVA
    assert cost["cleaning"] == approx(9 * CLEANER)  # 6,000 / 706 = 8.5
    assert cost["upkeep"] == approx((6_000 * UPKEEP_STOREYS + 3_800 * UPKEEP_YARD) * FUNDED)
    assert cost["equipment"] == approx(240 * COOLER + GENERATOR + LIFT)


def at_middle(known, building: str, moves: dict[str, str], areas: dict[str, float], **held: float):
    """The cost of one building by line after some moves, with some numbers held."""
    city, central = known.city, known.book.central()
    floor_area = central["floor_area_m2"].copy()
    for id, area in areas.items():
        floor_area[city.building_order[id]] = area
    values = central.with_numbers({"floor_area_m2": floor_area, **held})
    lines = operating_cost(city, city.today.moved(moves), values, {})
    return {line: cost[city.building_order[building]] for line, cost in lines.items()}


def test_a_building_that_most_have_left_still_serves_what_does_not_follow_them(contoh):
    """Jalan Mawar 1 with 1,500 m2, when 160 of its 170 employees leave: they would take along
    160 x 10 m2 x 0.4 = 640 m2, but 60% of 1,500 m2 stays, which is 900 m2.
    """
    leave = dict.fromkeys(("sekda", "capil", "pu", *UNITS[1:]), "jalan-seroja-1")
    cost = at_middle(contoh, "jalan-mawar-1", leave, {"jalan-mawar-1": 1_500})
    assert cost["electricity"] == approx(900 * INTENSITY * P1)  # 93 kVA


def test_a_building_that_uses_little_pays_the_minimum_bill(contoh):
    """At 20 kWh/m2 Jalan Melati 5 uses 24,000 kWh; 74.4 kVA x 480 h are 35,712 kWh (B06)."""
    cost = at_middle(contoh, "jalan-melati-5", {}, {}, electricity_intensity=20)
    assert cost["electricity"] == approx(1_200 * KVA_PER_M2 * MINIMUM_HOURS * P1)


def test_however_large_the_space_in_a_mall_the_mall_serves_it(contoh):
    cost = at_middle(contoh, "plaza-baru", {}, {"plaza-baru": 3_000})
    for line in ("cleaning", "security", "upkeep", "equipment"):
        assert cost[line] == 0
    assert cost["rent"] == approx(3_000 * 12 * (150_000 + MALL_CHARGE))
    assert cost["electricity"] == approx(3_000 * INTENSITY * B2)  # 186 kVA


def test_daily_needs_are_a_lump_sum_up_to_forty_and_per_head_above_wherever_units_sit(cost_of):
    """Rows A29 and A30: of the five agencies in Jalan Mawar 1 three have 40 employees or fewer."""
    cost = cost_of("jalan-mawar-1", "merge-in-mawar")
    secretariat, registry, public_works = 50 * PER_HEAD, LUMP_SUM, 50 * PER_HEAD
    social, permits = LUMP_SUM, LUMP_SUM
    expected = secretariat + registry + public_works + social + permits
    assert cost["routine_needs"] == approx(expected)


def test_a_sold_building_costs_nothing(cost_of):
    assert cost_of("jalan-melati-5", "merge-in-mawar") == dict.fromkeys(LINES, 0)


def _empty_melati() -> float:
    guards = 3 * GUARD  # 1 post x 0.7 x 4.2 = 2.94
    upkeep = 0.25 * (1_200 * UPKEEP_STOREYS + (1_000 - 600) * UPKEEP_YARD) * FUNDED
    least_electricity = 1_200 * KVA_PER_M2 * MINIMUM_HOURS * P1
    return guards + upkeep + least_electricity


@pytest.mark.parametrize(
    ("fate", "share"),
    [("kept", 1 - 0.1), ("leased", 1 - 0.5), ("returned", 0), ("demolished", 0)],
)
def test_a_vacated_building_costs_its_guards_least_upkeep_and_minimum_bill(contoh, fate, share):
    """Jalan Melati 5, empty: 70% of its posts and 25% of its upkeep stay (judgements).

    A tenant who pays its costs is there in 10% of years where it is kept, 50% where it is offered.
    """
    placement = contoh.plans["merge-in-mawar"].place(contoh.city)
    fates = {"jalan-melati-5": fate}
    cost = operating_cost(contoh.city, placement, contoh.book.central(), fates)
    place = contoh.city.building_order["jalan-melati-5"]
    assert cost["holding"][place] == approx(share * _empty_melati())
    assert sum(cost[line][place] for line in LINES if line != "holding") == 0


def test_an_empty_building_above_200_kva_pays_the_minimum_bill_at_tariff_p2(cost_of):
    """Jalan Mawar 1, offered for lease: 248 kVA x 480 h at P-2, and no tenant half of the time."""
    guards = 6 * GUARD  # 2 posts x 0.7 x 4.2 = 5.88
    upkeep = 0.25 * (4_000 * UPKEEP_STOREYS + 2_000 * UPKEEP_YARD) * FUNDED
    empty = guards + upkeep + 4_000 * KVA_PER_M2 * MINIMUM_HOURS * P2
    cost = cost_of("jalan-mawar-1", "new-building-in-seroja")
    assert cost["holding"] == approx((1 - 0.5) * empty)


def test_a_building_lent_to_another_user_of_the_city_costs_what_it_cost(cost_of):
    """Jalan Melati 5 is lent: light, cleaning, guards and upkeep move to another budget line."""
    today = cost_of("jalan-melati-5")
    kept = ("electricity", "cleaning", "security", "upkeep", "equipment")
    lent = cost_of("jalan-melati-5", "new-building-in-seroja")
    assert lent["holding"] == approx(sum(today[line] for line in kept))


def test_legal_wages_are_thirteen_months_at_the_minimum_wage(contoh):
    """Row A20: 13 x Rp 4,192,837, the minimum wage of Palembang in 2026 (A11)."""
    beliefs = contoh.scenarios["compliant-wages"].beliefs
    for name in ("guard_cost", "cleaner_cost", "attendant_cost"):
        assert beliefs[name].value == 13 * 4_192_837
        assert beliefs[name].distribution.low == 13 * 4_192_837  # never below the minimum wage
        assert beliefs[name].distribution.high == round(13 * 4_192_837 * 1.25)  # A06: contractor
