"""Every set of nodes whose worth exceeds a threshold, found by branch and bound.

The worth of a set is the sum of its nodes' own worths and of the gains of its pairs: a quadratic
function of 0-1 variables. Branches are examined in batches, so that the work is done by matrix
products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BATCH = 256  # branches examined at once
TIGHTENING = 4  # rounds of the bound's fixed point; more cost more than they save


@dataclass(frozen=True)
class SetsFound:
    """Sets above a threshold; complete only if every branch was examined."""

    members: np.ndarray  # (count, n), bool
    worth: np.ndarray  # (count,)
    complete: bool
    examined: int  # branches


def promising_sets(
    own: np.ndarray, pair_gains: np.ndarray, threshold: float, effort: int, most: int
) -> SetsFound:
    """The sets worth more than the threshold.

    Parameters
    ----------
    own
        Worth of each node alone, `(n,)`.
    pair_gains
        Symmetric with an empty diagonal, `(n, n)`.
    effort
        Branches to examine before giving up.
    most
        Sets to find before giving up.
    """
    n = len(own)
    half_gain = np.maximum(pair_gains, 0) / 2
    loss = np.maximum(-pair_gains, 0)
    beside_a_member = np.where(pair_gains > 0, pair_gains / 2, pair_gains)
    stack = [(np.zeros(1), own[None].copy(), np.ones((1, n), bool), np.zeros((1, n), bool))]
    found: list[np.ndarray] = []
    worths: list[np.ndarray] = []
    examined = count = 0
    complete = True
    while stack:
        # worth of the set, what each node would add, nodes that may still join, members
        branch = stack.pop()
        if len(branch[0]) > BATCH:
            stack.append(tuple(part[BATCH:] for part in branch))
            branch = tuple(part[:BATCH] for part in branch)
        examined += len(branch[0])
        if examined > effort or count > most:
            complete = False
            break
        branch, reach = _still_open(branch, half_gain, loss, threshold)
        if not len(branch[0]):
            continue
        worth, adds, free, members = branch
        # the most that a set can reach once a given node has joined
        beside = np.maximum(reach[:, None, :] + beside_a_member, 0).sum(axis=2)
        with_node = worth[:, None] + adds + beside - np.maximum(reach, 0)
        free = free & (with_node > threshold)
        # nodes that add little and clash with many join first: later branches go without them
        order = np.where(free, adds - free @ loss, np.inf).argsort(axis=1).argsort(axis=1)
        row, node = np.nonzero(free)
        if not len(row):
            continue
        worth = worth[row] + adds[row, node]
        members = members[row]
        members[np.arange(len(row)), node] = True
        above = worth > threshold
        if above.any():
            found.append(members[above])
            worths.append(worth[above])
            count += int(above.sum())
        later = free[row] & (order[row] > order[row, node][:, None])
        grows = later.any(axis=1)
        row, node = row[grows], node[grows]
        adds = adds[row] + pair_gains[node]
        stack.append((worth[grows], adds, later[grows], members[grows]))
    if not found:
        return SetsFound(np.zeros((0, n), bool), np.zeros(0), complete, examined)
    return SetsFound(np.concatenate(found), np.concatenate(worths), complete, examined)


def _still_open(branch, half_gain, loss, threshold):
    """The branches that can still pass the threshold, and what each free node reaches at most."""
    # First bound: every gain is halved between its two nodes, every loss is forgotten.
    worth, adds, free, _ = branch
    reach = np.where(free, adds + free @ half_gain, -np.inf)
    keep = worth + np.maximum(reach, 0).sum(axis=1) > threshold
    branch, reach = tuple(part[keep] for part in branch), reach[keep]
    if not keep.any():
        return branch, reach

    # Second bound. A node that cannot pay for itself takes a larger share of its gains, ...
    worth, adds, free, _ = branch
    pays = reach > 0
    offered = pays @ half_gain
    poor = free & ~pays
    taken = np.zeros_like(reach)
    taken[poor] = np.minimum(1, -reach[poor] / np.maximum(offered[poor], 1e-300))
    left = np.where(pays, np.maximum(np.where(pays, reach, 0) - taken @ half_gain, 0), 0)
    # ... and of a loss l between i and j, the part a = y_i y_j counts: for 0-1 numbers x and any y
    # from 0 to 1, -l x_i x_j <= a l (1 - x_i - x_j).
    part = (left > 0).astype(float)
    lost = part @ loss
    for _ in range(TIGHTENING):
        part = np.minimum(1, part * np.sqrt(left / np.maximum(part * lost, 1e-300)))
        lost = part @ loss
    lost = part * lost
    bound = worth + np.maximum(left - lost, 0).sum(axis=1) + lost.sum(axis=1) / 2
    keep = bound > threshold
    return tuple(part[keep] for part in branch), reach[keep]
