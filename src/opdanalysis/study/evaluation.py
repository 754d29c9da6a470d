"""What a move did, step by step: design, power, months before, estimate, and other choices."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_case import CaseStudy, case_study
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import EFFECT, DiD, DiDFit, FewMovesWarning
from opdanalysis.evidence.panel_event_study import EventStudy, event_study
from opdanalysis.evidence.panel_power import errors_before, minimum_detectable_effect
from opdanalysis.evidence.panel_pretrend import PretrendTest, pretrend_test
from opdanalysis.evidence.panel_robustness import robustness_table
from opdanalysis.evidence.panel_sensitivity import DriftSensitivity, drift_sensitivity
from opdanalysis.evidence.panel_synthetic_did import SyntheticDiD, SyntheticDiDFit
from opdanalysis.evidence.synthetic_panel import synthetic_panel
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.methods.randomisation import RandomisationTest
from opdanalysis.reading.records import RECORDS_FOLDER
from opdanalysis.reading.records_panel import read_panel
from opdanalysis.study.lesson_panel import LESSON, lesson_panel
from opdanalysis.study.open_study import OpenStudy
from opdanalysis.study.showing import Said
from opdanalysis.text.words import Words

PANEL_FILE = "panel.csv"

PACKING = 1
"""Months before a move in which packing already shows; a panel of years has none."""

POWER, LEVEL = 0.8, 0.95
SHARED = (0.0, 0.3)
"""Parts of the error variance that agencies of one building may share, tried for the power."""

WINDOW = 12
"""Periods before and after a move that are looked at one by one."""

PRETREND_LEADS = 6
ASSIGNMENTS, BAND_DRAWS, PLACEBOS = 499, 2000, 199

BENDS = (0.0, 0.005, 0.01, 0.02)
"""Bounds on how fast a drift may bend, in spreads of a month's error per month and month."""

DIGITS = 2

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A panel, how it is compared, and everything that is said of it.

    `truth` is the effect behind an invented panel; None for real ones. What cannot be computed is
    a text that says why.
    """

    panel: Panel
    design: Design
    seed: int
    truth: float | None

    @property
    def movers(self) -> pd.DataFrame:
        """Who moved when: units, buildings and months with outcomes."""
        return self.design.table(self.panel)

    @cached_property
    def power(self) -> pd.DataFrame | str:
        """The smallest effect that would be found, from the months before the first move."""
        return _or_why(
            lambda: minimum_detectable_effect(self.panel, self.design, POWER, LEVEL, SHARED)
        )

    @cached_property
    def fit(self) -> DiDFit:
        """The fitted comparison. Raises UsageError where nothing after a move can be compared."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewMovesWarning)
            return DiD(self.panel, self.design).fit()

    @cached_property
    def pretrend(self) -> PretrendTest | str:
        """Whether movers were already drifting away."""
        return _or_why(lambda: pretrend_test(self.fit, PRETREND_LEADS, ASSIGNMENTS, self.seed))

    @cached_property
    def event_study(self) -> EventStudy:
        """The effect by periods since the move."""
        return event_study(self.fit, WINDOW, WINDOW, BAND_DRAWS, self.seed, LEVEL)

    @cached_property
    def randomisation(self) -> RandomisationTest | str:
        """Would moves that fell on others have seemed to do as much?"""
        statistic = "coefficient" if self.fit.n_treated_clusters < 2 else "t"
        return _or_why(
            lambda: self.fit.randomisation(ASSIGNMENTS, self.seed, statistic, LEVEL)  # type: ignore[arg-type]
        )

    @cached_property
    def robustness(self) -> pd.DataFrame:
        """The estimate of every other defensible choice."""
        return robustness_table(self.panel, self.design, placebos=PLACEBOS, seed=self.seed)

    @cached_property
    def case(self) -> CaseStudy | str:
        """The building most units moved to in one month, as a case with ranks and no error."""
        return _or_why(lambda: case_study(self.panel, self.design, self._fullest_building()))

    @cached_property
    def synthetic_did(self) -> SyntheticDiDFit | str:
        """Those who moved in the month of most moves against weighted others and months."""
        timing = self.design.timing(self.panel)
        inside = timing.moved[timing.moved < timing.n_periods]
        months, counts = np.unique(inside, return_counts=True)
        name = self.panel.period(months[counts.argmax()]) if len(months) else None
        model = SyntheticDiD(self.panel, self.design, name)
        return _or_why(lambda: model.fit(PLACEBOS, self.seed))

    def _fullest_building(self) -> str:
        """The building most units moved to in one month; the earliest of those alike."""
        moved = self.design.timing(self.panel).moved
        months: dict[str, list[int]] = {}
        for place, month in zip(self.panel.moved_to, moved, strict=True):
            if month < self.panel.n_periods:
                months.setdefault(place, []).append(int(month))
        together = {place: found for place, found in months.items() if len(set(found)) == 1}
        return min(together or months, key=lambda place: (-len(months[place]), min(months[place])))

    @cached_property
    def drift(self) -> DriftSensitivity | str:
        """How far the interval widens where paths without a move may drift apart."""
        return _or_why(self._drift)

    def _drift(self) -> DriftSensitivity:
        if self.fit.n_treated_clusters < 2:
            raise UsageError("one building was moved to, so there is no error to widen.")
        leads, lags = _window(self.fit)
        if not leads or not lags:
            raise UsageError("no months before the move, or none after it, have a comparison.")
        spread = errors_before(self.panel, self.design).sd
        return drift_sensitivity(self.fit, [spread * bend for bend in BENDS], leads, lags, LEVEL)

    def say(self, words: Words) -> Said:
        """Whose panel it is, and what is in it."""
        whose = words("evaluate.invented" if self.panel.synthetic else "evaluate.own")
        about = words(
            "evaluate.about",
            outcome=self.panel.name,
            units=words.number(self.panel.n_units),
            first=self.panel.period(0),
            last=self.panel.period(self.panel.n_periods - 1),
            movers=words.number(int((self.panel.moved < self.panel.n_periods).sum())),
        )
        return Said(f"{whose} {about}")

    def say_announced(self, words: Words) -> Said:
        """Those announced against those who moved."""
        counts = announced_against_done(self.panel)
        if not counts["announced"]:
            return Said(words("evaluate.nobody_announced"))
        return Said(
            words(
                "evaluate.announced",
                **{name: words.number(count) for name, count in counts.items()},
            )
        )

    def say_power(self, words: Words) -> Said:
        """What this panel could show at all."""
        if isinstance(self.power, str):
            return Said(words("evaluate.no_power", why=self.power))
        row = self.power.iloc[0]
        if not np.isfinite(row["by_t"]):
            return Said(words("evaluate.power_none"))
        return Said(
            words(
                "evaluate.power",
                effect=words.number(row["by_t"], DIGITS),
                power=words.percent(POWER),
                level=words.percent(1 - LEVEL),
                spread=words.number(row["error_sd"], DIGITS),
                df=words.number(row["df"], 1),
            )
        )

    def say_pretrend(self, words: Words) -> Said:
        """Whether movers were drifting, and which drift would have been seen."""
        found = self.pretrend
        if isinstance(found, str):
            return Said(words("evaluate.no_pretrend", why=found))
        numbers = {
            name: _number(getattr(found, name), words, 3)
            for name in ("slope", "detectable", "p_slope", "p_joint")
        }
        key = "pretrend_noisy" if found.statistic == "t" else "pretrend"
        return Said(words(f"evaluate.{key}", leads=words.number(found.n_leads), **numbers))

    def say_estimate(self, words: Words) -> Said:
        """The estimate with both tests, and the truth behind an invented panel."""
        alone = bool(np.isnan(self.fit.bse[EFFECT]))
        limits = self.fit.conf_int(1 - LEVEL).loc[EFFECT]
        parts = [
            words(
                "evaluate.estimate_alone" if alone else "evaluate.estimate",
                effect=_number(self.fit.params[EFFECT], words),
                level=words.percent(LEVEL),
                low=_number(float(limits["lower"]), words),
                high=_number(float(limits["upper"]), words),
                p=_number(self.fit.pvalues[EFFECT], words, 3),
                df=_number(self.fit.df[EFFECT], words, 1),
                units=words.number(self.fit.n_treated),
                clusters=words.number(self.fit.n_treated_clusters),
            )
        ]
        test = self.randomisation
        if isinstance(test, str):
            parts.append(words("evaluate.no_randomisation", why=test))
        else:
            parts.append(
                words(
                    "evaluate.randomisation",
                    p=words.number(test.pvalue, 3),
                    ways=words.number(test.n_assignments),
                    low=_number(test.lower, words),
                    high=_number(test.upper, words),
                )
            )
        if self.truth is not None:
            parts.append(words("evaluate.truth", effect=words.number(self.truth, DIGITS)))
        return Said(" ".join(parts))

    def say_case(self, words: Words) -> Said:
        """One month of moves by synthetic difference-in-differences, and one building by rank."""
        parts = []
        found = self.synthetic_did
        if isinstance(found, str):
            parts.append(words("evaluate.no_synthetic", why=found))
        else:
            parts.append(
                words(
                    "evaluate.synthetic",
                    month=str(found.periods[found.n_before]),
                    units=words.number(found.n_treated),
                    donors=words.number(len(found.donors)),
                    effect=_number(found.params[EFFECT], words),
                    p=_number(found.pvalues[EFFECT], words, 3),
                    placebos=words.number(len(found.placebos.effects)),
                )
            )
            if not found.alone and found.n_treated > 1:
                parts.append(words("evaluate.synthetic_shared"))
        case = self.case
        if isinstance(case, str):
            parts.append(words("evaluate.no_case", why=case))
        else:
            parts.append(
                words(
                    "evaluate.case",
                    building=self._fullest_building(),
                    units=words.number(len(case.units)),
                    effect=_number(case.control.effect, words),
                    rank=words.number(case.ranks.rank),
                    ranked=words.number(case.ranks.n_units),
                )
            )
        return Said(" ".join(parts))

    def say_drift(self, words: Words) -> Said:
        """The bend of a drift at which the conclusion falls."""
        found = self.drift
        if isinstance(found, str):
            return Said(words("evaluate.no_drift", why=found))
        key = "breakdown"
        if found.breakdown == 0:
            key = "breakdown_zero"
        elif np.isinf(found.breakdown):
            key = "breakdown_never"
        return Said(
            words(
                f"evaluate.{key}",
                bend=_number(found.breakdown, words, 4),
                lags=words.number(found.n_lags),
                low=_number(found.table["lower"].iloc[0], words),
                high=_number(found.table["upper"].iloc[0], words),
            )
        )


def evaluation_of(study: OpenStudy) -> Evaluation:
    """The panel in the city's folder, `records/panel.csv`, or an invented one from the seed."""
    words, seed, truth = study.words, study.file.seed, None
    path = study.folder / RECORDS_FOLDER / PANEL_FILE
    if path.is_file():
        panel = read_panel(path, study.city)
        if study.city.synthetic or panel.synthetic:
            name = f"{panel.name} ({words('evaluate.mark')})"
            panel = replace(panel, name=name, synthetic=True)
    else:
        invented = synthetic_panel(LESSON, (seed, 6))
        panel = replace(lesson_panel(invented.panel), name=words("evaluate.outcome"))
        truth = invented.att()
    packing = PACKING if panel.periods.freqstr == "M" else 0
    return Evaluation(panel, Design(anticipation=packing), seed, truth)


def announced_against_done(panel: Panel) -> dict[str, int]:
    """Units `announced`, and of them moved `as_said`, `otherwise` or `stayed`; and `unannounced`.

    A move after the last period has not come yet. `otherwise` is another month or building.
    """
    announced, moved = panel.announced < NEVER, panel.moved < panel.n_periods
    same_place = np.array(panel.announced_to) == np.array(panel.moved_to)
    as_said = announced & moved & (panel.announced == panel.moved) & same_place
    found = {
        "announced": announced,
        "as_said": as_said,
        "otherwise": announced & moved & ~as_said,
        "stayed": announced & ~moved,
        "unannounced": moved & ~announced,
    }
    return {name: int(who.sum()) for name, who in found.items()}


def _window(fit: DiDFit) -> tuple[int, int]:
    """Periods before the base and from the move on that all have a comparison, at most WINDOW."""
    estimator = fit.design.estimator
    if estimator.name == "imputation":
        estimator = Estimator("callaway_santanna", "not_yet")
    base = -1 - fit.design.anticipation
    events = [*range(base - WINDOW, base), *range(base + 1, WINDOW)]
    weights = estimator.by_event(fit.timing, events).reshape(len(events), -1)
    known = ~np.isnan(weights).any(axis=1)
    leads = _run(known[:WINDOW][::-1])
    lags = _run(known[WINDOW:]) + base + 1
    return leads, max(lags, 0)


def _run(known: np.ndarray) -> int:
    """How many are true before the first that is not."""
    return int(np.cumprod(known).sum())


def _or_why(compute: Callable[[], Found]) -> Found | str:
    """What is computed, or why it cannot be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewMovesWarning)
            return compute()
    except UsageError as reason:
        return str(reason)


def _number(number: float, words: Words, digits: int = DIGITS) -> str:
    """A number, or a word where there is none."""
    if np.isnan(number):
        return words("evaluate.none")
    if np.isinf(number):
        return "∞" if number > 0 else "−∞"
    return words.number(number, digits)
