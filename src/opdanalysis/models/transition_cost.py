"""What moving costs once [Rp], and the staff hours that are lost while it settles in."""

from __future__ import annotations

from typing import Any

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.models.relocation import relocation
from opdanalysis.models.running_cost import running_today
from opdanalysis.parameters.values import Values

PARTS = ("moving", "fit_out", "counters", "double_running", "demolition")


def transition_cost(city: City, situation: Situation, values: Values) -> dict[str, Any]:
    """What moving costs once, by part [Rp], floats or `(n_draws,)`.

    moving
        Vehicles, crates and cabling for every employee who moves.
    fit_out
        Floor area of those who go into a building that stands, refitted at a share of its price.
    counters
        New counters of the public-facing agencies that move.
    double_running
        The buildings that are left run on for some months.
    demolition
        Taking down the buildings whose fate that is.

    Fit-out and counters carry the uplift for optimism of public works. Left out: pay of the staff
    in the meantime, and people who leave because of the move.
    """
    found, staff = relocation(city, situation), values["staff"]
    uplift = 1 + values["optimism_uplift"]
    area = staff[..., found.refitted].sum(axis=-1) * values["area_per_employee"]
    run_on = running_today(city, values)[..., found.vacated].sum(axis=-1)
    cleared = found.vacated[(found.fates == "demolished") & found.owned]
    taken_down = values["floor_area_m2"][..., cleared].sum(axis=-1)
    return {
        "moving": staff[..., found.movers].sum(axis=-1) * values["moving_cost_per_employee"],
        "fit_out": area * values["fit_out_share"] * values["building_price"] * uplift,
        "counters": found.public * values["counter_cost"] * uplift,
        "double_running": run_on * values["double_running_years"],
        "demolition": taken_down * values["demolition_cost"],
    }


def service_dip_hours(city: City, situation: Situation, values: Values) -> Any:
    """Working hours that movers lose while the new office settles in [hour], all years together.

    It is time and not money: the pay is the same. Floats or `(n_draws,)`.
    """
    movers = values["staff"][..., relocation(city, situation).movers].sum(axis=-1)
    hours = movers * values["staff_hours_per_year"] * values["dip_years"]
    return hours * values["dip_share"]
