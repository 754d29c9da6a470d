"""What is known of the wait for each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from opdanalysis.evidence.letter_calendar import stamp
from opdanalysis.evidence.letters import MISSING, LetterLog, Places
from opdanalysis.evidence.response_times import NEVER, response_times, stage_times

DAY = stamp(date(2024, 7, 8))


def one_letter(answered: int, exported: int) -> LetterLog:
    place = np.zeros(1, dtype=np.int16)
    sent = np.int32([DAY + 480])
    return LetterLog(
        ("a", "b"), ("letters",), place, place + 1, place, sent, np.int32([answered]), exported, {}
    )


NOBODY_MOVES = Places(np.empty(0, dtype=np.int32), np.array([[0, 1]]))


def test_an_answer_after_the_break_waited_without_it(calendar):
    found = response_times(one_letter(DAY + 800, DAY + 900), calendar, NOBODY_MOVES)
    assert (found.low[0], found.high[0]) == (800 - 480 - 60, 800 - 480 - 60)


def test_an_open_letter_has_waited_until_the_export(calendar):
    found = response_times(one_letter(MISSING, DAY + 600), calendar, NOBODY_MOVES)
    assert (found.low[0], found.high[0]) == (120, NEVER)
    assert found.is_open[0]


def test_a_letter_still_open_when_one_moves_counts_until_then(calendar):
    places = Places(np.int32([DAY + 540]), np.array([[0, 1], [0, 0]]))
    found = response_times(one_letter(DAY + 600, DAY + 900), calendar, places)
    assert (found.low[0], found.high[0]) == (60, NEVER)
    assert not found.together[0]


def test_a_bulk_stamp_only_says_by_when(calendar):
    place = np.zeros(5, dtype=np.int16)
    sent = np.full(5, DAY - 3 * 1440 + 480, dtype=np.int32)  # Friday 8.00, answered on Monday
    answered = np.full(5, DAY + 955, dtype=np.int32)
    log = LetterLog(
        ("a", "b"), ("letters",), place, place + 1, place, sent, answered, DAY + 960, {}
    )
    found = response_times(log, calendar, NOBODY_MOVES)
    friday = 690 - 480 + 990 - 780
    assert found.bulk.all()
    assert set(found.low) == {friday}
    assert set(found.high) == {friday + 720 - 450 + 955 - 780}


def test_every_letter_falls_into_one_cell(times):
    table = times.summary_by_tie()
    assert table["letters"].sum() == len(times)
    assert table["answered"].sum() == (~times.is_open).sum()
    first, second = (times.matrices(period)["letters"].to_numpy() for period in (0, 1))
    assert first.sum() + second.sum() == len(times)
    assert np.diag(first).sum() == 0


def test_order_of_letters_does_not_matter(log, calendar, places, times):
    order = np.random.default_rng(0).permutation(len(log))
    mixed = replace(
        log,
        **{name: getattr(log, name)[order] for name in ("sender", "receiver", "layer", "sent")},
        answered=log.answered[order],
        stages={},
        returned=None,
    )
    again = response_times(mixed, calendar, places)
    assert (again.low == times.low[order]).all()
    assert (again.high == times.high[order]).all()


def test_stages_are_told_apart(log, calendar, places):
    table = stage_times(log, calendar, places)
    hours = table[table["where"] == "apart"].set_index("part")["mean"]
    assert 0 < hours["dispatch"] < hours["attention"]
    assert hours["return_share"] == log.returned[~_together(log, places)].mean()


def _together(log, places):
    return places.together(places.period(log.sent), log.sender, log.receiver)
