"""What is wrong with the numbers of a queue, as an object and as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan

from opdanalysis.errors import UsageError

# What a number is about.
QUANTITIES = {
    "arrivals_per_day": "the number of arrivals per day",
    "opening_hours": "the number of opening hours per day",
    "arrival_rate": "the arrival rate",
    "service_rate": "the service rate of one server",
    "service_time": "the mean service time",
    "servers": "the number of servers",
    "utilisation": "the utilisation",
    "number_waiting": "the number in line",
    "number_inside": "the number inside",
    "number_served": "the number being served",
    "waiting": "the time in line",
    "stay": "the whole stay",
}

# What is wrong; {expected} is the number that would be right, or the limit.
KINDS = {
    "not_a_number": "expected a number",
    "negative": "expected {expected} or more",
    "zero": "expected more than {expected}",
    "fractional_servers": "expected a whole number such as {expected}",
    "hours_exceed_day": "expected {expected} at most",
    "no_steady_state": "expected below {expected}: where nobody gives up, the line grows for as "
    "long as the doors are open, and there is no long-run mean",
    "waiting_exceeds_stay": "expected no more than the whole stay, {expected}",
    "more_waiting_than_inside": "expected no more than the number inside, {expected}",
    "more_served_than_servers": "expected no more than the number of servers, {expected}",
    "service_differs": "expected {expected}, one over the service rate",
    "utilisation_differs": "expected {expected}, arrival rate x service time / servers",
    "little_waiting": "expected {expected}, arrival rate x time in line (Little's law)",
    "little_stay": "expected {expected}, arrival rate x whole stay (Little's law)",
    "little_between": "expected {expected}, number in line x whole stay / time in line (Little's "
    "law)",
    "stay_differs": "expected {expected}, time in line + service time",
    "inside_differs": "expected {expected}, number in line + number being served",
    "differs_from_mmc": "expected {expected} at this utilisation with Poisson arrivals and "
    "exponential service times",
}

# Where it probably comes from; {number} is a factor between the two, or what would do.
CAUSES = {
    "minutes_and_hours": "minutes and hours (or seconds and minutes) mixed, a factor of {number}",
    "hours_and_seconds": "hours and seconds mixed, a factor of {number}",
    "days_and_minutes": "days and minutes mixed, a factor of {number}",
    "percent": "a percentage, where a share is expected",
    "servers_left_out": "the number of servers was left out",
    "upside_down": "arrival rate and service rate stand in each other's place",
    "exchanged": "the two stand in each other's place",
    "mean_of_shifts": "a mean over shifts; give the servers that work at one time",
    "too_few_servers": "too few servers; {number} would keep up",
}


@dataclass(frozen=True)
class Finding:
    """One thing that cannot be: `quantity` was `found`, and `expected` would be right.

    `kind`, `quantity` and `cause` are keys of KINDS, QUANTITIES and CAUSES, so that other languages
    can say it too; no cause is "". `where` names the study, counter or station.
    """

    kind: str
    quantity: str
    found: float
    expected: float
    cause: str = ""
    number: float = nan  # belongs to the cause
    where: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        expected = KINDS[self.kind].format(expected=_short(self.expected))
        sentence = f"{head}{QUANTITIES[self.quantity]} is {_short(self.found)}; {expected}."
        if self.cause:
            cause = CAUSES[self.cause].format(number=_short(self.number))
            sentence += f" Likely cause: {cause}."
        return sentence


def refuse(findings: Iterable[Finding]) -> None:
    """Raise one error that lists the findings; nothing happens where there are none."""
    listed = [str(finding) for finding in findings]
    if listed:
        raise UsageError("\n".join(["this queue cannot be:", *(f"  {line}" for line in listed)]))


def _short(number: float) -> str:
    return f"{number:.4g}"
