"""Numbers by name: floats, or one draw after another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

Found = TypeVar("Found")


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
        parent: Values | None = None,
    ) -> None:
        self._numbers, self.draws, self._window, self._beside = numbers, draws, window, beside
        self._known: dict[Hashable, Any] = {}
        self._parent = parent

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
        return self.once(
            "beside entities",
            lambda: Values(self._numbers, self.draws, self._window, beside=True),
        )

    def once(
        self, key: Hashable, compute: Callable[[], Found], of: Collection[str] | None = None
    ) -> Found:
        """What `compute` returns; with these values it is computed once for each key.

        For what does not depend on the plan, so that many plans share it. The key must name all
        that the result depends on besides the values, and `of` the numbers that it is made of:
        values that differ from others in none of them share it too. None means any number.
        """
        if of is not None and self._parent is not None and not self._replaced.intersection(of):
            return self._parent.once(key, compute, of)
        if key not in self._known:
            self._known[key] = compute()
        found: Found = self._known[key]
        return found

    def forget(self) -> None:
        """Let go of what was computed once, so that its memory is free at once."""
        self._known.clear()

    def blocks(self, size: int) -> Iterator[Values]:
        """The draws in order, `size` at a time, so that arrays stay in the processor's cache.

        What a block has computed once is forgotten when the next is asked for.
        """
        for start in range(0, self.draws or 1, size):
            block = self.block(slice(start, start + size))
            yield block
            block.forget()

    def block(self, window: slice) -> Values:
        """Some of the draws, which are computed together."""
        return Values(self._numbers, self.draws, window, self._beside)

    def noting(self, names: set[str]) -> Values:
        """The same numbers; the names of those that are asked for are added to `names`.

        Nothing that was computed once is shared with these values, so that all is noted.
        """
        return Values(_Noted(self, names), self.draws)

    def with_numbers(self, numbers: Mapping[str, Any]) -> Values:
        """The same values with some numbers replaced, by floats or by draws."""
        if not numbers:
            return self
        held = _Held(dict(numbers), self._numbers)
        return Values(held, self.draws, self._window, self._beside, parent=self)

    @property
    def _replaced(self) -> frozenset[str]:
        """The numbers in which these values differ from their parent."""
        return self._numbers.replaced if isinstance(self._numbers, _Held) else frozenset()


class _Held(Mapping[str, Any]):
    """Numbers of which some are held; the others are only looked up when asked for."""

    def __init__(self, held: Mapping[str, Any], numbers: Mapping[str, Any]) -> None:
        self._held, self._numbers = held, numbers
        self.replaced = frozenset(held)

    def __getitem__(self, name: str) -> Any:
        return self._held[name] if name in self._held else self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Noted(Mapping[str, Any]):
    """Numbers that note which of them were asked for."""

    def __init__(self, numbers: Mapping[str, Any], names: set[str]) -> None:
        self._numbers, self._names = numbers, names

    def __getitem__(self, name: str) -> Any:
        self._names.add(name)
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
