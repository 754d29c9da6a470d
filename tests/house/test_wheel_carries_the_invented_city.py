"""After `pip install` the examples work: the invented city and its parameters are inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def inside(tmp_path_factory) -> set[str]:
    """The names of all files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def shipped(source: Path) -> list[Path]:
    return [path for path in source.rglob("*") if path.is_file() and path.name != ".DS_Store"]


@pytest.mark.parametrize("folder", ["cities/contoh", "parameters"])
def test_the_data_folder_is_inside(folder, inside):
    names = [path.relative_to(ROOT).as_posix() for path in shipped(ROOT / "data" / folder)]
    assert names
    assert {f"opdanalysis/{name}" for name in names} <= inside


def test_the_sources_and_the_words_are_inside(inside):
    assert "opdanalysis/data/sources.yaml" in inside
    assert any(n.startswith("opdanalysis/text/") and n.endswith(".yaml") for n in inside)


def test_nothing_else_is_inside(inside):
    rooms = {name.split("/")[0] for name in inside}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"opdanalysis"}
    assert not [name for name in inside if "palembang" in name or "__pycache__" in name]
