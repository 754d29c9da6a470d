"""How much of the time between agencies depends on where they sit, and what else shortens it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.coordination import ELSEWHERE, ONE_BUILDING
from opdanalysis.models.desk_hours import LETTERS, POSSIBLE, SURE, mixed, way_times
from opdanalysis.models.desk_legs import WAYS, legs_of, with_nearness
from opdanalysis.parameters.values import Values

OFFICES = {"apart": ELSEWHERE, "together": ONE_BUILDING}
"""The two ends between which a placement can lie."""

POINTS = ["p05", "p50", "p95"]


def handed_on(city: City) -> list[int]:
    """The services that pass from one agency to another, as places in the city's services."""
    return [at for at, service in enumerate(city.services) if service.hand_offs]


def location_shares(city: City, values: Values) -> pd.DataFrame:
    """The part of today's time between agencies that no move can do more than end [1].

    One row per service that is handed on, per letters (paper, electronic, today) and mechanisms:
    `sure` are dispatch and transport, `possible` also questions, files sent back and meetings.
    Columns: service, letters, mechanisms, hours (median today) and p05, p50, p95 of the share.
    """
    legs, found = legs_of(city, city.today), []
    kept = {"none": (), "sure": tuple(SURE), "possible": tuple(POSSIBLE)}

    def of_block(block: Values) -> Any:
        v = block.beside_entities()
        means = {
            (letters, name): way_times(city, legs, block, letters, without)
            for letters, (name, without) in product(LETTERS, kept.items())
        }
        share = v["electronic_letters_share"]
        return np.stack(
            [
                np.stack(
                    [
                        means["paper", name].mean,
                        means["electronic", name].mean,
                        mixed(share, means["electronic", name], means["paper", name]).mean,
                    ]
                )[..., :: len(WAYS)]
                for name in kept
            ]
        )

    hours = _over_blocks(values, of_block, axis=2)
    for at in handed_on(city):
        for row, letters in enumerate((*LETTERS, "today")):
            for which, name in ((1, "sure"), (2, "possible")):
                share = 1 - hours[which, row, :, at] / hours[0, row, :, at]
                median = np.median(hours[0, row, :, at])
                points = np.quantile(share, RANGE)
                found.append((city.services[at].id, letters, name, median, *points))
    return pd.DataFrame(found, columns=["service", "letters", "mechanisms", "hours", *POINTS])


def four_corners(city: City, values: Values) -> pd.DataFrame:
    """The time between agencies with all offices apart or together, letters paper or electronic.

    One row per service that is handed on, letters, offices and authority (own or delegated).
    Columns: service, letters, offices, authority, and p05, p50, p95 of working days [day].
    """
    legs = legs_of(city, city.today)
    corners = {name: with_nearness(city, legs, tier) for name, tier in OFFICES.items()}

    def of_block(block: Values) -> Any:
        day = block.beside_entities()["working_hours_per_day"]
        return np.stack(
            [
                np.stack([way_times(city, moved, block, letters).mean / day for letters in LETTERS])
                for moved in corners.values()
            ]
        )

    days, rows = _over_blocks(values, of_block, axis=2), []
    for at in handed_on(city):
        service = city.services[at]
        delegable = any(step.may_be_delegated for step in service.steps)
        for (o, office), (w, letters) in product(enumerate(corners), enumerate(LETTERS)):
            for way, authority in enumerate(("own", "delegated")[: 1 + delegable]):
                points = np.quantile(days[o, w, :, at * len(WAYS) + way], RANGE)
                rows.append((service.id, letters, office, authority, *points))
    return pd.DataFrame(rows, columns=["service", "letters", "offices", "authority", *POINTS])


def _over_blocks(values: Values, of_block: Callable[[Values], Any], axis: int) -> Any:
    return np.concatenate([of_block(block) for block in values.blocks(BLOCK)], axis=axis)
