"""A city's own records as a notebook sees them; what the city has none of is invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError
from opdanalysis.evidence.bills import Bills, BuildingCosts, CostResult
from opdanalysis.evidence.letter_calendar import EPOCH, WorkCalendar
from opdanalysis.evidence.letter_times import Effects, LogNormalTimes
from opdanalysis.evidence.letters import LetterLog, Places
from opdanalysis.evidence.pair_result import PairResult
from opdanalysis.evidence.records_to_beliefs import (
    DUTY,
    INFORMAL,
    beliefs_from_bills,
    beliefs_from_letters,
    letter_ratios,
)
from opdanalysis.evidence.response_times import ResponseTimes, response_times, stage_times
from opdanalysis.evidence.satisfaction import SatisfactionIndex, SatisfactionResult, Survey
from opdanalysis.evidence.synthetic_bills import BILL_LESSON, invented_buildings, synthetic_bills
from opdanalysis.evidence.synthetic_letters import LESSON, synthetic_letters
from opdanalysis.evidence.synthetic_survey import survey_truth, synthetic_survey
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.plan import Plan
from opdanalysis.reading.records import RECORDS_FOLDER
from opdanalysis.reading.records_bills import read_bills
from opdanalysis.reading.records_calendar import read_calendar
from opdanalysis.reading.records_letters import read_letters
from opdanalysis.reading.records_places import MOVES_FILE, read_places
from opdanalysis.reading.records_survey import read_survey
from opdanalysis.study.open_study import OpenStudy
from opdanalysis.study.showing import Said
from opdanalysis.text.words import Words

LETTERS_FILE, BILLS_FILE, SURVEY_FILE = "letters.csv", "bills.csv", "survey.csv"
TIME_EFFECTS: dict[str, Effects] = {"time_pairs": "pairs", "time_agencies": "agencies"}
BOOTSTRAP_DRAWS = 2000
LESSON_AGENCIES, LESSON_BUILDINGS = 24, 36
LESSON_YEARS = (2024, 2025)


@dataclass(frozen=True, eq=False)
class Records:
    """Letters with their calendar and places, bills, and surveys by wave, of one city.

    What the city has no records of is invented, and says so itself (`synthetic`).
    """

    city: City
    book: ParameterBook
    log: LetterLog
    calendar: WorkCalendar
    places: Places
    bills: Bills
    surveys: dict[str, Survey]
    shared_building: pd.DataFrame
    seed: int

    @cached_property
    def times(self) -> ResponseTimes:
        """Response times of the letters."""
        return response_times(self.log, self.calendar, self.places)

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Each part of the wait, together and apart [working hour]."""
        return stage_times(self.log, self.calendar, self.places)

    @cached_property
    def effects(self) -> dict[str, PairResult | str]:
        """Ratios when together: of times by pairs and by agencies, of letters by kind of tie.

        A text says why one cannot be estimated.
        """
        found: dict[str, PairResult | str] = {}
        for name, effects in TIME_EFFECTS.items():
            try:
                found[name] = LogNormalTimes(self.times, effects).fit()
            except UsageError as reason:
                found[name] = str(reason)
        return found | letter_ratios(self.log, self.places, self.city)

    @property
    def letter_truth(self) -> dict[str, float] | None:
        """The ratios behind invented letters, by the names of `effects`; None for real ones."""
        if not self.log.synthetic:
            return None
        times = dict.fromkeys(TIME_EFFECTS, LESSON.time_ratio)
        return times | dict.fromkeys((DUTY, INFORMAL), LESSON.letter_ratio)

    @cached_property
    def electricity(self) -> CostResult | str:
        """Yearly electricity [kWh/year] in floor area and staff, or why it cannot be estimated."""
        try:
            line = self.bills.metered_line
            return BuildingCosts(self.bills, line, "kwh", ("floor_area_m2", "staff"), "ols").fit()
        except UsageError as reason:
            return str(reason)

    @cached_property
    def change(self) -> pd.DataFrame:
        """Index and items of the last wave against the first; no row where there is one wave."""
        waves = [wave for wave in ("before", "after") if wave in self.satisfaction]
        waves = waves if len(waves) == 2 else sorted(self.satisfaction)
        table = self.satisfaction[waves[-1]].compared_with(self.satisfaction[waves[0]])
        return table if len(waves) > 1 else table.head(0)

    def say(self, words: Words) -> Said:
        """One sentence: how much was read, and what of it is invented."""
        flags = {
            "letters": self.log.synthetic,
            "bills": self.bills.synthetic,
            "survey": any(survey.synthetic for survey in self.surveys.values()),
        }
        whose = []
        for key, wanted in (("own", False), ("invented", True)):
            kinds = [
                words(f"records.kind.{kind}") for kind, flag in flags.items() if flag == wanted
            ]
            if kinds:
                whose.append(words(f"records.{key}", kinds=", ".join(kinds)))
        return Said(
            words(
                "records.about",
                letters=words.number(len(self.log)),
                years=words.number(self.log.years, 1),
                open=words.percent(self.log.share_open, 1),
                bills=words.number(len(self.bills.table)),
                respondents=words.number(sum(map(len, self.surveys.values()))),
                whose=" ".join(whose),
            )
        )

    @cached_property
    def satisfaction(self) -> dict[str, SatisfactionResult]:
        """The index of each wave of the survey."""
        return {
            wave: SatisfactionIndex(survey, BOOTSTRAP_DRAWS, self.seed).fit()
            for wave, survey in self.surveys.items()
        }

    @cached_property
    def beliefs(self) -> pd.DataFrame:
        """What the records would put in place of the book: before and after, one row per belief."""
        found = beliefs_from_letters(
            self.times, self.calendar, self.city, self.book, as_of_letters(self.log)
        )
        others = beliefs_from_bills(self.bills, self.book, as_of_bills(self.bills))
        rows = []
        for name, belief in {**found.beliefs, **others.beliefs}.items():
            old = self.book.belief(name, "an estimate")
            row: dict[str, Any] = {"parameter": name, "unit": old.unit}
            for when, one in (("before", old), ("after", belief)):
                low, high = one.interval
                row |= {f"{when}_p05": low, when: one.value, f"{when}_p95": high}
            rows.append(row | {"source": belief.sources[0]})
        return pd.DataFrame(rows)


def records_of(study: OpenStudy) -> Records:
    """The records in the city's folder; what is not there is invented from the study's seed."""
    folder, city, seed = study.folder / RECORDS_FOLDER, study.city, study.file.seed
    calendar = read_calendar(folder)
    if (folder / LETTERS_FILE).is_file():
        log = read_letters(folder / LETTERS_FILE, city, calendar).log
        places = read_places(folder / MOVES_FILE, city)
    else:
        log, places = _invented_letters(city, calendar, seed)
    if (folder / BILLS_FILE).is_file():
        bills = read_bills(folder / BILLS_FILE, city)
    else:
        buildings = invented_buildings(LESSON_BUILDINGS, (seed, 1))
        bills = synthetic_bills(buildings, LESSON_YEARS, BILL_LESSON, (seed, 2))
    if (folder / SURVEY_FILE).is_file():
        surveys = {
            wave: replace(survey, synthetic=survey.synthetic or city.synthetic)
            for wave, survey in read_survey(folder / SURVEY_FILE).items()
        }
    else:
        surveys = _invented_surveys(seed)
    shared = shared_building(city, study.main_plan)
    return Records(city, study.book, log, calendar, places, bills, surveys, shared, seed)


def shared_building(city: City, plan: Plan) -> pd.DataFrame:
    """Floor area, staff and tenants of the building in which a plan seats most employees.

    No row where no building of the plan has a known area.
    """
    placement = plan.place(city)
    staff = {agency.id: agency.staff.value for agency in city.agencies}
    by_building: dict[str, float] = {}
    areas = {b.id: b.floor_area_m2.value for b in city.buildings if b.floor_area_m2 is not None}
    for agency, building in placement.buildings.items():
        if building not in areas:
            continue
        by_building[building] = by_building.get(building, 0.0) + staff[agency]
    if not by_building:
        return pd.DataFrame(columns=["building", "floor_area_m2", "staff", "tenants"])
    largest = max(by_building, key=lambda building: by_building[building])
    row = {
        "building": largest,
        "floor_area_m2": areas[largest],
        "staff": by_building[largest],
        "tenants": len(placement.tenants(largest)),
    }
    return pd.DataFrame([row])


def _invented_letters(city: City, calendar: WorkCalendar, seed: int) -> tuple[LetterLog, Places]:
    """Letters between the city's largest agencies, of which some come together half-way."""
    order = sorted(range(len(city.agencies)), key=lambda i: -city.agencies[i].staff.value)
    chosen = sorted(order[:LESSON_AGENCIES])
    names = [city.agencies[place].id for place in chosen]
    first = np.arange(len(names)) // 2
    second = first.copy()
    second[: max(len(names) // 3, 3)] = first[0]
    start = calendar.origin + (calendar.end - calendar.origin) * 45 // 100
    moved = Places(np.array([start], dtype=np.int32), np.stack([first, second]))
    log = synthetic_letters(names, ("oversight", "field"), moved, calendar, LESSON, (seed, 3))
    return _in_the_city(log, moved, city, chosen)


def _in_the_city(
    log: LetterLog, places: Places, city: City, chosen: list[int]
) -> tuple[LetterLog, Places]:
    """The same letters among all agencies of the city, of which the others never write."""
    at = np.array(chosen, dtype=np.int16)
    far = np.arange(len(city.agencies)) + len(chosen)
    building = np.tile(far, (places.periods, 1))
    building[:, at] = places.building
    names = tuple(agency.id for agency in city.agencies)
    log = replace(log, agencies=names, sender=at[log.sender], receiver=at[log.receiver])
    return log, Places(places.starts, building)


def _invented_surveys(seed: int) -> dict[str, Survey]:
    """A survey before and one after, of three units of service."""
    users = (9000.0, 4000.0, 1500.0)
    before = survey_truth((0.35, 0.1, -0.2), users, 0.4)
    after = survey_truth((0.6, 0.25, -0.2), users, 0.4)
    return {
        "before": synthetic_survey(before, (150, 120, 80), (seed, 4)),
        "after": synthetic_survey(after, (160, 110, 90), (seed, 5)),
    }


def as_of_letters(log: LetterLog) -> str:
    """The day up to which the letters run."""
    return (EPOCH + timedelta(minutes=int(log.exported))).isoformat()


def as_of_bills(bills: Bills) -> str:
    """The last year of the bills, or nothing where there is none."""
    return str(int(bills.table["year"].max())) if len(bills.table) else ""
