"""All that is known of a city at once: the city, its book, plans, scenarios and sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opdanalysis.city.city import City
from opdanalysis.errors import DataProblems, Problem, UsageError
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.claim import Claim
from opdanalysis.plans.finding import Finding
from opdanalysis.plans.plan import Plan
from opdanalysis.plans.prediction import Prediction
from opdanalysis.reading.cities import city_from, city_sources
from opdanalysis.reading.claims import claims_from
from opdanalysis.reading.fallbacks import Fallback, filled_tables
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.findings import findings_from
from opdanalysis.reading.parameters import Scenario, book_from, scenarios_from
from opdanalysis.reading.places import city_folder
from opdanalysis.reading.plans import plans_from
from opdanalysis.reading.predictions import predictions_from
from opdanalysis.reading.search_rules import search_rules_from
from opdanalysis.reading.sources import Source
from opdanalysis.search.rules import Rules


@dataclass(frozen=True)
class Known:
    """A city and everything that was read with it; `fallbacks` stand in for its empty cells."""

    folder: Path
    city: City
    book: ParameterBook
    plans: dict[str, Plan]
    scenarios: dict[str, Scenario]
    sources: dict[str, Source]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    predictions: tuple[Prediction, ...]
    search_rules: Rules
    fallbacks: tuple[Fallback, ...] = ()


def read_everything(city: str | Path) -> Known:
    """A city with its book, plans, scenarios, sources and claims, by its id or folder.

    Raises DataProblems with every fault, and UsageError when there is no such city.
    """
    faults = Faults()
    known = _known(city_folder(city), faults)
    if faults.found or known is None:
        raise DataProblems(faults.found)
    return known


def problems(city: str | Path) -> tuple[Problem, ...]:
    """Every problem of a city's folder, sorted; none means that it can be studied."""
    faults = Faults()
    _known(city_folder(city), faults)
    return DataProblems(faults.found).problems


def _known(folder: Path, faults: Faults) -> Known | None:
    sources = city_sources(folder, faults)
    filled = filled_tables(folder, faults)
    city = city_from(folder, sources, faults, filled.lines)
    plans = plans_from(folder, sources, faults)
    claims = claims_from(folder, sources, plans, faults)
    findings = findings_from(folder, [claim.id for claim in claims], plans, faults)
    predictions = predictions_from(folder, city, plans, faults)
    book = book_from(city, folder, sources, faults)
    scenarios = scenarios_from(book, folder, sources, faults) if book else {}
    rules = search_rules_from(folder, city, sources, faults) if city else Rules()
    for plan in plans.values():
        try:
            if city:
                plan.place(city)
            if book:
                book.with_levers(plan.levers, plan.where)
        except UsageError as error:
            faults.add(plan.file, None, None, str(error).removeprefix(plan.file).lstrip(", :"))
    if city is None or book is None or faults.found:
        return None
    return Known(
        folder,
        city,
        book,
        plans,
        scenarios,
        sources,
        claims,
        findings,
        predictions,
        rules,
        filled.used,
    )
