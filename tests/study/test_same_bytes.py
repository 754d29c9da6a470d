"""The same study gives the same bytes, whatever differs around it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from opdanalysis.study.kept import CACHE_VARIABLE

ROOT = Path(__file__).parents[2]
COMMAND = "import sys; from opdanalysis.cli import main; sys.exit(main())"

FEW = "[00_start_here, 02_plans, 04_network]"
"""Notebooks with every kind of output: figures, maps, tables, and the network as files."""

HERE = {
    "TZ": "Asia/Jakarta",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
ELSEWHERE = {
    "TZ": "America/New_York",
    "LC_ALL": "id_ID.UTF-8",
    "LANGUAGE": "id",
    "PYTHONHASHSEED": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "COLUMNS": "60",
}


def clone(folder: Path) -> Path:
    """A copy of what a study reads, and a small study in it."""
    folder.mkdir()
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("raw"))
    text = (ROOT / "studies" / "contoh.yaml").read_text()
    start = text.index("notebooks:")
    (folder / "studies").mkdir()
    (folder / "studies" / "contoh.yaml").write_text(f"{text[:start]}notebooks: {FEW}\n")
    return folder


def started(folder: Path, variables: dict[str, str], *options: str) -> subprocess.Popen:
    """The study of a clone, run in its folder with an empty cache."""
    environment = {**os.environ, **variables, CACHE_VARIABLE: str(folder / "cache")}
    arguments = ["study", "studies/contoh.yaml", "--draws", "20", *options]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every output but the log of times."""
    out = folder / "outputs" / "contoh"
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "run-log.json"
    }


def test_workers_zone_locale_folder_hash_seed_and_threads_change_no_byte(tmp_path: Path) -> None:
    here, elsewhere = clone(tmp_path / "here"), clone(tmp_path / "another place")
    runs = [
        started(here, HERE, "--jobs", "1"),
        started(elsewhere, ELSEWHERE, "--jobs", "3"),
    ]
    said = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert said[0] == said[1]
    one, other = files(here), files(elsewhere)
    assert [name for name in one if one[name] != other.get(name)] == []
    assert one.keys() == other.keys()
    assert {"network/coordination_network.gexf", "figures/map_main_plan.svg"} <= one.keys()
    assert {"map.csv", "values.csv", "README.md", "ro-crate-metadata.json"} <= one.keys()
    for name, content in one.items():
        assert str(tmp_path).encode() not in content, name
        assert b" at 0x" not in content, name
