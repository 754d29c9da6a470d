"""A plan as the text of a YAML file, in the form in which plans are read."""

from __future__ import annotations

from typing import Any

from opdanalysis.plans.plan import Cluster, Move, Plan


def plan_as_yaml(plan: Plan) -> str:
    """The text of a plan's file; what is empty is left out."""
    import yaml

    content: dict[str, Any] = {
        "id": plan.id,
        "name": dict(plan.name),
        "date": plan.date,
        "status": plan.status,
        "proposed_by": dict(plan.proposed_by),
        "source": list(plan.sources),
        "note": dict(plan.note),
        "clusters": [_cluster(cluster) for cluster in plan.clusters],
        "levers": dict(plan.levers),
        "fates": dict(plan.fates),
    }
    kept = {key: value for key, value in content.items() if value}
    return str(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100))


def _cluster(cluster: Cluster) -> dict[str, Any]:
    found: dict[str, Any] = {"id": cluster.id, "name": dict(cluster.name)}
    if cluster.date:
        found["date"] = cluster.date
    return found | {"moves": [_move(move) for move in cluster.moves]}


def _move(move: Move) -> dict[str, Any]:
    lists = {"agencies": move.agencies, "groups": move.groups, "kecamatan": move.kecamatan}
    return {key: list(ids) for key, ids in lists.items() if ids} | {"to": move.to}
