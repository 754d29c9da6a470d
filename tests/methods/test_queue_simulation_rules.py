"""Closing, returning, booking, sharing, refusing, each on a case that can be followed by hand."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_comparison import compare_layouts, interval
from opdanalysis.methods.queue_customers import draw_customers
from opdanalysis.methods.queue_events import run_events
from opdanalysis.methods.queue_layout import Appointments, Crew, Layout, Queue, dedicated
from opdanalysis.methods.queue_needs import Needs
from opdanalysis.methods.queue_result import ENDINGS
from opdanalysis.methods.queue_sharing import (
    helped_out,
    pooled,
    with_booking,
    with_counters,
    with_express,
    with_priority,
)
from opdanalysis.methods.queue_simulation import simulate, simulate_trace
from opdanalysis.methods.queue_summary import (
    by_crew,
    by_journey,
    by_point,
    customer_means,
    waiting_by_hour,
)
from opdanalysis.methods.queue_world import Journey, Stop, World

H = 60.0
DAY = 1440.0
MORNING = (0.0,) * 8 + (2.0, 1.0, 1.0, 0.5) + (0.0,) * 12


def hall(counters=1, closing="cut", **changes):
    """One point, open from 8 to 15 h."""
    layout = dedicated(["hall"], [counters], [0], np.zeros((1, 1)), [8 * H], [15 * H], closing)
    return replace(layout, **changes)


def comers(layout, entry, service, days=4, patience=None):
    n = len(entry)
    return simulate_trace(
        layout,
        days,
        np.array(entry, dtype=float),
        np.arange(n + 1),
        np.zeros(n, dtype=int),
        np.array(service, dtype=float),
        np.zeros(n),
        None if patience is None else np.array(patience, dtype=float),
    )


def two_points(closing, same_building):
    """A first point and a second one, 10 minutes apart."""
    return dedicated(
        ["first", "second"],
        [1, 1],
        [0, 0 if same_building else 1],
        np.full((2, 2), 10.0),
        [8 * H] * 2,
        [15 * H] * 2,
        closing,
    )


def pair(layout, entry):
    """One customer, 30 minutes at the first point and 5 at the second."""
    return simulate_trace(
        layout,
        4,
        np.array([entry]),
        np.array([0, 2]),
        np.array([0, 1]),
        np.array([30.0, 5.0]),
        np.array([0.0, 10.0]),
    )


def small_world(**changes):
    """Two journeys over two points, one hundred mornings."""
    stop = {name: Stop(name, 0.7, "lognormal") for name in ("a", "b")}
    world = World(
        points=("a", "b"),
        journeys=(
            Journey("birth", (stop["a"],), 20.0),
            Journey("shop", (stop["a"], stop["b"]), 15.0),
        ),
        days=100,
        hourly_weights=MORNING,
        travel_spread=0.2,
    )
    return replace(world, **changes)


def small_layout(closing="everyone", **changes):
    layout = dedicated(
        ["a", "b"],
        [2, 1],
        [0, 1],
        np.array([[2.0, 20.0], [20.0, 2.0]]),
        [8 * H] * 2,
        [15 * H] * 2,
        closing,
    )
    return replace(layout, **changes)


NEEDS = Needs([10.0, 6.0, 12.0])
LATE = [14.9 * H, 14.95 * H, 15.1 * H, DAY + 8.5 * H]
"""In time, in the queue at closing, after closing, next morning; half an hour of service each."""


@pytest.mark.parametrize("impatient", [False, True])
@pytest.mark.parametrize(
    ("closing", "start", "waiting", "returns"),
    [
        (
            "cut",
            [14.9 * H, DAY + 8 * H, DAY + 8.5 * H, DAY + 9 * H],
            [0, 0.05 * H, 30, 30],
            [0, 1, 1, 0],
        ),
        (
            "tickets",
            [14.9 * H, 15.4 * H, DAY + 8 * H, DAY + 8.5 * H],
            [0, 0.45 * H, 0, 0],
            [0, 0, 1, 0],
        ),
        (
            "everyone",
            [14.9 * H, 15.4 * H, DAY + 8 * H, DAY + 8.5 * H],
            [0, 0.45 * H, 0, 0],
            [0, 0, 1, 0],
        ),
    ],
)
def test_closing_sends_home_whom_it_should(closing, start, waiting, returns, impatient):
    """Also where patience is asked for but never runs out."""
    patience = [np.inf] * 4 if impatient else None
    result = comers(hall(closing=closing), LATE, [30.0] * 4, patience=patience)
    assert result.start == pytest.approx(start)
    assert result.waiting == pytest.approx(waiting)
    assert result.returns.tolist() == returns
    assert result.trips.tolist() == [1 + again for again in returns]
    assert by_point(result).at["hall", "cut"] == sum(returns)


@pytest.mark.parametrize(
    ("closing", "same_building", "second"),
    [
        ("everyone", True, 15.1 * H),
        ("everyone", False, DAY + 8 * H),
        ("tickets", True, DAY + 8 * H),
        ("cut", True, DAY + 8 * H),
    ],
)
def test_who_is_inside_at_closing_is_served_where_everyone_is(closing, same_building, second):
    """The first service ends at 14:56, the second point is reached at 15:06."""
    result = pair(two_points(closing, same_building), 14 * H + 26)
    assert result.start[1] == pytest.approx(second)
    assert result.finished_day[0] == (second > DAY)


def test_who_comes_before_opening_waits_at_the_door():
    for closing in ("cut", "tickets", "everyone"):
        result = comers(hall(closing=closing), [7.5 * H, 7.75 * H], [20.0, 20.0])
        assert result.start == pytest.approx([8 * H, 8 * H + 20])
        assert result.waiting == pytest.approx([30, 35])
        assert result.returns.tolist() == [0, 0]


def test_a_service_that_outlasts_the_day_is_overtime():
    table = by_crew(comers(hall(), [14.75 * H], [40.0], days=1))
    assert table.at["hall", "overtime_minutes"] == pytest.approx(25)
    assert table.at["hall", "utilisation"] == pytest.approx(15 / (7 * H))


def test_days_end_and_somebody_is_still_to_come():
    result = comers(hall(), [14.9 * H, 14.95 * H], [30.0, 30.0], days=1)
    assert [ENDINGS[k] for k in result.ending] == ["served", "still to come"]
    assert by_point(result).at["hall", "cut"] == 1


def test_a_point_that_opens_every_other_day_makes_people_wait_for_the_next_one():
    calendar = np.array([[True, False]])
    result = comers(hall(open_days=calendar), [14.9 * H, 14.95 * H], [30.0, 30.0])
    assert result.start[1] == pytest.approx(2 * DAY + 8 * H)
    assert result.waiting[1] == pytest.approx(0.05 * H)


def test_customers_know_the_calendar_of_their_first_point():
    world = small_world(days=10)
    drawn = draw_customers(world, seed=2)
    calendar = np.array([[True, False], [True, True]])
    result = simulate(drawn, small_layout(open_days=calendar), NEEDS)
    day = result.visits.entry // DAY
    inside = day < 10
    assert set(day[inside] % 2) == {0.0}
    assert np.allclose(result.visits.entry % DAY, drawn.entry % DAY)
    assert [ENDINGS[k] for k in set(result.ending[~inside])] == ["still to come"]


def test_nobody_is_called_in_the_lunch_break():
    hours = (0,) * 8 + (2,) * 4 + (0,) + (1,) * 11
    result = comers(hall(counters=hours), [11.9 * H, 12.1 * H, 12.5 * H], [30.0] * 3)
    assert result.start == pytest.approx([11.9 * H, 13 * H, 13.5 * H])


def test_who_runs_out_of_patience_leaves_and_holds_up_nobody():
    result = comers(hall(), [8 * H, 8 * H + 1, 8 * H + 2], [30.0, 30.0, 30.0], patience=[5, 10, 60])
    assert result.left[1] == pytest.approx(8 * H + 11)
    assert result.start[2] == pytest.approx(8.5 * H)
    assert result.waiting == pytest.approx([0, 10, 28])
    assert [ENDINGS[k] for k in result.ending] == ["served", "left", "served"]


def test_patience_does_not_count_nights():
    """Six minutes before closing and thirty next morning; with patience for 20 and for 40."""
    entry = [14.8 * H, 14.9 * H, 14.9 * H + 1e-6]
    for patience, left, start in ((20.0, DAY + 8 * H + 14, np.nan), (40.0, np.nan, DAY + 8.5 * H)):
        result = comers(hall(), entry, [30.0] * 3, patience=[1e3, 1e3, patience])
        assert result.left[2] == pytest.approx(left, nan_ok=True)
        assert result.start[2] == pytest.approx(start, nan_ok=True)


def test_missing_papers_mean_another_visit_on_another_day():
    """With chance r there are 1 / (1 - r) visits on average, all on different days."""
    world = small_world(tries_at_most=20)
    drawn = draw_customers(world, seed=6)
    result = simulate(drawn, small_layout(), replace(NEEDS, rework=[0.3, 0.0, 0.5]))
    visits = np.diff(result.visits.first)
    births = drawn.journey == 0
    error = np.sqrt(0.3) / 0.7 / np.sqrt(births.sum())
    assert abs(visits[births].mean() - 1 / 0.7) < 3 * error
    served = result.ending == 0
    assert (result.trips[served] >= visits[served] - ~births[served]).all()
    day = result.start // DAY
    again = np.flatnonzero(result.visits.back >= 0)
    done = again[~np.isnan(day[again])]
    assert (day[done] > day[done - 1]).all()


def test_no_one_comes_more_often_than_the_world_allows():
    drawn = draw_customers(small_world(tries_at_most=3), seed=6)
    result = simulate(drawn, small_layout(), replace(NEEDS, rework=[1.0, 0.0, 0.0]))
    assert set(np.diff(result.visits.first)[drawn.journey == 0]) == {3}


def test_a_stop_that_is_not_needed_is_passed_by():
    drawn = draw_customers(small_world(), seed=6)
    result = simulate(drawn, small_layout(), replace(NEEDS, needed=[1.0, 0.0, 1.0]))
    shops = drawn.journey == 1
    assert set(np.diff(result.visits.first)[shops]) == {1}
    assert set(result.visits.point[np.repeat(shops, np.diff(result.visits.first))]) == {1}
    nothing = simulate(drawn, small_layout(), replace(NEEDS, needed=[1.0, 0.0, 0.0]))
    assert (nothing.finished[shops] == drawn.entry[shops]).all()


def test_less_demand_is_some_of_the_same_customers():
    drawn = draw_customers(small_world(), seed=6)
    result = simulate(drawn, small_layout(), replace(NEEDS, demand=[0.5, 1.0]))
    away = result.ending == ENDINGS.index("stayed away")
    births = drawn.journey == 0
    assert not away[~births].any()
    assert away[births].mean() == pytest.approx(0.5, abs=3 * 0.5 / np.sqrt(births.sum()))
    assert (result.visits.entry[~away] == drawn.entry[~away]).all()


BOOKED = Appointments((1.0, 0.0), (0.25, 0.0), begin=8 * H, end=12 * H, late=0.0)


def test_booked_customers_are_spread_evenly_and_some_do_not_show():
    drawn = draw_customers(small_world(), seed=6)
    result = simulate(drawn, with_booking(small_layout(), "a", BOOKED), NEEDS)
    births = drawn.journey == 0
    missing = result.ending == ENDINGS.index("no-show")
    assert not missing[~births].any()
    share = missing[births].mean()
    assert abs(share - 0.25) < 3 * np.sqrt(0.25 * 0.75 / births.sum())
    full = replace(BOOKED, no_show=(0.0, 0.0))
    entry = simulate(drawn, with_booking(small_layout(), "a", full), NEEDS).visits.entry
    first_day = np.sort(entry[births & (drawn.entry < DAY)])
    gap = 4 * H / len(first_day)
    assert np.allclose(first_day, 8 * H + gap * (np.arange(len(first_day)) + 0.5))


def test_booked_customers_are_called_before_those_who_walk_in():
    booked = replace(BOOKED, share=(0.5, 0.5), no_show=(0.0, 0.0))
    drawn = draw_customers(small_world(), seed=6)
    layout = with_booking(with_counters(small_layout(), {"a": 1}), "a", booked)
    result = simulate(drawn, layout, NEEDS)
    first = result.visits.queue == 0
    assert layout.queues[0].booked
    others = ~first & (result.visits.point == 0)
    assert result.waiting[first].mean() < result.waiting[others].mean() / 2


def test_a_customer_has_the_same_numbers_whatever_else_is_in_the_world():
    one = draw_customers(small_world(), seed=6)
    other = small_world(
        journeys=(Journey("move", (Stop("b", 0.5, "gamma"),), 30.0), *small_world().journeys),
        tries_at_most=4,
    )
    two = draw_customers(other, seed=6)
    assert np.array_equal(two.entry[two.journey > 0], one.entry)
    of_old = np.repeat(two.journey > 0, np.diff(two.first))
    for what in ("service", "travel", "papers", "patience"):
        assert np.array_equal(getattr(two, what)[of_old], getattr(one, what))


def test_seed_zero_is_a_seed_and_replications_differ():
    world = small_world()
    zero, again = draw_customers(world, 0), draw_customers(world, 0)
    assert np.array_equal(zero.entry, again.entry)
    assert np.array_equal(zero.service, again.service)
    assert len(draw_customers(world, 1).entry) != len(zero.entry)
    assert len(draw_customers(world, 0, replication=1).entry) != len(zero.entry)


def plans():
    base = small_layout()
    return {
        "today": (base, NEEDS),
        "pooled": (pooled(base, ["a", "b"], "hall", 3, 1.1), NEEDS),
        "slower": (base, replace(NEEDS, service_minutes=[11.0, 7.0, 12.0])),
    }


def test_order_of_layouts_other_layouts_and_workers_do_not_matter():
    world = small_world()
    all_of_them = compare_layouts(world, plans(), seed=3, replications=4)
    backwards = compare_layouts(
        world, dict(reversed(plans().items())), seed=3, replications=4, workers=2
    )
    alone = compare_layouts(world, {"pooled": plans()["pooled"]}, seed=3, replications=2)
    for outcome in all_of_them.outcomes:
        for name in plans():
            assert np.array_equal(all_of_them.of(name, outcome), backwards.of(name, outcome))
        assert np.array_equal(all_of_them.of("pooled", outcome)[:2], alone.of("pooled", outcome))


def test_longer_services_never_shorten_a_wait_in_the_same_world():
    compared = compare_layouts(small_world(), plans(), seed=3, replications=5)
    difference = compared.difference("slower", "today", "waiting_minutes")
    assert (difference > 0).all()
    table = compared.differences("today", confidence=0.95).loc[("slower", "waiting_minutes")]
    assert 0 < table["lower"] < table["mean"] < table["upper"]
    spread = sum(compared.of(name, "waiting_minutes").var() for name in ("slower", "today"))
    assert difference.var() < spread / 5


def test_intervals_cover_as_often_as_they_say():
    """Student's t at 90%; 2,000 times ten normal numbers."""
    numbers = np.random.default_rng(1).normal(5, 2, (2000, 10))
    covered = [lower < 5 < upper for _, lower, upper in (interval(row, 0.9) for row in numbers)]
    assert abs(np.mean(covered) - 0.9) < 3 * np.sqrt(0.09 / 2000)


def test_tables_add_up():
    world = small_world(days=30)
    drawn = draw_customers(world, seed=1)
    layout = with_counters(small_layout("cut"), {"a": 1})
    result = simulate(drawn, layout, replace(NEEDS, patience_minutes=[30.0, 60.0]))
    points, crews = by_point(result), by_crew(result)
    journeys = by_journey(result, ["birth", "shop"])
    assert journeys.loc[:, "served":"stayed_away"].sum().sum() == drawn.n
    assert journeys["left"].sum() == points["left"].sum()
    assert points["served"].sum() == crews["served"].sum()
    assert (points["service_minutes"] * points["served"]).sum() == pytest.approx(
        crews["busy_minutes"].sum()
    )
    assert points["utilisation"].tolist() == pytest.approx(crews["utilisation"].tolist())
    means = customer_means(result)
    assert means["left"] == pytest.approx(journeys["left"].sum() / drawn.n)
    weighted = (journeys["waiting_minutes"] * journeys["served"]).sum() / journeys["served"].sum()
    assert means["waiting_minutes"] == pytest.approx(weighted)
    by_hour = waiting_by_hour(result)
    assert np.isnan(by_hour[:, :8]).all()
    early = (result.visits.point == 0) & (result.arrival % DAY < 9 * H)
    assert by_hour[0, 8] == pytest.approx(np.nanmean(result.waiting[early]))


def test_numbers_without_meaning_are_refused_in_words():
    told = [
        (lambda: Stop("a", 0.0, "gamma"), "stop at 'a': cv is 0 with shape 'gamma'; expected a "
         "number above 0, and 0 for 'fixed' alone"),
        (lambda: Crew("c", 0, ("a",)), "crew 'c': counters is 0; expected 1 or more, or 24 numbers "
         "from 0 up, one for each hour, not all of them 0"),
        (lambda: small_layout("late"), "closing is 'late'; expected one of everyone, tickets, cut"),
        (lambda: small_world(journeys=(Journey("x", (Stop("counter", 1, "gamma"),), 1.0),)),
         "journey 'x' stops at 'counter', which is not a point. Allowed: a, b."),
        (lambda: helped_out(small_layout(), "c", "a", 1.0), "'c' is not a crew. Allowed: a, b."),
        (lambda: small_layout(queues=(*small_layout().queues, Queue("z", ("a",)))),
         "queue 'z' has no crew; name it in the queues of one"),
        (lambda: replace(BOOKED, begin=800.0), "appointments go from minute 800 to 720, late 0; "
         "expected a begin before the end, from 0 to 1440, and late from 0 up"),
        (lambda: interval(np.ones(1), 0.95),
         "1 replication gives no interval; 2 or more are needed"),
        (lambda: comers(hall(), [5.0], [-1.0]),
         "service must hold a number from 0 up for each of 1 visits"),
    ]  # fmt: skip
    for act, sentence in told:
        with pytest.raises(UsageError) as error:
            act()
        assert str(error.value) == sentence


def test_layouts_and_needs_that_do_not_fit_the_world_are_refused_in_words():
    drawn = draw_customers(small_world(days=1), seed=1)
    layout = small_layout()
    quick_only = tuple(replace(queue, up_to_minutes=5.0) for queue in layout.queues)
    unlike = pooled(small_layout(closes=[900.0, 960.0]), ["a", "b"], "hall", 2, 1.0)
    unmanned = with_counters(layout, {"a": (1,) * 8 + (0,) * 16})
    told = [
        (hall(), NEEDS, "the layout has the points hall; the world has a, b, expected in the same "
         "order"),
        (layout, Needs([1.0]), "service_minutes has the shape (1,); expected 3, one per stop"),
        (layout, replace(NEEDS, rework=[0, 2, 0]),
         "rework of stop 1 is 2; expected a number from 0 to 1"),
        (replace(layout, queues=quick_only), NEEDS,
         "no queue takes everybody at 'a'; add one without journeys, up_to_minutes or booked"),
        (unlike, NEEDS,
         "'a' and 'b' share counters but not their opening hours and days; give both the same"),
        (unmanned, NEEDS, "crew 'a' has no counter while its points are open"),
        (with_priority(layout, "a", ["births"]), NEEDS,
         "queue 'first a' is for journey 'births', which is not in the world. "
         "Did you mean 'birth'?"),
    ]  # fmt: skip
    for its_layout, needs, sentence in told:
        with pytest.raises(UsageError) as error:
            simulate(drawn, its_layout, needs)
        assert str(error.value) == sentence


def test_without_numba_the_same_loop_runs_in_plain_python(monkeypatch):
    drawn = draw_customers(small_world(days=5), seed=1)
    expected = simulate(drawn, small_layout(), NEEDS, kernel="python")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert np.array_equal(simulate(drawn, small_layout(), NEEDS).end, expected.end)
    with pytest.raises(UsageError) as error:
        simulate(drawn, small_layout(), NEEDS, kernel="numba")
    assert str(error.value) == "numba is not installed; leave kernel='auto' to run without it"


def test_an_unknown_kernel_is_refused_in_words():
    with pytest.raises(UsageError) as error:
        run_events((), (), (), kernel="guess")
    assert str(error.value) == "kernel 'guess' is unknown. Allowed: auto, numba, python."


def test_sharing_keeps_what_it_does_not_name():
    layout = with_express(with_priority(small_layout(), "a", ["birth"]), "b", 5.0, 1)
    assert [queue.name for queue in layout.queues] == ["express b", "first a", "a", "b"]
    assert [crew.queues for crew in layout.crews] == [("first a", "a"), ("b",), ("express b",)]
    whole = pooled(layout, ["a", "b"], "hall", 3, 1.0)
    assert [crew.name for crew in whole.crews] == ["hall"]
    assert isinstance(whole, Layout)
    mixed = replace(small_layout(), queues=(Queue("a", ("a", "b")), Queue("b", ("b",))))
    with pytest.raises(UsageError) as error:
        pooled(mixed, ["a"], "hall", 3, 1.0)
    assert str(error.value) == (
        "queue 'a' also takes points that are not pooled; pool all its points"
    )
