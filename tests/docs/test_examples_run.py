"""The examples of the guides run, and say what the page says."""

from __future__ import annotations

import ast
import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

import opdanalysis

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts] + [
    ROOT / "README.md",
    ROOT / "README.id.md",
]
TALKS = [path for path in PAGES if "```pycon" in path.read_text(encoding="utf-8")]


DOORS = sorted({"opdanalysis", *opdanalysis._ROOMS.values()})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    """The blocks of code of one language on a page."""
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", TALKS, ids=name)
def test_an_example_answers_as_the_page_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are one session, from top to bottom."""
    monkeypatch.chdir(ROOT)
    session = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(path, "pycon")), {}, name(path), name(path), 0
    )
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session, out=said.append)
    assert session.examples
    assert "".join(said) == ""


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_code_on_a_page_is_python_and_imports_what_exists(path: Path) -> None:
    for block in blocks(path, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("opdanalysis"):
                module = import_module(node.module)
                missing = [alias.name for alias in node.names if not hasattr(module, alias.name)]
                assert missing == [], f"{node.module} has no {missing}"


@pytest.mark.parametrize("module", DOORS)
def test_an_example_in_a_docstring_of_the_front_door_answers_as_it_says(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(module)).failed == 0, capsys.readouterr().out


def test_the_names_of_the_front_door_are_shown_at_work() -> None:
    finder = doctest.DocTestFinder()
    shown = [m for m in DOORS for test in finder.find(import_module(m)) if test.examples]
    assert len(set(shown)) >= 6


def test_there_are_examples_for_every_reader() -> None:
    assert {"researcher.md", "student.md", "mahasiswa.md"} <= {path.name for path in TALKS}
