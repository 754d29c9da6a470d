"""A result is computed once for each set of code, data and settings."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.study import cache, open_study
from opdanalysis.study.open_study import OpenStudy


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache that nobody else uses."""
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    return tmp_path


def opened(**settings: object) -> OpenStudy:
    """The small study with other settings."""
    return open_study.open_study("contoh", **{"draws": 10, **settings})  # type: ignore[arg-type]


def test_a_result_is_found_again_as_it_was(own_cache, monkeypatch) -> None:
    first = opened().result
    monkeypatch.setattr(open_study, "run_experiment", None)
    second = opened().result
    for id, numbers in first.numbers.items():
        np.testing.assert_array_equal(second.numbers[id], numbers)


def test_other_settings_have_another_result(own_cache) -> None:
    for settings in ({}, {"seed": 5}, {"draws": 11}, {"plans": ["merge-in-mawar"]}):
        _ = opened(**settings).result
    assert len(list(own_cache.glob("*.npz"))) == 4


def test_changed_data_have_another_key(tmp_path, contoh) -> None:
    import shutil

    copied = tmp_path / "contoh"
    shutil.copytree(contoh.folder, copied)
    plans = list(contoh.plans.values())
    before = cache.result_key(copied, plans, ["as-budgeted"], 10, 0)
    table = copied / "agencies.csv"
    table.write_text(table.read_text().replace(",50,45,55,", ",51,45,55,"))
    assert cache.result_key(copied, plans, ["as-budgeted"], 10, 0) != before


def test_a_broken_file_in_the_cache_is_computed_anew(own_cache) -> None:
    first = opened().result
    for path in own_cache.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    np.testing.assert_array_equal(
        opened().result.numbers["operating_cost"], first.numbers["operating_cost"]
    )
