"""Tabu search over plans: swaps and shifts, with a penalty on room that adapts.

A table holds what each agency would cost in each site, the others staying where they are, so that
every move is evaluated from stored sums and only the made move costs n times m additions. Plans may
break rules on the way: each kind of room, forbidden pairs and the number of moves have a penalty
that grows while the rule is broken and falls while all are kept. The loops are compiled by numba
where it is installed; without it the same functions run, slower, with the same results.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opdanalysis.methods.assignment_tables import Tables, compiled
from opdanalysis.methods.assignment_tabu import tabu_loop

ARCHIVE = 64  # best different plans that a search remembers


@dataclass
class Archive:
    """The best different plans met, in no order."""

    plans: np.ndarray  # (ARCHIVE, n)
    values: np.ndarray  # (ARCHIVE,)
    marks: np.ndarray  # (ARCHIVE,): exclusive-or of the plan's keys

    @classmethod
    def empty(cls, n: int) -> Archive:
        """An archive for plans of n agencies that holds none yet."""
        return cls(
            np.zeros((ARCHIVE, n), dtype=np.int64),
            np.full(ARCHIVE, np.inf),
            np.full(ARCHIVE, -1, dtype=np.int64),
        )


@dataclass
class Walk:
    """Where a search stands: it can be stopped and taken up again."""

    sites: np.ndarray
    penalty: np.ndarray  # (r + 2,): room, forbidden pairs, moves
    word: np.ndarray  # (1,): state of the random numbers
    best: np.ndarray
    best_value: np.ndarray  # (1,): infinite while no plan kept the rules
    blocked: np.ndarray  # (n, m): the move up to which an agency may not come back
    clock: np.ndarray  # (2,): moves made, and moves since the best value improved

    @classmethod
    def begun(cls, tables: Tables, sites: np.ndarray, word: np.ndarray) -> Walk:
        """A walk before its first move; `word` is shared with the walks after it."""
        blocked = np.zeros(tables.cost.shape, dtype=np.int64)
        return cls(
            sites,
            first_penalties(tables),
            word,
            sites.copy(),
            np.array([np.inf]),
            blocked,
            np.zeros(2, dtype=np.int64),
        )


def first_penalties(tables: Tables) -> np.ndarray:
    """Penalties at which a typical overfill costs about as much as a typical move."""
    spread = tables.cost.std() + tables.tie.sum(axis=1).mean() * tables.gap.std() / 2
    typical = np.maximum(tables.demand.mean(axis=0), 1e-12)
    spread = max(float(spread), 1e-9)
    return np.concatenate([spread / typical, [spread, spread]])


def tabu(
    tables: Tables,
    walk: Walk,
    archive: Archive,
    moves: int,
    patience: int,
    tenure: tuple[int, int],
) -> int:
    """Walk on for at most `moves` moves; returns how many were made.

    It ends early after `patience` moves without a better plan in this walk.
    """
    before = int(walk.clock[0])
    compiled(tabu_loop)(
        tables.tie,
        tables.gap,
        tables.lean,
        tables.slope,
        tables.demand,
        tables.room,
        tables.opening,
        tables.choices,
        tables.n_choices,
        tables.allowed,
        tables.conflict,
        tables.start,
        tables.max_moves,
        tables.keys,
        tables.only_swaps,
        tables.cost,
        tables.fresh_table(walk.sites),
        walk.sites,
        walk.best,
        walk.penalty,
        walk.word,
        walk.blocked,
        walk.clock,
        archive.plans,
        archive.values,
        archive.marks,
        moves,
        patience,
        tenure[0],
        tenure[1],
        walk.best_value,
    )
    return int(walk.clock[0]) - before
