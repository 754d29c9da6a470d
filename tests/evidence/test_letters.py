"""Letters as ties, stamps in bulk, and who sat where."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.evidence.bulk_stamps import bulk_stamps, bulk_summary
from opdanalysis.evidence.letter_calendar import stamp
from opdanalysis.evidence.letters import MISSING, LetterLog, Places, letters_needed


def small_log(sent, answered, receiver, exported=None) -> LetterLog:
    n = len(sent)
    sent = np.array(sent, dtype=np.int32)
    answered = np.array(answered, dtype=np.int32)
    last = exported or int(max(sent.max(), answered.max()))
    zeros = np.zeros(n, dtype=np.int16)
    receiver = np.array(receiver, dtype=np.int16)
    return LetterLog(
        ("a", "b", "c"), ("letters",), zeros, receiver, zeros, sent, answered, last, {}
    )


def test_ties_hold_every_letter_once(log):
    ties = log.ties()
    assert ties["letters"].sum() == len(log)
    assert np.allclose(ties["contacts_per_year"] * log.years, ties["letters"])
    assert (ties["low"] < ties["contacts_per_year"]).all()
    assert (ties["contacts_per_year"] < ties["high"]).all()


def test_independent_letters_are_not_dispersed():
    rng = np.random.default_rng(3)
    sent = stamp(date(2024, 1, 2)) + np.sort(rng.integers(0, 700 * 1440, 20_000))
    log = small_log(sent, np.full(20_000, MISSING), rng.integers(1, 3, 20_000), int(sent.max()))
    key = log.receiver.astype(np.int64)
    assert log.dispersion(key, np.bincount(key, minlength=9)) < 1.6
    ties = log.ties()
    wide = (ties["high"] - ties["low"]) / ties["contacts_per_year"]
    assert (wide < 2 * 1.645 / np.sqrt(ties["letters"]) * 1.3).all()


def test_letters_needed_are_those_of_the_two_sample_formula():
    """With z 1.96 and 0.84 a published table has 679 letters an arm for 20%, 2,486 for 10%."""
    assert letters_needed(1.2, 1.2, 0.05, 0.8) == pytest.approx(679, rel=0.003)
    assert letters_needed(1.2, 1.1, 0.05, 0.8) == pytest.approx(2486, rel=0.003)


def test_answers_stamped_in_one_minute_are_found(calendar):
    day = stamp(date(2024, 7, 8))
    sent = [day + 460] * 8
    answered = [day + 955] * 6 + [day + 500, day + 600]
    log = small_log(sent, answered, [1] * 8)
    bulk = bulk_stamps(log, calendar)
    assert bulk.tolist() == [True] * 6 + [False, False]
    assert bulk_summary(log, bulk).iloc[0][["agency", "answers", "bulk"]].tolist() == ["b", 8, 6]


def test_answers_of_different_agencies_in_one_minute_are_no_bulk(calendar):
    day = stamp(date(2024, 7, 8))
    log = small_log([day + 460] * 4, [day + 955] * 4, [1, 2, 1, 2])
    assert not bulk_stamps(log, calendar).any()


def test_a_busy_agency_without_a_clerk_at_the_end_of_the_day_raises_no_alarm(calendar):
    """At 300 answers a day, four in one minute happen daily by chance."""
    rng = np.random.default_rng(1)
    day = np.array([stamp(date(2024, 7, d)) for d in range(8, 13)])
    answered = (day[rng.integers(0, 5, 1500)] + rng.integers(450, 690, 1500)).astype(np.int32)
    log = small_log(answered - 20, answered, np.ones(1500))
    assert bulk_stamps(log, calendar).mean() < 0.01


def test_an_agency_moves_when_its_building_changes():
    places = Places(np.int32([100, 200]), np.array([[0, 1, 2], [0, 0, 2], [0, 0, 0]]))
    period = places.period(np.int32([99, 100, 250]))
    assert period.tolist() == [0, 1, 2]
    one, other = np.array([0, 0, 0]), np.array([1, 1, 2])
    assert places.together(period, one, other).tolist() == [False, True, True]
    assert places.next_move(period[:2], one[:2], np.array([1, 2])).tolist() == [100, 200]
    assert places.next_move(period[2:], one[2:], other[2:])[0] > 10**9


def test_periods_must_fit_the_moves():
    with pytest.raises(UsageError, match="one row of places more than there are moves"):
        Places(np.int32([5]), np.zeros((1, 3), dtype=int))
