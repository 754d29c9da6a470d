"""Numbers of queues that cannot be are found, with a reason; those that can be are left alone."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_check import QuotedQueue, check_counter, check_quoted
from opdanalysis.methods.queue_finding import CAUSES, KINDS, QUANTITIES, Finding, refuse
from opdanalysis.methods.queues import mmc

USUAL_DAY = {
    "arrivals_per_day": 105,
    "opening_hours": 7,
    "counters": 5,
    "minutes_per_customer": 12,
}

# (quoted, options, kind, cause, sentence)
IMPOSSIBLE = [
    (
        QuotedQueue(waiting=nan),
        {},
        "not_a_number",
        "",
        "the time in line is nan; expected a number.",
    ),
    (
        QuotedQueue(number_waiting=-2),
        {},
        "negative",
        "",
        "the number in line is -2; expected 0 or more.",
    ),
    (
        QuotedQueue(service_time=0),
        {},
        "zero",
        "",
        "the mean service time is 0; expected more than 0.",
    ),
    (
        QuotedQueue(servers=2.6),
        {},
        "fractional_servers",
        "mean_of_shifts",
        "the number of servers is 2.6; expected a whole number such as 3. Likely cause: a mean "
        "over shifts; give the servers that work at one time.",
    ),
    (
        QuotedQueue(utilisation=1.13, servers=1),
        {},
        "no_steady_state",
        "too_few_servers",
        "the utilisation is 1.13; expected below 1: where nobody gives up, the line grows for as "
        "long as the doors are open, and there is no long-run mean. Likely cause: too few servers; "
        "2 would keep up.",
    ),
    (
        QuotedQueue(utilisation=1.0),
        {},
        "no_steady_state",
        "",
        "the utilisation is 1; expected below 1: where nobody gives up, the line grows for as long "
        "as the doors are open, and there is no long-run mean.",
    ),
    (
        QuotedQueue(utilisation=85, servers=2),
        {},
        "no_steady_state",
        "percent",
        "the utilisation is 85; expected below 1: where nobody gives up, the line grows for as "
        "long as the doors are open, and there is no long-run mean. Likely cause: a percentage, "
        "where a share is expected.",
    ),
    (
        QuotedQueue(arrival_rate=12, service_time=4, servers=1),  # per hour, and minutes
        {},
        "no_steady_state",
        "minutes_and_hours",
        "the utilisation is 48; expected below 1: where nobody gives up, the line grows for as "
        "long as the doors are open, and there is no long-run mean. Likely cause: minutes and "
        "hours (or seconds and minutes) mixed, a factor of 60.",
    ),
    (
        QuotedQueue(waiting=44.4, stay=26.4),
        {},
        "waiting_exceeds_stay",
        "exchanged",
        "the time in line is 44.4; expected no more than the whole stay, 26.4. Likely cause: the "
        "two stand in each other's place.",
    ),
    (
        QuotedQueue(number_waiting=5, number_inside=4),
        {},
        "more_waiting_than_inside",
        "exchanged",
        "the number in line is 5; expected no more than the number inside, 4. Likely cause: the "
        "two stand in each other's place.",
    ),
    (
        QuotedQueue(number_waiting=5, number_inside=9, servers=2),
        {},
        "more_served_than_servers",
        "",
        "the number being served is 4; expected no more than the number of servers, 2.",
    ),
    (
        QuotedQueue(service_rate=5, service_time=12),  # per hour, and minutes
        {},
        "service_differs",
        "minutes_and_hours",
        "the mean service time is 12; expected 0.2, one over the service rate. Likely cause: "
        "minutes and hours (or seconds and minutes) mixed, a factor of 60.",
    ),
    (
        QuotedQueue(arrival_rate=12, service_rate=5, servers=3, utilisation=2.4),
        {},
        "utilisation_differs",
        "servers_left_out",
        "the utilisation is 2.4; expected 0.8, arrival rate x service time / servers. Likely "
        "cause: the number of servers was left out.",
    ),
    (
        QuotedQueue(arrival_rate=4, service_rate=5, servers=1, utilisation=80),
        {},
        "utilisation_differs",
        "percent",
        "the utilisation is 80; expected 0.8, arrival rate x service time / servers. Likely cause: "
        "a percentage, where a share is expected.",
    ),
    (
        QuotedQueue(arrival_rate=4, service_rate=5, servers=1, utilisation=1.25),
        {},
        "utilisation_differs",
        "upside_down",
        "the utilisation is 1.25; expected 0.8, arrival rate x service time / servers. Likely "
        "cause: arrival rate and service rate stand in each other's place.",
    ),
    (
        QuotedQueue(arrival_rate=12, number_waiting=5, waiting=25),  # per hour, and minutes
        {},
        "little_waiting",
        "minutes_and_hours",
        "the number in line is 5; expected 300, arrival rate x time in line (Little's law). Likely "
        "cause: minutes and hours (or seconds and minutes) mixed, a factor of 60.",
    ),
    (
        QuotedQueue(arrival_rate=100, number_inside=6, stay=25),  # per day of 7 hours, and minutes
        {},
        "little_stay",
        "days_and_minutes",
        "the number inside is 6; expected 2500, arrival rate x whole stay (Little's law). Likely "
        "cause: days and minutes mixed, a factor of 416.7.",
    ),
    (
        QuotedQueue(arrival_rate=12, number_inside=5, stay=1500),  # per hour, and seconds
        {},
        "little_stay",
        "hours_and_seconds",
        "the number inside is 5; expected 1.8e+04, arrival rate x whole stay (Little's law). "
        "Likely cause: hours and seconds mixed, a factor of 3600.",
    ),
    (
        QuotedQueue(number_waiting=4, number_inside=5, waiting=20, stay=50),
        {},
        "little_between",
        "",
        "the number inside is 5; expected 10, number in line x whole stay / time in line (Little's "
        "law).",
    ),
    (
        QuotedQueue(waiting=20, stay=42, service_time=12),
        {},
        "stay_differs",
        "",
        "the whole stay is 42; expected 32, time in line + service time.",
    ),
    (
        QuotedQueue(number_waiting=3, number_inside=5, utilisation=0.5, servers=2),
        {},
        "inside_differs",
        "",
        "the number inside is 5; expected 4, number in line + number being served.",
    ),
    (
        QuotedQueue(servers=7, utilisation=0.41, waiting=18, service_time=0.42),
        {"claims_mmc": True},
        "differs_from_mmc",
        "",
        "the time in line is 18; expected 0.0031 at this utilisation with Poisson arrivals and "
        "exponential service times.",
    ),
]


@pytest.mark.parametrize(
    ("quoted", "options", "kind", "cause", "sentence"),
    IMPOSSIBLE,
    ids=[f"{case[2]}-{case[3]}" for case in IMPOSSIBLE],
)
def test_what_cannot_be_is_found_once_and_said_in_words(quoted, options, kind, cause, sentence):
    found = check_quoted(quoted, tolerance=0.02, **options)
    assert [(finding.kind, finding.cause) for finding in found] == [(kind, cause)]
    assert str(found[0]) == sentence


def test_every_kind_and_cause_has_an_example_here():
    assert {case[2] for case in IMPOSSIBLE} | {"hours_exceed_day"} == set(KINDS)
    assert {case[3] for case in IMPOSSIBLE} - {""} == set(CAUSES)


def test_birth_certificates_in_bandung_are_consistent():
    """Telkom University, 2015: 22.09 wait, 23.05 are inside, 95.4 and 99.6 minutes, M/M/1."""
    quoted = QuotedQueue(
        servers=1, number_waiting=22.09, number_inside=23.05, waiting=95.4, stay=99.6
    )
    assert check_quoted(quoted, tolerance=0.005, claims_mmc=True) == ()
    arrivals_per_minute = quoted.number_waiting / quoted.waiting
    assert arrivals_per_minute == pytest.approx(0.2314, abs=2e-4)
    assert mmc(0.9585, 1.0, 1).number_inside == pytest.approx(23.05, abs=0.06)


@pytest.mark.parametrize(
    ("stage", "utilisation", "refused"),
    [("data entry", 1.13, True), ("recording", 0.9, False), ("printing", 3.0, True)],
)
def test_identity_cards_in_sigi_are_refused_where_the_line_grows_for_ever(
    stage, utilisation, refused
):
    """Jurnal Ilmu Manajemen Universitas Tadulako 6(2), doi 10.22487/jimut.v6i2.189: M/M/1 at each
    of three stages. The second is possible by itself."""
    found = check_quoted(
        QuotedQueue(servers=1, utilisation=utilisation, where=f"Sigi, {stage}"),
        tolerance=0.02,
        claims_mmc=True,
    )
    assert [finding.kind for finding in found] == ["no_steady_state"] * refused
    assert all(str(finding).startswith(f"Sigi, {stage}: the utilisation is") for finding in found)


@pytest.mark.parametrize(
    ("servers", "utilisation", "inside"), [(2, 0.57, 2), (2, 0.45, 1), (4, 0.75, 5)]
)
def test_what_sigi_proposes_is_consistent(servers, utilisation, inside):
    """The same study with more counters; its numbers of people are rounded to whole ones."""
    quoted = QuotedQueue(servers=servers, utilisation=utilisation, number_inside=inside)
    assert check_quoted(quoted, tolerance=0.1, claims_mmc=True) == ()


def test_a_civil_registry_that_waits_longer_than_it_stays_is_refused_twice():
    """Algoritma 3(2), 2025, Bone Bolango: M/M/4 with 26.4 minutes in all and 44.4 in line; M/M/7 at
    41% with 18.42 and 18, where M/M/7 would have next to no line."""
    today = QuotedQueue(servers=4, stay=26.4, waiting=44.4, where="M/M/4")
    proposed = QuotedQueue(servers=7, utilisation=0.41, stay=18.42, waiting=18, where="M/M/7")
    kinds = [
        {finding.kind for finding in check_quoted(quoted, tolerance=0.02, claims_mmc=True)}
        for quoted in (today, proposed)
    ]
    assert kinds == [{"waiting_exceeds_stay"}, {"differs_from_mmc"}]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.05, 0.99),
    st.integers(1, 20),
    st.floats(0.5, 60),
    st.sets(st.sampled_from([name for name in QUANTITIES if name in QuotedQueue.__annotations__])),
)
def test_any_part_of_a_true_queue_passes(utilisation, servers, service_time, kept):
    queue = mmc(utilisation * servers / service_time, service_time, servers)
    whole = QuotedQueue(
        arrival_rate=queue.arrival_rate,
        service_rate=1 / service_time,
        service_time=service_time,
        servers=servers,
        utilisation=queue.utilisation,
        number_waiting=queue.number_waiting,
        number_inside=queue.number_inside,
        waiting=queue.waiting,
        stay=queue.stay,
    )
    part = replace(QuotedQueue(), **{name: getattr(whole, name) for name in kept})
    assert check_quoted(part, tolerance=1e-6, claims_mmc=True) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.3, 0.95),
    st.integers(1, 20),
    st.sampled_from(["number_waiting", "number_inside", "waiting", "stay", "utilisation"]),
    st.sampled_from([0.5, 0.8, 1.3, 60, 1 / 60]),
)
def test_one_wrong_number_in_a_whole_queue_is_always_found(utilisation, servers, name, factor):
    queue = mmc(utilisation * servers / 10, 10.0, servers)
    said = {
        quantity: getattr(queue, quantity)
        for quantity in ("arrival_rate", "service_time", "servers", "utilisation", "waiting",
                         "number_waiting", "number_inside", "stay")
    }  # fmt: skip
    said[name] *= factor
    assert check_quoted(QuotedQueue(**said), tolerance=0.02)


def test_where_people_give_up_a_counter_may_be_overloaded():
    busy = USUAL_DAY | {"arrivals_per_day": 300}
    found = check_counter("loket 1", **busy, tolerance=0.1)
    assert [str(finding) for finding in found] == [
        "loket 1: the utilisation is 1.714; expected below 1: where nobody gives up, the line "
        "grows for as long as the doors are open, and there is no long-run mean. Likely cause: too "
        "few servers; 9 would keep up."
    ]
    assert check_counter("loket 1", **busy, tolerance=0.1, people_give_up=True) == ()


def test_a_counter_that_can_be_passes():
    assert check_counter(
        "loket 2", **USUAL_DAY, waiting_minutes=5.2, stay_minutes=17.2, number_waiting=1.3,
        tolerance=0.05,
    ) == ()  # fmt: skip


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            {"opening_hours": 420},
            "loket 3: the number of opening hours per day is 420; expected 24 at most. Likely "
            "cause: minutes and hours (or seconds and minutes) mixed, a factor of 60.",
        ),
        (
            {"opening_hours": 0},
            "loket 3: the number of opening hours per day is 0; expected more than 0.",
        ),
        (
            {"arrivals_per_day": -5},
            "loket 3: the number of arrivals per day is -5; expected 0 or more.",
        ),
        (
            {"arrivals_per_day": inf},
            "loket 3: the number of arrivals per day is inf; expected a number.",
        ),
        (
            {"minutes_per_customer": -1},
            "loket 3: the mean service time is -1; expected 0 or more.",
        ),
        (
            {"number_waiting": 0.02, "waiting_minutes": 5.0},
            "loket 3: the number in line is 0.02; expected 1.25, arrival rate x time in line "
            "(Little's law). Likely cause: minutes and hours (or seconds and minutes) mixed, a "
            "factor of 62.5.",
        ),
    ],
)
def test_a_counter_that_cannot_be_is_refused_in_the_users_words(day, sentence):
    found = check_counter("loket 3", **(USUAL_DAY | day), tolerance=0.1)
    assert [str(finding) for finding in found] == [sentence]


def test_findings_can_be_raised_as_one_error():
    found = check_quoted(QuotedQueue(utilisation=-1, servers=0, where="X"), tolerance=0.02)
    with pytest.raises(UsageError) as told:
        refuse(found)
    assert str(told.value) == (
        "this queue cannot be:\n"
        "  X: the number of servers is 0; expected more than 0.\n"
        "  X: the utilisation is -1; expected 0 or more."
    )
    refuse(())


def test_a_finding_holds_what_another_language_needs():
    found = check_quoted(QuotedQueue(utilisation=3.0, servers=1), tolerance=0.02)
    assert found == (
        Finding("no_steady_state", "utilisation", 3.0, 1.0, "too_few_servers", 4.0, ""),
    )
    assert np.isnan(Finding("negative", "waiting", -1.0, 0.0).number)
