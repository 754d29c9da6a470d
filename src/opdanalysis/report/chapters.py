"""The questions of a report in their order, and what answers each: measures, figures, tables."""

from __future__ import annotations

from dataclasses import dataclass

from opdanalysis.models.operating_cost import LINES
from opdanalysis.models.saving_kinds import KINDS


@dataclass(frozen=True)
class Chapter:
    """One question: `outcomes` are compared over all plans, `claims_on` are those of its claims.

    `topics` are the groups of inputs that it rests on. Figures and tables that a study did not make
    are left out; the tables in `long` are closed until they are asked for.
    """

    id: str
    outcomes: tuple[str, ...] = ()
    claims_on: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    long: tuple[str, ...] = ()


CHAPTERS = (
    Chapter(
        "money",
        outcomes=("net_cost", "operating_cost", "once_only_cost"),
        claims_on=(
            *("operating_cost", "announced_cost", "net_cost", "asset_income", "once_only_cost"),
            *("net_present_value", "partner_value", "moving_annuity", "construction_annuity"),
            *(f"cost_{line}" for line in LINES),
            *(f"saving_{kind}" for kind in KINDS),
        ),
        topics=(
            *("agencies", "buildings", "operating_cost", "transition", "construction", "assets"),
            *("present_value", "kecamatan"),
        ),
        figures=("net_saving", "waterfall", "saving_kinds", "payback", "claimed_savings"),
        tables=("break_even",),
        long=("saving_kinds", "fates"),
    ),
    Chapter(
        "faster",
        outcomes=("elapsed_days", "citizen_hours", "waiting_minutes"),
        claims_on=(
            *("elapsed_days", "citizen_hours", "citizen_cost", "trips_per_case"),
            *("waiting_minutes", "one_visit_share", "within_standard_share", "given_up_share"),
        ),
        topics=("services", "journeys", "steps", "letters", "service_time"),
        figures=("elapsed_days", "citizen_hours", "location_share", "four_corners", "journey_days"),
        tables=("journey_days",),
    ),
    Chapter(
        "together",
        outcomes=("contacts_one_roof", "staff_hours"),
        claims_on=(
            *("contacts_one_roof", "contacts_one_site", "contacts_walk", "contacts"),
            *("helper_hours", "staff_km", "staff_hours", "staff_travel_cost"),
        ),
        topics=("ties", "contacts", "coordination"),
        figures=("contacts", "plan_fit", "network"),
        tables=("pairs_left_apart",),
        long=("pairs_put_together",),
    ),
    Chapter(
        "loses",
        outcomes=("residents_farther", "residents_nearer", "access_minutes"),
        claims_on=(
            *("residents_nearer", "residents_farther", "access_minutes", "access_ede"),
            *("access_hours", "access_cost", "access_gini"),
            *("access_within_15", "access_within_30", "access_within_45"),
        ),
        topics=("access", "places", "kecamatan", "services", "steps"),
        figures=("residents_farther", "access_by_kecamatan", "access_map", "access_by_service"),
    ),
    Chapter(
        "fit",
        outcomes=("overfull_staff", "stalls_short"),
        claims_on=(
            *("overfull_staff", "stalls_short", "area_need", "shared_area_freed"),
            *("building_work_hours",),
        ),
        topics=("agencies", "buildings", "space", "parking", "supplies"),
        figures=("utilisation", "parking_by_hour", "readiness"),
        long=("readiness",),
    ),
    Chapter(
        "sure",
        figures=("evidence", "group_indices", "information_value", "tornado"),
        tables=("information_value", "conditions"),
    ),
    Chapter(
        "best",
        figures=(
            *("probability_best", "probability_best_citizens", "best_plan_moves"),
            *("best_plan_trade_off", "improvement"),
        ),
        tables=("improvement",),
        long=("probability_best", "frontier"),
    ),
    Chapter("claims", figures=("claims",), long=("claims", "claim_records")),
)
"""The chapters after the summary and before the annexes."""

ANNEX_FIGURES = ("map_today", "map_main_plan", "moves_matrix")
ANNEX_TABLES = ("plans", "predictions")
"""What is kept for the end: where offices lie and who moves, the plans, and what is foretold."""
