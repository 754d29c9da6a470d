"""Can these numbers of a queue be true? For a city's own counters and for quoted studies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from math import floor, isfinite, nan

from scipy.optimize import brentq

from opdanalysis.methods.queue_finding import Finding
from opdanalysis.methods.queues import erlang_c

# Factors between two numbers that betray mixed units; a working day has 300 to 600 minutes.
UNIT_FACTORS = {
    "minutes_and_hours": (54.0, 66.0),
    "days_and_minutes": (300.0, 600.0),
    "hours_and_seconds": (3_240.0, 3_960.0),
}
UNLIKELY_OVERLOAD = 5.0  # beyond it mixed units are likelier than too few servers
HOURS_OF_A_DAY = 24.0
NEARLY_FULL = 1 - 1e-12


@dataclass(frozen=True)
class QuotedQueue:
    """What is said about a queue, any part of it; rates and times in one unit of time."""

    arrival_rate: float | None = None
    service_rate: float | None = None  # of one server
    service_time: float | None = None
    servers: float | None = None
    utilisation: float | None = None
    number_waiting: float | None = None
    number_inside: float | None = None
    waiting: float | None = None
    stay: float | None = None
    where: str = ""


def check_quoted(
    quoted: QuotedQueue,
    *,
    tolerance: float,
    people_give_up: bool = False,
    claims_mmc: bool = False,
) -> tuple[Finding, ...]:
    """What cannot be in the numbers of a queue; empty where nothing contradicts anything.

    `tolerance` is how far two numbers that should agree may differ, as a share of the larger: 0.02
    for means quoted to three digits. `people_give_up` allows a utilisation of 1 and more, and a
    stay that is not the time in line plus a service. `claims_mmc` holds the means against M/M/c
    too. What is missing is not asked for.
    """
    faults = list(_beyond_limits(quoted))
    known = replace(quoted, **{f.quantity: None for f in faults if f.kind != "fractional_servers"})
    faults += _service(known, tolerance)
    known = _completed(known)
    faults += [*_order(known), *_load(known, tolerance, people_give_up), *_little(known, tolerance)]
    if not people_give_up:
        faults += _parts(known, tolerance)
    if claims_mmc and not faults:
        faults += _against_mmc(known, tolerance)
    return tuple(replace(fault, where=quoted.where) for fault in faults)


def check_counter(
    where: str,
    *,
    arrivals_per_day: float,
    opening_hours: float,
    counters: float,
    minutes_per_customer: float,
    tolerance: float,
    waiting_minutes: float | None = None,
    stay_minutes: float | None = None,
    number_waiting: float | None = None,
    number_inside: float | None = None,
    people_give_up: bool = False,
) -> tuple[Finding, ...]:
    """What cannot be in the numbers of a city's counter; empty where nothing contradicts anything.

    Numbers waiting and inside are means over the opening hours. See `check_quoted`.
    """
    day = {"arrivals_per_day": arrivals_per_day, "opening_hours": opening_hours}
    faults = [fault for name, value in day.items() if (fault := _limit_fault(name, value))]
    if not faults and opening_hours > HOURS_OF_A_DAY:
        faults = [
            Finding(
                "hours_exceed_day", "opening_hours", opening_hours, HOURS_OF_A_DAY,
                "minutes_and_hours", 60.0,
            )
        ]  # fmt: skip
    if faults:
        return tuple(replace(fault, where=where) for fault in faults)
    quoted = QuotedQueue(
        arrival_rate=arrivals_per_day / (60 * opening_hours),
        service_time=minutes_per_customer,
        servers=counters,
        number_waiting=number_waiting,
        number_inside=number_inside,
        waiting=waiting_minutes,
        stay=stay_minutes,
        where=where,
    )
    return check_quoted(quoted, tolerance=tolerance, people_give_up=people_give_up)


def _limit_fault(name: str, value: float) -> Finding | None:
    fault = Finding("negative", name, value, 0.0)
    if not isfinite(value):
        return replace(fault, kind="not_a_number")
    if value < 0:
        return fault
    if value == 0 and name in ("service_rate", "service_time", "servers", "opening_hours"):
        return replace(fault, kind="zero")
    if name == "servers" and value != floor(value):
        whole = float(max(round(value), 1))
        return replace(fault, kind="fractional_servers", expected=whole, cause="mean_of_shifts")
    return None


def _beyond_limits(quoted: QuotedQueue) -> Iterator[Finding]:
    for entry in fields(quoted):
        value = getattr(quoted, entry.name)
        if (
            entry.name != "where"
            and value is not None
            and (fault := _limit_fault(entry.name, value))
        ):
            yield fault


def _service(known: QuotedQueue, tolerance: float) -> Iterator[Finding]:
    if known.service_time is not None and known.service_rate is not None:
        yield from _compared(
            "service_differs", "service_time", known.service_time, 1 / known.service_rate, tolerance
        )


def _completed(known: QuotedQueue) -> QuotedQueue:
    """With the service time and the arrival rate that follow from what was said."""
    if known.service_time is None and known.service_rate is not None:
        known = replace(known, service_time=1 / known.service_rate)
    if known.arrival_rate is None and None not in (
        known.utilisation, known.servers, known.service_time,
    ):  # fmt: skip
        rate = known.utilisation * known.servers / known.service_time
        known = replace(known, arrival_rate=rate)
    return known


def _order(known: QuotedQueue) -> Iterator[Finding]:
    for kind, quantity, part, whole in (
        ("waiting_exceeds_stay", "waiting", known.waiting, known.stay),
        ("more_waiting_than_inside", "number_waiting", known.number_waiting, known.number_inside),
    ):
        if part is not None and whole is not None and part > whole:
            cause, factor = _mixed_units(part, whole)
            yield Finding(kind, quantity, part, whole, cause or "exchanged", factor)


def _load(known: QuotedQueue, tolerance: float, people_give_up: bool) -> Iterator[Finding]:
    """Whether the utilisation is that of the rates, and whether the queue can keep up."""
    said, implied = known.utilisation, _implied_utilisation(known)
    if said is not None and implied is not None:
        for finding in _compared("utilisation_differs", "utilisation", said, implied, tolerance):
            yield _with_cause_of_utilisation(finding, known.servers, tolerance)
    busy = said if implied is None else implied
    if busy is None or busy < 1 or people_give_up:
        return
    finding = Finding("no_steady_state", "utilisation", busy, 1.0)
    if implied is None and 2 * UNLIKELY_OVERLOAD < busy <= 100:
        yield replace(finding, cause="percent")
    elif UNLIKELY_OVERLOAD < busy < 60:
        yield replace(finding, cause="minutes_and_hours", number=60.0)
    elif known.servers is not None:
        enough = floor(busy * known.servers) + 1.0
        yield replace(finding, cause="too_few_servers", number=enough)
    else:
        yield finding


def _implied_utilisation(known: QuotedQueue) -> float | None:
    if None in (known.arrival_rate, known.service_time, known.servers):
        return None
    return known.arrival_rate * known.service_time / known.servers


def _with_cause_of_utilisation(finding: Finding, servers: float, tolerance: float) -> Finding:
    for cause, right in (
        ("percent", 100 * finding.expected),
        ("servers_left_out", servers * finding.expected),
        ("upside_down", 1 / finding.expected if finding.expected else 0.0),
    ):
        if right and _agree(finding.found, right, tolerance):
            return replace(finding, cause=cause)
    return finding


def _little(known: QuotedQueue, tolerance: float) -> Iterator[Finding]:
    in_line, inside = known.number_waiting, known.number_inside
    if known.arrival_rate is not None:
        if None not in (in_line, known.waiting):
            expected = known.arrival_rate * known.waiting
            yield from _compared("little_waiting", "number_waiting", in_line, expected, tolerance)
        if None not in (inside, known.stay):
            expected = known.arrival_rate * known.stay
            yield from _compared("little_stay", "number_inside", inside, expected, tolerance)
    elif None not in (in_line, inside, known.waiting, known.stay) and known.waiting > 0:
        expected = in_line / known.waiting * known.stay
        yield from _compared("little_between", "number_inside", inside, expected, tolerance)


def _parts(known: QuotedQueue, tolerance: float) -> Iterator[Finding]:
    """Whether stay and number inside are what is in line plus what is being served."""
    if None not in (known.stay, known.waiting, known.service_time):
        expected = known.waiting + known.service_time
        yield from _compared("stay_differs", "stay", known.stay, expected, tolerance)
    if None in (known.number_inside, known.number_waiting):
        return
    served = known.number_inside - known.number_waiting
    load = None
    if None not in (known.arrival_rate, known.service_time):
        load = known.arrival_rate * known.service_time
    elif None not in (known.utilisation, known.servers):
        load = known.utilisation * known.servers
    if load is not None:
        expected = known.number_waiting + load
        yield from _compared(
            "inside_differs", "number_inside", known.number_inside, expected, tolerance
        )
    elif known.servers is not None and served - known.servers > tolerance * known.number_inside:
        yield Finding("more_served_than_servers", "number_served", served, known.servers)


def _against_mmc(known: QuotedQueue, tolerance: float) -> Iterator[Finding]:
    """Whether the means are those of M/M/c at one utilisation.

    Near full load a mean says little about itself and much about the utilisation, at low load the
    other way round; so a mean is refused only where both it and its utilisation are off.
    """
    if known.servers is None:
        return
    servers, time = int(known.servers), known.service_time
    if time is None and None not in (known.stay, known.waiting) and known.stay > known.waiting:
        time = known.stay - known.waiting

    def in_line(busy):
        return float(erlang_c(busy * servers, servers)) * busy / (1 - busy)

    def wait(busy):
        return time * float(erlang_c(busy * servers, servers)) / (servers * (1 - busy))

    means = {
        "number_waiting": in_line,
        "number_inside": lambda busy: in_line(busy) + servers * busy,
    }
    if time is not None:
        means |= {"waiting": wait, "stay": lambda busy: time + wait(busy)}
    said = {name: getattr(known, name) for name in means if getattr(known, name) is not None}
    behind = {name: _utilisation_behind(value, means[name]) for name, value in said.items()}
    busy = known.utilisation if known.utilisation is not None else _implied_utilisation(known)
    if busy is None and behind:
        busy = next(iter(behind.values()))
    for name, value in said.items():
        expected = means[name](min(busy, NEARLY_FULL))
        if not (_agree(behind[name], busy, tolerance) or _agree(value, expected, tolerance)):
            yield Finding("differs_from_mmc", name, value, expected)


def _utilisation_behind(value, mean) -> float:
    """The utilisation at which `mean` takes the value; 0 or nearly 1 where none does."""
    if value <= mean(0.0):
        return 0.0
    if value >= mean(NEARLY_FULL):
        return NEARLY_FULL
    return float(brentq(lambda busy: mean(busy) - value, 0.0, NEARLY_FULL, xtol=1e-14))


def _compared(kind, quantity, found, expected, tolerance) -> Iterator[Finding]:
    if not _agree(found, expected, tolerance):
        yield Finding(kind, quantity, found, expected, *_mixed_units(found, expected))


def _agree(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def _mixed_units(found: float, expected: float) -> tuple[str, float]:
    """The mixed units that explain the difference, with the factor; ("", nan) where none do."""
    small, large = sorted((abs(found), abs(expected)))
    for cause, (low, high) in UNIT_FACTORS.items():
        if small and low <= large / small <= high:
            return cause, large / small
    return "", nan
