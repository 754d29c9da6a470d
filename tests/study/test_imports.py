"""What a piece of code uses is found by reading it; where that does not tell, it is everything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opdanalysis.reading.places import PACKAGE
from opdanalysis.study.imports import EVERYTHING, modules_in, names_in, used_files
from opdanalysis.study.notebooks import read_notebook

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def used(source: str, folder: Path) -> set[str]:
    """The files that some code uses, by their path in the package or their name outside."""
    return {
        path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else path.name
        for path in used_files([source], folder)
    }


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import opdanalysis.units", {"opdanalysis.units"}),
        ("from .style import use_style", {"here.there.style", "here.there.style.use_style"}),
        ("from .. import units", {"here", "here.units"}),
        ("import opdanalysis as opd\nopd.tables", {"opdanalysis", "opdanalysis.tables"}),
        ("def f():\n    import json", {"json"}),
        ("table.eval('a + b')", set()),
    ],
)
def test_names_are_read_from_every_kind_of_import(source: str, names: set[str]) -> None:
    assert names_in(source, "here.there") == names


@pytest.mark.parametrize(
    "source",
    [
        "import opdanalysis as opd\nf(opd)",
        "import importlib\nimportlib.import_module(name)",
        "exec(text)",
        "%run other.ipynb",
        "if",
    ],
)
def test_code_that_does_not_tell_what_it_uses_uses_everything(source: str) -> None:
    assert names_in(source) == {EVERYTHING}
    assert set(PACKAGE.rglob("*.py")) <= set(used_files([source], Path()))


def test_plain_magics_and_shell_lines_are_passed_over() -> None:
    assert names_in("%matplotlib inline\n!ls\nimport json") == {"json"}


def test_what_a_used_module_uses_is_used_too(tmp_path: Path) -> None:
    found = used("from opdanalysis.figures.gain import plot_gain", tmp_path)
    assert {"figures/gain.py", "figures/style.py", "units.py", "text/id.yaml"} <= found
    assert "cli/program.py" not in found


def test_the_front_door_opens_only_the_room_that_is_asked_for(tmp_path: Path) -> None:
    asked = used("import opdanalysis as opd\nopd.City", tmp_path)
    assert "city/city.py" in asked
    assert not [name for name in asked if name.startswith("figures")]


def test_a_module_beside_the_notebook_counts_with_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("import opdanalysis.units")
    assert {"own.py", "units.py"} <= used("import own", tmp_path)
    assert used("import other", tmp_path) == used("", tmp_path)


def test_a_figure_of_one_notebook_is_not_used_by_another() -> None:
    first, network = NOTEBOOKS / "00_start_here.ipynb", NOTEBOOKS / "04_network.ipynb"
    drawn = "figures/network.py"
    assert drawn in used(read_notebook(network).code, NOTEBOOKS)
    assert drawn not in used(read_notebook(first).code, NOTEBOOKS)


def test_what_python_really_imports_is_among_the_files_found(tmp_path: Path) -> None:
    import subprocess
    import sys

    source = "from opdanalysis.figures.gain import plot_gain; from opdanalysis.study import cache"
    told = "import sys, json; print(json.dumps([m.__file__ for n, m in sys.modules.items()"
    told += " if n.startswith('opdanalysis') and m.__file__]))"
    done = subprocess.run(
        [sys.executable, "-c", f"{source}\n{told}"], capture_output=True, text=True, check=True
    )
    assert set(map(Path, json.loads(done.stdout))) <= set(used_files([source], tmp_path))


def test_the_modules_that_code_names_can_be_had_ready() -> None:
    source = "import opdanalysis as opd\nfrom opdanalysis.figures.gain import x\nopd.open_study()"
    assert modules_in(source) == ["opdanalysis.figures.gain", "opdanalysis.study.open_study"]
