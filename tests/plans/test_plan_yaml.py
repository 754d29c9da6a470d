"""A plan that is written as YAML is read again as the same plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from opdanalysis.plans.plan import Plan
from opdanalysis.plans.plan_yaml import plan_as_yaml
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.plans import read_plan
from opdanalysis.search.best_plan import best_name, plan_of


def again(plan: Plan, folder: Path, sources) -> Plan:
    """The plan from its own file."""
    path = folder / f"{plan.id}.yaml"
    path.write_text(plan_as_yaml(plan), encoding="utf-8")
    faults = Faults()
    read = read_plan(path, sources, faults)
    assert not faults.found
    assert read is not None
    return read


@pytest.mark.parametrize("city", ["contoh", "palembang"])
def test_every_plan_of_a_city_comes_back_as_it_was(city, request, tmp_path) -> None:
    known = request.getfixturevalue(city)
    for plan in known.plans.values():
        if plan.id == "today":
            continue
        read = again(plan, tmp_path, known.sources)
        assert read.place(known.city) == plan.place(known.city)
        assert dict(read.name) == dict(plan.name)
        assert dict(read.levers) == dict(plan.levers)
        assert dict(read.fates) == dict(plan.fates)
        assert (read.status, read.date) == (plan.status, plan.date)
        assert list(read.sources) == list(plan.sources)
        assert [cluster.id for cluster in read.clusters] == [c.id for c in plan.clusters]


def test_a_plan_that_was_found_can_be_saved_and_proposed(contoh, tmp_path) -> None:
    city = contoh.city
    sites = city.places(city.today).copy()
    mover = city.agency_order["izin"]
    sites[mover] = city.building_order["jalan-mawar-3"]
    plan = plan_of(city, sites, "best", best_name(None))
    read = again(plan, tmp_path, contoh.sources)
    placement = read.place(city)
    assert list(city.today.movers(placement)) == ["izin"]
    assert placement["izin"] == "jalan-mawar-3"
    assert read.status == "rival"
    assert read.date == city.as_of
