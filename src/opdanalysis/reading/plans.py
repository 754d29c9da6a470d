"""The YAML files of a city's plans."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.plans.dates import day_of
from opdanalysis.plans.plan import STATUSES, TODAY, Cluster, Move, Plan
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.sources import Source
from opdanalysis.reading.yaml_files import Fields, read_yaml

PLANS_FOLDER = "plans"


def plans_from(folder: Path, sources: dict[str, Source], faults: Faults) -> dict[str, Plan]:
    """The plans of a city; faults are noted."""
    found = {TODAY.id: TODAY}
    for path in sorted((folder / PLANS_FOLDER).glob("*.yaml")):
        plan = read_plan(path, sources, faults)
        if plan is None:
            faults.lost.add(PLANS_FOLDER)
            continue
        if plan.id in found:
            faults.add(plan.file, None, "id", f"a plan '{plan.id}' exists already.")
        found[plan.id] = plan
    return found


def read_plan(path: Path, sources: dict[str, Source], faults: Faults) -> Plan | None:
    """One plan of a file, or None with faults."""
    file = f"{PLANS_FOLDER}/{path.name}"
    before = len(faults.found)
    content = read_yaml(path, faults, file)
    if content is None:
        return None
    fields = Fields(content, file, "", faults)
    status = fields.chosen("status", STATUSES[1:])
    known = fields.known_sources("source", sources, ())
    proposed_by = fields.words("proposed_by", {})
    plan = {
        "id": fields.text("id") or path.stem,
        "name": fields.words("name"),
        "date": fields.text("date"),
        "note": fields.words("note", {}),
        "clusters": tuple(
            _cluster(entry, file, faults) for entry in fields.entries("clusters", [])
        ),
        "levers": _levers(fields),
        "fates": {str(k): str(v) for k, v in fields.mapping("fates", {}).items()},
    }
    fields.close()
    if status != "rival" and not known:
        fields.fault("a plan needs a source, unless it is a rival that nobody proposed.", "source")
    if status != "rival" and not proposed_by:
        fields.fault("who proposed it? Only a rival may leave this empty.", "proposed_by")
    if len(faults.found) > before:
        return None
    return Plan(status=status, sources=known, proposed_by=proposed_by, file=file, **plan)


def chosen_plans(plans: dict[str, Plan], ids: Iterable[str]) -> list[Plan]:
    """The plans of those ids, today always first. Raises UsageError when there is none of an id."""
    found = [plans[TODAY.id]]
    for id in ids:
        if id not in plans:
            raise UsageError(f"plan '{id}' was not found. {did_you_mean(id, plans)}")
        if plans[id] not in found:
            found.append(plans[id])
    return found


def _cluster(entry: Any, file: str, faults: Faults) -> Cluster:
    fields = Fields(entry, file, "clusters", faults)
    id = fields.text("id") or "?"
    fields.where = f"cluster {id}"
    cluster = Cluster(
        id,
        fields.words("name"),
        tuple(_move(move, file, id, faults) for move in fields.entries("moves")),
        _date(fields),
    )
    fields.close()
    return cluster


def _date(fields: Fields) -> str | None:
    """When a cluster moves: a day, a month or a year, or None."""
    date: str | None = fields.text("date", None)
    if date is None:
        return None
    try:
        day_of(date)
    except ValueError as error:
        fields.fault(f"{error}", "date")
        return None
    return date


def _move(entry: Any, file: str, cluster: str, faults: Faults) -> Move:
    fields = Fields(entry, file, f"cluster {cluster}, moves", faults)
    move = Move(
        to=fields.text("to") or "",
        agencies=fields.listed("agencies", ()),
        groups=fields.listed("groups", ()),
        kecamatan=fields.listed("kecamatan", ()),
    )
    fields.close()
    if not move.agencies and not move.groups:
        fields.fault("a move needs agencies or groups.")
    return move


def _levers(fields: Fields) -> dict[str, float]:
    """The levers of a plan, each from 0 to 1."""
    content = fields.mapping("levers", {})
    inner = Fields(content, fields.file, "levers", fields.faults)
    found = {str(name): inner.number(name) for name in content}
    for name, number in found.items():
        if number is not None and not 0 <= number <= 1:
            inner.fault(f"{number:g} is not between 0 and 1.", name)
    return found
