"""The lock names everything that the project needs, with hashes, and no place to get it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<rest>.*?)(?=^\S|\Z)", re.M | re.S
)
PINS = {canonicalize_name(pin["name"]): pin for pin in PIN.finditer(LOCK)}

WANTED = [
    *PROJECT["project"]["dependencies"],
    *(need for extra in PROJECT["project"]["optional-dependencies"].values() for need in extra),
    *PROJECT["build-system"]["requires"],
]


def test_every_line_that_starts_a_package_is_a_pin():
    starts = [line for line in LOCK.splitlines() if line and not line.startswith(" ")]
    assert [line for line in starts if not PIN.match(line + "\n")] == []
    assert len(starts) == len(PINS) > 100


@pytest.mark.parametrize("name", PINS)
def test_every_pin_has_a_hash(name):
    hashes = re.findall(r"--hash=(\S+)", PINS[name]["rest"])
    assert hashes
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)


@pytest.mark.parametrize(
    "sign", ["://", "--index-url", "--find-links", " @ ", "-e ", "file:", "\\\\"]
)
def test_the_lock_names_no_address_and_no_path(sign):
    assert sign not in LOCK


@pytest.mark.parametrize("need", WANTED)
def test_what_the_project_asks_for_is_in_the_lock_in_a_fitting_version(need):
    need = Requirement(need)
    assert canonicalize_name(need.name) in PINS
    assert need.specifier.contains(PINS[canonicalize_name(need.name)]["version"])
