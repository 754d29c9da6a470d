"""The short list of what is reported, with unit and direction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.city.situation import Situation
from opdanalysis.models.access import NAMES as ACCESS
from opdanalysis.models.access import access
from opdanalysis.models.building_use import BuildingUse, use_of, use_today
from opdanalysis.models.contacts import contacts_close_by
from opdanalysis.models.coordination import coordination
from opdanalysis.models.emissions import gas_total
from opdanalysis.models.fit import fit_totals, work_total
from opdanalysis.models.holding_cost import fate_of_each, holding_parts
from opdanalysis.models.net_cost import PlanMoney
from opdanalysis.models.operating_cost import ANNOUNCED_LINES, LINES, operating_cost
from opdanalysis.models.relocation import relocation
from opdanalysis.models.running_cost import lines_today, running_cost
from opdanalysis.models.saving_kinds import KINDS, saving_kinds
from opdanalysis.models.service_time import NAMES as SERVICE_TIME
from opdanalysis.models.service_time import service_time
from opdanalysis.models.transition_cost import service_dip_hours
from opdanalysis.parameters.values import Values


@dataclass(frozen=True)
class Outcome:
    """A thing that is reported; its words stand in the text files under `outcome.<id>`."""

    id: str
    unit: str
    better: Literal["lower", "higher"]

    @property
    def sign(self) -> int:
        """What turns a rise into a gain."""
        return 1 if self.better == "higher" else -1


OUTCOMES: Mapping[str, Outcome] = {
    outcome.id: outcome
    for outcome in (
        Outcome("operating_cost", "Rp/year", "lower"),
        Outcome("announced_cost", "Rp/year", "lower"),
        *(Outcome(f"cost_{line}", "Rp/year", "lower") for line in LINES),
        *(Outcome(f"saving_{kind}", "Rp/year", "higher") for kind in KINDS),
        Outcome("net_cost", "Rp/year", "lower"),
        Outcome("moving_annuity", "Rp/year", "lower"),
        Outcome("construction_annuity", "Rp/year", "lower"),
        Outcome("asset_income", "Rp/year", "higher"),
        Outcome("once_only_cost", "Rp", "lower"),
        Outcome("net_present_value", "Rp", "higher"),
        Outcome("partner_value", "Rp", "lower"),
        Outcome("service_dip_hours", "hour", "lower"),
        Outcome("contacts_one_roof", "1", "higher"),
        Outcome("contacts_one_site", "1", "higher"),
        Outcome("contacts_walk", "1", "higher"),
        Outcome("contacts", "contact/year", "higher"),
        Outcome("helper_hours", "hour/year", "lower"),
        Outcome("staff_km", "km/year", "lower"),
        Outcome("staff_hours", "hour/year", "lower"),
        Outcome("staff_travel_cost", "Rp/year", "lower"),
        Outcome("access_minutes", "minute", "lower"),
        Outcome("access_ede", "minute", "lower"),
        Outcome("access_hours", "hour/year", "lower"),
        Outcome("access_cost", "Rp/year", "lower"),
        Outcome("access_within_15", "1", "higher"),
        Outcome("access_within_30", "1", "higher"),
        Outcome("access_within_45", "1", "higher"),
        Outcome("access_gini", "1", "lower"),
        Outcome("residents_nearer", "person", "higher"),
        Outcome("residents_farther", "person", "lower"),
        Outcome("citizen_hours", "hour/year", "lower"),
        Outcome("citizen_cost", "Rp/year", "lower"),
        Outcome("trips_per_case", "trip/case", "lower"),
        Outcome("waiting_minutes", "minute", "lower"),
        Outcome("felt_waiting_minutes", "minute", "lower"),
        Outcome("elapsed_days", "day", "lower"),
        Outcome("one_visit_share", "1", "higher"),
        Outcome("within_standard_share", "1", "higher"),
        Outcome("settling_hours", "hour", "lower"),
        Outcome("given_up_share", "1", "lower"),
        Outcome("overfull_staff", "person", "lower"),
        Outcome("stalls_short", "stall", "lower"),
        Outcome("area_need", "m2", "lower"),
        Outcome("shared_area_freed", "m2", "higher"),
        Outcome("building_work_hours", "hour/year", "lower"),
        Outcome("greenhouse_gas", "tCO2e/year", "lower"),
    )
}
"""Every outcome by id. `announced_cost` is the sum of the eight lines of the announcements;
`net_cost` is the operating cost with the annuities of moving and building, less the asset income.
"""


COST = (
    "operating_cost",
    "announced_cost",
    *(f"cost_{line}" for line in LINES),
    *(f"saving_{kind}" for kind in KINDS),
)
"""The outcomes of running the buildings."""

MONEY = (
    "net_cost",
    "moving_annuity",
    "construction_annuity",
    "asset_income",
    "once_only_cost",
    "net_present_value",
    "partner_value",
    "service_dip_hours",
)
"""The outcomes that come on top of running the buildings."""


def outcomes(
    city: City,
    situation: Situation,
    values: Values,
    values_today: Values,
    wanted: Collection[str] = tuple(OUTCOMES),
) -> dict[str, Any]:
    """The wanted outcomes of a situation and those that come with them, floats or `(n_draws,)`.

    `values` are those under the plan's levers, `values_today` the same draws without them.
    """
    case = _Case(city, situation, values, values_today)
    found: dict[str, Any] = {}
    for ids, compute in PARTS.values():
        if not frozenset(ids).isdisjoint(wanted):
            found |= compute(case)
    return found


@dataclass(frozen=True, eq=False)
class _Case:
    """One situation in some draws, and what several outcomes of it are made of."""

    city: City
    situation: Situation
    values: Values
    values_today: Values

    @cached_property
    def today(self) -> BuildingUse:
        return use_today(self.city, self.values)

    @cached_property
    def use(self) -> BuildingUse:
        return use_of(self.city, self.situation.placement, self.values)

    @cached_property
    def vacated(self) -> tuple[str, ...]:
        return self.city.today.vacated(self.situation.placement)

    @cached_property
    def fate(self) -> Any:
        return fate_of_each(self.today, self.vacated, self.situation.fates)

    @cached_property
    def holding(self) -> dict[str, Any]:
        return holding_parts(self.today, self.vacated, self.situation.fates)

    @cached_property
    def lines(self) -> dict[str, Any]:
        """Yearly cost of all buildings by line [Rp/year]."""
        same = self.use is self.today
        running = lines_today(self.city, self.values) if same else running_cost(self.use)
        by_building = {**running, "holding": sum(self.holding.values())}
        return {line: cost.sum(axis=-1) for line, cost in by_building.items()}

    @cached_property
    def saved(self) -> dict[str, Any]:
        """What is saved against today by line [Rp/year]."""
        city, before = self.city, self.values_today
        lines = before.once(
            ("cost by line today", city), lambda: cost_by_line(city, city.today, before, {})
        )
        return {line: lines[line] - self.lines[line] for line in LINES}

    @cached_property
    def ways(self) -> dict[str, Any]:
        placement = self.situation.placement
        return access(self.city, placement, self.values, self.values_today)

    def cost(self) -> dict[str, Any]:
        lines = self.lines
        held = {part: cost.sum(axis=-1) for part, cost in self.holding.items()}
        kinds = saving_kinds(self.saved, held, self.values)
        return {
            "operating_cost": sum(lines.values()),
            "announced_cost": sum(lines[line] for line in ANNOUNCED_LINES),
            **{f"cost_{line}": lines[line] for line in LINES},
            **{f"saving_{kind}": kinds[kind] for kind in KINDS},
        }

    def money(self) -> dict[str, Any]:
        """What comes on top of running the buildings; nothing where nobody moves or saves."""
        city, situation, values = self.city, self.situation, self.values
        saving, operating_cost = sum(self.saved.values()), sum(self.lines.values())
        if not len(relocation(city, situation).movers) and not np.any(saving):
            return {**dict.fromkeys(MONEY, 0 * saving), "net_cost": operating_cost}
        money = PlanMoney(city, situation, values, saving)
        return {
            "net_cost": operating_cost + saving - money.net_saving,
            "moving_annuity": money.moving_annuity,
            "construction_annuity": money.construction_annuity,
            "asset_income": money.yearly_income,
            "once_only_cost": money.once_only_cost,
            "net_present_value": money.net_present_value,
            "partner_value": money.income["given_up"],
            "service_dip_hours": service_dip_hours(city, situation, values),
        }

    def contacts(self) -> dict[str, Any]:
        close = contacts_close_by(self.city, self.situation.placement, self.values)
        return {f"contacts_{circle}": share for circle, share in close.items()}

    def coordination(self) -> dict[str, Any]:
        return coordination(self.city, self.situation.placement, self.values)

    def access(self) -> dict[str, Any]:
        return self.ways

    def service_time(self) -> dict[str, Any]:
        placement, farther = self.situation.placement, self.ways["residents_farther"]
        return service_time(self.city, placement, self.values, self.values_today, farther)

    def fit(self) -> dict[str, Any]:
        return fit_totals(self.use)

    def work(self) -> dict[str, Any]:
        return {
            "building_work_hours": work_total(self.use, self.fate),
            "greenhouse_gas": gas_total(self.use, self.fate),
        }


PARTS: Mapping[str, tuple[tuple[str, ...], Callable[[_Case], dict[str, Any]]]] = {
    "cost": (COST, _Case.cost),
    "money": (MONEY, _Case.money),
    "contacts": (("contacts_one_roof", "contacts_one_site", "contacts_walk"), _Case.contacts),
    "coordination": (
        ("contacts", "helper_hours", "staff_km", "staff_hours", "staff_travel_cost"),
        _Case.coordination,
    ),
    "access": (ACCESS, _Case.access),
    "service_time": (SERVICE_TIME, _Case.service_time),
    "fit": (("overfull_staff", "stalls_short", "area_need", "shared_area_freed"), _Case.fit),
    "work": (("building_work_hours", "greenhouse_gas"), _Case.work),
}
"""The outcomes that are computed together, and how: asking for one of them costs all of its part.
"""


def cost_by_line(
    city: City, placement: Placement, values: Values, fates: Mapping[str, str]
) -> dict[str, Any]:
    """Yearly cost of all buildings by line [Rp/year], floats or `(n_draws,)`."""
    by_building = operating_cost(city, placement, values, fates)
    return {line: cost.sum(axis=-1) for line, cost in by_building.items()}
