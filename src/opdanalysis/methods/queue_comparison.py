"""Several layouts in the same worlds: replications, intervals and differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_events import Kernel
from opdanalysis.methods.queue_layout import Layout
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_result import Simulation
from opdanalysis.methods.queue_simulation import simulate
from opdanalysis.methods.queue_summary import customer_means
from opdanalysis.methods.queue_world import World


@dataclass(frozen=True, eq=False)
class Comparison:
    """Outcomes of each layout in each replication, `(n_layouts, n_replications, n_outcomes)`.

    Replication by replication all layouts had the same customers with the same numbers.
    """

    layouts: tuple[str, ...]
    outcomes: tuple[str, ...]
    values: np.ndarray

    def of(self, layout: str, outcome: str) -> np.ndarray:
        """One outcome of one layout, `(n_replications,)`."""
        return self.values[self._place(layout), :, self._outcome(outcome)]

    def difference(self, layout: str, against: str, outcome: str) -> np.ndarray:
        """One outcome of `layout` minus that of `against`, `(n_replications,)`."""
        return self.of(layout, outcome) - self.of(against, outcome)

    def means(self, confidence: float) -> pd.DataFrame:
        """Mean, lower and upper limit of each layout's outcomes, by Student's t."""
        rows = {
            (layout, outcome): interval(self.of(layout, outcome), confidence)
            for layout in self.layouts
            for outcome in self.outcomes
        }
        return _table(rows, ["layout", "outcome"])

    def differences(self, against: str, confidence: float) -> pd.DataFrame:
        """Mean, lower and upper limit of the difference to one layout, by Student's t."""
        rows = {
            (layout, outcome): interval(self.difference(layout, against, outcome), confidence)
            for layout in self.layouts
            if layout != against
            for outcome in self.outcomes
        }
        return _table(rows, ["layout", "outcome"])

    def _place(self, layout: str) -> int:
        if layout not in self.layouts:
            raise UsageError(f"'{layout}' was not simulated. " + did_you_mean(layout, self.layouts))
        return self.layouts.index(layout)

    def _outcome(self, outcome: str) -> int:
        if outcome not in self.outcomes:
            raise UsageError(
                f"'{outcome}' is not an outcome here. " + did_you_mean(outcome, self.outcomes)
            )
        return self.outcomes.index(outcome)


def _table(rows: dict, names: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(list(rows), names=names)
    return pd.DataFrame(list(rows.values()), index=index, columns=["mean", "lower", "upper"])


def interval(replications: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """Mean of independent replications and its limits by Student's t."""
    numbers = np.asarray(replications, dtype=float)
    if len(numbers) < 2:
        raise UsageError(f"{len(numbers)} replication gives no interval; 2 or more are needed")
    if not 0 < confidence < 1:
        raise UsageError(f"confidence is {confidence:g}; expected a share between 0 and 1")
    error = numbers.std(ddof=1) / np.sqrt(len(numbers))
    reach = stdtrit(len(numbers) - 1, (1 + confidence) / 2) * error
    mean = float(numbers.mean())
    return mean, mean - float(reach), mean + float(reach)


def compare_layouts(
    world: World,
    layouts: Mapping[str, tuple[Layout, Needs]],
    seed: int,
    replications: int,
    summary: Callable[[Simulation], dict[str, float]] = customer_means,
    workers: int = 1,
    kernel: Kernel = "auto",
) -> Comparison:
    """Each layout, with its needs, in the same replications.

    `summary` makes named numbers of a simulation. The result depends neither on the number of
    workers nor on the order of the layouts or on which others there are.
    """
    if replications < 1 or workers < 1 or not layouts:
        raise UsageError(
            f"{replications} replications, {workers} workers, {len(layouts)} layouts; "
            "each must be 1 or more"
        )

    def one(replication: int) -> list[dict[str, float]]:
        customers = draw_customers(world, seed, replication)
        return [summary(simulate(customers, *both, kernel)) for both in layouts.values()]

    if workers == 1:
        found = [one(replication) for replication in range(replications)]
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(one, range(replications)))
    outcomes = tuple(found[0][0])
    values = np.array([[[each[word] for word in outcomes] for each in row] for row in found])
    return Comparison(tuple(layouts), outcomes, values.transpose(1, 0, 2).copy())
