"""The short list of what is reported, with unit and direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.city.situation import Situation
from opdanalysis.models.building_use import use_today
from opdanalysis.models.contacts import contacts_close_by
from opdanalysis.models.coordination import coordination
from opdanalysis.models.holding_cost import holding_parts
from opdanalysis.models.operating_cost import ANNOUNCED_LINES, LINES, operating_cost
from opdanalysis.models.saving_kinds import KINDS, saving_kinds
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
        Outcome("contacts_one_roof", "1", "higher"),
        Outcome("contacts_one_site", "1", "higher"),
        Outcome("contacts_walk", "1", "higher"),
        Outcome("contacts", "contact/year", "higher"),
        Outcome("helper_hours", "hour/year", "lower"),
        Outcome("staff_km", "km/year", "lower"),
        Outcome("staff_hours", "hour/year", "lower"),
        Outcome("staff_travel_cost", "Rp/year", "lower"),
    )
}
"""Every outcome by id. `announced_cost` is the sum of the eight lines of the announcements."""


def outcomes(
    city: City, situation: Situation, values: Values, values_today: Values
) -> dict[str, Any]:
    """Every outcome of a situation, floats or `(n_draws,)`.

    `values` are those under the plan's levers, `values_today` the same draws without them.
    """
    placement, fates = situation.placement, situation.fates
    lines = cost_by_line(city, placement, values, fates)
    lines_today = values_today.once(
        ("cost by line today", city), lambda: cost_by_line(city, city.today, values_today, {})
    )
    saved = {line: lines_today[line] - lines[line] for line in LINES}
    parts = holding_parts(use_today(city, values), city.today.vacated(placement), fates)
    held = {part: cost.sum(axis=-1) for part, cost in parts.items()}
    kinds = saving_kinds(saved, held, values)
    contacts = contacts_close_by(city, placement, values)
    return {
        "operating_cost": sum(lines.values()),
        "announced_cost": sum(lines[line] for line in ANNOUNCED_LINES),
        **{f"cost_{line}": lines[line] for line in LINES},
        **{f"saving_{kind}": kinds[kind] for kind in KINDS},
        **{f"contacts_{circle}": share for circle, share in contacts.items()},
        **coordination(city, placement, values),
    }


def cost_by_line(
    city: City, placement: Placement, values: Values, fates: Mapping[str, str]
) -> dict[str, Any]:
    """Yearly cost of all buildings by line [Rp/year], floats or `(n_draws,)`."""
    by_building = operating_cost(city, placement, values, fates)
    return {line: cost.sum(axis=-1) for line, cost in by_building.items()}
