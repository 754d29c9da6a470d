"""Invented letters with a known truth, to see whether the estimators find it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opdanalysis.evidence.letter_calendar import DAY, Stamps, WorkCalendar
from opdanalysis.evidence.letters import MISSING, LetterLog, Places


@dataclass(frozen=True)
class LetterTruth:
    """What holds in the invented letters.

    letters_per_year
        Of a pair, at the median.
    time_ratio, letter_ratio
        What coming together multiplies response times and letters by.
    hours, log_sd
        Median response time [working hour] and spread of its logarithm within a cell.
    agency_sd, pair_sd
        Spread of the effects of senders, of receivers and of pairs, on both logarithms.
    wobble_sd
        Spread of what changes in a pair with each period for no known reason.
    mover_ratio
        What moving multiplies the response times of a mover by, with whomever it writes.
    bulk_share
        Share of agencies whose clerk enters all answers of a day at its end.
    return_share
        Share of letters that come back once.
    """

    letters_per_year: float
    time_ratio: float
    letter_ratio: float
    hours: float
    log_sd: float
    agency_sd: float
    pair_sd: float
    wobble_sd: float
    mover_ratio: float
    bulk_share: float
    return_share: float


LESSON = LetterTruth(
    letters_per_year=14.0, time_ratio=0.8, letter_ratio=1.25, hours=9.0, log_sd=1.2, agency_sd=0.4,
    pair_sd=0.3, wobble_sd=0.1, mover_ratio=1.15, bulk_share=0.15, return_share=0.12,
)  # fmt: skip
"""The truth behind the lesson: letters within a building are answered a fifth sooner."""


def synthetic_letters(
    agencies: Sequence[str],
    layers: Sequence[str],
    places: Places,
    calendar: WorkCalendar,
    truth: LetterTruth,
    seed: Any,
    exported: int | None = None,
) -> LetterLog:
    """Invented letters between the agencies, from the start of the calendar to `exported`.

    Without `exported` the log ends a tenth before the calendar does, and answers after that are
    not seen. Layers differ in how long they take; the first is taken for half of the letters.
    """
    rng = np.random.default_rng(seed)
    n, periods = len(agencies), places.periods
    if exported is None:
        exported = calendar.origin + (calendar.end - calendar.origin) * 9 // 10
    one, other = np.nonzero(~np.eye(n, dtype=bool))
    together = np.stack([places.together(np.full(len(one), p), one, other) for p in range(periods)])
    moved = np.stack([row != places.building[0] for row in places.building])
    shared = truth.pair_sd / np.sqrt(2) * rng.normal(size=(n, n))
    pair = (shared + shared.T)[one, other]
    by_agency = rng.normal(scale=truth.agency_sd, size=(4, n))
    wobble = truth.wobble_sd * rng.normal(size=(2, periods, len(one)))

    edges = np.array([calendar.origin, *places.starts, exported])
    working = np.diff(calendar.passed(edges.astype(np.int32)))
    per_year = len(calendar.working) / ((calendar.end - calendar.origin) / DAY / 365.25)
    rate = np.log(truth.letters_per_year) + by_agency[0, one] + by_agency[1, other] + pair
    rate = rate + np.log(truth.letter_ratio) * together + wobble[0]
    letters = rng.poisson(np.exp(rate) * (working / per_year)[:, None])
    middle = np.log(truth.hours) + by_agency[2, one] + by_agency[3, other] - pair
    middle = middle + np.log(truth.time_ratio) * together + wobble[1]
    middle = middle + np.log(truth.mover_ratio) * (moved[:, one] | moved[:, other])

    cell = np.repeat(np.arange(letters.size), letters.ravel())
    rng.shuffle(cell)
    period, tie = np.unravel_index(cell, letters.shape)
    first = calendar.passed(edges[:-1].astype(np.int32))[period]
    place = first + (rng.random(len(cell)) * working[period]).astype(np.int64)
    sent = (np.int32(calendar.origin) + calendar.working[place]).astype(np.int32)
    shares = 0.5 ** np.minimum(np.arange(len(layers)) + 1, max(len(layers) - 1, 1))
    layer = rng.choice(len(layers), len(cell), p=shares / shares.sum()).astype(np.int16)
    wait = rng.normal(middle[period, tie] + 0.2 * layer, truth.log_sd)
    answered = calendar.after(sent, np.maximum(np.exp(wait) * 60, 1))
    received = calendar.after(sent, np.exp(wait) * 60 * 0.15)
    opened = calendar.after(sent, np.exp(wait) * 60 * 0.45)
    receiver = other[tie].astype(np.int16)
    late = rng.random(n) < truth.bulk_share
    answered = np.where(late[receiver], _day_end(answered, calendar), answered)
    unseen = (answered > exported) | (answered >= calendar.end - 1)
    order = np.argsort(sent, kind="stable")
    stages = {
        name: np.where(stamps > exported, MISSING, stamps)[order]
        for name, stamps in (("received", received), ("opened", opened))
    }
    return LetterLog(
        agencies=tuple(agencies),
        layers=tuple(layers),
        sender=one[tie].astype(np.int16)[order],
        receiver=receiver[order],
        layer=layer[order],
        sent=sent[order],
        answered=np.where(unseen, MISSING, answered)[order],
        exported=int(exported),
        stages=stages,
        returned=(rng.random(len(cell)) < truth.return_share)[order],
        synthetic=True,
    )


def _day_end(stamps: Stamps, calendar: WorkCalendar) -> NDArray[np.int32]:
    """The last working minute of the day of each stamp."""
    day = (stamps - np.int32(calendar.origin)) // DAY
    ends = calendar.passed((np.int32(calendar.origin) + (day + 1) * DAY).astype(np.int32))
    last = np.int32(calendar.origin) + calendar.working[ends - 1]
    return np.maximum(stamps, last).astype(np.int32)
