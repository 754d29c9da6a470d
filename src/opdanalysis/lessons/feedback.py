"""A student's answer against the one that the package finds, and what is said about it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opdanalysis.text.words import Words

CLOSE = 0.01
"""How far a number may be off [1]: what is rounded sensibly is right."""

FACTORS = (100.0, 1e3, 1e6, 1e9, 60.0)
"""By how much an answer is off where only its unit is wrong: percent, thousands, ..., minutes."""


@dataclass(frozen=True)
class Feedback:
    """What is said about the answers of one exercise; `right` is whether all are."""

    right: bool
    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        colour = "#00614a" if self.right else "#8f3a00"
        said = "<br>".join(html.escape(line) for line in self.lines)
        return f'<p style="border-left:6px solid {colour};padding:4px 10px;margin:0">{said}</p>'


def is_empty(answer: Any) -> bool:
    """Whether the three dots of the exercise still stand there."""
    return answer is ... or answer is None


def compared(answer: Any, expected: Any, words: Words) -> tuple[bool, str]:
    """Whether an answer is right, and a few words on what is wrong with it.

    Numbers may be off by 1%; several numbers are compared one by one, words letter by letter.
    """
    if isinstance(expected, str):
        if not isinstance(answer, str):
            return False, words("lesson.kind.text", found=_kind(answer))
        return answer.strip() == expected, ""
    wanted = np.atleast_1d(np.asarray(expected, dtype=float))
    try:
        given = np.atleast_1d(np.asarray(answer, dtype=float))
    except (TypeError, ValueError):
        return False, words("lesson.kind.number", found=_kind(answer))
    if given.shape != wanted.shape:
        return False, words("lesson.kind.count", found=given.size, wanted=wanted.size)
    if np.allclose(given, wanted, rtol=CLOSE, atol=1e-12):
        return True, ""
    return False, _off_by_a_unit(given, wanted, words)


def _off_by_a_unit(given: np.ndarray, wanted: np.ndarray, words: Words) -> str:
    for factor in FACTORS:
        for times, key in ((factor, "large"), (1 / factor, "small")):
            if np.allclose(given, wanted * times, rtol=CLOSE) and wanted.any():
                return words(f"lesson.factor.{key}", factor=words.number(factor))
    return ""


def _kind(answer: Any) -> str:
    return type(answer).__name__


def told(right: bool, question: str, more: Sequence[str], words: Words) -> str:
    """One line: right or not yet, which answer is meant, and a hint."""
    mark, word = ("✓", "right") if right else ("✗", "wrong")
    return " ".join([mark, f"{question}:", words(f"lesson.{word}"), *filter(None, more)])
