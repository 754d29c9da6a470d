"""One amount with its unit, as a sentence would say it: Rp 5,4 juta per Mbps per tahun."""

from __future__ import annotations

from opdanalysis.text.words import Words
from opdanalysis.units import is_money


def amount_in_words(number: float, unit: str, words: Words) -> str:
    """A number with about three digits that count, and its unit in words; shares stay numbers."""
    first, *per = unit.split("/")
    size = abs(number)
    shown = words.number(number, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)
    if is_money(unit):
        shown = words.rupiah(number)
    elif first != "1":
        shown = f"{shown} {words(f'unit_part.{first}')}"
    parts = [words("unit_part.per", part=words(f"unit_one.{part}")) for part in per]
    return " ".join([shown, *parts])
