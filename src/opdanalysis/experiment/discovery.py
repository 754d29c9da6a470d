"""Under which conditions does a plan fail to pay, or pay? Limits of a few inputs that hold most of
the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from opdanalysis.experiment.break_even import CHANCE
from opdanalysis.methods.scenario_discovery import Limit, PeelingRules, discover_box
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]
Event = Literal["fails", "pays"]

RULES = PeelingRules(share=0.05, least_mass=0.05, chance=0.001)
"""A twentieth is cut at a time, and at least a twentieth of the draws stays."""

OPEN = 0.02
"""A limit that cuts off less than this share of the draws is no condition worth naming."""


MOST = 25
"""Inputs among which conditions are sought."""


@dataclass(frozen=True)
class Condition:
    """What one input must be: at least `low`, at most `high`, or both; the other is missing.

    The input is a parameter, or the sum of a column. `below` and `above` are the shares of all
    draws that lie under the low and over the high limit [1]; `chance` is the probability that
    chance alone would gather so many cases.
    """

    parameter: str
    unit: str
    low: float
    high: float
    below: float
    above: float
    chance: float


@dataclass(frozen=True)
class Discovery:
    """The conditions under which an event gathers; none where it cannot be told from the others.

    event
        `fails` where the gain is below zero, `pays` where it is not.
    share
        Share of all draws with the event [1].
    coverage, density, mass
        Where the conditions hold: the share of the events that is there, how often the event
        happens there, and the share of all draws that is there [1].
    """

    event: Event
    share: float
    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    mass: float


def followed_inputs(book: ParameterBook, values: Values, gain: Floats) -> list[str]:
    """The inputs that a gain follows more closely than chance would have it, the closest first.

    By Spearman's rank correlation; a column counts as the sum of its entries, and no more than the
    first 25 are returned.
    """
    ranks = _standard_ranks(gain)
    follows = {name: abs(float(ranks @ _standard_ranks(_whole(values[name])))) for name in book}
    clear = [name for name in book if follows[name] > CHANCE / np.sqrt(len(gain))]
    return sorted(clear, key=lambda name: -follows[name])[:MOST]


def discover(
    book: ParameterBook, values: Values, names: Sequence[str], gain: Floats, event: Event
) -> Discovery:
    """The conditions on the named inputs under which the event happens, the surest first.

    `gain` is `(n_draws,)`, from the same draws as `values`; a column counts as the sum of its
    entries. The box comes from PRIM (`methods.scenario_discovery`).
    """
    cases = gain < 0 if event == "fails" else gain >= 0
    inputs = np.column_stack([_whole(values[name]) for name in names] or [np.zeros(len(gain))])
    box = discover_box(inputs, list(names) or [""], cases, RULES)
    share = float(cases.mean())
    if box is None:
        return Discovery(event, share, (), 1.0, share, 1.0)
    columns = dict(zip(names, inputs.T, strict=True))
    found = [_condition(book, limit, columns[limit.name]) for limit in box.limits]
    kept = tuple(condition for condition in found if condition is not None)
    inside = np.all([_inside(condition, columns) for condition in kept], axis=0)
    return Discovery(
        event,
        share,
        kept,
        coverage=float(cases[inside].sum() / cases.sum()),
        density=float(cases[inside].mean()),
        mass=float(np.mean(inside)),
    )


def _condition(book: ParameterBook, limit: Limit, draws: Floats) -> Condition | None:
    """A limit with its place among the draws; None where both of its ends are as good as open."""
    below, above = float((draws < limit.low).mean()), float((draws > limit.high).mean())
    low = limit.low if below >= OPEN else np.nan
    high = limit.high if above >= OPEN else np.nan
    if np.isnan(low) and np.isnan(high):
        return None
    unit = book[limit.name].unit
    return Condition(limit.name, unit, low, high, below, above, limit.chance)


def _inside(condition: Condition, columns: dict[str, Floats]) -> NDArray[np.bool_]:
    draws = columns[condition.parameter]
    # A missing limit is no limit: every comparison with it is turned round.
    return ~(draws < condition.low) & ~(draws > condition.high)


def _standard_ranks(numbers: Floats) -> Floats:
    """Ranks with mean 0 and length 1; zeros where all are equal."""
    ranks = rankdata(numbers)
    ranks -= ranks.mean()
    length = np.linalg.norm(ranks)
    found: Floats = ranks / length if length else ranks
    return found


def _whole(draws: Floats) -> Floats:
    """A number for all as it is, a column as the sum of its entries; an empty one never varies."""
    return draws.sum(axis=1) if draws.ndim > 1 else draws
