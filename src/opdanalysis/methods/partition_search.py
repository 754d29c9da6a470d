"""Iterated local search for the grouping with the greatest sum of pair gains.

Many searches run side by side in one array. Each one makes its best single move until none helps,
then tries to merge two groups, and is then kicked away from where it stands.
"""

from __future__ import annotations

import numpy as np

TOLERANCE = 1e-12  # gains below this share of the largest pair gain are rounding
SEARCHES = 64  # that run side by side


def canonical(groups: np.ndarray) -> np.ndarray:
    """The same grouping with groups numbered in the order of their first node, `(..., n)`.

    >>> canonical(np.array([7, 2, 7, 5])).tolist()
    [0, 1, 0, 2]
    """
    rows = np.atleast_2d(groups)
    first_mate = (rows[:, :, None] == rows[:, None, :]).argmax(axis=2)
    is_first = first_mate == np.arange(rows.shape[1])
    number = is_first.cumsum(axis=1) - 1
    return np.take_along_axis(number, first_mate, axis=1).reshape(np.shape(groups))


def grouping_value(pair_gains: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sum of the gains of all pairs that share a group, `(...)` for groups of `(..., n)`."""
    groups = np.asarray(groups)
    together = groups[..., :, None] == groups[..., None, :]
    return (together * pair_gains).sum(axis=(-2, -1)) / 2


def merged_from_single_nodes(pair_gains: np.ndarray) -> np.ndarray:
    """The grouping reached by always merging the two groups that gain most, `(n,)`."""
    between = pair_gains.copy()
    n = len(between)
    np.fill_diagonal(between, -np.inf)
    groups = np.arange(n)
    while n > 1:
        first, second = divmod(int(between.argmax()), n)
        if between[first, second] <= 0:
            break
        between[first] += between[second]
        between[:, first] += between[:, second]
        between[second] = between[:, second] = -np.inf
        between[first, first] = -np.inf
        groups[groups == second] = first
    return canonical(groups)


def grouping_search(
    pair_gains: np.ndarray, kicks: int, rng: np.random.Generator, near: float, offset: float
) -> tuple[np.ndarray, np.ndarray]:
    """Good groupings `(count, n)`, best first, and their values `(count,)`.

    Parameters
    ----------
    pair_gains
        `(n, n)`, symmetric with an empty diagonal: what a pair adds when it shares a group.
    kicks
        How often each of the 64 searches is kicked.
    near
        Local optima are kept when their value, with `offset` added, reaches this share of the best.
    """
    n = len(pair_gains)
    start = merged_from_single_nodes(pair_gains)
    room = min(n, 2 * int(start.max()) + 4)
    while True:
        found, values = _search_with_room(pair_gains, start, room, kicks, rng, near, offset)
        if room == n or found[0].max() + 1 < room:
            return found, values
        room = min(n, 2 * room)  # the best grouping used every group there was


def _search_with_room(pair_gains, start, room, kicks, rng, near, offset):
    n = len(pair_gains)
    scale = max(float(np.abs(pair_gains).max()), np.finfo(float).tiny)
    tolerance = TOLERANCE * scale
    most = rng.integers(min(2, room), room + 1, SEARCHES)[:, None]
    groups = rng.integers(0, most, (SEARCHES, n))
    groups[0] = start
    kept = np.empty_like(groups)
    kept_value = np.full(SEARCHES, -np.inf)
    pool: dict[bytes, float] = {}
    best = -np.inf
    for kick in range(kicks + 1):
        _climb(groups, pair_gains, room, tolerance)
        value = grouping_value(pair_gains, groups)
        best = max(best, float(value.max()))
        least = best - (1 - near) * abs(best + offset) - tolerance
        good = np.flatnonzero(value >= least)
        for row, its_value in zip(
            canonical(groups[good]).astype(np.int16), value[good], strict=True
        ):
            pool[row.tobytes()] = float(its_value)
        better = value >= kept_value - tolerance
        kept[better] = groups[better]
        kept_value[better] = value[better]
        if kick < kicks:
            groups = _kicked(kept, room, rng)
    # rounded, so that equally good groupings are ordered by their members and not by rounding
    step = scale * 1e-9
    ranked = sorted((-round(v / step), k, v) for k, v in pool.items() if v >= least)
    found = np.array([np.frombuffer(k, dtype=np.int16) for _, k, _ in ranked], dtype=np.int64)
    return found, np.array([v for _, _, v in ranked])


def _climb(groups, pair_gains, room, tolerance):
    """Best single moves, then best merges, until neither helps; changes `groups` in place."""
    links = _links(groups, pair_gains, room)
    active = np.arange(len(groups))
    while active.size:
        _move_until_stuck(groups, links, pair_gains, active, tolerance)
        active = active[_merge_once(groups, links, active, tolerance)]


def _links(groups, pair_gains, room):
    """Gain of each node with each group, `(searches, room, n)`."""
    member = (groups[:, None, :] == np.arange(room)[None, :, None]).astype(float)
    return member @ pair_gains


def _move_until_stuck(groups, links, pair_gains, active, tolerance):
    n = groups.shape[1]
    while active.size:
        own = np.take_along_axis(links[active], groups[active][:, None, :], axis=1)
        gain = (links[active] - own).reshape(len(active), -1)
        choice = gain.argmax(axis=1)
        moves = gain[np.arange(len(active)), choice] > tolerance
        active, choice = active[moves], choice[moves]
        target, node = np.divmod(choice, n)
        left = groups[active, node]
        links[active, left] -= pair_gains[node]
        links[active, target] += pair_gains[node]
        groups[active, node] = target


def _merge_once(groups, links, active, tolerance):
    """Merge, in each search, the two groups that gain most; says which searches did."""
    room = links.shape[1]
    member = (groups[active][:, None, :] == np.arange(room)[None, :, None]).astype(float)
    between = member @ links[active].transpose(0, 2, 1)
    between[:, np.arange(room), np.arange(room)] = -np.inf
    flat = between.reshape(len(active), -1)
    choice = flat.argmax(axis=1)
    merges = flat[np.arange(len(active)), choice] > tolerance
    active, choice = active[merges], choice[merges]
    gone, host = np.divmod(choice, room)
    links[active, host] += links[active, gone]
    links[active, gone] = 0.0
    groups[active] = np.where(groups[active] == gone[:, None], host[:, None], groups[active])
    return merges


def _kicked(groups, room, rng):
    """Each grouping after one random kick: scattered nodes, a dissolved group or a split one."""
    count, n = groups.shape
    kind = rng.integers(0, 4, count)[:, None]
    strength = rng.uniform(1.5, max(3.0, n / 3), count)[:, None] / n
    struck = rng.random((count, n)) < strength
    anywhere = rng.integers(0, room, (count, n))
    scattered = np.where(struck, anywhere, groups)
    one = np.take_along_axis(groups, rng.integers(0, n, (count, 1)), axis=1)
    other = np.take_along_axis(groups, rng.integers(0, n, (count, 1)), axis=1)
    dissolved = np.where(groups == one, anywhere, groups)
    half = rng.random((count, n)) < 0.5
    shuffled = np.where((groups == one) | (groups == other), np.where(half, one, other), groups)
    return np.choose(kind, [scattered, scattered, dissolved, shuffled])
