"""The words and number formats of one language; the words stand in `id.yaml` and `en.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from opdanalysis.errors import UsageError

LANGUAGES = ("id", "en")


class Words:
    """Words by key and numbers as they are written in one language ("id" or "en").

    Keys are paths such as "figure.gain.title"; a key that does not exist raises KeyError.
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise UsageError(f"language '{lang}' is not known. Allowed: {', '.join(LANGUAGES)}.")
        self.lang = lang
        self._words = _read(lang)

    def __call__(self, key: str, **numbers: Any) -> str:
        """The words of a key, with `{names}` filled in."""
        found = self._words[key]
        return found.format(**numbers) if numbers else found

    def __contains__(self, key: object) -> bool:
        return key in self._words

    def of(self, words: Mapping[str, str], otherwise: str = "") -> str:
        """The text of this language out of a mapping by language."""
        return words.get(self.lang, otherwise)

    def number(self, number: float, digits: int = 0) -> str:
        """A number with the separators of the language: 1.234,5 or 1,234.5."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(_no_minus_zero(number, digits), pattern, locale=self.lang))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share as a percentage: 12,5% or 12.5%."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return str(format_percent(_no_minus_zero(share, digits + 2), pattern, locale=self.lang))

    def rupiah(self, amount: float, digits: int = 1) -> str:
        """An amount of money in the unit that a reader would say: Rp 10,5 miliar."""
        for size, key in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
            if abs(amount) >= size or (key == "million" and abs(amount) >= 1e5):
                return f"Rp {self.number(amount / size, digits)} {self(f'number.{key}')}"
        return f"Rp {self.number(amount)}"

    def date(self, date: Any) -> str:
        """A date in words: 10 November 2025."""
        return str(format_date(date, "d MMMM y", locale=self.lang))


def template(name: str, lang: str) -> str:
    """A longer text of a language, with `{names}` to be filled in."""
    return Path(__file__).with_name(f"{name}.{lang}.md").read_text(encoding="utf-8")


def _no_minus_zero(number: float, digits: int) -> float:
    return 0.0 if round(number, digits) == 0 else number


@cache
def _read(lang: str) -> Mapping[str, str]:
    path = Path(__file__).with_name(f"{lang}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, many times as fast
    return dict(_flat(yaml.load(path.read_text(encoding="utf-8"), loader)))


def _flat(tree: Mapping[str, Any], start: str = "") -> list[tuple[str, str]]:
    found = []
    for key, value in tree.items():
        name = f"{start}{key}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{name}.")
        else:
            found.append((name, str(value).strip()))
    return found
