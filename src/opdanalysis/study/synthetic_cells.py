"""Cells of an invented table: numbers with their ranges, and the ids that tables share."""

from __future__ import annotations

from typing import Any

INVENTED = "invented"
"""The one source of an invented regency, which says what it is."""

UNITS, COUNTER = "uptd-capil", "capil-plaza"
"""The group of the civil registry's units, and its counter in a mall."""

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def about(name: str, value: float, spread: float) -> Row:
    """The cells of an uncertain number: itself, its limits and on what it rests."""
    middle = tidy(value)
    return {
        name: middle,
        f"{name}_low": tidy(middle / (1 + spread)),
        f"{name}_high": tidy(middle * (1 + spread)),
        f"{name}_evidence": "judgement",
        f"{name}_source": INVENTED,
    }


def tidy(number: float) -> float:
    """A number with three digits that count."""
    return float(f"{number:.3g}")


def flag(is_so: bool) -> str:
    """Yes or no, as tables say it."""
    return "yes" if is_so else "no"


def district(place: int) -> str:
    """The id of a kecamatan."""
    return f"kec-{place + 1:02d}"


def office_of(place: int) -> str:
    """The id of the office of a kecamatan."""
    return f"kantor-kec-{place + 1:02d}"


def unit_of(place: int) -> str:
    """The id of the civil registry unit of a kecamatan."""
    return f"{UNITS}-{place + 1:02d}"
