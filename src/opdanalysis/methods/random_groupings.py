"""Random groupings to hold a given one against: permuted labels, feasible swaps, feasible plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import factorial, prod

import numpy as np

MOST_LISTED = 20_000  # label arrangements that are listed one by one instead of drawn
STEPS_AT_ONCE = 50  # steps of the chain that are proposed together
ROWS_AT_ONCE = 2_000  # chains that walk together, so that their groups stay in the cache


@dataclass(frozen=True)
class Draws:
    """Random groupings `(count, n)` and how they were made."""

    groups: np.ndarray
    halfway: np.ndarray | None  # the same chains after half their steps
    accepted: float  # share [1] of the proposed steps that were taken
    exact: bool  # every arrangement, once, instead of a sample


def permuted_labels(
    groups: np.ndarray, movable: np.ndarray, draws: int, rng: np.random.Generator
) -> Draws:
    """The movable nodes' labels in random order; all arrangements where they are few."""
    labels = groups[movable]
    counts = np.unique(labels, return_counts=True)[1]
    if len(labels) <= 20 and _arrangement_count(counts) <= MOST_LISTED:
        arranged = np.array(list(_arrangements(labels)))
        exact = True
    else:
        arranged = rng.permuted(np.broadcast_to(labels, (draws, len(labels))), axis=1)
        exact = False
    result = np.repeat(groups[None], len(arranged), axis=0)
    result[:, movable] = arranged
    return Draws(result, None, 1.0, exact)


def feasible_chain(
    groups: np.ndarray,
    sizes: np.ndarray,
    capacity: np.ndarray,
    movable: np.ndarray,
    draws: int,
    steps: int,
    moves: float,
    rng: np.random.Generator,
) -> Draws:
    """Groupings within capacity, from a chain that leaves every one of them equally likely.

    A step proposes to swap two movable nodes or, in a share `moves` of the steps, to move one to
    any group; it is taken when both groups stay within capacity. The parallel method of Besag and
    Clifford (1989): one chain runs from the observed grouping to a hidden one (the steps are
    symmetric, so that back is like forward), and from there each draw runs on its own. Observed
    and drawn groupings are then exchangeable if all are equally likely, however slowly it mixes.
    """
    nodes = np.flatnonzero(movable)
    hidden, _, _ = _walk(groups[None], sizes, capacity, nodes, steps, moves, rng)
    start = np.repeat(hidden, draws, axis=0)
    result, halfway, accepted = _walk(start, sizes, capacity, nodes, steps, moves, rng)
    return Draws(result, halfway, accepted, False)


def _walk(groups, sizes, capacity, nodes, steps, moves, rng):
    """Each row of `groups` after the steps, after half of them, and the share that was taken."""
    count, n = groups.shape
    k = len(capacity)
    groups = groups.copy()
    halfway = groups
    room = capacity * (1 + 1e-9) + 1e-9  # sums that went up and down again differ by rounding
    free = np.tile(room, (count, 1))
    np.subtract.at(free, (np.arange(count)[:, None], groups), np.broadcast_to(sizes, groups.shape))
    taken = 0
    if not len(nodes):
        return groups, halfway, 0.0
    half = steps // 2
    borders = {0, steps, half, *range(0, steps, STEPS_AT_ONCE)}
    for first, last in pairwise(sorted(borders)):
        proposed = [_proposals(count, nodes, k, moves, rng) for _ in range(first, last)]
        for start in range(0, count, ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            of_group, of_room = (n * np.arange(count)[some], k * np.arange(count)[some])
            for each in proposed:
                each = [part[some] for part in each]
                taken += _step(
                    groups.reshape(-1), free.reshape(-1), sizes, of_group, of_room, *each
                )
        if last == half:
            halfway = groups.copy()
    return groups, halfway, taken / max(1, steps * count)


def _proposals(count, nodes, k, moves, rng):
    """For each row two nodes, and the group to which the first one moves alone, or -1."""
    one, other = (nodes[rng.integers(0, len(nodes), count)] for _ in range(2))
    alone = rng.random(count) < moves
    return one, other, np.where(alone, rng.integers(0, k, count), -1)


def _step(groups, free, sizes, of_group, of_room, one, other, alone):
    """Take what is proposed where it fits, in place; returns in how many rows that was so.

    `groups` and `free` are flat; the rows begin at `of_group` and `of_room`.
    """
    first, second = of_group + one, of_group + other
    here, there = groups.take(first), groups.take(second)
    back = sizes.take(other)
    moves = alone >= 0
    if moves.any():
        there = np.where(moves, alone, there)
        back = np.where(moves, 0.0, back)
    more = sizes.take(one) - back  # what `there` gains
    to, out = of_room + there, of_room + here
    fits = (more <= free.take(to)) & (-more <= free.take(out)) & (here != there)
    go = np.flatnonzero(fits)
    more, here, there = more[go], here[go], there[go]
    free[out[go]] += more
    free[to[go]] -= more
    groups[first[go]] = there
    swapped = ~moves[go]
    groups[second[go[swapped]]] = here[swapped]
    return len(go)


def _arrangement_count(counts: np.ndarray) -> int:
    return factorial(int(counts.sum())) // prod(factorial(int(c)) for c in counts)


def _arrangements(labels: np.ndarray) -> Iterator[tuple[int, ...]]:
    """The different orders of the labels, each once."""
    kinds, counts = np.unique(labels, return_counts=True)
    left = dict(zip(kinds.tolist(), counts.tolist(), strict=True))

    def rest(length: int) -> Iterator[tuple[int, ...]]:
        if length == 0:
            yield ()
            return
        for kind in left:
            if left[kind]:
                left[kind] -= 1
                for tail in rest(length - 1):
                    yield (kind, *tail)
                left[kind] += 1

    return rest(len(labels))
