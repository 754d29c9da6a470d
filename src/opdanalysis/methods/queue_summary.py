"""What a simulation means per point, crew, journey and customer, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.methods.queue_result import ENDINGS, SERVED, STILL_TO_COME, Simulation
from opdanalysis.methods.queue_visits import COMES
from opdanalysis.methods.queue_world import HOURS_PER_DAY, MINUTES_PER_DAY


def by_point(simulation: Simulation) -> pd.DataFrame:
    """One row per point.

    Columns: visits; served; left (gave up); cut (neither served nor left on the day they came,
    because it was closed or closed before their turn); waiting_minutes, the mean, and waiting_p90
    of those served or left [min]; service_minutes, the mean of those served [min]; utilisation of
    the counters in the point's hall [1].
    """
    visits, points = simulation.visits, simulation.layout.points
    known = ~np.isnan(simulation.waiting)
    served = ~np.isnan(simulation.end)

    def count(which: np.ndarray) -> np.ndarray:
        return np.bincount(visits.point[which], minlength=len(points))

    def mean(numbers: np.ndarray, which: np.ndarray) -> np.ndarray:
        total = np.bincount(visits.point[which], numbers[which], len(points))
        return _ratio(total, count(which))

    table = pd.DataFrame(index=pd.Index(points, name="point"))
    table["visits"] = count(~np.isnan(simulation.arrival))
    table["served"] = count(served)
    table["left"] = count(~np.isnan(simulation.left))
    table["cut"] = count(simulation.returns > 0) + count(_sent_home_for_good(simulation))
    table["waiting_minutes"] = mean(simulation.waiting, known)
    table["waiting_p90"] = [
        _p90(simulation.waiting[known & (visits.point == place)]) for place in range(len(points))
    ]
    table["service_minutes"] = mean(simulation.end - simulation.start, served)
    table["utilisation"] = _utilisation_of_points(simulation)
    return table


def by_crew(simulation: Simulation) -> pd.DataFrame:
    """One row per crew.

    Columns: served; busy_minutes at the counters in all; overtime_minutes of these after closing;
    utilisation, the other busy minutes over the counter-minutes on duty [1].
    """
    crews = simulation.layout.crews
    served = simulation.crew >= 0
    crew, begin, end = (x[served] for x in (simulation.crew, simulation.start, simulation.end))
    hall = simulation.halls.of_queue[simulation.visits.queue[served]]
    closing = np.empty(len(hall))
    for number, doors in enumerate(simulation.halls.doors):
        mine = hall == number
        opened = np.searchsorted(doors.opens, begin[mine], "right") - 1
        closing[mine] = doors.shuts[opened]
    overtime = np.maximum(end - np.maximum(begin, closing), 0.0)
    table = pd.DataFrame(index=pd.Index([c.name for c in crews], name="crew"))
    table["served"] = np.bincount(crew, minlength=len(crews))
    table["busy_minutes"] = np.bincount(crew, end - begin, len(crews))
    table["overtime_minutes"] = np.bincount(crew, overtime, len(crews))
    at_work = table["busy_minutes"] - table["overtime_minutes"]
    table["utilisation"] = at_work / simulation.halls.duty_minutes
    return table


def by_journey(simulation: Simulation, names: list[str]) -> pd.DataFrame:
    """One row per journey, by the names given in the order of the world.

    Columns: how many were served, left, are still to come, booked in vain, stayed away; then, for
    those served, the means of `customer_means`.
    """
    journey, ending = simulation.visits.journey, simulation.ending
    table = pd.DataFrame(index=pd.Index(names, name="journey"))
    for number, word in enumerate(ENDINGS):
        table[word.replace(" ", "_")] = np.bincount(journey[ending == number], minlength=len(names))
    served = ending == SERVED
    for word, numbers in _per_customer(simulation).items():
        total = np.bincount(journey[served], numbers[served], len(names))
        table[word] = _ratio(total, table["served"].to_numpy())
    return table


def customer_means(simulation: Simulation) -> dict[str, float]:
    """Means over the customers who were served, and two shares of all who came.

    waiting_minutes, service_minutes and travel_minutes between points; trips from home; days, from
    the day of setting out to the last one; same_day, the share finished on the day they set out;
    left and still_to_come, as shares of those who came [1].
    """
    ending = simulation.ending
    served = ending == SERVED
    means = {word: _mean(n[served]) for word, n in _per_customer(simulation).items()}
    came = simulation.visits.absent == COMES
    gave_up = ~(served | (ending == STILL_TO_COME))[came]
    return means | {
        "left": _mean(gave_up),
        "still_to_come": _mean((ending == STILL_TO_COME)[came]),
    }


def waiting_by_hour(simulation: Simulation) -> np.ndarray:
    """Mean waiting by hour of arrival, `(n_points, 24)` [min]; NaN where nobody came."""
    known = ~np.isnan(simulation.waiting)
    hour = (simulation.arrival[known] % MINUTES_PER_DAY // 60).astype(np.intp)
    cell = simulation.visits.point[known] * HOURS_PER_DAY + hour
    cells = len(simulation.layout.points) * HOURS_PER_DAY
    total = np.bincount(cell, simulation.waiting[known], cells)
    return _ratio(total, np.bincount(cell, minlength=cells)).reshape(-1, HOURS_PER_DAY)


def _per_customer(simulation: Simulation) -> dict[str, np.ndarray]:
    days = simulation.finished_day - simulation.visits.entry // MINUTES_PER_DAY
    return {
        "waiting_minutes": simulation.per_customer(simulation.waiting),
        "service_minutes": simulation.per_customer(simulation.end - simulation.start),
        "travel_minutes": simulation.per_customer(simulation.visits.travel),
        "trips": simulation.trips,
        "days": days,
        "same_day": days == 0,
    }


def _sent_home_for_good(simulation: Simulation) -> np.ndarray:
    """Visits that were never begun and not given up: the days ended before their turn."""
    came = ~np.isnan(simulation.arrival)
    return came & np.isnan(simulation.start) & np.isnan(simulation.left) & (simulation.returns == 0)


def _utilisation_of_points(simulation: Simulation) -> np.ndarray:
    layout, of_queue = simulation.layout, simulation.halls.of_queue
    crews = by_crew(simulation)
    at_work = (crews["busy_minutes"] - crews["overtime_minutes"]).to_numpy()
    number = {queue.name: place for place, queue in enumerate(layout.queues)}
    hall_of_crew = np.array([of_queue[number[crew.queues[0]]] for crew in layout.crews])
    halls = len(simulation.halls.doors)
    busy = np.bincount(hall_of_crew, at_work, halls)
    use = busy / np.bincount(hall_of_crew, simulation.halls.duty_minutes, halls)
    hall_of_point = {p: of_queue[k] for k, queue in enumerate(layout.queues) for p in queue.points}
    return np.array([use[hall_of_point[p]] for p in layout.points])


def _ratio(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return total / np.where(count, count, np.nan)


def _mean(numbers: np.ndarray) -> float:
    return float(numbers.mean()) if len(numbers) else float("nan")


def _p90(numbers: np.ndarray) -> float:
    return float(np.quantile(numbers, 0.9)) if len(numbers) else float("nan")
