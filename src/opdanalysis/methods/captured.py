"""The most contacts that a grouping could hold inside its groups: found, and at most possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]


def captured(weights: Floats, groups: Groups) -> float:
    """The sum of weights of ordered pairs within one group, without self-ties."""
    inside = groups[:, None] == groups[None, :]
    return float(weights[inside].sum() - np.diag(weights).sum())


def improved_grouping(
    weights: Floats,
    groups: Groups,
    movable: NDArray[np.bool_],
    sizes: Floats,
    capacity: Floats,
    *,
    moves: bool,
    starts: int = 8,
    seed: int = 0,
) -> Groups:
    """A grouping that holds more, found by best swaps within capacity from several starts, `(n,)`.

    With `moves` a node may also change its group alone, so that groups grow, shrink and empty.
    A group that `groups` overfills may stay as full as it is. The first start is `groups` itself,
    the others shuffle the movable nodes as far as capacity allows; the best end is kept.
    """
    rng = np.random.default_rng(seed)
    both = weights + weights.T
    np.fill_diagonal(both, 0.0)
    room = np.maximum(capacity, np.bincount(groups, sizes, len(capacity))) + 1e-9
    best, most = groups, captured(weights, groups)
    for start in range(starts):
        begun = groups if start == 0 else _shuffled(groups, movable, sizes, room, rng)
        ended = _climbed(both, begun, np.flatnonzero(movable), sizes, room, moves)
        value = captured(weights, ended)
        if value > most:
            best, most = ended, value
    return best


def captured_bound(
    weights: Floats, groups: Groups, movable: NDArray[np.bool_], *, moves: bool
) -> float:
    """What no grouping can exceed, capacity left aside; with `moves` groups may be of any size.

    Each node is given the best company that it could have by itself: its fixed mates in a group
    and its dearest movable ones, as many as fit. Half the sum over all nodes is a valid bound.
    """
    both = weights + weights.T
    np.fill_diagonal(both, 0.0)
    k = int(groups.max()) + 1
    fixed_mates = np.stack(
        [both[:, ~movable & (groups == g)].sum(axis=1) for g in range(k)], axis=1
    )
    seats = np.bincount(groups[movable], minlength=k)
    if moves:
        seats = np.full(k, int(movable.sum()))
    dearest = np.sort(both[:, movable], axis=1)[:, ::-1]
    upto = np.concatenate([np.zeros((len(groups), 1)), dearest.cumsum(axis=1)], axis=1)
    others = np.maximum(seats[None, :] - movable[:, None], 0)
    company = fixed_mates + np.take_along_axis(upto, others, axis=1)
    reachable = (seats > 0)[None, :] & movable[:, None]
    reachable |= groups[:, None] == np.arange(k)[None, :]
    return float(np.where(reachable, company, -np.inf).max(axis=1).sum() / 2)


def _shuffled(
    groups: Groups,
    movable: NDArray[np.bool_],
    sizes: Floats,
    room: Floats,
    rng: np.random.Generator,
) -> Groups:
    """The grouping after random swaps of movable nodes that respect the room."""
    groups = groups.copy()
    load = np.bincount(groups, sizes, len(room))
    nodes = np.flatnonzero(movable)
    for one, other in nodes[rng.integers(0, len(nodes), (20 * len(nodes), 2))]:
        here, there = groups[one], groups[other]
        more = sizes[one] - sizes[other]
        if here != there and load[there] + more <= room[there] and load[here] - more <= room[here]:
            groups[one], groups[other] = there, here
            load[there] += more
            load[here] -= more
    return groups


def _climbed(
    both: Floats, groups: Groups, nodes: Groups, sizes: Floats, room: Floats, moves: bool
) -> Groups:
    """The grouping after best swaps, and moves where allowed, until none gains."""
    groups = groups.copy()
    k = len(room)
    mine = np.arange(len(nodes))
    between = both[np.ix_(nodes, nodes)]
    while True:
        load = np.bincount(groups, sizes, k)
        ties = both[nodes] @ (groups[:, None] == np.arange(k)[None, :])
        here = groups[nodes]
        stay = ties[mine, here]
        swap = ties[:, here] - stay[:, None]
        gain = swap + swap.T - 2 * between
        more = sizes[nodes][:, None] - sizes[nodes][None, :]
        fits = (load[here][None, :] + more <= room[here][None, :]) & (
            here[:, None] != here[None, :]
        )
        gain = np.where(fits & fits.T, gain, 0.0)
        pair = np.unravel_index(gain.argmax(), gain.shape)
        shift = np.where(load[None, :] + sizes[nodes][:, None] <= room[None, :], ties, -np.inf)
        shift = shift - stay[:, None]
        alone = np.unravel_index(shift.argmax(), shift.shape)
        if moves and shift[alone] > max(gain[pair], 1e-9):
            groups[nodes[alone[0]]] = alone[1]
        elif gain[pair] > 1e-9:
            groups[nodes[pair[0]]], groups[nodes[pair[1]]] = here[pair[1]], here[pair[0]]
        else:
            return groups
