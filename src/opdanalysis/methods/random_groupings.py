"""Random groupings to hold a given one against: permuted labels, feasible swaps, feasible plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial, prod

import numpy as np

MOST_LISTED = 20_000  # label arrangements that are listed one by one instead of drawn


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
    groups = groups.copy()
    halfway = groups
    count = len(groups)
    row = np.arange(count)
    room = capacity * (1 + 1e-9) + 1e-9  # sums that went up and down again differ by rounding
    load = np.zeros((count, len(capacity)))
    np.add.at(load, (row[:, None], groups), np.broadcast_to(sizes, groups.shape))
    taken = 0
    if not len(nodes):
        return groups, halfway, 0.0
    for step in range(steps):
        one = nodes[rng.integers(0, len(nodes), count)]
        other = nodes[rng.integers(0, len(nodes), count)]
        is_move = rng.random(count) < moves
        anywhere = rng.integers(0, len(capacity), count)
        here = groups[row, one]
        there = np.where(is_move, anywhere, groups[row, other])
        more = sizes[one] - np.where(is_move, 0.0, sizes[other])  # what `there` gains
        fits = (load[row, there] + more <= room[there]) & (load[row, here] - more <= room[here])
        go = np.flatnonzero(fits & (here != there))
        load[go, here[go]] -= more[go]
        load[go, there[go]] += more[go]
        groups[go, one[go]] = there[go]
        back = go[~is_move[go]]
        groups[back, other[back]] = here[back]
        taken += len(go)
        if step + 1 == steps // 2:
            halfway = groups.copy()
    return groups, halfway, taken / max(1, steps * count)


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
