"""What stands beside a slider: its value at every place, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opdanalysis.explorer.assumptions import Assumption
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.text.amounts import amount_in_words
from opdanalysis.text.words import Words


def slider_items(
    sliders: Sequence[Assumption], held: Mapping[str, float], book: ParameterBook, words: Words
) -> list[dict[str, Any]]:
    """What the widget shows of each slider; `held` has the points of those that are set."""
    items = []
    for slider in sliders:
        texts = [reading(slider, place, words) for place in range(len(slider.points))]
        at = slider.start
        if slider.name in held:
            value = held[slider.name]
            at = min(range(len(texts)), key=lambda place: abs(slider.points[place] - value))
        items.append(
            {"name": slider.name, "label": words(f"parameter.{slider.name}"), "texts": texts}
            | {"at": at, "held": slider.name in held, "open": _open(slider, texts, book, words)}
        )
    return items


def reading(slider: Assumption, place: int, words: Words) -> str:
    """The value at one place: an amount with its unit, or the whole of a column."""
    if slider.wholes:
        return words("explorer.whole", share=words.percent(slider.wholes[place]))
    value = slider.points[place]
    if slider.unit == "1":
        return words.percent(value, 0 if value == 0 or value >= 0.095 else 1)
    return amount_in_words(value, slider.unit, words)


def _open(slider: Assumption, texts: Sequence[str], book: ParameterBook, words: Words) -> str:
    """What is said while nothing is set: the range that is drawn from."""
    parameter = book[slider.name]
    if isinstance(parameter, Parameter) and parameter.role == "lever":
        return words("explorer.as_today", value=words.percent(parameter.value))
    if slider.wholes:
        low, high = words.percent(slider.wholes[0]), words.percent(slider.wholes[-1])
        return words("explorer.range_of_column", low=low, high=high)
    return words("explorer.range", low=texts[0], high=texts[-1])
