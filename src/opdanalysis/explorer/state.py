"""What a reader has chosen, and what follows from it, quickly enough to be seen at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.situation import Situation
from opdanalysis.experiment.run import check_plans, keep_memory
from opdanalysis.explorer.assumptions import Assumption, assumptions_that_matter, held_at
from opdanalysis.explorer.own_plan import OwnPlan
from opdanalysis.outcomes import OUTCOMES, outcomes
from opdanalysis.parameters.book import SHARED_ERROR, ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import TODAY, Plan

SHOWN = (
    "net_cost",
    "contacts_one_roof",
    "citizen_hours",
    "elapsed_days",
    "overfull_staff",
    "stalls_short",
)
"""The outcomes on the page: cost, coordination, service time twice, fit and parking."""

EACH = 2
"""Assumptions that are offered for each outcome, as long as there is room."""

MOST = 8
"""Assumptions that are offered in all."""

KEPT = 6
"""Sets of assumptions whose draws are kept, the latest used."""

Floats = NDArray[np.float64]
Gains = Mapping[str, Floats]


@dataclass(frozen=True)
class Chosen:
    """All that the reader can choose: an own plan, a scenario, and beliefs held at a value."""

    own: OwnPlan
    scenario: str
    held: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "held", MappingProxyType(dict(self.held)))

    def holding(self, name: str, value: float | None) -> Chosen:
        """The same with a belief held at a value, or with its whole range again (None)."""
        others = {key: number for key, number in self.held.items() if key != name}
        return replace(self, held=others if value is None else {**others, name: value})

    @property
    def world(self) -> tuple[Any, ...]:
        """What the draws depend on."""
        return (self.scenario, *sorted(self.held.items()))


class Explorer:
    """Answers for a city: the gain of any plan in the same draws, under any assumptions.

    What does not depend on the plan is computed once for each set of assumptions, so that a move
    costs one plan in `draws` draws. `scenarios` maps a scenario to the beliefs that it replaces;
    the first is the one to begin with.
    """

    def __init__(
        self,
        city: City,
        plans: Sequence[Plan],
        book: ParameterBook,
        scenarios: Mapping[str, Mapping[str, Parameter]],
        draws: int,
        seed: int,
    ) -> None:
        self.city, self.book, self.draws, self.seed = city, book, draws, seed
        self.plans = (TODAY, *(plan for plan in plans if plan.id != TODAY.id))
        check_plans(self.plans, city, book)
        self._scenarios = dict(scenarios)
        self._base = book.sample(draws, seed)
        self._worlds: OrderedDict[tuple[Any, ...], _World] = OrderedDict()
        keep_memory()

    def start(self, plan: Plan = TODAY) -> Chosen:
        """What is chosen before the reader has chosen anything else than a plan."""
        return Chosen(OwnPlan(plan), next(iter(self._scenarios)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios by id, the first being the one to begin with."""
        return tuple(self._scenarios)

    def assumptions(self, plan: Plan) -> list[Assumption]:
        """The beliefs that the gains of a plan follow most closely."""
        start = self.start()
        beliefs = self._scenarios[start.scenario]
        book = self.book.with_beliefs(beliefs, f"scenario '{start.scenario}'")
        gains = self._world(start).gains(plan)
        return assumptions_that_matter(book, self._values(start), gains, EACH, MOST)

    def gains(self, chosen: Chosen) -> Gains:
        """The gain of the reader's own plan by outcome, `(n_draws,)`; positive is better."""
        return self._world(chosen).gains(chosen.own.plan(self.city))

    def today(self, chosen: Chosen) -> Gains:
        """Today's levels by outcome, `(n_draws,)`, in their units."""
        return self._world(chosen).today

    def gains_of_all(self, chosen: Chosen) -> dict[str, Gains]:
        """The gains of every plan of the city but today, by id, under the same assumptions."""
        world = self._world(chosen)
        return {plan.id: world.gains(plan) for plan in self.plans[1:]}

    def _world(self, chosen: Chosen) -> _World:
        key = chosen.world
        if key not in self._worlds:
            self._worlds[key] = _World(self.city, self._values(chosen))
            if len(self._worlds) > KEPT:
                self._worlds.popitem(last=False)
        self._worlds.move_to_end(key)
        return self._worlds[key]

    def _values(self, chosen: Chosen) -> Values:
        """The draws under the scenario, with what is held."""
        beliefs, values = self._scenarios[chosen.scenario], self._base
        if beliefs:
            book = self.book.with_beliefs(beliefs, f"scenario '{chosen.scenario}'")
            other = book.sample(self.draws, self.seed)
            same = SHARED_ERROR not in beliefs
            values = values.with_numbers({n: other[n] for n in beliefs}) if same else other
        held = {n: held_at(self.book, n, at, values) for n, at in chosen.held.items()}
        # One window over all draws, so that nothing is kept with the draws that others share.
        return values.with_numbers(held).block(slice(None))


class _World:
    """One set of draws: today in it, and the gains of plans, each computed once."""

    def __init__(self, city: City, values: Values) -> None:
        self._city, self._values = city, values
        self._known: dict[Any, Gains] = {}
        self.today = self._levels(TODAY.situation(city), {})

    def gains(self, plan: Plan) -> Gains:
        """The gain of a plan by outcome."""
        situation = plan.situation(self._city)
        parts = (situation.fates, situation.moves_after, plan.levers)
        key = (situation.placement, *(tuple(sorted(part.items())) for part in parts))
        if key not in self._known:
            levels = self._levels(situation, plan.levers)
            self._known[key] = {
                id: OUTCOMES[id].sign * (levels[id] - self.today[id]) + 0.0 for id in SHOWN
            }
        return self._known[key]

    def _levels(self, situation: Situation, levers: Mapping[str, float]) -> dict[str, Floats]:
        chosen = self._values.with_numbers(levers)
        found = outcomes(self._city, situation, chosen, self._values)
        every = self._values.draws or 1
        return {id: np.broadcast_to(found[id], (every,)) for id in SHOWN}
