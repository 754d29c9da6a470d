"""Numbers by name: floats, or one draw after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np


class Values(Mapping[str, Any]):
    """What a model is given. A number for all is a float or `(n_draws,)`; one number for each
    entity is `(n_entities,)` or `(n_draws, n_entities)`.

    `draws` is None for floats. Numbers are looked up when asked for, so that a book draws only
    what a model needs.
    """

    def __init__(
        self,
        numbers: Mapping[str, Any],
        draws: int | None = None,
        window: slice = slice(None),
        beside: bool = False,
    ) -> None:
        self._numbers, self.draws, self._window, self._beside = numbers, draws, window, beside

    def __getitem__(self, name: str) -> Any:
        number = self._numbers[name]
        if self.draws is None or np.ndim(number) == 0:
            return number
        number = number[self._window]
        return number[:, None] if self._beside and number.ndim == 1 else number

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def beside_entities(self) -> Values:
        """The same numbers for formulas over entities: a number for all becomes `(n_draws, 1)`."""
        return Values(self._numbers, self.draws, self._window, beside=True)

    def blocks(self, size: int) -> Iterator[Values]:
        """The draws in order, `size` at a time, so that arrays stay in the processor's cache."""
        for start in range(0, self.draws or 1, size):
            yield Values(self._numbers, self.draws, slice(start, start + size), self._beside)

    def with_numbers(self, numbers: Mapping[str, Any]) -> Values:
        """The same values with some numbers replaced, by floats or by draws."""
        held = _Held(dict(numbers), self._numbers)
        return Values(held, self.draws, self._window, self._beside)


class _Held(Mapping[str, Any]):
    """Numbers of which some are held; the others are only looked up when asked for."""

    def __init__(self, held: Mapping[str, Any], numbers: Mapping[str, Any]) -> None:
        self._held, self._numbers = held, numbers

    def __getitem__(self, name: str) -> Any:
        return self._held[name] if name in self._held else self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
