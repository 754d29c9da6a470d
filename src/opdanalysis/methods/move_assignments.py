"""The ways in which the same moves could have fallen on other units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import comb, prod
from typing import Any

import numpy as np

ALL_UP_TO = 10_000
"""Up to this many different assignments all are tried, and nothing is drawn."""


@dataclass(frozen=True, eq=False)
class Assignments:
    """Assignments of the moves: in row r unit i moves when unit `roles[r, i]` did, `(R, N)`.

    `possible` is how many different ones there are, the true one among them; `complete` says that
    `roles` holds each once. Otherwise the rows were drawn.
    """

    roles: np.ndarray
    possible: int
    complete: bool


def move_assignments(
    moved: np.ndarray, strata: np.ndarray, clusters: np.ndarray, draws: int, seed: Any
) -> Assignments:
    """Assignments of the periods `moved` `(N,)` to other units of the same stratum.

    The units of a cluster keep together, because their errors go together: a cluster changes places
    only with clusters of its size and strata. All different assignments are listed where there are
    at most ALL_UP_TO of them, and `draws` of them drawn otherwise (`seed` or generator).
    """
    blocks = [np.flatnonzero(clusters == cluster) for cluster in np.unique(clusters)]
    classes: dict[Hashable, list[np.ndarray]] = {}
    for block in blocks:
        ordered = block[np.lexsort((moved[block], strata[block]))]
        classes.setdefault(tuple(strata[ordered]), []).append(ordered)
    groups = list(classes.values())
    patterns = [[tuple(moved[block]) for block in group] for group in groups]
    possible = prod(_arrangements(found) for found in patterns)
    identity = np.arange(len(moved))
    if possible <= ALL_UP_TO:
        roles = np.tile(identity, (possible, 1))
        for row, choice in enumerate(product(*(list(_orders(found)) for found in patterns))):
            for group, order in zip(groups, choice, strict=True):
                for block, source in zip(group, order, strict=True):
                    roles[row, block] = group[source]
        return Assignments(roles, possible, True)
    rng = np.random.default_rng(seed)
    roles = np.tile(identity, (draws, 1))
    for row in range(draws):
        for group in groups:
            for block, source in zip(group, rng.permutation(len(group)), strict=True):
                roles[row, block] = group[source]
    return Assignments(roles, possible, False)


def _arrangements(patterns: Sequence[Hashable]) -> int:
    """How many different orders a list with equal members has."""
    left, ways = len(patterns), 1
    for count in Counter(patterns).values():
        ways *= comb(left, count)
        left -= count
    return ways


def _orders(patterns: Sequence[Hashable]) -> Iterator[list[int]]:
    """Each different order once, as the places from which the members are taken."""
    kinds: dict[Hashable, list[int]] = {}
    for place, pattern in enumerate(patterns):
        kinds.setdefault(pattern, []).append(place)
    # The largest kind fills what the others leave.
    rows = sorted(kinds.values(), key=len)

    def fill(free: tuple[int, ...], kinds_left: Sequence[list[int]]) -> Iterator[dict[int, int]]:
        if not kinds_left:
            yield {}
            return
        sources = kinds_left[0]
        for chosen in combinations(free, len(sources)):
            rest = tuple(place for place in free if place not in chosen)
            for others in fill(rest, kinds_left[1:]):
                yield dict(zip(chosen, sources, strict=True)) | others

    for found in islice(fill(tuple(range(len(patterns))), rows), ALL_UP_TO):
        yield [found[place] for place in range(len(patterns))]
