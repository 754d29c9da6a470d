"""The tables of services, their steps and the journeys made of them: checks and entities."""

from __future__ import annotations

from itertools import groupby

from opdanalysis.city.entities import Journey, Service, Step
from opdanalysis.errors import did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.schema import TABLES
from opdanalysis.reading.tables import Row, check_all_or_none, estimate_in

Rows = dict[str, list[Row]]
"""The rows of every table, by file."""

STANDARD = ("standard_days", "standard_evidence", "standard_source")


def check_services(rows: Rows, faults: Faults) -> None:
    """Note what does not fit between services, steps and journeys."""
    for file in ("services.csv", "journeys.csv"):
        for row in rows[file]:
            check_all_or_none(row, STANDARD, TABLES[file], faults)
    _check_every_service_has_a_step(rows, faults)
    groups = {row["group"] for row in rows["agencies.csv"] if row["group"]}
    for steps in _by(rows["steps.csv"], "service").values():
        for before, step in zip([None, *steps], steps, strict=False):
            _check_flags(step, before, faults)
            _check_group(step, groups, faults)
    _check_journeys(rows, faults)


def services_from(rows: Rows) -> tuple[Service, ...]:
    """The services in the order of their table, each with its steps in order."""
    steps = _by(rows["steps.csv"], "service")
    return tuple(
        Service(
            id=row["id"],
            name=row["name"],
            name_en=row["name_en"],
            cases_per_year=estimate_in(row, "cases_per_year"),
            steps=tuple(_step(step) for step in steps[row["id"]]),
            standard_days=row["standard_days"],
            standard_evidence=row["standard_evidence"],
            standard_sources=row["standard_source"],
        )
        for row in rows["services.csv"]
    )


def journeys_from(rows: Rows) -> tuple[Journey, ...]:
    """The journeys in the order of their table; none where the city has no such table."""
    services = _by(rows["journey_services.csv"], "journey")
    return tuple(
        Journey(
            id=row["id"],
            name=row["name"],
            name_en=row["name_en"],
            cases_per_year=estimate_in(row, "cases_per_year"),
            services=tuple(link["service"] for link in services[row["id"]]),
            standard_days=row["standard_days"],
            standard_evidence=row["standard_evidence"],
            standard_sources=row["standard_source"],
            note=row["note"] or "",
        )
        for row in rows["journeys.csv"]
    )


def _step(row: Row) -> Step:
    return Step(
        service=row["service"],
        order=row["order"],
        agency=row["agency"],
        citizen_present=row["citizen_present"],
        group=row["group"],
        share_at_group=estimate_in(row, "share_at_group"),
        parallel=row["parallel"],
        may_be_delegated=row["may_be_delegated"],
        counter_minutes=estimate_in(row, "counter_minutes"),
        touch_hours=estimate_in(row, "touch_hours"),
    )


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    """The rows of each id in `column`, in their order; rows without id or order are left out."""
    whole = [row for row in rows if row[column] and row["order"] is not None]
    in_order = sorted(whole, key=lambda row: (row[column], row["order"]))
    return {id: list(found) for id, found in groupby(in_order, key=lambda row: row[column])}


def _check_every_service_has_a_step(rows: Rows, faults: Faults) -> None:
    if "steps.csv" in faults.lost:
        return
    with_steps = {row["service"] for row in rows["steps.csv"]}
    for row in rows["services.csv"]:
        if row["id"] and row["id"] not in with_steps:
            faults.add(
                "steps.csv",
                None,
                "service",
                f"service '{row['id']}' has no step. Add its agencies.",
            )


def _check_flags(step: Row, before: Row | None, faults: Faults) -> None:
    for column, what in (("parallel", "act beside another"), ("may_be_delegated", "be delegated")):
        if step[column] and before is None:
            faults.add(
                "steps.csv",
                step.number,
                column,
                f"the first step of a service cannot {what}. Write no.",
            )
        elif step[column] and step["citizen_present"]:
            faults.add(
                "steps.csv",
                step.number,
                column,
                f"a step with the citizen present cannot {what}. "
                "Write no here or in citizen_present.",
            )
        elif step[column] and column == "parallel" and before and before["citizen_present"]:
            faults.add(
                "steps.csv",
                step.number,
                column,
                "the step before has the citizen present, and only desk work has other desk work "
                "beside it. Write no.",
            )
    if step["counter_minutes"] is not None and step["citizen_present"] is False:
        faults.add(
            "steps.csv",
            step.number,
            "counter_minutes",
            "nobody is at the counter, for citizen_present is no. "
            "Empty the cell and its four neighbours, or write yes there.",
        )


def _check_group(step: Row, groups: set[str], faults: Faults) -> None:
    if "agencies.csv" in faults.lost:
        return
    if step["group"] and step["group"] not in groups:
        faults.add(
            "steps.csv",
            step.number,
            "group",
            f"'{step['group']}' is not a group of agencies.csv. "
            f"{did_you_mean(step['group'], groups)}",
        )
    elif step["group"] and step["citizen_present"] is False:
        faults.add(
            "steps.csv",
            step.number,
            "group",
            "units of a group share in a step only where the citizen comes to them. Empty the "
            "cell, or write yes in citizen_present.",
        )
    check_all_or_none(step, ("group", "share_at_group"), TABLES["steps.csv"], faults)
    low, high = step["share_at_group_low"], step["share_at_group_high"]
    if low is not None and high == 1 and low < high:
        faults.add(
            "steps.csv",
            step.number,
            "share_at_group_high",
            "the high end must be below 1. Write the largest share that is likely.",
        )


def _check_journeys(rows: Rows, faults: Faults) -> None:
    if {"services.csv", "journeys.csv", "journey_services.csv"} & faults.lost:
        return
    cases = {row["id"]: row["cases_per_year"] for row in rows["services.csv"]}
    links = _by(rows["journey_services.csv"], "journey")
    for journey in rows["journeys.csv"]:
        if journey["id"] and journey["id"] not in links:
            faults.add(
                "journey_services.csv",
                None,
                "journey",
                f"journey '{journey['id']}' has no service. Add its services.",
            )
        for link in links.get(journey["id"], ()):
            most = cases.get(link["service"])
            if most is not None and (journey["cases_per_year"] or 0) > most:
                faults.add(
                    "journeys.csv",
                    journey.number,
                    "cases_per_year",
                    f"{journey['cases_per_year']:.12g} people a year ask for "
                    f"'{link['service']}', which has {most:.12g} cases. Lower the one, or raise "
                    "the other in services.csv.",
                )
    _check_services_once(links, faults)
    _check_steps_are_timed(rows, links, faults)


def _check_services_once(links: dict[str, list[Row]], faults: Faults) -> None:
    for journey, found in links.items():
        seen: dict[str, int] = {}
        for link in found:
            if link["service"] in seen:
                faults.add(
                    "journey_services.csv",
                    link.number,
                    "service",
                    f"'{link['service']}' stands already in row {seen[link['service']]} of journey "
                    f"'{journey}'. A service belongs to a journey once.",
                )
            seen.setdefault(link["service"], link.number)


def _check_steps_are_timed(rows: Rows, links: dict[str, list[Row]], faults: Faults) -> None:
    travelled = {link["service"] for found in links.values() for link in found}
    for step in rows["steps.csv"]:
        column = "counter_minutes" if step["citizen_present"] else "touch_hours"
        told = any(
            p.file == "steps.csv" and p.row == step.number and (p.column or "").startswith(column)
            for p in faults.found
        )
        if step["service"] in travelled and step[column] is None and not told:
            faults.add(
                "steps.csv",
                step.number,
                column,
                f"the cell is empty, but a journey needs '{step['service']}'. "
                "Write how long the step takes, if only as a judgement.",
            )
