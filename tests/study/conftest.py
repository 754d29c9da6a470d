"""Studies to run, and a cache of finished things that is only for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opdanalysis.study.kept import CACHE_VARIABLE
from tests.study.small import REAL, Small


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep finished things where no study of the clone looks for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which nothing is kept yet."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A study with one plain notebook."""
    study = Small(tmp_path)
    study.write("one.ipynb")
    study.notebook("one.ipynb", "1 + 1")
    return study


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, own_cache: None) -> Small:
    """A study with a real notebook that has run, to be looked at and not touched."""
    study = Small(tmp_path_factory.mktemp("finished"))
    study.write("one.ipynb")
    study.notebook("one.ipynb", *REAL)
    assert study.run() == 0
    return study
