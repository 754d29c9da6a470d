"""What came out: one number per outcome, scenario, plan and draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.outcomes import OUTCOMES, Outcome
from opdanalysis.plans.plan import Plan

RANGE = (0.05, 0.5, 0.95)
"""The probabilities that are reported: a range that holds 90%, and the median."""


@dataclass(frozen=True)
class Result:
    """`numbers` maps an outcome to `(n_scenarios, n_plans, n_draws)`; the first plan is today.

    >>> from opdanalysis import open_study
    >>> result = open_study("contoh", draws=100).result
    >>> result.plan_ids[0], result.outcome("net_cost").unit
    ('today', 'Rp/year')
    >>> bool((result.gain("net_cost", "merge-in-mawar") > 0).all())
    True
    """

    city: City
    plans: tuple[Plan, ...]
    scenarios: tuple[str, ...]
    draws: int
    seed: int
    numbers: Mapping[str, NDArray[np.float64]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))
        for numbers in self.numbers.values():
            numbers.setflags(write=False)

    @property
    def plan_ids(self) -> tuple[str, ...]:
        """The plans in order, today first."""
        return tuple(plan.id for plan in self.plans)

    def outcome(self, id: str) -> Outcome:
        """What an outcome is: unit and direction."""
        return OUTCOMES[_known(id, tuple(self.numbers), "outcome")]

    def level(self, outcome: str, plan: str, scenario: str | None = None) -> NDArray[np.float64]:
        """An outcome of a plan in its unit, `(n_draws,)`; without a scenario in the first."""
        row, column = self._place(plan, scenario)
        return self.numbers[_known(outcome, tuple(self.numbers), "outcome")][row, column]

    def gain(self, outcome: str, plan: str, scenario: str | None = None) -> NDArray[np.float64]:
        """A plan against today in the same draw, `(n_draws,)`; positive is better."""
        change = self.level(outcome, plan, scenario) - self.level(
            outcome, self.plans[0].id, scenario
        )
        return self.outcome(outcome).sign * change + 0.0

    def quantiles(
        self,
        outcomes: Sequence[str] | None = None,
        scenario: str | None = None,
        gains: bool = False,
        probabilities: Sequence[float] = RANGE,
    ) -> pd.DataFrame:
        """One row per scenario, plan and outcome with the chosen quantiles, in the outcome's unit.

        All outcomes and scenarios unless some are named; levels, or gains against today.
        """
        rows = []
        for name in self.scenarios if scenario is None else (scenario,):
            for plan in self.plan_ids[1:] if gains else self.plan_ids:
                for outcome in self.numbers if outcomes is None else outcomes:
                    numbers = (self.gain if gains else self.level)(outcome, plan, name)
                    unit = self.outcome(outcome).unit
                    rows.append((name, plan, outcome, unit, *np.quantile(numbers, probabilities)))
        names = [f"p{round(100 * p):02d}" for p in probabilities]
        return pd.DataFrame(rows, columns=["scenario", "plan", "outcome", "unit", *names])

    def to_frame(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Every number: one row per scenario, plan and draw, one column per outcome."""
        index = pd.MultiIndex.from_product(
            [self.scenarios, self.plan_ids, range(self.draws)], names=["scenario", "plan", "draw"]
        )
        chosen = self.numbers if outcomes is None else outcomes
        known = {id: self.numbers[_known(id, tuple(self.numbers), "outcome")] for id in chosen}
        return pd.DataFrame({id: numbers.ravel() for id, numbers in known.items()}, index=index)

    def _place(self, plan: str, scenario: str | None) -> tuple[int, int]:
        _known(plan, self.plan_ids, "plan")
        if scenario is None:
            return 0, self.plan_ids.index(plan)
        _known(scenario, self.scenarios, "scenario")
        return self.scenarios.index(scenario), self.plan_ids.index(plan)

    def _repr_html_(self) -> str:
        shown = self.quantiles(
            ["operating_cost", "contacts_one_roof"], self.scenarios[0], gains=True
        )
        return (
            f"<p>{len(self.plans)} plans, {len(self.scenarios)} scenarios, {self.draws:,} draws, "
            f"seed {self.seed}. Gains against today:</p>"
            + shown.to_html(index=False, float_format="{:,.4g}".format)
        )


def _known(id: str, allowed: tuple[str, ...], word: str) -> str:
    if id not in allowed:
        raise UsageError(f"{word} '{id}' is not in the result. {did_you_mean(id, allowed)}")
    return id
