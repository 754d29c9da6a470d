"""The uncertain columns of a city as parameters, one number per entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import ndtri

from opdanalysis.city.city import City
from opdanalysis.city.entities import SUPPLY_UNITS, Step
from opdanalysis.city.estimate import Estimate
from opdanalysis.parameters.parameter import VectorParameter
from opdanalysis.reading.schema import TABLES

RADIUS_95 = float(np.sqrt(-2 * np.log(0.05)))
"""Radius that holds 95% of a round normal scatter, in standard deviations (Rayleigh)."""


def city_parameters(city: City) -> tuple[VectorParameter, ...]:
    """One parameter for each uncertain column, and two for the error of the buildings' places."""
    buildings = [building.id for building in city.buildings]
    return (
        _column(
            city,
            "agencies.csv",
            "staff",
            "person",
            [agency.id for agency in city.agencies],
            [agency.staff for agency in city.agencies],
        ),
        *(
            _column(
                city,
                "buildings.csv",
                name,
                unit,
                buildings,
                [getattr(building, name) for building in city.buildings],
            )
            for name, unit in (
                ("floor_area_m2", "m2"),
                ("land_area_m2", "m2"),
                ("guard_posts", "post"),
            )
        ),
        _column(
            city,
            "kecamatan.csv",
            "population",
            "person",
            [kecamatan.id for kecamatan in city.kecamatan],
            [kecamatan.population for kecamatan in city.kecamatan],
        ),
        _column(
            city,
            "kecamatan.csv",
            "land_value_rp_m2",
            "Rp/m2",
            [kecamatan.id for kecamatan in city.kecamatan],
            [kecamatan.land_value_rp_m2 for kecamatan in city.kecamatan],
            parameter="land_value",
        ),
        _column(
            city,
            "services.csv",
            "cases_per_year",
            "case/year",
            [service.id for service in city.services],
            [service.cases_per_year for service in city.services],
        ),
        _column(
            city,
            "ties.csv",
            "contacts_per_year",
            "contact/year",
            [tie.id for tie in city.ties],
            [tie.contacts_per_year for tie in city.ties],
        ),
        *_journey_columns(city),
        *(_supplies(city, item, unit) for item, unit in SUPPLY_UNITS.items()),
        _position_error(city, "east"),
        _position_error(city, "north"),
    )


def _journey_columns(city: City) -> tuple[VectorParameter, ...]:
    """The people of each journey, and of the steps only those whose cell is filled.

    The cases of a journey are `journey_cases`, since `cases_per_year` are those of a service.
    """
    return (
        _column(
            city,
            "journeys.csv",
            "cases_per_year",
            "case/year",
            [journey.id for journey in city.journeys],
            [journey.cases_per_year for journey in city.journeys],
            parameter="journey_cases",
        ),
        _step_column(city, "counter_minutes", "minute/case", city.counter_steps),
        _step_column(city, "touch_hours", "hour/case", city.desk_steps),
        _step_column(city, "share_at_group", "1", city.group_steps, "logit"),
    )


def _step_column(
    city: City,
    name: str,
    unit: str,
    steps: Sequence[Step],
    shape: Literal["lognormal", "logit"] = "lognormal",
) -> VectorParameter:
    estimates = [getattr(step, name) for step in steps]
    return _column(
        city, "steps.csv", name, unit, [step.id for step in steps], estimates, shape=shape
    )


def _column(
    city: City,
    file: str,
    name: str,
    unit: str,
    entities: Sequence[str],
    estimates: Sequence[Estimate],
    parameter: str | None = None,
    shape: Literal["lognormal", "logit"] = "lognormal",
) -> VectorParameter:
    return VectorParameter(
        name=parameter or name,
        description=TABLES[file].uncertain[name],
        unit=unit,
        entities=tuple(entities),
        values=np.array([estimate.value for estimate in estimates], dtype=float),
        lows=np.array([estimate.low for estimate in estimates], dtype=float),
        highs=np.array([estimate.high for estimate in estimates], dtype=float),
        evidence=tuple(estimate.evidence for estimate in estimates),
        sources=tuple(estimate.sources for estimate in estimates),
        as_of=city.as_of,
        topic=file.removesuffix(".csv"),
        shape=shape,
    )


def _supplies(city: City, item: str, unit: str) -> VectorParameter:
    """What the buildings of which it is known have of an item, such as `supply_toilets`."""
    known = [supply for supply in city.supplies if supply.item == item]
    return VectorParameter(
        name=f"supply_{item}",
        description=TABLES["supplies.csv"].uncertain["amount"],
        unit=unit,
        entities=tuple(supply.building for supply in known),
        values=np.array([supply.amount.value for supply in known], dtype=float),
        lows=np.array([supply.amount.low for supply in known], dtype=float),
        highs=np.array([supply.amount.high for supply in known], dtype=float),
        evidence=tuple(supply.amount.evidence for supply in known),
        sources=tuple(supply.amount.sources for supply in known),
        as_of=city.as_of,
        topic="supplies",
    )


def _position_error(city: City, direction: str) -> VectorParameter:
    """How far a building may lie from its point, normal in each direction [m]."""
    radius = np.array([building.position.error_m for building in city.buildings])
    reach = radius / RADIUS_95 * float(ndtri(0.95))
    return VectorParameter(
        name=f"position_error_{direction}",
        description=f"Distance of a building to the {direction} of its point",
        unit="m",
        entities=tuple(building.id for building in city.buildings),
        values=np.zeros(len(radius)),
        lows=-reach,
        highs=reach,
        evidence=tuple(
            "judgement" if any("judgement" in key for key in building.sources) else "derived"
            for building in city.buildings
        ),
        sources=tuple(building.sources for building in city.buildings),
        as_of=city.as_of,
        topic="places",
        shape="normal",
        common_error=False,
    )
