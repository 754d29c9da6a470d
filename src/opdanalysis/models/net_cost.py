"""What a plan costs in a year when everything is counted, and whether it pays over the years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.models import asset_income, construction_cost, transition_cost
from opdanalysis.models.cash_flow import CashFlow, cash_flow
from opdanalysis.models.present_value import (
    HORIZON,
    annuity,
    discount,
    real_rate,
)
from opdanalysis.parameters.values import Values


@dataclass(frozen=True, eq=False)
class PlanMoney:
    """The money of a plan besides the running of buildings, floats or `(n_draws,)`.

    `saving` is today's yearly operating cost less the plan's [Rp/year].
    """

    city: City
    situation: Situation
    values: Values
    saving: Any

    @cached_property
    def rate(self) -> Any:
        """The discount rate above the rise of prices [1]."""
        return self.values.once("real rate", lambda: real_rate(self.values))

    @cached_property
    def discount(self) -> Any:
        """What a rupiah of each year is worth at the start [1], `(n_draws, n_years)`."""
        return self.values.once("discount", lambda: discount(self.rate))

    @cached_property
    def once(self) -> dict[str, Any]:
        """What moving costs once, by part [Rp]."""
        return transition_cost.transition_cost(self.city, self.situation, self.values)

    @cached_property
    def construction(self) -> dict[str, Any]:
        """What new buildings cost, by part [Rp]."""
        return construction_cost.construction_cost(self.city, self.situation, self.values)

    @cached_property
    def income(self) -> dict[str, Any]:
        """What vacated buildings bring, by part."""
        return asset_income.asset_income(self.city, self.situation, self.values)

    @property
    def once_only_cost(self) -> Any:
        """Moving and building together [Rp]."""
        return sum(self.once.values()) + sum(self.construction.values())

    @cached_property
    def moving_annuity(self) -> Any:
        """The cost of moving in equal yearly parts over the horizon [Rp/year]."""
        return annuity(sum(self.once.values()), self.rate, HORIZON)

    @cached_property
    def construction_annuity(self) -> Any:
        """New buildings in equal yearly parts over their life [Rp/year]; land, which does not
        wear out, at the discount rate.
        """
        life = 1 / self.values["depreciation"]
        return (
            annuity(self.construction["building"], self.rate, life)
            + self.construction["land"] * self.rate
        )

    @cached_property
    def yearly_income(self) -> Any:
        """Rents, contributions of partners, and the yield of sold buildings [Rp/year]."""
        income = self.income
        return income["rent"] + income["contribution"] + income["sale"] * self.rate

    @property
    def net_saving(self) -> Any:
        """The yearly saving after all that comes on top of running the buildings [Rp/year]."""
        once = self.moving_annuity + self.construction_annuity
        return self.saving - once + self.yearly_income

    @cached_property
    def flow(self) -> CashFlow:
        """The money year by year."""
        return cash_flow(
            self.city,
            self.situation,
            self.values,
            self.saving,
            self.once,
            self.construction,
            self.income,
        )

    @cached_property
    def net_present_value(self) -> Any:
        """The flow of ten years and what new buildings are then still worth, at the start [Rp]."""
        at_end = self.discount[..., -1] * self.flow.residual
        return (self.flow.flow * self.discount).sum(axis=-1) + at_end

    @cached_property
    def saving_that_pays(self) -> Any:
        """The settled yearly saving at which the net present value would be zero [Rp/year]."""
        years_of_saving = (self.flow.saving_share * self.discount).sum(axis=-1)
        return self.saving - self.net_present_value / years_of_saving
