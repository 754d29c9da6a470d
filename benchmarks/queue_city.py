"""The invented city of the queue benchmarks: 12 points in 5 buildings, 8 journeys, 250 days.

800 customers and 1,584 visits a day; 74 counters, busy 0.35 to 0.75 of the day on average and up to
1.20 in the second hour; open from 8 to 15 h, and no service begins after closing.
"""

from __future__ import annotations

import numpy as np

from opdanalysis.methods.queue_layout import Layout, dedicated
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_world import Journey, Stop, World

DAYS = 250
OPENS, CLOSES = 480.0, 900.0
HOURLY_WEIGHTS = (0.0,) * 8 + (1.35, 1.6, 1.4, 1.15, 0.7, 0.55, 0.25) + (0.0,) * 9
POINTS = tuple(f"p{number}" for number in range(12))
COUNTERS = (14, 10, 9, 6, 8, 7, 4, 3, 5, 4, 2, 2)
SERVICE_MINUTES = np.array([11, 16, 12, 14, 10, 10, 16, 12, 12, 15, 9, 15.0])
BUILDING = np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 0])
TRAVEL_MINUTES = np.array(
    [
        [2, 12, 18, 25, 30],
        [12, 2, 15, 20, 25],
        [18, 15, 2, 14, 20],
        [25, 20, 14, 2, 12],
        [30, 25, 20, 12, 2.0],
    ]
)
JOURNEYS = {
    (0,): 200,
    (0, 1): 110,
    (2, 0): 90,
    (3, 1, 4): 70,
    (5, 4): 173,
    (6, 2, 3, 7): 37,
    (8, 9): 80,
    (10, 11, 5): 40,
}


def city_world(days: int = DAYS) -> World:
    """Points, journeys and days."""
    journeys = tuple(
        Journey(
            "-".join(POINTS[p] for p in route),
            tuple(Stop(POINTS[p], 0.7, "lognormal") for p in route),
            float(rate),
        )
        for route, rate in JOURNEYS.items()
    )
    return World(POINTS, journeys, days, HOURLY_WEIGHTS, travel_spread=0.2)


def city_layout() -> Layout:
    """Each point with counters of its own."""
    return dedicated(POINTS, COUNTERS, BUILDING, TRAVEL_MINUTES, [OPENS] * 12, [CLOSES] * 12, "cut")


def city_needs(world: World) -> Needs:
    """Mean service time at each stop."""
    return Needs(SERVICE_MINUTES[world.point_of_stop])
