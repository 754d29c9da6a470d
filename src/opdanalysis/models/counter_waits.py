"""How long citizens wait at counters under a placement.

Today's load and the use of counters give their number, which stays with their agency wherever it
moves. The wait is read off simulated days (`city.counter_wait`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.models.counter_lines import Lines, counter_lines, counters_of
from opdanalysis.parameters.values import Values

LOAD_NUMBERS = frozenset(
    {
        "cases_per_year",
        "counter_minutes",
        "share_at_group",
        "population",
        "working_days",
        "opening_minutes",
        "counter_use_today",
        "mobile_service_share",
        "morning_peak",
    }
)
"""The numbers that waits at separate counters are made of."""

POOLED_NUMBERS = LOAD_NUMBERS | {"pooled_slow_down"}

SERVICE_CV = 0.7
"""Spread of service times in the simulated days."""


@dataclass(frozen=True, eq=False)
class Load:
    """What comes to each owner of counters in a year, `(..., n_owners)`: minutes and visits."""

    minutes: Any
    visits: Any


@dataclass(frozen=True, eq=False)
class Line:
    """The lines of a placement: counters, their use [1], minutes of a visit; `(..., n_lines)`."""

    counters: Any
    use: Any
    minutes: Any


def waiting(
    city: City, placement: Placement, values: Values, values_today: Values
) -> tuple[Any, Any]:
    """Mean wait [minute] at each agency's counters and at the units of each group.

    `(..., n_heads)` and `(..., n_groups)`, in the order of `counters_of`. Part of the counters of a
    building are pooled where the lever says so.
    """
    lines = counter_lines(city, placement)
    found = values.once(
        ("waits", lines), lambda: _waits(city, lines, values, values_today), LOAD_NUMBERS
    )
    pooled = values.beside_entities()["pooled_counters"]
    if lines.halls and np.any(pooled):
        together = values.once(
            ("pooled waits", lines),
            lambda: _pooled_waits(city, lines, values, values_today),
            POOLED_NUMBERS,
        )
        found = found + pooled * (together - found)
    return by_owner(city, lines, found, values)


def waiting_in_transition(
    city: City, placement: Placement, values: Values, values_today: Values
) -> tuple[Any, Any]:
    """The same while movers settle in and are slower, at separate counters."""
    lines = counter_lines(city, placement)
    found = values.once(
        ("waits", lines), lambda: _waits(city, lines, values, values_today), LOAD_NUMBERS
    )
    if not lines.moved.any():
        return by_owner(city, lines, found, values)
    state = lines_of(city, lines, values, values_today)
    slower = 1 / (1 - values.beside_entities()["dip_share"])
    moved = np.flatnonzero(lines.moved)
    found = np.array(found)
    found[..., moved] = _read_off(
        city,
        Line(
            state.counters[..., moved],
            state.use[..., moved] * slower,
            state.minutes[..., moved] * slower,
        ),
        values,
    )
    return by_owner(city, lines, found, values)


def by_owner(city: City, lines: Lines, per_line: Any, values: Values) -> tuple[Any, Any]:
    """A number per line as a number per agency with counters, and as the mean of each group.

    In a group each resident counts at the own unit.
    """
    counters = counters_of(city)
    owners = per_line[..., lines.of_owner]
    heads, units = owners[..., : counters.n_heads], owners[..., counters.n_heads :]
    people = values["population"] @ lines.residents
    belongs = np.eye(len(counters.groups))[counters.group_of_unit].reshape(
        units.shape[-1], len(counters.groups)
    )
    return heads, (units * people) @ belongs / (people @ belongs)


def lines_of(city: City, lines: Lines, values: Values, values_today: Values) -> Line:
    """The state of every line in a mean day."""
    return values.once(
        ("lines", lines), lambda: _lines_of(city, lines, values, values_today), LOAD_NUMBERS
    )


def _lines_of(city: City, lines: Lines, values: Values, values_today: Values) -> Line:
    v = values.beside_entities()
    load, joined = load_of(city, lines, values), lines.starts
    minutes, visits = load.minutes @ joined, load.visits @ joined
    counters = counters_today(city, values_today) @ joined
    open_minutes = v["working_days"] * v["opening_minutes"]
    return Line(counters, minutes / (open_minutes * counters), minutes / visits)


def load_of(city: City, lines: Lines, values: Values) -> Load:
    """What comes to each owner of counters in a year."""
    v, counters = values.beside_entities(), counters_of(city)
    visits = v["cases_per_year"][..., counters.services]
    shares = np.zeros_like(visits)
    shared = np.flatnonzero(counters.share_column >= 0)
    shares[..., shared] = values["share_at_group"][..., counters.share_column[shared]]
    people = values["population"] @ lines.residents
    parts = people / values["population"].sum(axis=-1)[..., None]

    def per_owner(each: Any) -> Any:
        at_units = ((each * shares) @ counters.of_group)[..., counters.group_of_unit] * parts
        everyone = np.concatenate([(each * (1 - shares)) @ counters.of_agency, at_units], axis=-1)
        return everyone * (1 - counters.registry * v["mobile_service_share"])

    return Load(per_owner(visits * values["counter_minutes"]), per_owner(visits))


def counters_today(city: City, values_today: Values) -> Any:
    """Counters of each owner [1]: as many as today's load needs at today's use of them.

    Of an agency that owns counters twice they stand with the first owner.
    """
    return values_today.once(
        ("counters today", city), lambda: _counters_today(city, values_today), LOAD_NUMBERS
    )


def _counters_today(city: City, values: Values) -> Any:
    v, counters = values.beside_entities(), counters_of(city)
    load = load_of(city, counter_lines(city, city.today), values).minutes
    of_agency = load @ np.eye(len(counters.firsts))[counters.agency_of]
    needed = of_agency / (v["working_days"] * v["opening_minutes"] * v["counter_use_today"])
    found = np.zeros_like(load)
    found[..., counters.firsts] = np.maximum(np.ceil(needed), 1.0)
    return found


def _waits(city: City, lines: Lines, values: Values, values_today: Values) -> Any:
    return _read_off(city, lines_of(city, lines, values, values_today), values)


def _read_off(city: City, line: Line, values: Values) -> Any:
    """Mean wait in each line [minute]."""
    v = values.beside_entities()
    services = v["opening_minutes"] / line.minutes
    found = city.counter_wait.wait(line.counters, line.use, services, v["morning_peak"])
    return found * line.minutes


def hall_visits(city: City, placement: Placement, values: Values, values_today: Values) -> Any:
    """Visits to each building with several lines [1/day], in the order of `Lines.halls`."""
    lines = counter_lines(city, placement)
    visits = _visits_per_day(lines_of(city, lines, values, values_today), values)
    return np.stack([visits[..., hall].sum(axis=-1) for hall in lines.halls], axis=-1)


def _visits_per_day(line: Line, values: Values) -> Any:
    opening = values.beside_entities()["opening_minutes"]
    return line.counters * line.use * opening / line.minutes


def hall_stays(
    city: City, placement: Placement, values: Values, values_today: Values
) -> tuple[Any, Any]:
    """Mean stay in each building with several lines [minute], separate and pooled.

    `(..., n_halls)` each, wait and service together, in the order of `Lines.halls`.
    """
    lines = counter_lines(city, placement)
    state = lines_of(city, lines, values, values_today)
    visits = _visits_per_day(state, values)
    slower = 1 + values.beside_entities()["pooled_slow_down"]
    separate = _waits(city, lines, values, values_today) + state.minutes
    pooled = _pooled_waits(city, lines, values, values_today) + state.minutes * slower

    def mean(stay: Any) -> Any:
        halls = [
            np.vecdot(visits[..., hall], stay[..., hall]) / visits[..., hall].sum(axis=-1)
            for hall in lines.halls
        ]
        return np.stack(halls, axis=-1)

    return mean(separate), mean(pooled)


def _pooled_waits(city: City, lines: Lines, values: Values, values_today: Values) -> Any:
    """The wait in each line if all counters of its building served one line [minute].

    Clerks who do everything are slower, and a mix of short and long visits makes everybody wait
    longer: by (1 + CV^2) of the mix over that of one kind of visit (Pollaczek, Khinchine).
    """
    v = values.beside_entities()
    state = lines_of(city, lines, values, values_today)
    waits = np.array(_waits(city, lines, values, values_today))
    slower = 1 + v["pooled_slow_down"]
    for hall in lines.halls:
        counters, minutes = state.counters[..., hall], state.minutes[..., hall]
        work = counters * state.use[..., hall]
        visits = work / minutes
        total = visits.sum(axis=-1, keepdims=True)
        mean = work.sum(axis=-1, keepdims=True) / total
        square = (visits * minutes**2).sum(axis=-1, keepdims=True) / total
        all_counters = counters.sum(axis=-1, keepdims=True)
        use = work.sum(axis=-1, keepdims=True) / all_counters * slower
        waits[..., hall] = _read_off(city, Line(all_counters, use, mean * slower), values) * (
            square / mean**2
        )
    return waits
