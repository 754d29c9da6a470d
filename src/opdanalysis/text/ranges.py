"""An amount or a range with its unit, as a table's cell says it, and what a claim asks for."""

from __future__ import annotations

from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words


def range_in_words(unit: str, words: Words, *numbers: float, change: bool = False) -> str:
    """One number, or a low, a middle and a high one, with their unit: Rp 7,7 (3,9 – 14,8) miliar.

    A `change` of a share is in points. Whole numbers have no decimals.
    """
    scale = scale_of(unit, numbers, words, change)
    in_unit = [number / scale.size for number in numbers]
    digits = 0 if all(number == round(number) for number in in_unit) else scale.digits
    shown = [words.number(number, digits).replace("-", "−") for number in in_unit]
    alone = len(shown) == 1 or shown[0] == shown[-1]
    said = shown[0] if alone else f"{shown[1]} ({shown[0]} – {shown[2]})"
    first, _, rest = scale.unit.partition(" ")
    return f"{first} {said} {rest}".strip() if first == "Rp" else f"{said} {scale.unit}"


def needed_in_words(measure: str, comparison: str, amount: float, unit: str, words: Words) -> str:
    """What a claim asks for: at least so much, more than nothing, better than today."""
    if measure == "gain" and amount == 0 and comparison == "above":
        return words("claim.is.better")
    said = range_in_words(unit, words, amount, change=measure == "gain")
    return words(f"claim.is.{comparison}", amount=said)


def three_digits(number: float, words: Words) -> str:
    """A number with about three digits that count."""
    size = abs(number)
    return words.number(number, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)
