"""What moves a plan's result most, and how high an input would have to be for the plan to pay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.cash_flow import plan_money
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.sampling import quantiles_of
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan

Floats = NDArray[np.float64]

TENTH = 0.1
GRID = np.linspace(0.005, 0.995, 67)
"""The probabilities of an input at which a plan is computed."""


CHANCE = 2.576
"""Standard errors of a rank correlation within which 99% of inputs without effect stay."""


FEWEST = 3
"""Inputs that are always shown."""


def largest_inputs(ranking: pd.DataFrame, draws: int, top: int) -> list[str]:
    """The inputs that an outcome follows most closely, whole columns taken as one.

    `ranking` comes from `experiment.ranking.measure_first` and rests on `draws` draws; what may
    well be chance is left out, but for the first few.
    """
    whole = ranking[(ranking["entity"] == "") & (ranking["share"] > 0)]
    clear = int((whole["share"] > CHANCE**2 / draws).sum())
    return list(whole["parameter"].head(min(max(clear, FEWEST), top)))


def tornado(names: Sequence[str], values: Values, outcome: Floats) -> pd.DataFrame:
    """Median of an outcome where each input is in its lowest and in its highest tenth.

    `outcome` is `(n_draws,)`, from the same draws as `values`; other inputs vary freely. One row
    per input, the widest first: parameter, input_low and input_high (its median in either tenth,
    of a column the sum), low and high (of the outcome), and its overall median.
    """
    rows = []
    tenth = max(int(len(outcome) * TENTH), 1)
    for name in names:
        draws = whole(values[name])
        order = np.argsort(draws, kind="stable")
        ends = [order[:tenth], order[-tenth:]]
        inputs = [float(np.median(draws[end])) for end in ends]
        results = [float(np.median(outcome[end])) for end in ends]
        rows.append((name, *inputs, *results, float(np.median(outcome))))
    frame = pd.DataFrame(
        rows, columns=["parameter", "input_low", "input_high", "low", "high", "median"]
    )
    width = (frame["high"] - frame["low"]).abs()
    return frame.loc[width.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def input_break_evens(
    city: City, plan: Plan, book: ParameterBook, names: Sequence[str]
) -> pd.DataFrame:
    """For each input the value at which the plan's net yearly saving is zero, others in the middle.

    A whole column moves together. One row per input: parameter, unit, its 5%, middle and 95%
    points (of a column the sum), the net saving at these three [Rp/year], the value at which it is
    zero, and the probability of a value below it [1]; both are missing where no value that is at
    all likely (0.5% to 99.5%) makes it zero.
    """
    rows = []
    for name in names:
        inputs = quantiles_of(book[name], GRID)
        held = _central(book, len(GRID)) | {name: inputs}
        net = np.asarray(plan_money(city, plan, Values(held, len(GRID))).net_saving)
        amounts = whole(inputs)
        at, probability = _zero(amounts, net)
        points = [float(np.interp(u, GRID, amounts)) for u in (0.05, 0.5, 0.95)]
        saved = [float(np.interp(u, GRID, net)) for u in (0.05, 0.5, 0.95)]
        rows.append((name, book[name].unit, *points, *saved, at, probability))
    points = ("p05", "p50", "p95")
    columns = [*(f"input_{p}" for p in points), *(f"net_{p}" for p in points)]
    return pd.DataFrame(rows, columns=["parameter", "unit", *columns, "break_even", "probability"])


def _central(book: ParameterBook, draws: int) -> dict[str, Floats]:
    """The middle of everything as draws that are all alike."""
    central = book.central()
    return {
        name: central[name]
        if isinstance(book[name], Parameter)
        else np.broadcast_to(central[name], (draws, len(central[name])))
        for name in book
    }


def whole(draws: Floats) -> Floats:
    """Draws of an input as one number each: of a column the sum, `(n_draws,)`."""
    return draws.sum(axis=1) if draws.ndim > 1 else draws


def _zero(amounts: Floats, net: Floats) -> tuple[float, float]:
    """Where the net saving first changes its sign, by straight lines between the points."""
    changes = np.flatnonzero(np.sign(net[:-1]) != np.sign(net[1:]))
    if not len(changes):
        return np.nan, np.nan
    place = int(changes[0])
    way = net[place] / (net[place] - net[place + 1])
    between = slice(place, place + 2)
    amount, probability = (
        float(ends[0] + way * (ends[1] - ends[0])) for ends in (amounts[between], GRID[between])
    )
    return amount, probability
