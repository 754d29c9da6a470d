"""Simulated waiting: customers, a layout and needs in; who was served when out."""

from __future__ import annotations

import numpy as np

from opdanalysis.methods.queue_customers import Customers
from opdanalysis.methods.queue_events import Kernel, Times, VisitArrays, run_events
from opdanalysis.methods.queue_halls import Halls, halls_of
from opdanalysis.methods.queue_layout import Layout
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_result import Simulation
from opdanalysis.methods.queue_visits import NOTHING, Visits, given_visits, visits_of


def simulate(
    customers: Customers, layout: Layout, needs: Needs, kernel: Kernel = "auto"
) -> Simulation:
    """What happens to these customers under this layout.

    The customers are drawn once (`draw_customers`) and serve every layout and all needs, each of
    which may change from call to call. The event loop runs compiled where numba is installed and
    gives the same bits without.
    """
    visits = visits_of(customers, layout, needs)
    return _simulated(visits, layout, customers.world.days, kernel)


def simulate_trace(
    layout: Layout,
    days: int,
    entry: np.ndarray,
    first: np.ndarray,
    point: np.ndarray,
    service: np.ndarray,
    travel: np.ndarray,
    patience: np.ndarray | None = None,
    kernel: Kernel = "auto",
) -> Simulation:
    """What happens to given customers, for instance those of another programme's trace.

    Parameters
    ----------
    entry
        `(n,)` minute at which the customer comes to the first point.
    first
        `(n + 1,)` where the customer's visits begin in the arrays per visit.
    point, service, travel, patience
        `(n_visits,)` number of the point; service time at normal pace, way from the visit before
        and patience [min].
    """
    visits = given_visits(layout, entry, first, point, service, travel, patience)
    return _simulated(visits, layout, days, kernel)


def _simulated(visits: Visits, layout: Layout, days: int, kernel: Kernel) -> Simulation:
    impatient = len(visits.patience) > 0
    halls = halls_of(layout, days, impatient)
    plain = halls.arrays.plain_crew >= 0
    n_visits = len(visits.service)
    begins, ends = visits.first[:-1], visits.first[1:]

    comes = ~np.isnan(visits.entry) & (begins < ends)
    entry, first_visit = visits.entry[comes], begins[comes]
    if (entry[1:] < entry[:-1]).any():
        order = np.argsort(entry, kind="stable")
        entry, first_visit = entry[order], first_visit[order]

    gap = np.empty(n_visits)
    gap[:-1] = visits.travel[1:]
    gap[ends[begins < ends] - 1] = -1.0
    never = np.full(n_visits, np.nan)
    joined = never.copy()
    joined[begins[comes]] = visits.entry[comes]
    times = run_events(
        VisitArrays(
            entry=np.append(entry, np.inf),
            entry_visit=first_visit,
            queue=visits.queue,
            service=visits.service if (halls.pace == 1).all() else _paced(visits, halls),
            gap=gap,
            back=visits.back.copy(),
            inside=(visits.inside if layout.closing == "everyone" else NOTHING).astype(np.int8),
            patience=visits.patience,
        ),
        halls.arrays,
        Times(
            joined=joined,
            locked=NOTHING if layout.closing == "cut" else never.copy(),
            start=never.copy(),
            end=never,
            crew=NOTHING.astype(np.int64) if plain.all() else np.full(n_visits, -1),
            behind=NOTHING.astype(np.int64) if plain.all() else np.full(n_visits, -1),
            deadline=np.full(n_visits, np.inf) if impatient else NOTHING,
        ),
        kernel,
    )
    return Simulation(visits, layout, days, halls, times)


def _paced(visits: Visits, halls: Halls) -> np.ndarray:
    return visits.service * halls.pace[visits.queue]
