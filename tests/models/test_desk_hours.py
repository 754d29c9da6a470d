"""The time between agencies: against the lead time of processes, by hand, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.methods.lead_time import mean_lead_time
from opdanalysis.methods.lead_time_laws import Exponential, Fixed, Lognormal
from opdanalysis.methods.lead_time_longest import Kinds, longest_of
from opdanalysis.methods.lead_time_mechanisms import Mechanisms, Tier, wait_for_next
from opdanalysis.methods.lead_time_process import Meeting, Parallel, Process, Task
from opdanalysis.methods.longest_lognormal import longest_lognormal
from opdanalysis.models.desk_hours import LETTERS, POSSIBLE, SURE, desk_times, way_times
from opdanalysis.models.desk_legs import WAYS, legs_of

STILL = {"travel_speed": 1e15}
"""Papers that need no time on the way, since the methods know no distances."""


def mechanisms(values, electronic: bool) -> Mechanisms:
    """The same beliefs as numbers of the methods, all agencies elsewhere in the city."""
    day = values["working_hours_per_day"]
    rounds = values["dispatches_per_year"] / values["working_days"]
    lying, entry = values["attention_hours"], values["registration_hours"]
    if electronic:
        lying = lying * values["attention_electronic_ratio"]
        entry = entry * values["registration_electronic_ratio"]
    dispatch = Fixed(0.0) if electronic else wait_for_next(day, rounds, values["dispatch_gap_cv"])
    city = Tier(
        dispatch=dispatch,
        transport=Fixed(0.0),
        return_share=values["return_share"],
        answer_hours=values["answer_hours"],
        free_share=values["free_slot_share"],
    )
    return Mechanisms(
        day_hours=day,
        attention=Exponential(lying),
        sign_off=wait_for_next(day, values["sign_off_sessions"], values["sign_off_gap_cv"]),
        registration=Exponential(entry),
        mending=Exponential(values["mending_hours"]),
        questions=values["clarification_share"],
        slots_per_day=values["meeting_slots"],
        tiers={"city": city},
        nearness={},
    )


def work(known, step: str) -> Lognormal:
    hours = {s.id: s.touch_hours.value for s in known.city.desk_steps}
    return Lognormal(hours[step], known.book.central()["desk_work_cv"])


def on_each_way(known, values, service: str, letters: str) -> np.ndarray:
    """Mean hours on the full and on the delegated way."""
    at = known.city.service_order[service] * len(WAYS)
    legs = legs_of(known.city, known.city.today)
    return way_times(known.city, legs, values, letters).mean[..., at : at + 2]


@pytest.mark.parametrize("letters", LETTERS)
def test_a_service_in_series_takes_as_long_as_its_process(palembang, letters):
    """The oracle is `methods/lead_time`, in which each leg is a task with hand-off and review.

    Its first task lies until opened as well, which a counter does not.
    """
    values = palembang.book.central().with_numbers(STILL)
    far = _near(mechanisms(values, letters == "electronic"), [("dpmptsp", "dlh")])
    process = Process(
        "environment-approval",
        (
            Task("take-in", "dpmptsp", Fixed(0.0)),
            Task("dlh", "dlh", work(palembang, "environment-approval/2"), True, review=True),
            Task("issue", "dpmptsp", work(palembang, "environment-approval/3"), True, review=True),
        ),
    )
    expected = mean_lead_time(process, far) - far.attention.mean
    found = on_each_way(palembang, values, "environment-approval", letters)
    assert found[0] == pytest.approx(expected, rel=1e-9)


def test_steps_beside_each_other_take_as_long_as_a_parallel_process(palembang):
    """Fire safety, environment and public works; `methods/lead_time` integrates four moments."""
    values = palembang.book.central().with_numbers(STILL)
    far = _near(
        mechanisms(values, electronic=False),
        [(a, b) for a in ("dpmptsp", "pupr", "dlh", "damkar") for b in ("pupr", "dlh", "damkar")],
    )
    agencies = {"pupr": 2, "dlh": 3, "damkar": 4}
    routes = tuple(
        (Task(a, a, work(palembang, f"building-approval/{n}"), signed=True, review=True),)
        for a, n in agencies.items()
    )
    meeting = Meeting(values["joint_meeting_share"], 4, ("dlh", "damkar"))
    took_in = Task("take-in", "dpmptsp", work(palembang, "building-approval/1"))
    whole = Process(
        "building-approval",
        (
            took_in,
            Parallel(routes),
            Task("consult", "pupr", Fixed(0.0), meeting=meeting),
            Task("levy", "pupr", work(palembang, "building-approval/6"), signed=True),
            Task("issue", "dpmptsp", work(palembang, "building-approval/7"), True, review=True),
        ),
    )
    lying = 2 * values["attention_hours"]  # taking in and consulting: the citizen is there
    found = on_each_way(palembang, values, "building-approval", "paper")[0]
    assert found == pytest.approx(mean_lead_time(whole, far) - lying, rel=0.02)


def _near(found: Mechanisms, pairs: list[tuple[str, str]]) -> Mechanisms:
    """The mechanisms with those pairs of agencies elsewhere in the city."""
    known = {pair: "city" for pair in pairs if pair[0] != pair[1]}
    return Mechanisms(**{**found.__dict__, "nearness": known})


def test_the_longest_of_lognormal_times_agrees_with_four_moments():
    laws = [Lognormal(8.0, 0.8), Lognormal(12.0, 0.6), Lognormal(5.0, 1.2)]
    exact = longest_of([Kinds.one(law.moments) for law in laws]).mean
    means = np.array([law.moments.mean for law in laws])
    spreads = np.array([law.moments.variance for law in laws])
    mean, variance = longest_lognormal(means, spreads)
    assert mean == pytest.approx(exact, rel=0.005)
    draws = np.random.default_rng(1).standard_normal((400_000, 3))
    of_log = np.sqrt(np.log1p(spreads / means**2))
    longest = np.exp(np.log(means) - of_log**2 / 2 + draws * of_log).max(axis=1)
    assert mean == pytest.approx(longest.mean(), rel=0.005)
    assert variance == pytest.approx(longest.var(), rel=0.05)


def test_one_time_alone_is_the_longest():
    mean, variance = longest_lognormal(np.array([3.0]), np.array([4.0]))
    assert mean == pytest.approx(3.0, rel=1e-3)
    assert variance == pytest.approx(4.0, rel=0.02)


def test_social_assistance_is_worked_by_hand(contoh):
    """At Dinas Sosial two hours of work; then a hand-off across the city to the civil registry."""
    values = contoh.book.central().with_numbers(STILL)
    carry = 7.5 / 2 * 1.25 + 2
    work_there = 0.5 + 3.5 + 7.5 / 2 / 2 * 1.25
    again = 2 * carry + 8 + work_there
    expected = 2 + carry + 0.05 * 4 + work_there + again * 0.15 / 0.85
    assert on_each_way(contoh, values, "bantuan-sosial", "paper")[0] == pytest.approx(expected)


def test_delegated_steps_are_work_without_a_hand_off(contoh):
    """Land use in the business permit: four hours at the permit office, and then the decision."""
    values = contoh.book.central().with_numbers(STILL)
    delegated = on_each_way(contoh, values, "izin-usaha", "paper")[1]
    own = next(s.touch_hours.value for s in contoh.city.desk_steps if s.id == "izin-usaha/4")
    carry = 7.5 / 2 * 1.25 + 2  # from the kecamatan to the permit office
    decision = own + 3.5 + 7.5 / 2 / 2 * 1.25
    assert delegated == pytest.approx(4 + carry + 0.05 * 4 + decision, rel=1e-9)


@pytest.mark.parametrize("known", ["contoh", "palembang"])
def test_delegation_and_electronic_letters_never_lengthen_the_way(known, request):
    known = request.getfixturevalue(known)
    values = known.book.sample(40, 3)
    for plan in known.plans.values():
        legs = legs_of(known.city, plan.place(known.city))
        paper, electronic = (way_times(known.city, legs, values, name).mean for name in LETTERS)
        assert (electronic <= paper + 1e-9).all()
        assert (paper[:, 1::2] <= paper[:, ::2] + 1e-9).all()
    more = values.with_numbers({"electronic_letters_share": 0.9, "delegated_authority_share": 0.9})
    less = values.with_numbers({"electronic_letters_share": 0.2, "delegated_authority_share": 0.1})
    days = [desk_times(known.city, known.city.today, each).mean for each in (more, less)]
    assert (days[0] <= days[1] + 1e-9).all()


def test_mechanisms_that_take_no_time_only_shorten_the_way(palembang):
    values = palembang.book.sample(30, 4)
    legs = legs_of(palembang.city, palembang.city.today)
    whole, sure, possible = (
        way_times(palembang.city, legs, values, "paper", tuple(sorted(without))).mean
        for without in ((), SURE, POSSIBLE)
    )
    assert (possible <= sure + 1e-9).all()
    assert (sure <= whole + 1e-9).all()
    assert (possible >= 0).all()


def test_floats_and_draws_agree(palembang):
    city, draws = palembang.city, palembang.book.sample(3, 5)
    placement = palembang.plans["2025-11-10-regrouping"].place(city)
    drawn = desk_times(city, placement, draws)
    for place in range(3):
        one = palembang.book.central().with_numbers({name: draws[name][place] for name in draws})
        alone = desk_times(city, placement, one)
        np.testing.assert_allclose(drawn.mean[place], alone.mean, rtol=1e-10)
        np.testing.assert_allclose(drawn.variance[place], alone.variance, rtol=1e-9)
