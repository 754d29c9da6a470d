"""Whoever reads about a command can type it, and every command is written about."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import command_pages
import pytest

import bootstrap
from opdanalysis.cli.program import parser

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {command.prog: command for command in command_pages.leaves(parser())}
PAGES = [ROOT / "README.md", ROOT / "README.id.md", ROOT / "data" / "README.md"] + [
    path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts
]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
PROGRAM = re.compile(r"(?<![\w/-])(?:\.venv/bin/)?opdanalysis ((?!is\b|for\b)[a-z].*)")


def text_of(path: Path) -> str:
    """A page, or the prose of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        return "\n".join("".join(cell["source"]) + "\n" for cell in cells)
    return text


def typed(text: str) -> Iterator[str]:
    """What a page tells its reader to type: lines of code, and code within a sentence."""
    lines = []
    for block in re.findall(r"^```(?:console|text|sh|bash)\n(.*?)^```", text, re.M | re.S):
        lines += block.splitlines()
    lines += re.findall(r"^ {4}(\S.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    lines += re.findall(r"`([^`\n]+)`", text)
    for line in lines:
        yield re.split(r"\s{2,}#", line.strip().removeprefix("$ "))[0].strip()


def named(words: list[str]) -> list[str]:
    """The commands that a call may mean; `estimate letters|bills` means two."""
    kinds = words[1].split("|") if len(words) > 1 else []
    tried = [words[0], *(f"{words[0]} {kind}" for kind in kinds)]
    return [f"opdanalysis {one}" for one in tried if f"opdanalysis {one}" in COMMANDS]


def fault(words: list[str]) -> str:
    """Why a call of the program would be refused, or nothing."""
    if not (known := named(words)):
        return f"there is no command '{words[0]}'"
    actions = [action for prog in known for action in COMMANDS[prog]._actions]
    options = {name for action in actions for name in action.option_strings}
    wrong = [word for word in words if word.startswith("-") and word.split("=")[0] not in options]
    return f"{known[0]} has no {', '.join(wrong)}" if wrong else ""


@pytest.mark.parametrize("path", PAGES + NOTEBOOKS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_a_page_tells_to_type_is_a_command_with_options_that_exist(path: Path) -> None:
    found = []
    for line in typed(text_of(path)):
        if called := PROGRAM.fullmatch(line):
            words = shlex.split(called[1].replace("'", ""))
            found += [f"{line}: {why}" for why in [fault(words)] if why]
        if target := re.fullmatch(r"make ([a-z][a-z-]*)\b.*", line):
            found += [] if target[1] in bootstrap.COMMANDS else [f"{line}: no such target"]
    assert found == []


@pytest.mark.parametrize("prog", COMMANDS)
def test_every_command_is_shown_on_a_page_written_by_hand(prog: str) -> None:
    shown = {
        command
        for path in PAGES
        for line in typed(text_of(path))
        if (called := PROGRAM.fullmatch(line))
        for command in named(called[1].split())
    }
    assert prog in shown, f"say in README.md or on a page of docs/ what `{prog}` is for"


@pytest.mark.parametrize("prog", COMMANDS)
def test_the_page_of_commands_has_every_argument_with_its_meaning(prog: str) -> None:
    page = command_pages.commands()
    section = page.split(f"## {prog.split(' ', 1)[1]}\n", 1)[1].split("\n## ")[0]
    for action in COMMANDS[prog]._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        assert action.help, f"{prog}: {action.dest} does not say what it means"
        for name in action.option_strings or [action.metavar or action.dest]:
            assert f"`{name}" in section


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("compair contoh", "there is no command 'compair'"),
        ("compare contoh --draw 5", "opdanalysis compare has no --draw"),
        ("estimate letters a.csv --seed 1", "opdanalysis estimate letters has no --seed"),
        ("best contoh --moves 3", ""),
        ("estimate letters|bills|survey", ""),
    ],
)
def test_a_wrong_call_is_found(line: str, why: str) -> None:
    assert fault(shlex.split(line)) == why
