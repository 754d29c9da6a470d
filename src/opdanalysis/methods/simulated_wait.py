"""The mean wait at a counter over a day with a morning peak, by simulation.

Waits and days are told in services: a wait of 2 is as long as two services. So one number stands
for every counter that has as many clerks, as busy and with as many services in its day.
"""

from __future__ import annotations

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_layout import dedicated
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_simulation import simulate
from opdanalysis.methods.queue_world import HOURS_PER_DAY, Journey, Stop, World

OPENS = 8
"""Hour at which the doors open; it only names the hours."""

FULL_PEAK = (1.35, 1.6, 1.4, 1.15, 0.7, 0.55, 0.25)
"""Arrivals in each hour of the day over their mean [1], with the full morning peak."""

DAY_MINUTES = 60.0 * len(FULL_PEAK)

MOST_PEAK = 1.2
"""Beyond it fewer than none would arrive in the last hour."""


def hourly_weights(peak: float) -> np.ndarray:
    """Arrivals in each hour of the day over their mean [1]: 0 is an even day, 1 the full peak."""
    if not 0 <= peak <= MOST_PEAK:
        raise UsageError(f"peak is {peak:g}; expected 0 to {MOST_PEAK:g}")
    return 1 + peak * (np.array(FULL_PEAK) - 1)


def simulated_wait(
    counters: int,
    utilisation: float,
    services_per_day: float,
    peak: float,
    service_cv: float,
    customers: int,
    seed: int,
) -> tuple[float, float]:
    """Mean wait of a day's arrivals and its standard error, in services.

    Arrivals follow a Poisson process over the day and `peak`; service times are lognormal. The day
    starts empty, and all who have come are served after closing.

    Parameters
    ----------
    utilisation
        Work that arrives in a day over what the counters can do in it [1]; it may be above 1.
    services_per_day
        Services that one counter can give between opening and closing, one after the other.
    customers
        About how many to simulate.
    """
    per_day = counters * utilisation * services_per_day
    days = max(int(np.ceil(customers / per_day)), 2)
    hours = np.zeros(HOURS_PER_DAY)
    hours[OPENS : OPENS + len(FULL_PEAK)] = hourly_weights(peak)
    stop = Stop("counter", service_cv, "lognormal")
    world = World(("counter",), (Journey("all", (stop,), per_day),), days, tuple(hours), 0.0)
    opens = 60.0 * OPENS
    layout = dedicated(
        ("counter",), [counters], [0], np.zeros((1, 1)), [opens], [opens + DAY_MINUTES], "everyone"
    )
    service = DAY_MINUTES / services_per_day
    found = simulate(draw_customers(world, seed), layout, Needs([service]))
    day = (found.arrival // (24 * 60.0)).astype(np.intp)
    total = np.bincount(day, found.waiting, days) / service
    count = np.bincount(day, minlength=days)
    mean = total.sum() / count.sum()
    error = np.sqrt(np.var(total - mean * count, ddof=1) / days) / count.mean()
    return float(mean), float(error)
