"""The public claims as a notebook sees them: audit, what would turn it, what is foretold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.experiment.claim_checks import realised_parts, saving_checks
from opdanalysis.experiment.claim_inputs import ClaimInputs, claim_inputs
from opdanalysis.experiment.claims import (
    VERDICTS,
    Limits,
    audit,
    definitions,
    is_saving,
    limits_of,
    reach,
    saving_draws,
    testable,
)
from opdanalysis.experiment.evidence_share import evidence_shares
from opdanalysis.experiment.findings import found
from opdanalysis.experiment.predictions import predicted
from opdanalysis.experiment.result import Result
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.values import Values
from opdanalysis.plans.claim import Claim
from opdanalysis.plans.finding import Finding
from opdanalysis.plans.prediction import Prediction
from opdanalysis.reading.everything import Known
from opdanalysis.reading.parameters import Scenario
from opdanalysis.study.showing import Said
from opdanalysis.tables.claim_inputs import conditions_of
from opdanalysis.text.words import Words

MOST_DRAWS = 512
"""Draws of each sample from which the share of judgement is worked out."""


class ClaimView:
    """The claims of a city against a result, in the first scenario unless it says otherwise."""

    def __init__(
        self,
        known: Known,
        result: Result,
        book: ParameterBook,
        values: Values,
        scenarios: Sequence[Scenario],
        words: Words,
    ) -> None:
        self._known, self._result, self._book = known, result, book
        self._values, self._words = values, words
        self.scenario_names = {s.id: words.of(s.name, s.id) for s in scenarios}

    @property
    def all(self) -> tuple[Claim, ...]:
        """Every claim of the city."""
        return self._known.claims

    @property
    def limits(self) -> Limits:
        """The probabilities that decide the verdicts."""
        return limits_of(self._book)

    @cached_property
    def audit(self) -> pd.DataFrame:
        """Each tested claim in each scenario: what is found, its chance and verdict."""
        return audit(self._result, self.all, self.limits)

    @cached_property
    def definitions(self) -> pd.DataFrame:
        """The claimed savings under each meaning of saving and each plan."""
        return definitions(self._result, self.all, self.limits)

    @cached_property
    def reach(self) -> pd.DataFrame:
        """Whether any plan, scenario and draw could have produced each claim."""
        return reach(self._result, self.all)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The rough sums beside each claimed saving."""
        realised = realised_parts(self._book)
        return saving_checks(self._known.city, self._result, self.all, self._values, realised)

    @cached_property
    def inputs(self) -> ClaimInputs:
        """The inputs that would turn the answers, one alone and a few at once."""
        plans = self._result.plans[1:]
        return claim_inputs(self._known.city, plans, self._book, self.all)

    @cached_property
    def conditions(self) -> dict[str, str]:
        """What the claims that are supported only if something holds hang on."""
        inputs = self.inputs
        return conditions_of(
            self.all,
            self.audit,
            inputs.break_evens,
            inputs.turning,
            self.scenario_names,
            self.limits,
            self._words,
        )

    @property
    def first_saving(self) -> Claim:
        """The first claim that names an amount of saving, or else the first that is tested."""
        tested = testable(self._result, self.all)
        if not tested:
            raise UsageError("none of the claims can be tested with the plans of this study.")
        return next(filter(is_saving, tested), tested[0])

    def claim(self, id: str) -> Claim:
        """The claim of that id."""
        for claim in self.all:
            if claim.id == id:
                return claim
        known = [claim.id for claim in self.all]
        raise UsageError(f"claim '{id}' was not found. {did_you_mean(id, known)}")

    def saving_draws(self, claim: Claim) -> pd.DataFrame:
        """Every draw of the plan of a claim under each meaning of saving, to be counted by hand."""
        assert claim.test is not None
        return saving_draws(self._result, claim.test.plan)

    @property
    def foretold(self) -> tuple[Prediction, ...]:
        """The register of predictions."""
        return self._known.predictions

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """The range of every prediction whose plan is in the study."""
        return predicted(self._result, self._values, self.foretold)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the study says."""
        return self._known.findings

    @cached_property
    def found(self) -> pd.DataFrame:
        """The numbers behind every finding, and which of its sentences holds."""
        return found(self._result, self.findings, self.limits)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """The part of every finding's variance that rests on judgement."""
        plans = {plan.id: plan for plan in self._result.plans}
        tests = {f.id: f.test for f in self.findings if f.test.plan in plans}
        base = min(self._result.draws, MOST_DRAWS)
        return evidence_shares(self._known.city, plans, self._book, tests, base, self._result.seed)

    def say_verdicts(self) -> Said:
        """How many claims got which verdict, by which limits."""
        words, limits = self._words, self.limits
        counts = self.audit.drop_duplicates("claim")["verdict"].value_counts()
        untested = sum(claim.test is None for claim in self.all)
        numbers = {word: int(counts.get(word, 0)) for word in VERDICTS[:3]}
        return Said(
            words(
                "claim.said",
                count=sum(numbers.values()) + untested,
                **numbers,
                cannot_be_tested=untested,
                high=words.percent(limits.high),
                low=words.percent(limits.low),
            )
        )
