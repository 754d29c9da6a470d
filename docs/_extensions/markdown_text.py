"""Tables and words as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; line ends and bars in cells are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def code(text: object) -> str:
    """Text as it is typed."""
    return f"`{text}`"


def plain(text: str) -> str:
    """Text in which no sign means anything to Markdown."""
    return re.sub(r"([\\`*_\[\]<>#$|~])", r"\\\1", text)


def number(value: float, digits: int = 6) -> str:
    """A number as English text writes it, with at most so many digits that mean something."""
    if value == 0:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:,.{digits}g}".replace("e-0", "e-")


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(str(text).split()))
