"""The unit in which a whole axis or column of numbers is said: Rp miliar per tahun, %, km."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opdanalysis.text.words import Words
from opdanalysis.units import is_money

SIZES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))

MANY = 100_000
"""From here on numbers that are no money are said in thousands."""


@dataclass(frozen=True)
class Scale:
    """Numbers are divided by `size` and then stand in `unit`, shown with `digits` decimals."""

    size: float
    unit: str
    digits: int


def scale_of(unit: str, numbers: Iterable[float], words: Words, change: bool = False) -> Scale:
    """The scale in which numbers of one unit are read best; a change of a share is in points."""
    largest = max((abs(float(number)) for number in numbers), default=0.0)
    if unit == "1":
        return _scale(0.01, words("unit.points") if change else "%", largest)
    if is_money(unit):
        size, word = next(
            ((s, f" {words(f'number.{w}')}") for s, w in SIZES if largest >= s), (1, "")
        )
        per = f" {words('unit.per_year')}" if unit == "Rp/year" else unit.removeprefix("Rp")
        return _scale(size, f"Rp{word}{per}", largest)
    named = f"unit.{unit}"
    word = words(named) if named in words else unit
    if largest >= MANY:
        return _scale(1e3, f"{words('number.thousand')} {word}", largest)
    return _scale(1, word, largest)


def _scale(size: float, unit: str, largest: float) -> Scale:
    shown = largest / size
    return Scale(size, unit, 0 if shown >= 100 else 1 if shown >= 1 else 2)
