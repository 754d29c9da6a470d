"""Results, plans, inputs and sources as tables to print: words in the headers, numbers below."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.city.names import entity_name
from opdanalysis.experiment.result import Result
from opdanalysis.models.operating_cost import LINES
from opdanalysis.models.saving_kinds import KINDS
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.comparison import moves_table, plan_summary
from opdanalysis.plans.plan import Plan
from opdanalysis.tables.forms import PERCENT, POINTS
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words


class Named(Protocol):
    """Anything with an id and names by language, such as a scenario."""

    @property
    def id(self) -> str:
        """The id by which a result knows it."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its names by language."""


class Cited(Protocol):
    """A source as it is printed."""

    key: str
    title: str
    publisher: str
    date: str | None
    address: str | None
    read_on: str
    note: str


def summary_table(result: Result, words: Words, scenarios: Sequence[Named] = ()) -> pd.DataFrame:
    """One row per plan: date, status, moves, net saving by scenario [Rp/year], contacts [%].

    The header of a saving says its unit, such as Rp miliar per tahun. Without `scenarios` all that
    are in the result are shown, by their ids.
    """
    plans = result.plans[1:]
    moves = plan_summary(result.city, plans)
    table = _plan_columns(plans, words)
    table[words("table.movers")] = moves["movers"].to_list()
    table[words("table.vacated")] = moves["vacated"].to_list()
    gains = result.quantiles(["net_cost"], gains=True)
    scale = scale_of("Rp/year", gains[["p05", "p95"]].to_numpy().ravel(), words)
    names = {scenario.id: words.of(scenario.name, scenario.id) for scenario in scenarios}
    for id in names or result.scenarios:
        own = gains[gains["scenario"] == id]
        for point in POINTS:
            shown = {
                "unit": scale.unit,
                "scenario": names.get(id, id),
                "point": words(f"table.{point}"),
            }
            table[words("table.saving", **shown)] = (own[point] / scale.size).to_list()
    shares = result.quantiles(["contacts_one_roof"], result.scenarios[0])
    for point in POINTS:
        header = words("table.contacts", point=words(f"table.{point}"))
        table[header] = (shares[point] / PERCENT).to_list()[1:]
    return table


def cost_by_line_table(result: Result, words: Words, scenario: str | None = None) -> pd.DataFrame:
    """One row per cost line and plan, today first, and the total: the yearly cost [Rp/year]."""
    names = {**{f"cost_{line}": line for line in LINES}, "operating_cost": "total"}
    table = result.quantiles(list(names), scenario or result.scenarios[0])
    return _long(table, names, "line", "table.cost", result, words)


def saving_kinds_table(result: Result, words: Words, scenario: str | None = None) -> pd.DataFrame:
    """One row per kind of saving and plan, and the net saving [Rp/year]."""
    names = {**{f"saving_{kind}": kind for kind in KINDS}, "operating_cost": "net"}
    table = result.quantiles(list(names), scenario or result.scenarios[0], gains=True)
    return _long(table, names, "kind", "table.kind_amount", result, words)


def outcomes_table(
    result: Result, words: Words, outcomes: Sequence[str], scenario: str | None = None
) -> pd.DataFrame:
    """One row per outcome and plan, today first: the unit and the range, each in its own unit."""
    table = result.quantiles(list(outcomes), scenario or result.scenarios[0])
    plans = {plan.id: words.of(plan.name, plan.id) for plan in result.plans}
    parts = []
    for outcome in outcomes:
        own = table[table["outcome"] == outcome]
        scale = scale_of(own["unit"].iloc[0], own[["p05", "p95"]].to_numpy().ravel(), words)
        part = pd.DataFrame(
            {
                words("table.outcome"): words(f"outcome.{outcome}"),
                words("table.plan"): [plans[id] for id in own["plan"]],
                words("table.unit"): scale.unit,
            }
        )
        for point in POINTS:
            name = f"{words('table.amount')}: {words(f'table.{point}')}"
            part[name] = (own[point] / scale.size).to_list()
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def building_cost_table(frame: pd.DataFrame, city: City, words: Words) -> pd.DataFrame:
    """Every building in use today, the dearest first: each line with its range, and the total.

    `frame` comes from `experiment.building_costs`; amounts are yearly [Rp/year].
    """
    scale = scale_of("Rp/year", frame.loc[frame["line"] != "total", "p95"], words)
    points = {
        point: frame.pivot(index="building", columns="line", values=point) / scale.size
        for point in POINTS
    }
    order = points["p50"]["total"].sort_values(ascending=False, kind="stable").index
    kecamatan = {one.id: one.name for one in city.kecamatan}
    table = pd.DataFrame(
        {
            words("table.building"): [city.building(b).name_in(words.lang) for b in order],
            words("table.kecamatan"): [kecamatan[city.building(b).kecamatan] for b in order],
        }
    )
    for line in ("total", *LINES):
        if not points["p95"][line].any():
            continue
        for point in POINTS:
            name = f"{words(f'line.{line}')} ({scale.unit}): {words(f'table.{point}')}"
            table[name] = points[point].loc[order, line].to_list()
    return table


def plans_table(plans: Iterable[Plan], words: Words, sources: Mapping[str, Cited]) -> pd.DataFrame:
    """One row per plan: name, date, status, who proposed it, publishers and dates, note."""
    plans = tuple(plans)
    table = _plan_columns(plans, words)
    table[words("table.proposed_by")] = [words.of(plan.proposed_by) for plan in plans]
    table[words("table.sources")] = [
        "; ".join(dict.fromkeys(_cited(sources[key], words) for key in plan.sources))
        for plan in plans
    ]
    table[words("table.note")] = [words.of(plan.note).strip() for plan in plans]
    return table


def moves_table_words(city: City, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """One row per agency that moves under some plan: its building today and under each plan."""
    moves = moves_table(city, plans)
    moves = moves.loc[:, (moves != "").any()]
    names = {building.id: building.name_in(words.lang) for building in city.buildings}
    table = pd.DataFrame({words("table.agency"): [_agency(city, id, words) for id in moves.index]})
    headers = {plan.id: words.of(plan.name, plan.id) for plan in plans}
    for column in moves.columns:
        header = words("figure.today") if column == "today" else headers[column]
        table[header] = [names.get(building, "") for building in moves[column]]
    return table


def vacated_table(city: City, plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    """One row per building that some plan leaves, and what becomes of it under each plan."""
    left = [(plan, plan.situation(city).fates) for plan in plans if plan.clusters]
    emptied = [b for b in city.buildings if any(b.id in fates for _, fates in left)]
    table = pd.DataFrame({words("table.building"): [b.name_in(words.lang) for b in emptied]})
    for plan, fates in left:
        said = [words(f"fate.{fates[b.id]}") if b.id in fates else "" for b in emptied]
        table[words.of(plan.name, plan.id)] = said
    return table


def evidence_table(book: ParameterBook, words: Words) -> pd.DataFrame:
    """One row per group of inputs: how many numbers rest on which evidence, and judgements [%]."""
    counts = book.evidence_share()
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    totals = counts.sum(axis=1)
    table = pd.DataFrame(
        {words("table.topic"): [words(f"topic.{topic}") for topic in counts.index]}
    )
    table[words("table.numbers")] = totals.to_list()
    for evidence in counts.columns:
        table[words(f"evidence.{evidence}")] = counts[evidence].to_list()
    judged = counts.get("judgement", 0 * totals) / totals / PERCENT
    table[words("table.judged")] = judged.to_list()
    return table


def measure_first_table(
    frame: pd.DataFrame, city: City, words: Words, top: int = 30
) -> pd.DataFrame:
    """The inputs that an outcome follows most closely, of a frame of `experiment.ranking`."""
    chosen = frame[frame["share"] > 0].head(top)
    pairs = zip(chosen["topic"], chosen["entity"], strict=True)
    entities = [_entity(city, topic, entity, words) for topic, entity in pairs]
    return pd.DataFrame(
        {
            words("table.input"): [words(f"parameter.{name}") for name in chosen["parameter"]],
            words("table.entity"): entities,
            words("table.evidence"): [words(f"evidence.{word}") for word in chosen["evidence"]],
            words("table.correlation"): chosen["correlation"].to_list(),
            words("table.share"): (chosen["share"] / PERCENT).to_list(),
        }
    )


def sources_table(sources: Mapping[str, Cited], words: Words) -> pd.DataFrame:
    """One row per source, by key: title, publisher, date, address, when it was read, note."""
    columns = ("key", "title", "publisher", "date", "address", "read_on", "note")
    ordered = [sources[key] for key in sorted(sources)]
    table = pd.DataFrame(
        {words(f"table.{name}"): [getattr(s, name) or "" for s in ordered] for name in columns}
    )
    table[words("table.note")] = [_source_note(source.note, words) for source in ordered]
    return table


def _plan_columns(plans: Sequence[Plan], words: Words) -> pd.DataFrame:
    return pd.DataFrame(
        {
            words("table.plan"): [words.of(plan.name, plan.id) for plan in plans],
            words("table.date"): [_date(plan.date, words) for plan in plans],
            words("table.status"): [words(f"status.{plan.status}") for plan in plans],
        }
    )


def _long(
    table: pd.DataFrame,
    names: Mapping[str, str],
    kind: str,
    header: str,
    result: Result,
    words: Words,
) -> pd.DataFrame:
    """A table of quantiles with one row per name and plan, in the order of both."""
    scale = scale_of("Rp/year", table[["p05", "p95"]].to_numpy().ravel(), words)
    order = {outcome: place for place, outcome in enumerate(names)}
    table = table.sort_values("outcome", key=lambda column: column.map(order), kind="stable")
    plans = {plan.id: words.of(plan.name, plan.id) for plan in result.plans}
    found = pd.DataFrame(
        {
            words(f"table.{kind}"): [words(f"{kind}.{names[id]}") for id in table["outcome"]],
            words("table.plan"): [plans[id] for id in table["plan"]],
        }
    )
    for point in POINTS:
        name = words(header, unit=scale.unit, point=words(f"table.{point}"))
        found[name] = (table[point] / scale.size).to_list()
    return found


def _agency(city: City, id: str, words: Words) -> str:
    return city.agency(id).name_in(words.lang)


def _entity(city: City, topic: str, entity: str, words: Words) -> str:
    """Whose number it is; "all buildings" for a whole column, nothing for a general parameter."""
    if entity:
        return entity_name(city, topic, entity, words.lang)
    return words(f"all_of.{topic}") if f"all_of.{topic}" in words else ""


def _date(date: str | None, words: Words) -> str:
    """A full date in words; a year or month as it is."""
    if date is not None and len(date) == len("2025-11-10"):
        return words.date(datetime.date.fromisoformat(date))
    return date or ""


def _cited(source: Cited, words: Words) -> str:
    """A source in short: publisher and date."""
    date = _date(source.date, words)
    return f"{source.publisher}, {date}" if date else source.publisher


def _source_note(note: str, words: Words) -> str:
    """The note of a source; notes that recur are in the language of the words."""
    number = re.search(r"\d{5,}", note)
    key = f"source_note.{note.replace(number[0], '{id}') if number else note}"
    if key not in words:
        return note
    return words(key, id=number[0]) if number else words(key)
