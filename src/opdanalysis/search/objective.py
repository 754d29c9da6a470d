"""What a plan costs the city and its citizens in a year, as a sum that a search can handle.

    sum_i cost[i, s_i] + opening of the buildings in use + sum_ij flow[i, j] * distance[s_i, s_j]

The coefficients are means over draws of the models' own numbers; where the models have steps a
straight line stands in, and today is met exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.city.situation import Situation
from opdanalysis.models.access import access
from opdanalysis.models.asset_income import building_income
from opdanalysis.models.building_use import use_today
from opdanalysis.models.coordination import ELSEWHERE, coordination, meeting_rise, tiers
from opdanalysis.models.holding_cost import holding_cost
from opdanalysis.models.net_cost import PlanMoney
from opdanalysis.models.present_value import HORIZON, annuity, real_rate
from opdanalysis.models.relocation import relocation
from opdanalysis.models.running_cost import running_today
from opdanalysis.models.ties import ties_of, yearly_contacts
from opdanalysis.models.travel import KM, home_metres, way_metres
from opdanalysis.parameters.values import Values
from opdanalysis.search.citizens import visiting_cost
from opdanalysis.search.loads import cost_lines, mean
from opdanalysis.search.rooms import Rooms

Floats = NDArray[np.float64]

CRITERIA = ("cost", "coordination", "access")
"""What a plan is weighed by, each in rupiah a year: the city's own cost when everything is counted
(running, holding, moving, less income), travel of staff, and travel of citizens to counters.
"""

MEASURED_BY = {
    "cost": "net_cost",
    "coordination": "staff_travel_cost",
    "access": "access_cost",
}
"""The outcome of the full model for each criterion."""


@dataclass(frozen=True, eq=False)
class Objective:
    """The yearly cost of every placement of a city [Rp/year], criterion by criterion.

    `cost` and `access` are `(n_agencies, n_buildings)`, of each agency in each building; `opening`
    `(n_buildings,)` is paid once a building is in use. `flow` [Rp/km/year] times `distance` [km]
    is the travel of staff. `rest` is what no plan changes. `weights` say how much a rupiah of each
    criterion counts.
    """

    city: City
    rooms: Rooms
    cost: Floats
    opening: Floats
    access: Floats
    flow: Floats
    distance: Floats
    rest: Mapping[str, float]
    weights: Mapping[str, float]

    def weighted(self, **weights: float) -> Objective:
        """The same with other weights of some criteria."""
        return replace(self, weights={**self.weights, **weights})

    @property
    def linear(self) -> Floats:
        """Weighted cost of each agency in each building, `(n_agencies, n_buildings)`."""
        return self.weights["cost"] * self.cost + self.weights["access"] * self.access

    def parts(self, placement: Placement) -> dict[str, float]:
        """Each criterion of a placement, not weighted [Rp/year]."""
        return self.parts_at(self.city.places(placement))

    def parts_at(self, sites: NDArray[np.intp]) -> dict[str, float]:
        """Each criterion where agencies sit in the buildings of these numbers [Rp/year]."""
        everyone = np.arange(len(sites))
        found = {
            "cost": self.cost[everyone, sites].sum() + self.opening[np.unique(sites)].sum(),
            "coordination": (self.flow * self.distance[np.ix_(sites, sites)]).sum(),
            "access": self.access[everyone, sites].sum(),
        }
        return {name: float(amount + self.rest[name]) for name, amount in found.items()}

    def value(self, placement: Placement) -> float:
        """All criteria of a placement, weighted [Rp/year]."""
        return self.sum_of(self.parts(placement))

    def sum_of(self, parts: Mapping[str, float]) -> float:
        """The weighted sum of the criteria [Rp/year]."""
        return sum(self.weights[name] * parts[name] for name in CRITERIA)

    @property
    def constant(self) -> float:
        """What no plan changes, weighted [Rp/year]."""
        return self.sum_of(self.rest)


def objective(city: City, values: Values, rooms: Rooms) -> Objective:
    """The yearly cost of the placements of a city, from draws or floats; `rooms` are central."""
    lines = cost_lines(city, values, rooms.people)
    staff = mean(values["staff"])
    found = Objective(
        city=city,
        rooms=rooms,
        cost=staff[:, None] * lines.per_employee + moving_costs(city, values),
        opening=lines.fixed - empty_costs(city, values),
        access=visiting_cost(city, values) @ (home_metres(city) / KM),
        flow=travel_flow(city, values),
        distance=way_metres(city) / KM,
        rest=dict.fromkeys(CRITERIA, 0.0),
        weights=dict.fromkeys(CRITERIA, 1.0),
    )
    raw, exact = found.parts(city.today), today_exactly(city, values)
    return replace(found, rest={name: exact[name] - raw[name] for name in CRITERIA})


def today_exactly(city: City, values: Values) -> dict[str, float]:
    """Each criterion of today by the models, mean over the draws [Rp/year]."""
    return {
        "cost": float(mean(running_today(city, values)).sum()),
        "coordination": _average(coordination(city, city.today, values)["staff_travel_cost"]),
        "access": _average(access(city, city.today, values, values)["access_cost"]),
    }


def moving_costs(city: City, values: Values) -> Floats:
    """What a move of each agency to each building costs, by equal yearly parts [Rp/year].

    Nothing where it sits today; less in a building that must first be built, which needs no refit.
    """
    standing = [b.id for b in city.buildings if b.status != "planned"]
    built = [b.id for b in city.buildings if b.status == "planned" and b.tenure == "owned"]
    costs = np.zeros((len(city.agencies), len(city.buildings)))
    is_built = np.array([b.id in built for b in city.buildings])
    for row, agency in enumerate(city.agencies):
        for some, into in ((standing, ~is_built), (built, is_built)):
            to = next((id for id in some if id != city.today[agency.id]), None)
            if to is not None:
                costs[row, into] = _moving_cost(city, values, agency.id, to)
    costs[np.arange(len(city.agencies)), city.places(city.today)] = 0.0
    return costs


def _moving_cost(city: City, values: Values, agency: str, to: str) -> float:
    situation = Situation(city.today.moved({agency: to}))
    money = PlanMoney(city, situation, values, 0.0)
    once = sum(money.once[part] for part in ("moving", "fit_out", "counters"))
    return _average(annuity(once, money.rate, HORIZON))


def empty_costs(city: City, values: Values) -> Floats:
    """What each building costs when a plan leaves it, less what it then brings [Rp/year].

    By the fate that the city's rules give it: holding, running double for a while, taking down,
    less rent, contribution and the yield of a sale. Nothing for buildings that are empty today; for
    those that must first be built, less what building them costs in a year.
    """
    v = values.beside_entities()
    used = sorted(city.today.occupied, key=city.building_order.__getitem__)
    fates = {id: city.fate_rule(id, city.today).fate for id in used}
    today = use_today(city, values)
    held = mean(holding_cost(today, used, fates))
    once = running_today(city, values) * v["double_running_years"]
    torn = np.array(
        [fates.get(b.id) == "demolished" and b.tenure == "owned" for b in city.buildings]
    )
    once = once + torn * v["floor_area_m2"] * v["demolition_cost"]
    rate = real_rate(v)
    empty = held + mean(annuity(once, rate, HORIZON)) * today.in_use_today
    for host in used[:2]:
        # all others stand empty when everybody sits in one building; a second one for that one
        situation = Situation(city.today.moved(dict.fromkeys(city.today, host)), fates)
        income = building_income(city, situation, values)
        yearly = mean(income["rent"] + income["contribution"] + income["sale"] * rate)
        left = relocation(city, situation).vacated
        new = left if host == used[0] else left[left == city.building_order[used[0]]]
        empty[new] -= yearly[np.isin(left, new)]
    return empty - _construction(city, values)


def _construction(city: City, values: Values) -> Floats:
    """What each building that must first be built costs in a year [Rp/year], others nothing."""
    costs = np.zeros(len(city.buildings))
    someone = next(iter(city.today))
    for place, building in enumerate(city.buildings):
        if building.status == "planned" and building.tenure == "owned":
            situation = Situation(city.today.moved({someone: building.id}))
            money = PlanMoney(city, situation, values, 0.0)
            costs[place] = _average(money.construction_annuity)
    return costs


def travel_flow(city: City, values: Values) -> Floats:
    """Yearly cost of staff's travel between agencies for each kilometre between them [Rp/km/year].

    Ties of agencies that sit together today survive parting in part, so that parting them costs
    that part of their contacts.
    """
    ties = ties_of(city)
    v = values.beside_entities()
    contacts = yearly_contacts(ties, values)
    contacts = contacts * np.where(ties.informal, np.asarray(meeting_rise(v)), 1.0)
    parted = np.where(tiers(city, city.today, ties) > ELSEWHERE, v["parting_ratio"], 1.0)
    per_km = 2 * v["road_detour_factor"] * v["meeting_share"] * v["people_per_trip"]
    per_km = per_km * (v["staff_hour_cost"] / v["travel_speed"] + v["vehicle_cost"])
    flow = np.zeros((len(city.agencies), len(city.agencies)))
    np.add.at(flow, (ties.sender, ties.receiver), mean(contacts * parted * per_km))
    return flow


def _average(number: Floats) -> float:
    return float(np.mean(number))
