"""Invented regencies: they read as cities, and can never be taken for observed ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.cli import main
from opdanalysis.errors import UsageError
from opdanalysis.reading.everything import problems, read_everything
from opdanalysis.reading.schema import TABLES
from opdanalysis.study.kept import hashes_below
from opdanalysis.study.synthetic_cities import FEWEST, MOST, write_synthetic_cities
from opdanalysis.study.synthetic_tables import synthetic_tables

INDONESIA = {"lat": (-11.1, 6.1), "lon": (94.9, 141.1)}
"""The degrees between which all islands of Indonesia lie."""


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three invented regencies."""
    return write_synthetic_cities(tmp_path_factory.mktemp("invented"), 3, 5)


def test_an_invented_regency_has_no_problem_and_eight_plans(three: list[Path]) -> None:
    for folder in three:
        assert problems(folder) == ()
        known = read_everything(folder)
        assert len(known.plans) == 1 + 8
        assert FEWEST <= len(known.city.agencies) <= MOST
        movers = {
            plan.id: plan.place(known.city) != known.city.today for plan in known.plans.values()
        }
        assert [id for id, moves in movers.items() if not moves] == ["today", "surat"]


def test_the_command_writes_regencies_that_the_check_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invent", str(tmp_path / "all"), "--cities", "1", "--lang", "en"]) == 0
    assert capsys.readouterr().out == (
        f"1 invented regencies are in {tmp_path / 'all'}. None of them exists.\n"
    )
    assert main(["check", str(tmp_path / "all" / "rekaan-0001")]) == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(FEWEST, MOST), st.integers(0, 2**32), st.integers(1, 514))
def test_every_size_has_as_many_agencies_as_asked_and_room_for_its_cases(
    size: int, seed: int, number: int
) -> None:
    tables = synthetic_tables(number, size, np.random.default_rng([seed, number]))
    assert len(tables["agencies.csv"]) == size
    assert len({row["id"] for row in tables["agencies.csv"]}) == size
    asked: dict[str, float] = {}
    people = {row["id"]: row["cases_per_year"] for row in tables["journeys.csv"]}
    for link in tables["journey_services.csv"]:
        asked[link["service"]] = asked.get(link["service"], 0) + people[link["journey"]]
    for row in tables["services.csv"]:
        assert asked[row["id"]] <= row["cases_per_year"]


def test_every_table_says_that_it_is_invented(three: list[Path]) -> None:
    for folder in three:
        about = yaml.safe_load((folder / "city.yaml").read_text(encoding="utf-8"))
        assert about["synthetic"] is True
        assert "Rekaan" in about["name"]["id"]
        assert "Invented" in about["name"]["en"]
        assert about["description"]["id"].startswith("REKAAN.")
        assert about["description"]["en"].startswith("INVENTED.")
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            said = {row[name] for row in rows for name in row if name.endswith("source")}
            assert said <= {"invented", ""}
            said = {row[name] for row in rows for name in row if name.endswith("evidence")}
            assert said <= {"judgement", ""}
        for path in (folder / "plans").glob("*.yaml"):
            plan = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert plan["status"] == "rival"
            assert plan["proposed_by"] is None
            assert "(rekaan)" in plan["name"]["id"]
            assert "(invented)" in plan["name"]["en"]


def test_every_invented_regency_of_a_country_lies_in_the_open_ocean() -> None:
    for number in range(1, 515):
        tables = synthetic_tables(number, FEWEST, np.random.default_rng([0, number]))
        for row in tables["kecamatan.csv"]:
            inside = [low <= row[name] <= high for name, (low, high) in INDONESIA.items()]
            assert not all(inside), number


def test_a_regency_depends_on_its_number_and_the_seed_only(
    three: list[Path], tmp_path: Path
) -> None:
    again = write_synthetic_cities(tmp_path / "two", 2, 5)
    other = write_synthetic_cities(tmp_path / "other", 1, 6)
    assert [hashes_below(folder) for folder in again] == [
        hashes_below(folder) for folder in three[:2]
    ]
    assert hashes_below(other[0]) != hashes_below(three[0])


def test_what_is_there_already_is_not_written_over(three: list[Path]) -> None:
    with pytest.raises(UsageError) as refused:
        write_synthetic_cities(three[0].parent, 2, 5)
    assert str(refused.value) == (
        f"{three[0].parent} has a folder 'rekaan-0001' already. Name a folder that is empty or new."
    )


@pytest.mark.parametrize("count", [0, 10_000])
def test_a_count_that_cannot_be_is_refused(count: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"cities is {count}; 1 to 9999 can be invented"):
        write_synthetic_cities(tmp_path, count, 0)


def test_the_tables_have_the_columns_of_the_schema(three: list[Path]) -> None:
    for path in three[0].glob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header == [column.name for column in TABLES[path.name].all_columns]
