"""What would have to be otherwise for the answer to a claim to turn: one input, or a few."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.break_even import whole
from opdanalysis.experiment.claims import measured
from opdanalysis.experiment.run import every_draw
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.sampling import quantiles_of
from opdanalysis.parameters.values import Values
from opdanalysis.plans.claim import Claim, ClaimTest
from opdanalysis.plans.plan import TODAY, Plan

Floats = NDArray[np.float64]
Point = Mapping[str, float]
"""Some inputs by name at a probability of theirs; all others stand at their middle value."""

ENDS = {"low": 0.05, "high": 0.95}
"""The ends of an input's range, as probabilities."""

GRID = np.array([0.005, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.995])
"""The probabilities between which a break-even is looked for, by straight lines."""

LISTED = 5
"""Inputs whose break-even is looked for, the strongest first."""

TRIED, TOGETHER = 8, 3
"""Of so many inputs every set is tried, up to so many at once; beyond, the strongest are added."""


def worlds_at(book: ParameterBook, points: Sequence[Point]) -> Values:
    """One draw for each point; a column of a city moves as a whole."""
    rows: dict[str, list[int]] = {}
    for row, point in enumerate(points):
        for name in point:
            rows.setdefault(name, []).append(row)
    numbers = {}
    for name in book:
        parameter = book[name]
        middle = parameter.value if isinstance(parameter, Parameter) else parameter.values
        if name in rows:
            numbers[name] = np.repeat(np.asarray(middle, dtype=float)[None], len(points), axis=0)
            at = np.array([points[row][name] for row in rows[name]])
            numbers[name][rows[name]] = quantiles_of(parameter, at)
        else:
            numbers[name] = np.broadcast_to(middle, (len(points), *np.shape(middle)))
    return Values(numbers, len(points))


def uncertain(book: ParameterBook) -> list[str]:
    """The inputs that are not the same in every draw."""
    scalars = [p.name for p in book.scalars if p.distribution.kind != "fixed"]
    return scalars + [v.name for v in book.vectors if (v.lows < v.highs).any()]


def turning_point(amounts: Floats, margins: Floats, holds: NDArray[np.bool_]) -> float:
    """The amount of an input at which an answer first turns, by straight lines; else NaN.

    Where the margin stands at zero as long as the claim holds, as for what cannot fall below
    nothing, the line through the next two points is followed back.
    """
    changes = np.flatnonzero(holds[:-1] != holds[1:])
    if not len(changes):
        return np.nan
    left, right = int(changes[0]), int(changes[0]) + 1
    inside, outside = (left, right) if margins[left] == 0 else (right, left)
    beyond = 2 * outside - inside
    if margins[inside] == 0 and 0 <= beyond < len(margins) and margins[beyond] != margins[outside]:
        slope = (amounts[beyond] - amounts[outside]) / (margins[beyond] - margins[outside])
        ends = sorted((amounts[inside], amounts[outside]))
        return float(np.clip(amounts[outside] - margins[outside] * slope, *ends))
    way = margins[left] / (margins[left] - margins[right])
    return float(amounts[left] + way * (amounts[right] - amounts[left]))


@dataclass(frozen=True)
class ClaimInputs:
    """How the answers to claims hang on the inputs.

    break_evens
        One row per claim and input, the strongest few: parameter, unit, input_p05, input_middle and
        input_p95 (of a column the sum), what is measured at both ends (`at_p05`, `at_p95`), the
        value at which the answer turns (`break_even`, missing where no value from 0.5% to 99.5%
        does it), and `way`: how far that is, as a part of the way from the middle to the end of the
        range; by a straight line where it is beyond the end (above 1), infinite where the input
        does not help.
    turning
        One row per claim: whether it `holds` in the middle of all inputs, `middle`, what is
        measured there, and the smallest set of inputs that turns the answer when each stands at an
        end of its range: `inputs` and `ends` (empty where none was found), `amount`, what is
        measured then, and
        `farthest`, what is measured when all inputs stand at the end that turns it most.
    """

    break_evens: pd.DataFrame
    turning: pd.DataFrame


def claim_inputs(
    city: City, plans: Sequence[Plan], book: ParameterBook, claims: Sequence[Claim]
) -> ClaimInputs:
    """The break-evens and turning sets of the claims whose plan is among `plans`."""
    break_evens, turning = [], []
    for plan in plans:
        own = {c.id: c.test for c in claims if c.test is not None and c.test.plan == plan.id}
        if own:
            found = _Sweep(city, plan, book, own)
            break_evens += found.break_evens()
            turning += found.turning()
    order = {claim.id: place for place, claim in enumerate(claims)}
    names = ["claim", "parameter", "unit", "input_p05", "input_middle", "input_p95"]
    names += ["at_p05", "at_p95", "break_even", "way"]
    sets = ["claim", "holds", "middle", "inputs", "ends", "amount", "farthest"]
    return ClaimInputs(
        _in_order(pd.DataFrame(break_evens, columns=names), order),
        _in_order(pd.DataFrame(turning, columns=sets), order),
    )


def _in_order(frame: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    return frame.sort_values(
        "claim", key=lambda ids: ids.map(order), kind="stable", ignore_index=True
    )


class _Sweep:
    """Every input of a plan's claims at both ends of its range, the others in the middle."""

    def __init__(
        self, city: City, plan: Plan, book: ParameterBook, tests: Mapping[str, ClaimTest]
    ) -> None:
        self.city, self.plan, self.book, self.tests = city, plan, book, tests
        self.names = [name for name in uncertain(book) if name not in plan.levers]
        points: list[Point] = [{}]
        points += [{name: u} for name in self.names for u in ENDS.values()]
        found = self._measured(points)
        self.middle = {id: float(numbers[0]) for id, numbers in found.items()}
        self.ends = {id: numbers[1:].reshape(-1, 2) for id, numbers in found.items()}

    def _measured(self, points: Sequence[Point]) -> dict[str, Floats]:
        """What each claim measures at every point."""
        wanted = {outcome for test in self.tests.values() for outcome in test.outcomes}
        worlds = worlds_at(self.book, points)
        levels = every_draw(self.city, [TODAY, self.plan], worlds, sorted(wanted))
        now, then = ({id: level[row] for id, level in levels.items()} for row in (0, 1))
        return {id: measured(test, now, then) for id, test in self.tests.items()}

    def _margins(self, claim: str) -> tuple[float, Floats]:
        """Margin in the middle, and how far each input's ends move it to the turn, `(n, 2)`."""
        test, middle = self.tests[claim], self.middle[claim]
        margin = float(test.margin(middle))
        towards = -1.0 if test.holds(middle) else 1.0
        return margin, towards * (test.margin(self.ends[claim]) - margin)

    def break_evens(self) -> Iterator[tuple[object, ...]]:
        """Rows of the table of break-evens."""
        chosen = {}
        for claim in self.tests:
            _, moves = self._margins(claim)
            strength = np.abs(moves).max(axis=1)
            order = np.argsort(-strength, kind="stable")[:LISTED]
            chosen[claim] = [int(place) for place in order if strength[place] > 0]
        union = sorted({place for places in chosen.values() for place in places})
        points = [{self.names[place]: float(u)} for place in union for u in GRID]
        found = self._measured(points) if points else {}
        for claim, places in chosen.items():
            margin, moves = self._margins(claim)
            for place in places:
                start = union.index(place) * len(GRID)
                numbers = found[claim][start : start + len(GRID)]
                parameter = self.book[self.names[place]]
                amounts = whole(quantiles_of(parameter, GRID))
                test = self.tests[claim]
                at = turning_point(amounts, test.margin(numbers), np.asarray(test.holds(numbers)))
                low, high = (float(np.interp(u, GRID, amounts)) for u in ENDS.values())
                values = parameter.value if isinstance(parameter, Parameter) else parameter.values
                central = float(np.sum(values))
                best = float(moves[place].max())
                way = abs(margin) / best if best > 0 else np.inf
                if not np.isnan(at):
                    way = abs((at - central) / ((high if at > central else low) - central))
                ends = (float(end) for end in self.ends[claim][place])
                yield claim, parameter.name, parameter.unit, low, central, high, *ends, at, way

    def turning(self) -> Iterator[tuple[object, ...]]:
        """Rows of the table of turning sets."""
        points: list[Point] = []
        sections = {}
        for claim in self.tests:
            _, moves = self._margins(claim)
            best, side = moves.max(axis=1), moves.argmax(axis=1)
            order = [int(p) for p in np.argsort(-best, kind="stable") if best[p] > 0]
            few = order[:TRIED]
            sets = [
                together
                for size in range(1, min(TOGETHER, len(few)) + 1)
                for together in itertools.combinations(few, size)
            ]
            sets += [tuple(order[:size]) for size in range(TOGETHER + 1, len(order) + 1)]
            own = [self._point(together, side) for together in sets]
            sections[claim] = (len(points), sets, own)
            points += own
        found = self._measured(points) if points else {}
        for claim, (start, sets, own) in sections.items():
            test, middle = self.tests[claim], self.middle[claim]
            holds = bool(test.holds(middle))
            if not sets:
                yield claim, holds, middle, (), (), middle, middle
                continue
            numbers = found[claim][start : start + len(sets)]
            turned = np.asarray(test.holds(numbers)) != holds
            farthest = float(numbers[-1])
            if not turned.any():
                yield claim, holds, middle, (), (), np.nan, farthest
                continue
            sizes = np.array([len(together) for together in sets])
            smallest = np.flatnonzero(turned & (sizes == sizes[turned].min()))
            at = int(smallest[np.abs(test.margin(numbers[smallest])).argmax()])
            inputs = tuple(own[at])
            ends = tuple("low" if own[at][name] < 0.5 else "high" for name in inputs)
            yield claim, holds, middle, inputs, ends, float(numbers[at]), farthest

    def _point(self, together: Sequence[int], side: NDArray[np.intp]) -> Point:
        ends = list(ENDS.values())
        return {self.names[place]: ends[int(side[place])] for place in together}
