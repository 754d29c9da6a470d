"""Whole processes: a permit against simulated cases, by hand, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.lead_time import lead_time, mean_lead_time
from opdanalysis.methods.lead_time_grid import Grid
from opdanalysis.methods.lead_time_laws import (
    NOTHING,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Observed,
)
from opdanalysis.methods.lead_time_mechanisms import (
    MECHANISMS,
    POSSIBLE,
    SURE,
    Mechanisms,
    Tier,
    wait_for_next,
)
from opdanalysis.methods.lead_time_process import Branch, Meeting, Parallel, Process, Task
from opdanalysis.methods.lead_time_shares import (
    four_corners,
    gain_by_mechanism,
    location_share,
    mean_by_mechanism,
    shapley,
)

DAY = 7.5
REVIEWERS = ("roads", "environment", "housing")
PAIRS = [("counter", agency) for agency in (*REVIEWERS, "revenue")]
APART, TOGETHER = dict.fromkeys(PAIRS, "city"), dict.fromkeys(PAIRS, "building")

PERMIT = Process(
    "permit",
    (
        Task("intake", "counter", Lognormal(1.0, 1.0)),
        Parallel(
            tuple(
                (Task(f"review_{by}", by, Lognormal(3.0, 1.0), signed=True, review=True),)
                for by in REVIEWERS
            )
        ),
        Task("meeting", "counter", Fixed(2.0), meeting=Meeting(0.6, 4, REVIEWERS)),
        Task("retribution", "revenue", Gamma(1.0, 0.5)),
        Task("sign_off", "counter", Fixed(0.5), signed=True),
    ),
)
"""All inputs are invented."""


def mechanisms(electronic=False):
    def tier(rounds, way, returned, free, answer):
        dispatch = NOTHING if electronic else wait_for_next(DAY, rounds, 0.0)
        return Tier(dispatch, NOTHING if electronic else Fixed(way), returned, answer, free)

    return Mechanisms(
        day_hours=DAY,
        attention=Exponential(4.0),
        sign_off=wait_for_next(DAY, 2, 0.0),
        registration=Exponential(1.0 if electronic else 2.0),
        mending=Exponential(6.0),
        questions=0.2,
        slots_per_day=4,
        tiers={
            "building": tier(7.5, 0.05, 0.20, 0.60 if electronic else 0.55, 2.0),
            "city": tier(1.0, 0.6, 0.25, 0.50 if electronic else 0.45, 4.0),
        },
        nearness=APART,
    )


PAPER, ELECTRONIC = mechanisms(), mechanisms(electronic=True)
NEAR = replace(PAPER, nearness=TOGETHER)


def simulated(cases, seed):
    """Cases followed hand-off by hand-off, without the package [hour]."""
    rng = np.random.default_rng(seed)

    def carry(n):
        return rng.uniform(0, DAY, n) + 0.6 + rng.exponential(2.0, n)

    def hand_off(n):
        return carry(n) + rng.standard_gamma(rng.geometric(1 / 1.2, n) - 1) * 4.0

    def lognormal(mean, n):
        return mean * np.exp(np.log(2) ** 0.5 * rng.standard_normal(n) - np.log(2) / 2)

    def review(n):
        return rng.exponential(4.0, n) + lognormal(3.0, n) + rng.uniform(0, DAY / 2, n)

    hours = rng.exponential(4.0, cases) + lognormal(1.0, cases)
    ready = np.zeros(cases)
    for _ in REVIEWERS:
        took = hand_off(cases) + review(cases)
        back = np.flatnonzero(rng.random(cases) < 0.25)
        while back.size:
            n = back.size
            took[back] += carry(n) + rng.exponential(6.0, n) + carry(n) + review(n)
            back = back[rng.random(n) < 0.25]
        ready = np.maximum(ready, took + hand_off(cases))
    hours += ready + rng.exponential(4.0, cases) + 2.0
    slots = rng.geometric(0.45**4, cases) * DAY / 4
    hours += np.where(rng.random(cases) < 0.6, slots, 0.0)
    hours += hand_off(cases) + rng.exponential(4.0, cases) + rng.gamma(4.0, 0.25, cases)
    hours += hand_off(cases) + rng.exponential(4.0, cases) + 0.5
    return hours + rng.uniform(0, DAY / 2, cases)


def test_a_permit_takes_as_long_as_simulated_cases_do():
    """The tolerances are four standard errors of 200,000 cases: 0.4% of the mean."""
    cases = simulated(200_000, seed=0)
    error = cases.std() / len(cases) ** 0.5
    found = lead_time(PERMIT, PAPER)
    assert found.mean == pytest.approx(cases.mean(), abs=4 * error)
    assert 4 * error < 0.004 * found.mean
    assert found.sd == pytest.approx(cases.std(), rel=0.02)
    for standard in (60, 105, 170):
        share = (cases <= standard).mean()
        spread = (share * (1 - share) / len(cases)) ** 0.5
        assert found.share_within(standard) == pytest.approx(share, abs=4 * spread)
    assert found.quantile(0.9) == pytest.approx(np.quantile(cases, 0.9), rel=0.006)


@pytest.mark.parametrize("state", [PAPER, NEAR, ELECTRONIC])
def test_the_mean_by_moments_is_that_of_the_grid(state):
    """Within 0.3%, which is the error of three reviews in parallel; the rest is exact."""
    assert mean_lead_time(PERMIT, state) == pytest.approx(lead_time(PERMIT, state).mean, rel=3e-3)


def series_process(**task):
    return Process(
        "series",
        (
            Task("first", "counter", Fixed(1.0)),
            Task("second", "roads", Gamma(3.0, 0.5), **task),
            Task("third", "counter", Fixed(0.5), signed=True),
        ),
    )


def test_without_parallel_tasks_the_mean_is_exact():
    process = series_process(review=True, meeting=Meeting(0.6, 3, ("counter",)))
    assert mean_lead_time(process, PAPER) == pytest.approx(lead_time(process, PAPER).mean, rel=1e-7)


def test_a_series_is_the_sum_that_one_would_write_down():
    """Hand-off 3.75 + 0.6 + 2, a question 0.2 x 4, attention 4; a review comes back 1/3 time."""
    carry = 3.75 + 0.6 + 2.0
    hand_off = carry + 0.2 * 4
    once = 4 + 3 + 0.6 * 7.5 / (4 * 0.45**3)
    review = once + (0.25 / 0.75) * (carry + 6 + carry + once)
    by_hand = (4 + 1) + hand_off + review + hand_off + (4 + 0.5 + 7.5 / 4)
    process = series_process(review=True, meeting=Meeting(0.6, 3, ("counter",)))
    assert mean_lead_time(process, PAPER) == pytest.approx(by_hand)


def test_within_one_agency_nothing_is_handed_over():
    tasks = (Task("first", "counter", Fixed(1.0)), Task("second", "counter", Fixed(2.0)))
    assert mean_lead_time(Process("inside", tasks), PAPER) == pytest.approx(4 + 1 + 4 + 2)


def test_an_optional_task_adds_its_share_and_the_others_go_straight_on():
    first, last = Task("a", "counter", NOTHING), Task("c", "revenue", NOTHING)
    extra = Task("b", "roads", Fixed(5.0))
    nearness = APART | {("roads", "revenue"): "city"}
    state = replace(PAPER, nearness=nearness)
    with_it = mean_lead_time(Process("with", (first, extra, last)), state)
    without = mean_lead_time(Process("without", (first, last)), state)
    process = Process("optional", (first, Branch((0.3,), ((extra,),)), last))
    found = mean_lead_time(process, state)
    assert found == pytest.approx(0.3 * with_it + 0.7 * without)
    assert lead_time(process, state).mean == pytest.approx(found)


def test_a_branch_that_every_case_takes_needs_no_way_straight_on():
    """Nothing says how near counter and bank are, and nothing has to."""
    tasks = (
        Task("a", "counter", NOTHING),
        Branch(
            (0.5, 0.5),
            ((Task("b", "roads", Fixed(2.0)),), (Task("c", "housing", Fixed(4.0)),)),
        ),
        Task("d", "bank", NOTHING),
    )
    nearness = {
        ("counter", "roads"): "city",
        ("counter", "housing"): "city",
        ("roads", "bank"): "building",
        ("bank", "housing"): "building",
    }
    state = replace(PAPER, nearness=nearness, questions=0.0)
    far, near = 3.75 + 0.6 + 2, 0.5 + 0.05 + 2
    assert mean_lead_time(Process("either", tasks), state) == pytest.approx(4 + far + 7 + near + 4)


def test_groups_may_hold_groups():
    inner = Parallel(((Task("c", "environment", Fixed(9.0)),), (Task("d", "housing", Fixed(2.0)),)))
    outer = (Task("b", "roads", NOTHING), inner, Task("e", "roads", NOTHING))
    steps = (
        Task("a", "counter", NOTHING),
        Parallel((outer, (Task("f", "revenue", Fixed(3.0)),))),
        Task("g", "counter", NOTHING),
    )
    pairs = [("roads", "environment"), ("roads", "housing")]
    state = replace(PAPER, nearness=APART | dict.fromkeys(pairs, "city"))
    process = Process("nested", steps)
    assert [task.id for task in process.tasks] == ["a", "b", "c", "d", "e", "f", "g"]
    assert mean_lead_time(process, state) == pytest.approx(lead_time(process, state).mean, rel=5e-3)


def test_a_meeting_waits_for_the_farthest_of_those_invited():
    process = series_process(meeting=Meeting(1.0, 4, ("housing", "counter")))
    pairs = {("counter", "roads"): "building", ("roads", "housing"): "building"}
    near = replace(PAPER, nearness=pairs)
    far = replace(PAPER, nearness=pairs | {("roads", "housing"): "city"})
    gap = mean_lead_time(process, far) - mean_lead_time(process, near)
    assert gap == pytest.approx(7.5 / 4 * (0.45**-4 - 0.55**-4))


def test_times_from_a_log_can_stand_for_any_law():
    times = Observed([0.5, 1.0, 1.0, 22.0], [1, 1, 1, 1])
    state = replace(PAPER, attention=times)
    assert mean_lead_time(series_process(), state) - mean_lead_time(
        series_process(), PAPER
    ) == pytest.approx(3 * (6.125 - 4.0))
    assert lead_time(series_process(), state).mean == pytest.approx(
        mean_lead_time(series_process(), state)
    )


def drawn(draws, seed=0):
    rng = np.random.default_rng(seed)

    def between(low, high):
        return rng.uniform(low, high, draws)

    def tier(low, high):
        dispatch = wait_for_next(DAY, between(low, high), between(0, 1))
        way = Fixed(between(0.1, 1))
        return Tier(dispatch, way, between(0.1, 0.3), between(1, 5), between(0.4, 0.6))

    return replace(
        PAPER,
        attention=Exponential(between(2, 6)),
        registration=Exponential(between(1, 3)),
        questions=between(0, 0.5),
        tiers={"building": tier(4, 8), "city": tier(0.5, 2)},
    )


def one_of(state, i):
    """The i-th draw of the mechanisms that `drawn` gives."""

    def tier(t):
        gap = t.dispatch
        return Tier(
            replace(gap, gap_hours=gap.gap_hours[i], gap_cv=gap.gap_cv[i]),
            Fixed(t.transport.hours[i]),
            t.return_share[i],
            t.answer_hours[i],
            t.free_share[i],
        )

    return replace(
        state,
        attention=Exponential(state.attention.mean_hours[i]),
        registration=Exponential(state.registration.mean_hours[i]),
        questions=state.questions[i],
        tiers={name: tier(each) for name, each in state.tiers.items()},
    )


def test_draws_and_floats_agree():
    state = drawn(5)
    means = mean_lead_time(PERMIT, state)
    share = location_share(PERMIT, state)
    assert means.shape == share.sure.shape == (5,)
    for i in range(5):
        alone = one_of(state, i)
        assert mean_lead_time(PERMIT, alone) == pytest.approx(means[i], rel=1e-12)
        assert location_share(PERMIT, alone).possible == pytest.approx(share.possible[i])


def test_means_of_draws_are_within_three_per_mille_of_the_grid():
    state = drawn(12, seed=1)
    wide = Grid(horizon_hours=2048)
    on_grid = [lead_time(PERMIT, one_of(state, i), wide).mean for i in range(12)]
    assert mean_lead_time(PERMIT, state) == pytest.approx(on_grid, rel=3e-3)


def test_moving_can_end_at_most_the_location_share():
    """The share is what is gone when the mechanisms take no time; a move leaves some of it."""
    share = location_share(PERMIT, PAPER)
    assert 0 < share.sure < share.possible < 1
    gone = 1 - mean_lead_time(PERMIT, NEAR) / mean_lead_time(PERMIT, PAPER)
    assert gone < share.possible
    assert location_share(PERMIT, ELECTRONIC).sure == pytest.approx(0)
    on_grid = location_share(PERMIT, PAPER, Grid())
    assert on_grid.sure == pytest.approx(share.sure, abs=2e-3)
    assert on_grid.possible == pytest.approx(share.possible, abs=2e-3)


def test_without_parallel_tasks_or_returns_the_location_share_is_a_ratio_of_sums():
    """Two hand-offs of 3.75 + 0.6 + 2 and a question of 0.8; attention and work 16.5 hours, and
    signing 1.875."""
    share = location_share(series_process(), PAPER)
    total = 2 * (6.35 + 0.8) + 16.5 + 1.875
    assert share.sure == pytest.approx(2 * 4.35 / total)
    assert share.possible == pytest.approx(2 * (4.35 + 0.8) / total)


def test_gains_by_mechanism_make_the_whole_change():
    gains = gain_by_mechanism(PERMIT, PAPER, NEAR)
    assert list(gains) == list(MECHANISMS)
    whole = mean_lead_time(PERMIT, PAPER) - mean_lead_time(PERMIT, NEAR)
    assert sum(gains.values()) == pytest.approx(whole)
    assert {name for name, gain in gains.items() if gain} == {*SURE, *POSSIBLE}
    assert gains["meeting"] == pytest.approx(0.6 * 7.5 / 4 * (0.45**-4 - 0.55**-4))


def test_a_gain_that_interacts_with_nothing_is_its_own_change_alone():
    before, after = PAPER, replace(PAPER, registration=Exponential(1.0), attention=Fixed(3.0))
    gains = gain_by_mechanism(series_process(), before, after)
    assert gains["registration"] == pytest.approx(2)
    assert gains["attention"] == pytest.approx(3)
    assert sum(gains.values()) == pytest.approx(5)


def test_a_change_that_changes_nothing_gains_nothing():
    assert set(gain_by_mechanism(PERMIT, drawn(3), drawn(3)).values()) == {0.0}


def test_gains_of_draws_add_up_in_every_draw():
    near = replace(drawn(4), nearness=TOGETHER)
    gains = gain_by_mechanism(PERMIT, drawn(4), near)
    whole = mean_lead_time(PERMIT, drawn(4)) - mean_lead_time(PERMIT, near)
    assert sum(gains.values()) == pytest.approx(whole)


def test_gains_on_a_grid_are_those_by_moments():
    on_grid = gain_by_mechanism(PERMIT, PAPER, NEAR, Grid(cell_hours=0.5))
    assert on_grid == pytest.approx(gain_by_mechanism(PERMIT, PAPER, NEAR), abs=0.2)


def test_the_mechanisms_of_a_series_share_its_mean():
    parts = mean_by_mechanism(series_process(), PAPER)
    assert parts == pytest.approx(
        {
            "touch": 4.5,
            "attention": 12.0,
            "sign_off": 1.875,
            "registration": 4.0,
            "dispatch": 7.5,
            "transport": 1.2,
            "clarification": 1.6,
            "rework": 0.0,
            "meeting": 0.0,
        }
    )


def test_the_glove_game_has_its_known_shapley_value():
    """Two left gloves and a right one: 1/6, 1/6 and 2/3 (Shapley 1953; any textbook)."""

    def pairs(owners):
        return float("right" in owners and len(owners) > 1)

    assert shapley(["left", "other_left", "right"], pairs) == pytest.approx(
        {"left": 1 / 6, "other_left": 1 / 6, "right": 2 / 3}
    )


def test_the_four_corners_stand_in_one_table():
    table = four_corners(PERMIT, PAPER, ELECTRONIC, APART, TOGETHER, standard_days=14)
    assert list(zip(table.letters, table.offices, strict=True)) == [
        ("paper", "apart"),
        ("paper", "together"),
        ("electronic", "apart"),
        ("electronic", "together"),
    ]
    alone = lead_time(PERMIT, NEAR)
    assert table.mean_days[1] == pytest.approx(alone.mean / DAY)
    assert table.p90_days[1] == pytest.approx(alone.quantile(0.9) / DAY)
    assert table.within_standard[1] == pytest.approx(alone.share_within(14 * DAY))
    assert table.mean_days.idxmax() == 0
    assert table.mean_days.idxmin() == 3
    assert (table.sure_share[2:].abs() < 1e-9).all()
    assert (table.p50_days < table.p90_days).all()


numbers = st.floats(0.5, 8)


@settings(max_examples=25, deadline=None)
@given(numbers, numbers, st.floats(0, 0.4), st.floats(0.4, 0.9), st.floats(0, 0.6))
def test_more_of_any_mechanism_never_makes_a_case_quicker(wait, way, returned, free, questions):
    def state(rounds, way, returned, free, questions):
        tier = Tier(wait_for_next(DAY, rounds, 0.3), Fixed(way), returned, 3.0, free)
        return replace(PAPER, tiers={"city": tier}, questions=questions)

    base = mean_lead_time(PERMIT, state(wait, way, returned, free, questions))
    for worse in (
        state(wait / 2, way, returned, free, questions),
        state(wait, way + 1, returned, free, questions),
        state(wait, way, returned + 0.1, free, questions),
        state(wait, way, returned, free - 0.1, questions),
        state(wait, way, returned, free, questions + 0.1),
    ):
        assert mean_lead_time(PERMIT, worse) > base


A, B = Task("a", "counter", NOTHING), Task("b", "roads", NOTHING)
GROUP = Parallel(((B,),))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Process("p", (GROUP,)),
            "process 'p' must begin with a task, which takes the case in",
        ),
        (
            lambda: Process("p", (Task("a", "counter", NOTHING, review=True),)),
            "process 'p': its first task 'a' is a review, "
            "but there is no agency to send the case back to",
        ),
        (lambda: Process("p", (A, A)), "process 'p' has more than one task 'a'"),
        (
            lambda: Process("p", (A, GROUP, Task("c", "roads", NOTHING, review=True))),
            "process 'p': review 'c' follows a group, so it is not clear whom to send the case "
            "back to; put a task between them",
        ),
        (
            lambda: Process("p", (A, GROUP, GROUP)),
            "process 'p': two groups follow each other; put a task between them, which collects "
            "the case and sends it out again",
        ),
        (lambda: Process("p", (A, Parallel(()))), "process 'p' has a group without a route"),
        (
            lambda: Process("p", (A, Parallel(((GROUP,),)))),
            "process 'p': each route of a group must begin and end with a task",
        ),
        (
            lambda: Process("p", (A, Branch((0.5, 0.5), ((B,),)))),
            "process 'p': a branch has 2 shares for 1 routes",
        ),
        (
            lambda: Process("p", (A, Branch((1.5,), ((B,),)))),
            "process 'p': the shares of a branch must be 0 or more, with a sum of at most 1; "
            "their sum is 1.5",
        ),
        (
            lambda: Meeting(0.5, 0, ()),
            "a meeting has 0 attendees; expected at least 1",
        ),
        (
            lambda: replace(PAPER, nearness={("a", "b"): "cty"}),
            "'a' and 'b' are of tier 'cty', which is not given. Did you mean 'city'?",
        ),
        (
            lambda: replace(PAPER, nearness={("a", "b"): "city", ("b", "a"): "building"}),
            "'a' and 'b' are of tier 'city' in one order and of tier 'building' in the other; "
            "give the pair once",
        ),
        (
            lambda: mean_lead_time(PERMIT, replace(PAPER, nearness={})),
            "nothing says how near 'counter' and 'roads' sit; add the pair to nearness",
        ),
        (
            lambda: replace(PAPER.tiers["city"], return_share=1.0),
            "return_share is 1; expected 0 or more, below 1",
        ),
        (
            lambda: replace(PAPER.tiers["city"], free_share=0.0),
            "free_share is 0; expected above 0, at most 1",
        ),
        (
            lambda: lead_time(PERMIT, drawn(2)),
            "Exponential has an array of numbers, but a grid takes one at a time; "
            "use mean_lead_time for draws",
        ),
    ],
)
def test_a_process_says_what_is_wrong_with_it(make, message):
    with pytest.raises(UsageError) as said:
        make()
    assert str(said.value) == message
