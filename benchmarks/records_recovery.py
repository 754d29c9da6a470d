"""How often the 95% intervals of letters, bills and survey hold the truth of invented records.

    OPENBLAS_NUM_THREADS=1 python benchmarks/records_recovery.py [1000 [survey bills ...]]

The arguments are the number of worlds and the tables to print, without them all: `survey`,
`believed`, `bills`, `robust` (bills with a wrong meter) and `letters`. Each world is drawn anew
from a known truth. Printed: mean error of the estimate, its spread over the worlds, the mean
standard error, and the share of intervals that hold the truth, which must lie between 93 and 97%.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from opdanalysis.evidence.bills import DRIVERS, BuildingCosts
from opdanalysis.evidence.letter_calendar import WorkCalendar, stamp
from opdanalysis.evidence.letter_counts import LetterCounts
from opdanalysis.evidence.letter_times import LogNormalTimes
from opdanalysis.evidence.letters import Places
from opdanalysis.evidence.response_times import response_times
from opdanalysis.evidence.satisfaction import SatisfactionIndex
from opdanalysis.evidence.shrinkage import Measured, shrunk
from opdanalysis.evidence.synthetic_bills import BILL_LESSON, invented_buildings, synthetic_bills
from opdanalysis.evidence.synthetic_letters import LESSON, synthetic_letters
from opdanalysis.evidence.synthetic_survey import survey_truth, synthetic_survey
from opdanalysis.parameters.distribution import Z95, Distribution
from opdanalysis.parameters.parameter import Parameter

LONG = ((450, 720), (780, 960))
WEEK = {0: LONG, 1: LONG, 2: LONG, 3: LONG, 4: ((450, 690), (780, 990))}
CALENDAR = WorkCalendar(date(2024, 1, 1), date(2025, 12, 31), WEEK, WEEK, (), frozenset())
AGENCIES = 20

Answer = Iterator[tuple[str, float, float, float, bool]]
"""Name, error of the estimate, its standard error, half width, whether the truth was inside."""


def places() -> Places:
    """Ten buildings of two agencies; five agencies move to one, then four to another."""
    first = np.arange(AGENCIES) // 2
    second = first.copy()
    second[:6] = first[0]
    third = second.copy()
    third[10:14] = first[10]
    starts = [stamp(date(2024, 10, 1)), stamp(date(2025, 3, 1))]
    return Places(np.array(starts, dtype=np.int32), np.stack([first, second, third]))


def letters(seed: int) -> Answer:
    """The effect of being together on response times and on letters, with bulk stamps."""
    truth, names = replace(LESSON, letters_per_year=25.0), [f"opd-{i}" for i in range(AGENCIES)]
    log = synthetic_letters(names, ("field", "oversight"), places(), CALENDAR, truth, seed)
    times = response_times(log, CALENDAR, places())
    for name, model, ratio in (
        ("letters: time, pairs", LogNormalTimes(times, "pairs"), truth.time_ratio),
        ("letters: number, pairs", LetterCounts(log, places(), "pairs"), truth.letter_ratio),
    ):
        fit = model.fit()
        low, high = fit.conf_int().loc["together"]
        value, error = fit.params["together"], fit.bse["together"]
        yield name, value - np.log(ratio), error, high - low, low <= np.log(ratio) <= high


def bills(seed: int) -> Answer:
    """Elasticities and a forecast of one new building, least squares on 40 buildings."""
    rng = np.random.default_rng((seed, 1))
    truth = replace(BILL_LESSON, wrong_buildings=0)
    buildings = invented_buildings(41, rng)
    everything = synthetic_bills(buildings, (2024, 2025), truth, rng)
    known = replace(everything, buildings=buildings.iloc[:40])
    fit = BuildingCosts(known, "electricity", "kwh", DRIVERS, "ols").fit()
    limits = fit.conf_int()
    elasticities = (truth.area_elasticity, truth.staff_elasticity, truth.tenant_elasticity)
    for driver, right in zip(DRIVERS, elasticities, strict=True):
        low, high = limits.loc[driver]
        name = f"bills: elasticity of {driver}"
        yield name, fit.params[driver] - right, fit.bse[driver], high - low, low <= right <= high
    new = everything.yearly("electricity", "kwh").tail(1)
    row = fit.forecast(new[list(DRIVERS)]).iloc[0]
    real = new["amount"].iloc[0]
    error = np.log(row["median"] / real)
    width = np.log(row["high"] / row["low"])
    yield (
        "bills: forecast of a building",
        error,
        width / 4,
        width,
        row["low"] <= real <= row["high"],
    )


def robust(seed: int) -> Answer:
    """Elasticities by Huber's weights, with the wrong meter of one of 40 buildings left in."""
    rng = np.random.default_rng((seed, 3))
    known = synthetic_bills(invented_buildings(40, rng), (2024, 2025), BILL_LESSON, rng)
    fit = BuildingCosts(known, "electricity", "kwh", DRIVERS, "robust").fit()
    limits = fit.conf_int()
    elasticities = (
        BILL_LESSON.area_elasticity, BILL_LESSON.staff_elasticity, BILL_LESSON.tenant_elasticity
    )  # fmt: skip
    for driver, right in zip(DRIVERS, elasticities, strict=True):
        low, high = limits.loc[driver]
        name = f"bills, one wrong: elasticity of {driver}"
        yield name, fit.params[driver] - right, fit.bse[driver], high - low, low <= right <= high


def believed(seed: int) -> Answer:
    """A measurement drawn towards a belief from which the truth was drawn."""
    rng = np.random.default_rng((seed, 2))
    belief = Parameter(
        "intensity", "", 100.0, "1", Distribution("quantiles", p05=70, p50=100, p95=143),
        "judgement", (), "", "bills",
    )  # fmt: skip
    right = rng.normal(np.log(100), np.log(143 / 70) / 2 / Z95)
    found = shrunk(Measured(rng.normal(right, 0.15), 0.15, logarithm=True), belief)
    reach = 1.96 * found.error
    yield (
        "bills: drawn towards a belief", found.value - right, found.error, 2 * reach,
        abs(found.value - right) <= reach,
    )  # fmt: skip


def survey(seed: int) -> Answer:
    """The index of three units of service, sampled apart and weighted; and a change."""
    before = survey_truth((0.2, 0.0, -0.3), (9000, 4000, 1500), 0.4)
    after = survey_truth((0.5, 0.2, -0.3), (9000, 4000, 1500), 0.4)
    found = [
        SatisfactionIndex(synthetic_survey(truth, sizes, (seed, turn)), 400, (seed, turn, 9)).fit()
        for turn, (truth, sizes) in enumerate(((before, (60, 50, 40)), (after, (80, 40, 30))))
    ]
    for turn, (fit, truth) in enumerate(zip(found, (before, after), strict=True)):
        low, high = fit.conf_int().loc["index"]
        name = f"survey: index, sample {turn + 1}"
        error = fit.index - truth.index
        yield name, error, fit.bse["index"], high - low, low <= truth.index <= high
    row = found[1].compared_with(found[0]).iloc[0]
    right = after.index - before.index
    inside = row["low"] <= right <= row["high"]
    error = row["change"] - right
    yield "survey: change of the index", error, row["std_error"], row["high"] - row["low"], inside


def table(make: Callable[[int], Answer], worlds: int) -> None:
    """Print the recovery of each estimate of a maker of worlds."""
    start = time.perf_counter()
    rows: dict[str, list[tuple[float, float, float, bool]]] = {}
    for seed in range(worlds):
        for name, *answer in make(seed):
            rows.setdefault(name, []).append(tuple(answer))
    for name, answers in rows.items():
        error, own, width, inside = np.array(answers, dtype=float).T
        noise = 1.96 * np.sqrt(inside.mean() * (1 - inside.mean()) / worlds)
        print(
            f"{name:38s} {worlds:6,d} {error.mean():9.4f} {error.std():8.4f} {own.mean():9.4f} "
            f"{width.mean():8.3f} {inside.mean():8.1%} +-{noise:.1%}",
            flush=True,
        )
    print(f"{'':38s} {(time.perf_counter() - start) / worlds:.3f} s a world", flush=True)


TABLES = {
    "survey": survey,
    "believed": believed,
    "bills": bills,
    "robust": robust,
    "letters": letters,
}


def main() -> None:
    """Print the tables."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{'':38s} worlds     error   spread std error    width coverage")
    for name in sys.argv[2:] or TABLES:
        table(TABLES[name], worlds)


if __name__ == "__main__":
    main()
