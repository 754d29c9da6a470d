"""What holds in every world: nobody is lost, Little's law, first come first served, same bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_layout import Appointments, dedicated
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_result import ENDINGS
from opdanalysis.methods.queue_sharing import (
    helped_out,
    pooled,
    with_booking,
    with_express,
    with_priority,
)
from opdanalysis.methods.queue_simulation import simulate
from opdanalysis.methods.queue_world import Journey, Stop, World

POINTS = ("a", "b", "c")
ROUTES = (("a",), ("b", "a"), ("c", "b", "a"))
DAYS = 5


def drawn_world(seed):
    """Three journeys over three points, five days, at most three attempts."""
    rng = np.random.default_rng(seed)
    shapes = [("lognormal", 0.8), ("gamma", 1.0), ("fixed", 0.0)]
    journeys = tuple(
        Journey(
            f"j{k}",
            tuple(Stop(p, cv, shape) for p in route for shape, cv in [shapes[rng.integers(3)]]),
            float(rng.uniform(2, 25)),
        )
        for k, route in enumerate(ROUTES)
    )
    weights = (0.0,) * 7 + tuple(rng.random(10)) + (0.0,) * 7
    return World(POINTS, journeys, DAYS, weights, 0.2, tries_at_most=3)


def drawn_layout(seed, closing, sharing):
    """Counters by number or by hour, two buildings, some calendar, and one way of sharing."""
    rng = np.random.default_rng(seed)
    lunch = (2,) * 12 + (0,) + (1,) * 11
    counters = [int(rng.integers(1, 4)), lunch if rng.random() < 0.3 else 2, 1]
    layout = dedicated(
        POINTS,
        counters,
        rng.integers(0, 2, 3),
        np.array([[1.0, 25.0], [25.0, 1.0]]),
        [480.0] * 3,
        [900.0] * 3,
        closing,
        open_days=None if rng.random() < 0.5 else np.array([[True, True]] * 2 + [[False, True]]),
    )
    if sharing == "pooled":
        return pooled(layout, ["a", "b"], "hall", 3, 1.2)
    if sharing == "helped out":
        return helped_out(helped_out(layout, "a", "b", 1.5), "b", "a", 1.0)
    if sharing == "express":
        return helped_out(with_express(layout, "a", 5.0, 1), "express a", "a", 1.0)
    if sharing == "priority":
        return with_priority(layout, "a", ["j1"])
    if sharing == "booked":
        return with_booking(
            layout, "a", Appointments((0.5, 0.9, 0.0), (0.2, 0.0, 0.0), 480, 840, 10)
        )
    return layout


def drawn_needs(seed):
    """With or without patience, rework, stops not needed and less demand."""
    rng = np.random.default_rng(seed)

    def perhaps(values):
        return values if rng.random() < 0.5 else None

    return Needs(
        rng.uniform(1, 15, 6),
        rework=perhaps(rng.uniform(0, 0.5, 6)),
        needed=perhaps(rng.uniform(0.5, 1, 6)),
        patience_minutes=perhaps(rng.uniform(5, 60, 3)),
        demand=perhaps(rng.uniform(0.3, 1, 3)),
    )


cases = {
    "seed": st.integers(0, 10_000),
    "closing": st.sampled_from(["cut", "tickets", "everyone"]),
    "sharing": st.sampled_from(["own", "pooled", "helped out", "express", "priority", "booked"]),
}


def result_of(seed, closing, sharing, kernel="auto"):
    customers = draw_customers(drawn_world(seed), seed)
    return simulate(customers, drawn_layout(seed, closing, sharing), drawn_needs(seed), kernel)


@settings(max_examples=60, deadline=None)
@given(**cases)
def test_nobody_is_lost(seed, closing, sharing):
    result = result_of(seed, closing, sharing)
    counts = np.bincount(result.ending, minlength=len(ENDINGS))
    assert counts.sum() == result.visits.n
    begun, left = ~np.isnan(result.start), ~np.isnan(result.left)
    came = ~np.isnan(result.arrival)
    assert not (begun & left).any()
    assert (came | ~(begun | left)).all()
    assert (result.crew >= 0).tolist() == begun.tolist()
    served = result.ending == ENDINGS.index("served")
    assert begun[np.repeat(served, np.diff(result.visits.first))].all()
    # a later visit takes place only after the one before
    later = result.customer[1:] == result.customer[:-1]
    assert (~np.isnan(result.end[:-1][later]) | np.isnan(result.arrival[1:][later])).all()
    again = later & came[1:]
    assert (result.arrival[1:][again] >= result.end[:-1][again]).all()


@settings(max_examples=60, deadline=None)
@given(**cases)
def test_littles_law_holds_at_every_point(seed, closing, sharing):
    """Time-average number in the queue = rate of arrivals times mean time in it (Little 1961)."""
    result = result_of(seed, closing, sharing)
    until = np.where(np.isnan(result.left), result.start, result.left)
    for point in range(3):
        here = (result.visits.point == point) & ~np.isnan(until)
        changes = np.concatenate([result.joined[here], until[here]])
        step = np.repeat([1, -1], here.sum())
        order = np.lexsort((-step, changes))
        number = np.cumsum(step[order])
        assert (number >= 0).all()
        area = (number[:-1] * np.diff(changes[order])).sum()
        in_line = (until - result.joined)[here]
        assert area == pytest.approx(in_line.sum(), abs=1e-6)
        assert (result.waiting[here] <= in_line + 1e-9).all()
        assert (result.waiting[here] >= -1e-9).all()


@settings(max_examples=60, deadline=None)
@given(**cases)
def test_lines_are_first_come_first_served_and_counters_serve_one_at_a_time(seed, closing, sharing):
    result = result_of(seed, closing, sharing)
    begun = ~np.isnan(result.start)
    for queue in range(len(result.layout.queues)):
        mine = begun & (result.visits.queue == queue)
        joined = result.joined[mine]
        if closing != "cut":  # the door is locked until opening, and they go in as they came
            joined = np.maximum(joined, joined // 1440 * 1440 + 480)
        order = np.lexsort((result.arrival[mine], joined))
        assert (np.diff(result.start[mine][order]) >= 0).all()
    for number, crew in enumerate(result.layout.crews):
        mine = result.crew == number
        changes = np.concatenate([result.start[mine], result.end[mine]])
        step = np.repeat([1, -1], mine.sum())
        order = np.lexsort((step, changes))
        assert np.cumsum(step[order]).max(initial=0) <= crew.most


@settings(max_examples=60, deadline=None)
@given(**cases)
def test_no_counter_on_duty_is_free_while_somebody_waits_for_it(seed, closing, sharing):
    """Checked between all moments at which anything changes, during opening hours."""
    result = result_of(seed, closing, sharing)
    layout = result.layout
    until = np.where(np.isnan(result.left), result.start, result.left)
    hours = (np.arange(DAYS * 24) * 60.0).tolist()
    moments = np.unique(np.r_[result.joined, until, result.end, hours])
    moments = moments[~np.isnan(moments)]
    between = (moments[:-1] + moments[1:]) / 2
    between = between[(between % 1440 > 480) & (between % 1440 < 900) & (between < DAYS * 1440)]
    hour = (between % 1440 // 60).astype(int)

    def present(since, till):
        return np.searchsorted(np.sort(since), between) - np.searchsorted(np.sort(till), between)

    until = np.where(np.isnan(until) & ~np.isnan(result.joined), np.inf, until)
    for number, crew in enumerate(layout.crews):
        mine = result.crew == number
        duty = np.array(crew.by_hour)[hour]
        free = present(result.start[mine], result.end[mine]) < duty
        queues = [k for k, queue in enumerate(layout.queues) if queue.name in crew.queues]
        theirs = np.isin(result.visits.queue, queues) & ~np.isnan(result.joined)
        waiting = present(result.joined[theirs], until[theirs]) > 0
        at_work = np.ones(len(between), dtype=bool)
        if layout.open_days is not None and "c" in crew.queues:
            at_work = between // 1440 % 2 == 1
        assert not (free & waiting & at_work).any()


@settings(max_examples=60, deadline=None)
@given(**cases)
def test_services_begin_when_the_point_is_open_or_works_overtime(seed, closing, sharing):
    result = result_of(seed, closing, sharing)
    minute = result.start % 1440
    begun = ~np.isnan(result.start)
    assert (minute[begun] >= 480).all() or closing != "cut"
    if closing == "cut":
        assert (minute[begun] < 900).all()
    if closing == "tickets":
        joined = result.joined[begun] % 1440
        assert (joined < 900).all()
    patience = result.visits.patience
    if len(patience):
        left = ~np.isnan(result.left)
        assert result.waiting[left] == pytest.approx(patience[left])
        assert (result.waiting[begun] <= patience[begun] + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(**cases)
def test_plain_python_gives_the_same_bits(seed, closing, sharing):
    compiled = result_of(seed, closing, sharing)
    plain = result_of(seed, closing, sharing, kernel="python")
    for what in ("arrival", "joined", "start", "end", "left", "crew"):
        assert np.array_equal(getattr(compiled, what), getattr(plain, what), equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(cases["seed"], cases["closing"], st.sampled_from(["own", "pooled"]))
def test_the_way_for_impatient_customers_gives_the_same_bits_to_patient_ones(
    seed, closing, sharing
):
    """Lines without leaving take a shorter way through the event loop."""
    customers = draw_customers(drawn_world(seed), seed)
    layout, needs = drawn_layout(seed, closing, sharing), drawn_needs(seed)
    short = simulate(customers, layout, replace(needs, patience_minutes=None))
    long = simulate(customers, layout, replace(needs, patience_minutes=[np.inf] * 3))
    for what in ("arrival", "joined", "start", "end", "waiting", "crew"):
        assert np.array_equal(getattr(short, what), getattr(long, what), equal_nan=True)
