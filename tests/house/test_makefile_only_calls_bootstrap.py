"""Make is absent on Windows, so a target may do nothing that bootstrap.py does not."""

import re
from pathlib import Path

import pytest

import bootstrap

LINES = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8").splitlines()


def recipes() -> dict[str, list[str]]:
    """The recipe lines of each target."""
    found: dict[str, list[str]] = {}
    target = ""
    for line in LINES:
        if named := re.match(r"^([a-z][\w-]*)\s*:(?!=)", line):
            target = named[1]
            found[target] = []
        elif line.startswith("\t"):
            found[target].append(line.strip())
    return found


def test_make_has_the_commands_of_bootstrap():
    assert set(recipes()) == set(bootstrap.COMMANDS)


@pytest.mark.parametrize("target", bootstrap.COMMANDS)
def test_a_target_is_one_call_of_bootstrap(target):
    assert recipes()[target] == [f"@$(PYTHON) bootstrap.py {target} $(ARGS)"]


def test_no_target_waits_for_another_or_is_taken_for_a_file():
    phony = next(line for line in LINES if line.startswith(".PHONY:"))
    assert set(phony.split()[1:]) == set(bootstrap.COMMANDS)
    for target in recipes():
        assert f"{target}:" in LINES
