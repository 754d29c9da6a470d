"""The frames of the fit hold what the models say in every draw."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.experiment.fit import building_work_by_agency, fit
from opdanalysis.experiment.run import BLOCK, run_experiment
from opdanalysis.models.building_use import BuildingUse
from opdanalysis.models.parking import Parking
from opdanalysis.models.readiness import CRITERIA
from opdanalysis.models.space import Space
from opdanalysis.models.visitors import OPENING_HOURS
from opdanalysis.plans.plan import TODAY

DRAWS = BLOCK + 25
MERGE = "merge-in-mawar"


@pytest.fixture(scope="module")
def values(contoh):
    return contoh.book.sample(DRAWS, 3)


@pytest.fixture(scope="module")
def found(contoh, values):
    return fit(contoh.city, [TODAY, *contoh.plans.values()], values)


@pytest.fixture(scope="module")
def models(contoh, values):
    """Space and parking under one plan, in all draws at once instead of block by block."""
    placement = contoh.plans[MERGE].place(contoh.city)
    use = BuildingUse(contoh.city, placement, values)
    places = contoh.city.receiving(placement)
    return Space(use, places), Parking(use, places)


def test_only_plans_that_move_somebody_have_rows(contoh, found):
    moving = {plan.id for plan in contoh.plans.values() if plan.clusters}
    for frame in (found.space, found.parking, found.readiness):
        assert set(frame["plan"]) == moving


def test_the_rows_are_the_buildings_that_receive_somebody(contoh, found):
    hosts = found.space[found.space["plan"] == MERGE]["building"].unique()
    expected = {"jalan-mawar-1", "jalan-mawar-3", "jalan-kenanga-10", "jalan-dahlia-20"}
    assert set(hosts) == expected
    order = [building.id for building in contoh.city.buildings]
    assert list(hosts) == sorted(expected, key=order.index)


def test_utilisation_and_its_chance_are_those_of_the_model(found, models):
    space = models[0]
    for measure, need in (
        ("utilisation", space.need),
        ("observed_utilisation", space.observed_need),
    ):
        own = found.space[(found.space["plan"] == MERGE) & (found.space["quantity"] == measure)]
        share = need / space.available
        np.testing.assert_allclose(own["p50"], np.median(share, axis=0), rtol=1e-12)
        np.testing.assert_allclose(own["p_over"], (share > 1).mean(axis=0))


def test_stalls_by_hour_are_those_of_the_model(found, models):
    parking = models[1]
    own = found.parking[(found.parking["plan"] == MERGE) & (found.parking["kind"] == "car")]
    n = len(OPENING_HOURS)
    needed, available = parking.needed_by_hour["car"], parking.available_by_hour["car"]
    np.testing.assert_allclose(
        own["p95"].to_numpy().reshape(-1, n), np.quantile(needed, 0.95, axis=0)
    )
    chance = (needed > available).mean(axis=0)
    np.testing.assert_allclose(own["p_short"].to_numpy().reshape(-1, n), chance)
    assert own["hour"].tolist() == list(OPENING_HOURS) * len(needed[0])


def test_every_building_has_a_colour_for_every_criterion(found):
    for _, own in found.readiness.groupby(["plan", "building"]):
        assert set(own["criterion"]) == set(CRITERIA)
    unknown = found.readiness[found.readiness["colour"] == "unknown"]
    assert unknown["p_short"].isna().all()
    assert {"toilets", "bandwidth"} <= set(unknown["criterion"])


def test_missing_stalls_of_the_result_are_those_of_its_buildings(contoh, values, models):
    plans = list(contoh.plans.values())
    result = run_experiment(contoh.city, plans, contoh.book, {"as-budgeted": {}}, DRAWS, 3)
    short = models[1].short.sum(axis=-1)
    np.testing.assert_allclose(result.level("stalls_short", MERGE), short, rtol=1e-12)
    crowded = models[0].overfull_staff.sum(axis=-1)
    np.testing.assert_allclose(result.level("overfull_staff", MERGE), crowded, rtol=1e-12)


def test_a_lever_of_shared_desks_makes_more_fit(contoh, values):
    import dataclasses

    plan = contoh.plans[MERGE]
    shared = dataclasses.replace(plan, id="shared", levers={"desks_per_employee": 0.6})
    space = fit(contoh.city, [plan, shared], values).space
    needs = space[space["quantity"] == "need"].pivot(index="building", columns="plan", values="p50")
    assert (needs["shared"] < needs[MERGE]).all()


def test_leavers_take_fewer_hours_when_they_join_a_large_house(contoh, values):
    """Thirty employees of 60 in 1,200 m2 become 30 of 150 in 4,000 m2."""
    frame = building_work_by_agency(contoh.city, [TODAY, contoh.plans[MERGE]], values)
    hours = frame.pivot(index="agency", columns="plan", values="p50")
    assert hours.loc["sosial", MERGE] != hours.loc["sosial", "today"]
    assert frame["share"].between(0, 0.2).all()
    assert (frame["p05"] <= frame["p50"]).all()
