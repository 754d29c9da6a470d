"""Both cities with all that pictures and tables are made of, in a few draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib
import pandas as pd
import pytest

from opdanalysis.city.city import City
from opdanalysis.experiment.building_costs import building_costs
from opdanalysis.experiment.fit import Fit, building_work_by_agency, fit
from opdanalysis.experiment.ranking import measure_first
from opdanalysis.experiment.result import Result
from opdanalysis.experiment.run import run_experiment
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.plan import TODAY, Plan
from opdanalysis.reading.everything import Known
from opdanalysis.reading.parameters import Scenario
from opdanalysis.reading.sources import Source

matplotlib.use("Agg")


@dataclass(frozen=True)
class World:
    """A city, its result, and the frames that figures take."""

    city: City
    book: ParameterBook
    plans: dict[str, Plan]
    scenarios: list[Scenario]
    sources: dict[str, Source]
    result: Result
    buildings: pd.DataFrame
    ranking: pd.DataFrame
    fit: Fit
    work: pd.DataFrame

    @property
    def moving(self) -> list[Plan]:
        """The plans that move somebody."""
        return [plan for plan in self.plans.values() if plan.clusters]

    @property
    def mover(self) -> Plan:
        """The plan that moves most agencies."""
        today = self.city.today
        return max(self.result.plans, key=lambda plan: len(today.movers(plan.place(self.city))))


def _world(known: Known, draws: int) -> World:
    beliefs = {id: scenario.beliefs for id, scenario in known.scenarios.items()}
    plans = list(known.plans.values())
    result = run_experiment(known.city, plans, known.book, beliefs, draws, 1)
    values = known.book.sample(draws, 1)
    moving = next(plan for plan in plans if plan.clusters)
    return World(
        city=known.city,
        book=known.book,
        plans=known.plans,
        scenarios=list(known.scenarios.values()),
        sources=known.sources,
        result=result,
        buildings=building_costs(known.city, values),
        ranking=measure_first(known.book, values, result.gain("operating_cost", moving.id)),
        fit=fit(known.city, plans, values),
        work=building_work_by_agency(known.city, [TODAY, moving], values),
    )


@pytest.fixture(scope="session")
def invented(contoh: Known) -> World:
    """The invented city in 200 draws."""
    return _world(contoh, 200)


@pytest.fixture(scope="session")
def real(palembang: Known) -> World:
    """Palembang in 40 draws."""
    return _world(palembang, 40)


@pytest.fixture(params=["invented", "real"])
def world(request: pytest.FixtureRequest) -> World:
    """Each of the two."""
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def no_figure_stays_open() -> Iterator[None]:
    """Close every figure after each test."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
