"""Which beliefs of the book a city's own records can replace, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError
from opdanalysis.evidence.bills import Bills, BuildingCosts
from opdanalysis.evidence.letter_calendar import WorkCalendar
from opdanalysis.evidence.letter_counts import LetterCounts
from opdanalysis.evidence.letter_times import TOGETHER, LogNormalTimes
from opdanalysis.evidence.letters import MISSING, LetterLog, Places, Whole
from opdanalysis.evidence.pair_result import PairResult
from opdanalysis.evidence.response_times import ResponseTimes
from opdanalysis.evidence.shrinkage import Measured, shrunk, wider
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.distribution import Distribution
from opdanalysis.parameters.parameter import Parameter

OWN_RECORDS, INVENTED_RECORDS = "own-records", "synthetic-records"
"""Keys in sources.yaml of what an estimate rests on."""

STAGE_HOURS = {"attention_hours": "opened", "registration_hours": "dispositioned"}
"""Beliefs about the time from the arrival of a letter to a stage."""

RETURNS, ANSWER_CHANGE = "return_share", "together_answer_change"
DUTY, INFORMAL = "duty_ratio_same_building", "informal_ratio_same_building"
INTENSITY, SCALE, FOLLOWING = (
    "electricity_intensity",
    "electricity_scale_elasticity",
    "load_following_staff",
)

LEAST_DF = 4.0
"""Degrees of freedom below which an effect on pairs is not offered as a belief."""

SHARES = (FOLLOWING, RETURNS)
"""Beliefs that lie between 0 and 1."""


@dataclass(frozen=True)
class Found:
    """Beliefs that records replace, and why others could not be estimated, by name."""

    beliefs: Mapping[str, Parameter]
    left: Mapping[str, str]


def duty_pairs(city: City) -> NDArray[np.bool_]:
    """Whether one agency has a tie by duty with another, in either direction, `(n, n)`."""
    n = len(city.agencies)
    pairs = np.zeros((n, n), dtype=bool)
    for tie in city.ties:
        if tie.nature == "duty":
            one, other = city.agency_order[tie.from_agency], city.agency_order[tie.to_agency]
            pairs[one, other] = pairs[other, one] = True
    return pairs


def letter_ratios(log: LetterLog, places: Places, city: City) -> dict[str, PairResult | str]:
    """The ratio of letters when together, for ties by duty and for others; or why there is none."""
    duty = duty_pairs(city)
    found: dict[str, PairResult | str] = {}
    for name, among in ((DUTY, duty), (INFORMAL, ~duty)):
        try:
            found[name] = LetterCounts(log, places, "pairs", among).fit()
        except UsageError as reason:
            found[name] = str(reason)
    return found


def beliefs_from_letters(
    times: ResponseTimes, calendar: WorkCalendar, city: City, book: ParameterBook, as_of: str
) -> Found:
    """What the letters say of contacts, of the change of answers, of stages and of returns.

    Ratios are before against after, with effects of pairs and of agencies by period. Means of
    stages and the share of returns allow each agency its own, in their errors.
    """
    log, beliefs, left = times.log, {}, {}
    measured: dict[str, tuple[Measured, str]] = {}
    fits: dict[str, PairResult | str] = {**letter_ratios(log, times.places, city)}
    try:
        fits[ANSWER_CHANGE] = LogNormalTimes(times, "pairs").fit()
    except UsageError as reason:
        fits[ANSWER_CHANGE] = str(reason)
    for name, fit in fits.items():
        if isinstance(fit, str):
            left[name] = fit
            continue
        if fit.df[TOGETHER] < LEAST_DF:
            left[name] = (
                f"too few pairs came together or parted: {fit.df[TOGETHER]:.1f} degrees of freedom"
            )
            continue
        value = float(fit.params[TOGETHER])
        error = wider(float(fit.bse[TOGETHER]), float(fit.df[TOGETHER]))
        found = Measured(value, error, True)
        if name == ANSWER_CHANGE:
            found = Measured(float(np.exp(value)) - 1, float(np.exp(value)) * error, False)
        measured[name] = (found, "before against after within pairs; letters in working hours")
    for name, stage in STAGE_HOURS.items():
        if stage in log.stages and "received" in log.stages:
            start, stop = log.stages["received"], log.stages[stage]
            both = (start != MISSING) & (stop != MISSING)
            hours = calendar.working_minutes(start[both], stop[both]) / 60
            mean, error = mean_by_agency(hours, log.receiver[both])
            measured[name] = (Measured(float(np.log(mean)), error / mean, True), "working hours")
        else:
            left[name] = f"the log has no stamps 'received' and '{stage}'"
    if log.returned is None:
        left[RETURNS] = "the log does not say which letters came back"
    else:
        mean, error = mean_by_agency(log.returned.astype(float), log.receiver)
        measured[RETURNS] = (Measured(mean, error, False), "letters that came back")
    for name, (found, how) in measured.items():
        reason = f"{len(log):,} letters; {how}"
        beliefs[name] = _belief(book, name, found, log.synthetic, reason, as_of)
    return Found(beliefs, left)


def mean_by_agency(values: NDArray[np.float64], agency: Whole) -> tuple[float, float]:
    """The mean of all values, and its error between agencies."""
    counts = np.bincount(agency)
    sums = np.bincount(agency, values)
    mean = sums.sum() / counts.sum()
    seen = int((counts > 0).sum())
    spread = ((sums - mean * counts) ** 2).sum() * seen / max(seen - 1, 1)
    return float(mean), wider(float(np.sqrt(spread) / counts.sum()), max(seen - 1, 1))


def beliefs_from_bills(bills: Bills, book: ParameterBook, as_of: str) -> Found:
    """Electricity per floor area, how it changes with area, and how far it follows staff.

    Each is drawn towards the belief of the book where that has a range.
    """
    beliefs: dict[str, Parameter] = {}
    left: dict[str, str] = {}
    try:
        line = bills.metered_line
    except UsageError as reason:
        return Found({}, dict.fromkeys((INTENSITY, SCALE, FOLLOWING), str(reason)))
    measured: dict[str, Measured] = {}
    yearly = bills.yearly(line, "kwh")
    if len(yearly) >= 2:
        measured[INTENSITY] = intensity(yearly["amount"].to_numpy(), yearly["floor_area_m2"])
    else:
        left[INTENSITY] = f"{len(yearly)} buildings have bills for half a year"
    for name, drivers, term, less in (
        (SCALE, ("floor_area_m2",), "floor_area_m2", 1.0),
        (FOLLOWING, ("floor_area_m2", "staff"), "staff", 0.0),
    ):
        try:
            fit = BuildingCosts(bills, line, "kwh", drivers, "ols").fit()
            error = wider(float(fit.bse[term]), fit.df_resid)
            measured[name] = Measured(float(fit.params[term]) - less, error, False)
        except UsageError as reason:
            left[name] = str(reason)
    for name, found in measured.items():
        low, high = _belief_of(book, name).interval
        drawn = shrunk(found, _belief_of(book, name)) if low < high else found
        reason = f"{len(yearly)} buildings; {drawn.kept:.0%} measured, the rest the belief before"
        beliefs[name] = _belief(book, name, drawn, bills.synthetic, reason, as_of)
    return Found(beliefs, left)


def intensity(used: NDArray[np.float64], area: NDArray[np.float64]) -> Measured:
    """All that was used by all area, on the logarithm, with its error between buildings."""
    used, area = np.asarray(used, dtype=float), np.asarray(area, dtype=float)
    ratio = used.sum() / area.sum()
    n = len(used)
    error = np.sqrt(((used - ratio * area) ** 2).sum() * n / (n - 1)) / area.sum()
    return Measured(float(np.log(ratio)), wider(float(error / ratio), n - 1), True)


def _belief_of(book: ParameterBook, name: str) -> Parameter:
    return book.belief(name, "an estimate")


def _belief(
    book: ParameterBook, name: str, measured: Measured, invented: bool, reason: str, as_of: str
) -> Parameter:
    """The belief of the book with the measured number in place of its own."""
    old = _belief_of(book, name)
    belief = measured.distribution()
    value = measured.interval[1]
    if name in SHARES:
        value = min(max(value, 0.0), 1.0)
        low, high = max(belief.low, 0.0), min(belief.high, 1.0)
        belief = Distribution("pert", low=min(low, value), mode=value, high=max(high, value))
    return replace(
        old,
        value=value,
        distribution=belief,
        evidence="measured",
        sources=(INVENTED_RECORDS if invented else OWN_RECORDS,),
        reason=("Invented records. " if invented else "") + reason,
        as_of=as_of,
        verify=False,
    )
