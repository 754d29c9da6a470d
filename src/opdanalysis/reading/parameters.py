"""The YAML files of parameters and scenarios to a book of beliefs and levers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opdanalysis.city.city import City
from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.distribution import Distribution
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.reading.city_parameters import city_parameters
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import data_folder
from opdanalysis.reading.schema import EVIDENCE
from opdanalysis.reading.sources import Source
from opdanalysis.reading.yaml_files import Fields, read_fields, read_yaml
from opdanalysis.units import PRICE_YEAR, UNITS, is_money

CITY_PARAMETERS = "parameters.yaml"
INFLATION_FILE = "inflation.yaml"


@dataclass(frozen=True)
class Scenario:
    """What nobody chooses: some beliefs that hold instead of those in the book."""

    id: str
    name: dict[str, str]
    description: dict[str, str]
    beliefs: dict[str, Parameter]


def book_from(
    city: City | None, folder: Path, sources: dict[str, Source], faults: Faults
) -> ParameterBook | None:
    """The beliefs and levers of the data folder, and a parameter per uncertain column of the city.

    The city's own file parameters.yaml replaces general beliefs by local ones, which keep their
    topic. None with faults, or without a city.
    """
    before = len(faults.found)
    inflation = _inflation(sources, faults)
    found: dict[str, Parameter] = {}
    for path in sorted((data_folder() / "parameters").glob("*.yaml")):
        if path.name != INFLATION_FILE:
            found |= _parameters(path, sources, inflation, faults)
    if (folder / CITY_PARAMETERS).is_file():
        local = _parameters(folder / CITY_PARAMETERS, sources, inflation, faults)
        for parameter in local.values():
            _check_local(parameter, found, faults)
            base = found.get(parameter.name, parameter)
            found[parameter.name] = replace(parameter, topic=base.topic)
    if city is None or len(faults.found) > before:
        return None
    return ParameterBook([*found.values(), *city_parameters(city)])


def scenarios_from(
    book: ParameterBook, folder: Path, sources: dict[str, Source], faults: Faults
) -> dict[str, Scenario]:
    """Every scenario by id, those of the data folder and the city's own; faults are noted."""
    inflation = _inflation(sources, faults)
    found = {}
    for place in (data_folder(), folder):
        for path in sorted((place / "scenarios").glob("*.yaml")):
            scenario = _scenario(path, book, sources, inflation, faults)
            found[scenario.id] = scenario
    return found


def chosen_scenario(scenarios: dict[str, Scenario], id: str) -> Scenario:
    """The scenario of that id. Raises UsageError when there is none."""
    if id not in scenarios:
        raise UsageError(f"scenario '{id}' was not found. {did_you_mean(id, scenarios)}")
    return scenarios[id]


def _parameters(
    path: Path, sources: dict[str, Source], inflation: dict[int, float], faults: Faults
) -> dict[str, Parameter]:
    content = read_yaml(path, faults)
    if content is None:
        return {}
    if not isinstance(content, dict):
        faults.add(path.name, None, None, "a mapping of names to parameters is expected.")
        return {}
    found = {}
    for name, entry in content.items():
        fields = Fields(entry, path.name, str(name), faults)
        parameter = _parameter(str(name), fields, path.stem, None, sources, inflation)
        if parameter is not None:
            found[parameter.name] = parameter
    return found


def _check_local(parameter: Parameter, general: dict[str, Parameter], faults: Faults) -> None:
    """A city replaces a general belief by one with the same unit; it does not add any."""
    if parameter.name not in general:
        message = f"this is not a parameter. {did_you_mean(parameter.name, general)}"
        faults.add(CITY_PARAMETERS, None, parameter.name, message)
    elif (unit := general[parameter.name].unit) != parameter.unit:
        message = f"'{parameter.unit}' is not the unit of this parameter, '{unit}'."
        faults.add(CITY_PARAMETERS, None, f"{parameter.name}.unit", message)


def _parameter(
    name: str,
    fields: Fields,
    topic: str,
    base: Parameter | None,
    sources: dict[str, Source],
    inflation: dict[int, float],
) -> Parameter | None:
    """One parameter; `base` lends what a scenario does not say again."""
    before = len(fields.faults.found)
    unit = fields.chosen("unit", UNITS, base.unit if base else ...)
    value = fields.number("value")
    price_year = fields.whole("price_year", PRICE_YEAR if base else None)
    evidence = fields.chosen("evidence", EVIDENCE)
    reason = fields.text("reason", "") or ""
    found = Parameter(
        name=name,
        description=fields.text("description", base.description if base else ...) or "",
        value=value or 0.0,
        unit=unit or "1",
        distribution=_distribution(fields),
        evidence=evidence or "judgement",
        sources=fields.known_sources("source", sources),
        as_of=fields.text("as_of") or "",
        topic=topic,
        role=fields.chosen("role", ("belief", "lever"), "belief") or "belief",
        price_year=price_year if unit and is_money(unit) else None,
        reason=reason,
        verify=bool(fields.take("verify", False)),
    )
    fields.close()
    if base and unit and unit != base.unit:
        fields.fault(f"'{unit}' is not the unit of this parameter, '{base.unit}'.", "unit")
    if unit and is_money(unit) and price_year is None:
        fields.fault("an amount of rupiah needs the year of its prices.", "price_year")
    if evidence == "judgement" and not reason:
        fields.fault("a judgement needs a reason.", "reason")
    if value is not None and found.distribution.kind != "fixed" and not _holds(found):
        fields.fault(f"the value {value:.12g} lies outside its distribution.", "value")
    if len(fields.faults.found) > before:
        return None
    return _at_price_year(found, inflation, fields)


def _holds(parameter: Parameter) -> bool:
    belief = parameter.distribution
    if belief.kind == "quantiles":
        return belief.p05 <= parameter.value <= belief.p95
    return belief.low <= parameter.value <= belief.high


def _distribution(fields: Fields) -> Distribution:
    inner = fields.inner("distribution")
    kind = inner.chosen("kind", tuple(Distribution.FIELDS))
    if kind is None:
        return Distribution("fixed")
    numbers: dict[str, Any] = {name: inner.number(name) for name in Distribution.FIELDS[kind]}
    inner.close()
    if None in numbers.values():
        return Distribution("fixed")
    try:
        return Distribution(kind, **numbers)
    except ValueError as error:
        inner.fault(f"{error}.")
        return Distribution("fixed")


def _at_price_year(
    parameter: Parameter, inflation: dict[int, float], fields: Fields
) -> Parameter | None:
    """Rupiah of the end of a year brought to those at the start of the reporting year."""
    year = parameter.price_year
    if year is None or year == PRICE_YEAR:
        return parameter
    factor = 1.0
    for passed in range(year + 1, PRICE_YEAR):
        if passed not in inflation:
            fields.fault(f"the inflation of {passed} is not in {INFLATION_FILE}.", "price_year")
            return None
        factor *= 1 + inflation[passed] / 100
    return replace(
        parameter,
        value=parameter.value * factor,
        distribution=parameter.distribution.scaled(factor),
        price_year=PRICE_YEAR,
    )


def _inflation(sources: dict[str, Source], faults: Faults) -> dict[int, float]:
    fields = read_fields(data_folder() / "parameters" / INFLATION_FILE, faults)
    fields.chosen("unit", ("percent/year",))
    years = {}
    for year, entry in fields.mapping("years").items():
        inner = Fields(entry, INFLATION_FILE, str(year), faults)
        years[int(year)] = inner.number("value") or 0.0
        inner.known_sources("source", sources)
        inner.take("verify", False)
        inner.close()
    fields.close()
    return years


def _scenario(
    path: Path,
    book: ParameterBook,
    sources: dict[str, Source],
    inflation: dict[int, float],
    faults: Faults,
) -> Scenario:
    file = f"scenarios/{path.name}"
    fields = read_fields(path, faults, file)
    beliefs = {}
    for name, entry in fields.mapping("beliefs").items():
        try:
            base = book.belief(str(name), "the scenario")
        except UsageError as error:
            fields.fault(f"{error}", "beliefs")
            continue
        inner = Fields(entry, file, f"beliefs.{name}", faults)
        belief = _parameter(base.name, inner, base.topic, base, sources, inflation)
        if belief is not None:
            beliefs[belief.name] = belief
    scenario = Scenario(
        fields.text("id") or path.stem, fields.words("name"), fields.words("description"), beliefs
    )
    fields.close()
    return scenario
