"""Who gets nearer and who farther: the tables say what the model says, draw by draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from opdanalysis.experiment.access_changes import (
    PARTS,
    kecamatan_changes,
    kelurahan_changes,
    residents_by_minutes,
    service_changes,
)
from opdanalysis.models.access import ALL, access, access_by_kelurahan, access_by_service
from opdanalysis.plans.plan import TODAY


@pytest.fixture(scope="module")
def values(palembang):
    return palembang.book.sample(150, 5)


@pytest.fixture(scope="module")
def plan(palembang):
    return palembang.plans["2025-11-10-regrouping"]


def test_a_kelurahan_gains_what_the_model_says(palembang, plan, values):
    city = palembang.city
    table = kelurahan_changes(city, plan, values)
    saved = access_by_kelurahan(city, city.today, values) - access_by_kelurahan(
        city, plan.place(city), values
    )
    expected = np.quantile(saved, [0.05, 0.5, 0.95], axis=0).T
    np.testing.assert_allclose(table[["p05", "p50", "p95"]], expected, atol=1e-9)
    assert len(table) == len(city.kelurahan)


def test_a_service_of_one_kecamatan_has_only_its_kelurahan(contoh):
    table = kelurahan_changes(contoh.city, TODAY, contoh.book.sample(5, 1), "ktp-utara")
    assert set(table["kecamatan"]) == {"utara"}
    assert (table[["p05", "p50", "p95"]] == 0).all(axis=None)


def test_a_kecamatan_gains_the_mean_of_its_residents(palembang, plan, values):
    city = palembang.city
    by_kelurahan = kelurahan_changes(city, plan, values).set_index("kelurahan")
    table = kecamatan_changes(city, [plan], values).set_index("kecamatan")
    sako = [kelurahan for kelurahan in city.kelurahan if kelurahan.kecamatan == "sako"]
    areas = np.array([kelurahan.area_km2 for kelurahan in sako])
    today = by_kelurahan.loc[[kelurahan.id for kelurahan in sako], "today"]
    assert table.loc["sako", "today"] == pytest.approx(
        np.average(today, weights=areas), rel=0.01
    )  # means of medians and medians of means differ a little
    assert len(table) == len(city.kecamatan)


def test_a_service_gains_what_the_model_says(palembang, plan, values):
    city = palembang.city
    table = service_changes(city, [TODAY, plan], values).set_index(["plan", "service"])
    today = access_by_service(city, city.today, values)
    later = access_by_service(city, plan.place(city), values)
    for id in (ALL, "id-card", "mpp-visit"):
        expected = np.quantile(today[id] - later[id], [0.05, 0.5, 0.95])
        found = table.loc[(plan.id, id), ["p05", "p50", "p95"]].to_numpy(dtype=float)
        np.testing.assert_allclose(found, expected, atol=1e-9)
    assert (table.loc["today", ["p05", "p50", "p95"]] == 0).all(axis=None)


def test_centralising_and_decentralising_pull_in_opposite_directions(palembang, plan, values):
    """Cluster A takes the head office of the registry across the river, D its units to the
    kecamatan: marriages, only at the head office, get farther; in the rival with D alone the
    identity card gets nearer.
    """
    rival = palembang.plans["rival-kecamatan-counters"]
    table = service_changes(palembang.city, [plan, rival], values).set_index(["plan", "service"])
    assert table.loc[(plan.id, "marriage-certificate"), "p95"] < 0
    assert table.loc[(rival.id, "id-card"), "p05"] > 0
    assert table.loc[(rival.id, "marriage-certificate"), "p50"] == 0


def test_parts_of_the_residents_rise_and_hold_the_mean_between_them(palembang, values):
    table = residents_by_minutes(palembang.city, [TODAY], values)
    assert table["part"].tolist() == list(PARTS)
    assert table["p50"].is_monotonic_increasing
    city = palembang.city
    mean = np.median(access(city, city.today, values, values)["access_minutes"])
    assert table["p50"].iloc[0] < mean < table["p50"].iloc[-1]


def test_a_lever_counts_for_the_plan_and_not_for_today(palembang, values):
    rival = palembang.plans["rival-mobile-service"]
    table = service_changes(palembang.city, [rival], values).set_index("service")
    assert isinstance(table, pd.DataFrame)
    assert table.loc["id-card", "p05"] > 0
    assert table.loc["mpp-visit", "p50"] == 0
