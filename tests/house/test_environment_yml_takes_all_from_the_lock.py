"""conda users get the same files as everyone: conda gives Python and pip, the lock the rest."""

import tomllib
from pathlib import Path

import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
RECIPE = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_packages() -> list[str]:
    return [entry for entry in RECIPE["dependencies"] if isinstance(entry, str)]


def test_conda_gives_only_python_and_pip():
    assert [entry.split("=")[0] for entry in conda_packages()] == ["python", "pip"]


def test_pip_is_given_the_lock_and_nothing_else():
    others = [entry for entry in RECIPE["dependencies"] if not isinstance(entry, str)]
    assert others == [{"pip": ["-r requirements.lock"]}]


def test_condas_python_is_one_that_the_project_accepts():
    version = conda_packages()[0].split("=")[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(version)
