"""Does a given grouping hold more of a network than chance, for three meanings of chance.

Label permutation and feasible swaps ask: given how many sit in each group, are the right ones
together? Feasible plans also ask whether the choice of groups is good. The answers can differ
widely, so each result carries the name of its null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.label_moments import label_moments
from opdanalysis.methods.modularity import checked_weights
from opdanalysis.methods.random_groupings import Draws, feasible_chain, permuted_labels

BATCH = 500  # groupings valued at once


@dataclass(frozen=True)
class GroupingTest:
    """A grouping's value against the values of random ones, whole and group by group.

    `value` is the sum of the weights of all ordered pairs, each times the closeness of the two
    groups; with the usual closeness (1 in the same group, 0 elsewhere) the captured contacts.
    """

    null: str  # label permutation, feasible swaps, feasible plans
    value: float
    total: float  # the sum of all weights
    mean: float  # of the null; closed form for the label permutation
    sd: float
    p: float  # share of groupings at least as high; for draws (1 + count) / (1 + draws)
    p_less: float  # the same for at most as high
    exact: bool  # every arrangement was listed
    draws: np.ndarray  # values of the random groupings, (count,)
    accepted: float  # share of the chain's steps that were taken
    drift: float  # mean at the end less mean halfway, in sd: near 0 once the chain has mixed
    overfull: np.ndarray  # (k,) bool: filled beyond capacity by the observed grouping
    group_value: np.ndarray  # (k,) weights inside each group
    group_mean: np.ndarray
    group_sd: np.ndarray
    group_p: np.ndarray  # not adjusted for the number of groups

    @property
    def share(self) -> float:
        """The value as a share of all contacts [1]."""
        return self.value / self.total

    @property
    def percentile(self) -> float:
        """Share [1] of the random groupings with a lower value, ties counted half."""
        tie = _rounding(self.draws, self.value)
        below = (self.draws < self.value - tie).mean()
        return float(below + (np.abs(self.draws - self.value) <= tie).mean() / 2)

    @property
    def p_error(self) -> float:
        """Standard error of p from the number of draws; 0 where all were listed."""
        return 0.0 if self.exact else float(np.sqrt(self.p * (1 - self.p) / len(self.draws)))


def label_permutation_test(
    weights: np.ndarray,
    groups: np.ndarray,
    *,
    movable: np.ndarray | None = None,
    closeness: np.ndarray | None = None,
    draws: int = 9_999,
    seed: int = 0,
) -> GroupingTest:
    """The grouping against random orders of its own labels; capacity plays no part.

    Parameters
    ----------
    weights
        `(n, n)`, row to column; self-ties are left out.
    groups
        One whole number from 0 per node, `(n,)`.
    movable
        Nodes whose labels change places, `(n,)`; the others are fixed tenants. All by default.
    closeness
        Symmetric, `(k, k)`: what a contact between two groups counts. 1 inside by default.
    """
    case = _Case.of(weights, groups, movable, closeness)
    made = permuted_labels(case.groups, case.movable, draws, np.random.default_rng(seed))
    mean, variance = label_moments(case.weights, case.groups, case.movable, case.closeness)
    return case.held_against("label permutation", made, moments=(mean, variance**0.5))


def feasible_swap_test(
    weights: np.ndarray,
    groups: np.ndarray,
    sizes: np.ndarray,
    capacity: np.ndarray,
    *,
    movable: np.ndarray | None = None,
    closeness: np.ndarray | None = None,
    draws: int = 9_999,
    steps: int = 1_000,
    seed: int = 0,
) -> GroupingTest:
    """The grouping against those reached by swaps that respect capacity; p is exact.

    Each group keeps its number of nodes. `sizes` is `(n,)` and `capacity` is `(k,)` in the same
    unit; a group that the observed grouping overfills may stay as full as it is.
    """
    tests = feasible_swap_tests(
        weights,
        groups,
        sizes,
        capacity,
        [closeness],
        movable=movable,
        draws=draws,
        steps=steps,
        seed=seed,
    )
    return tests[0]


def feasible_swap_tests(
    weights: np.ndarray,
    groups: np.ndarray,
    sizes: np.ndarray,
    capacity: np.ndarray,
    closenesses: Sequence[np.ndarray | None],
    *,
    movable: np.ndarray | None = None,
    draws: int = 9_999,
    steps: int = 1_000,
    seed: int = 0,
) -> list[GroupingTest]:
    """`feasible_swap_test` for each of several closenesses, all with the same random groupings."""
    cases = [_Case.of(weights, groups, movable, each, len(capacity)) for each in closenesses]
    overfull, made = cases[0].chain(sizes, capacity, draws, steps, 0.0, seed)
    return [case.held_against("feasible swaps", made, overfull=overfull) for case in cases]


def feasible_plan_test(
    weights: np.ndarray,
    groups: np.ndarray,
    sizes: np.ndarray,
    capacity: np.ndarray,
    *,
    movable: np.ndarray | None = None,
    closeness: np.ndarray | None = None,
    draws: int = 9_999,
    steps: int = 1_000,
    seed: int = 0,
) -> GroupingTest:
    """The grouping against all that capacity allows, each equally likely; p is exact.

    Groups may grow, shrink and empty: this also tests the choice of groups.
    """
    case = _Case.of(weights, groups, movable, closeness, len(capacity))
    overfull, made = case.chain(sizes, capacity, draws, steps, 0.5, seed)
    return case.held_against("feasible plans", made, overfull=overfull)


def attainable_share(
    value: float, null_mean: float, best_found: float, bound: float
) -> tuple[float, float]:
    """Share [1] of the way from the null's mean to the best, as an interval, smaller end first.

    The best possible value lies between the best found and the bound. Works for a value that should
    be high as for one that should be low; a value worse than the mean gives negative shares.
    """
    inner, outer = best_found - null_mean, bound - null_mean
    if inner * outer <= 0 or abs(outer) < abs(inner) * (1 - 1e-12):
        raise UsageError(
            f"best found {best_found:g} and bound {bound:g} do not enclose the best on one side of "
            f"the null's mean {null_mean:g}; expected the bound to be the farther one"
        )
    ends = (value - null_mean) / outer, (value - null_mean) / inner
    return min(ends), max(ends)


@dataclass(frozen=True)
class _Case:
    """A network, a grouping, and who may move, checked once for all tests."""

    weights: np.ndarray
    groups: np.ndarray
    movable: np.ndarray
    closeness: np.ndarray

    @classmethod
    def of(cls, weights, groups, movable, closeness, group_count=None) -> _Case:
        weights = checked_weights(weights).copy()
        np.fill_diagonal(weights, 0.0)
        n = len(weights)
        groups = np.asarray(groups)
        if groups.shape != (n,) or groups.dtype.kind not in "iu" or groups.min() < 0:
            raise UsageError(f"groups must be {n} whole numbers from 0, one per row of weights")
        movable = np.ones(n, bool) if movable is None else np.asarray(movable, dtype=bool)
        if movable.shape != (n,):
            raise UsageError(f"movable has the shape {movable.shape}; expected ({n},)")
        known = [int(groups.max()) + 1, group_count, None if closeness is None else len(closeness)]
        count = max(k for k in known if k is not None)
        if group_count is not None and count != group_count:
            raise UsageError(f"capacity is given for {group_count} groups; {count} are in use")
        if closeness is None:
            closeness = np.eye(count)
        closeness = np.asarray(closeness, dtype=float)
        if closeness.shape != (count, count) or not np.array_equal(closeness, closeness.T):
            raise UsageError(f"closeness must be symmetric with {count} rows, one per group")
        return cls(weights, groups.astype(np.int64), movable, closeness)

    def values(self, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value of each grouping `(count,)` and weights inside each group `(count, k)`.

        Fixed tenants sit as in the case's own grouping, so that their contacts are summed once.
        """
        k = len(self.closeness)
        both = np.triu(self.weights + self.weights.T)
        settled = np.where(self.movable[:, None] | self.movable[None, :], 0.0, both)
        one, other, ties = _pairs(settled)
        here, there = self.groups[one], self.groups[other]
        fixed = float(self.closeness[here, there] @ ties)
        fixed_inside = np.bincount(here, np.where(here == there, ties, 0.0), minlength=k)
        one, other, ties = _pairs(both - settled)
        whole, inside = [], []
        for start in range(0, len(groups), BATCH):
            some = groups[start : start + BATCH]
            here, there = some[:, one], some[:, other]
            whole.append(self.closeness.take(here * k + there) @ ties)
            row, pair = np.nonzero(here == there)
            cells = here[row, pair] + k * row
            summed = np.bincount(cells, ties[pair], minlength=k * len(some))
            inside.append(summed.reshape(len(some), k))
        return np.concatenate(whole) + fixed, np.concatenate(inside) + fixed_inside

    def chain(self, sizes, capacity, draws, steps, moves, seed) -> tuple[np.ndarray, Draws]:
        """Which groups are overfull now, and random groupings within capacity."""
        sizes = np.asarray(sizes, dtype=float)
        capacity = np.asarray(capacity, dtype=float)
        if sizes.shape != self.groups.shape or (sizes < 0).any():
            raise UsageError(f"sizes must be {len(self.groups)} numbers from 0, one per node")
        load = np.bincount(self.groups, sizes, minlength=len(capacity))
        overfull = load > capacity * (1 + 1e-9)
        rng = np.random.default_rng(seed)
        room = np.maximum(capacity, load)
        made = feasible_chain(self.groups, sizes, room, self.movable, draws, steps, moves, rng)
        return overfull, made

    def held_against(self, null: str, made: Draws, moments=None, overfull=None) -> GroupingTest:
        value, group_value = (part[0] for part in self.values(self.groups[None]))
        drawn, group_drawn = self.values(made.groups)
        mean, sd = moments or (float(drawn.mean()), float(drawn.std()))
        drift = 0.0
        if made.halfway is not None and drawn.std() > 0:
            drift = float((drawn.mean() - self.values(made.halfway)[0].mean()) / drawn.std())
        own = 0 if made.exact else 1  # a list of all arrangements holds the observed one
        return GroupingTest(
            null=null,
            value=float(value),
            total=float(self.weights.sum()),
            mean=mean,
            sd=sd,
            p=float(_tail(drawn, value, own)),
            p_less=float(_tail(-drawn, -value, own)),
            exact=made.exact,
            draws=drawn,
            accepted=made.accepted,
            drift=drift,
            overfull=np.zeros(len(self.closeness), bool) if overfull is None else overfull,
            group_value=group_value,
            group_mean=group_drawn.mean(axis=0),
            group_sd=group_drawn.std(axis=0),
            group_p=_tail(group_drawn, group_value, own),
        )


def _pairs(ties):
    """Rows, columns and values of what is not zero."""
    one, other = np.nonzero(ties)
    return one, other, ties[one, other]


def _tail(drawn, value, own):
    """Share of draws that reach the value; ties count, within rounding."""
    reached = (drawn >= value - _rounding(drawn, value)).sum(axis=0)
    return (own + reached) / (own + len(drawn))


def _rounding(drawn, value):
    return 1e-9 * np.maximum(np.abs(value), np.abs(drawn).max(axis=0, initial=0.0))
