"""Binder and dev containers get the same packages as everyone, from the same lock."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def recipe(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_binder_has_the_recipe_of_conda_with_the_lock_one_folder_up() -> None:
    up = json.dumps(recipe("environment.yml")).replace("-r requirements", "-r ../requirements")
    assert recipe("binder/environment.yml") == json.loads(up)
    assert (ROOT / "binder" / "../requirements.lock").is_file()


def test_binder_installs_the_project_itself() -> None:
    script = ROOT / "binder" / "postBuild"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!")
    assert "pip install --no-deps --no-build-isolation -e ." in text
    if os.name == "posix":
        assert script.stat().st_mode & stat.S_IXUSR, "repo2docker runs postBuild as a program"


def test_a_dev_container_is_set_up_by_bootstrap() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "python3 bootstrap.py setup"
    python = recipe("environment.yml")["dependencies"][0].split("=")[1]
    assert container["image"].endswith(f":{python}")
