"""The lessons: solutions pass every check, and nothing else does."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from opdanalysis.lessons.copies import write_copies
from opdanalysis.lessons.feedback import Feedback
from opdanalysis.lessons.lesson import open_lesson
from opdanalysis.lessons.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks" / "lessons").glob("*.ipynb"))


def cells(path: Path) -> list[Any]:
    """The cells of a lesson as a reader of Indonesian sees them."""
    every = nbformat.read(path, as_version=4).cells
    return [cell for cell in every if "en" not in tags(cell)]


def tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def run(path: Path, settings: dict[str, Any]) -> list[tuple[Feedback, Feedback]]:
    """What each check says when the cells run from top to bottom: before and after the solution."""
    code = [cell for cell in cells(path) if cell.cell_type == "code"]
    solutions = iter([cell.source for cell in code if "solution" in tags(cell)])
    names: dict[str, Any] = {}
    found = []
    for cell in code:
        if "solution" in tags(cell):
            continue
        before = evaluated(cell.source, names)
        if "parameters" in tags(cell):
            names.update({name: value for name, value in settings.items() if name in names})
        if "check" in tags(cell):
            evaluated(next(solutions), names)
            found.append((before, evaluated(cell.source, names)))
    return found


def evaluated(source: str, names: dict[str, Any]) -> Any:
    """Run the source of a cell; what its last expression gives is what a reader sees."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    return {"study": "contoh", "draws": 20, "lang": "id", "folder": tmp_path}


def test_there_are_six_lessons_numbered_as_their_questions() -> None:
    assert [int(path.stem.partition("_")[0]) for path in LESSONS] == list(QUESTIONS)
    assert len(LESSONS) == 6


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_check_fails_before_the_solution_and_passes_after_it(
    path: Path, settings: dict[str, Any]
) -> None:
    said = run(path, settings)
    assert len(said) == 2
    for before, after in said:
        assert not before.right
        assert all("Masih kosong" in line for line in before.lines)
        assert after.right, after
    asked = [line.split()[1].rstrip(":") for _, after in said for line in after.lines]
    assert asked == list(QUESTIONS[int(path.stem[0])])


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_wrong_answer_gets_a_hint_in_the_student_s_language(number: int) -> None:
    for lang, word in (("id", "Belum tepat"), ("en", "Not yet")):
        lesson = open_lesson(number, "contoh", 10, lang)
        for name in QUESTIONS[number]:
            said = lesson.check(**{name: "nobody"})
            assert not said.right
            assert word in repr(said)
            assert lesson.words(f"lesson.hint.{name}") in repr(said)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_short_and_says_what_is_invented(path: Path) -> None:
    one_language = cells(path)
    assert 10 <= len(one_language) <= 14
    code = [cell.source for cell in one_language if cell.cell_type == "code"]
    assert any("lesson.say_what_is_invented()" in source for source in code)
    marks = [tags(cell)[0] for cell in one_language if cell.cell_type == "code" and tags(cell)]
    assert marks == ["parameters", *(["exercise", "check", "solution"] * 2)]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_solutions_are_folded_and_exercises_are_not_solved(path: Path) -> None:
    for cell in cells(path):
        if "solution" in tags(cell):
            assert cell.metadata.jupyter.source_hidden
            # JupyterLab shows the first line of what is folded.
            assert cell.source.splitlines()[0] == "# Kunci jawaban / Solution"
            assert "..." not in cell.source
        if "exercise" in tags(cell):
            assert "= ..." in cell.source
            assert "source_hidden" not in cell.metadata.get("jupyter", {})


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_prose_cell_has_its_twin_in_the_other_language(path: Path) -> None:
    content = nbformat.read(path, as_version=4)
    prose = [cell for cell in content.cells if cell.cell_type == "markdown"]
    assert [tags(cell) for cell in prose] == [["id"], ["en"]] * (len(prose) // 2)
    for cell, twin in zip(prose[::2], prose[1::2], strict=True):
        first, second = cell.source.splitlines(), twin.source.splitlines()
        assert [line[:1] in "#123" for line in first] == [line[:1] in "#123" for line in second]


def test_copies_are_in_one_language_and_never_written_over(tmp_path: Path) -> None:
    paths = write_copies("en", tmp_path / "mine")
    assert [path.name for path in paths] == [path.name for path in LESSONS]
    copy = nbformat.read(paths[0], as_version=4)
    assert not any("id" in tags(cell) for cell in copy.cells)
    assert any('lang = "en"' in cell.source for cell in copy.cells)
    paths[0].write_text("begun", encoding="utf-8")
    write_copies("en", tmp_path / "mine")
    assert paths[0].read_text(encoding="utf-8") == "begun"
