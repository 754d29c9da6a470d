"""How a plan stands in one measure: better, worse, open, or hardly different from today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opdanalysis.experiment.claims import Limits
from opdanalysis.experiment.result import RANGE
from opdanalysis.plans.plan import Plan
from opdanalysis.report.material import Material
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words
from opdanalysis.units import is_money

WORDS = ("yes", "open", "no", "same", "unchanged")
"""Better, open, worse, hardly different, and the same in every draw."""

STAYS = "\N{NO-BREAK SPACE}"
"""What keeps Rp and its number, or a number and its dash, on one line."""

COUNTED = ("person", "stall")
"""Units of which there are no parts."""

LEVELS = ("contacts_one_roof", "residents_farther", "residents_nearer")
LEVELS += ("overfull_staff", "stalls_short", "once_only_cost")
"""Outcomes that are said as they will be, the others as a gain against today."""


@dataclass(frozen=True)
class Amount:
    """A median with its range, in words: `middle`, `low`, `high` and their unit."""

    middle: str
    low: str
    high: str
    unit: str
    money: bool
    points: tuple[float, float, float]

    @property
    def alone(self) -> bool:
        """Whether the range is a single number as it is written."""
        return self.low == self.high

    @property
    def ends(self) -> str:
        """The range without its unit."""
        return self.middle if self.alone else f"{self.low}{STAYS}– {self.high}"

    @property
    def head(self) -> str:
        """The median as the large number of an answer, with its sign of money or of a share."""
        return f"Rp{STAYS}{self.middle}" if self.money else f"{self.middle}{self._percent}"

    @property
    def tail(self) -> str:
        """What stands behind the large number: the unit, where it is no sign."""
        return "" if self._percent else self.unit

    @property
    def text(self) -> str:
        """Median, range and unit: Rp 2,8 (−1,2 – 9,3) miliar per tahun."""
        ends = "" if self.alone else f" ({self.ends}{self._percent})"
        return f"{self.head}{ends} {self.tail}".strip()

    @property
    def turned(self) -> Amount:
        """The same amount with the other sign, as a loss is said."""
        low, middle, high = (_turned(text) for text in (self.high, self.middle, self.low))
        low_point, middle_point, high_point = self.points
        points = -high_point, -middle_point, -low_point
        return Amount(middle, low, high, self.unit, self.money, points)

    @property
    def _percent(self) -> str:
        return self.unit if self.unit == "%" else ""


def _turned(text: str) -> str:
    return text.removeprefix("−") if text.startswith("−") else f"−{text}"


@dataclass(frozen=True)
class Standing:
    """A plan in one measure: the amount, the chance that it is better [1], and the word."""

    plan: Plan
    outcome: str
    amount: Amount
    today: Amount
    better: float
    word: str


def standing(material: Material, plan: Plan, outcome: str) -> Standing:
    """How a plan stands in an outcome in the first scenario."""
    result, words = material.result, material.words
    gain, today = result.gain(outcome, plan.id), result.level(outcome, result.plans[0].id)
    as_level = outcome in LEVELS
    shown = result.level(outcome, plan.id) if as_level else gain
    unit = result.outcome(outcome).unit
    noticed = 0.0 if is_money(unit) else material.noticed
    return Standing(
        plan,
        outcome,
        amount_of(unit, shown, words, change=not as_level),
        amount_of(unit, today, words),
        float(np.mean(gain > 0)),
        word_of(gain, today, noticed, material.limits),
    )


def word_of(
    gain: NDArray[np.float64], today: NDArray[np.float64], noticed: float, limits: Limits
) -> str:
    """One of `WORDS` for the draws of a gain, beside the draws of what is today.

    A gain below `noticed` times today's level, in nearly every draw, is hardly any.
    """
    if not np.any(gain):
        return "unchanged"
    if np.mean(gain > 0) >= limits.high and not _small(gain, today, noticed, limits):
        return "yes"
    if np.mean(gain < 0) >= limits.high and not _small(gain, today, noticed, limits):
        return "no"
    return "same" if _small(gain, today, noticed, limits) else "open"


def _small(
    gain: NDArray[np.float64], today: NDArray[np.float64], noticed: float, limits: Limits
) -> bool:
    return bool(np.mean(np.abs(gain) < noticed * np.abs(today)) >= limits.high)


def amount_of(
    unit: str, numbers: NDArray[np.float64], words: Words, change: bool = False
) -> Amount:
    """Median and range of some draws in the unit in which they are read best."""
    low, middle, high = (float(point) for point in np.quantile(numbers, RANGE))
    scale = scale_of(unit, (low, middle, high), words, change)
    whole = not any((low, middle, high)) or (unit in COUNTED and scale.size == 1)
    digits = 0 if whole else scale.digits
    shown = [
        words.number(point / scale.size, digits).replace("-", "−") for point in (low, middle, high)
    ]
    money = is_money(unit)
    said = scale.unit.removeprefix("Rp").strip() if money else scale.unit
    return Amount(shown[1], shown[0], shown[2], said, money, (low, middle, high))
