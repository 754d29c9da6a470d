"""Many cities at once: the same numbers as one by one, whatever fails, stops or dies."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from opdanalysis.cli import main
from opdanalysis.errors import OutputsError, UsageError
from opdanalysis.experiment.run import run_experiment
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.reading.everything import read_everything
from opdanalysis.study import sweep as sweeping
from opdanalysis.study import sweep_workers
from opdanalysis.study.kept import hashes_below
from opdanalysis.study.sweep import Sweep, Swept, run_sweep
from opdanalysis.study.sweep_files import city_file, kept_city
from opdanalysis.study.sweep_tasks import Settings, task_key
from opdanalysis.study.synthetic_cities import write_synthetic_cities
from opdanalysis.text.words import Words
from tests.conftest import ROOT, Pack

distributed = pytest.importorskip("distributed", reason="a sweep needs the extra `large`")
pytest.importorskip("pyarrow", reason="a sweep needs the extra `large`")

DRAWS, SEED = 20, 3
CHOSEN = ("net_cost", "contacts_one_roof", "access_minutes")
SETTINGS = Settings((), ("as-budgeted", "compliant-wages"), CHOSEN, DRAWS, SEED, True)
WORDS = Words("en")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a Dask scheduler with two workers inside this process."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the invented city, two invented regencies, and a city with a fault."""
    folder = tmp_path_factory.mktemp("cities")
    write_synthetic_cities(folder, 2, 0)
    shutil.copytree(ROOT / "data" / "cities" / "contoh", folder / "contoh")
    shutil.copytree(ROOT / "data" / "cities" / "contoh", folder / "faulty")
    Pack(folder / "faulty").replace(
        "agencies.csv",
        "no,50,45,55,judgement,invented,invented,\ncapil",
        "no,x,45,55,judgement,invented,invented,\ncapil",
    )
    return folder


@pytest.fixture(scope="module")
def swept(cities: Path, scheduler: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a sweep over these cities, to be looked at and not touched."""
    target = tmp_path_factory.mktemp("work") / "outputs" / "sweep"
    found = swept_with(cities, target, scheduler)
    assert found.ran == 3
    return target


def swept_with(
    cities: Path, target: Path, scheduler: str | None, settings: Settings = SETTINGS
) -> Swept:
    said: list[str] = []
    found = run_sweep(Sweep(cities, target, settings, 1, scheduler), WORDS, said.append)
    assert said
    return found


def copied(swept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(swept, tmp_path / "sweep"))


def test_a_sweep_gives_the_numbers_of_each_city_alone(cities: Path, swept: Path) -> None:
    for city in ("contoh", "rekaan-0002"):
        known = read_everything(cities / city)
        beliefs = {id: known.scenarios[id].beliefs for id in SETTINGS.scenarios}
        plans = list(known.plans.values())
        alone = run_experiment(known.city, plans, known.book, beliefs, DRAWS, SEED)
        draws = pd.read_parquet(city_file(swept, "draws", city))
        kept = draws.set_index(["scenario", "plan", "draw"])[list(CHOSEN)]
        assert np.array_equal(kept.to_numpy(), alone.to_frame(CHOSEN).to_numpy())
        table = pd.read_parquet(city_file(swept, "quantiles", city)).set_index(
            ["scenario", "plan", "outcome"]
        )
        for gains, start in ((False, ""), (True, "gain_")):
            for row in alone.quantiles(CHOSEN, gains=gains).itertuples():
                found = table.loc[row.scenario, row.plan, row.outcome]
                assert found["unit"] == row.unit
                assert [found[f"{start}{name}"] for name in ("p05", "p50", "p95")] == [
                    row.p05,
                    row.p50,
                    row.p95,
                ]
                numbers = (alone.gain if gains else alone.level)(
                    row.outcome, row.plan, row.scenario
                )
                assert found[f"{start}mean"] == pytest.approx(numbers.mean(), rel=1e-12)
                assert not gains or found["better"] == (numbers > 0).mean()


def test_every_row_says_whether_its_city_is_invented(swept: Path) -> None:
    table = pd.read_parquet(swept / "quantiles")
    assert set(table["city"]) == {"contoh", "rekaan-0001", "rekaan-0002"}
    assert table["synthetic"].all()
    with (swept / "cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["synthetic"] for row in rows] == ["true"] * 3
    assert rows[1]["name"] == "Kabupaten Rekaan 0001"


def test_one_faulty_city_is_listed_and_stops_no_other(
    cities: Path, scheduler: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    command = ["sweep", str(cities), "--out", str(target), "--scheduler", scheduler]
    given = ["--draws", "2", "--outcomes", "net_cost", "--lang", "en"]
    assert main([*command, *given]) == 6
    told = capsys.readouterr()
    message = "1 problem in the data:\n  agencies.csv, row 2, column staff: 'x' is not a number."
    assert told.out == (
        "3 cities are there, 0 of them from before.\n"
        "NOTE: 3 of these cities are invented; their numbers say nothing of any real city.\n"
        f"1 cities failed; see {target / 'failed.csv'}\n"
        f"  faulty: {' '.join(message.split())}\n"
        f"All numbers are in {target}\n"
    )
    assert told.err == ""
    with (target / "failed.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["city", "message"], ["faulty", message]]
    assert json.loads((target / "sweep.json").read_text())["failed"] == ["faulty"]
    assert main([*command, *given]) == 6
    assert "3 cities are there, 3 of them from before." in capsys.readouterr().out


def test_a_mended_city_is_the_only_one_that_is_computed_again(
    cities: Path, swept: Path, scheduler: str, tmp_path: Path
) -> None:
    folder, target = tmp_path / "cities", copied(swept, tmp_path)
    shutil.copytree(cities, folder)
    Pack(folder / "faulty").replace("agencies.csv", "no,x,45,55", "no,50,45,55")
    before = hashes_below(target / "quantiles")
    found = swept_with(folder, target, scheduler)
    assert (found.ran, len(found.cities), dict(found.failed)) == (1, 4, {})
    after = hashes_below(target / "quantiles")
    assert {name: after[name] for name in before} == before
    assert (target / "failed.csv").read_text() == "city,message\n"


def test_a_file_that_is_not_whole_is_computed_again(
    cities: Path, swept: Path, scheduler: str, tmp_path: Path
) -> None:
    target = copied(swept, tmp_path)
    whole = hashes_below(target / "quantiles")
    for dataset, city in (("quantiles", "contoh"), ("draws", "rekaan-0001")):
        path = city_file(target, dataset, city)
        path.write_bytes(path.read_bytes()[:-20])
        (path.parent / f".{city}-1.part").write_bytes(b"half")
    assert swept_with(cities, target, scheduler).ran == 2
    assert hashes_below(target / "quantiles") == whole
    assert list((target / "draws").glob(".*")) == []


def test_two_processes_write_the_same_bytes_as_two_threads(
    cities: Path, swept: Path, tmp_path: Path
) -> None:
    run_sweep(Sweep(cities, tmp_path / "two", SETTINGS, 2, None), WORDS, lambda _: None)
    kept, log = hashes_below(swept), "run-log.json"
    again = hashes_below(tmp_path / "two")
    assert {**kept, log: ""} == {**again, log: ""}


@pytest.mark.skipif(os.name == "nt", reason="sends a signal of Unix")
def test_a_worker_that_is_killed_costs_no_result(cities: Path, swept: Path, tmp_path: Path) -> None:
    found: list[Swept] = []
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        [killed] = client.run(os.getpid).values()
        address, target = cluster.scheduler_address, tmp_path / "out"
        sweep = threading.Thread(target=lambda: found.append(swept_with(cities, target, address)))
        sweep.start()
        while not any(client.processing().values()):
            time.sleep(0.01)
        os.kill(killed, signal.SIGKILL)
        sweep.join(timeout=120)
        assert killed not in client.run(os.getpid).values()
    assert set(found[0].failed) == {"faulty"}
    assert hashes_below(tmp_path / "out" / "quantiles") == hashes_below(swept / "quantiles")


def test_a_city_whose_workers_all_die_is_listed_with_the_reason() -> None:
    class KilledWorker(Exception):
        pass

    class Future:
        def exception(self) -> Exception:
            return KilledWorker("contoh")

    task = sweeping.Task("contoh", "", "", SETTINGS, "")
    assert sweeping._ended(Future(), task).failed == (
        "every worker that computed it died, probably because memory ran out. "
        "Use fewer --draws or --workers, then run this again."
    )


def test_the_key_names_all_that_decides_and_no_place(cities: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(cities / "contoh", tmp_path / "elsewhere"))
    key = task_key(cities / "contoh", SETTINGS)
    assert task_key(moved, SETTINGS) == key
    changed: list[dict[str, Any]] = [
        {"draws": DRAWS + 1},
        {"seed": SEED + 1},
        {"scenarios": ("as-budgeted",)},
        {"plans": ("merge-in-mawar",)},
        {"outcomes": CHOSEN[:2]},
        {"keep_draws": False},
    ]
    keys = [task_key(moved, replace(SETTINGS, **change)) for change in changed]
    Pack(moved).replace(
        "supplies.csv", "jalan-kenanga-10,bandwidth,20", "jalan-kenanga-10,bandwidth,21"
    )
    keys.append(task_key(moved, SETTINGS))
    assert len({key, *keys}) == 1 + len(changed) + 1


def test_a_worker_with_other_data_says_so(cities: Path, tmp_path: Path) -> None:
    task = sweeping.Task("contoh", str(cities / "contoh"), str(tmp_path), SETTINGS, "other")
    said = sweeping.run_task(task).failed
    assert "has other code or data than where the sweep was started" in said
    unseen = replace(task, folder=str(tmp_path / "nowhere"))
    assert "is not seen by the worker on" in sweeping.run_task(unseen).failed
    assert kept_city(tmp_path, "contoh", False) is None


def test_a_fault_of_ours_in_one_city_says_how_to_see_more(
    cities: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("opdanalysis.experiment.run.run_experiment", fails)
    folder = cities / "contoh"
    key = task_key(folder, SETTINGS)
    ended = sweeping.run_task(sweeping.Task("contoh", str(folder), str(tmp_path), SETTINGS, key))
    assert ended.failed == (
        "ZeroDivisionError: division by zero. This is a fault of opdanalysis; "
        f"`opdanalysis compare {folder}` shows where."
    )


def test_two_folders_of_cities_are_not_mixed(cities: Path, swept: Path, tmp_path: Path) -> None:
    folder, target = tmp_path / "cities", copied(swept, tmp_path)
    shutil.copytree(cities / "rekaan-0001", folder / "rekaan-0001")
    with pytest.raises(OutputsError) as refused:
        swept_with(folder, target, None)
    assert str(refused.value) == (
        f"{target} holds cities that are not in the folder, such as 'contoh' (2 in all). "
        "Choose another --out, or remove their files there."
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["nowhere"], "the folder nowhere was not found."),
        (["--workers", "0"], "workers is 0; at least 1 is needed."),
        (["--draws", "0"], "draws is 0; at least 1 is needed."),
        (["--outcomes", "net_cots"], "outcome 'net_cots' is not known. Did you mean 'net_cost'?"),
        (
            ["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"],
            "--workers starts processes here, --scheduler uses others. Give one.",
        ),
        (
            ["--scheduler", "tcp://127.0.0.1:1"],
            "no Dask scheduler answers at tcp://127.0.0.1:1. Start one with `dask scheduler` and "
            "give the address that it prints, such as tcp://192.168.0.5:8786.",
        ),
    ],
)
def test_wrong_usage_is_answered_in_words(
    options: list[str],
    said: str,
    cities: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sweep_workers, "ANSWER_SECONDS", 0.2)
    named = [] if options[0] == "nowhere" else [str(cities)]
    assert main(["sweep", *named, *options, "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == said + "\n"


def test_a_city_in_place_of_a_folder_of_cities_is_refused(
    cities: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(cities / "contoh"), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"{cities / 'contoh'} is a city. Name the folder that holds the folders of cities.\n"
    )


@pytest.mark.parametrize(("module", "name"), [("pyarrow", "PyArrow"), ("distributed", "Dask")])
def test_a_missing_library_is_named_with_what_to_install(
    module: str,
    name: str,
    cities: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError) as refused:
        run_sweep(Sweep(cities, tmp_path / "out", SETTINGS), WORDS, lambda _: None)
    assert str(refused.value) == (
        f"A sweep over many cities needs {name}, which is not installed. "
        'Run: pip install "opdanalysis[large]" (in a clone: pip install -e ".[large]")'
    )


def test_without_wish_all_outcomes_but_those_of_service_time_are_computed() -> None:
    from opdanalysis.cli.sweep import _outcomes

    usual = _outcomes([])
    assert set(OUTCOMES) - set(usual) == {
        "citizen_hours",
        "citizen_cost",
        "trips_per_case",
        "waiting_minutes",
        "felt_waiting_minutes",
        "elapsed_days",
        "one_visit_share",
        "within_standard_share",
        "settling_hours",
        "given_up_share",
    }
    assert _outcomes(["all"]) == tuple(OUTCOMES)
    assert _outcomes(["access_minutes", "net_cost"]) == ("net_cost", "access_minutes")


def test_the_examples_of_the_page_read_the_result(
    swept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("duckdb", reason="the page reads the result with DuckDB")
    page = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
    monkeypatch.chdir(swept.parents[1])
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 3
    said = []
    for example in examples:
        exec(example, {})
        said.append(capsys.readouterr().out)
    assert "billion_rupiah_a_year" in said[0]
    assert "gedung-baru" in said[0]
    assert "rekaan-0002" in said[1]
    assert "merge-in-mawar" in said[2]


def test_the_page_names_every_option_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
    main(["sweep", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--lang"}
    assert options == {option for option in options if option in page}
