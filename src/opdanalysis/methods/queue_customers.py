"""Who comes, when and with what: one replication's customers, drawn before any plan is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opdanalysis.methods.queue_streams import (
    Sampler,
    exponential,
    minutes_of_day,
    service_draw,
    stream,
    uniform,
)
from opdanalysis.methods.queue_world import MINUTES_PER_DAY, World


@dataclass(frozen=True, eq=False)
class Customers:
    """Customers in the order in which they set out, and the numbers that each one carries.

    Every customer has a number of each kind for each stop of the journey, used or not, so that
    under another plan everyone carries the same ones. A kind that no plan asks for is never drawn.

    Attributes
    ----------
    entry
        `(n,)` minute at which the customer sets out to the first stop.
    journey
        `(n,)` number of the journey.
    first
        `(n + 1,)` where the customer's stops begin in the arrays per stop.
    stop
        `(n_stops_in_all,)` number of the stop in the world.
    service
        `(n_stops_in_all,)` service time over its mean [1].
    travel
        `(n_stops_in_all,)` travel time to the stop over its mean [1].
    """

    world: World
    seed: int
    replication: int
    entry: np.ndarray
    journey: np.ndarray
    first: np.ndarray
    stop: np.ndarray
    places: tuple[np.ndarray, ...]

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.entry)

    @cached_property
    def service(self) -> np.ndarray:
        """Service time over its mean [1], per stop."""
        return self._per_stop("service", *self._service_draws)

    @cached_property
    def travel(self) -> np.ndarray:
        """Travel time to the stop over its mean [1], per stop."""
        spread = self.world.travel_spread
        return self._per_stop(
            "travel",
            lambda rng, n: rng.uniform(1 - spread, 1 + spread, n) if spread else np.ones(n),
        )

    @cached_property
    def demand(self) -> np.ndarray:
        """`(n,)` from 0 to 1: a customer comes when this is below the share of demand."""
        return self._per_customer("demand", uniform)

    @cached_property
    def need(self) -> np.ndarray:
        """Per stop, from 0 to 1: the stop is needed when this is below the share that need it."""
        return self._per_stop("need", uniform)

    @cached_property
    def papers(self) -> np.ndarray:
        """Per stop, from 0 to 1: low numbers are sent back for missing papers, once or more."""
        return self._per_stop("papers", uniform)

    @cached_property
    def patience(self) -> np.ndarray:
        """Per stop, patience over its mean [1], exponential."""
        return self._per_stop("patience", exponential)

    @cached_property
    def booking(self) -> np.ndarray:
        """`(n, 3)` from 0 to 1: whether booked, whether absent, how punctual."""
        return np.column_stack(
            [self._per_customer(what, uniform) for what in ("booked", "absent", "punctual")]
        )

    @cached_property
    def later_services(self) -> list[np.ndarray]:
        """Service time over its mean [1] at the second, third, ... attempt, per stop each."""
        return [
            self._per_stop(f"service, attempt {attempt}", *self._service_draws)
            for attempt in range(2, self.world.tries_at_most + 1)
        ]

    @cached_property
    def later_minutes(self) -> list[np.ndarray]:
        """Minute of the day of the second, third, ... attempt, per stop each."""
        draw = minutes_of_day(self.world.hourly_weights)
        return [
            self._per_stop(f"minute, attempt {attempt}", draw)
            for attempt in range(2, self.world.tries_at_most + 1)
        ]

    @property
    def _service_draws(self) -> list[Sampler]:
        return [service_draw(s.shape, s.cv) for j in self.world.journeys for s in j.stops]

    def _per_customer(self, purpose: str, draw: Sampler) -> np.ndarray:
        out = np.empty(self.n)
        for journey, places in zip(self.world.journeys, self.places, strict=True):
            rng = stream(self.seed, self.replication, journey.name, purpose)
            out[places] = draw(rng, len(places))
        return out

    def _per_stop(self, purpose: str, *draws: Sampler) -> np.ndarray:
        """Numbers per stop by one draw for all stops, or one for each stop of the world."""
        out = np.empty(len(self.stop))
        number = 0
        for journey, places in zip(self.world.journeys, self.places, strict=True):
            begin = self.first[places]
            for place in range(len(journey.stops)):
                draw = draws[number] if len(draws) > 1 else draws[0]
                name = f"{purpose}, stop {place}"
                rng = stream(self.seed, self.replication, journey.name, name)
                out[begin + place] = draw(rng, len(places))
                number += 1
        return out


def draw_customers(world: World, seed: int, replication: int = 0) -> Customers:
    """The customers of one replication; they depend on the world, the seed and its number alone."""
    minutes = minutes_of_day(world.hourly_weights)
    entries = []
    for journey in world.journeys:
        counts = stream(seed, replication, journey.name, "customers").poisson(
            journey.customers_per_day, world.days
        )
        day = np.repeat(np.arange(world.days) * MINUTES_PER_DAY, counts)
        entries.append(day + minutes(stream(seed, replication, journey.name, "entry"), len(day)))
    entry = np.concatenate(entries)
    order = np.argsort(entry, kind="stable")
    place = np.empty(len(entry), dtype=np.intp)
    place[order] = np.arange(len(entry))
    ends = np.cumsum([len(e) for e in entries])
    journey = np.repeat(np.arange(len(entries)), [len(e) for e in entries])[order]
    length = np.diff(world.first_stop)[journey]
    first = np.concatenate([[0], np.cumsum(length)])
    stop = np.arange(first[-1]) + np.repeat(world.first_stop[journey] - first[:-1], length)
    return Customers(
        world,
        seed,
        replication,
        entry[order],
        journey,
        first,
        stop,
        tuple(np.split(place, ends[:-1])),
    )
