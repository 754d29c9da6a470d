"""The invented city as a search sees it, and every plan of it, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from opdanalysis.parameters.values import Values
from opdanalysis.reading.everything import Known
from opdanalysis.search.objective import Objective, objective
from opdanalysis.search.rooms import rooms
from opdanalysis.search.rules import Rules, usual_rules

DRAWS = 20


@dataclass(frozen=True, eq=False, repr=False)
class Sought:
    """A city, what its plans cost, and what they may not do."""

    known: Known
    values: Values
    objective: Objective
    rules: Rules

    def every_plan(self, rules: Rules, max_moves: int | None) -> NDArray[np.intp]:
        """All placements that keep the rules and have room, as rows of building numbers."""
        city, room = self.objective.city, self.objective.rooms
        home = city.places(city.today)
        choices = [np.flatnonzero(row) for row in rules.allowed(city)]
        plans = np.array(list(product(*choices)))
        good = np.ones(len(plans), dtype=bool)
        if max_moves is not None:
            good &= (plans != home).sum(axis=1) <= max_moves
        for one, other in rules.pairs(city):
            good &= plans[:, one] != plans[:, other]
        for site in range(len(city.buildings)):
            load = (plans == site) @ room.demand
            good &= (load <= room.capacity[site] + 1e-9).all(axis=1)
        return plans[good]

    def least(self, rules: Rules, max_moves: int | None, objective: Objective) -> float:
        """What the best of all plans costs [Rp/year]."""
        plans = self.every_plan(rules, max_moves)
        return min(objective.sum_of(objective.parts_at(plan)) for plan in plans)


@pytest.fixture(scope="session")
def tight(contoh: Known) -> Sought:
    """The invented city as it is; today fills its buildings."""
    values, central = contoh.book.sample(DRAWS, 1), contoh.book.central()
    made = objective(contoh.city, values, rooms(contoh.city, central, parking=True))
    return Sought(contoh, values, made, usual_rules(contoh.city))


@pytest.fixture(scope="session")
def roomy(tight: Sought) -> Sought:
    """The same with three times the room, so that many plans are possible."""
    room = replace(tight.objective.rooms, capacity=3 * tight.objective.rooms.capacity)
    return replace(tight, objective=replace(tight.objective, rooms=room))
